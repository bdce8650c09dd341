/* sim/run/federations.h - the federated jobs of one run: told at every step boundary what their sites leave
 * them, advanced through the step, read into the sites' books.
 *
 * What holds in a step is what its meters say of everything else: how much of the site's own plants is left,
 * what a kW more costs in cooling, whether it is dark. Own plants count at the least that they give within
 * the step, so that who draws no more than that takes nothing from the grid. Jobs at one site share by power.
 */
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

/* What the step [from, to) leaves the jobs at the site, whose nodes have been metered; it is entered there.
 */
void gw_federations_set(struct gw_federations *self, uint32_t site, gw_time_us from_us, gw_time_us to_us,
                        bool idle_counts, const struct gw_air *air, struct gw_meter *meter);

/* Through the step that ends at to_us; its first instant is a decision. All sites are set. */
GW_MUST_USE enum gw_status gw_federations_advance(struct gw_federations *self, gw_time_us to_us,
                                                  struct gw_error *err);

/* Adds the site's IT energy of the step. `idle_counts`: machines that rest are charged. */
void gw_federations_read(struct gw_federations *self, uint32_t site, bool idle_counts,
                         double entry[GW_ACCOUNT_COUNT]);

/* Adds what the site sent and received in the step; after gw_federations_read. */
void gw_federations_sent(struct gw_federations *self, uint32_t site, double entry[GW_ACCOUNT_COUNT]);

/* Whether a job has not reached its loss yet. */
bool gw_federations_left(const struct gw_federations *self);

/* Columns of the score. */
void gw_federations_score(const struct gw_federations *self, gw_time_us end_us, double *score);

#endif
