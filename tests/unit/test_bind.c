/* The binder: what each kind of field accepts and becomes, what it says about everything else, and that a
 * dump of the resolved tree stands alone. The tables are those of tests/support/small_world.h. */
#include "tests/support/near.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/small_world.h"

struct bound {
    struct gw_tree tree, built_in;
    struct gw_arena arena;
    struct gw_errors errs;
    struct gw_bind_env env;
    struct small_world world;
    enum gw_status status;
};

static void bind_named(struct bound *b, const char *yaml, const char *name)
{
    *b = (struct bound){0};
    assert_int_equal(
        gw_tree_parse(&b->built_in, small_built_in, sizeof small_built_in - 1, "built-in", NULL, &b->errs),
        GW_OK);
    b->env = (struct gw_bind_env){small_catalogue, small_index, &b->built_in};
    if (gw_tree_parse(&b->tree, yaml, strlen(yaml), name, NULL, &b->errs) != GW_OK) {
        fail_msg("%s: %s", b->errs.item[0].where, b->errs.item[0].why);
    }
    b->status = gw_bind_root(&b->tree, &small_world_type, &b->env, &b->world, &b->arena, &b->errs);
}

static void release(struct bound *b)
{
    gw_tree_fini(&b->tree);
    gw_tree_fini(&b->built_in);
    gw_arena_fini(&b->arena);
}

static void bind(struct bound *b, const char *yaml)
{
    bind_named(b, yaml, "t.yaml");
    if (b->status != GW_OK) {
        fail_msg("%s: %s", b->errs.item[0].where, b->errs.item[0].why);
    }
    assert_int_equal(b->errs.n, 0);
}

/* The errors of this scenario, one a line: "where: why". */
static void assert_refused(const char *yaml, const char *expected)
{
    struct bound b;
    struct gw_text all = {0};
    bind_named(&b, yaml, "t.yaml");
    for (uint32_t i = 0; i < b.errs.n; i++) {
        gw_text_addf(&all, "%s: %s\n", b.errs.item[i].where, b.errs.item[i].why);
    }
    assert_string_equal(all.at != NULL ? all.at : "", expected);
    assert_int_equal(b.status, gw_errors_status(&b.errs));
    gw_text_fini(&all);
    release(&b);
}

#define SITE  "sites: [ { name: a, pools: [ { node: h100x8, count: 1 } ] } ]\n"
#define LEAST "name: n\nseed: 1\n" SITE /* what must be there; the next line is the fourth */

/* ---- what values become ---- */

static void a_scenario_of_every_kind_becomes_structs(void **state)
{
    (void)state;
    struct bound b;
    bind(&b,
         "name: two\n"
         "seed: 20e3\n"
         "start: 2023-06-01T00:00:00Z\n"
         "epoch: 5 min\n"
         "warm: false\n"
         "margin: 12 %\n"
         "sites:\n"
         "  - { name: a, grid: NO, pools: [ { node: h100x8, count: 24 } ], pv: 2 MW,\n"
         "      battery: { energy: 4 MWh, power: 1 MW } }\n"
         "  - { name: b, grid: { constant: { carbon: 120 g/kWh } }, pools: [ { node: h200x4, count: 2 } ] }\n"
         "models: [ { name: m0 }, { name: m1 } ]\n"
         "demand: [ { model: m1, rate: 60 /min, class: batch, shares: { z: 0.5, b: 0.25 } } ]\n"
         "laws: [ { law: linear, slope: 3 }, flat ]\n");
    const struct small_world *w = &b.world;
    assert_string_equal(w->name, "two");
    assert_int_equal(w->seed, 20000);
    assert_int_equal(w->start, INT64_C(1685577600000000));
    assert_int_equal(w->epoch_us, INT64_C(300000000));
    assert_false(w->warm);
    assert_near(w->margin_frac, 0.12, 1e-15, 0.0);

    const struct small_site *site = w->sites.at;
    assert_int_equal(w->sites.n, 2);
    assert_int_equal(site[0].grid.alt, SMALL_GRID_REGION);
    assert_string_equal(*(const char *const *)site[0].grid.at, "NO"); /* Norway, not false */
    assert_near(site[0].pv_kw, 2000.0, 1e-15, 0.0);
    assert_near(site[0].battery->energy_kwh, 4000.0, 1e-15, 0.0);
    assert_int_equal(site[1].grid.alt, SMALL_GRID_CONSTANT);
    assert_near(((const struct small_grid *)site[1].grid.at)->carbon, 120.0, 1e-15, 0.0);
    assert_null(site[1].battery);

    const struct small_pool *pool = site[1].pools.at;
    assert_string_equal(pool->node->name, "h200x4");
    assert_int_equal(pool->node->count, 4);
    assert_near(pool->node->chip->tdp_w, 800.0, 0.0, 0.0);
    assert_string_equal(pool->node->chip->power.name, "curve");
    assert_near(((const struct small_curve *)pool->node->chip->power.cfg)->bend, 3.0, 0.0, 0.0);

    const struct small_demand *demand = w->demand.at;
    assert_int_equal(demand->model, 1);
    assert_near(demand->rate, 1.0, 1e-15, 0.0);
    assert_int_equal(demand->class, 1);
    assert_int_equal(demand->shares.n, 2);
    assert_string_equal(demand->shares.key[0], "b"); /* sorted */
    assert_near(((const double *)demand->shares.at)[0], 0.25, 0.0, 0.0);

    const struct gw_named *law = w->laws.at;
    assert_string_equal(law[0].name, "linear");
    assert_near(((const struct small_linear *)law[0].cfg)->slope, 3.0, 0.0, 0.0);
    assert_ptr_equal(law[1].type, &small_flat_type);
    release(&b);
}

static void what_is_not_written_takes_its_default_or_is_absent(void **state)
{
    (void)state;
    struct bound b;
    bind(&b, LEAST "demand: [ { model: m, rate: 1 } ]\nmodels: [ { name: m } ]\n");
    const struct small_world *w = &b.world;
    assert_int_equal(w->geowatt, 1);
    assert_int_equal(w->epoch_us, INT64_C(900000000));
    assert_true(w->warm);
    assert_near(w->margin_frac, 0.1, 1e-15, 0.0);
    assert_true(isnan(w->limit_frac));
    assert_null(w->prices);
    const struct small_site *site = w->sites.at;
    assert_int_equal(site->grid.alt, SMALL_GRID_AUTO);
    assert_null(site->grid.at);
    const struct small_demand *demand = w->demand.at;
    assert_int_equal(demand->class, 0);
    assert_near(((const double *)demand->shares.at)[1], 0.2, 1e-15, 0.0);
    const struct gw_named *law = w->laws.at;
    assert_int_equal(w->laws.n, 2);
    assert_near(((const struct small_curve *)law[1].cfg)->start, 0.1, 0.0, 0.0);
    assert_near(((const struct small_curve *)law[1].cfg)->bend, 2.0, 0.0, 0.0);
    release(&b);
}

static void absent_forms_are_as_documented(void **state)
{
    (void)state;
    static const struct gw_type integer = {.kind = GW_INT}, names = {.kind = GW_MAP, .of = &small_text};
    static const struct gw_type index = {.kind = GW_INDEX, .of = "models"};
    struct forms {
        int64_t integer, time, span;
        double number;
        const char *text;
        uint32_t index;
        struct gw_slice list;
        struct gw_names map;
        struct gw_named law;
    };
    static const struct gw_field fields[] = {
        GW_FIELD(struct forms, integer, &integer, "~", "An integer", NULL),
        GW_FIELD(struct forms, time, &small_time, "~", "A time", NULL),
        GW_FIELD(struct forms, span, &small_span, "~", "A span", NULL),
        GW_FIELD(struct forms, number, &small_frac, "~", "A number", NULL),
        GW_FIELD(struct forms, text, &small_text, "~", "A text", NULL),
        GW_FIELD(struct forms, index, &index, "~", "An index", NULL),
        GW_FIELD(struct forms, list, &small_models, "~", "A list", NULL),
        GW_FIELD(struct forms, map, &names, "~", "A map", NULL),
        GW_FIELD(struct forms, law, &small_law, "~", "A law", NULL),
        GW_FIELD_END,
    };
    static const struct gw_type type = {
        .kind = GW_OBJ, .size = sizeof(struct forms), .of = fields, .doc = "Absent"};
    struct forms f;
    memset(&f, 0xAA, sizeof f);
    struct gw_arena arena = {0};
    struct gw_errors errs = {0};
    assert_int_equal(gw_bind_defaults(&type, &f, &arena, &errs), GW_OK);
    assert_true(f.integer == GW_ABSENT && f.time == GW_ABSENT && f.span == GW_ABSENT);
    assert_true(isnan(f.number));
    assert_null(f.text);
    assert_int_equal(f.index, UINT32_MAX);
    assert_true(f.list.n == 0 && f.map.n == 0 && f.law.name == NULL);
    gw_arena_fini(&arena);
}

static void files_are_relative_to_the_file_that_names_them(void **state)
{
    (void)state;
    struct bound b;
    bind_named(&b, LEAST "prices: ../traces/p.csv\n", "scenarios/t.yaml");
    assert_int_equal(b.status, GW_OK);
    assert_string_equal(b.world.prices, "scenarios/../traces/p.csv");
    assert_string_equal(gw_tree_at(&b.tree, "prices")->text, "../traces/p.csv");
    release(&b);
}

/* ---- what is refused ---- */

static void one_typo_gives_one_error(void **state)
{
    (void)state;
    assert_refused("name: n\nseeds: 1\n" SITE, "t.yaml:2:1: unknown key `seeds` (did you mean `seed`?)\n");
    assert_refused(LEAST "marginn: 1\n", "t.yaml:4:1: unknown key `marginn` (did you mean `margin`?)\n");
    assert_refused("name: n\n" SITE, "t.yaml:1:1: the key `seed` is missing (Where randomness starts)\n");
    assert_refused(
        LEAST "zzz: 1\n",
        "t.yaml:4:1: unknown key `zzz`; known here: geowatt, name, seed, start, epoch, warm, margin, limit, "
        "prices, sites, models, demand, laws\n");
}

/* What relies on a misspelt key is not reported again. */
static void a_typo_does_not_cascade(void **state)
{
    (void)state;
    assert_refused(LEAST "models: [ { nmae: llama } ]\ndemand: [ { model: llama, rate: 1 } ]\n",
                   "t.yaml:4:13: models[0]: unknown key `nmae` (did you mean `name`?)\n");
    assert_refused(LEAST "modles: [ { name: llama } ]\ndemand: [ { model: llama, rate: 1 } ]\n",
                   "t.yaml:4:1: unknown key `modles` (did you mean `models`?)\n");
    assert_refused("name: n\nseed: 1\nsites: [ { name: a, pool: [ { node: h100x8, count: 1 } ] } ]\n",
                   "t.yaml:3:21: sites[a]: unknown key `pool` (did you mean `pools`?)\n");
    assert_refused(LEAST "catalogue: { chips: { h100: { tdp: 1 } } }\n",
                   "t.yaml:4:31: catalogue.chips.h100: unknown key `tdp` (did you mean `tdp_w`?)\n");
    assert_refused(LEAST "laws: [ { lwa: curve, bend: 1 } ]\n",
                   "t.yaml:4:11: laws[0]: unknown key `lwa` (did you mean `law`?)\n");
#define MINE "name: n\nseed: 1\nsites: [ { name: a, pools: [ { node: mine, count: 1 } ] } ]\n"
    assert_refused(MINE "catalog: { nodes: { mine: { chip: h100 } } }\n",
                   "t.yaml:4:1: unknown key `catalog` (did you mean `catalogue`?)\n");
    assert_refused(MINE "catalogue: { nods: { mine: { chip: h100 } } }\n",
                   "t.yaml:4:14: catalogue: unknown section `nods` (did you mean `nodes`?)\n");
    assert_refused(MINE "catalogue: { nodes: { mine: { bsae: h100x8 } } }\n",
                   "t.yaml:4:31: catalogue.nodes.mine: unknown key `bsae` (did you mean `base`?)\n");
#undef MINE
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    struct gw_text text = {0};
    struct bound b;
    gw_text_add(&text, LEAST "warm: ");
    for (int i = 0; i < 300; i++) {
        gw_text_add(&text, "\xC3\xA4");
    }
    bind_named(&b, text.at, "t.yaml");
    const char *why = b.errs.item[0].why;
    size_t bad;
    assert_true(gw_text_is_utf8(why, strlen(why), &bad));
    assert_int_equal(gw_text_columns(why), strlen("expected true or false, found \"\"...") + 48);
    release(&b);
    gw_text_fini(&text);
}

static void elements_of_lists_are_printed_by_name(void **state)
{
    (void)state;
    assert_refused(
        "name: n\n"
        "seed: 1\n"
        "sites:\n"
        "  - { name: oregon, pools: [ { node: h100x9, count: 1 }, { node: h100x8, count: 0 } ] }\n"
        "  - { pools: [ { node: h100x8, count: 1.5 } ] }\n",
        "t.yaml:4:38: sites[oregon].pools[0].node: there is no node \"h100x9\" in the catalogue (did you "
        "mean \"h100x8\"?)\n"
        "t.yaml:4:81: sites[oregon].pools[1].count: 0 is below the smallest allowed 1\n"
        "t.yaml:5:5: sites[1]: the key `name` is missing (What others call it)\n"
        "t.yaml:5:39: sites[1].pools[0].count: expected a whole number, found \"1.5\"\n");
}

static void numbers_are_checked_for_dimension_and_range(void **state)
{
    (void)state;
    assert_refused(LEAST "margin: 0.9\n", "t.yaml:4:9: margin: 0.9 is above the largest allowed 0.5\n");
    assert_refused(LEAST "margin: 90 %\n", "t.yaml:4:9: margin: 90 % is above the largest allowed 0.5\n");
    assert_refused(LEAST "epoch: 20 ms\n", "t.yaml:4:8: epoch: 20 ms is below the smallest allowed 1 s\n");
    assert_refused(LEAST "epoch: 0.5\n", "t.yaml:4:8: epoch: 0.5 s is below the smallest allowed 1 s\n");
    assert_refused(LEAST "margin: '0.1'\n",
                   "t.yaml:4:9: margin: \"0.1\" in quotes is a text; write it without quotes\n");
    assert_refused(LEAST "geowatt: 2\n", "t.yaml:4:10: geowatt: 2 is above the largest allowed 1\n");
    assert_refused("name: n\nseed: 1e30\n" SITE, "t.yaml:2:7: seed: 1e30 is too large for a whole number\n");
    assert_refused(LEAST "margin: [1]\n",
                   "t.yaml:4:9: margin: expected a number such as 0.12 or 12 %, found a list\n");
}

/* The sentence about the unit is the quantity module's; here it only has to arrive. */
static void wrong_units_and_infinities_are_told(void **state)
{
    (void)state;
    static const char *const values[] = {"30 kg", ".inf", "nan", "-inf", "0x10", "35 MV", "1e999"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char yaml[300];
        struct bound b;
        snprintf(yaml, sizeof yaml,
                 "name: n\nseed: 1\nsites: [ { name: a, pv: %s, pools: [ { node: h100x8, count: 1 } ] } ]\n",
                 values[i]);
        bind_named(&b, yaml, "t.yaml");
        assert_int_equal(b.errs.n, 1);
        assert_string_equal(b.errs.item[0].where, "t.yaml:3:25: sites[a].pv");
        assert_non_null(strstr(b.errs.item[0].why, values[i]));
        release(&b);
    }
}

static void a_list_where_a_power_is_due_is_told_with_an_example(void **state)
{
    (void)state;
    assert_refused(
        "name: n\nseed: 1\nsites: [ { name: a, pv: [ 1 ], pools: [ { node: h100x8, count: 1 } ] } ]\n",
        "t.yaml:3:25: sites[a].pv: expected a number with a unit of power such as \"35 kW\", found a list\n");
}

static void only_true_and_false_are_truth_values(void **state)
{
    (void)state;
    assert_refused(LEAST "warm: yes\n",
                   "t.yaml:4:7: warm: expected true or false, found \"yes\"; write true\n");
    assert_refused(LEAST "warm: OFF\n",
                   "t.yaml:4:7: warm: expected true or false, found \"OFF\"; write false\n");
    assert_refused(LEAST "warm: maybe\n", "t.yaml:4:7: warm: expected true or false, found \"maybe\"\n");
    assert_refused(LEAST "warm: 'true'\n",
                   "t.yaml:4:7: warm: \"true\" in quotes is a text; write it without quotes\n");
}

static void relations_are_told_at_the_key_concerned(void **state)
{
    (void)state;
    assert_refused("name: n\nseed: 1\nsites:\n"
                   "  - { name: a, pools: [ { node: h100x8, count: 1 } ], pv: 2 MW,\n"
                   "      battery: { energy: 1 MWh, power: 1 MW } }\n",
                   "t.yaml:5:26: sites[a].battery.energy: 1000 kWh is less than an hour of 2000 kW\n");
    assert_refused(LEAST "epoch: 1.5 s\n", "t.yaml:4:8: epoch: must be whole seconds\n");
    /* not written in the file: the place is that of the entry around it */
    assert_refused(LEAST "catalogue: { chips: { x: { tdp_w: 40 } } }\n",
                   "t.yaml:4:26: catalogue.chips.x.idle_w: idle_w 50 W is above tdp_w 40 W\n");
}

static void words_names_and_references_suggest_the_nearest(void **state)
{
    (void)state;
    assert_refused(
        LEAST "models: [ { name: llama } ]\n"
              "demand: [ { model: lama, rate: 1 }, { model: llama, rate: 1, class: bach },\n"
              "          { model: gpt, rate: 1, class: slow } ]\n",
        "t.yaml:5:20: demand[0].model: there is no \"lama\" in `models` (did you mean \"llama\"?)\n"
        "t.yaml:5:69: demand[1].class: \"bach\" is not one of interactive, batch (did you mean \"batch\"?)\n"
        "t.yaml:6:20: demand[2].model: there is no \"gpt\" in `models`; there is only llama\n"
        "t.yaml:6:41: demand[2].class: \"slow\" is not one of interactive, batch\n");
    assert_refused(LEAST "demand: [ { model: m, rate: 1 } ]\n",
                   "t.yaml:4:20: demand[0].model: there is no \"m\": `models` is not in the scenario\n");
    assert_refused(
        "name: n\nseed: 1\nsites: [ { name: a, pools: [ { node: h100, count: 1 }, { node: h20, count: 1 } ] "
        "} ]\n",
        "t.yaml:3:38: sites[a].pools[0].node: there is no node \"h100\" in the catalogue (did you mean "
        "\"h100x8\"?)\n"
        "t.yaml:3:64: sites[a].pools[1].node: there is no node \"h20\" in the catalogue (did you mean "
        "\"h200x4\"?)\n");
    assert_refused(
        LEAST "laws: [ flt, { slope: 1 }, { law: curve }, { law: flat, slope: 1 }, [] ]\n",
        "t.yaml:4:9: laws[0]: there is no law \"flt\" (did you mean \"flat\"?)\n"
        "t.yaml:4:14: laws[1]: the key `law` is missing; it says which one is meant\n"
        "t.yaml:4:28: laws[2]: the key `bend` is missing (Exponent)\n"
        "t.yaml:4:57: laws[3]: unknown key `slope`; no keys are known here\n"
        "t.yaml:4:69: laws[4]: expected a name or a map with the key `law`, found an empty list\n");
}

static void choices_list_their_forms(void **state)
{
    (void)state;
#define GRID(x)                                                                                              \
    "name: n\nseed: 1\nsites: [ { name: a, grid: " x ", pools: [ { node: h100x8, count: 1 } ] } ]\n"
    assert_refused(GRID("{ fil: x }"),
                   "t.yaml:3:29: sites[a].grid: unknown key `fil` (did you mean `file`?)\n");
    assert_refused(GRID("{ file: x, constant: 1 }"),
                   "t.yaml:3:38: sites[a].grid: the key `constant` may not stand beside `file`\n");
    assert_refused(GRID("[]"),
                   "t.yaml:3:27: sites[a].grid: expected a text, `{file: ...}`, `{constant: ...}` or "
                   "`auto`, found an empty list\n");
    assert_refused(GRID("{}"),
                   "t.yaml:3:27: sites[a].grid: expected a text, `{file: ...}`, `{constant: ...}` or "
                   "`auto`, found an empty map\n");
    assert_refused(
        GRID("{ constant: { carbon: 5 kWh } }"),
        "t.yaml:3:49: sites[a].grid.constant.carbon: \"5 kWh\" is an energy, a mass per energy is due here "
        "(for example \"5 g/kWh\")\n");
    assert_refused(GRID("~"),
                   "t.yaml:3:27: sites[a].grid: no value is given; leave the key out for the default auto\n");
#undef GRID
}

static void lists_have_lengths_and_different_names(void **state)
{
    (void)state;
    assert_refused("name: n\nseed: 1\nsites: []\n",
                   "t.yaml:3:8: sites: the list is empty; at least 1 entry is needed\n");
    assert_refused(LEAST "models: [ { name: m }, { name: k }, { name: m } ]\n",
                   "t.yaml:4:45: models: two elements are named \"m\"; the first is in line 4\n");
    assert_refused(LEAST "models: { name: m }\n", "t.yaml:4:9: models: expected a list, found a map\n");
    assert_refused(LEAST "models: m\n", "t.yaml:4:9: models: expected a list, found \"m\"; write [m]\n");
    assert_refused(LEAST "models: [ ~ ]\n",
                   "t.yaml:4:11: models[0]: expected a map of keys, found nothing\n");
}

static void missing_values_and_impossible_times_are_refused(void **state)
{
    (void)state;
    struct bound b;
    assert_refused("name:\nseed: 1\n" SITE, "t.yaml:1:6: name: no value is given; expected a text\n");
    assert_refused(LEAST "epoch: ~\n",
                   "t.yaml:4:8: epoch: no value is given; leave the key out for the default 15 min\n");
    bind_named(&b, LEAST "start: 2023-02-30\n", "t.yaml");
    assert_int_equal(b.errs.n, 1);
    assert_string_equal(b.errs.item[0].where, "t.yaml:4:8: start");
    release(&b);
}

static void twenty_errors_are_told_and_the_rest_counted(void **state)
{
    (void)state;
    struct gw_text yaml = {0};
    struct bound b;
    gw_text_add(&yaml, LEAST);
    for (int i = 0; i < 25; i++) {
        gw_text_addf(&yaml, "wrong%d: 1\n", i);
    }
    bind_named(&b, yaml.at, "t.yaml");
    assert_int_equal(b.status, GW_ERR_UNKNOWN);
    assert_int_equal(b.errs.n, 20);
    assert_int_equal(b.errs.dropped, 5);
    release(&b);
    gw_text_fini(&yaml);
}

static void settings_say_where_they_came_from(void **state)
{
    (void)state;
    struct bound b;
    bind(&b, LEAST);
    b.errs = (struct gw_errors){0};
    assert_int_equal(gw_tree_set(&b.tree, "sites[a].pools[0].count=0", &b.errs), GW_OK);
    assert_int_equal(gw_bind_root(&b.tree, &small_world_type, &b.env, &b.world, &b.arena, &b.errs),
                     GW_ERR_RANGE);
    assert_string_equal(b.errs.item[0].where, "--set sites[a].pools[0].count=0: sites[a].pools[0].count");
    release(&b);
}

/* ---- catalogue ---- */

static void entries_extend_override_and_inherit(void **state)
{
    (void)state;
    struct bound b;
    bind(&b, "name: n\nseed: 1\n"
             "sites: [ { name: a, pools: [ { node: mine, count: 1 }, { node: h200x4, count: 1 } ] } ]\n"
             "catalogue:\n"
             "  nodes: { mine: { chip: gpu } }\n"
             "  chips: { gpu: { base: h200, idle_w: 70, power: linear }, h100: { power: { bend: 4 } } }\n");
    const struct small_pool *pool = ((const struct small_site *)b.world.sites.at)->pools.at;
    const struct small_chip *gpu = pool[0].node->chip, *h200 = pool[1].node->chip;
    assert_string_equal(gpu->name, "gpu");
    assert_near(gpu->tdp_w, 800.0, 0.0, 0.0); /* from h200 */
    assert_near(gpu->idle_w, 70.0, 0.0, 0.0);
    assert_string_equal(gpu->power.name, "linear"); /* another law: nothing of the old one's keys remains */
    assert_near(h200->idle_w, 50.0, 0.0, 0.0);
    assert_string_equal(h200->power.name, "curve"); /* from the h100 as the scenario has it */
    assert_near(((const struct small_curve *)h200->power.cfg)->bend, 4.0, 0.0, 0.0);
    release(&b);
}

static void mistakes_in_the_catalogue_are_told_where_they_stand(void **state)
{
    (void)state;
    assert_refused(LEAST "catalogue: { chip: {} }\n",
                   "t.yaml:4:14: catalogue: unknown section `chip` (did you mean `chips`?)\n");
    assert_refused(LEAST "catalogue: { chips: { mine: { tpd_w: 5 } } }\n",
                   "t.yaml:4:31: catalogue.chips.mine: unknown key `tpd_w` (did you mean `tdp_w`?)\n");
    assert_refused(
        LEAST "catalogue: { chips: { mine: { base: h1000 } } }\n",
        "t.yaml:4:37: catalogue.chips.mine.base: there is no chip \"h1000\" in the catalogue (did you mean "
        "\"h100\"?)\n");
    assert_refused(LEAST "catalogue: { chips: { x: { base: y }, y: { base: x } } }\n",
                   "t.yaml:4:50: catalogue.chips.y.base: this chip inherits from itself by way of \"x\"\n");
    assert_refused(LEAST "catalogue: { chips: { h100: { idle_w: 900 } } }\n",
                   "t.yaml:4:39: catalogue.chips.h100.idle_w: idle_w 900 W is above tdp_w 700 W\n");
    assert_refused(LEAST "catalogue: { chips: { h100: 5 } }\n",
                   "t.yaml:4:29: catalogue.chips.h100: expected a map of keys, found \"5\"\n");
    assert_refused(
        "name: n\nseed: 1\nsites: [ { name: a, pools: [ { node: { chip: h100 }, count: 1 } ] } ]\n",
        "t.yaml:3:38: sites[a].pools[0].node: expected the name of a node, found a map; put it into "
        "`catalogue:` under a name of its own\n");
}

/* A chain of ten thousand entries must not cost ten thousand frames of the stack. */
static void long_chains_of_inheritance_are_refused(void **state)
{
    (void)state;
    struct gw_text yaml = {0};
    struct bound b;
    gw_text_add(&yaml, LEAST "catalogue:\n  chips:\n    c0: { tdp_w: 1, idle_w: 0 }\n");
    for (int i = 1; i < 10000; i++) {
        gw_text_addf(&yaml, "    c%d: { base: c%d }\n", i, i - 1);
    }
    bind_named(&b, yaml.at, "t.yaml");
    assert_int_equal(b.status, GW_ERR_RANGE);
    assert_string_equal(b.errs.item[0].why,
                        "too many entries inherit from or refer to each other in a chain");
    release(&b);
    gw_text_fini(&yaml);
}

/* An entry that is wrong is reported once, however many use it. */
static void a_wrong_entry_is_not_reported_for_each_use(void **state)
{
    (void)state;
    assert_refused("name: n\nseed: 1\n"
                   "sites: [ { name: a, pools: [ { node: m, count: 1 }, { node: m, count: 2 } ] } ]\n"
                   "catalogue: { nodes: { m: { chip: c } }, chips: { c: { tdp_w: 1 kg } } }\n",
                   "t.yaml:4:62: catalogue.chips.c.tdp_w: \"1 kg\" is a mass, a power is due here (for "
                   "example \"1 W\")\n");
}

/* What only serves as a base may be incomplete. */
static void bases_need_not_be_complete(void **state)
{
    (void)state;
    struct bound b;
    bind(&b, LEAST "catalogue: { chips: { family: { idle_w: 5 }, one: { base: family, tdp_w: 10 } } }\n");
    assert_non_null(gw_tree_at(&b.tree, "catalogue.chips.one"));
    assert_null(gw_tree_at(&b.tree, "catalogue.chips.family"));
    release(&b);
}

static void entries_can_be_asked_for_by_name(void **state)
{
    (void)state;
    struct bound b;
    bind(&b, LEAST);
    const void *object = NULL;
    assert_int_equal(gw_bind_entry(NULL, &b.env, "chip", "h200", &object, &b.arena, &b.errs), GW_OK);
    assert_near(((const struct small_chip *)object)->tdp_w, 800.0, 0.0, 0.0);
    assert_int_equal(gw_bind_entry(NULL, &b.env, "chip", "h20", &object, &b.arena, &b.errs), GW_ERR_UNKNOWN);
    assert_null(object);
    assert_string_equal(b.errs.item[0].why,
                        "there is no chip \"h20\" in the catalogue (did you mean \"h200\"?)");
    assert_string_equal(b.errs.item[0].where, "chip");
    release(&b);
}

static void sources_follow_the_numbers(void **state)
{
    (void)state;
    struct bound b;
    struct gw_bind_source s;
    bind(&b, LEAST "catalogue:\n"
                   "  chips:\n"
                   "    mine: { base: h100, tdp_w: 650, sources: { tdp_w: S lab-2024 own meter } }\n"
                   "    bare: { base: h100, tdp_w: 650 }\n"
                   "    whole: { base: h100, tdp_w: 650, sources: { '*': C thesis-2023 } }\n");
    static const struct {
        const char *name, *key;
        char mark;
        const char *citation, *remark;
    } cases[] = {
        {"h100", "tdp_w", 'S', "maker-2022", "table 1"},
        {"h100", "idle_w", 'A', "me", ""},
        {"mine", "tdp_w", 'S', "lab-2024", "own meter"},
        {"mine", "power", 'S', "maker-2022", "table 1"},
        {"bare", "tdp_w", 'A', "unsourced", "replaces a value that had a source"},
        {"bare", "power", 'S', "maker-2022", "table 1"},
        {"whole", "tdp_w", 'C', "thesis-2023", ""},
        {"whole", "power", 'S', "maker-2022", "table 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(gw_bind_source(&b.tree, &b.env, "chip", cases[i].name, cases[i].key, &s));
        assert_int_equal(s.mark, cases[i].mark);
        assert_string_equal(s.citation, cases[i].citation);
        assert_string_equal(s.remark, cases[i].remark);
    }
    assert_false(gw_bind_source(&b.tree, &b.env, "node", "h100x8", "chip", &s)); /* says nothing */
    assert_false(gw_bind_source(&b.tree, &b.env, "chip", "none", "tdp_w", &s));
    release(&b);
}

static void sources_are_checked(void **state)
{
    (void)state;
    assert_refused(
        LEAST "catalogue: { chips: { h100: { sources: { idle_w: X y, tpd_w: S x } } } }\n",
        "t.yaml:4:50: catalogue.chips.h100.sources.idle_w: expected a mark (S seen, R recalled, C "
        "computed, A assumed), a citation key of up to 47 letters and a remark, such as \"S nvidia-2022 "
        "table 1\"\n"
        "t.yaml:4:55: catalogue.chips.h100.sources: there is no key `tpd_w` to have a source (did you mean "
        "`tdp_w`?)\n");
}

/* ---- the resolved tree ---- */

static void the_tree_becomes_the_resolved_scenario(void **state)
{
    (void)state;
    struct bound b;
    struct gw_text out = {0};
    bind(&b, "laws: [ linear ]\nseed: 1\nname: n\n" SITE);
    gw_tree_dump(b.tree.root, true, &out);
    assert_string_equal(out.at, "geowatt: 1  # default\n"
                                "name: n\n"
                                "seed: 1\n"
                                "start: 2023-01-01  # default\n"
                                "epoch: 15 min  # default\n"
                                "warm: true  # default\n"
                                "margin: 10 %  # default\n"
                                "limit: ~  # default\n"
                                "prices: ~  # default\n"
                                "sites:\n"
                                "  - name: a\n"
                                "    grid: auto  # default\n"
                                "    pools: [{ node: h100x8, count: 1 }]\n"
                                "    battery: ~  # default\n"
                                "    pv: 0  # default\n"
                                "models: []  # default\n"
                                "demand: []  # default\n"
                                "laws:\n"
                                "  - law: linear\n"
                                "    slope: 1  # default\n"
                                "catalogue:\n"
                                "  chips:\n"
                                "    h100:\n"
                                "      name: h100  # default\n"
                                "      tdp_w: 700\n"
                                "      idle_w: 50  # default\n"
                                "      power:\n"
                                "        law: curve\n"
                                "        start: 0.1  # default\n"
                                "        bend: 3\n"
                                "      sources: { \"*\": S maker-2022 table 1, idle_w: A me }\n"
                                "  nodes:\n"
                                "    h100x8:\n"
                                "      name: h100x8  # default\n"
                                "      chip: h100\n"
                                "      count: 8  # default\n");
    gw_text_fini(&out);
    release(&b);
}

/* Binding the dump of a bound tree gives the same dump, also without the built-in catalogue: it stands alone.
 */
static void a_dump_binds_to_the_same_dump(void **state)
{
    (void)state;
    static const char *const scenarios[] = {
        LEAST,
        "name: \"#1: x\"\nseed: 1\nsites: [ { name: \"a b\", grid: \"auto\", pools: [ { node: h200x4, count: "
        "1 } ] } ]\n",
        LEAST "catalogue: { chips: { h100: { power: linear, tdp_w: 650 }, mine: { base: h200, sources: { "
              "'*': C x } } } }\n",
        LEAST
        "models: [ { name: m } ]\ndemand: [ { model: m, rate: 1 /h, shares: { \"NO\": 0, \"1\": 1 % } } ]\n"
        "prices: x/y.csv\nlaws: [ { law: linear }, { law: curve, bend: 1 } ]\n",
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        struct bound first, second;
        struct gw_text out = {0}, again = {0};
        bind(&first, scenarios[i]);
        gw_tree_dump(first.tree.root, false, &out);
        bind(&second, out.at);
        gw_tree_dump(second.tree.root, false, &again);
        assert_string_equal(out.at, again.at);
        release(&second);

        struct gw_errors errs = {0};
        struct small_world world = {0};
        const struct gw_bind_env alone = {small_catalogue, small_index, NULL};
        memset(&second, 0, sizeof second);
        assert_int_equal(gw_tree_parse(&second.tree, out.at, out.n, "t.yaml", NULL, &errs), GW_OK);
        assert_int_equal(gw_bind_root(&second.tree, &small_world_type, &alone, &world, &second.arena, &errs),
                         GW_OK);
        again.n = 0;
        gw_tree_dump(second.tree.root, false, &again);
        assert_string_equal(out.at, again.at);
        release(&second);
        release(&first);
        gw_text_fini(&out);
        gw_text_fini(&again);
    }
}

/* Names of long lists are indexed; ten thousand references take no noticeable time. */
static void long_lists_resolve(void **state)
{
    (void)state;
    struct gw_text yaml = {0};
    struct bound b;
    gw_text_add(&yaml, LEAST "models:\n");
    for (int i = 0; i < 10000; i++) {
        gw_text_addf(&yaml, "  - { name: m%d }\n", i);
    }
    gw_text_add(&yaml, "demand:\n");
    for (int i = 0; i < 10000; i++) {
        gw_text_addf(&yaml, "  - { model: m%d, rate: 1 }\n", 9999 - i);
    }
    bind(&b, yaml.at);
    const struct small_demand *demand = b.world.demand.at;
    assert_int_equal(demand[0].model, 9999);
    assert_int_equal(demand[9999].model, 0);
    release(&b);
    gw_text_fini(&yaml);
}

/* ---- tables ---- */

static void good_tables_pass_the_self_test(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&small_world_type, &errs);
    gw_bind_verify(&small_chip_type, &errs);
    gw_bind_verify(&small_machine_type, &errs);
    if (errs.n > 0) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
}

static void slips_in_tables_are_found(void **state)
{
    (void)state;
    struct object {
        double a, b;
        int64_t c;
    };
    static const struct gw_type furlongs = {.kind = GW_NUM, .unit = "furlong"};
    static const struct gw_type backwards = {.kind = GW_INT, .min = 2, .max = 1};
    static const struct gw_type wide = {.kind = GW_ENUM, .size = 8, .of = small_class_names};
    static const struct {
        struct gw_field field;
        const char *why;
    } cases[] = {
        {{"a", &small_frac, 0, "0.9", "A", NULL}, "0.9 is above the largest allowed 0.5"},
        {{"a", &small_frac, 0, "ten", "A", NULL}, NULL},
        {{"a", &small_frac, 0, "{", "A", NULL}, NULL},
        {{"a", &small_bool, 0, "~", "A", NULL},
         "the default ~ means absent, but a value of this kind has no absent form"},
        {{"a", &small_frac, 0, "0.1", NULL, NULL}, "has no sentence that says what it is"},
        {{"a", &small_frac, 0, "0.1", "A.", NULL},
         "its sentence \"A.\" must be one line without a full stop"},
        {{"a", &furlongs, 0, NULL, "A", NULL}, "the unit \"furlong\" is not known"},
        {{"a", &backwards, 0, NULL, "A", NULL}, "the range [2, 1] is empty"},
        {{"a", &wide, 0, NULL, "A", NULL}, "size is 8, but a value of this kind has 4 bytes"},
        {{"a", NULL, 0, NULL, "A", NULL}, "has no type"},
        {{"A b", &small_frac, 0, NULL, "A", NULL}, "a key is written in small letters, digits, _ and -"},
        {{"a", &small_frac, 20, NULL, "A", NULL}, "lies at bytes 20 to 28 of an object of 24"},
        {{"z", &small_frac, 4, NULL, "A", NULL}, "shares bytes with `first`"},
        {{"first", &small_frac, 8, NULL, "A", NULL}, "is there twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_field fields[] = {
            GW_FIELD_AS(struct object, "first", a, &small_frac, "0", "The first", NULL), cases[i].field,
            GW_FIELD_END};
        const bool overlaps = cases[i].field.offset == 4;
        struct gw_field moved[3];
        memcpy(moved, fields, sizeof moved);
        if (!overlaps && cases[i].field.offset == 0) {
            moved[1].offset = 8;
        }
        const struct gw_type type = {.kind = GW_OBJ, .size = sizeof(struct object), .of = moved, .doc = "O"};
        struct gw_errors errs = {0};
        gw_bind_verify(&type, &errs);
        assert_int_equal(errs.n, 1);
        if (cases[i].why != NULL) {
            assert_string_equal(errs.item[0].why, cases[i].why);
        }
    }
}

/* A struct at its defaults needs a default for each field. */
static void defaults_bind_without_a_file(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_errors errs = {0};
    struct small_linear linear = {0};
    assert_int_equal(gw_bind_defaults(&small_linear_type, &linear, &arena, &errs), GW_OK);
    assert_near(linear.slope, 1.0, 0.0, 0.0);
    struct small_curve curve = {0};
    assert_int_equal(gw_bind_defaults(&small_curve_type, &curve, &arena, &errs), GW_ERR_UNKNOWN);
    assert_string_equal(errs.item[0].why, "the key `bend` is missing (Exponent)");
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_of_every_kind_becomes_structs),
        cmocka_unit_test(what_is_not_written_takes_its_default_or_is_absent),
        cmocka_unit_test(absent_forms_are_as_documented),
        cmocka_unit_test(files_are_relative_to_the_file_that_names_them),
        cmocka_unit_test(one_typo_gives_one_error),
        cmocka_unit_test(a_typo_does_not_cascade),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(elements_of_lists_are_printed_by_name),
        cmocka_unit_test(numbers_are_checked_for_dimension_and_range),
        cmocka_unit_test(wrong_units_and_infinities_are_told),
        cmocka_unit_test(a_list_where_a_power_is_due_is_told_with_an_example),
        cmocka_unit_test(only_true_and_false_are_truth_values),
        cmocka_unit_test(relations_are_told_at_the_key_concerned),
        cmocka_unit_test(words_names_and_references_suggest_the_nearest),
        cmocka_unit_test(choices_list_their_forms),
        cmocka_unit_test(lists_have_lengths_and_different_names),
        cmocka_unit_test(missing_values_and_impossible_times_are_refused),
        cmocka_unit_test(twenty_errors_are_told_and_the_rest_counted),
        cmocka_unit_test(settings_say_where_they_came_from),
        cmocka_unit_test(entries_extend_override_and_inherit),
        cmocka_unit_test(mistakes_in_the_catalogue_are_told_where_they_stand),
        cmocka_unit_test(long_chains_of_inheritance_are_refused),
        cmocka_unit_test(a_wrong_entry_is_not_reported_for_each_use),
        cmocka_unit_test(bases_need_not_be_complete),
        cmocka_unit_test(entries_can_be_asked_for_by_name),
        cmocka_unit_test(sources_follow_the_numbers),
        cmocka_unit_test(sources_are_checked),
        cmocka_unit_test(the_tree_becomes_the_resolved_scenario),
        cmocka_unit_test(a_dump_binds_to_the_same_dump),
        cmocka_unit_test(long_lists_resolve),
        cmocka_unit_test(good_tables_pass_the_self_test),
        cmocka_unit_test(slips_in_tables_are_found),
        cmocka_unit_test(defaults_bind_without_a_file),
    };
    return cmocka_run_group_tests_name("bind", tests, NULL, NULL);
}
