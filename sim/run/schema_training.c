#include "sim/run/schema_training.h"

#include <math.h>

#include "models/hardware/hardware.h"
#include "models/training/cap_choice.h"
#include "models/training/efficiency.h"
#include "models/training/flops.h"
#include "sim/run/schema.h"
#include "sim/run/schema_federation.h"

#define SIZE_OF(type) .size = (uint32_t)sizeof(type)

static const struct gw_type text = {.kind = GW_TEXT, SIZE_OF(const char *)};
static const struct gw_type path = {.kind = GW_PATH, SIZE_OF(const char *)};
static const struct gw_type flag = {.kind = GW_BOOL, SIZE_OF(bool)};
static const struct gw_type span = {
    .kind = GW_SPAN, SIZE_OF(gw_time_us), .unit = "s", .min = 1e-3, .max = 100.0 * 366 * 86400};
static const struct gw_type delay = {
    .kind = GW_SPAN, SIZE_OF(gw_time_us), .unit = "s", .min = 0, .max = 100.0 * 366 * 86400};
static const struct gw_type width = {.kind = GW_INT, SIZE_OF(int64_t), .min = 1, .max = 1e6};
static const struct gw_type count = {.kind = GW_INT, SIZE_OF(int64_t), .min = 0, .max = 1e6};
static const struct gw_type watts = {.kind = GW_NUM, SIZE_OF(double), .unit = "W", .min = 0, .max = 1e6};
static const char *const reading_names[] = {"step", "linear", NULL};
static const struct gw_type reading = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = reading_names};
static const struct gw_type priority = {.kind = GW_INT, SIZE_OF(int64_t), .min = -1000, .max = 1000};
static const struct gw_type kilowatts = {.kind = GW_NUM, SIZE_OF(double), .unit = "kW", .min = 0, .max = 1e7};
static const struct gw_type gigabytes = {.kind = GW_NUM, SIZE_OF(double), .unit = "GB", .min = 0, .max = 1e9};
static const struct gw_type usd_per_h = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "USD/h", .min = 0, .max = 1e6};
static const struct gw_type per_h = {.kind = GW_NUM, SIZE_OF(double), .unit = "1/h", .min = 0, .max = 1e6};
static const struct gw_type per_day = {.kind = GW_NUM, SIZE_OF(double), .unit = "1/d", .min = 0, .max = 1e6};
static const struct gw_type frac = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type stretch = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 1, .max = 1e4};
static const struct gw_type speed = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 1e-6, .max = 1e6};
static const struct gw_type tokens = {.kind = GW_NUM, SIZE_OF(double), .unit = "tok", .min = 1, .max = 1e18};
static const struct gw_type link = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "Gbit/s", .min = 1e-3, .max = 1e6};

/* ---- terms ---- */

static const struct gw_type scaling_ref = {.kind = GW_REF, SIZE_OF(struct gw_scaling), .of = "scaling"};
static const struct gw_alt elasticity_alts[] = {
    [GW_ELASTICITY_EXPONENT] = {.key = "exponent", .type = &frac, .scalar_form = true},
    [GW_ELASTICITY_CURVE] = {.key = "curve", .type = &scaling_ref},
    [GW_ELASTICITY_EACH] = {.key = "accelerators", .type = &scaling_ref},
    {0},
};
static const struct gw_type elasticity = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = elasticity_alts};
static const struct gw_type cap_curve_ref = {.kind = GW_REF, SIZE_OF(struct gw_cap_curve), .of = "cap-curve"};
static const struct gw_alt capping_alts[] = {
    [GW_CAPPING_EXPONENT] = {.key = "exponent", .type = &frac, .scalar_form = true},
    [GW_CAPPING_CURVE] = {.key = "curve", .type = &cap_curve_ref},
    {0},
};
static const struct gw_type capping = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = capping_alts};
static const struct gw_alt deadline_alts[] = {
    [GW_DEADLINE_NONE] = {.key = "none"},
    [GW_DEADLINE_AFTER] = {.key = "after", .type = &span, .scalar_form = true},
    [GW_DEADLINE_SLACK] = {.key = "slack", .type = &stretch},
    [GW_DEADLINE_WORKDAY] = {.key = "next-workday"},
    [GW_DEADLINE_SEMIWEEK] = {.key = "semi-weekly"},
    {0},
};
static const struct gw_type deadline = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = deadline_alts};
static const struct gw_type hour = {.kind = GW_INT, SIZE_OF(int64_t), .min = 0, .max = 23};
static const struct gw_type site_index = {.kind = GW_INDEX, SIZE_OF(uint32_t), .of = "sites"};
static const struct gw_type site_list = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .min = 1, .max = 10000, .of = &site_index};
static const struct gw_alt allowed_alts[] = {
    [GW_SITES_ALL] = {.key = "all"},
    [GW_SITES_LIST] = {.key = "only", .type = &site_list, .scalar_form = true},
    {0},
};
static const struct gw_type allowed = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = allowed_alts};

#define TERMS(S)                                                                                             \
    GW_FIELD_AS(S, "power", terms.watts, &watts, "~",                                                        \
                "Of an accelerator at work with its share of the node, at the plug; that of the llm or "     \
                "of the pool's node at 90 % of its limit when absent",                                       \
                NULL),                                                                                       \
        GW_FIELD_AS(S, "held_power", terms.held_watts, &watts, "~",                                          \
                    "The same while it is held without work; at rest when absent, 0 where power is given",   \
                    NULL),                                                                                   \
        GW_FIELD_AS(S, "least", terms.min_width, &width, "~", "Fewest accelerators; its own when absent",    \
                    NULL),                                                                                   \
        GW_FIELD_AS(S, "most", terms.max_width, &width, "~", "Most accelerators; its own when absent",       \
                    NULL),                                                                                   \
        GW_FIELD_AS(S, "elasticity", terms.elasticity, &elasticity, "1",                                     \
                    "Throughput by width: an exponent, or of the catalogue { curve: ... } by nodes of "      \
                    "eight, or { accelerators: ... } with each accelerator as a node",                       \
                    NULL),                                                                                   \
        GW_FIELD_AS(S, "capping", terms.capping, &capping, "0.5",                                            \
                    "Throughput under a power cap: share of full power to this exponent, or { curve: ... } " \
                    "measured, of the catalogue's cap-curves",                                               \
                    "round number"),                                                                         \
        GW_FIELD_AS(S, "start", terms.start_us, &delay, "~",                                                 \
                    "From getting accelerators to the first work; none, or of its llm, when absent", NULL),  \
        GW_FIELD_AS(S, "resume", terms.resume_us, &delay, "~", "The same from a checkpoint", NULL),          \
        GW_FIELD_AS(S, "checkpoint", terms.checkpoint_us, &delay, "~",                                       \
                    "Writing one, while work stands still; none, or of its llm, when absent", NULL),         \
        GW_FIELD_AS(S, "interval", terms.interval_us, &span, "~",                                            \
                    "Work between checkpoints; only when it is stopped, or of its llm, when absent", NULL),  \
        GW_FIELD_AS(S, "reshape", terms.reshape_us, &delay, "~",                                             \
                    "Beyond resuming, at another width; none, or of its llm, when absent", NULL),            \
        GW_FIELD_AS(S, "checkpoint_size", terms.checkpoint_gb, &gigabytes, "~",                              \
                    "What moves to another site; nothing, or of its llm, when absent", NULL),                \
        GW_FIELD_AS(S, "failures", terms.failures_per_day, &per_day, "~",                                    \
                    "Of an accelerator; none, or of its llm, when absent", NULL),                            \
        GW_FIELD_AS(S, "spares", terms.spares, &count, "0",                                                  \
                    "Accelerators that it holds at rest beside those at work", NULL),                        \
        GW_FIELD_AS(S, "deadline", terms.deadline, &deadline, "none",                                        \
                    "When it should be done: none, so long after submission, { slack: ... } times its "      \
                    "length after it, next-workday or semi-weekly: at deadline_hour of that day after its "  \
                    "end if it started at once",                                                             \
                    NULL),                                                                                   \
        GW_FIELD_AS(S, "deadline_hour", terms.deadline_hour, &hour, "9",                                     \
                    "Of deadlines by the calendar, UTC", "wait-awhile-2021"),                                \
        GW_FIELD_AS(S, "ahead", terms.ahead_us, &delay, "0 s",                                               \
                    "So much before its time policies know of it and may begin it; run-now does not", NULL), \
        GW_FIELD_AS(S, "allowed_sites", terms.allowed_sites, &allowed, "all",                                \
                    "Where it may run: all, or a list of names", NULL)

static void check_terms(const struct gw_job_terms_cfg *t, struct gw_bind *bind, const struct gw_node *at)
{
    if (t->min_width != GW_ABSENT && t->max_width != GW_ABSENT && t->min_width > t->max_width) {
        gw_bind_fail(bind, at, "most", "is below least");
    }
}

/* ---- jobs ---- */

#define R(key, field, type, def, doc, source)                                                                \
    GW_FIELD_AS(struct gw_training_run_cfg, key, field, type, def, doc, source)
static const struct gw_type share = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 1e-3, .max = 1};
static const struct gw_type rate = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 1e-3, .max = 1e5};
static const struct gw_type recompute = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_flops_recompute_names};
static const struct gw_type bits = {.kind = GW_INT, SIZE_OF(int64_t), .min = 8, .max = 32};
static const struct gw_type efficiency_ref = {
    .kind = GW_REF, SIZE_OF(struct gw_efficiency), .of = "efficiency"};
static const struct gw_field run_fields[] = {
    R("mfu", mfu, &share, "~", "Share of the peak that the model's arithmetic reaches, measured", NULL),
    R("tflops", tflops, &rate, "~", "TFLOP/s of an accelerator, measured; instead of mfu", NULL),
    R("efficiency", efficiency, &efficiency_ref, "megatron-a100", "The table used where neither is given",
      NULL),
    R("sequence", sequence_tok, &tokens, "4096", "Tokens of a sequence", "round number"),
    R("attention", attention_frac, &frac, "1",
      "Share of attention's arithmetic that is counted; 0: 6 FLOP per weight and token", NULL),
    R("recompute", recompute, &recompute, "none", "What of the forward pass is computed again", NULL),
    R("precision", precision_bits, &bits, "16", "Bits of the products: 8, 16 or 32", NULL),
    R("checkpoint", checkpoint, &gw_checkpoint_type, "{}", "Its size and how it is written", NULL),
    R("failures", failures, &gw_failures_type, "{}", "How often nodes fail, and what that takes", NULL),
    R("compute_power", compute_frac, &share, "0.85", "Of an accelerator's limit, while it computes",
      "olmo-2-2025"),
    R("checkpoint_power", checkpoint_frac, &share, "0.15", "The same while a checkpoint is written",
      "olmo-2-2025"),
    GW_FIELD_END,
};
#undef R
static void check_run(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_training_run_cfg *r = object;
    if (!isnan(r->mfu) && !isnan(r->tflops)) {
        gw_bind_fail(bind, at, "tflops", "says the same as mfu: give one of them");
    }
    if (r->precision_bits != 8 && r->precision_bits != 16 && r->precision_bits != 32) {
        gw_bind_fail(bind, at, "precision", "is none of 8, 16 and 32");
    }
}
static const struct gw_type run_obj = {.kind = GW_OBJ,
                                       SIZE_OF(struct gw_training_run_cfg),
                                       .of = run_fields,
                                       .check = check_run,
                                       .doc = "How an llm is trained"};
static const struct gw_type run = {.kind = GW_OPT, SIZE_OF(struct gw_training_run_cfg), .of = &run_obj};
static const struct gw_type steps = {.kind = GW_INT, SIZE_OF(int64_t), .min = 1, .max = 1e12};
static const struct gw_type llm_ref = {.kind = GW_REF, SIZE_OF(struct gw_llm), .of = "llm"};
static const struct gw_field job_fields[] = {
    GW_FIELD(struct gw_training_job_cfg, name, &text, NULL, "Its name in results and messages", NULL),
    GW_FIELD_AS(struct gw_training_job_cfg, "at", at_us, &delay, "0 s",
                "When it is submitted, from the start", NULL),
    GW_FIELD_AS(struct gw_training_job_cfg, "work", work_us, &span, "~",
                "How long it takes, alone on its accelerators; of its llm and tokens when absent", NULL),
    GW_FIELD(struct gw_training_job_cfg, accelerators, &width, NULL, "Its width", NULL),
    GW_FIELD(struct gw_training_job_cfg, llm, &llm_ref, "~", "What is trained, a model of the catalogue",
             NULL),
    GW_FIELD(struct gw_training_job_cfg, tokens, &tokens, "~", "On how many tokens, all epochs", NULL),
    GW_FIELD(struct gw_training_job_cfg, run, &run, "~",
             "How it is trained: measured speed, checkpoints, failures", NULL),
    GW_FIELD_AS(struct gw_training_job_cfg, "step", step_us, &span, "~",
                "Time of a step as measured; with steps instead of work", NULL),
    GW_FIELD(struct gw_training_job_cfg, steps, &steps, "~", "How many of them", NULL),
    GW_FIELD(struct gw_training_job_cfg, times, &width, "1", "So many of them", NULL),
    GW_FIELD_AS(struct gw_training_job_cfg, "every", every_us, &span, "24 h", "And so far apart",
                "round number"),
    TERMS(struct gw_training_job_cfg),
    GW_FIELD_END,
};
static void check_job(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_training_job_cfg *j = object;
    check_terms(&j->terms, bind, at);
    if ((j->llm != NULL) != !isnan(j->tokens)) {
        gw_bind_fail(bind, at, NULL, "llm and tokens go together");
    } else if ((j->step_us != GW_ABSENT) != (j->steps != GW_ABSENT)) {
        gw_bind_fail(bind, at, NULL, "step and steps go together");
    } else if ((j->work_us != GW_ABSENT) + (j->llm != NULL) + (j->step_us != GW_ABSENT) != 1) {
        gw_bind_fail(bind, at, NULL, "needs one of work, step and steps, or llm and tokens");
    } else if (j->run != NULL && j->llm == NULL) {
        gw_bind_fail(bind, at, "run", "says how an llm is trained, and none is named");
    }
    if (j->terms.min_width != GW_ABSENT && j->terms.min_width > j->accelerators) {
        gw_bind_fail(bind, at, "least", "is above accelerators");
    }
    if (j->terms.max_width != GW_ABSENT && j->terms.max_width < j->accelerators) {
        gw_bind_fail(bind, at, "most", "is below accelerators");
    }
}
static const struct gw_type job = {.kind = GW_OBJ,
                                   SIZE_OF(struct gw_training_job_cfg),
                                   .of = job_fields,
                                   .check = check_job,
                                   .doc = "A training job"};
static const struct gw_type jobs = {.kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 100000, .of = &job};

/* ---- streams ---- */

static const struct gw_type format = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_jobs_format_names};
static const struct gw_field trace_fields[] = {
    GW_FIELD(struct gw_training_trace_cfg, file, &path, NULL, "The file, CSV", NULL),
    GW_FIELD(struct gw_training_trace_cfg, format, &format, "generic", "Whose columns it has", NULL),
    GW_FIELD(struct gw_training_trace_cfg, speed, &speed, "1",
             "How much faster these accelerators are than those it was recorded on", NULL),
    GW_FIELD_END,
};
static const struct gw_type trace_obj = {.kind = GW_OBJ,
                                         SIZE_OF(struct gw_training_trace_cfg),
                                         .of = trace_fields,
                                         .doc = "Jobs that somebody recorded"};
static const struct gw_type trace = {.kind = GW_OPT, SIZE_OF(struct gw_training_trace_cfg), .of = &trace_obj};
static const struct gw_type generate = {
    .kind = GW_OPT, SIZE_OF(struct gw_job_stream_cfg), .of = &gw_job_stream_type};
static const struct gw_field stream_fields[] = {
    GW_FIELD(struct gw_training_stream_cfg, name, &text, NULL, "Its name in results and messages", NULL),
    GW_FIELD(struct gw_training_stream_cfg, trace, &trace, "~", "Jobs of a file", NULL),
    GW_FIELD(struct gw_training_stream_cfg, generate, &generate, "~", "Jobs made by law", NULL),
    GW_FIELD_AS(struct gw_training_stream_cfg, "from", from_us, &delay, "0 s",
                "When the first may come, or the file's time 0, from the start", NULL),
    GW_FIELD_AS(struct gw_training_stream_cfg, "to", to_us, &span, "~",
                "None comes from then on; the end of the run's duration when absent", NULL),
    TERMS(struct gw_training_stream_cfg),
    GW_FIELD_END,
};
static void check_stream(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_training_stream_cfg *s = object;
    check_terms(&s->terms, bind, at);
    if ((s->trace == NULL) == (s->generate == NULL)) {
        gw_bind_fail(bind, at, NULL, "needs either trace or generate");
    }
}
static const struct gw_type stream = {.kind = GW_OBJ,
                                      SIZE_OF(struct gw_training_stream_cfg),
                                      .of = stream_fields,
                                      .check = check_stream,
                                      .doc = "Many jobs"};
static const struct gw_type streams = {.kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 1000, .of = &stream};

/* ---- queues and accelerators ---- */

static const struct gw_field queue_fields[] = {
    GW_FIELD(struct gw_training_queue_cfg, name, &text, NULL, "Its name", NULL),
    GW_FIELD_AS(struct gw_training_queue_cfg, "longest", longest_us, &span, "~",
                "Jobs up to this length that no queue before it took; all when absent", NULL),
    GW_FIELD_AS(struct gw_training_queue_cfg, "wait", wait_us, &delay, "~",
                "How long policies may have a job wait; without a limit when absent", NULL),
    GW_FIELD(struct gw_training_queue_cfg, priority, &priority, "0",
             "Its jobs get accelerators before those of lower ones, and give them back after them", NULL),
    GW_FIELD(struct gw_training_queue_cfg, quota, &width, "~",
             "Accelerators that its jobs hold at a time, at all sites together; without a limit when absent",
             NULL),
    GW_FIELD_END,
};
static const struct gw_type queue = {.kind = GW_OBJ,
                                     SIZE_OF(struct gw_training_queue_cfg),
                                     .of = queue_fields,
                                     .doc = "A queue for jobs of some length"};
static const struct gw_type queues = {.kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 100, .of = &queue};

static const struct gw_alt units_alts[] = {
    [GW_UNITS_UNLIMITED] = {.key = "unlimited"},
    [GW_UNITS_COUNT] = {.key = "count", .type = &count, .scalar_form = true},
    {0},
};
static const struct gw_type units = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = units_alts};
static const struct gw_alt nodes_alts[] = {
    [GW_NODES_SPARE] = {.key = "spare"},
    [GW_NODES_COUNT] = {.key = "count", .type = &count, .scalar_form = true},
    {0},
};
static const struct gw_type nodes = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = nodes_alts};
static const struct gw_type some_pool = {.kind = GW_OPT, SIZE_OF(int64_t), .of = &count};
static const struct gw_field capacity_fields[] = {
    GW_FIELD(struct gw_training_capacity_cfg, site, &site_index, NULL, "Where", NULL),
    GW_FIELD(struct gw_training_capacity_cfg, pool, &some_pool, "~",
             "Pool of the site, counted from 0, whose nodes training has as reserved ones", NULL),
    GW_FIELD(struct gw_training_capacity_cfg, nodes, &nodes, "spare",
             "Of this pool: spare, those on which no replica stands, taken back when one starts; or so many, "
             "which serving then does not have",
             NULL),
    GW_FIELD_AS(
        struct gw_training_capacity_cfg, "grace", grace_us, &span, "~",
        "Before a spare node is taken back: jobs whose checkpoint is written within it lose nothing; at "
        "most as long as a replica takes to start; none when absent",
        NULL),
    GW_FIELD(struct gw_training_capacity_cfg, reserved, &count, "0",
             "Accelerators rented for the whole run, beside those of the pool", NULL),
    GW_FIELD(struct gw_training_capacity_cfg, on_demand, &units, "0",
             "Accelerators that may be rented at any time: a number, or unlimited", NULL),
    GW_FIELD(struct gw_training_capacity_cfg, spot, &units, "0",
             "The same at the price of losing them at any moment", NULL),
    GW_FIELD_AS(struct gw_training_capacity_cfg, "reserved_price", reserved_usd_per_h, &usd_per_h, "0 USD/h",
                "Of a rented accelerator, over the whole duration whether used or not", NULL),
    GW_FIELD_AS(struct gw_training_capacity_cfg, "on_demand_price", on_demand_usd_per_h, &usd_per_h,
                "0 USD/h", "While it is held", NULL),
    GW_FIELD_AS(struct gw_training_capacity_cfg, "spot_price", spot_usd_per_h, &usd_per_h, "0 USD/h",
                "While it is held", NULL),
    GW_FIELD_AS(struct gw_training_capacity_cfg, "evictions", evictions_per_h, &per_h, "0 /h",
                "How often a job on spot accelerators loses them", NULL),
    GW_FIELD_AS(
        struct gw_training_capacity_cfg, "nameplate", nameplate_kw, &kilowatts, "~",
        "IT power of rented accelerators that the site's plant is built for, beside that of its nodes; "
        "all of them with the hungriest job when absent",
        NULL),
    GW_FIELD_END,
};
static const struct gw_type capacity_row = {.kind = GW_OBJ,
                                            SIZE_OF(struct gw_training_capacity_cfg),
                                            .of = capacity_fields,
                                            .doc = "Accelerators of a site for training"};
static const struct gw_type capacity = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 10000, .of = &capacity_row};

static const struct gw_field fields[] = {
    GW_FIELD(struct gw_training_section, jobs, &jobs, "[]", "Jobs, one by one", NULL),
    GW_FIELD(struct gw_training_section, streams, &streams, "[]", "Jobs from files, or made by law", NULL),
    GW_FIELD(struct gw_training_section, federated, &gw_schema_federation, "[]",
             "Trainings over several sites in rounds", NULL),
    GW_FIELD(struct gw_training_section, queues, &queues, "[]",
             "Queues, a job is in the first that takes its length; one for all when there is none", NULL),
    GW_FIELD(struct gw_training_section, capacity, &capacity, "[]", "Accelerators that jobs may have", NULL),
    GW_FIELD(struct gw_training_section, backfill, &flag, "false",
             "Whether a job that fits may pass those that wait in line for accelerators", NULL),
    GW_FIELD_AS(struct gw_training_section, "slot", slot_us, &span, "1 h",
                "Interval of the forecasts that policies of jobs see", "round number"),
    GW_FIELD(struct gw_training_section, reading, &reading, "step",
             "How they read one: a value holds over its slot, or straight lines join the slots' values",
             "round number"),
    GW_FIELD_AS(struct gw_training_section, "horizon", horizon_us, &span, "7 d",
                "How far they reach; a perfect one has no end", "round number"),
    GW_FIELD_AS(struct gw_training_section, "link", wan_gbps, &link, "10 Gbit/s",
                "Between any two sites, for a job's checkpoint", "round number"),
    GW_FIELD_END,
};
static void check_training(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_training_section *t = object;
    if (t->jobs.n + t->streams.n > 0 && t->capacity.n == 0) {
        gw_bind_fail(bind, at, "capacity",
                     "there are jobs, and no site has accelerators for them: give it a row, such as "
                     "{ site: NAME, pool: 0, nodes: spare }");
    }
}
const struct gw_type gw_schema_training = {.kind = GW_OBJ,
                                           SIZE_OF(struct gw_training_section),
                                           .of = fields,
                                           .check = check_training,
                                           .doc = "Training jobs and the accelerators for them"};
