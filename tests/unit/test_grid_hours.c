/* The hours of the sites' grids that a result keeps: exact means, cut ends, what a grid does not know. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/run/grid_hours.h"

static const char scenario[] =
    "geowatt: 1\n"
    "name: hours\n"
    "seed: 3\n"
    "time: { start: 2023-06-01T07:30:00Z, duration: 150 min, epoch: 30 min, step: 5 min }\n"
    "sites:\n"
    "  - { name: made, place: san-jose, cooling: constant, pools: [ { node: h100x8, count: 1 } ],\n"
    "      grid: { generated: { region: US-CAL-CISO, resolution: five-minutes } } }\n"
    "  - { name: plain, place: dublin, cooling: constant, pools: [ { node: h100x8, count: 1 } ],\n"
    "      grid: { constant: { carbon: 300 g/kWh, price: 90 USD/MWh, water: 1 L/kWh } } }\n"
    "serving:\n"
    "  models: [ { llm: llama-3.1-8b, tensor_parallel: 1, replicas: 2 } ]\n"
    "  demand: [ { name: west, origin: us-west, model: llama-3.1-8b, rate: 0.05 /s } ]\n"
    "policies: [ nearest ]\n";

struct fixture {
    struct gw_scenario sc;
    struct gw_arena arena;
    struct gw_result_grids grids;
};

static void make(struct fixture *f, const char *const *set)
{
    struct gw_errors errs = {0};
    const struct gw_scenario_options options = {.set = set};
    f->arena = (struct gw_arena){0};
    assert_int_equal(gw_scenario_parse(scenario, strlen(scenario), "hours.yaml", &options, &f->sc, &errs),
                     GW_OK);
    assert_true(gw_grid_hours_make(&f->sc, &f->grids, &f->arena));
}

static void fini(struct fixture *f)
{
    gw_arena_fini(&f->arena);
    gw_scenario_fini(&f->sc);
}

static const double *column(const struct fixture *f, const char *name)
{
    for (uint32_t i = 0; i < f->grids.n_columns; i++) {
        if (strcmp(f->grids.column[i].name, name) == 0) {
            return f->grids.column[i].value;
        }
    }
    return NULL;
}

/* 07:30, 08:30, and from 09:30 half an hour. */
static void hours_begin_with_the_run_and_the_last_is_cut(void **state)
{
    (void)state;
    struct fixture f;
    make(&f, NULL);
    assert_int_equal(f.grids.hours, 3);
    assert_string_equal(f.grids.name[0], "US-CAL-CISO");
    assert_string_equal(f.grids.name[1], "constant");
    assert_near(f.grids.utc_offset_h[0], -8, 0, 0);
    const struct gw_signal *price = &f.sc.site[0].first_grid.price_usd_per_mwh;
    const gw_time_us start = f.sc.cfg.time.start_unix_us;
    for (int h = 0; h < 3; h++) {
        const int parts = h < 2 ? 12 : 6; /* of five minutes */
        double sum = 0;
        for (int k = 0; k < parts; k++) {
            sum += gw_signal_at(price, start + h * GW_US_PER_H + k * 5 * 60 * GW_US_PER_S);
        }
        assert_near(column(&f, "price_usd_per_mwh")[h], sum / parts, 1e-12, 0);
    }
    fini(&f);
}

static void a_constant_grid_has_its_constants_and_no_load(void **state)
{
    (void)state;
    struct fixture f;
    make(&f, NULL);
    for (size_t h = 3; h < 6; h++) {
        assert_near(column(&f, "carbon_lifecycle_gco2_per_kwh")[h], 300, 0, 0);
        assert_near(column(&f, "price_usd_per_mwh")[h], 90, 0, 0);
        assert_true(isnan(column(&f, "net_load_per_mean")[h]));
        assert_true(isnan(column(&f, "marginal_direct_gco2_per_kwh")[h]));
    }
    fini(&f);
}

/* Night in California: no sun, so that wind alone stands between load and net load. */
static void net_load_is_load_less_wind_and_sun(void **state)
{
    (void)state;
    struct fixture f;
    make(&f, NULL);
    const double *load = column(&f, "load_per_mean"), *net = column(&f, "net_load_per_mean");
    for (size_t h = 0; h < 3; h++) {
        assert_true(net[h] < load[h] && net[h] > load[h] - 0.5);
    }
    fini(&f);
}

static void what_no_grid_knows_is_no_column(void **state)
{
    (void)state;
    struct fixture f;
    make(&f, (const char *const[]){"sites[made].grid={constant: {carbon: 1 g/kWh, price: 2 USD/MWh, "
                                   "water: 3 L/kWh}}",
                                   NULL});
    assert_null(column(&f, "renewable_frac"));
    assert_non_null(column(&f, "water_l_per_kwh"));
    fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_begin_with_the_run_and_the_last_is_cut),
        cmocka_unit_test(a_constant_grid_has_its_constants_and_no_load),
        cmocka_unit_test(net_load_is_load_less_wind_and_sun),
        cmocka_unit_test(what_no_grid_knows_is_no_column),
    };
    return cmocka_run_group_tests_name("grid_hours", tests, NULL, NULL);
}
