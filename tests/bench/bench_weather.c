/* Wet bulbs and dew points, weather at an instant, and generated hours, per second. */
#include "models/catalogue/catalogue.h"
#include "models/weather/generator.h"
#include "models/weather/psychro.h"
#include "sim/base/check.h"
#include "sim/base/units.h"
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

#define START_2023_US (INT64_C(1672531200) * GW_US_PER_S)
#define YEAR_US       (8760 * GW_US_PER_H)

struct site {
    const struct gw_climate *climate;
    struct gw_weather_series series;
};

static double generated_hours(void *context)
{
    const struct site *site = context;
    struct gw_arena arena = {0};
    struct gw_weather_series series;
    GW_REQUIRE(gw_generator_make(site->climate, GW_GENERATOR_TYPICAL, 1, 0, START_2023_US,
                                 START_2023_US + YEAR_US, &series, &arena, NULL) == GW_OK);
    gw_bench_keep(series.node[series.n / 2].wet_bulb_c);
    gw_arena_fini(&arena);
    return 8760;
}

static double instants(void *context)
{
    const struct site *site = context;
    const gw_time_us step_us = 300 * GW_US_PER_S;
    double sum = 0;
    for (gw_time_us t_us = 0; t_us < YEAR_US; t_us += step_us) {
        sum += gw_weather_at(&site->series, START_2023_US + t_us).wet_bulb_c;
    }
    gw_bench_keep(sum);
    return (double)(YEAR_US / step_us);
}

static void bench_site(struct gw_bench *b)
{
    struct gw_tree catalogue = {0};
    struct gw_arena arena = {0};
    GW_REQUIRE(gw_catalogue_load(&catalogue, NULL) == GW_OK);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &catalogue};
    const void *climate;
    GW_REQUIRE(gw_bind_entry(NULL, &env, "climate", "ashburn", &climate, &arena, NULL) == GW_OK);
    struct site site = {.climate = climate};
    GW_REQUIRE(gw_generator_make(climate, GW_GENERATOR_TYPICAL, 1, 0, START_2023_US, START_2023_US + YEAR_US,
                                 &site.series, &arena, NULL) == GW_OK);
    gw_bench_run(b, "weather, generated year", "hours/s", 0.5e6, generated_hours, &site);
    gw_bench_run(b, "weather, instants of 5 minutes", "instants/s", 20e6, instants, &site);
    gw_arena_fini(&arena);
    gw_tree_fini(&catalogue);
}

void gw_bench_weather(struct gw_bench *b)
{
    struct air air;
    draw(&air);
    gw_bench_run(b, "weather, wet bulb", "points/s", 10e6, wet_bulbs, &air);
    gw_bench_run(b, "weather, dew point", "points/s", 10e6, dew_points, &air);
    if (gw_bench_wanted(b, "weather, generated year") ||
        gw_bench_wanted(b, "weather, instants of 5 minutes")) {
        bench_site(b);
    }
}
