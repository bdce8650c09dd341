/* Steps of cooling plants per second, weather given; a whole site step may take 500 ns, of which a plant
 * about 150. */
#include "models/cooling/plant.h"
#include "models/weather/psychro.h"
#include "sim/base/arena.h"
#include "sim/core/rng.h"
#include "tests/bench/bench.h"

#include <stdio.h>

void gw_bench_cooling(struct gw_bench *b);

enum { POINTS = 1024, ROUNDS = 200 };

struct steps {
    const struct gw_plant *plant;
    const void *cfg;
    struct gw_plant_in in[POINTS];
};

static void draw(struct steps *steps)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/cooling"));
    for (int i = 0; i < POINTS; i++) {
        const double t = -10 + 50 * gw_rng_unit(gw_rng_next(&rng));
        const double vapour_pa = (0.1 + 0.9 * gw_rng_unit(gw_rng_next(&rng))) * gw_psychro_saturation_pa(t);
        const double ratio = gw_psychro_humidity_ratio(vapour_pa, GW_PSYCHRO_SEA_LEVEL_PA);
        steps->in[i] = (struct gw_plant_in){
            .it_kw = 1000 * gw_rng_unit(gw_rng_next(&rng)),
            .nameplate_kw = 1000,
            .dry_bulb_c = t,
            .wet_bulb_c = gw_psychro_wet_bulb_c(t, ratio, GW_PSYCHRO_SEA_LEVEL_PA),
            .humidity_ratio = ratio,
            .pressure_pa = GW_PSYCHRO_SEA_LEVEL_PA,
        };
    }
}

static double advance(void *context)
{
    const struct steps *steps = context;
    double sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < POINTS; i++) {
            sum += steps->plant->at(steps->cfg, &steps->in[i]).cooling_kw;
        }
    }
    gw_bench_keep(sum);
    return POINTS * ROUNDS;
}

void gw_bench_cooling(struct gw_bench *b)
{
    static const char *const plants[] = {"ae-dec", "iec", "wc-wse", "ac", "liq-hybrid"};
    static struct steps steps;
    draw(&steps);
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        struct gw_arena arena = {0};
        steps.plant = gw_plant_find(plants[i]);
        void *cfg = gw_arena_alloc(&arena, steps.plant->type->size);
        if (cfg != NULL && gw_bind_defaults(steps.plant->type, cfg, &arena, NULL) == GW_OK) {
            char name[64];
            (void)snprintf(name, sizeof name, "cooling, %s", plants[i]);
            steps.cfg = cfg;
            gw_bench_run(b, name, "steps/s", 6.5e6, advance, &steps);
        }
        gw_arena_fini(&arena);
    }
}
