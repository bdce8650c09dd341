#include "sim/run/compile_site.h"

#include <math.h>

#include "models/network/egress.h"
#include "sim/base/check.h"
#include "sim/run/accounts.h"
#include "sim/run/compile_files.h"
#include "sim/run/compile_forecasts.h"

static enum gw_status check_cover(struct gw_compiler *c, const struct gw_site *site,
                                  const struct gw_signal *signal, const char *what)
{
    if (signal->series == NULL) {
        return GW_OK;
    }
    const gw_time_us from = c->sc->cfg.time.start_unix_us;
    gw_time_us gap;
    if (gw_signal_covers(signal, from, from + c->sc->cfg.time.duration_us, &gap)) {
        return GW_OK;
    }
    char when[GW_CLOCK_TEXT_MAX];
    gw_clock_print(gap, when);
    return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("sites[%s].grid", site->name),
                            "%s has no %s for %s, inside the run", site->first_grid.label, what, when);
}

/* The catalogue's climate of the same name as the place; NULL when it has none. */
static const struct gw_climate *home_climate(struct gw_compiler *c, const struct gw_place *of)
{
    const struct gw_node *climates = gw_node_get(c->sc->catalogue.root, "climates");
    if (gw_node_get(climates, of->name) == NULL) {
        return NULL;
    }
    const struct gw_bind_env env = gw_scenario_env(&c->sc->catalogue);
    const void *climate = NULL;
    const enum gw_status s =
        gw_bind_entry(&c->sc->tree, &env, "climate", of->name, &climate, &c->sc->arena, c->errs);
    return s == GW_OK ? climate : NULL;
}

static enum gw_status compile_weather(struct gw_compiler *c, struct gw_site *site,
                                      const struct gw_source *source)
{
    const struct gw_climate *home = home_climate(c, site->place);
    if (site->cfg->weather == NULL && home == NULL) {
        return gw_compiler_fail(
            c, GW_ERR_RANGE, gw_compiler_at("sites[%s].weather", site->name),
            "%s needs the weather, and the catalogue has no climate of %s: name one of geowatt "
            "list climates, or "
            "give a file",
            site->plant->needs_weather     ? site->plant->name
            : site->cfg->supply.pv != NULL ? "its PV"
                                           : "its wind",
            site->place->name);
    }
    static const struct gw_pick usual = {.alt = GW_SITE_WEATHER_GENERATED};
    struct gw_error err;
    const enum gw_status s =
        gw_site_weather_load(site->cfg->weather != NULL ? site->cfg->weather : &usual, home,
                             home != NULL ? home->elevation_m : NAN, site->place->name, source,
                             &site->weather, &c->sc->arena, &err);
    if (s != GW_OK) {
        return gw_compiler_fail(c, s, gw_compiler_at("sites[%s].weather", site->name), "%s: %s", err.where,
                                err.why);
    }
    site->has_weather = true;
    return GW_OK;
}

enum gw_status gw_compile_site(struct gw_compiler *c, uint32_t index)
{
    struct gw_scenario *sc = c->sc;
    struct gw_site *site = &sc->site[index];
    site->cfg = (const struct gw_site_cfg *)sc->cfg.sites.at + index;
    site->name = sc->site_name[index];
    site->place = gw_network_location(&site->cfg->place);
    site->plant = gw_plant_find(site->cfg->cooling.name);
    GW_REQUIRE(site->plant != NULL);

    const struct gw_source keeping = {.read = gw_compile_files_read, .from = c};
    if (site->plant->needs_weather || site->cfg->supply.pv != NULL || site->cfg->supply.wind != NULL) {
        const enum gw_status weather = compile_weather(c, site, &keeping);
        if (weather != GW_OK) {
            return weather;
        }
    }
    struct gw_error err;
    const gw_time_us start = sc->cfg.time.start_unix_us;
    const struct gw_grid_span span = {start, start + sc->cfg.time.duration_us, (uint64_t)sc->cfg.seed, 0};
    const enum gw_status s =
        gw_grid_load(&site->cfg->grid, &keeping, &span, &site->first_grid, &sc->arena, &err);
    if (s != GW_OK) {
        return gw_compiler_fail(c, s, gw_compiler_at("sites[%s].grid", site->name), "%s: %s", err.where,
                                err.why);
    }
    enum gw_status cover = check_cover(c, site, &site->first_grid.price_usd_per_mwh, "price");
    if (cover == GW_OK) {
        cover = check_cover(c, site, &site->first_grid.water_l_per_kwh, "water intensity");
    }
    if (cover == GW_OK) {
        cover = check_cover(c, site, &site->first_grid.carbon_free_frac, "carbon-free share");
    }
    const int32_t needed[] = {sc->cfg.score.signal, sc->cfg.score.policy_signal};
    for (size_t i = 0; i < 2 && cover == GW_OK; i++) {
        cover = check_cover(c, site, &site->first_grid.carbon[needed[i]], "carbon intensity");
    }
    const struct gw_egress *egress = sc->cfg.network.egress;
    if (egress != NULL && isnan(gw_egress_user(egress, site->place))) {
        return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("sites[%s].place", site->name),
                                "network.egress has no price from %s: its continent is %s", site->place->name,
                                gw_network_continent_names[site->place->continent]);
    }
    if (cover == GW_OK && gw_accounts_compile_site(sc, site, &keeping, &err) != GW_OK) {
        return gw_compiler_fail(c, err.status, gw_compiler_at("%s", err.where), "%s", err.why);
    }
    return cover == GW_OK ? gw_compile_forecasts_of_site(c, site) : cover;
}
