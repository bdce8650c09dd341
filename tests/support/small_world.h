/* tests/support/small_world.h - a scenario in miniature whose tables use every kind of type: for the binder's
 * unit, property and fuzz tests. Nothing here is a model; the numbers are round. */
#ifndef GW_TESTS_SUPPORT_SMALL_WORLD_H
#define GW_TESTS_SUPPORT_SMALL_WORLD_H

#include <string.h>

#include "sim/core/clock.h"
#include "sim/tree/bind.h"

/* ---- scalars ---- */

static const struct gw_type small_text = {.kind = GW_TEXT};
static const struct gw_type small_path = {.kind = GW_PATH};
static const struct gw_type small_bool = {.kind = GW_BOOL};
static const struct gw_type small_time = {.kind = GW_TIME};
static const struct gw_type small_version = {.kind = GW_INT, .min = 1, .max = 1};
static const struct gw_type small_seed = {.kind = GW_INT};
static const struct gw_type small_count = {.kind = GW_INT, .min = 1, .max = 1000};
static const struct gw_type small_number = {.kind = GW_NUM, .unit = "1"};
static const struct gw_type small_frac = {.kind = GW_NUM, .unit = "1", .min = 0, .max = 0.5};
static const struct gw_type small_w = {.kind = GW_NUM, .unit = "W", .min = 0, .max = 2000};
static const struct gw_type small_kw = {.kind = GW_NUM, .unit = "kW", .min = 0, .max = 1e6};
static const struct gw_type small_kwh = {.kind = GW_NUM, .unit = "kWh", .min = 0, .max = 1e6};
static const struct gw_type small_rate = {.kind = GW_NUM, .unit = "1/s", .min = 0, .max = 1e6};
static const struct gw_type small_g_per_kwh = {.kind = GW_NUM, .unit = "g/kWh", .min = 0, .max = 2000};
static const struct gw_type small_span = {.kind = GW_SPAN, .unit = "s", .min = 1, .max = 31536000};

/* ---- a part decided by a registry ---- */

struct small_linear {
    double slope;
};
struct small_curve {
    double start, bend;
};
static const struct gw_field small_linear_fields[] = {
    GW_FIELD(struct small_linear, slope, &small_number, "1", "Rise per load", "round number"),
    GW_FIELD_END,
};
static const struct gw_field small_curve_fields[] = {
    GW_FIELD(struct small_curve, start, &small_number, "0.1", "Value without load", NULL),
    GW_FIELD(struct small_curve, bend, &small_number, NULL, "Exponent", NULL),
    GW_FIELD_END,
};
static const struct gw_type small_linear_type = {
    .kind = GW_OBJ, .size = sizeof(struct small_linear), .of = small_linear_fields, .doc = "A straight line"};
static const struct gw_type small_curve_type = {.kind = GW_OBJ,
                                                .size = sizeof(struct small_curve),
                                                .of = small_curve_fields,
                                                .doc = "A power of the load"};
static const struct gw_type small_flat_type = {.kind = GW_OBJ, .doc = "Always the same"};

static const struct gw_type *small_law_type(const char *name)
{
    return strcmp(name, "linear") == 0  ? &small_linear_type
           : strcmp(name, "curve") == 0 ? &small_curve_type
           : strcmp(name, "flat") == 0  ? &small_flat_type
                                        : NULL;
}

static const char *const *small_law_names(void)
{
    static const char *const names[] = {"linear", "curve", "flat", NULL};
    return names;
}

static const struct gw_type small_law = {
    .kind = GW_NAMED, .key = "law", .named = small_law_type, .names = small_law_names};

/* ---- the catalogue ---- */

struct small_chip {
    const char *name;
    double tdp_w, idle_w;
    struct gw_named power;
};
static const struct gw_field small_chip_fields[] = {
    GW_FIELD(struct small_chip, name, &small_text, "~", "Key in the catalogue", NULL),
    GW_FIELD(struct small_chip, tdp_w, &small_w, NULL, "Power limit", NULL),
    GW_FIELD(struct small_chip, idle_w, &small_w, "50", "Power without load", "round number"),
    GW_FIELD(struct small_chip, power, &small_law, "linear", "Power over load", NULL),
    GW_FIELD_END,
};

/* What one row cannot say: a relation between two. */
static void small_chip_check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct small_chip *chip = object;
    if (chip->idle_w > chip->tdp_w) {
        gw_bind_fail(bind, at, "idle_w", "idle_w %g W is above tdp_w %g W", chip->idle_w, chip->tdp_w);
    }
}
static const struct gw_type small_chip_type = {.kind = GW_OBJ,
                                               .size = sizeof(struct small_chip),
                                               .of = small_chip_fields,
                                               .check = small_chip_check,
                                               .doc = "An accelerator"};
static const struct gw_type small_chip_ref = {
    .kind = GW_REF, .size = sizeof(struct small_chip), .of = "chip"};

struct small_machine {
    const char *name;
    const struct small_chip *chip;
    int64_t count;
};
static const struct gw_field small_machine_fields[] = {
    GW_FIELD(struct small_machine, name, &small_text, "~", "Key in the catalogue", NULL),
    GW_FIELD(struct small_machine, chip, &small_chip_ref, NULL, "What it holds", NULL),
    GW_FIELD(struct small_machine, count, &small_count, "8", "How many of them", NULL),
    GW_FIELD_END,
};
static const struct gw_type small_machine_type = {
    .kind = GW_OBJ, .size = sizeof(struct small_machine), .of = small_machine_fields, .doc = "A server"};
static const struct gw_type small_machine_ref = {
    .kind = GW_REF, .size = sizeof(struct small_machine), .of = "node"};

/* ---- sites ---- */

struct small_grid {
    double carbon;
};
struct small_battery {
    double energy_kwh, power_kw;
};
struct small_pool {
    const struct small_machine *node;
    int64_t count;
};
struct small_site {
    const char *name;
    struct gw_pick grid; /* enum small_grid_alt */
    struct gw_slice pools;
    const struct small_battery *battery;
    double pv_kw;
};
enum small_grid_alt { SMALL_GRID_REGION, SMALL_GRID_FILE, SMALL_GRID_CONSTANT, SMALL_GRID_AUTO };

static const struct gw_field small_grid_fields[] = {
    GW_FIELD(struct small_grid, carbon, &small_g_per_kwh, NULL, "Carbon intensity", NULL),
    GW_FIELD_END,
};
static const struct gw_type small_grid_type = {.kind = GW_OBJ,
                                               .size = sizeof(struct small_grid),
                                               .of = small_grid_fields,
                                               .doc = "A grid that never changes"};
static const struct gw_alt small_grid_alts[] = {
    {"region", &small_text, true}, {"file", &small_path, false}, {"constant", &small_grid_type, false},
    {"auto", NULL, false},         {NULL, NULL, false},
};
static const struct gw_type small_grid_pick = {.kind = GW_PICK, .of = small_grid_alts};

static const struct gw_field small_battery_fields[] = {
    GW_FIELD_AS(struct small_battery, "energy", energy_kwh, &small_kwh, NULL, "What it holds", NULL),
    GW_FIELD_AS(struct small_battery, "power", power_kw, &small_kw, NULL, "How fast", NULL),
    GW_FIELD_END,
};
static const struct gw_type small_battery_type = {
    .kind = GW_OBJ, .size = sizeof(struct small_battery), .of = small_battery_fields, .doc = "A battery"};
static const struct gw_type small_battery_opt = {
    .kind = GW_OPT, .size = sizeof(struct small_battery), .of = &small_battery_type};

static const struct gw_field small_pool_fields[] = {
    GW_FIELD(struct small_pool, node, &small_machine_ref, NULL, "Which server", NULL),
    GW_FIELD(struct small_pool, count, &small_count, NULL, "How many", NULL),
    GW_FIELD_END,
};
static const struct gw_type small_pool_type = {
    .kind = GW_OBJ, .size = sizeof(struct small_pool), .of = small_pool_fields, .doc = "Equal servers"};
static const struct gw_type small_pools = {.kind = GW_LIST, .of = &small_pool_type, .min = 1, .max = 100};

static const struct gw_field small_site_fields[] = {
    GW_FIELD(struct small_site, name, &small_text, NULL, "What others call it", NULL),
    GW_FIELD(struct small_site, grid, &small_grid_pick, "auto", "Where power comes from", NULL),
    GW_FIELD(struct small_site, pools, &small_pools, NULL, "What stands in it", NULL),
    GW_FIELD(struct small_site, battery, &small_battery_opt, "~", "Storage", NULL),
    GW_FIELD_AS(struct small_site, "pv", pv_kw, &small_kw, "0", "Solar panels", NULL),
    GW_FIELD_END,
};
static const struct gw_type small_site_type = {
    .kind = GW_OBJ, .size = sizeof(struct small_site), .of = small_site_fields, .doc = "A datacenter"};
static const struct gw_type small_sites = {.kind = GW_LIST, .of = &small_site_type, .min = 1, .max = 100000};

/* ---- work ---- */

struct small_model {
    const char *name, *llm;
};
struct small_demand {
    uint32_t model; /* place in models */
    double rate;
    int32_t class;
    struct gw_names shares; /* double */
};
static const struct gw_field small_model_fields[] = {
    GW_FIELD(struct small_model, name, &small_text, NULL, "What demands call it", NULL),
    GW_FIELD(struct small_model, llm, &small_text, "~", "What it is", NULL),
    GW_FIELD_END,
};
static const struct gw_type small_model_type = {
    .kind = GW_OBJ, .size = sizeof(struct small_model), .of = small_model_fields, .doc = "A deployed model"};
static const struct gw_type small_models = {.kind = GW_LIST, .of = &small_model_type};

static const char *const small_class_names[] = {"interactive", "batch", NULL};
static const struct gw_type small_class = {.kind = GW_ENUM, .of = small_class_names};
static const struct gw_type small_model_index = {.kind = GW_INDEX, .of = "models"};
static const struct gw_type small_shares = {.kind = GW_MAP, .of = &small_frac};
static const struct gw_field small_demand_fields[] = {
    GW_FIELD(struct small_demand, model, &small_model_index, NULL, "Who answers", NULL),
    GW_FIELD(struct small_demand, rate, &small_rate, NULL, "Requests", NULL),
    GW_FIELD(struct small_demand, class, &small_class, "interactive", "How urgent", NULL),
    GW_FIELD(struct small_demand, shares, &small_shares, "{ a: 0.1, b: 20 % }", "Share by origin", NULL),
    GW_FIELD_END,
};
static const struct gw_type small_demand_type = {.kind = GW_OBJ,
                                                 .size = sizeof(struct small_demand),
                                                 .of = small_demand_fields,
                                                 .doc = "A stream of requests"};
static const struct gw_type small_demands = {.kind = GW_LIST, .of = &small_demand_type};
static const struct gw_type small_laws = {.kind = GW_LIST, .of = &small_law};

/* ---- the root ---- */

struct small_world {
    int64_t geowatt, seed;
    const char *name;
    gw_time_us start;
    int64_t epoch_us;
    bool warm;
    double margin_frac, limit_frac;
    const char *prices; /* a file */
    struct gw_slice sites, models, demand, laws;
};
static const struct gw_field small_world_fields[] = {
    GW_FIELD(struct small_world, geowatt, &small_version, "1", "Version of the format", NULL),
    GW_FIELD(struct small_world, name, &small_text, NULL, "What results are called", NULL),
    GW_FIELD(struct small_world, seed, &small_seed, NULL, "Where randomness starts", NULL),
    GW_FIELD(struct small_world, start, &small_time, "2023-01-01", "First instant", NULL),
    GW_FIELD_AS(struct small_world, "epoch", epoch_us, &small_span, "15 min", "Interval of plans",
                "round number"),
    GW_FIELD(struct small_world, warm, &small_bool, "true", "Whether models are loaded", NULL),
    GW_FIELD_AS(struct small_world, "margin", margin_frac, &small_frac, "10 %", "Held back", NULL),
    GW_FIELD_AS(struct small_world, "limit", limit_frac, &small_frac, "~", "Never exceeded", NULL),
    GW_FIELD(struct small_world, prices, &small_path, "~", "What power costs", NULL),
    GW_FIELD(struct small_world, sites, &small_sites, NULL, "Where things run", NULL),
    GW_FIELD(struct small_world, models, &small_models, "[]", "What runs", NULL),
    GW_FIELD(struct small_world, demand, &small_demands, "[]", "Who asks", NULL),
    GW_FIELD(struct small_world, laws, &small_laws, "[flat, { law: curve, bend: 2 }]", "Two laws", NULL),
    GW_FIELD_END,
};
/* Relations across objects: an hour of sun must fit into the battery. */
static void small_world_check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct small_world *world = object;
    const struct small_site *site = world->sites.at;
    for (uint32_t i = 0; i < world->sites.n; i++) {
        if (site[i].battery != NULL && site[i].battery->energy_kwh < site[i].pv_kw) {
            const struct gw_node *sites = gw_node_get(at, "sites");
            gw_bind_fail(bind, gw_node_get(sites->entry[i].value, "battery"), "energy",
                         "%g kWh is less than an hour of %g kW", site[i].battery->energy_kwh, site[i].pv_kw);
        }
    }
    if (world->epoch_us % 1000000 != 0) {
        gw_bind_fail(bind, at, "epoch", "must be whole seconds");
    }
}
static const struct gw_type small_world_type = {.kind = GW_OBJ,
                                                .size = sizeof(struct small_world),
                                                .of = small_world_fields,
                                                .check = small_world_check,
                                                .doc = "A scenario in miniature"};

static const struct gw_catalogue_kind small_catalogue[] = {
    {"chip", "chips", &small_chip_type}, {"node", "nodes", &small_machine_type}, {NULL, NULL, NULL}};
static const struct gw_index_kind small_index[] = {{"models", "models", "name"}, {NULL, NULL, NULL}};

static const char small_built_in[] = "chips:\n"
                                     "  h100: { tdp_w: 700, power: { law: curve, bend: 3 }, sources: { '*': "
                                     "S maker-2022 table 1, idle_w: A me } }\n"
                                     "  h200: { base: h100, tdp_w: 800 }\n"
                                     "nodes:\n"
                                     "  h100x8: { chip: h100 }\n"
                                     "  h200x4: { chip: h200, count: 4 }\n";

#endif
