#include "sim/run/air.h"

#include <math.h>

#include "models/weather/psychro.h"
#include "sim/base/units.h"

/* Policies look a day ahead; see observer.c. */
static const gw_time_us beyond_us = 48 * GW_US_PER_H;

static enum gw_status make_site(const struct gw_scenario *sc, uint32_t s, uint32_t replication,
                                struct gw_air *out, struct gw_arena *arena, struct gw_error *err)
{
    const struct gw_site *site = &sc->site[s];
    const uint64_t seed = (uint64_t)sc->cfg.seed;
    const gw_time_us start_unix_us = sc->cfg.time.start_unix_us;
    const gw_time_us duration_us = sc->cfg.time.duration_us;
    const struct gw_grid_span span = {start_unix_us, start_unix_us + duration_us, seed, replication};
    const enum gw_status status =
        gw_grid_replicate(&site->cfg->grid, &site->first_grid, &span, &out->grid[s], arena, err);
    if (status != GW_OK || !site->has_weather) {
        return status;
    }
    return gw_site_weather_make(&site->weather, seed, replication, start_unix_us - sc->burn_in_us,
                                start_unix_us + duration_us + sc->drain_max_us + beyond_us, &out->weather[s],
                                arena, err);
}

enum gw_status gw_air_make(const struct gw_scenario *sc, uint32_t replication, struct gw_air *out,
                           struct gw_arena *arena, struct gw_error *err)
{
    *out = (struct gw_air){.weather = gw_arena_array(arena, sc->n_sites, sizeof *out->weather),
                           .grid = gw_arena_array(arena, sc->n_sites, sizeof *out->grid)};
    if (out->weather == NULL || out->grid == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
    }
    enum gw_status status = GW_OK;
    for (uint32_t s = 0; s < sc->n_sites && status == GW_OK; s++) {
        status = make_site(sc, s, replication, out, arena, err);
    }
    return status;
}

struct gw_plant_in gw_air_plant_in(const struct gw_scenario *sc, uint32_t s, const struct gw_air *air,
                                   gw_time_us t_us, double it_kw)
{
    const struct gw_site *site = &sc->site[s];
    struct gw_plant_in in = {.it_kw = it_kw,
                             .nameplate_kw = site->nameplate_kw,
                             .dry_bulb_c = NAN,
                             .wet_bulb_c = NAN,
                             .humidity_ratio = NAN,
                             .pressure_pa = NAN};
    static const struct gw_plant_reuse nobody = {0};
    if (site->reuse != NULL) {
        const int month = gw_clock_calendar(sc->cfg.time.start_unix_us + t_us).month;
        in.reuse = (site->reuse_months >> (month - 1) & 1u) != 0 ? site->reuse : &nobody;
    }
    if (site->has_weather) {
        const struct gw_weather w = gw_weather_at(&air->weather[s], sc->cfg.time.start_unix_us + t_us);
        in.dry_bulb_c = w.dry_bulb_c;
        in.wet_bulb_c = w.wet_bulb_c;
        in.pressure_pa = w.pressure_pa;
        in.humidity_ratio = gw_psychro_humidity_ratio(gw_psychro_saturation_pa(w.dew_point_c), w.pressure_pa);
    }
    return in;
}
