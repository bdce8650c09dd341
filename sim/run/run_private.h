/* sim/run/run_private.h - the state of a run, shared by `run*.c` only. */
#ifndef GW_SIM_RUN_RUN_PRIVATE_H
#define GW_SIM_RUN_RUN_PRIVATE_H

#include "sim/run/run.h"

#include "sim/base/check.h"
#include "sim/run/air.h"
#include "sim/run/answers.h"
#include "sim/run/bounds.h"
#include "sim/run/caps.h"
#include "sim/run/deciders.h"
#include "sim/run/federations.h"
#include "sim/run/feedback.h"
#include "sim/run/islands.h"
#include "sim/run/levels.h"
#include "sim/run/load.h"
#include "sim/run/meter.h"
#include "sim/run/realised.h"
#include "sim/run/spill.h"
#include "sim/run/tally.h"
#include "sim/run/traffic.h"
#include "sim/run/trainings.h"
#include "sim/run/wire.h"

/* All state of one replication of one policy. */
struct run {
    uint32_t replication;
    const struct gw_scenario *sc;
    const struct gw_variant *variant;
    struct gw_run_watch *watch;
    struct gw_pool *pool;
    struct gw_arena arena;
    gw_time_us now_us;

    struct gw_deciders deciders;
    struct gw_exec_programs *programs;
    double *realised; /* the shares that came to be in the last epoch */
    struct gw_realised books;
    bool has_realised;
    struct gw_check_context context;
    struct gw_air air;
    struct gw_onsite *onsite; /* [sites] */
    struct gw_spill spill;
    bool spills;
    struct gw_observer observer;
    struct gw_caps caps; /* where the variant sets some, or a site sheds */
    struct gw_levels levels;
    struct gw_traffic traffic;
    struct gw_station *station; /* [sites] */
    struct gw_islands islands;
    struct gw_tally *tally; /* [sites] */
    struct gw_record_sample sample;
    struct gw_answers *answers; /* [sites] */
    struct site_port *port;     /* [sites] */
    struct gw_wire wire;
    struct gw_feedback feedback;
    struct gw_trainings trainings;
    struct gw_federations federations;
    struct gw_ledger ledger;
    struct gw_load load;
    struct gw_bounds bounds;
    struct gw_sum estimate_carbon_kg, estimate_ttft, estimate_requests;
};

/* What one thread needs to move one site: nothing in it is shared, but with sites of the same island. */
struct site_port {
    struct run *run;
    uint32_t site;
    gw_time_us from_us, to_us;
    struct gw_meter meter;
    struct gw_sum marginal_kg;
    struct gw_replica_meter *group_meter;
    double *class_j;
    struct gw_error error;
};

static inline enum gw_status gw_run_no_memory(struct gw_error *err)
{
    return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
}

/* ---- run_sites.c: sites between two edges ---- */

/* What a site's fleet tells of its requests; and at the end those that are still there. */
struct gw_fleet_sink gw_run_sites_sink(struct site_port *port);
void gw_run_sites_leave(struct site_port *port);

/* Every site up to to_us: one island after the other, or side by side when the window holds enough. */
enum gw_status gw_run_sites_advance(struct run *run, gw_time_us to_us, uint64_t requests,
                                    struct gw_error *err);

/* Reads every site's meters for [from, to) into the books. The burn-in is read and forgotten. */
enum gw_status gw_run_sites_read(struct run *run, gw_time_us from_us, gw_time_us to_us, struct gw_error *err);

/* Sites that shed look at the step that begins at now_us. In the drain nothing is short. */
enum gw_status gw_run_sites_shed(struct run *run, gw_time_us now_us, struct gw_error *err);

/* ---- run_ends.c: begin and end ---- */

enum gw_status gw_run_ends_open(struct run *run, uint32_t replication, struct gw_run_result *out,
                                struct gw_error *err);

/* Scores, books and time series into the result, which outlives the run. */
enum gw_status gw_run_ends_finish(struct run *run, struct gw_run_result *out, struct gw_error *err);
void gw_run_ends_close(struct run *run);

/* ---- run.c ---- */

/* Who plans later sees what the orders of a plan change. `to` is the run. */
enum gw_status gw_run_planned(void *to, uint32_t slots, struct gw_error *err);

#endif
