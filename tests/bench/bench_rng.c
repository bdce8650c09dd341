/* Random draws and the statistics that take them in; budgets are those of the headers. */
#include "sim/base/check.h"
#include "sim/core/moments.h"
#include "sim/core/rng.h"
#include "sim/core/sketch.h"
#include "tests/bench/bench.h"

void gw_bench_rng(struct gw_bench *b);

enum { DRAWS = 20000000 };

static double uniform(void *context)
{
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += gw_rng_unit(gw_rng_next(context));
    }
    gw_bench_keep(sum);
    return DRAWS;
}

static double exponential(void *context)
{
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += gw_rng_exponential(context);
    }
    gw_bench_keep(sum);
    return DRAWS;
}

static double normal(void *context)
{
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += gw_rng_normal(context);
    }
    gw_bench_keep(sum);
    return DRAWS;
}

static double keyed(void *context)
{
    (void)context;
    double sum = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        sum += gw_rng_unit(gw_rng_draw(gw_rng_request_key(42, i & 15, i >> 4, 0), GW_DRAW_PROMPT));
    }
    gw_bench_keep(sum);
    return DRAWS;
}

static double through_gsl(void *context)
{
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += gsl_rng_uniform(context);
    }
    gw_bench_keep(sum);
    return DRAWS;
}

/* Values that differ by powers of two from one to the next, at the price of a draw. */
static double sketch(void *context)
{
    struct gw_sketch s = {0};
    for (int i = 0; i < DRAWS; i++) {
        const uint64_t x = gw_rng_next(context);
        GW_REQUIRE(gw_sketch_add(&s, (int64_t)(x >> (40 + x % 16))));
    }
    gw_bench_keep(gw_sketch_quantile(&s, 0.99));
    gw_sketch_fini(&s);
    return DRAWS;
}

static double moments(void *context)
{
    struct gw_moments m = {0};
    for (int i = 0; i < DRAWS; i++) {
        gw_moments_add(&m, gw_rng_unit(gw_rng_next(context)));
    }
    gw_bench_keep(m.m2);
    return DRAWS;
}

void gw_bench_rng(struct gw_bench *b)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/rng"));
    gw_bench_run(b, "rng, uniform", "draws/s", 0, uniform, &rng);
    gw_bench_run(b, "rng, exponential", "draws/s", 200e6, exponential, &rng);
    gw_bench_run(b, "rng, normal", "draws/s", 200e6, normal, &rng);
    gw_bench_run(b, "rng, keyed draw", "draws/s", 0, keyed, NULL);
    gsl_rng *shell = gw_rng_create(1, 0, "bench/rng");
    GW_REQUIRE(shell != NULL);
    gw_bench_run(b, "rng, uniform through GSL", "draws/s", 0, through_gsl, shell);
    gsl_rng_free(shell);
    gw_bench_run(b, "sketch, add with its draw", "values/s", 200e6, sketch, &rng);
    gw_bench_run(b, "moments, add with its draw", "values/s", 0, moments, &rng);
}
