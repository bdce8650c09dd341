/* sim/run/result.h - all output of a scenario: one run per policy variant and replication.
 *
 * Filled by gw_run_all (run.h), written by result_file.h, never changed in between. Runs stand in the order
 * of the scenario's policies, replications within. */
#ifndef GW_SIM_RUN_RESULT_H
#define GW_SIM_RUN_RESULT_H

#include <stdbool.h>

#include "sim/base/arena.h"
#include "sim/base/status.h"
#include "sim/core/clock.h"
#include "sim/run/ledger.h"
#include "sim/run/score.h"

/* What the requests of one demand row met. */
struct gw_demand_result {
    uint64_t arrived, completed, dropped, timed_out, unfinished;
    uint64_t slo_met, slo_of;                                  /* of those with a limit */
    uint64_t in_tok, out_tok;                                  /* of completed ones */
    double busy_kwh, import_kwh, carbon_kg, water_l, cost_usd; /* its share, idle not allocated */
    double ttft_ms_mean, ttft_ms_p50, ttft_ms_p99, tpot_ms_mean, e2e_ms_mean;
};

/* Bins of the time to first token, see gw_tally_ttft_edges. */
enum { GW_RESULT_TTFT_BINS = 26 * 8 + 2 };

/* Rows under the policies', never among them: bounds.h says what of. */
enum gw_bound { GW_BOUND_EPOCH, GW_BOUND_DAY, GW_BOUNDS };

/* What became of a training job. */
struct gw_job_row {
    uint64_t number;        /* the same job under every policy */
    uint32_t source, queue; /* place of its row or stream: first the listed jobs, then the streams */
    uint32_t site;          /* where it was last; UINT32_MAX: nowhere */
    uint32_t width, stops, moves, evictions, failures;
    gw_time_us submit_us, work_us, deadline_us, start_us, end_us, waited_us; /* GW_NEVER_US: none, not yet */
    double energy_kwh, lost_kwh, carbon_kg, usd; /* IT energy; its carbon by the score's signal; rent */
};

struct gw_run_result {
    struct gw_arena arena; /* owns what the pointers below point to */
    uint32_t policy, replication;
    struct gw_error error; /* status GW_OK when the run is whole */
    double score[GW_SCORE_COUNT];
    double marginal_kg;              /* by the marginal signal: only its differences mean something */
    double *site;                    /* [sites][GW_ACCOUNT_COUNT] */
    struct gw_demand_result *demand; /* [demands] */
    uint64_t *ttft_count;            /* [demands][GW_RESULT_TTFT_BINS] requests by time to first token */
    double *sent_frac;               /* [demands][sites] share of the scored requests that went there */
    double *series;                  /* [rows][sites][GW_ACCOUNT_COUNT] every `every_us` */
    double *load;                    /* [rows][sites][models][GW_LOAD_COUNT], see load.h */
    size_t rows;
    double *gap; /* [n_gaps][GW_SCORE_OBJECTIVES] of the plan of each epoch; NULL: none */
    size_t n_gaps;
    double bound[GW_BOUNDS][GW_SCORE_OBJECTIVES]; /* of this run; NaN: none */
    bool changes_work;            /* a policy gives directives: of other answers no bound is claimed */
    struct gw_record_row *record; /* [n_record] requests of the sample, see record.h */
    size_t n_record;
    struct gw_job_row *job; /* [n_jobs] in order of submission */
    size_t n_jobs;
    gw_time_us end_us; /* drain included */
    uint64_t ties;     /* requests that reached a site at the same microsecond as another */
    /* Outside every byte promise: goes to timing.json only. */
    double wall_s, plan_s;
    uint64_t events;
};

struct gw_result {
    uint32_t policies, replications, sites, demands;
    uint32_t models; /* 0: the runs have no load */
    gw_time_us every_us;
    bool has_bounds;           /* score.bounds asks for some */
    bool per_request;          /* users answer to the service: totals are compared per completed request */
    struct gw_run_result *run; /* [policies * replications] */
};

/* Room for all runs, zeroed. False when memory is out. */
GW_MUST_USE bool gw_result_init(struct gw_result *self, uint32_t policies, uint32_t replications,
                                uint32_t sites, uint32_t demands);
void gw_result_fini(struct gw_result *self);

const char *gw_result_bound_name(enum gw_bound bound);

/* The least over the replication's whole runs that do not change the work, so it holds for each; NaN when one
 * of them has none. */
double gw_result_bound(const struct gw_result *self, enum gw_bound bound, uint32_t replication,
                       enum gw_objective objective);

#endif
