/* Wet bulbs and dew points per second. */
#include "models/weather/psychro.h"
#include "sim/core/rng.h"
#include "tests/bench/bench.h"

void gw_bench_weather(struct gw_bench *b);

enum { POINTS = 1024, ROUNDS = 200 };

struct air {
    double dry_bulb_c[POINTS], vapour_pa[POINTS], humidity_ratio[POINTS];
};

static void draw(struct air *air)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/weather"));
    for (int i = 0; i < POINTS; i++) {
        air->dry_bulb_c[i] = -20 + 60 * gw_rng_unit(gw_rng_next(&rng));
        const double humidity_frac = 0.05 + 0.95 * gw_rng_unit(gw_rng_next(&rng));
        air->vapour_pa[i] = humidity_frac * gw_psychro_saturation_pa(air->dry_bulb_c[i]);
        air->humidity_ratio[i] = gw_psychro_humidity_ratio(air->vapour_pa[i], GW_PSYCHRO_SEA_LEVEL_PA);
    }
}

static double wet_bulbs(void *context)
{
    const struct air *air = context;
    double sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < POINTS; i++) {
            sum += gw_psychro_wet_bulb_c(air->dry_bulb_c[i], air->humidity_ratio[i], 101e3 - 10 * round);
        }
    }
    gw_bench_keep(sum);
    return POINTS * ROUNDS;
}

static double dew_points(void *context)
{
    const struct air *air = context;
    double sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < POINTS; i++) {
            sum += gw_psychro_dew_point_c(air->vapour_pa[i] + 0.1 * round);
        }
    }
    gw_bench_keep(sum);
    return POINTS * ROUNDS;
}

void gw_bench_weather(struct gw_bench *b)
{
    struct air air;
    draw(&air);
    gw_bench_run(b, "weather, wet bulb", "points/s", 10e6, wet_bulbs, &air);
    gw_bench_run(b, "weather, dew point", "points/s", 10e6, dew_points, &air);
}
