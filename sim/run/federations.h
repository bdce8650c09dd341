/* sim/run/federations.h - the federated jobs of one run: told at every step boundary what their sites leave
 * them, advanced through the step, read into the sites' books.
 *
 * What holds in a step is what the meters of the step before said: PUE, excess of the site's own plants, an
 * outage. Its energy is exact all the same; only how fast it trains on excess power is a step behind. */
#ifndef GW_SIM_RUN_FEDERATIONS_H
#define GW_SIM_RUN_FEDERATIONS_H

#include "sim/run/deciders.h"
#include "sim/run/meter.h"

struct gw_federations_job;

struct gw_federations {
    const struct gw_scenario *sc;
    const struct gw_view_store *view;
    const struct gw_policy_choice *choice; /* NULL: every client in every round */
    struct gw_federations_job *job;        /* [n_federated] */
};

/* view: the observer's; deciders are open. On failure, too, to be closed. */
GW_MUST_USE enum gw_status gw_federations_open(struct gw_federations *self, const struct gw_scenario *sc,
                                               uint32_t replication, const struct gw_deciders *deciders,
                                               const struct gw_view_store *view, struct gw_arena *arena,
                                               struct gw_error *err);
void gw_federations_close(struct gw_federations *self);

/* Through the step [from, to), whose first instant is a decision; before 0 nothing happens. */
GW_MUST_USE enum gw_status gw_federations_advance(struct gw_federations *self, gw_time_us from_us,
                                                  gw_time_us to_us, struct gw_error *err);

/* Adds the site's IT energy of the step. `idle_counts`: machines that rest are charged. */
void gw_federations_read(struct gw_federations *self, uint32_t site, bool idle_counts,
                         struct gw_yard_meter *into);

/* After the meter has been read: adds what was sent, and takes what holds in the next step. */
void gw_federations_note(struct gw_federations *self, uint32_t site, gw_time_us step_us, bool dark,
                         double entry[GW_ACCOUNT_COUNT]);

/* Whether a job has not reached its loss yet. */
bool gw_federations_left(const struct gw_federations *self);

/* Columns of the score. */
void gw_federations_score(const struct gw_federations *self, gw_time_us end_us, double *score);

#endif
