/* What a site's `weather:` may be, and how its errors read. */
#include "tests/support/bound.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/sample_year.h"

#include <stdlib.h>

#include "models/weather/site_weather.h"
#include "sim/base/units.h"

#define START_2023_US (INT64_C(1672531200) * GW_US_PER_S)
#define DAY_US        (24 * GW_US_PER_H)

struct root {
    struct gw_pick weather;
};
static const struct gw_field root_fields[] = {
    GW_FIELD(struct root, weather, &gw_site_weather_type, NULL, "The weather", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = root_fields, .doc = "t"};

/* Gives the text whatever the path is. */
static enum gw_status read_text(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                                struct gw_error *err)
{
    const struct gw_text *text = from;
    assert_true(text->n < max_bytes);
    *bytes = malloc(text->n + 1);
    if (*bytes == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
    }
    memcpy(*bytes, text->at, text->n + 1);
    *n = text->n;
    return GW_OK;
}

static enum gw_status load(struct bound *b, const char *yaml, const char *home, struct gw_text *file,
                           struct gw_site_weather *out, struct gw_error *err)
{
    struct root root;
    bound_read(b, &root_type, yaml, &root);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &b->built_in};
    const void *climate = NULL;
    if (home != NULL) {
        assert_int_equal(gw_bind_entry(NULL, &env, "climate", home, &climate, &b->arena, NULL), GW_OK);
    }
    const struct gw_source source = {.read = read_text, .from = file};
    return gw_site_weather_load(&root.weather, climate, (double)NAN, "sites[a].weather", &source, out,
                                &b->arena, err);
}

static void a_climate_is_the_places_own_or_named(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *label;
        int32_t years;
    } cases[] = {
        {"weather: generated\n", "phoenix", GW_GENERATOR_TYPICAL},
        {"weather: dublin\n", "dublin", GW_GENERATOR_TYPICAL},
        {"weather: { generator: { climate: dublin, years: varying } }\n", "dublin", GW_GENERATOR_VARYING},
        {"weather: { generator: { years: varying } }\n", "phoenix", GW_GENERATOR_VARYING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bound b;
        struct gw_site_weather w;
        assert_int_equal(load(&b, cases[i].yaml, "phoenix", NULL, &w, NULL), GW_OK);
        assert_string_equal(w.label, cases[i].label);
        assert_int_equal(w.years, cases[i].years);
        struct gw_weather_series s;
        assert_int_equal(
            gw_site_weather_make(&w, 1, 0, START_2023_US, START_2023_US + DAY_US, &s, &b.arena, NULL), GW_OK);
        assert_true(gw_weather_at(&s, START_2023_US).wet_bulb_c < 30);
        bound_fini(&b);
    }
}

static void a_place_without_a_climate_needs_a_name(void **state)
{
    (void)state;
    struct bound b;
    struct gw_site_weather w;
    struct gw_error err;
    assert_int_equal(load(&b, "weather: generated\n", NULL, NULL, &w, &err), GW_ERR_UNKNOWN);
    assert_string_equal(err.where, "sites[a].weather");
    assert_non_null(strstr(err.why, "weather: dublin"));
    bound_fini(&b);
}

static void a_file_is_read_and_laid_out(void **state)
{
    (void)state;
    struct gw_text text = {0};
    sample_year(&text, sample_year_epw_header, sample_year_epw_row, -1, "");
    struct bound b;
    struct gw_site_weather w;
    assert_int_equal(load(&b, "weather: { file: { path: some.epw } }\n", NULL, &text, &w, NULL), GW_OK);
    assert_null(w.climate);
    struct gw_weather_series s;
    assert_int_equal(
        gw_site_weather_make(&w, 1, 0, START_2023_US, START_2023_US + DAY_US, &s, &b.arena, NULL), GW_OK);
    /* hour 13, 12:30 at UTC-7 */
    const struct gw_weather noon = gw_weather_at(&s, START_2023_US + 39 * GW_US_PER_H / 2);
    assert_near(noon.dry_bulb_c, 12, 1e-12, 0);
    assert_near(noon.dew_point_c, 7, 1e-11, 0);
    assert_true(noon.pressure_pa == 83000 && noon.ghi_w_per_m2 == 250);
    bound_fini(&b);
    gw_text_fini(&text);
}

static void an_own_table_names_its_columns(void **state)
{
    (void)state;
    struct gw_text text = {0};
    gw_text_add(&text, "time_utc,dry_bulb_c,humidity_frac,pressure_pa\n");
    for (int h = 0; h < 24; h++) {
        gw_text_addf(&text, "2023-01-01T%02d:00:00Z,25,0.5,101325\n", h);
    }
    struct bound b;
    struct gw_site_weather w;
    assert_int_equal(load(&b, "weather: { file: { path: own.csv } }\n", NULL, &text, &w, NULL), GW_OK);
    struct gw_weather_series s;
    assert_int_equal(
        gw_site_weather_make(&w, 1, 0, START_2023_US, START_2023_US + DAY_US, &s, &b.arena, NULL), GW_OK);
    assert_near(gw_weather_at(&s, START_2023_US + DAY_US / 2).wet_bulb_c, 17.889, 0, 0.001);
    bound_fini(&b);
    gw_text_fini(&text);
}

static void what_is_no_weather_is_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type, "weather: dublim\n", &root, "did you mean \"dublin\"");
    bound_fails(&b, &root_type, "weather: { generator: { years: often } }\n", &root, "typical");
    bound_fails(&b, &root_type, "weather: { file: { repeat: true } }\n", &root, "path");

    struct gw_text text = {0};
    gw_text_add(&text, "time_utc,rain_mm\n2023-01-01T00:00:00Z,1\n2023-01-01T01:00:00Z,1\n");
    struct gw_site_weather w;
    struct gw_error err;
    assert_int_equal(load(&b, "weather: { file: { path: /own.csv } }\n", NULL, &text, &w, &err),
                     GW_ERR_UNKNOWN);
    assert_string_equal(err.where, "/own.csv");
    assert_string_equal(err.why, "no column of weather such as dry_bulb_c");
    bound_fini(&b);
    gw_text_fini(&text);
}

/* Whichever allocation fails, the failure is returned, from loading and from making alike. */
static void running_out_of_memory_is_returned(void **state)
{
    (void)state;
    struct gw_text text = {0};
    sample_year(&text, sample_year_epw_header, sample_year_epw_row, -1, "");
    static const char *const yaml[] = {"weather: { file: { path: some.epw } }\n", "weather: dublin\n"};
    for (size_t i = 0; i < 2; i++) {
        struct bound b;
        struct root root;
        bound_read(&b, &root_type, yaml[i], &root);
        const struct gw_source source = {.read = read_text, .from = &text};
        size_t failures = 0;
        for (size_t n = 1;; n++) {
            struct gw_arena arena = {0};
            struct gw_site_weather w;
            struct gw_weather_series s;
            gw_failing_malloc_arm(n);
            enum gw_status status =
                gw_site_weather_load(&root.weather, NULL, (double)NAN, "w", &source, &w, &arena, NULL);
            if (status == GW_OK) {
                status =
                    gw_site_weather_make(&w, 1, 0, START_2023_US, START_2023_US + DAY_US, &s, &arena, NULL);
            }
            const bool failed = gw_failing_malloc_disarm();
            assert_int_equal(status, failed ? GW_ERR_NOMEM : GW_OK);
            gw_arena_fini(&arena);
            if (!failed) {
                break;
            }
            failures++;
        }
        assert_true(failures >= 2);
        bound_fini(&b);
    }
    gw_text_fini(&text);
}

static void its_tables_are_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_site_weather_type, &errs);
    assert_int_equal(errs.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_climate_is_the_places_own_or_named),
        cmocka_unit_test(a_place_without_a_climate_needs_a_name),
        cmocka_unit_test(a_file_is_read_and_laid_out),
        cmocka_unit_test(an_own_table_names_its_columns),
        cmocka_unit_test(what_is_no_weather_is_refused),
        cmocka_unit_test(running_out_of_memory_is_returned),
        cmocka_unit_test(its_tables_are_right),
    };
    return cmocka_run_group_tests_name("site_weather", tests, NULL, NULL);
}
