/* For any demand: no window cut shows in the requests, and each arrival is where the integrated rate says. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/workload/arrivals.h"
#include "sim/base/units.h"

enum { TRIALS = 400, REQUESTS_MAX = 2000 };

static const double one[] = {1};
static const uint32_t one_guide[] = {0, 0};
static const struct gw_length five = {.min = 5, .max = 5, .cdf = one, .guide = one_guide, .guide_n = 1};

struct demand {
    double weekday[24], weekend[24];
    struct gw_shape shape;
    struct gw_arrivals_cfg cfg;
    uint64_t seed;
};

static double unit(struct gw_rng *rng)
{
    return gw_rng_unit(gw_rng_next(rng));
}

/* Any rate that gives some hundred requests, flat or bent or with silent hours, from any instant on. */
static void draw(struct gw_rng *rng, struct demand *out)
{
    *out = (struct demand){.seed = gw_rng_next(rng)};
    const double silent = unit(rng) < 0.3 ? 0.5 : 0;
    for (int h = 0; h < 24; h++) {
        out->weekday[h] = unit(rng) < silent ? 0 : pow(10, 3 * unit(rng));
        out->weekend[h] = unit(rng) < silent ? 0 : pow(10, 3 * unit(rng));
    }
    out->weekday[12] = 1;
    out->shape =
        (struct gw_shape){.weekday = {24, out->weekday}, .weekend = {unit(rng) < 0.5 ? 24 : 0, out->weekend}};
    const gw_time_us span_us = 1 + (gw_time_us)(pow(10, 12 * unit(rng)));
    out->cfg = (struct gw_arrivals_cfg){
        .rate_per_s = REQUESTS_MAX * unit(rng) / gw_s_from_us(span_us) / 4,
        .shape = unit(rng) < 0.2 ? NULL : &out->shape,
        .utc_offset_h = floor(unit(rng) * 53) / 2 - 12,
        .start_unix_us = (gw_time_us)(unit(rng) * 2e15),
        .end_us = span_us,
        .prompt = &five,
        .output = &five,
    };
}

static size_t collect(const struct demand *demand, struct gw_rng *windows, gw_time_us *t_us)
{
    struct gw_arrivals arrivals;
    gw_arrivals_init(&arrivals, &demand->cfg, demand->seed, 0, "d");
    size_t n = 0;
    gw_time_us until_us = 0;
    struct gw_ask ask;
    while (arrivals.next.t_us != GW_NEVER_US && n < REQUESTS_MAX) {
        /* windows from a microsecond to all that is left; some begin the run late */
        const double longest = log10((double)demand->cfg.end_us) + 0.5;
        until_us = windows == NULL ? GW_NEVER_US : until_us + (gw_time_us)pow(10, longest * unit(windows));
        if (windows != NULL && until_us < arrivals.next.t_us && unit(windows) < 0.9) {
            until_us = arrivals.next.t_us + (gw_time_us)(3 * unit(windows)); /* edges at and near arrivals */
        }
        while (n < REQUESTS_MAX && gw_arrivals_next(&arrivals, until_us, &ask)) {
            assert_true(ask.t_us < until_us);
            assert_int_equal(ask.number, n);
            t_us[n++] = ask.t_us;
        }
    }
    return n;
}

static void any_cut_into_windows_gives_the_same_requests(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "test/windows"));
    static gw_time_us whole[REQUESTS_MAX], cut[REQUESTS_MAX];
    for (int trial = 0; trial < TRIALS; trial++) {
        struct demand demand;
        draw(&rng, &demand);
        const size_t n = collect(&demand, NULL, whole);
        if (collect(&demand, &rng, cut) != n || memcmp(whole, cut, n * sizeof whole[0]) != 0) {
            fail_msg("trial %d: the requests depend on the windows", trial);
        }
    }
}

/* The twin: the partial sums of the stream's exponentials, compared on the scale of the integrated rate. */
static void arrivals_invert_the_integrated_rate(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(2, 0, "test/inversion"));
    static gw_time_us t_us[REQUESTS_MAX];
    uint64_t compared = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct demand demand;
        draw(&rng, &demand);
        const struct gw_arrivals_cfg *cfg = &demand.cfg;
        const size_t n = collect(&demand, NULL, t_us);
        struct gw_rng stream;
        gw_rng_init(&stream, gw_rng_seed(demand.seed, 0, "arrivals/d"));
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            sum += gw_rng_exponential(&stream);
            /* the true instant lies within the microsecond that was rounded away */
            const double low = gw_arrivals_expected(cfg, 0, t_us[i]);
            const double high = gw_arrivals_expected(cfg, 0, t_us[i] + 1);
            const double slack = 1e-9 * (1 + sum);
            if (!(low <= sum + slack && sum <= high + slack)) {
                fail_msg("trial %d, request %zu: %.12g is not in [%.12g, %.12g]", trial, i, sum, low, high);
            }
            compared++;
        }
        if (n < REQUESTS_MAX) { /* and the one after the last would come too late */
            sum += gw_rng_exponential(&stream);
            assert_true(sum >= gw_arrivals_expected(cfg, 0, cfg->end_us) - 1e-9 * (1 + sum));
        }
    }
    assert_true(compared > 10000);
}

static void the_peak_bounds_the_rate_and_parts_add_up(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(3, 0, "test/expected"));
    for (int trial = 0; trial < TRIALS; trial++) {
        struct demand demand;
        draw(&rng, &demand);
        const struct gw_arrivals_cfg *cfg = &demand.cfg;
        const gw_time_us from = (gw_time_us)(unit(&rng) * (double)cfg->end_us);
        const gw_time_us to = from + 1 + (gw_time_us)(unit(&rng) * (double)(cfg->end_us - from));
        const gw_time_us middle = from + (to - from) / 2;
        const double whole = gw_arrivals_expected(cfg, from, to);
        const double parts = gw_arrivals_expected(cfg, from, middle) + gw_arrivals_expected(cfg, middle, to);
        assert_near(parts, whole, 1e-9, 1e-12);
        assert_true(whole <= gw_arrivals_peak_rate(cfg, from, to) * gw_s_from_us(to - from) * (1 + 1e-12));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_cut_into_windows_gives_the_same_requests),
        cmocka_unit_test(arrivals_invert_the_integrated_rate),
        cmocka_unit_test(the_peak_bounds_the_rate_and_parts_add_up),
    };
    return cmocka_run_group_tests_name("arrivals", tests, NULL, NULL);
}
