/* Random streams: published vectors, independence of names and seeds, and draws that follow their
 * distributions.
 *
 * Statistical bounds hold with a probability of at least 1 - 1e-5 each for a perfect generator; seeds are
 * fixed, so what passed once passes always. */
#include "tests/support/near.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/moments.h"
#include "sim/core/rng.h"
#include "sim/core/rng_tables.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* splitmix64 from seed 1234567, as published with its description on Rosetta Code. */
static void mixing_is_splitmix64(void **state)
{
    (void)state;
    static const uint64_t published[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                         UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                         UINT64_C(16408922859458223821)};
    for (uint64_t i = 0; i < COUNT(published); i++) {
        assert_true(gw_rng_mix(1234567 + i * UINT64_C(0x9e3779b97f4a7c15)) == published[i]);
    }
}

/* xoshiro256** from the state {1, 2, 3, 4}: the vector other implementations are tested with. */
static void the_generator_is_xoshiro256starstar(void **state)
{
    (void)state;
    static const uint64_t published[] = {UINT64_C(11520),
                                         UINT64_C(0),
                                         UINT64_C(1509978240),
                                         UINT64_C(1215971899390074240),
                                         UINT64_C(1216172134540287360),
                                         UINT64_C(607988272756665600),
                                         UINT64_C(16172922978634559625),
                                         UINT64_C(8476171486693032832),
                                         UINT64_C(10595114339597558777),
                                         UINT64_C(2904607092377533576)};
    struct gw_rng rng = {{1, 2, 3, 4}};
    for (size_t i = 0; i < COUNT(published); i++) {
        assert_true(gw_rng_next(&rng) == published[i]);
    }
}

static void the_state_is_filled_by_splitmix64(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 1234567);
    assert_true(rng.s[0] == UINT64_C(6457827717110365317));
    assert_true(rng.s[3] == UINT64_C(4593380528125082431));
}

static void a_gsl_stream_and_a_bare_one_draw_alike(void **state)
{
    (void)state;
    gsl_rng *stream = gw_rng_create(42, 7, "arrivals/us-east");
    assert_non_null(stream);
    struct gw_rng bare;
    gw_rng_init(&bare, gw_rng_seed(42, 7, "arrivals/us-east"));
    for (int i = 0; i < 1000; i++) {
        assert_true(gsl_rng_get(stream) == gw_rng_next(&bare));
        assert_true(gsl_rng_uniform(stream) == gw_rng_unit(gw_rng_next(&bare)));
    }
    gsl_rng_free(stream);
}

static void gsl_distributions_work_on_it(void **state)
{
    (void)state;
    gsl_rng *stream = gw_rng_create(1, 0, "test/gsl");
    struct gw_moments gamma = {0};
    int sixes = 0;
    for (int i = 0; i < 200000; i++) {
        gw_moments_add(&gamma, gsl_ran_gamma(stream, 2.0, 3.0));
        sixes += gsl_rng_uniform_int(stream, 6) == 5;
    }
    assert_near(gamma.mean, 6.0, 0, 4.5 * sqrt(18.0 / 200000));
    assert_near(sixes / 200000.0, 1.0 / 6, 0, 4.5 * sqrt(5.0 / 36 / 200000));
    assert_string_equal(gsl_rng_name(stream), "xoshiro256**");
    gsl_rng_free(stream);
}

static void units_lie_in_the_half_open_interval(void **state)
{
    (void)state;
    assert_true(gw_rng_unit(0) == 0.0);
    assert_true(gw_rng_unit(UINT64_MAX) == 1.0 - 0x1p-53);
    assert_true(gw_rng_unit(UINT64_C(1) << 63) == 0.5);
}

/* GSL's own generators keep 32 bits of a seed; this one keeps all. */
static void all_bits_of_a_seed_count(void **state)
{
    (void)state;
    gsl_rng *a = gw_rng_create(1, 0, "x"), *b = gw_rng_create(1 + (UINT64_C(1) << 32), 0, "x");
    gsl_rng *c = gsl_rng_alloc(gw_rng_xoshiro256ss), *d = gsl_rng_alloc(gw_rng_xoshiro256ss);
    gsl_rng_set(c, 1);
    gsl_rng_set(d, 1 + (UINT64_C(1) << 32));
    assert_true(gsl_rng_get(a) != gsl_rng_get(b));
    assert_true(gsl_rng_get(c) != gsl_rng_get(d));
    gsl_rng_free(a);
    gsl_rng_free(b);
    gsl_rng_free(c);
    gsl_rng_free(d);
}

static int bits_set(uint64_t x)
{
    int n = 0;
    for (; x != 0; x &= x - 1) {
        n++;
    }
    return n;
}

/* How often each bit of the seed flips when one bit of the input does: half of the time, each. */
struct avalanche {
    int trials, flips[64];
};

static void note_change(struct avalanche *a, uint64_t before, uint64_t after)
{
    const uint64_t change = before ^ after;
    assert_in_range(bits_set(change), 10, 54); /* binomial(64, 1/2): 5.5 standard deviations */
    a->trials++;
    for (int bit = 0; bit < 64; bit++) {
        a->flips[bit] += (int)(change >> bit & 1);
    }
}

static void check_avalanche(const struct avalanche *a)
{
    for (int bit = 0; bit < 64; bit++) {
        assert_near((double)a->flips[bit] / a->trials, 0.5, 0, 5 * 0.5 / sqrt(a->trials));
    }
}

static void one_changed_bit_changes_half_of_the_seed(void **state)
{
    (void)state;
    struct avalanche by_seed = {0}, by_replication = {0}, by_name = {0};
    for (uint64_t trial = 0; trial < 100; trial++) {
        const uint64_t run_seed = gw_rng_mix(trial);
        const uint32_t replication = (uint32_t)trial;
        char name[32];
        snprintf(name, sizeof name, "arrivals/%" PRIu64, trial);
        const uint64_t seed = gw_rng_seed(run_seed, replication, name);
        for (int bit = 0; bit < 64; bit++) {
            note_change(&by_seed, seed, gw_rng_seed(run_seed ^ UINT64_C(1) << bit, replication, name));
        }
        for (int bit = 0; bit < 32; bit++) {
            note_change(&by_replication, seed, gw_rng_seed(run_seed, replication ^ UINT32_C(1) << bit, name));
        }
        for (size_t i = 0; name[i] != '\0'; i++) {
            name[i] ^= 1;
            note_change(&by_name, seed, gw_rng_seed(run_seed, replication, name));
            name[i] ^= 1;
        }
    }
    check_avalanche(&by_seed);
    check_avalanche(&by_replication);
    check_avalanche(&by_name);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void assert_all_different(uint64_t *value, size_t n)
{
    qsort(value, n, sizeof *value, by_value);
    for (size_t i = 1; i < n; i++) {
        assert_true(value[i - 1] != value[i]);
    }
}

static void a_hundred_thousand_streams_have_different_seeds(void **state)
{
    (void)state;
    enum { NAMES = 100, REPLICATIONS = 100, SEEDS = 10, N = NAMES * REPLICATIONS * SEEDS };
    uint64_t *seed = malloc(N * sizeof *seed);
    assert_non_null(seed);
    for (uint32_t i = 0; i < N; i++) {
        char name[32];
        snprintf(name, sizeof name, "site/%" PRIu32, i % NAMES);
        seed[i] = gw_rng_seed(i / NAMES / REPLICATIONS, i / NAMES % REPLICATIONS, name);
    }
    assert_all_different(seed, N);
    free(seed);
}

/* Correlation of n pairs of independent uniforms: standard deviation 1 / sqrt(n). */
static double correlation(struct gw_rng a, struct gw_rng b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        sum += (gw_rng_unit(gw_rng_next(&a)) - 0.5) * (gw_rng_unit(gw_rng_next(&b)) - 0.5);
    }
    return sum * 12 / n;
}

static void streams_of_different_names_are_uncorrelated(void **state)
{
    (void)state;
    enum { STREAMS = 12, DRAWS = 20000 };
    struct gw_rng stream[STREAMS];
    for (uint32_t i = 0; i < STREAMS; i++) {
        char name[16]; /* names, replications and seeds that differ by one */
        snprintf(name, sizeof name, "site/%" PRIu32, i % 3);
        gw_rng_init(&stream[i], gw_rng_seed(1 + i / 6, i / 3 % 2, name));
    }
    for (size_t i = 0; i < STREAMS; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_near(correlation(stream[i], stream[j], DRAWS), 0, 0, 4.5 / sqrt(DRAWS));
        }
    }
}

/* Pearson's statistic for equally likely cells must be neither too large nor too small. */
static void assert_uniform(const int *count, int cells, int draws)
{
    const double expected = (double)draws / cells;
    double chi2 = 0;
    for (int i = 0; i < cells; i++) {
        chi2 += (count[i] - expected) * (count[i] - expected) / expected;
    }
    const double p = gsl_cdf_chisq_P(chi2, cells - 1);
    if (!(p > 5e-6 && p < 1 - 5e-6)) {
        fail_msg("chi-square %g of %d cells has the probability %g", chi2, cells, p);
    }
}

static void every_byte_of_a_draw_is_uniform(void **state)
{
    (void)state;
    enum { DRAWS = 200000 };
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(3, 0, "test/uniform"));
    int count[8][256] = {0};
    for (int i = 0; i < DRAWS; i++) {
        const uint64_t x = gw_rng_next(&rng);
        for (int byte = 0; byte < 8; byte++) {
            count[byte][x >> 8 * byte & 255]++;
        }
    }
    for (int byte = 0; byte < 8; byte++) {
        assert_uniform(count[byte], 256, DRAWS);
    }
}

/* Each layer has the same area, and the tables hold what rng_tables.h says of them. */
static void check_tables(const struct layer *layer, double tail, double (*f)(double), double tail_area)
{
    const double area = tail * f(tail) + tail_area;
    assert_near(layer[0].scale * 0x1p53 * f(tail), area, 1e-14, 0);
    assert_near(layer[1].scale * 0x1p53, tail, 0, 0);
    assert_true(layer[256].density == 1.0);
    for (int i = 1; i < 256; i++) {
        const double x = layer[i].scale * 0x1p53;
        assert_near(layer[i].density, f(x), 1e-15, 0);
        assert_near(x * (layer[i + 1].density - layer[i].density), area, 1e-12, 0);
    }
    for (int i = 0; i < 256; i++) {
        assert_near((double)layer[i].inside, layer[i + 1].scale / layer[i].scale * 0x1p53, 1e-15, 1);
    }
}

static double exponential_density(double x)
{
    return exp(-x);
}

static double normal_density(double x)
{
    return exp(-x * x / 2);
}

static void the_ziggurats_have_layers_of_equal_area(void **state)
{
    (void)state;
    check_tables(exponential_layer, exponential_tail, exponential_density, exp(-exponential_tail));
    check_tables(normal_layer, normal_tail, normal_density,
                 sqrt(acos(-1.0) / 2) * erfc(normal_tail / sqrt(2.0)));
}

enum { MANY = 2000000, CELLS = 200 };

static void assert_share(int n, double p)
{
    assert_near((double)n / MANY, p, 0, 4.5 * sqrt(p * (1 - p) / MANY));
}

/* E[X^k] = k!, P(X > x) = exp(-x), and cells of equal probability. */
static void exponential_draws_follow_their_distribution(void **state)
{
    (void)state;
    static const double beyond[] = {0.01, 0.5, 1, 2, 4, 7.69711747013105 /* the tail of the table */, 9, 11};
    int n_beyond[COUNT(beyond)] = {0}, cell[CELLS] = {0};
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(4, 0, "test/exponential"));
    double power_sum[4] = {0};
    for (int i = 0; i < MANY; i++) {
        const double x = gw_rng_exponential(&rng);
        assert_true(x >= 0);
        double power = 1;
        for (int k = 0; k < 4; k++) {
            power_sum[k] += power *= x;
        }
        for (size_t b = 0; b < COUNT(beyond); b++) {
            n_beyond[b] += x > beyond[b];
        }
        cell[(int)(CELLS * -expm1(-x))]++;
    }
    /* the standard deviation of X^k is sqrt((2k)! - k!^2) */
    assert_near(power_sum[0] / MANY, 1, 0, 4.5 * 1 / sqrt(MANY));
    assert_near(power_sum[1] / MANY, 2, 0, 4.5 * sqrt(24 - 4) / sqrt(MANY));
    assert_near(power_sum[2] / MANY, 6, 0, 4.5 * sqrt(720 - 36) / sqrt(MANY));
    assert_near(power_sum[3] / MANY, 24, 0, 4.5 * sqrt(40320 - 576) / sqrt(MANY));
    for (size_t b = 0; b < COUNT(beyond); b++) {
        assert_share(n_beyond[b], exp(-beyond[b]));
    }
    assert_uniform(cell, CELLS, MANY);
}

/* E X = E X^3 = 0, E X^2 = 1, E X^4 = 3, P(|X| > x) = erfc(x / sqrt 2), and cells of equal probability. */
static void normal_draws_follow_their_distribution(void **state)
{
    (void)state;
    static const double beyond[] = {0.01, 0.5, 1, 2, 3, 3.654152885361009 /* the tail of the table */,
                                    4,    4.5};
    int n_beyond[COUNT(beyond)] = {0}, cell[CELLS] = {0};
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(5, 0, "test/normal"));
    double power_sum[4] = {0};
    for (int i = 0; i < MANY; i++) {
        const double x = gw_rng_normal(&rng);
        double power = 1;
        for (int k = 0; k < 4; k++) {
            power_sum[k] += power *= x;
        }
        for (size_t b = 0; b < COUNT(beyond); b++) {
            n_beyond[b] += fabs(x) > beyond[b];
        }
        const int at = (int)(CELLS * 0.5 * erfc(-x / sqrt(2.0)));
        cell[at < CELLS ? at : CELLS - 1]++; /* beyond 8 standard deviations the share rounds to 1 */
    }
    /* E X^(2k) = 1, 3, 15, 105 */
    assert_near(power_sum[0] / MANY, 0, 0, 4.5 * 1 / sqrt(MANY));
    assert_near(power_sum[1] / MANY, 1, 0, 4.5 * sqrt(3 - 1) / sqrt(MANY));
    assert_near(power_sum[2] / MANY, 0, 0, 4.5 * sqrt(15) / sqrt(MANY));
    assert_near(power_sum[3] / MANY, 3, 0, 4.5 * sqrt(105 - 9) / sqrt(MANY));
    for (size_t b = 0; b < COUNT(beyond); b++) {
        assert_share(n_beyond[b], erfc(beyond[b] / sqrt(2.0)));
    }
    assert_uniform(cell, CELLS, MANY);
}

/* Neighbouring requests, and the draws of one request. */
static void keyed_draws_are_different_and_uniform(void **state)
{
    (void)state;
    enum { CLIENTS = 20, SESSIONS = 20, TURNS = 20, USES = 4, N = CLIENTS * SESSIONS * TURNS * USES };
    uint64_t *draw = malloc(N * sizeof *draw);
    assert_non_null(draw);
    const uint64_t origin = gw_rng_seed(1, 0, "requests/us-east");
    size_t n = 0;
    int top[64] = {0}, bottom[64] = {0};
    for (uint32_t client = 0; client < CLIENTS; client++) {
        for (uint64_t session = 0; session < SESSIONS; session++) {
            for (uint32_t turn = 0; turn < TURNS; turn++) {
                const uint64_t key = gw_rng_request_key(origin, client, session, turn);
                for (int use = GW_DRAW_PROMPT; use <= GW_DRAW_QUALITY; use++) {
                    draw[n] = gw_rng_draw(key, (enum gw_draw)use);
                    top[draw[n] >> 58]++;
                    bottom[draw[n] & 63]++;
                    n++;
                }
            }
        }
    }
    assert_uniform(top, 64, N);
    assert_uniform(bottom, 64, N);
    assert_all_different(draw, N);
    free(draw);
}

static void keyed_draws_do_not_depend_on_what_was_drawn_before(void **state)
{
    (void)state;
    const uint64_t key = gw_rng_request_key(gw_rng_seed(1, 0, "requests/us-east"), 3, 5, 7);
    const uint64_t output = gw_rng_draw(key, GW_DRAW_OUTPUT);
    (void)gw_rng_draw(key, GW_DRAW_PROMPT);
    assert_true(gw_rng_draw(key, GW_DRAW_OUTPUT) == output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixing_is_splitmix64),
        cmocka_unit_test(the_generator_is_xoshiro256starstar),
        cmocka_unit_test(the_state_is_filled_by_splitmix64),
        cmocka_unit_test(a_gsl_stream_and_a_bare_one_draw_alike),
        cmocka_unit_test(gsl_distributions_work_on_it),
        cmocka_unit_test(units_lie_in_the_half_open_interval),
        cmocka_unit_test(all_bits_of_a_seed_count),
        cmocka_unit_test(one_changed_bit_changes_half_of_the_seed),
        cmocka_unit_test(a_hundred_thousand_streams_have_different_seeds),
        cmocka_unit_test(streams_of_different_names_are_uncorrelated),
        cmocka_unit_test(every_byte_of_a_draw_is_uniform),
        cmocka_unit_test(the_ziggurats_have_layers_of_equal_area),
        cmocka_unit_test(exponential_draws_follow_their_distribution),
        cmocka_unit_test(normal_draws_follow_their_distribution),
        cmocka_unit_test(keyed_draws_are_different_and_uniform),
        cmocka_unit_test(keyed_draws_do_not_depend_on_what_was_drawn_before),
    };
    return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
