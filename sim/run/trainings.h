/* sim/run/trainings.h - the training jobs of one run: made or read, put before the policy of the slot
 * training, worked in a yard, read into the sites' books at step boundaries, scored.
 *
 * Jobs depend on seed and replication and on nothing that is decided. Between two step boundaries only the
 * yard moves; what serving, outages and autoscaling take or give is passed on at the boundary.
 * docs/contracts.md, "Training". */
#ifndef GW_SIM_RUN_TRAININGS_H
#define GW_SIM_RUN_TRAININGS_H

#include "sim/run/deciders.h"
#include "sim/run/foresight.h"
#include "sim/run/result.h"
#include "sim/run/station.h"

/* A forecast as it was issued; kept until another is due. */
struct gw_trainings_issue {
    struct gw_signal_integral signal;
    gw_time_us issued_us;
    bool made, missing;
};

struct gw_trainings {
    const struct gw_scenario *sc;
    const struct gw_foresight *foresight;
    uint32_t n;
    struct gw_job *job; /* in order of submission */
    uint32_t *source;   /* [n] by number */
    struct gw_job_queue *queue;
    struct gw_yard_site *site;        /* [sites] */
    struct gw_trainings_issue *issue; /* [sites][2] by enum gw_job_signal */
    struct gw_arena *arena;
    bool *dark;           /* [sites] */
    struct gw_yard *yard; /* NULL: there are no jobs */
    double *scratch;
    uint32_t horizon; /* slots that a forecast has */
};

/* deciders are open. On failure, too, to be closed. GW_ERR_RANGE: a job wider than any of its sites. */
GW_MUST_USE enum gw_status gw_trainings_open(struct gw_trainings *self, const struct gw_scenario *sc,
                                             uint32_t replication, const struct gw_air *air,
                                             const struct gw_foresight *foresight,
                                             const struct gw_deciders *deciders,
                                             const struct gw_view_store *view, struct gw_arena *arena,
                                             struct gw_error *err);
void gw_trainings_close(struct gw_trainings *self);

/* Everything before the step boundary to_us. */
GW_MUST_USE enum gw_status gw_trainings_advance(struct gw_trainings *self, gw_time_us to_us,
                                                struct gw_error *err);

/* What outages and serving leave of each site from now_us on; station [sites] as of now_us. */
GW_MUST_USE enum gw_status gw_trainings_change(struct gw_trainings *self, gw_time_us now_us,
                                               const struct gw_station *station, struct gw_error *err);

/* Of the step that ends at to_us; zeros when there are no jobs. */
struct gw_yard_meter gw_trainings_read(struct gw_trainings *self, uint32_t site, gw_time_us to_us);

/* Whether a job is still to come or under way. */
bool gw_trainings_left(const struct gw_trainings *self);

/* Columns of the score, and a row per job. False when memory is out. */
GW_MUST_USE bool gw_trainings_score(const struct gw_trainings *self, gw_time_us end_us,
                                    const struct gw_ledger *ledger, struct gw_run_result *out);

#endif
