#include "sim/run/compile_forecasts.h"

#include <stdio.h>

#include "sim/run/compile_files.h"

static const char *const forecast_key[] = {
    [GW_FORECAST_CARBON] = "carbon", [GW_FORECAST_PRICE] = "price", [GW_FORECAST_WATER] = "water"};
static const char *const forecast_unit[] = {[GW_FORECAST_CARBON] = "gco2_per_kwh",
                                            [GW_FORECAST_PRICE] = "usd_per_mwh",
                                            [GW_FORECAST_WATER] = "l_per_kwh"};

static enum gw_status read_forecast(struct gw_compiler *c, const struct gw_named *method,
                                    struct gw_compiler_place at, struct gw_csv *out)
{
    const struct gw_source keeping = {.read = gw_compile_files_read, .from = c};
    struct gw_error err;
    const enum gw_status s = gw_forecast_read(method, &keeping, out, &c->sc->arena, &err);
    return s == GW_OK ? GW_OK : gw_compiler_fail(c, s, at, "%s: %s", err.where, err.why);
}

enum gw_status gw_compile_forecasts_read(struct gw_compiler *c)
{
    const struct gw_forecasts_cfg *cfg = &c->sc->cfg.forecast;
    enum gw_status worst =
        read_forecast(c, &cfg->demand, gw_compiler_at("forecast.demand"), &c->demand_forecast);
    for (uint32_t i = 0; i < GW_FORECAST_SIGNALS; i++) {
        const enum gw_status s = read_forecast(
            c, &cfg->signal[i], gw_compiler_at("forecast.%s", forecast_key[i]), &c->site_forecast[i]);
        worst = worst == GW_OK ? s : worst;
    }
    return worst;
}

/* Its own forecast at `at`, or the one that all may share. */
static enum gw_status make_forecast(struct gw_compiler *c, const struct gw_named *own,
                                    struct gw_compiler_place at, const struct gw_named *common,
                                    const struct gw_csv *common_table, const char *name, const char *unit,
                                    struct gw_forecast *out)
{
    struct gw_csv own_table = {0};
    const bool has_own = own->name != NULL;
    enum gw_status s = has_own ? read_forecast(c, own, at, &own_table) : GW_OK;
    if (s != GW_OK) {
        return s;
    }
    char column[GW_NAME_BYTES_MAX + 32];
    snprintf(column, sizeof column, "%s_%s", name, unit);
    struct gw_error err;
    s = gw_forecast_make(has_own ? own : common, has_own ? &own_table : common_table, column, out, &err);
    return s == GW_OK ? GW_OK : gw_compiler_fail(c, s, at, "%s: %s", err.where, err.why);
}

enum gw_status gw_compile_forecasts_of_site(struct gw_compiler *c, struct gw_site *site)
{
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; i < GW_FORECAST_SIGNALS && s == GW_OK; i++) {
        s = make_forecast(c, &site->cfg->forecast.signal[i],
                          gw_compiler_at("sites[%s].forecast.%s", site->name, forecast_key[i]),
                          &c->sc->cfg.forecast.signal[i], &c->site_forecast[i], site->name, forecast_unit[i],
                          &site->forecast[i]);
    }
    return s;
}

enum gw_status gw_compile_forecasts_of_demand(struct gw_compiler *c, struct gw_demand *d)
{
    return make_forecast(c, &d->cfg->forecast, gw_compiler_at("serving.demand[%s].forecast", d->name),
                         &c->sc->cfg.forecast.demand, &c->demand_forecast, d->name, "per_s", &d->forecast);
}
