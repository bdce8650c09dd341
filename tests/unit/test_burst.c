/* Arrival laws: rates, variations and dispersions against their formulas, clients against what they were
 * drawn from. Seeds are fixed; bounds are about four standard errors. */
#include "tests/support/bound.h"

#include <math.h>
#include <string.h>

#include "models/workload/arrivals.h"
#include "models/workload/clients.h"
#include "sim/base/units.h"

#define HOUR_US GW_US_PER_H

static const double one[] = {1};
static const uint32_t one_guide[] = {0, 0};
static const struct gw_length five = {.min = 5, .max = 5, .cdf = one, .guide = one_guide, .guide_n = 1};

struct root {
    struct gw_named arrivals;
};
static const struct gw_field fields[] = {
    GW_FIELD(struct root, arrivals, &gw_burst_type, "poisson", "A law", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A law"};

static struct gw_burst burst_of(const char *yaml)
{
    struct bound b;
    struct root root;
    bound_read(&b, &root_type, yaml, &root);
    const struct gw_burst burst = gw_burst_of(&root.arrivals);
    bound_fini(&b);
    return burst;
}

static struct gw_arrivals_cfg demand(double rate_per_s, const char *yaml, gw_time_us end_us)
{
    return (struct gw_arrivals_cfg){.rate_per_s = rate_per_s,
                                    .end_us = end_us,
                                    .prompt = &five,
                                    .output = &five,
                                    .burst = burst_of(yaml)};
}

static struct gw_request_source *open_source(const struct gw_arrivals_cfg *cfg, uint64_t seed,
                                             struct gw_arena *arena)
{
    const struct gw_request_law law = gw_arrivals_law(cfg);
    struct gw_error err;
    struct gw_request_source *source = law.ops->open(&law, cfg->end_us, seed, 0, "d", arena, &err);
    assert_non_null(source);
    return source;
}

/* Mean and variance over mean of the counts in windows. */
struct counted {
    double mean, idc;
};

static struct counted count(const struct gw_arrivals_cfg *cfg, uint64_t seed, gw_time_us window_us)
{
    struct gw_arena arena = {0};
    struct gw_request_source *source = open_source(cfg, seed, &arena);
    double n = 0, sum = 0, square = 0;
    struct gw_ask ask;
    for (gw_time_us until_us = window_us; until_us <= cfg->end_us; until_us += window_us, n++) {
        double in_window = 0;
        while (gw_request_source_next(source, until_us, &ask)) {
            in_window++;
        }
        sum += in_window;
        square += in_window * in_window;
    }
    gw_request_source_close(source);
    gw_arena_fini(&arena);
    const double mean = sum / n;
    return (struct counted){mean, (square / n - mean * mean) / mean};
}

/* The hour of code completion: 12.8 requests/s for 9.1 s in the mean, none for 36.5 s; reference values by
 * hand: mean 2.55, variance of the rate 26.2, tau 7.28 s, so IDC_inf = 1 + 2 * 26.2 * 7.28 / 2.55 = 150. */
static void the_formula_of_the_on_off_process_gives_the_published_dispersion(void **state)
{
    (void)state;
    const struct gw_burst burst = burst_of("arrivals: mmpp\n");
    const double rate = 12.8 * 9.1 / (9.1 + 36.5);
    assert_near(gw_burst_high_factor(&burst) * rate, 12.8, 1e-12, 0);
    assert_near(gw_burst_idc(&burst, rate, 1e9), 150, 0.01, 0);
    assert_near(gw_burst_idc(&burst, rate, 1), 10.7, 0.01, 0);
    assert_near(gw_burst_idc(&burst, rate, 60), 131, 0.01, 0);
    assert_near(gw_burst_idc(&burst, rate, 1e-6), 1, 1e-4, 0);
    assert_near(gw_burst_memory_s(&burst), 7.285, 0.001, 0);
}

static void counts_of_an_on_off_process_disperse_as_the_formula_says(void **state)
{
    (void)state;
    const struct gw_arrivals_cfg cfg =
        demand(2, "arrivals: { law: mmpp, ratio: 0.1, high: 3 s, low: 7 s }\n", 200 * HOUR_US);
    const double windows_s[] = {1, 5, 20, 60};
    for (size_t i = 0; i < 4; i++) {
        const struct counted c = count(&cfg, 3, (gw_time_us)(windows_s[i] * GW_US_PER_S));
        assert_near(c.mean, 2 * windows_s[i], 0.02, 0);
        assert_near(c.idc, gw_burst_idc(&cfg.burst, 2, windows_s[i]), 0.06, 0);
    }
}

/* IDC of a renewal process tends to cv^2. */
static void gaps_of_a_gamma_process_have_its_variation(void **state)
{
    (void)state;
    const double cvs[] = {0.5, 3};
    const char *const yaml[] = {"arrivals: { law: gamma, cv: 0.5 }\n", "arrivals: { law: gamma, cv: 3 }\n"};
    for (size_t i = 0; i < 2; i++) {
        const struct gw_arrivals_cfg cfg = demand(10, yaml[i], 20 * HOUR_US);
        struct gw_arrivals a;
        struct gw_ask ask;
        gw_arrivals_init(&a, &cfg, 5, 0, "d");
        double n = 0, sum = 0, square = 0;
        gw_time_us last_us = 0;
        while (gw_arrivals_next(&a, GW_NEVER_US, &ask)) {
            const double gap_s = gw_s_from_us(ask.t_us - last_us);
            last_us = ask.t_us;
            n++;
            sum += gap_s;
            square += gap_s * gap_s;
        }
        const double mean = sum / n;
        assert_near(n, 10 * 20 * 3600, 0.02, 0);
        assert_near(sqrt(square / n - mean * mean) / mean, cvs[i], 0.02, 0);
        assert_near(count(&cfg, 5, 200 * GW_US_PER_S).idc, cvs[i] * cvs[i], 0.2, 0);
    }
}

/* Many runs of the first seconds: a renewal process that began with a whole gap would come 4 requests late
 * with cv 3, one that was begun in the middle of a gap does not. */
static void the_rate_is_right_from_the_first_second(void **state)
{
    (void)state;
    const char *const yaml[] = {"arrivals: poisson\n", "arrivals: { law: gamma, cv: 3 }\n",
                                "arrivals: { law: mmpp, ratio: 0.2, high: 2 s, low: 4 s }\n"};
    enum { RUNS = 40000 };
    for (size_t i = 0; i < 3; i++) {
        const struct gw_arrivals_cfg cfg = demand(2, yaml[i], GW_US_PER_S);
        double n = 0;
        for (uint64_t seed = 0; seed < RUNS; seed++) {
            struct gw_arrivals a;
            struct gw_ask ask;
            gw_arrivals_init(&a, &cfg, seed, 0, "d");
            while (gw_arrivals_next(&a, GW_NEVER_US, &ask)) {
                n++;
            }
        }
        assert_near(n / RUNS, 2, 0.035, 0);
    }
}

static void shares_of_clients_fall_as_their_rank(void **state)
{
    (void)state;
    const struct gw_burst burst = burst_of("arrivals: { law: clients, count: 3, skew: 1 }\n");
    double share[3];
    gw_burst_shares(&burst, share);
    assert_near(share[0], 6.0 / 11, 1e-15, 0); /* 1 : 1/2 : 1/3 */
    assert_near(share[1], 3.0 / 11, 1e-15, 0);
    assert_near(share[2], 2.0 / 11, 1e-15, 0);
    assert_near(gw_burst_client_cv(&burst, 0), 1.25, 1e-15, 0);
    assert_near(gw_burst_client_cv(&burst, 1.645), 8.3, 0.01, 0); /* published p95: 8 to 9 */
}

/* Four clients stand at the normal quantiles of 7/8, 5/8, 3/8 and 1/8: 1.1503 and 0.3186 up and down. */
static void without_a_skew_shares_are_lognormal(void **state)
{
    (void)state;
    const struct gw_burst burst = burst_of("arrivals: { law: clients, count: 4, share_spread: 2 }\n");
    double share[4];
    gw_burst_shares(&burst, share);
    assert_near(share[0] / share[3], exp(4 * 1.15035), 1e-4, 0);
    assert_near(share[1] / share[2], exp(4 * 0.31864), 1e-4, 0);
    assert_near(share[0] * share[3], share[1] * share[2], 1e-12, 0);
    assert_near(share[0] + share[1] + share[2] + share[3], 1, 1e-15, 0);
}

static void clients_add_up_to_the_rate_and_each_keeps_its_share(void **state)
{
    (void)state;
    const struct gw_arrivals_cfg cfg =
        demand(30, "arrivals: { law: clients, count: 20, skew: 1, cv_spread: 0.3 }\n", 20 * HOUR_US);
    struct gw_arena arena = {0};
    struct gw_request_source *source = open_source(&cfg, 9, &arena);
    double share[20], n[20] = {0}, all = 0;
    gw_burst_shares(&cfg.burst, share);
    struct gw_ask ask;
    gw_time_us last_us = 0;
    while (gw_request_source_next(source, GW_NEVER_US, &ask)) {
        assert_true(ask.t_us >= last_us);
        last_us = ask.t_us;
        const uint64_t of_client = ask.number / 20;
        assert_true(of_client == (uint64_t)n[ask.number % 20]); /* counted client by client */
        n[ask.number % 20]++;
        all++;
    }
    assert_near(all, 30 * 20 * 3600, 0.01, 0);
    for (size_t i = 0; i < 20; i++) {
        assert_near(n[i] / all, share[i], 0.06, 0);
    }
    gw_request_source_close(source);
    gw_arena_fini(&arena);
}

/* Adding a client or changing the windows changes nothing for the others; another seed everything. */
static void a_source_depends_on_its_name_and_seed_alone(void **state)
{
    (void)state;
    const char *const yaml[] = {"arrivals: { law: gamma, cv: 4 }\n", "arrivals: mmpp\n",
                                "arrivals: { law: clients, count: 7 }\n"};
    for (size_t i = 0; i < 3; i++) {
        const struct gw_arrivals_cfg cfg = demand(5, yaml[i], HOUR_US);
        struct gw_arena arena = {0};
        struct gw_request_source *whole = open_source(&cfg, 4, &arena), *cut = open_source(&cfg, 4, &arena),
                                 *other = open_source(&cfg, 5, &arena);
        struct gw_ask x, y, z;
        gw_time_us until_us = 0;
        bool differs = false;
        for (int k = 0; k < 1000; k++) {
            assert_true(gw_request_source_next(whole, GW_NEVER_US, &x));
            while (!gw_request_source_next(cut, until_us, &y)) {
                until_us += 700001;
            }
            assert_true(x.t_us == y.t_us && x.number == y.number && x.in_tok == y.in_tok);
            assert_true(gw_request_source_next(other, GW_NEVER_US, &z));
            differs = differs || z.t_us != x.t_us;
        }
        assert_true(differs);
        gw_request_source_close(whole);
        gw_request_source_close(cut);
        gw_request_source_close(other);
        gw_arena_fini(&arena);
    }
}

/* Prompts and answers uniform on 1 to 100 tokens, so that ranks are lengths. */
static double hundredths[100];
static uint32_t hundredths_guide[129];
static const struct gw_length any = {
    .min = 1, .max = 100, .cdf = hundredths, .guide = hundredths_guide, .guide_n = 128};

static void set_up_hundredths(void)
{
    for (uint32_t i = 0; i < 100; i++) {
        hundredths[i] = (i + 1) / 100.0;
    }
    for (uint32_t j = 0, i = 0; j < 128; j++) {
        while (hundredths[i] <= j / 128.0) {
            i++;
        }
        hundredths_guide[j] = i;
    }
    hundredths_guide[128] = 99;
}

/* Rank correlation 0.6 asked for, 0.6 found; each length by itself stays uniform: mean 50.5, variance 833. */
static void a_copula_ties_ranks_and_leaves_the_laws_alone(void **state)
{
    (void)state;
    set_up_hundredths();
    struct gw_arrivals_cfg cfg = demand(30, "arrivals: poisson\n", 2 * HOUR_US);
    const struct gw_length_pair_cfg pair = {.correlation = 0.6};
    cfg.prompt = cfg.output = &any;
    cfg.correlation = gw_length_correlation(&pair);
    assert_near(cfg.correlation, 2 * sin(0.6 * acos(-1) / 6), 1e-15, 0);
    struct gw_arrivals a;
    struct gw_ask ask;
    gw_arrivals_init(&a, &cfg, 1, 0, "d");
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    while (gw_arrivals_next(&a, GW_NEVER_US, &ask)) {
        n++;
        x += ask.in_tok;
        y += ask.out_tok;
        xx += (double)ask.in_tok * ask.in_tok;
        yy += (double)ask.out_tok * ask.out_tok;
        xy += (double)ask.in_tok * ask.out_tok;
    }
    const double var_x = xx / n - x * x / n / n, var_y = yy / n - y * y / n / n;
    assert_near(x / n, 50.5, 0.005, 0);
    assert_near(y / n, 50.5, 0.005, 0);
    assert_near(var_x, 833.25, 0.01, 0);
    assert_near(var_y, 833.25, 0.01, 0);
    assert_near((xy / n - x * y / n / n) / sqrt(var_x * var_y), 0.6, 0, 0.01);
}

/* Of one client the mean length lies where its own rank puts it; over many clients the law is what it was. */
static void clients_have_lengths_of_their_own_and_the_law_in_common(void **state)
{
    (void)state;
    set_up_hundredths();
    struct gw_arrivals_cfg cfg =
        demand(200, "arrivals: { law: clients, count: 2000, skew: 0, own_lengths: 0.5 }\n", HOUR_US);
    cfg.prompt = cfg.output = &any;
    struct gw_arena arena = {0};
    struct gw_request_source *source = open_source(&cfg, 2, &arena);
    struct gw_ask ask;
    static double sum[2000], of[2000];
    double all = 0, n = 0, between = 0;
    while (gw_request_source_next(source, GW_NEVER_US, &ask)) {
        sum[ask.number % 2000] += ask.in_tok;
        of[ask.number % 2000]++;
        all += ask.in_tok;
        n++;
    }
    for (size_t i = 0; i < 2000; i++) {
        between += of[i] > 0 ? pow(sum[i] / of[i] - all / n, 2) * of[i] / n : 0;
    }
    assert_near(all / n, 50.5, 0.05, 0);
    assert_true(between > 0.35 * 833 && between < 0.65 * 833);
    gw_request_source_close(source);
    gw_arena_fini(&arena);
}

static void the_table_of_keys_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&root_type, &errs);
    assert_int_equal(errs.n, 0);
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type, "arrivals: { law: gamma, cv: 0 }\n", &root, "smallest");
    bound_fails(&b, &root_type, "arrivals: { law: mmpp, ratio: 2 }\n", &root, "largest");
    bound_fails(&b, &root_type, "arrivals: gama\n", &root, "gamma");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_formula_of_the_on_off_process_gives_the_published_dispersion),
        cmocka_unit_test(counts_of_an_on_off_process_disperse_as_the_formula_says),
        cmocka_unit_test(gaps_of_a_gamma_process_have_its_variation),
        cmocka_unit_test(the_rate_is_right_from_the_first_second),
        cmocka_unit_test(shares_of_clients_fall_as_their_rank),
        cmocka_unit_test(without_a_skew_shares_are_lognormal),
        cmocka_unit_test(clients_add_up_to_the_rate_and_each_keeps_its_share),
        cmocka_unit_test(a_source_depends_on_its_name_and_seed_alone),
        cmocka_unit_test(a_copula_ties_ranks_and_leaves_the_laws_alone),
        cmocka_unit_test(clients_have_lengths_of_their_own_and_the_law_in_common),
        cmocka_unit_test(the_table_of_keys_is_right),
    };
    return cmocka_run_group_tests_name("burst", tests, NULL, NULL);
}
