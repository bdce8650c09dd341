/* Forecasts: each method against numbers that can be redone by hand, the noise against its own formula. */
#include "tests/support/bound.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/forecast/forecast.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

#define HOUR_US GW_US_PER_H
#define DAY_US  (24 * HOUR_US)

struct root {
    struct gw_named method;
};
static const struct gw_field fields[] = {
    GW_FIELD(struct root, method, &gw_forecast_type, "perfect", "A forecast", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A forecast"};

struct made {
    struct bound bound;
    struct root root;
    struct gw_forecast forecast;
};

static void make(struct made *m, const char *yaml)
{
    bound_read(&m->bound, &root_type, yaml, &m->root);
    struct gw_error err;
    assert_int_equal(gw_forecast_make(&m->root.method, NULL, "oregon_gco2_per_kwh", &m->forecast, &err),
                     GW_OK);
}

/* 100 plus the hours since time 0 of the interval's start; known from `first` to `last`. */
struct ramp {
    gw_time_us first_us, last_us;
};

static double ramp_mean(const void *of, gw_time_us from_us, gw_time_us to_us)
{
    const struct ramp *ramp = of;
    return from_us >= ramp->first_us && to_us <= ramp->last_us ? 100 + gw_h_from_us(from_us) : NAN;
}

static void ask(const struct made *m, const struct ramp *ramp, gw_time_us now_us, uint32_t n, double *out)
{
    const struct gw_forecast_truth truth = {.mean = ramp_mean, .of = ramp, .first_unix_us = 0};
    gw_forecast_row(&m->forecast, &truth, 7, now_us, HOUR_US, n, out);
}

static const struct ramp endless = {INT64_MIN / 2, INT64_MAX / 2};

static void perfect_is_the_truth_and_repeats_its_last_word(void **state)
{
    (void)state;
    struct made m;
    make(&m, "method: perfect\n");
    const struct ramp ends = {0, 50 * HOUR_US};
    double f[4];
    ask(&m, &ends, 48 * HOUR_US, 4, f);
    assert_true(f[0] == 148 && f[1] == 149 && f[2] == 149 && f[3] == 149);
    ask(&m, &ends, -HOUR_US, 3, f); /* burn-in before the data begin */
    assert_true(f[0] == 100 && f[1] == 100 && f[2] == 101);
    assert_true(gw_forecast_is_oracle(&m.root.method));
    bound_fini(&m.bound);
}

/* At hour 100: the coming hour was 176 at hour 76; hour 123 was 199 at hour 99; hour 124 is seen two days
 * back. */
static void persistence_shows_the_day_before(void **state)
{
    (void)state;
    struct made m;
    make(&m, "method: persistence\n");
    double f[26];
    ask(&m, &endless, 100 * HOUR_US, 26, f);
    assert_true(f[0] == 176 && f[23] == 199 && f[24] == 176);
    assert_false(gw_forecast_is_oracle(&m.root.method));
    bound_fini(&m.bound);
    make(&m, "method: { method: persistence, lag: 48 h }\n");
    ask(&m, &endless, 100 * HOUR_US, 1, f);
    assert_true(f[0] == 152);
    bound_fini(&m.bound);
}

static void where_the_past_is_not_known_the_present_stands_in(void **state)
{
    (void)state;
    struct made m;
    const struct ramp begins = {0, INT64_MAX / 2};
    double f[24];
    const char *const methods[] = {"method: persistence\n", "method: climatology\n"};
    for (size_t i = 0; i < 2; i++) {
        make(&m, methods[i]);
        ask(&m, &begins, 5 * HOUR_US, 24, f);
        assert_true(f[0] == 105 && f[18] == 105); /* its hour lies before hour 0 */
        assert_true(f[19] == 100 && f[20] == 101);
        bound_fini(&m.bound);
    }
}

/* Hour 100 was 176, 152 and 128 on the three days before: 152. Two of them: 164. */
static void climatology_averages_the_same_hours_of_the_days_before(void **state)
{
    (void)state;
    struct made m;
    double f[1];
    make(&m, "method: { method: climatology, days: 3 }\n");
    ask(&m, &endless, 100 * HOUR_US, 1, f);
    assert_near(f[0], 152, 1e-15, 0);
    const struct ramp two_days = {50 * HOUR_US, INT64_MAX / 2};
    ask(&m, &two_days, 100 * HOUR_US, 1, f);
    assert_near(f[0], 164, 1e-15, 0);
    bound_fini(&m.bound);
}

static double constant_mean(const void *of, gw_time_us from_us, gw_time_us to_us)
{
    (void)from_us;
    (void)to_us;
    return *(const double *)of;
}

enum { TRIALS = 20000 };

static void noise(const struct made *m, double y, uint64_t key, gw_time_us now_us, uint32_t n, double *out)
{
    const struct gw_forecast_truth truth = {.mean = constant_mean, .of = &y};
    gw_forecast_row(&m->forecast, &truth, key, now_us, HOUR_US, n, out);
}

/* sigma 10 %, leads of the intervals' middles. |N(0,1)| has mean 0.798; errors of 20 000 keys give the mean
 * to 0.6 %, the variance to 1 % (one standard error), and the bounds are four of them. */
static void errors_grow_with_the_lead_as_the_formula_says(void **state)
{
    (void)state;
    struct made m;
    make(&m, "method: { method: noisy, sigma: 0.1, tau: 12 h }\n");
    double f[25], absolute = 0, square_1 = 0;
    for (uint64_t key = 0; key < TRIALS; key++) {
        noise(&m, 200, key, 1000 * HOUR_US, 25, f);
        absolute += fabs(f[24] - 200) / 200 / TRIALS;
        square_1 += (f[1] - 200) * (f[1] - 200) / (200.0 * 200.0) / TRIALS;
    }
    const double day = 1 - exp(-4);
    assert_near(absolute, 0.1 * sqrt((1 - exp(-49.0 / 12)) / day) * sqrt(2 / acos(-1)), 0.024, 0);
    assert_near(sqrt(square_1), 0.1 * sqrt((1 - exp(-3.0 / 12)) / day), 0.02, 0);
    bound_fini(&m.bound);
}

static double scaled_error(double f, double lead_h)
{
    return (f - 200) / (200 * 0.1 * sqrt((1 - exp(-2 * lead_h / 12)) / (1 - exp(-4))));
}

/* Correlation of neighbouring hours 0.95, of the same hour from one issue to the next 0.8; none between keys.
 */
static void errors_are_correlated_along_the_hours_and_from_issue_to_issue(void **state)
{
    (void)state;
    struct made m;
    make(&m, "method: { method: noisy, sigma: 0.1 }\n");
    double now[12], later[12], other[12], along = 0, refreshed = 0, between = 0;
    for (uint64_t key = 0; key < TRIALS; key++) {
        noise(&m, 200, key, 1000 * HOUR_US, 12, now);
        noise(&m, 200, key, 1001 * HOUR_US, 12, later);
        noise(&m, 200, key + TRIALS, 1000 * HOUR_US, 12, other);
        const double x = scaled_error(now[10], 10.5);
        along += x * scaled_error(now[11], 11.5) / TRIALS;
        refreshed += x * scaled_error(later[9], 9.5) / TRIALS;
        between += x * scaled_error(other[10], 10.5) / TRIALS;
    }
    assert_near(along, 0.95, 0, 0.04);
    assert_near(refreshed, 0.8, 0, 0.04);
    assert_near(between, 0, 0, 0.03);
    bound_fini(&m.bound);
}

static void a_forecast_is_a_function_of_signal_and_issue_alone(void **state)
{
    (void)state;
    struct made m;
    make(&m, "method: noisy\n");
    double a[24], b[24], c[24], later[24];
    noise(&m, 200, 1, 1000 * HOUR_US, 24, a);
    noise(&m, 50, 9, 7 * HOUR_US, 24, c);
    noise(&m, 200, 1, 1000 * HOUR_US, 24, b);
    noise(&m, 200, 1, 1000 * HOUR_US, 12, later);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_equal(a, later, 12 * sizeof a[0]); /* how far one asks changes nothing */
    bound_fini(&m.bound);
}

static void errors_know_a_floor_a_bias_and_no_negative_carbon(void **state)
{
    (void)state;
    struct made m;
    double f[24];
    make(&m, "method: { method: noisy, sigma: 0, bias: 0.25, floor: 40 }\n");
    noise(&m, 8, 1, 0, 1, f);
    assert_near(f[0], 18, 1e-15, 0); /* 8 + 40 / 4 */
    noise(&m, 80, 1, 0, 1, f);
    assert_near(f[0], 100, 1e-15, 0);
    noise(&m, -80, 1, 0, 1, f);
    assert_near(f[0], -60, 1e-15, 0); /* a negative price may become less so */
    bound_fini(&m.bound);
    make(&m, "method: { method: noisy, sigma: 2 }\n");
    for (uint64_t key = 0; key < 100; key++) {
        noise(&m, 80, key, 0, 24, f);
        for (size_t h = 0; h < 24; h++) {
            assert_true(f[h] >= 0);
        }
    }
    bound_fini(&m.bound);
}

static enum gw_status read_text(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                                struct gw_error *err)
{
    (void)path;
    (void)max_bytes;
    (void)err;
    *n = strlen(from);
    *bytes = malloc(*n + 1);
    assert_non_null(*bytes);
    memcpy(*bytes, from, *n + 1);
    return GW_OK;
}

static void a_table_is_read_by_the_name_of_its_column(void **state)
{
    (void)state;
    char text[] = "time_utc,virginia_gco2_per_kwh,oregon_gco2_per_kwh\n"
                  "1970-01-01T00:00:00Z,1,300\n1970-01-01T01:00:00Z,2,400\n";
    const struct gw_source source = {.read = read_text, .from = text};
    struct bound b;
    struct root root;
    struct gw_forecast forecast;
    struct gw_error err;
    bound_read(&b, &root_type, "method: { method: table, path: ahead.csv }\n", &root);
    struct gw_csv table;
    assert_int_equal(gw_forecast_read(&root.method, &source, &table, &b.arena, &err), GW_OK);
    assert_int_equal(gw_forecast_make(&root.method, &table, "oregon_gco2_per_kwh", &forecast, &err), GW_OK);
    const double y = 5;
    const struct gw_forecast_truth truth = {.mean = constant_mean, .of = &y};
    double f[3];
    gw_forecast_row(&forecast, &truth, 0, 0, HOUR_US, 3, f);
    assert_true(f[0] == 300 && f[1] == 400 && f[2] == 5); /* beyond its end: as it is now */
    assert_int_equal(gw_forecast_make(&root.method, &table, "texas_gco2_per_kwh", &forecast, &err),
                     GW_ERR_UNKNOWN);
    bound_fini(&b);
}

static void the_table_of_keys_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&root_type, &errs);
    assert_int_equal(errs.n, 0);
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type, "method: oracle\n", &root, "oracle");
    bound_fails(&b, &root_type, "method: { method: noisy, sigma: -1 }\n", &root, "smallest");
    bound_fails(&b, &root_type, "method: { method: persistence, days: 3 }\n", &root, "days");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(perfect_is_the_truth_and_repeats_its_last_word),
        cmocka_unit_test(persistence_shows_the_day_before),
        cmocka_unit_test(where_the_past_is_not_known_the_present_stands_in),
        cmocka_unit_test(climatology_averages_the_same_hours_of_the_days_before),
        cmocka_unit_test(errors_grow_with_the_lead_as_the_formula_says),
        cmocka_unit_test(errors_are_correlated_along_the_hours_and_from_issue_to_issue),
        cmocka_unit_test(a_forecast_is_a_function_of_signal_and_issue_alone),
        cmocka_unit_test(errors_know_a_floor_a_bias_and_no_negative_carbon),
        cmocka_unit_test(a_table_is_read_by_the_name_of_its_column),
        cmocka_unit_test(the_table_of_keys_is_right),
    };
    return cmocka_run_group_tests_name("forecast", tests, NULL, NULL);
}
