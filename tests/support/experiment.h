/* tests/support/experiment.h - a scenario from text, run, and looked at.
 *
 *   struct experiment e;
 *   experiment_run(&e, two_sites, (const char *[]){"seed=7", NULL}, 1);   asserts that everything went well
 *   e.result.run[0].score[GW_SCORE_CARBON]
 *   experiment_fini(&e); */
#ifndef GW_TESTS_SUPPORT_EXPERIMENT_H
#define GW_TESTS_SUPPORT_EXPERIMENT_H

#include "sim/run/run.h"

struct experiment {
    struct gw_scenario sc;
    struct gw_result result;
};

/* Two sites, two demand rows, two hours; small enough for a unit test, busy enough to queue. */
extern const char *const experiment_two_sites;

/* set: assignments ended by NULL, or NULL. threads 0: no pool. */
void experiment_run(struct experiment *self, const char *yaml, const char *const *set, unsigned threads);
void experiment_fini(struct experiment *self);

/* Asserts that every score and every entry of the books is the same to the bit. Columns that tell how the
 * simulator worked (events) are left out. */
void experiment_assert_same(const struct experiment *a, const struct experiment *b);

/* The score of a policy's first replication. */
double experiment_score(const struct experiment *self, const char *policy, enum gw_score score);

/* An account of one site (or all: NULL) of a policy's first replication. */
double experiment_account(const struct experiment *self, const char *policy, const char *site,
                          enum gw_account account);

#endif
