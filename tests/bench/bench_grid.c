/* Years of hourly series of a grid. */
#include <stdlib.h>

#include "models/catalogue/catalogue.h"
#include "models/grid/grid_year.h"
#include "sim/base/units.h"
#include "tests/bench/bench.h"

void gw_bench_grid(struct gw_bench *b);

enum { HOURS = 8760, YEARS = 4 };

struct grid {
    const struct gw_zone *zone;
    const struct gw_water_set *water;
};

static double years(void *context)
{
    const struct grid *grid = context;
    for (uint32_t r = 0; r < YEARS; r++) {
        struct gw_arena arena = {0};
        struct gw_grid_year year;
        if (gw_grid_year_make(grid->zone, grid->water, INT64_C(1672531200) * GW_US_PER_S, HOURS, 1, r, &year,
                              &arena, NULL) != GW_OK) {
            abort();
        }
        gw_bench_keep(year.carbon[GW_CARBON_MARGINAL_DIRECT].value[HOURS - 1]);
        gw_arena_fini(&arena);
    }
    return YEARS;
}

/* An entry of the catalogue; a benchmark without its grid is a broken build. */
static const void *entry(const struct gw_bind_env *env, const char *kind, const char *name,
                         struct gw_arena *arena)
{
    const void *object = NULL;
    if (gw_bind_entry(NULL, env, kind, name, &object, arena, NULL) != GW_OK) {
        abort();
    }
    return object;
}

void gw_bench_grid(struct gw_bench *b)
{
    struct gw_tree catalogue = {0};
    struct gw_arena arena = {0};
    if (!gw_bench_wanted(b, "grid, a year") && !gw_bench_wanted(b, "grid, a year with a neighbour")) {
        return;
    }
    if (gw_catalogue_load(&catalogue, NULL) != GW_OK) {
        abort();
    }
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &catalogue};
    struct grid alone = {entry(&env, "grid", "US-MIDA-PJM", &arena),
                         entry(&env, "water-set", "macknick", &arena)};
    struct grid trading = {entry(&env, "grid", "CH", &arena), alone.water};
    gw_bench_run(b, "grid, a year", "years/s", 50, years, &alone);
    gw_bench_run(b, "grid, a year with a neighbour", "years/s", 50, years, &trading);
    gw_arena_fini(&arena);
    gw_tree_fini(&catalogue);
}
