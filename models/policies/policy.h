/* policy.h - the interface between geowatt and a policy. The only public ABI; installed as
 * <geowatt/policy.h>.
 *
 * A policy decides where, when and how work runs. It sees a *view* of the world as named, read-only tables
 * and writes a *plan*: shares of each demand row over the sites, and orders from a catalogue. It never sees a
 * request's output length, only its row's expectation; it never reads a clock or another source of randomness
 * than its seed.
 *
 * A policy is one file: doc string, citation, parameters, create, destroy, plan, route, schedule and/or
 * select. Built in through models/policies/registry.h, or compiled on its own against this header alone and
 * loaded by `plugin:
 * ./my_policy.so`; then it exports one symbol:
 *
 *   const struct gw_policy_ops *gw_policy_plugin(void);
 *
 * Versions: a plug-in built for another GW_POLICY_ABI is refused. Within one ABI number structs only grow at
 * their end and carry their size in `bytes`; new slots and tables add names, never change old ones.
 * docs/policies/authors-guide.md */
#ifndef GW_POLICY_H
#define GW_POLICY_H

#include <stddef.h>
#include <stdint.h>

#define GW_POLICY_ABI 1u

enum gw_slot {
    GW_SLOT_ROUTING = 1,
    GW_SLOT_DIRECTIVES = 2,
    GW_SLOT_REPLICAS = 4,
    GW_SLOT_POWER = 8,
    GW_SLOT_TRAINING = 16,
    GW_SLOT_FEDERATION = 32,
    GW_SLOT_BATTERY = 64
};

/* Lengths of the axes. `demands` are the rows of `serving.demand`, `horizon` counts epochs from now. */
struct gw_dims {
    uint32_t bytes;
    uint32_t origins, demands, models, sites, pools, jobs, clients, levels, horizon;
};

/* A named, read-only, dense table; the last index runs fastest. Its address stays the same for the whole run,
 * its values change from epoch to epoch (counters: from window to window). */
struct gw_table {
    const double *v;
    uint32_t rank;
    uint32_t dim[4];
    const char *unit;
};

/* What a plan is worth according to geowatt's own models, the same for every optimiser (gw_plan_eval). */
enum gw_objective {
    GW_OBJ_CARBON_KG,
    GW_OBJ_WATER_L,
    GW_OBJ_COST_USD,
    GW_OBJ_TTFT_MS,
    GW_OBJ_ENERGY_KWH,
    GW_OBJECTIVES
};

struct gw_view {
    uint32_t bytes;
    int64_t now_us, epoch_us; /* since the scenario's start */
    const struct gw_dims *dims;
    /* NULL when there is no such table. Names and units: docs/policies/authors-guide.md. */
    const struct gw_table *(*table)(const struct gw_view *self, const char *name);
    /* Name of an element of an axis: "site", "demand", "model", "origin", "objective"; NULL beyond its end.
     */
    const char *(*name)(const struct gw_view *self, const char *axis, uint32_t index);
    /* Objectives of the coming epoch for share[demands][sites]; objective[GW_OBJECTIVES] is written. */
    void (*eval)(const struct gw_view *self, const double *share, double *objective);
};

/* One order. What an order may say is a row of the order catalogue (kind -> slot, axes, unit, range). */
struct gw_order {
    uint32_t kind;
    uint32_t at[4];
    double value;
};

/* The order catalogue; docs/reference/policies.md says who may give which, and what each means. */
enum gw_order_kind {
    GW_ORDER_SET_POINT = 1, /* at[0] site; K */
    GW_ORDER_RELEASE = 2,   /* at[0] demand row of class batch; 1 lets its requests go, 0 holds them */
    GW_ORDER_REPLICAS,      /* at[0] model, at[1] site; how many are to stand */
    GW_ORDER_BATTERY,       /* at[0] site; kW, positive charges */
    GW_ORDER_DIRECTIVES,    /* at[0] demand row, at[1] level; share of its requests answered so */
    GW_ORDER_POWER_CAP,     /* at[0] model, at[1] site; share of the accelerators' limit */
    GW_ORDER_IMPORT_LOW,    /* at[0] site; kW, the battery charges with what the import lies below it */
    GW_ORDER_IMPORT_HIGH,   /* at[0] site; kW, the battery serves what the import lies above it */
    GW_ORDER_KIND_END
};
#define GW_ORDER_SET_POINT_MAX_K 10.0 /* either way; more is refused */

/* Write-only; what is left unsaid keeps its last value. */
struct gw_plan {
    uint32_t bytes;
    double *share; /* [demands][sites], >= 0, each row sums to 1; 0 where the demand is not allowed; NULL for
                      a policy that does not fill the routing slot */
    int (*order)(struct gw_plan *self,
                 const struct gw_order *order); /* 0 accepted; else there is no such order */
};

/* One request, as a router sees it. */
struct gw_req {
    uint32_t bytes;
    uint32_t demand;
    int64_t at_us;
    uint64_t number; /* within its demand */
    uint32_t in_tok;
    double out_tok_expected;
};

enum gw_param_kind { GW_PARAM_NUMBER, GW_PARAM_CHOICE };

/* A parameter: NUMBER fills a double in `unit`; CHOICE an int32_t, the index into `choice`. key NULL ends a
 * table. */
struct gw_policy_param {
    const char *key;
    const char *unit;
    uint32_t kind; /* enum gw_param_kind */
    uint32_t offset;
    double def, min, max;
    const char *const *choice;
    const char *doc;
};

struct gw_policy_error {
    char why[256];
};

/* ---- training jobs: the slot `training` ---- */

/* On what terms accelerators are held. */
enum gw_tier {
    GW_TIER_RESERVED,  /* paid for whether used or not */
    GW_TIER_ON_DEMAND, /* paid for while held */
    GW_TIER_SPOT,      /* cheap, and may be taken away at any moment */
    GW_TIERS,
    GW_TIER_ANY = GW_TIERS /* in a segment: reserved where the whole width is free there, else on demand */
};

/* Why a job is put before the policy. */
enum gw_look {
    GW_LOOK_ARRIVED,
    GW_LOOK_AGAIN,   /* the time has come at which the policy asked to look again */
    GW_LOOK_ENDED,   /* its last segment is over, its work is not */
    GW_LOOK_DENIED,  /* a segment was to begin, and its accelerators are not free */
    GW_LOOK_FREED,   /* accelerators of the tier it waits for are free */
    GW_LOOK_EVICTED, /* its spot accelerators were taken away */
    GW_LOOK_FAILED,  /* an accelerator broke; what was not saved is lost */
    GW_LOOK_OUTAGE,  /* its site is out, or serving took its nodes back */
    GW_LOOK_DONE     /* it is finished: nothing is to be decided */
};

/* A job as the scheduler knows it. Times are simulated time; INT64_MAX is never. */
struct gw_job_view {
    uint32_t bytes;
    uint32_t why;    /* enum gw_look */
    uint64_t number; /* of the job, unique */
    int64_t now_us, submitted_us;
    int64_t deadline_us; /* it should be done by then */
    int64_t wait_us;     /* how long its queue lets it wait, all pauses together */
    int64_t waited_us;   /* so far */
    /* Work is counted as time of the job alone at `width` accelerators and full power. That it is known is an
     * assumption of the policies that use it; the others have the mean of its queue. */
    int64_t length_us, left_us;
    double queue_mean_us;
    uint32_t queue;
    uint32_t width, min_width, max_width; /* accelerators */
    uint32_t sites;
    const uint8_t *allowed; /* [sites] */
    uint32_t site; /* where it runs, or its checkpoint lies; UINT32_MAX: nowhere yet; of a job that is done,
                      where it ran */
    uint32_t held, tier;               /* accelerators it holds now, 0: none; and their tier */
    double watts, held_watts;          /* of an accelerator, its share of the node included: at work; held */
    int64_t start_us, resume_us;       /* from getting accelerators to work: at first; from a checkpoint */
    int64_t checkpoint_us, reshape_us; /* writing one; changing the width */
    const void *job;                   /* for the desk's functions */
    /* Shares of full power at which its throughput was measured, rising, the last one 1; 0: a law without
     * points. And the power that an accelerator may draw, over what this job draws uncapped. */
    uint32_t caps;
    const double *cap; /* [caps] */
    double limit_frac;
    int64_t meant_us; /* when it begins where nobody plans: later than its submission if it may begin early */
};

enum gw_job_signal { GW_JOB_CARBON, GW_JOB_PRICE }; /* gCO2/kWh by the policy's signal; USD/kWh */

/* What may be asked about sites and time while a job is looked at. Forecasts as of now; before now the truth.
 * Beyond the forecasts' end the last value holds. */
struct gw_job_desk {
    uint32_t bytes;
    uint32_t sites;
    double (*value)(const struct gw_job_desk *self, uint32_t signal, uint32_t site, int64_t at_us);
    /* Value times hours over [from, to), exact. */
    double (*integral)(const struct gw_job_desk *self, uint32_t signal, uint32_t site, int64_t from_us,
                       int64_t to_us);
    /* The first instant after `after_us` at which another interval of the series begins. */
    int64_t (*edge)(const struct gw_job_desk *self, uint32_t signal, uint32_t site, int64_t after_us);
    /* The earliest start in [from, latest] at which the integral over `length_us` is least. */
    int64_t (*least)(const struct gw_job_desk *self, uint32_t signal, uint32_t site, int64_t from_us,
                     int64_t latest_us, int64_t length_us);
    uint32_t (*free)(const struct gw_job_desk *self, uint32_t site, uint32_t tier); /* accelerators */
    uint32_t (*total)(const struct gw_job_desk *self, uint32_t site, uint32_t tier);
    double (*usd_per_h)(const struct gw_job_desk *self, uint32_t site, uint32_t tier); /* an accelerator */
    double (*evictions_per_h)(const struct gw_job_desk *self, uint32_t site);          /* of a spot job */
    /* Work done per time at this width and share of full power, 1 at the job's own; and watts drawn. */
    double (*speed)(const struct gw_job_desk *self, const struct gw_job_view *job, uint32_t width,
                    double power);
    double (*watts)(const struct gw_job_desk *self, const struct gw_job_view *job, uint32_t width,
                    double power);
    /* Until its checkpoint is at another site; INT64_MAX: no way. */
    int64_t (*move_us)(const struct gw_job_desk *self, const struct gw_job_view *job, uint32_t from,
                       uint32_t to);
    /* Speed and watts of a site's accelerators for this job: its pace over that of the site by which its
     * length, `speed` and `watts` are counted, the first of its own; watts of an accelerator at work. */
    double (*pace)(const struct gw_job_desk *self, const struct gw_job_view *job, uint32_t site);
    double (*watts_at)(const struct gw_job_desk *self, const struct gw_job_view *job, uint32_t site);
};

/* The job works in [from, to) unless it is done before; then its checkpoint is written. Two segments that
 * touch at the same site, tier, width and power are one. */
struct gw_segment {
    int64_t from_us, to_us; /* INT64_MAX: until it is done */
    uint32_t site, tier, width;
    double power; /* share of full power, 1: uncapped */
};

/* Write-only, empty at the call: what is written replaces what the job was to do from now on. A job that is
 * working and has no segment that begins now is stopped now. */
struct gw_schedule {
    uint32_t bytes;
    /* In order of time, none before now. 0: accepted. */
    int (*add)(struct gw_schedule *self, const struct gw_segment *segment);
    int64_t look_again_us; /* the policy is asked again then; INT64_MAX as it comes */
    uint32_t wait_tier;    /* and when the job does not run and so many accelerators as its width are free in
                              this tier at an allowed site; GW_TIERS as it comes: no */
};

enum { GW_POLICY_ORACLE = 1 }; /* flags: uses what no real policy can know; a ceiling, not a contender */

/* What a planner says of its work when the run ends; NaN where it has nothing to say. It stands there as NaN.
 */
struct gw_policy_report {
    uint32_t bytes;
    double evaluations; /* plans valued, all epochs */
    double
        hypervolume; /* of its fronts, mean over epochs, scaled to 0..1 by a reference that its page states */
    double hypervolume_ratio; /* over that of a front that its page names; may exceed 1 */
};

/* A federated job when it asks who is to train. Arrays run over its clients; forecasts are [client][h], h = 0
 * is now and step_us lies between two of them. A policy is created once for each job. */
struct gw_round {
    uint32_t bytes;
    uint32_t job, clients, horizon;
    int64_t now_us, step_us;
    uint32_t number;  /* rounds closed so far */
    uint32_t running; /* 1: one is going on; what is said now is who prepares for the next, and who leaves */
    double local_steps, least_steps; /* of a client in a round; below which its work does not count */
    double left_frac;                /* of the job's work */
    const double *const *carbon;     /* gCO2/kWh by the policy's signal */
    const double *const *price;      /* USD/kWh */
    const double *const *water;      /* L per facility kWh, on site and off */
    const double *const *excess; /* kW that its power domain has to spare, behind its facilities' meters */
    const double *const *truth;  /* carbon as it will be; NULL unless the policy is an oracle */
    const double *renewable_frac, *buffer_frac; /* of its power; charge of its buffer, 1 when it has none */
    const double *facility_kw;                  /* at full speed, cooling included */
    const double *steps_per_s, *tok_per_step;   /* at full speed */
    const double *sync_s, *rtt_ms;              /* of a round with the aggregator where it stands now */
    const double *utility;                      /* of its data, 1 when all are alike */
    const uint32_t *domain, *joined;            /* power domain; rounds that it joined */
    const uint8_t *may;                         /* 0 while it is held back for fairness */
};

/* Write-only for the policy; begins as it was chosen last. */
struct gw_round_choice {
    uint32_t bytes;
    uint8_t *in; /* [clients] 1: is to train */
};

/* Functions return 0, or anything else for failure with error->why filled: the run then stops with that
 * sentence. */
struct gw_policy_ops {
    uint32_t abi, bytes;
    uint32_t slots; /* enum gw_slot, or-ed: the slots it can fill */
    uint32_t flags;
    const char *name, *summary, *reference; /* reference: what to cite, or NULL */
    const struct gw_policy_param *params;   /* NULL: none */
    size_t cfg_size;
    int (*create)(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                  struct gw_policy_error *error);
    void (*destroy)(void *self); /* accepts NULL */
    /* Once per epoch. Required unless route is given. */
    int (*plan)(void *self, const struct gw_view *view, struct gw_plan *plan, struct gw_policy_error *error);
    /* Per request, on the state at the window's start plus what was sent since. Optional: returns the site.
     */
    uint32_t (*route)(void *self, const struct gw_view *view, const struct gw_req *request);
    /* Once, before destroy. Optional. */
    void (*report)(const void *self, struct gw_policy_report *out);
    /* The slot `training`: what becomes of a job, at its arrival and whenever something happens to it. Denied
     * accelerators for a segment that begins now, a job that asks for the same again waits in line for them.
     */
    int (*schedule)(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                    const struct gw_job_view *job, struct gw_schedule *out, struct gw_policy_error *error);
    /* Slot federation: before each round, and at each decision while one runs. */
    int (*select)(void *self, const struct gw_view *view, const struct gw_round *round,
                  struct gw_round_choice *out, struct gw_policy_error *error);
};

#endif
