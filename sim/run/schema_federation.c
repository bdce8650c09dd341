#include "sim/run/schema_federation.h"

#include <math.h>

#include "models/hardware/hardware.h"
#include "sim/core/clock.h"

#define SIZE_OF(type) .size = (uint32_t)sizeof(type)

static const struct gw_type text = {.kind = GW_TEXT, SIZE_OF(const char *)};
static const struct gw_type flag = {.kind = GW_BOOL, SIZE_OF(bool)};
static const struct gw_type site_index = {.kind = GW_INDEX, SIZE_OF(uint32_t), .of = "sites"};
static const struct gw_type amount = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 0, .max = 1e18};
static const struct gw_type at_least_one = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 1, .max = 1e18};
static const struct gw_type tokens = {.kind = GW_NUM, SIZE_OF(double), .unit = "tok", .min = 1, .max = 1e18};
static const struct gw_type steps = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 1e-3, .max = 1e9};
static const struct gw_type bits = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 1, .max = 64};
static const struct gw_type seconds = {.kind = GW_NUM, SIZE_OF(double), .unit = "s", .min = 0, .max = 1e8};
static const struct gw_type step_time = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "s", .min = 1e-6, .max = 1e8};
static const struct gw_type power = {.kind = GW_NUM, SIZE_OF(double), .unit = "kW", .min = 1e-6, .max = 1e7};
static const struct gw_type held = {.kind = GW_NUM, SIZE_OF(double), .unit = "kW", .min = 0, .max = 1e7};
static const struct gw_type frac = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type lost = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 0, .max = 0.99};
static const struct gw_type grams = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 0, .max = 1e12};

static const struct gw_type count = {.kind = GW_INT, SIZE_OF(int64_t), .min = 0, .max = 1000000};
static const struct gw_type some_pool = {.kind = GW_OPT, SIZE_OF(int64_t), .of = &count};
static const struct gw_type nodes = {.kind = GW_INT, SIZE_OF(int64_t), .min = 1, .max = 1000000};
static const struct gw_type node_ref = {.kind = GW_REF, SIZE_OF(struct gw_machine), .of = "node"};
static const struct gw_type llm_ref = {.kind = GW_REF, SIZE_OF(struct gw_llm), .of = "llm"};

/* ---- clients ---- */

#define C struct gw_federated_client_cfg
static const struct gw_field client_fields[] = {
    GW_FIELD(C, site, &site_index, NULL, "Where its accelerators stand", NULL),
    GW_FIELD(C, node, &node_ref, "~",
             "Nodes of this kind, beside the site's pools: steps and power are theirs when not given", NULL),
    GW_FIELD(C, pool, &some_pool, "~",
             "Or nodes of this pool of the site, counted from 0, which serving then does not have", NULL),
    GW_FIELD(C, nodes, &nodes, "1", "So many", NULL),
    GW_FIELD_AS(C, "step", step_s, &step_time, "~", "Time of a local step, all its accelerators at work",
                NULL),
    GW_FIELD(C, tokens_per_step, &tokens, NULL, "Tokens that it trains in one", NULL),
    GW_FIELD_AS(C, "power", power_kw, &power, "~", "At its nodes' plugs while it trains", NULL),
    GW_FIELD_AS(C, "held_power", held_power_kw, &held, "~",
                "The same while it waits; of its nodes loaded and idle, or 0, when absent", NULL),
    GW_FIELD(C, accelerators, &amount, "~",
             "Only whole ones train on little power; 0: any share of it does; those of its nodes, or 0, when "
             "absent",
             NULL),
    GW_FIELD_AS(C, "start", start_s, &seconds, "0 s",
                "From a call to ready: provisioning, loading, compiling", NULL),
    GW_FIELD(C, utility, &amount, "1", "Of its data to the model, for policies", NULL),
    GW_FIELD_END,
};
#undef C
static const struct gw_type client = {.kind = GW_OBJ,
                                      SIZE_OF(struct gw_federated_client_cfg),
                                      .of = client_fields,
                                      .doc = "A site's part in a federated job: nodes, or machines by what a "
                                             "step of theirs takes"};
static const struct gw_type clients = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .min = 1, .max = 1000, .of = &client};

/* ---- jobs ---- */

static const struct gw_type aggregator = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_aggregator_names};
static const struct gw_type straggler = {
    .kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_federation_straggler_names};
static const struct gw_type supply = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_federation_power_names};
static const struct gw_type convergence = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_convergence_names};
static const struct gw_field row_fields[] = {
    GW_FIELD(struct gw_convergence_row, rounds, &at_least_one, NULL, "After so many rounds", NULL),
    GW_FIELD(struct gw_convergence_row, metric, &amount, NULL, "It was measured at", NULL),
    GW_FIELD_END,
};
static const struct gw_type row = {.kind = GW_OBJ,
                                   SIZE_OF(struct gw_convergence_row),
                                   .of = row_fields,
                                   .doc = "A point of a learning curve"};
static const struct gw_type rows = {.kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 10000, .of = &row};

#define J struct gw_federated_cfg
static const struct gw_field job_fields[] = {
    GW_FIELD(J, name, &text, NULL, "Its name in results and messages", NULL),
    GW_FIELD(J, clients, &clients, NULL, "Who may train", NULL),
    GW_FIELD_AS(J, "tokens", job.tokens, &tokens, NULL,
                "To be trained at one site; together as many more as `convergence` asks for", NULL),
    GW_FIELD(J, llm, &llm_ref, "~",
             "What is trained, a model of the catalogue; needed where clients are nodes", NULL),
    GW_FIELD_AS(J, "adapters", adapters_frac, &frac, "0",
                "Adapters (LoRA) of so many parameters over the llm's are trained, and travel, in its place",
                NULL),
    GW_FIELD_AS(J, "params", job.sync.params, &at_least_one, "~",
                "Parameters that travel: of the model, or of its adapters; of the llm when absent", NULL),
    GW_FIELD_AS(J, "model_params", law_params, &at_least_one, "~",
                "Of the model, for its loss; of the llm, or those that travel, when absent", NULL),
    GW_FIELD_AS(J, "bits", job.sync.bits, &bits, "16", "Of each that travels", NULL),
    GW_FIELD_AS(J, "local_steps", job.local_steps, &steps, "100", "Of a client in a round", "round number"),
    GW_FIELD_AS(J, "least_steps", job.least_steps, &amount, "0", "Fewer do not count when a round is cut",
                NULL),
    GW_FIELD_AS(J, "fragments", job.sync.fragments, &at_least_one, "1", "In which a copy travels", NULL),
    GW_FIELD_AS(J, "overlap", job.sync.overlap_steps, &amount, "0", "Local steps that each may be late",
                NULL),
    GW_FIELD_AS(J, "fixed", job.sync.fix_s, &seconds, "0 s", "Of every round: stop, start, compile", NULL),
    GW_FIELD_AS(J, "aggregator", job.aggregator, &aggregator, "fixed",
                "Where copies come together; ring: they are passed on instead", NULL),
    GW_FIELD_AS(J, "aggregator_site", aggregator_at, &site_index, "~",
                "A client's site where it begins; the first client's when absent", NULL),
    GW_FIELD_AS(J, "aggregator_worth", job.aggregator_worth_g, &grams, "0",
                "Grams of carbon per round below which the greenest one does not move", NULL),
    GW_FIELD_AS(J, "supply", job.power, &supply, "capacity",
                "capacity: any power; excess-only: what the site's own plants give beyond what it needs",
                NULL),
    GW_FIELD_AS(J, "straggler", job.straggler, &straggler, "wait", "What a round does about slow clients",
                NULL),
    GW_FIELD_AS(J, "cut", job.deadline_s, &seconds, "1 h", "Time of a round with straggler: deadline",
                "fedzero-2024"),
    GW_FIELD_AS(J, "over_select", job.over_select, &at_least_one, "1.3", "Clients asked over clients needed",
                "round number"),
    GW_FIELD_AS(J, "staleness", job.staleness, &amount, "10",
                "Other updates that may have come between, with straggler: async", "round number"),
    GW_FIELD_AS(J, "quorum", job.quorum_frac, &frac, "1", "Of the chosen that must be ready for a round",
                NULL),
    GW_FIELD_AS(J, "dropout", job.dropout_frac, &lost, "0", "A client fails in a round", NULL),
    GW_FIELD_AS(J, "leave_at_once", job.leave_at_once, &flag, "false",
                "Whether who is no longer chosen stops in the middle of a round", NULL),
    GW_FIELD_AS(J, "stay_on", job.stay_on, &flag, "false",
                "Whether who is not chosen waits instead of going off", NULL),
    GW_FIELD_AS(J, "always_on", job.always_on, &flag, "true",
                "Whether machines draw their held power while they are not called: they are there", NULL),
    GW_FIELD_AS(J, "unbiased", job.unbiased, &flag, "false",
                "Whether rare clients' updates weigh more, so that data count alike", NULL),
    GW_FIELD_AS(J, "fairness", job.blocklist.alpha, &amount, "0",
                "FedZero's alpha: who trained is held back for a while; 0: nobody", NULL),
    GW_FIELD_AS(J, "fairness_quantile", job.blocklist.quantile_frac, &frac, "1",
                "Of a round's utilities, up to which clients are held back", NULL),
    GW_FIELD_AS(J, "convergence", job.convergence.model, &convergence, "none",
                "How much more work learning apart takes", NULL),
    GW_FIELD_AS(J, "error_floor", job.convergence.floor, &amount, "0.0058", "Of power-rounds", NULL),
    GW_FIELD_AS(J, "error_scale", job.convergence.a, &amount, "0.144", "Of power-rounds", NULL),
    GW_FIELD_AS(J, "error_power", job.convergence.b, &amount, "0.865", "Of power-rounds", NULL),
    GW_FIELD_AS(J, "target", job.convergence.target, &amount, "0.02",
                "Error or metric at which power-rounds and table are done", NULL),
    GW_FIELD_AS(J, "curve", rows, &rows, "[]", "Of table, rounds rising", NULL),
    GW_FIELD_END,
};
#undef J

static void check_job(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_federated_cfg *j = object;
    const struct gw_convergence_row *point = j->rows.at;
    const struct gw_federated_client_cfg *client_at = j->clients.at;
    if (j->llm == NULL && isnan(j->job.sync.params)) {
        gw_bind_fail(bind, at, "params", "is needed where no llm is named");
    }
    if (j->llm == NULL && j->adapters_frac > 0.0) {
        gw_bind_fail(bind, at, "adapters", "is of an llm, and none is named: give params");
    }
    for (uint32_t c = 0; c < j->clients.n; c++) {
        const bool of_nodes = client_at[c].node != NULL || client_at[c].pool != NULL;
        if (client_at[c].node != NULL && client_at[c].pool != NULL) {
            gw_bind_fail(bind, at, "clients", "[%u] has both a node and a pool", (unsigned)c);
        } else if ((isnan(client_at[c].step_s) || isnan(client_at[c].power_kw)) &&
                   !(of_nodes && j->llm != NULL)) {
            gw_bind_fail(bind, at, "clients",
                         "[%u] needs step and power, or a node or pool and the job's llm", (unsigned)c);
        }
    }
    if (j->job.least_steps > j->job.local_steps) {
        gw_bind_fail(bind, at, "least_steps", "is above local_steps");
    }
    if (j->job.convergence.model == GW_CONVERGENCE_TABLE && j->rows.n == 0) {
        gw_bind_fail(bind, at, "curve", "is empty, and convergence is a table");
    }
    for (uint32_t i = 1; i < j->rows.n; i++) {
        if (point[i].rounds <= point[i - 1].rounds) {
            gw_bind_fail(bind, at, "curve", "its rounds do not rise");
            return;
        }
    }
}
static const struct gw_type job = {.kind = GW_OBJ,
                                   SIZE_OF(struct gw_federated_cfg),
                                   .of = job_fields,
                                   .check = check_job,
                                   .doc = "A training over several sites in rounds"};
const struct gw_type gw_schema_federation = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 100, .of = &job};
