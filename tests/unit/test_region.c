/* What a site's `grid:` may be: annual means, a constant, a file; and how its errors read. */
#include "tests/support/bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/grid/region.h"
#include "sim/base/units.h"

struct root {
    struct gw_pick grid;
};
static const struct gw_field fields[] = {GW_FIELD(struct root, grid, &gw_grid_type, NULL, "A grid", NULL),
                                         GW_FIELD_END};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A site's grid"};

#define JUNE_2023_US (INT64_C(1685577600) * GW_US_PER_S)

static const char two_hours[] = "time_utc,ci_kgco2_per_mwh,usd_per_kwh,ewif_l_per_kwh,wind_mw\n"
                                "2023-06-01T00:00:00Z,400,0.03,1.5,100\n"
                                "2023-06-01T01:00:00Z,200,0.05,,100\n";

/* Gives the text above whatever the path is. */
static enum gw_status read_two_hours(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                                     struct gw_error *err)
{
    (void)path;
    (void)err;
    const char *text = from;
    *n = strlen(text);
    assert_true(*n < max_bytes);
    *bytes = malloc(*n + 1);
    assert_non_null(*bytes);
    memcpy(*bytes, text, *n + 1);
    return GW_OK;
}

static enum gw_status load(struct bound *b, const char *yaml, const char *csv, struct gw_grid *out,
                           struct gw_error *err)
{
    struct root root;
    bound_read(b, &root_type, yaml, &root);
    char text[sizeof two_hours + 64];
    assert_true(strlen(csv) < sizeof text);
    memcpy(text, csv, strlen(csv) + 1);
    const struct gw_source source = {.read = read_two_hours, .from = text};
    const struct gw_grid_span span = {JUNE_2023_US, JUNE_2023_US + GW_US_PER_H, 1, 0};
    return gw_grid_load(&root.grid, &source, &span, out, &b->arena, err);
}

static void a_mean_is_the_constants_of_the_catalogue(void **state)
{
    (void)state;
    struct bound b;
    struct gw_grid grid;
    assert_int_equal(load(&b, "grid: { mean: US-NW-BPAT }\n", "", &grid, NULL), GW_OK);
    assert_string_equal(grid.label, "US-NW-BPAT");
    assert_true(gw_signal_at(&grid.carbon[GW_CARBON_AVERAGE_LIFECYCLE], JUNE_2023_US) == 131);
    assert_true(gw_signal_at(&grid.carbon[GW_CARBON_AVERAGE_DIRECT], JUNE_2023_US) == 96);
    assert_true(gw_signal_at(&grid.price_usd_per_mwh, JUNE_2023_US) == 75);
    assert_near(gw_signal_at(&grid.water_l_per_kwh, JUNE_2023_US), 0.43, 1e-15, 0);
    bound_fini(&b);
}

static void a_constant_is_converted_and_may_lack_direct_carbon(void **state)
{
    (void)state;
    struct bound b;
    struct gw_grid grid;
    const char *yaml = "grid: { constant: { carbon: 0.12 kg/kWh, price: 0.04 USD/kWh, water: 1.2 L/kWh } }\n";
    assert_int_equal(load(&b, yaml, "", &grid, NULL), GW_OK);
    assert_string_equal(grid.label, "constant");
    assert_near(gw_signal_at(&grid.carbon[GW_CARBON_AVERAGE_LIFECYCLE], 0), 120, 1e-14, 0);
    assert_near(gw_signal_at(&grid.price_usd_per_mwh, 0), 40, 1e-14, 0);
    gw_time_us gap;
    assert_false(gw_signal_covers(&grid.carbon[GW_CARBON_AVERAGE_DIRECT], 0, 1, &gap));
    bound_fini(&b);
}

static void columns_of_a_file_are_converted_by_the_unit_of_their_names(void **state)
{
    (void)state;
    struct bound b;
    struct gw_grid grid;
    const char *yaml = "grid: { file: { path: f.csv, carbon: ci_kgco2_per_mwh, price: usd_per_kwh, water: "
                       "ewif_l_per_kwh } }\n";
    assert_int_equal(load(&b, yaml, two_hours, &grid, NULL), GW_OK);
    const struct gw_signal *carbon = &grid.carbon[GW_CARBON_AVERAGE_LIFECYCLE];
    assert_true(gw_signal_at(carbon, JUNE_2023_US) == 400);
    assert_near(gw_signal_mean(carbon, JUNE_2023_US, JUNE_2023_US + 2 * GW_US_PER_H), 300, 1e-15, 0);
    assert_near(gw_signal_at(&grid.price_usd_per_mwh, JUNE_2023_US + GW_US_PER_H), 50, 1e-15, 0);

    /* the gap of the water column is kept and found */
    gw_time_us gap;
    assert_false(gw_signal_covers(&grid.water_l_per_kwh, JUNE_2023_US, JUNE_2023_US + 2 * GW_US_PER_H, &gap));
    assert_int_equal(gap, JUNE_2023_US + GW_US_PER_H);
    bound_fini(&b);
}

static void what_a_file_lacks_may_be_a_constant(void **state)
{
    (void)state;
    struct bound b;
    struct gw_grid grid;
    const char *yaml = "grid: { file: { path: f.csv, carbon_direct: ci_kgco2_per_mwh,\n"
                       "                price_usd_per_mwh: 40, water_l_per_kwh: 1.2 } }\n";
    assert_int_equal(load(&b, yaml, two_hours, &grid, NULL), GW_OK);
    assert_true(gw_signal_at(&grid.carbon[GW_CARBON_AVERAGE_DIRECT], JUNE_2023_US) == 400);
    assert_true(isnan(gw_signal_at(&grid.carbon[GW_CARBON_AVERAGE_LIFECYCLE], JUNE_2023_US)));
    assert_true(gw_signal_at(&grid.price_usd_per_mwh, 0) == 40);
    assert_near(gw_signal_at(&grid.water_l_per_kwh, 0), 1.2, 1e-15, 0);
    bound_fini(&b);
}

static void a_file_that_does_not_fit_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *carbon, *csv, *where, *why;
        enum gw_status status;
    } cases[] = {
        {"ci_kgco2_per_mw", two_hours, "/f.csv", "did you mean ci_kgco2_per_mwh?", GW_ERR_UNKNOWN},
        {"wind_mw", two_hours, "/f.csv", "must end in its unit: gco2_per_kwh or kgco2_per_mwh", GW_ERR_TYPE},
        {"ci_kgco2_per_mwh", "time,ci\n", "/f.csv:1:1", "time_utc", GW_ERR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bound b;
        struct gw_grid grid;
        struct gw_error err;
        struct gw_text yaml = {0};
        gw_text_addf(
            &yaml, "grid: { file: { path: /f.csv, carbon: %s, price_usd_per_mwh: 1, water_l_per_kwh: 1 } }\n",
            cases[i].carbon);
        assert_int_equal(load(&b, yaml.at, cases[i].csv, &grid, &err), cases[i].status);
        assert_string_equal(err.where, cases[i].where);
        if (strstr(err.why, cases[i].why) == NULL) {
            fail_msg("case %zu: %s", i, err.why);
        }
        gw_text_fini(&yaml);
        bound_fini(&b);
    }
}

static void a_grid_that_says_too_little_or_too_much_is_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type, "grid: US-NW-BPA\n", &root, "did you mean \"US-NW-BPAT\"");
    bound_fails(&b, &root_type, "grid: { constant: { carbon: 1, price: 2, water: -1 } }\n", &root, "below");
    bound_fails(&b, &root_type, "grid: { file: { path: f, price_usd_per_mwh: 1, water_l_per_kwh: 1 } }\n",
                &root, "at least one column of `carbon`");
    bound_fails(&b, &root_type, "grid: { file: { path: f, carbon: c, water_l_per_kwh: 1 } }\n", &root,
                "the column `price` or the constant `price_usd_per_mwh`");
    bound_fails(
        &b, &root_type,
        "grid: { file: { path: f, carbon: c, price_usd_per_mwh: 1, water: w, water_l_per_kwh: 1 } }\n", &root,
        "names a column already");
}

static void every_region_of_the_catalogue_is_sound(void **state)
{
    (void)state;
    struct gw_tree catalogue = {0};
    bound_catalogue(&catalogue);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &catalogue};
    const struct gw_node *regions = gw_node_get(catalogue.root, "regions");
    assert_true(regions->n >= 44);
    for (uint32_t i = 0; i < regions->n; i++) {
        struct gw_arena arena = {0};
        const void *object;
        assert_int_equal(gw_bind_entry(NULL, &env, "region", regions->entry[i].key, &object, &arena, NULL),
                         GW_OK);
        const struct gw_region *region = object;
        assert_true(region->carbon_lifecycle_gco2_per_kwh > region->carbon_direct_gco2_per_kwh);
        assert_true(region->price_usd_per_mwh > 0);
        assert_true(region->water_l_per_kwh > 0 && region->water_l_per_kwh < 2.61); /* 2.60: all coal */
        gw_arena_fini(&arena);
    }
    gw_tree_fini(&catalogue);
}

static void its_tables_are_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_region_type, &errs);
    gw_bind_verify(&gw_grid_type, &errs);
    assert_int_equal(errs.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mean_is_the_constants_of_the_catalogue),
        cmocka_unit_test(a_constant_is_converted_and_may_lack_direct_carbon),
        cmocka_unit_test(columns_of_a_file_are_converted_by_the_unit_of_their_names),
        cmocka_unit_test(what_a_file_lacks_may_be_a_constant),
        cmocka_unit_test(a_file_that_does_not_fit_is_refused_with_a_sentence),
        cmocka_unit_test(a_grid_that_says_too_little_or_too_much_is_refused),
        cmocka_unit_test(every_region_of_the_catalogue_is_sound),
        cmocka_unit_test(its_tables_are_right),
    };
    return cmocka_run_group_tests_name("region", tests, NULL, NULL);
}
