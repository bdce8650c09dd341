#include "sim/run/schema.h"

#include <stdbool.h>
#include <math.h>
#include <string.h>

#include "models/cooling/plant.h"
#include "models/forecast/forecast.h"
#include "models/grid/region.h"
#include "models/hardware/hardware.h"
#include "models/hardware/technique.h"
#include "models/policies/registry.h"
#include "models/serving/fleet.h"
#include "models/supply/carbon_price.h"
#include "models/supply/contracts.h"
#include "models/supply/stress.h"
#include "models/supply/tariff.h"
#include "models/weather/site_weather.h"
#include "models/workload/burst.h"
#include "models/workload/length.h"
#include "models/workload/elastic.h"
#include "models/workload/release.h"
#include "models/workload/sessions.h"
#include "models/workload/shape.h"
#include "sim/base/text.h"
#include "sim/run/score.h"

#define SIZE_OF(type) .size = (uint32_t)sizeof(type)

static const struct gw_type text = {.kind = GW_TEXT, SIZE_OF(const char *)};
static const struct gw_type flag = {.kind = GW_BOOL, SIZE_OF(bool)};
static const struct gw_type date = {.kind = GW_TIME, SIZE_OF(gw_time_us)};
static const struct gw_type span = {
    .kind = GW_SPAN, SIZE_OF(gw_time_us), .unit = "s", .min = 1e-3, .max = 100.0 * 366 * 86400};
/* Policies see a day of epochs ahead, so a very short epoch would be a very long forecast. */
static const struct gw_type epoch_span = {
    .kind = GW_SPAN, SIZE_OF(gw_time_us), .unit = "s", .min = 1.0, .max = 100.0 * 366 * 86400};
static const struct gw_type any_int = {.kind = GW_INT, SIZE_OF(int64_t), .min = 0, .max = 9007199254740992.0};
static const struct gw_type count = {.kind = GW_INT, SIZE_OF(int64_t), .min = 1, .max = 1e6};
static const struct gw_type limit_ms = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "ms", .min = 1e-3, .max = 1e9};
static const struct gw_type rate = {.kind = GW_NUM, SIZE_OF(double), .unit = "1/s", .min = 0, .max = 1e7};

/* ---- names ---- */

/* A name stands in tables, messages, file columns and the names of random streams. */
static void check_name(struct gw_bind *bind, const struct gw_node *at, const char *name)
{
    if (name[0] == '\0') {
        gw_bind_fail(bind, at, "name", "a name may not be empty");
        return;
    }
    if (strlen(name) > GW_NAME_BYTES_MAX) {
        gw_bind_fail(bind, at, "name", "a name of %zu bytes; at most %d are allowed", strlen(name),
                     (int)GW_NAME_BYTES_MAX);
    }
    if (gw_text_has_control(name)) {
        gw_bind_fail(bind, at, "name",
                     "line breaks, tabs and other control characters may not stand in a name");
    }
}

static void check_named(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const char *name;
    memcpy(&name, object, sizeof name);
    check_name(bind, at, name);
}
_Static_assert(offsetof(struct gw_site_cfg, name) == 0 && offsetof(struct gw_model_cfg, name) == 0 &&
                   offsetof(struct gw_demand_cfg, name) == 0 && offsetof(struct gw_variant_cfg, name) == 0,
               "check_named reads the first member");

/* ---- time ---- */

static const struct gw_type drain_span = {
    .kind = GW_SPAN, SIZE_OF(gw_time_us), .unit = "s", .min = 1.0, .max = 30.0 * 86400};
static const struct gw_alt drain_alts[] = {
    [GW_DRAIN_UNTIL_DONE] = {.key = "until-done"},
    [GW_DRAIN_NONE] = {.key = "none"},
    [GW_DRAIN_AT_MOST] = {.key = "at_most", .type = &drain_span, .scalar_form = true},
    {0},
};
static const struct gw_type drain = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = drain_alts};
static const char *const initial_names[] = {"warm", "cold", NULL};
static const struct gw_type initial = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = initial_names};

static void must_divide(struct gw_bind *bind, const struct gw_node *at, const char *key, gw_time_us part,
                        const char *whole_key, gw_time_us whole)
{
    char a[GW_CLOCK_TEXT_MAX], b[GW_CLOCK_TEXT_MAX];
    if (part > whole || whole % part != 0) {
        gw_clock_print_span(part, a);
        gw_clock_print_span(whole, b);
        gw_bind_fail(bind, at, key, "%s does not divide the %s of %s", a, whole_key, b);
    }
}

static void check_time(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_time_cfg *t = object;
    must_divide(bind, at, "epoch", t->epoch_us, "duration", t->duration_us);
    must_divide(bind, at, "step", t->step_us, "epoch", t->epoch_us);
    if (t->window_us != GW_ABSENT) {
        must_divide(bind, at, "window", t->window_us, "step", t->step_us);
    }
}

static const struct gw_field time_fields[] = {
    GW_FIELD_AS(struct gw_time_cfg, "start", start_unix_us, &date, NULL, "First instant of the run, UTC",
                NULL),
    GW_FIELD_AS(struct gw_time_cfg, "duration", duration_us, &span, "24 h", "How long requests arrive",
                "round number"),
    GW_FIELD_AS(struct gw_time_cfg, "epoch", epoch_us, &epoch_span, "15 min", "How often policies plan",
                "slit-2025"),
    GW_FIELD_AS(struct gw_time_cfg, "step", step_us, &span, "5 min",
                "How often meters are read: weather, cooling, grid and ledger advance by it", "round number"),
    GW_FIELD_AS(struct gw_time_cfg, "window", window_us, &span, "~",
                "How old a router's picture of the sites may be; by default 1 s for policies that route each "
                "request. "
                "The others get an epoch or less, which changes nothing in their results",
                NULL),
    GW_FIELD(struct gw_time_cfg, drain, &drain, "until-done",
             "What happens after the last arrival: until-done (at most 2 d), none, or a longest time",
             "round number"),
    GW_FIELD(struct gw_time_cfg, initial, &initial, "warm",
             "warm runs one epoch before the scored time so that queues and batches are in flow; cold starts "
             "empty",
             NULL),
    GW_FIELD_END,
};
static const struct gw_type time_type = {.kind = GW_OBJ,
                                         SIZE_OF(struct gw_time_cfg),
                                         .of = time_fields,
                                         .check = check_time,
                                         .doc = "The clock of the run"};

/* ---- forecasts ---- */

#define SIGNALS(def)                                                                                         \
    GW_FIELD_AS(struct gw_forecasts_cfg, "carbon", signal[GW_FORECAST_CARBON], &gw_forecast_type, def,       \
                "Of carbon intensity, by score.policy_signal", NULL),                                        \
        GW_FIELD_AS(struct gw_forecasts_cfg, "price", signal[GW_FORECAST_PRICE], &gw_forecast_type, def,     \
                    "Of the electricity price", NULL),                                                       \
        GW_FIELD_AS(struct gw_forecasts_cfg, "water", signal[GW_FORECAST_WATER], &gw_forecast_type, def,     \
                    "Of the water that the grid's plants consume", NULL)

static const struct gw_field forecasts_fields[] = {
    SIGNALS("perfect"),
    GW_FIELD(struct gw_forecasts_cfg, demand, &gw_forecast_type, "perfect",
             "Of each demand row's rate; perfect is its expectation, without the luck of single requests",
             NULL),
    GW_FIELD(struct gw_forecasts_cfg, weather, &gw_forecast_weather_type, "perfect",
             "Of the air at sites whose plants need it", NULL),
    GW_FIELD_END,
};
static const struct gw_type forecasts = {.kind = GW_OBJ,
                                         SIZE_OF(struct gw_forecasts_cfg),
                                         .of = forecasts_fields,
                                         .doc = "What policies are told of the future"};
static const struct gw_field site_forecasts_fields[] = {SIGNALS("~"), GW_FIELD_END};
static const struct gw_type site_forecasts = {.kind = GW_OBJ,
                                              SIZE_OF(struct gw_forecasts_cfg),
                                              .of = site_forecasts_fields,
                                              .doc = "Forecasts of one site that differ from the scenario's"};
#undef SIGNALS

/* ---- sites ---- */

static const struct gw_type node_ref = {.kind = GW_REF, SIZE_OF(struct gw_machine), .of = "node"};
static const struct gw_field pool_fields[] = {
    GW_FIELD(struct gw_pool_cfg, node, &node_ref, NULL, "Kind of node, a name of the catalogue", NULL),
    GW_FIELD(struct gw_pool_cfg, count, &count, NULL, "Nodes of that kind", NULL),
    GW_FIELD_AS(struct gw_pool_cfg, "power_cap", limits.power_cap, &gw_pool_limits_cap, "none",
                "Power cap of each accelerator, in watts or as a share of its limit", NULL),
    GW_FIELD_AS(struct gw_pool_cfg, "clock", limits.clock, &gw_pool_limits_clock, "none",
                "Clock at which its accelerators are locked, in MHz or as a share of the highest", NULL),
    GW_FIELD_END,
};

static void check_pool(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_pool_cfg *p = object;
    gw_pool_limits_check(&p->limits, p->node->accelerator, bind, at);
}

static const struct gw_type pool = {.kind = GW_OBJ,
                                    SIZE_OF(struct gw_pool_cfg),
                                    .of = pool_fields,
                                    .check = check_pool,
                                    .doc = "Nodes of one kind"};
static const struct gw_type pools = {.kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 1000, .of = &pool};

static const struct gw_type cooling = {.kind = GW_NAMED,
                                       SIZE_OF(struct gw_named),
                                       .key = "plant",
                                       .named = gw_plant_type,
                                       .names = gw_plant_names};
static const struct gw_type weather = {.kind = GW_OPT, SIZE_OF(struct gw_pick), .of = &gw_site_weather_type};
static const char *const spare_names[] = {"idle", "sleep", "off", NULL};
static const struct gw_type spare = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = spare_names};

static const struct gw_type water_stress_class = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_stress_names};
static const struct gw_type water_stress = {.kind = GW_OPT, SIZE_OF(int32_t), .of = &water_stress_class};

static const struct gw_type reuse_share = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type reuse_supply = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "C", .min = 0, .max = 120};
static const struct gw_type power_kw = {.kind = GW_NUM, SIZE_OF(double), .unit = "kW", .min = 0, .max = 1e7};
static const struct gw_type month = {.kind = GW_INT, SIZE_OF(int64_t), .min = 1, .max = 12};
static const struct gw_type months = {.kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 12, .of = &month};
static const struct gw_field heat_reuse_fields[] = {
    GW_FIELD(struct gw_heat_reuse_cfg, share, &reuse_share, "1", "Part of the plant's heat that can be taken",
             NULL),
    GW_FIELD_AS(struct gw_heat_reuse_cfg, "supply", supply_c, &reuse_supply, "70 C",
                "Temperature at which the user takes it; a heat pump of the user's lifts it there",
                "cooling-presets"),
    GW_FIELD_AS(struct gw_heat_reuse_cfg, "demand", most_kw, &power_kw, "~",
                "Most heat that the user takes; all there is when absent", NULL),
    GW_FIELD(struct gw_heat_reuse_cfg, months, &months, "[]",
             "Months of the year, by UTC, in which it is taken; all when empty", NULL),
    GW_FIELD_END,
};
static const struct gw_type heat_reuse_type = {.kind = GW_OBJ,
                                               SIZE_OF(struct gw_heat_reuse_cfg),
                                               .of = heat_reuse_fields,
                                               .doc = "A user of the site's heat"};
static const struct gw_type heat_reuse = {
    .kind = GW_OPT, SIZE_OF(struct gw_heat_reuse_cfg), .of = &heat_reuse_type};

static const struct gw_type peaks_before = {
    .kind = GW_OPT, SIZE_OF(struct gw_tariff_before), .of = &gw_tariff_before_type};
static const struct gw_type site_carbon_price = {
    .kind = GW_OPT, SIZE_OF(struct gw_pick), .of = &gw_carbon_price_pick};
static const struct gw_type contracts = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 1000, .of = &gw_contracts_type};
static const struct gw_type residual = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "g/kWh", .min = 0, .max = 5000};

static const struct gw_field site_fields[] = {
    GW_FIELD(struct gw_site_cfg, name, &text, NULL, "Its name in results and messages", NULL),
    GW_FIELD(struct gw_site_cfg, place, &gw_location_type, NULL,
             "Where it stands: a place of the catalogue, or { at: { lat, lon } }", NULL),
    GW_FIELD(struct gw_site_cfg, grid, &gw_grid_type, NULL,
             "The electricity it buys: a grid of the catalogue, whose hours are made; { mean: ... }, { "
             "constant: ... } or { file: ... }",
             NULL),
    GW_FIELD(struct gw_site_cfg, cooling, &cooling, "constant", "Its cooling plant", NULL),
    GW_FIELD(
        struct gw_site_cfg, weather, &weather, "~",
        "Its weather, for plants that need it: generated, a climate of the catalogue, or { file: ... }; the "
        "climate of its place when absent",
        NULL),
    GW_FIELD(struct gw_site_cfg, tariff, &gw_tariff_pick, "wholesale",
             "What its electricity costs: wholesale (the grid's price), a tariff of the catalogue, or "
             "{ terms: ... }",
             NULL),
    GW_FIELD(struct gw_site_cfg, peaks_before, &peaks_before, "~",
             "Power drawn before the run, for tariffs that charge for a month's or a year's peak", NULL),
    GW_FIELD(struct gw_site_cfg, carbon_price, &site_carbon_price, "~",
             "Price of carbon at this site; the scenario's when absent", NULL),
    GW_FIELD(struct gw_site_cfg, contracts, &contracts, "[]",
             "Power purchase agreements and certificates, for the market-based view", NULL),
    GW_FIELD_AS(struct gw_site_cfg, "residual_mix", residual_gco2_per_kwh, &residual, "~",
                "Carbon intensity of what nobody has claimed; the grid's average when absent", NULL),
    GW_FIELD(struct gw_site_cfg, heat_reuse, &heat_reuse, "~",
             "Who takes its heat; when absent what the cooling plant's own `reuse` says", NULL),
    GW_FIELD(struct gw_site_cfg, water_stress, &water_stress, "~",
             "How short of water its basin is; the class of its place when absent", NULL),
    GW_FIELD(struct gw_site_cfg, spare, &spare, "idle", "State of nodes on which no replica stands", NULL),
    GW_FIELD(struct gw_site_cfg, pools, &pools, "[]", "Its nodes; a site with rented accelerators needs none",
             NULL),
    GW_SUPPLY_FIELDS(struct gw_site_cfg, supply),
    GW_FIELD(struct gw_site_cfg, forecast, &site_forecasts, "{}",
             "Forecasts of its grid that differ from the scenario's", NULL),
    GW_FIELD_END,
};
static const struct gw_type site = {.kind = GW_OBJ,
                                    SIZE_OF(struct gw_site_cfg),
                                    .of = site_fields,
                                    .check = check_named,
                                    .doc = "A datacenter"};
static const struct gw_type sites = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .min = 1, .max = 10000, .of = &site};

/* ---- serving ---- */

static const struct gw_type llm_ref = {.kind = GW_REF, SIZE_OF(struct gw_llm), .of = "llm"};
static const struct gw_type engine_ref = {.kind = GW_REF, SIZE_OF(struct gw_engine), .of = "engine"};
static const struct gw_type technique_ref = {.kind = GW_REF, SIZE_OF(struct gw_technique), .of = "technique"};
static const struct gw_type techniques = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .min = 0, .max = GW_TECHNIQUE_KINDS, .of = &technique_ref};
static const struct gw_type shape_ref = {.kind = GW_REF, SIZE_OF(struct gw_shape), .of = "shape"};
static const struct gw_type parallel = {.kind = GW_INT, SIZE_OF(int64_t), .min = 1, .max = 1024};
static const struct gw_alt tensor_parallel_alts[] = {
    [GW_TENSOR_PARALLEL_NODE] = {.key = "node"},
    [GW_TENSOR_PARALLEL_COUNT] = {.key = "count", .type = &parallel, .scalar_form = true},
    {0},
};
static const struct gw_type tensor_parallel = {
    .kind = GW_PICK, SIZE_OF(struct gw_pick), .of = tensor_parallel_alts};
static const struct gw_type link_rate = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "Gbit/s", .min = 0.1, .max = 1e6};
static const struct gw_type link_energy = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "J/GB", .min = 0, .max = 1e6};
static const struct gw_type phase_site_index = {.kind = GW_INDEX, SIZE_OF(uint32_t), .of = "sites"};
static const struct gw_type phase_site = {.kind = GW_OPT, SIZE_OF(uint32_t), .of = &phase_site_index};
static const struct gw_field split_fields[] = {
    GW_FIELD(struct gw_split_cfg, prefill, &count, NULL,
             "Replicas per site that only prefill; they take nodes from the first pool on", NULL),
    GW_FIELD(struct gw_split_cfg, decode, &count, NULL,
             "Replicas per site that go on from there; they take nodes from the last pool on", NULL),
    GW_FIELD(struct gw_split_cfg, prefill_site, &phase_site, "~",
             "The one site where prompts are processed, with decode_site; when absent every site does both",
             NULL),
    GW_FIELD(struct gw_split_cfg, decode_site, &phase_site, "~",
             "The one site that goes on from there: keys and values cross the network between the two", NULL),
    GW_FIELD_AS(struct gw_split_cfg, "link", link_gbps, &link_rate, "400 Gbit/s",
                "Of a replica that prefills, for keys and values; to another site at most what the network "
                "lets through",
                "splitwise-2024"),
    GW_FIELD_AS(struct gw_split_cfg, "link_energy", link_j_per_gb, &link_energy, "0 J/GB",
                "What carrying them adds to what the nodes draw", NULL),
    GW_FIELD_END,
};
static const struct gw_type split = {.kind = GW_OBJ,
                                     SIZE_OF(struct gw_split_cfg),
                                     .of = split_fields,
                                     .doc = "Prompts on some replicas, decoding on others"};
static const struct gw_alt replicas_alts[] = {
    [GW_REPLICAS_AUTO] = {.key = "auto"},
    [GW_REPLICAS_COUNT] = {.key = "count", .type = &count, .scalar_form = true},
    [GW_REPLICAS_SPLIT] = {.key = "split", .type = &split},
    {0},
};
static const struct gw_type replicas = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = replicas_alts};
static const struct gw_type dispatch = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_dispatch_names};
static const struct gw_type on_overload = {
    .kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_fleet_wait_overload_names};
static const struct gw_type pack_limit = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 1, .max = 1e6};

static const char *const drafts_names[] = {"mean", "drawn", NULL};
static const struct gw_type drafts = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = drafts_names};

static const struct gw_field model_fields[] = {
    GW_FIELD(struct gw_model_cfg, name, &text, NULL, "Its name; the llm's name when left out", NULL),
    GW_FIELD(struct gw_model_cfg, llm, &llm_ref, NULL, "The model served, a name of the catalogue", NULL),
    GW_FIELD(struct gw_model_cfg, engine, &engine_ref, "vllm-0.15", "The serving engine", "round number"),
    GW_FIELD(
        struct gw_model_cfg, techniques, &techniques, "[]",
        "How it is made cheaper to serve: quantised, sparse, distilled, drafted; names of the catalogue, "
        "one of each kind",
        NULL),
    GW_FIELD(
        struct gw_model_cfg, drafts, &drafts, "mean",
        "With speculative decoding: how many drafted tokens a step accepts, their mean, or drawn for each "
        "sequence (exact mode, a whole number of draft_tokens)",
        NULL),
    GW_FIELD(
        struct gw_model_cfg, tensor_parallel, &tensor_parallel, NULL,
        "Accelerators that share one replica; node: all of the node, whatever pool it stands in, over the "
        "stages of pipeline_parallel",
        NULL),
    GW_FIELD(struct gw_model_cfg, pipeline_parallel, &parallel, "1",
             "Stages of a replica, each with tensor_parallel accelerators and its part of the layers", NULL),
    GW_FIELD(struct gw_model_cfg, replicas, &replicas, "auto",
             "Replicas per site: a number; auto: enough for the peak of all demand at 65 % of capacity, as "
             "far as the site has nodes; or split: some for prompts and others that decode",
             "geowatt-design"),
    GW_FIELD(struct gw_model_cfg, dispatch, &dispatch, "least-pending",
             "Which replica of a site takes a request", NULL),
    GW_FIELD(struct gw_model_cfg, pack_limit, &pack_limit, "64",
             "With dispatch pack: requests in flight up to which a replica is filled", "round number"),
    GW_FIELD(
        struct gw_model_cfg, on_overload, &on_overload, "queue",
        "What becomes of a request that finds its site overloaded, or out: it waits, is refused, or sent on "
        "to another site, once",
        NULL),
    GW_FIELD(struct gw_model_cfg, queue_limit, &count, "512",
             "Unless on_overload is queue: requests per standing replica, running and waiting, from which a "
             "site is "
             "overloaded",
             "round number"),
    GW_FIELD_END,
};
static void check_model(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    check_named(object, bind, at);
    const struct gw_model_cfg *m = object;
    const struct gw_technique *const *list = m->techniques.at;
    const uint32_t i = gw_technique_clash(list, m->techniques.n);
    if (i < m->techniques.n) {
        gw_bind_fail(bind, at, "techniques", "%s changes the %s, which another of them has already changed",
                     list[i]->name, gw_technique_kind_names[list[i]->kind]);
    }
    for (uint32_t t = 0; m->drafts == GW_DRAFTS_DRAWN && t < m->techniques.n; t++) {
        if (list[t]->draft_tokens != floor(list[t]->draft_tokens)) {
            gw_bind_fail(bind, at, "drafts", "cannot draw how many of %g tokens of %s are accepted",
                         list[t]->draft_tokens, list[t]->name);
        }
    }
}

static const struct gw_type model = {.kind = GW_OBJ,
                                     SIZE_OF(struct gw_model_cfg),
                                     .of = model_fields,
                                     .check = check_model,
                                     .doc = "A served model"};
static const struct gw_type models = {.kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 1000, .of = &model};

static const struct gw_field slo_fields[] = {
    GW_FIELD_AS(struct gw_slo_cfg, "ttft", ttft_ms, &limit_ms, "~", "Longest time to first token", NULL),
    GW_FIELD_AS(struct gw_slo_cfg, "tpot", tpot_ms, &limit_ms, "~",
                "Longest time per output token after the first", NULL),
    GW_FIELD_END,
};
static const struct gw_type slo = {.kind = GW_OBJ,
                                   SIZE_OF(struct gw_slo_cfg),
                                   .of = slo_fields,
                                   .doc = "What the users of a demand row were promised"};

static const struct gw_type site_index = {.kind = GW_INDEX, SIZE_OF(uint32_t), .of = "sites"};
static const struct gw_type site_list = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .min = 1, .max = 10000, .of = &site_index};
static const struct gw_alt allowed_alts[] = {
    [GW_SITES_ALL] = {.key = "all"},
    [GW_SITES_LIST] = {.key = "only", .type = &site_list, .scalar_form = true},
    {0},
};
static const struct gw_type allowed = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = allowed_alts};
static const struct gw_type model_index = {.kind = GW_INDEX, SIZE_OF(uint32_t), .of = "models"};

static const struct gw_type hit_frac = {.kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 0, .max = 0.99};
static const struct gw_type priority = {.kind = GW_INT, SIZE_OF(int64_t), .min = 0, .max = UINT8_MAX};
static const struct gw_type timeout_ms = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "ms", .min = 1, .max = 4e9};

static const char *const class_names[] = {"interactive", "batch", NULL};
static const struct gw_type class = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = class_names};

static const struct gw_type directive_ref = {.kind = GW_REF, SIZE_OF(struct gw_directive), .of = "directive"};

static const struct gw_field demand_fields[] = {
    GW_FIELD(struct gw_demand_cfg, name, &text, NULL, "Its name; the origin's name when left out", NULL),
    GW_FIELD(struct gw_demand_cfg, origin, &gw_location_type, NULL,
             "Where its users are: a place of the catalogue, or { at: { lat, lon } }", NULL),
    GW_FIELD(struct gw_demand_cfg, model, &model_index, NULL, "The served model it asks for", NULL),
    GW_FIELD_AS(struct gw_demand_cfg, "rate", rate_per_s, &rate, "~",
                "Requests per second, mean over a week; with a trace, the mean over the run to which it is "
                "scaled",
                NULL),
    GW_FIELD(struct gw_demand_cfg, shape, &shape_ref, "~",
             "How the rate moves over day and week; flat when absent", NULL),
    GW_FIELD(struct gw_demand_cfg, arrivals, &gw_burst_type, "poisson",
             "How requests crowd within the hour; the expected rate is the same for all", NULL),
    GW_FIELD(struct gw_demand_cfg, sessions, &gw_sessions_type, "single",
             "Whether users come back: single, chat, or agent; the rate counts all turns", NULL),
    GW_FIELD(struct gw_demand_cfg, elastic, &gw_elastic_type, "~",
             "How the rate answers to latency, price or energy of the last epoch: rebound", NULL),
    GW_FIELD(struct gw_demand_cfg, class, &class, "interactive",
             "Whether somebody waits for the answer, or it only has a deadline", NULL),
    GW_FIELD_AS(struct gw_demand_cfg, "deadline", deadline_us, &span, "24 h",
                "Of batch rows: from asking to the whole answer", "round number"),
    GW_FIELD(struct gw_demand_cfg, release, &gw_release_type, "at-once",
             "Of batch rows: when requests are let go; a policy's order goes before it", NULL),
    GW_FIELD(struct gw_demand_cfg, lengths, &gw_lengths_type, "azure-conversation",
             "Prompt and output tokens per request", "azure-2023"),
    GW_FIELD(struct gw_demand_cfg, trace, &gw_replay_type, "~",
             "Requests that somebody recorded, instead of generated ones", NULL),
    GW_FIELD(struct gw_demand_cfg, slo, &slo, "{}", "Its limits", NULL),
    GW_FIELD(struct gw_demand_cfg, allowed_sites, &allowed, "all",
             "Sites that may serve it: all, or a list of names", NULL),
    GW_FIELD(struct gw_demand_cfg, forecast, &gw_forecast_type, "~",
             "Forecast of its rate; the scenario's when absent", NULL),
    GW_FIELD(struct gw_demand_cfg, prefix_hit_frac, &hit_frac, "0",
             "Share of each prompt whose keys and values an engine has from earlier ones", NULL),
    GW_FIELD(struct gw_demand_cfg, priority, &priority, "0",
             "The higher the earlier, where the engine's admission is by priority", NULL),
    GW_FIELD_AS(
        struct gw_demand_cfg, "timeout", timeout_ms, &timeout_ms, "~",
        "Time at a site after which a request that is not answered in full gives up; never when absent",
        NULL),
    GW_FIELD(struct gw_demand_cfg, directives, &directive_ref, "~",
             "Levels of a generation directive, from which a policy of the slot directives may choose", NULL),
    GW_FIELD_END,
};
static void check_demand(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_demand_cfg *cfg = object;
    check_named(object, bind, at);
    if (cfg->trace == NULL && isnan(cfg->rate_per_s)) {
        gw_bind_fail(bind, at, NULL, "required key rate is missing: only a row with a trace does without");
    }
    if (cfg->trace != NULL && !isnan(cfg->rate_per_s) && cfg->trace->scale != 1) {
        gw_bind_fail(bind, at, "trace.scale", "the row has a rate, to which its trace is scaled already");
    }
    if (cfg->trace != NULL && cfg->shape != NULL) {
        gw_bind_fail(bind, at, "shape", "the row has a trace, which is its own shape");
    }
    if (cfg->trace != NULL && cfg->elastic.name != NULL) {
        gw_bind_fail(bind, at, "elastic", "the row has a trace, whose requests were sent already");
    }
    if (cfg->class == GW_CLASS_BATCH && cfg->elastic.name != NULL) {
        gw_bind_fail(bind, at, "elastic", "nobody waits for the answers of a batch row");
    }
}

static const struct gw_type demand = {.kind = GW_OBJ,
                                      SIZE_OF(struct gw_demand_cfg),
                                      .of = demand_fields,
                                      .check = check_demand,
                                      .doc = "Requests of one kind from one place"};
static const struct gw_type demands = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 10000, .of = &demand};

static const char *const mode_names[] = {"exact", "flow", NULL};
static const struct gw_type mode = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = mode_names};
static const struct gw_field serving_fields[] = {
    GW_FIELD(struct gw_serving_section, mode, &mode, "exact",
             "exact serves every token; flow serves mean rates, for long studies below 80 % load", NULL),
    GW_FIELD(struct gw_serving_section, models, &models, "[]", "What is served", NULL),
    GW_FIELD(struct gw_serving_section, demand, &demands, "[]", "What is asked for", NULL),
    GW_FIELD_END,
};
static const struct gw_type serving = {.kind = GW_OBJ,
                                       SIZE_OF(struct gw_serving_section),
                                       .of = serving_fields,
                                       .doc = "Models and the requests for them"};

/* ---- policies, score, output ---- */

/* One type per slot: what may stand in it. */
#define ROW(id, word, text)                                                                                  \
    static const char *const *word##_names(void)                                                             \
    {                                                                                                        \
        return gw_registry_names_for(GW_SLOTS_##id);                                                         \
    }                                                                                                        \
    static const struct gw_type word##_policy = {.kind = GW_NAMED,                                           \
                                                 SIZE_OF(struct gw_named),                                   \
                                                 .key = "policy",                                            \
                                                 .named = gw_registry_type,                                  \
                                                 .names = word##_names};
GW_SLOTS(ROW)
#undef ROW
static const struct gw_field default_fields[] = {
#define ROW(id, key, doc)                                                                                    \
    GW_FIELD_AS(struct gw_slots_cfg, #key, slot[GW_SLOTS_##id], &key##_policy,                               \
                GW_SLOTS_##id == GW_SLOTS_ROUTING    ? "nearest"                                             \
                : GW_SLOTS_##id == GW_SLOTS_TRAINING ? "run-now"                                             \
                                                     : "~",                                                  \
                doc, NULL),
    GW_SLOTS(ROW)
#undef ROW
        GW_FIELD_END,
};
static const struct gw_type defaults = {.kind = GW_OBJ,
                                        SIZE_OF(struct gw_slots_cfg),
                                        .of = default_fields,
                                        .doc = "What fills the slots that a variant leaves open"};
static const struct gw_field every_fields[] = {
#define ROW(id, key, doc)                                                                                    \
    GW_FIELD_AS(struct gw_every_cfg, #key, slot_us[GW_SLOTS_##id], &span, "~", "Of the slot " #key, NULL),
    GW_SLOTS(ROW)
#undef ROW
        GW_FIELD_END,
};
static const struct gw_type every = {.kind = GW_OBJ,
                                     SIZE_OF(struct gw_every_cfg),
                                     .of = every_fields,
                                     .doc = "How often policies plan: the epoch where absent"};
static const struct gw_field variant_fields[] = {
    GW_FIELD(struct gw_variant_cfg, name, &text, NULL, "Its name in tables and figures", NULL),
#define ROW(id, key, doc)                                                                                    \
    GW_FIELD_AS(struct gw_variant_cfg, #key, slots.slot[GW_SLOTS_##id], &key##_policy, "~", doc, NULL),
    GW_SLOTS(ROW)
#undef ROW
        GW_FIELD(struct gw_variant_cfg, every, &every, "{}",
                 "How often each slot plans, a multiple of time.step", NULL),
    GW_FIELD_END,
};
static const struct gw_type variant = {.kind = GW_OBJ,
                                       SIZE_OF(struct gw_variant_cfg),
                                       .of = variant_fields,
                                       .check = check_named,
                                       .doc = "A combination of policies, one row of the score table"};
static const struct gw_type variants = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .min = 1, .max = 1000, .of = &variant};

/* ---- events ---- */

static const struct gw_type since_start = {
    .kind = GW_SPAN, SIZE_OF(gw_time_us), .unit = "s", .min = 0, .max = 100.0 * 366 * 86400};
static const char *const outage_names[] = {"site-outage", "node-outage", "grid-outage", "network-outage",
                                           NULL};
static const struct gw_type outage = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = outage_names};
static const struct gw_type some_pool = {.kind = GW_OPT, SIZE_OF(int64_t), .of = &any_int};
static const struct gw_type some_replicas = {.kind = GW_OPT, SIZE_OF(int64_t), .of = &count};
static const struct gw_type some_model = {.kind = GW_OPT, SIZE_OF(uint32_t), .of = &model_index};
static const struct gw_field event_fields[] = {
    GW_FIELD_AS(struct gw_event_cfg, "at", at_us, &since_start, NULL,
                "When it begins, from the start of the run; a multiple of time.step", NULL),
    GW_FIELD_AS(struct gw_event_cfg, "for", for_us, &span, NULL, "How long it lasts, a multiple of time.step",
                NULL),
    GW_FIELD(struct gw_event_cfg, site, &site_index, NULL, "Where", NULL),
    GW_FIELD(struct gw_event_cfg, what, &outage, NULL, "What is out", NULL),
    GW_FIELD(struct gw_event_cfg, pool, &some_pool, "~",
             "With node-outage: only nodes of this pool, counted from 0", NULL),
    GW_FIELD(struct gw_event_cfg, model, &some_model, "~", "With node-outage: only nodes of this model",
             NULL),
    GW_FIELD(struct gw_event_cfg, replicas, &some_replicas, "~",
             "With node-outage: the nodes of at most as many replicas; all when absent", NULL),
    GW_FIELD_END,
};
static const struct gw_type event = {
    .kind = GW_OBJ, SIZE_OF(struct gw_event_cfg), .of = event_fields, .doc = "Something that breaks"};
static const struct gw_type events = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .min = 0, .max = 10000, .of = &event};

static const struct gw_type carbon_signal = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_carbon_signal_names};
static const struct gw_type bound = {.kind = GW_ENUM, SIZE_OF(int32_t), .of = gw_score_objective_names};
static const struct gw_type bounds = {
    .kind = GW_LIST, SIZE_OF(struct gw_slice), .max = GW_SCORE_OBJECTIVES, .of = &bound};
static const struct gw_field score_fields[] = {
    GW_FIELD(struct gw_score_cfg, signal, &carbon_signal, "average-lifecycle",
             "Carbon signal of the column carbon_kgco2", NULL),
    GW_FIELD(struct gw_score_cfg, policy_signal, &carbon_signal, "average-lifecycle",
             "Carbon signal that policies see", NULL),
    GW_FIELD(struct gw_score_cfg, marginal_signal, &carbon_signal, "marginal-lifecycle",
             "Carbon signal of the column delta_carbon_marginal_kgco2, which scores changes only", NULL),
    GW_FIELD(struct gw_score_cfg, baseline, &text, "~",
             "Policy that others are compared with; the first when absent", NULL),
    GW_FIELD(
        struct gw_score_cfg, bounds, &bounds, "[]",
        "Objectives whose bounds are found, by a linear program per epoch, and how far plans are from them",
        NULL),
    GW_FIELD_END,
};
static const struct gw_type score = {
    .kind = GW_OBJ, SIZE_OF(struct gw_score_cfg), .of = score_fields, .doc = "How runs are scored"};

static const struct gw_type figures = {.kind = GW_LIST, SIZE_OF(struct gw_slice), .max = 100, .of = &text};
static const struct gw_type sample_frac = {
    .kind = GW_NUM, SIZE_OF(double), .unit = "1", .min = 1e-9, .max = 1};
static const struct gw_alt requests_alts[] = {
    [GW_REQUESTS_NONE] = {.key = "none"},
    [GW_REQUESTS_ALL] = {.key = "all"},
    [GW_REQUESTS_SAMPLE] = {.key = "sample", .type = &sample_frac, .scalar_form = true},
    {0},
};
static const struct gw_type requests = {.kind = GW_PICK, SIZE_OF(struct gw_pick), .of = requests_alts};
static const struct gw_field output_fields[] = {
    GW_FIELD(struct gw_output_cfg, figures, &figures, "[scores]", "Figures to draw", NULL),
    GW_FIELD_AS(struct gw_output_cfg, "every", every_us, &span, "~",
                "Spacing of the time series in the result: the epoch, or 1 h beyond 7 days, when absent",
                "round number"),
    GW_FIELD(struct gw_output_cfg, embed, &flag, "true",
             "Put the traces that were read into the result, so that it can be repeated from that file alone",
             NULL),
    GW_FIELD(struct gw_output_cfg, requests, &requests, "none",
             "Requests that requests.h5 has a row of: none, all, or a share, the same ones for every policy",
             NULL),
    GW_FIELD_END,
};
static const struct gw_type output = {
    .kind = GW_OBJ, SIZE_OF(struct gw_output_cfg), .of = output_fields, .doc = "What is written"};

static void check_root(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_scenario_cfg *cfg = object;
    check_name(bind, at, cfg->name);
    if (cfg->title != NULL && gw_text_has_control(cfg->title)) {
        gw_bind_fail(bind, at, "title",
                     "line breaks, tabs and other control characters may not stand in a title");
    }
    const bool serves = cfg->serving.models.n > 0 && cfg->serving.demand.n > 0;
    if (!serves && cfg->serving.models.n + cfg->serving.demand.n > 0) {
        const char *key = cfg->serving.models.n == 0 ? "serving.models" : "serving.demand";
        gw_bind_fail(bind, at, key, "the list is empty, and the other one of serving is not");
    } else if (!serves && cfg->training.jobs.n + cfg->training.streams.n + cfg->training.federated.n == 0) {
        gw_bind_fail(bind, at, NULL, "there is nothing to do: neither serving nor training has any work");
    }
    if (cfg->output.every_us != GW_ABSENT && cfg->output.every_us % cfg->time.step_us != 0) {
        gw_bind_fail(bind, gw_node_get(at, "output"), "every", "is not a multiple of time.step");
    }
}

static const struct gw_type version = {
    .kind = GW_INT, SIZE_OF(int64_t), .min = GW_SCHEMA_VERSION, .max = GW_SCHEMA_VERSION};
static const struct gw_type replications = {.kind = GW_INT, SIZE_OF(int64_t), .min = 1, .max = 100000};
static const struct gw_field root_fields[] = {
    GW_FIELD(struct gw_scenario_cfg, geowatt, &version, NULL, "Version of the scenario format, 1", NULL),
    GW_FIELD(struct gw_scenario_cfg, name, &text, NULL, "Name of the experiment", NULL),
    GW_FIELD(struct gw_scenario_cfg, title, &text, "~", "One sentence for tables and figures", NULL),
    GW_FIELD(struct gw_scenario_cfg, seed, &any_int, "1", "Seed of all random streams", "round number"),
    GW_FIELD(struct gw_scenario_cfg, replications, &replications, "1",
             "Runs per policy with different random numbers, the same for all policies", NULL),
    GW_FIELD(struct gw_scenario_cfg, time, &time_type, NULL, "The clock", NULL),
    GW_FIELD(struct gw_scenario_cfg, network, &gw_network_type, "{}", "How long messages take", NULL),
    GW_FIELD(struct gw_scenario_cfg, carbon_price, &gw_carbon_price_pick, "0 USD/t",
             "Price of carbon, a column of its own: a number, or a market of the catalogue", NULL),
    GW_FIELD(struct gw_scenario_cfg, sites, &sites, NULL, "The datacenters", NULL),
    GW_FIELD(struct gw_scenario_cfg, serving, &serving, "{}", "Models and demand", NULL),
    GW_FIELD(struct gw_scenario_cfg, training, &gw_schema_training, "{}", "Training jobs", NULL),
    GW_FIELD(struct gw_scenario_cfg, forecast, &forecasts, "{}", "What policies are told of the future",
             NULL),
    GW_FIELD(struct gw_scenario_cfg, defaults, &defaults, "{}", "Policies of slots that variants leave open",
             NULL),
    GW_FIELD(struct gw_scenario_cfg, policies, &variants, NULL,
             "What is compared: each row a variant; a bare name fills the slot it is made for", NULL),
    GW_FIELD(struct gw_scenario_cfg, events, &events, "[]", "What breaks, when, and for how long", NULL),
    GW_FIELD(struct gw_scenario_cfg, score, &score, "{}", "How runs are scored", NULL),
    GW_FIELD(struct gw_scenario_cfg, output, &output, "{}", "What is written", NULL),
    GW_FIELD_END,
};
const struct gw_type gw_schema_scenario = {.kind = GW_OBJ,
                                           SIZE_OF(struct gw_scenario_cfg),
                                           .of = root_fields,
                                           .check = check_root,
                                           .doc = "One experiment"};

const struct gw_index_kind gw_schema_lists[] = {
    {"sites", "sites", "name"},
    {"models", "serving.models", "name"},
    {NULL, NULL, NULL},
};

const char *gw_schema_example(const char *path)
{
    static const struct {
        const char *path, *value;
    } examples[] = {
        {"geowatt", "1"},
        {"name", "explained"},
        {"time.start", "2023-06-01T00:00:00Z"},
        {"sites.name", "oregon"},
        {"sites.place", "the-dalles"},
        {"sites.grid", "US-NW-BPAT"},
        {"sites.pools", "[ { node: h100x8, count: 4 } ]"},
        {"sites.pools.node", "h100x8"},
        {"sites.pools.count", "4"},
        {"serving.models", "[ { name: llama-2-70b, llm: llama-2-70b, tensor_parallel: 8 } ]"},
        {"serving.models.name", "llama-2-70b"},
        {"serving.models.llm", "llama-2-70b"},
        {"serving.models.tensor_parallel", "8"},
        {"serving.demand", "[ { name: us-east, origin: us-east, model: llama-2-70b, rate: 5 /s } ]"},
        {"serving.demand.name", "us-east"},
        {"serving.demand.origin", "us-east"},
        {"serving.demand.model", "llama-2-70b"},
        {"serving.demand.rate", "5 /s"},
        {"policies.name", "nearest"},
        {"events.at", "1 h"},
        {"events.for", "15 min"},
        {"events.site", "oregon"},
        {"events.what", "node-outage"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        if (strcmp(examples[i].path, path) == 0) {
            return examples[i].value;
        }
    }
    return NULL;
}
