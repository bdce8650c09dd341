/* Lengths: tables against the laws they stand for, draws against a search, and what is refused. */
#include "tests/support/bound.h"
#include "tests/support/failing_malloc.h"

#include <math.h>

#include "models/workload/law.h"
#include "models/workload/length.h"
#include "sim/core/rng.h"

struct root {
    struct gw_pick law, lengths;
};
static const struct gw_field fields[] = {
    GW_FIELD(struct root, law, &gw_law_type, "1", "A law", NULL),
    GW_FIELD(struct root, lengths, &gw_lengths_type, "fixed-512-128", "A pair of laws", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A law and a pair"};

static void build(struct bound *b, const char *yaml, struct gw_length *out)
{
    struct root root;
    bound_read(b, &root_type, yaml, &root);
    assert_true(gw_length_build(&root.law, out, &b->arena));
}

static double mass(const struct gw_length *length, uint32_t tok)
{
    const uint32_t i = tok - length->min;
    return length->cdf[i] - (i == 0 ? 0 : length->cdf[i - 1]);
}

static void a_constant_is_always_the_same(void **state)
{
    (void)state;
    struct bound b;
    struct gw_length length;
    build(&b, "law: 1000\n", &length);
    assert_int_equal(gw_length_at(&length, 0), 1000);
    assert_int_equal(gw_length_at(&length, 0x1.fffffffffffffp-1), 1000);
    assert_true(length.mean == 1000 && length.mean_sq == 1e6);
    bound_fini(&b);
}

/* 1 to 4 tokens: mean 2.5, mean square (1 + 4 + 9 + 16) / 4 = 7.5. */
static void uniform_gives_every_integer_the_same_share(void **state)
{
    (void)state;
    struct bound b;
    struct gw_length length;
    build(&b, "law: { uniform: { max: 4 } }\n", &length);
    for (uint32_t tok = 1; tok <= 4; tok++) {
        assert_near(mass(&length, tok), 0.25, 1e-15, 0);
        assert_int_equal(gw_length_at(&length, 0.25 * (tok - 1)), tok);
        assert_int_equal(gw_length_at(&length, 0.25 * tok - 1e-12), tok);
    }
    assert_near(length.mean, 2.5, 1e-15, 0);
    assert_near(length.mean_sq, 7.5, 1e-15, 0);
    bound_fini(&b);
}

/* Made discrete, an exponential law is geometric: each length has exp(-1/mean) of the share of the one
 * before. */
static void exponential_falls_by_a_constant_factor(void **state)
{
    (void)state;
    struct bound b;
    struct gw_length length;
    build(&b, "law: { exponential: { mean: 10, max: 400 } }\n", &length);
    for (uint32_t tok = 2; tok <= 60; tok++) {
        assert_near(mass(&length, tok) / mass(&length, tok - 1), exp(-0.1), 1e-10, 0);
    }
    const double q = exp(-0.1); /* a geometric law on 1, 2, ... has mean 1 / (1 - q) */
    assert_near(length.mean, 1 / (1 - q), 1e-12, 0);
    assert_near(length.mean_sq, (1 + q) / ((1 - q) * (1 - q)), 1e-11, 0);
    bound_fini(&b);
}

/* One lognormal with median 100: half of the mass lies at or below ln(tok + 1/2) = mu. */
static void a_lognormal_has_its_quantiles(void **state)
{
    (void)state;
    struct bound b;
    struct gw_length length;
    build(&b, "law: { lognormals: { parts: [ { mu: 4.605170185988092, sigma: 0.5 } ], max: 100000 } }\n",
          &length);
    assert_int_equal(gw_length_at(&length, 0.5), 100);
    assert_int_equal(gw_length_at(&length, 0.8413447460685429), 165); /* 100 e^0.5 = 164.87 */
    assert_int_equal(gw_length_at(&length, 0.15865525393145707), 61); /* 100 e^-0.5 = 60.65 */
    assert_near(length.mean, 100 * exp(0.125), 1e-4, 0);
    bound_fini(&b);
}

static void weights_count_in_proportion(void **state)
{
    (void)state;
    struct bound a, b;
    struct gw_length one, other;
    build(&a,
          "law: { lognormals: { max: 900, parts: [ { weight: 1, mu: 3, sigma: 0.1 }, "
          "{ weight: 3, mu: 6, sigma: 0.1 } ] } }\n",
          &one);
    build(&b,
          "law: { lognormals: { max: 900, parts: [ { weight: 0.25, mu: 3, sigma: 0.1 }, "
          "{ weight: 0.75, mu: 6, sigma: 0.1 } ] } }\n",
          &other);
    assert_near(one.cdf[99], 0.25, 1e-6, 0); /* up to 100 tokens: the first part */
    assert_memory_equal(one.cdf, other.cdf, 900 * sizeof one.cdf[0]);
    bound_fini(&a);
    bound_fini(&b);
}

static void truncation_shares_what_is_cut_in_proportion(void **state)
{
    (void)state;
    struct bound a, b;
    struct gw_length whole, cut;
    build(&a, "law: { exponential: { mean: 100, max: 5000 } }\n", &whole);
    build(&b, "law: { exponential: { mean: 100, min: 50, max: 150 } }\n", &cut);
    assert_int_equal(cut.min, 50);
    assert_int_equal(cut.max, 150);
    const double ratio = mass(&cut, 50) / mass(&whole, 50);
    for (uint32_t tok = 50; tok <= 150; tok++) {
        assert_near(mass(&cut, tok) / mass(&whole, tok), ratio, 1e-9, 0);
    }
    assert_true(cut.cdf[100] == 1);
    bound_fini(&a);
    bound_fini(&b);
}

/* The first length whose cdf exceeds u, by looking at one after the other. */
static uint32_t by_search(const struct gw_length *length, double u)
{
    uint32_t i = 0;
    while (length->cdf[i] <= u) {
        i++;
    }
    return length->min + i;
}

static void the_guide_finds_what_a_search_finds(void **state)
{
    (void)state;
    static const char *const laws[] = {
        "law: 7\n",
        "law: { uniform: { min: 3, max: 11 } }\n",
        "law: { exponential: { mean: 150, max: 4096 } }\n",
        "law: { lognormals: { parts: [ { mu: 2, sigma: 0.01 }, { mu: 9, sigma: 2 } ], max: 200000 } }\n",
    };
    for (size_t k = 0; k < sizeof laws / sizeof laws[0]; k++) {
        struct bound b;
        struct gw_length length;
        build(&b, laws[k], &length);
        const uint32_t n = length.max - length.min + 1;
        for (uint64_t i = 0; i < 300; i++) {
            const double u = gw_rng_unit(gw_rng_mix(i));
            assert_int_equal(gw_length_at(&length, u), by_search(&length, u));
            /* the edges of the table itself, and of the guide's cells */
            const double edge = length.cdf[gw_rng_mix(i) % n],
                         cell = (double)(i % length.guide_n) / length.guide_n;
            assert_int_equal(gw_length_at(&length, cell), by_search(&length, cell));
            if (edge < 1) {
                assert_int_equal(gw_length_at(&length, edge), by_search(&length, edge));
                assert_int_equal(gw_length_at(&length, nextafter(edge, 0)),
                                 by_search(&length, nextafter(edge, 0)));
            }
        }
        assert_int_equal(gw_length_at(&length, 0x1.fffffffffffffp-1),
                         by_search(&length, 0x1.fffffffffffffp-1));
        bound_fini(&b);
    }
}

/* Means of the trace itself: conversation 1155 and 211 tokens, code 2048 and 28 (docs/models/workload.md). */
static void the_catalogue_is_near_the_traces_it_was_fitted_to(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        double prompt, output;
    } cases[] = {
        {"lengths: azure-conversation\n", 1154.7, 211.1},
        {"lengths: azure-code\n", 2047.8, 27.9},
        {"lengths: { laws: { prompt: 512, output: { uniform: { min: 128, max: 128 } } } }\n", 512, 128},
        {"lengths: fixed-512-128\n", 512, 128},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bound b;
        struct root root;
        bound_read(&b, &root_type, cases[i].yaml, &root);
        const struct gw_length_pair_cfg *pair = gw_length_pair(&root.lengths);
        struct gw_length prompt, output;
        assert_true(gw_length_build(&pair->prompt, &prompt, &b.arena));
        assert_true(gw_length_build(&pair->output, &output, &b.arena));
        assert_near(prompt.mean, cases[i].prompt, 0.06, 0);
        assert_near(output.mean, cases[i].output, 0.06, 0);
        bound_fini(&b);
    }
}

static void impossible_laws_are_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type, "law: 0\n", &root, "below the smallest allowed 1");
    bound_fails(&b, &root_type, "law: 5000000\n", &root, "above the largest allowed");
    bound_fails(&b, &root_type, "law: { uniform: { min: 9, max: 8 } }\n", &root, "9 tokens lies above max 8");
    bound_fails(&b, &root_type, "law: { exponential: { mean: 1, min: 100, max: 200 } }\n", &root,
                "of the law lies within [min, max]");
    bound_fails(&b, &root_type, "law: { lognormals: { parts: [], max: 8 } }\n", &root, "1");
    bound_fails(&b, &root_type, "law: { lognormals: { parts: [ { mu: 9, sigma: 0.1 } ], max: 100 } }\n",
                &root, "of the law lies within [min, max]");
    bound_fails(&b, &root_type, "lengths: azure-conversations\n", &root,
                "did you mean \"azure-conversation\"");
}

static void running_out_of_memory_is_reported(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_read(&b, &root_type, "law: { uniform: { max: 500000 } }\n", &root);
    for (size_t fail_at = 1;; fail_at++) {
        struct gw_arena arena = {0};
        struct gw_length length;
        gw_failing_malloc_arm(fail_at);
        const bool built = gw_length_build(&root.law, &length, &arena);
        const bool failed = gw_failing_malloc_disarm();
        assert_int_equal(built, !failed);
        gw_arena_fini(&arena);
        if (!failed) {
            assert_true(fail_at > 1);
            break;
        }
    }
    bound_fini(&b);
}

static void its_tables_are_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_length_type, &errs);
    gw_bind_verify(&gw_lengths_type, &errs);
    assert_int_equal(errs.n, 0);
}

/* Half of all requests up to 100 tokens, 90 % up to 1000; between them ln x is linear in p: sqrt(100 * 1000)
 * = 316 at p = 0.7. */
static void quantiles_are_hit_and_joined_by_straight_lines_of_the_logarithm(void **state)
{
    (void)state;
    struct bound b;
    struct gw_length length;
    build(&b,
          "law: { quantiles: { points: [ { p: 0, tok: 10 }, { p: 0.5, tok: 100 }, { p: 0.9, tok: 1000 },"
          " { p: 1, tok: 2000 } ] } }\n",
          &length);
    assert_int_equal(length.min, 10);
    assert_int_equal(length.max, 2000);
    assert_near(gw_length_at(&length, 0.5), 100, 0, 1);
    assert_near(gw_length_at(&length, 0.9), 1000, 0, 2);
    assert_near(gw_length_at(&length, 0.7), 316, 0, 1);
    bound_fini(&b);
    struct root root;
    bound_fails(&b, &root_type, "law: { quantiles: { points: [ { p: 0, tok: 10 }, { p: 1, tok: 10 } ] } }\n",
                &root, "must rise");
    bound_fails(&b, &root_type,
                "law: { quantiles: { points: [ { p: 0.1, tok: 10 }, { p: 1, tok: 20 } ] } }\n", &root,
                "begin with p: 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_is_always_the_same),
        cmocka_unit_test(uniform_gives_every_integer_the_same_share),
        cmocka_unit_test(exponential_falls_by_a_constant_factor),
        cmocka_unit_test(a_lognormal_has_its_quantiles),
        cmocka_unit_test(weights_count_in_proportion),
        cmocka_unit_test(truncation_shares_what_is_cut_in_proportion),
        cmocka_unit_test(the_guide_finds_what_a_search_finds),
        cmocka_unit_test(the_catalogue_is_near_the_traces_it_was_fitted_to),
        cmocka_unit_test(impossible_laws_are_refused),
        cmocka_unit_test(running_out_of_memory_is_reported),
        cmocka_unit_test(its_tables_are_right),
        cmocka_unit_test(quantiles_are_hit_and_joined_by_straight_lines_of_the_logarithm),
    };
    return cmocka_run_group_tests_name("length", tests, NULL, NULL);
}
