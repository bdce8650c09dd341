/* Arrivals: a Poisson process with the promised rate, lengths that belong to the request, nothing beyond the
 * end. Seeds are fixed; each bound is one that a correct generator misses once in a thousand seeds or less.
 */
#include "tests/support/near.h"

#include <math.h>
#include <stdlib.h>

#include "models/workload/arrivals.h"
#include "sim/base/units.h"

#define HOUR_US   GW_US_PER_H
#define DAY_US    (24 * HOUR_US)
#define MONDAY_US (INT64_C(1685923200) * GW_US_PER_S) /* 2023-06-05T00:00:00Z */

/* Night 1, day 5, one quiet hour: steep slopes both ways, and a rate of zero. */
static double weekday[24], weekend[24];
static const struct gw_shape shape = {.weekday = {24, weekday}, .weekend = {24, weekend}};

/* Each of 1 to 8 tokens equally likely; always 5 tokens. */
static double eighths[8];
static uint32_t eighths_guide[9];
static const double one[] = {1};
static const uint32_t one_guide[] = {0, 0};
static const struct gw_length any = {
    .min = 1, .max = 8, .cdf = eighths, .guide = eighths_guide, .guide_n = 8};
static const struct gw_length five = {.min = 5, .max = 5, .cdf = one, .guide = one_guide, .guide_n = 1};

static int set_up(void **state)
{
    (void)state;
    for (int h = 0; h < 24; h++) {
        weekday[h] = h < 8 ? 1 : h == 13 ? 0 : 5;
        weekend[h] = 2;
    }
    for (uint32_t i = 0; i < 8; i++) {
        eighths[i] = (i + 1) / 8.0;
        eighths_guide[i] = i;
    }
    eighths_guide[8] = 7;
    return 0;
}

static struct gw_arrivals_cfg demand(double rate_per_s, const struct gw_shape *of, gw_time_us end_us)
{
    return (struct gw_arrivals_cfg){.rate_per_s = rate_per_s,
                                    .shape = of,
                                    .utc_offset_h = -5,
                                    .start_unix_us = MONDAY_US + 12345,
                                    .end_us = end_us,
                                    .prompt = &any,
                                    .output = &five};
}

static void the_same_name_and_seed_give_the_same_requests(void **state)
{
    (void)state;
    const struct gw_arrivals_cfg cfg = demand(1, &shape, DAY_US);
    struct gw_arrivals a, b, other[3];
    gw_arrivals_init(&a, &cfg, 42, 0, "us-east/chat");
    gw_arrivals_init(&b, &cfg, 42, 0, "us-east/chat");
    gw_arrivals_init(&other[0], &cfg, 43, 0, "us-east/chat");
    gw_arrivals_init(&other[1], &cfg, 42, 1, "us-east/chat");
    gw_arrivals_init(&other[2], &cfg, 42, 0, "us-east/code");
    struct gw_ask x, y;
    bool differs[3] = {false};
    for (int i = 0; i < 1000; i++) {
        assert_true(gw_arrivals_next(&a, GW_NEVER_US, &x));
        assert_true(gw_arrivals_next(&b, GW_NEVER_US, &y));
        assert_true(x.t_us == y.t_us && x.in_tok == y.in_tok && x.out_tok == y.out_tok);
        assert_int_equal(x.number, i);
        for (int k = 0; k < 3; k++) {
            assert_true(gw_arrivals_next(&other[k], GW_NEVER_US, &y));
            differs[k] |= y.t_us != x.t_us;
        }
    }
    assert_true(differs[0] && differs[1] && differs[2]);
}

static void request_n_asks_the_same_at_any_rate(void **state)
{
    (void)state;
    const struct gw_arrivals_cfg slow = demand(0.5, NULL, 10 * DAY_US),
                                 fast = demand(70, &shape, 10 * DAY_US);
    struct gw_arrivals a, b;
    gw_arrivals_init(&a, &slow, 7, 3, "d");
    gw_arrivals_init(&b, &fast, 7, 3, "d");
    struct gw_ask x, y;
    for (int i = 0; i < 1000; i++) {
        assert_true(gw_arrivals_next(&a, GW_NEVER_US, &x) && gw_arrivals_next(&b, GW_NEVER_US, &y));
        assert_true(x.in_tok == y.in_tok && x.out_tok == y.out_tok && x.number == y.number);
    }
}

static void nothing_comes_at_or_after_the_end(void **state)
{
    (void)state;
    const gw_time_us end_us = 3 * HOUR_US + 77;
    const struct gw_arrivals_cfg cfg = demand(50, NULL, end_us);
    struct gw_arrivals a;
    gw_arrivals_init(&a, &cfg, 1, 0, "d");
    struct gw_ask ask = {0};
    gw_time_us last_us = 0;
    uint64_t n = 0;
    while (gw_arrivals_next(&a, GW_NEVER_US, &ask)) {
        assert_true(ask.t_us >= last_us && ask.t_us < end_us);
        assert_int_equal(ask.number, n++);
        last_us = ask.t_us;
    }
    assert_true(n > 500000);
    assert_false(gw_arrivals_next(&a, GW_NEVER_US, &ask));
    assert_int_equal(a.next.t_us, GW_NEVER_US);
}

static void a_window_ends_before_its_edge(void **state)
{
    (void)state;
    const struct gw_arrivals_cfg cfg = demand(1, NULL, DAY_US);
    struct gw_arrivals a;
    gw_arrivals_init(&a, &cfg, 1, 0, "d");
    struct gw_ask ask;
    const gw_time_us first_us = a.next.t_us;
    assert_false(gw_arrivals_next(&a, first_us, &ask));
    assert_true(gw_arrivals_next(&a, first_us + 1, &ask));
    assert_int_equal(ask.t_us, first_us);
}

static void a_rate_of_zero_brings_nobody(void **state)
{
    (void)state;
    const struct gw_arrivals_cfg cfg = demand(0, &shape, 365 * DAY_US);
    struct gw_arrivals a;
    struct gw_ask ask;
    gw_arrivals_init(&a, &cfg, 1, 0, "d");
    assert_false(gw_arrivals_next(&a, GW_NEVER_US, &ask));
    assert_true(gw_arrivals_expected(&cfg, 0, DAY_US) == 0);
}

/* Many requests within a microsecond: ties are kept, in order of number. */
static void ties_are_allowed(void **state)
{
    (void)state;
    const struct gw_arrivals_cfg cfg = demand(3e6, NULL, 20000);
    struct gw_arrivals a;
    gw_arrivals_init(&a, &cfg, 5, 0, "d");
    struct gw_ask ask;
    gw_time_us last_us = -1;
    uint64_t n = 0, ties = 0;
    while (gw_arrivals_next(&a, GW_NEVER_US, &ask)) {
        assert_true(ask.t_us >= last_us);
        ties += ask.t_us == last_us ? 1 : 0;
        last_us = ask.t_us;
        n++;
    }
    /* 20000 cells with a mean of 3: about e^-3 of them stay empty, all arrivals but the first of a cell are
     * ties */
    assert_near((double)n, 60000, 0, 4 * sqrt(60000));
    assert_near((double)ties, 60000 - 20000 * (1 - exp(-3)), 0.02, 0);
}

/* Each hour of two weeks against the integral of the rate; the quiet hour and the slopes are among them. */
static void counts_per_hour_follow_the_rate(void **state)
{
    (void)state;
    const struct gw_arrivals_cfg cfg = demand(0.25, &shape, 14 * DAY_US);
    struct gw_arrivals a;
    gw_arrivals_init(&a, &cfg, 2024, 0, "d");
    double chi_square = 0, worst = 0;
    uint64_t total = 0;
    enum { HOURS = 14 * 24 };
    for (int h = 0; h < HOURS; h++) {
        struct gw_ask ask;
        uint64_t n = 0;
        while (gw_arrivals_next(&a, (h + 1) * HOUR_US, &ask)) {
            n++;
        }
        const double expected = gw_arrivals_expected(&cfg, h * HOUR_US, (h + 1) * HOUR_US);
        const double z = ((double)n - expected) / sqrt(expected);
        chi_square += z * z;
        worst = fmax(worst, fabs(z));
        total += n;
    }
    print_message("counts per hour: chi-square %.0f for %d hours, worst z %.2f\n", chi_square, (int)HOURS,
                  worst);
    assert_near(chi_square, HOURS, 0, 3.3 * sqrt(2.0 * HOURS));
    assert_true(worst < 4.6);
    assert_near((double)total, gw_arrivals_expected(&cfg, 0, 14 * DAY_US), 0, 3.3 * sqrt(0.25 * 14 * 86400));
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* sqrt(n) times the largest distance of the sample from a standard exponential law; 1.95 is the 0.1 % point.
 */
static double kolmogorov_smirnov(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_value);
    double distance = 0;
    for (size_t i = 0; i < n; i++) {
        const double law = -expm1(-x[i]);
        distance = fmax(distance, fmax((double)(i + 1) / (double)n - law, law - (double)i / (double)n));
    }
    return sqrt((double)n) * distance;
}

/* The integral of the rate between two arrivals is a standard exponential, whatever the rate does meanwhile.
 */
static void integrated_gaps_are_exponential(void **state)
{
    (void)state;
    static const struct gw_shape *const shapes[] = {NULL, &shape};
    enum { N = 20000 };
    static double gap[N];
    for (int k = 0; k < 2; k++) {
        const struct gw_arrivals_cfg cfg = demand(0.02, shapes[k], 1000 * DAY_US);
        struct gw_arrivals a;
        gw_arrivals_init(&a, &cfg, 11, 0, "d");
        gw_time_us last_us = 0;
        for (int i = 0; i < N; i++) {
            struct gw_ask ask;
            assert_true(gw_arrivals_next(&a, GW_NEVER_US, &ask));
            gap[i] = gw_arrivals_expected(&cfg, last_us, ask.t_us);
            last_us = ask.t_us;
        }
        const double ks = kolmogorov_smirnov(gap, N);
        print_message("integrated gaps: Kolmogorov-Smirnov %.2f\n", ks);
        assert_true(ks < 1.95);
    }
}

/* 200000 draws over 8 equally likely lengths: chi-square with 7 degrees of freedom, 24.3 at 0.1 %. */
static void lengths_follow_their_law(void **state)
{
    (void)state;
    struct gw_arrivals_cfg cfg = demand(1000, NULL, DAY_US);
    cfg.output = &any;
    struct gw_arrivals a;
    gw_arrivals_init(&a, &cfg, 99, 0, "d");
    enum { N = 200000 };
    double in[9] = {0}, out[9] = {0}, both[9][9] = {{0}};
    for (int i = 0; i < N; i++) {
        struct gw_ask ask;
        assert_true(gw_arrivals_next(&a, GW_NEVER_US, &ask));
        in[ask.in_tok]++;
        out[ask.out_tok]++;
        both[ask.in_tok][ask.out_tok]++;
    }
    double in_chi = 0, out_chi = 0, both_chi = 0;
    for (int i = 1; i <= 8; i++) {
        in_chi += (in[i] - N / 8.0) * (in[i] - N / 8.0) / (N / 8.0);
        out_chi += (out[i] - N / 8.0) * (out[i] - N / 8.0) / (N / 8.0);
        for (int k = 1; k <= 8; k++) {
            both_chi += (both[i][k] - N / 64.0) * (both[i][k] - N / 64.0) / (N / 64.0);
        }
    }
    assert_true(in_chi < 24.3);
    assert_true(out_chi < 24.3);
    assert_true(both_chi < 103.4); /* 63 degrees of freedom: prompt and answer are independent */
}

static void what_is_expected_is_cut_to_where_there_is_demand(void **state)
{
    (void)state;
    const struct gw_arrivals_cfg flat = demand(2, NULL, DAY_US);
    assert_near(gw_arrivals_expected(&flat, 0, HOUR_US), 7200, 1e-15, 0);
    assert_near(gw_arrivals_expected(&flat, -HOUR_US, 2 * DAY_US), 172800, 1e-15, 0);
    assert_true(gw_arrivals_expected(&flat, DAY_US, 2 * DAY_US) == 0);
    assert_true(gw_arrivals_expected(&flat, HOUR_US, HOUR_US) == 0);
    assert_true(gw_arrivals_peak_rate(&flat, 0, HOUR_US) == 2);
    assert_true(gw_arrivals_peak_rate(&flat, DAY_US, GW_NEVER_US) == 0);

    /* shape: weekly mean (5 * (8 + 75) + 2 * 48) / 168 = 511/168, peak 5 */
    struct gw_arrivals_cfg bent = demand(2, &shape, 7 * DAY_US);
    assert_near(gw_arrivals_peak_rate(&bent, 0, 7 * DAY_US), 2 * 5 * 168.0 / 511, 1e-12, 0);
    assert_near(gw_arrivals_expected(&bent, 0, 7 * DAY_US), 2 * 604800, 1e-12, 0);
}

/* ---- elastic demand ---- */

/* What is left of the way to each arrival is gone at the new speed. */
static void at_twice_the_rate_what_is_to_come_comes_in_half_the_time(void **state)
{
    (void)state;
    struct gw_arrivals_cfg cfg = demand(1, NULL, DAY_US);
    cfg.elastic = true;
    const gw_time_us edge_us = HOUR_US / 2;
    struct gw_arrivals a, b;
    gw_arrivals_init(&a, &cfg, 7, 0, "row");
    gw_arrivals_init(&b, &cfg, 7, 0, "row");
    struct gw_ask x, y;
    while (gw_arrivals_next(&a, edge_us, &x)) {
        assert_true(gw_arrivals_next(&b, edge_us, &y));
    }
    gw_arrivals_scale(&b, edge_us, 2.0);
    for (int n = 0; n < 1000; n++) {
        assert_true(gw_arrivals_next(&a, DAY_US, &x));
        assert_true(gw_arrivals_next(&b, DAY_US, &y));
        assert_near((double)(y.t_us - edge_us), (double)(x.t_us - edge_us) / 2, 0, 2);
        assert_int_equal(x.number, y.number);
        assert_int_equal(x.in_tok, y.in_tok);
    }
}

/* Over a bent curve: the integrated rate from request to request is the increment that was drawn, at whatever
 * scale it was spent. The quiet hour lies in between. */
static void a_change_of_scale_keeps_the_increments_of_the_integrated_rate(void **state)
{
    (void)state;
    struct gw_arrivals_cfg cfg = demand(0.01, &shape, 3 * DAY_US);
    cfg.elastic = true;
    struct gw_arrivals a, b;
    gw_arrivals_init(&a, &cfg, 11, 0, "row");
    gw_arrivals_init(&b, &cfg, 11, 0, "row");
    gw_time_us a_us = 0, b_us = 0, edge_us = 0;
    double carried = 0; /* what b spent before the last change */
    double scale = 1;
    struct gw_ask x, y;
    int n = 0;
    while (edge_us < 3 * DAY_US) {
        edge_us += HOUR_US;
        while (gw_arrivals_next(&b, edge_us, &y)) {
            assert_true(gw_arrivals_next(&a, 3 * DAY_US, &x));
            const double drawn = gw_arrivals_expected(&cfg, a_us, x.t_us);
            const double spent = carried + scale * gw_arrivals_expected(&cfg, b_us, y.t_us);
            assert_near(spent, drawn, 1e-6, 1e-6);
            assert_int_equal(x.number, y.number);
            a_us = x.t_us;
            b_us = y.t_us;
            carried = 0;
            n++;
        }
        carried += scale * gw_arrivals_expected(&cfg, b_us, edge_us);
        b_us = edge_us;
        scale = scale == 0.5 ? 0.8 : 0.5;
        gw_arrivals_scale(&b, edge_us, scale);
    }
    assert_true(n > 500);
}

/* Phases of an on-off process are those of the clock: a scale that is hardly one moves nothing, whatever
 * phases lie between two requests. */
static void a_change_of_scale_leaves_the_phases_alone(void **state)
{
    (void)state;
    struct gw_arrivals_cfg cfg = demand(0.05, &shape, DAY_US);
    cfg.elastic = true;
    cfg.burst = (struct gw_burst){
        .law = GW_BURST_MMPP, .ratio = 0.1, .high_us = 20 * GW_US_PER_S, .low_us = 60 * GW_US_PER_S};
    struct gw_arrivals a, b;
    gw_arrivals_init(&a, &cfg, 3, 0, "row");
    gw_arrivals_init(&b, &cfg, 3, 0, "row");
    struct gw_ask x, y;
    double scale = 1.0;
    for (gw_time_us edge_us = HOUR_US / 4; edge_us <= DAY_US; edge_us += HOUR_US / 4) {
        while (gw_arrivals_next(&a, edge_us - HOUR_US / 8, &x)) {
            assert_true(gw_arrivals_next(&b, DAY_US, &y));
            assert_near((double)y.t_us, (double)x.t_us, 0, 1);
        }
        scale = scale == 1.0 ? 1.0 + 1e-12 : 1.0;
        gw_arrivals_scale(&b, edge_us - HOUR_US / 8, scale);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_name_and_seed_give_the_same_requests),
        cmocka_unit_test(request_n_asks_the_same_at_any_rate),
        cmocka_unit_test(nothing_comes_at_or_after_the_end),
        cmocka_unit_test(a_window_ends_before_its_edge),
        cmocka_unit_test(a_rate_of_zero_brings_nobody),
        cmocka_unit_test(ties_are_allowed),
        cmocka_unit_test(counts_per_hour_follow_the_rate),
        cmocka_unit_test(integrated_gaps_are_exponential),
        cmocka_unit_test(lengths_follow_their_law),
        cmocka_unit_test(what_is_expected_is_cut_to_where_there_is_demand),
        cmocka_unit_test(at_twice_the_rate_what_is_to_come_comes_in_half_the_time),
        cmocka_unit_test(a_change_of_scale_keeps_the_increments_of_the_integrated_rate),
        cmocka_unit_test(a_change_of_scale_leaves_the_phases_alone),
    };
    return cmocka_run_group_tests_name("arrivals", tests, set_up, NULL);
}
