#include "sim/run/foresight.h"

#include <math.h>
#include <stdio.h>

#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

static uint64_t noise_key(const struct gw_scenario *sc, uint32_t replication, const char *signal,
                          const char *name)
{
    char stream[GW_NAME_BYTES_MAX + 32];
    const int n = snprintf(stream, sizeof stream, "forecast/%s/%s", signal, name);
    GW_REQUIRE(n > 0 && (size_t)n < sizeof stream);
    return gw_rng_seed((uint64_t)sc->cfg.seed, replication, stream);
}

bool gw_foresight_init(struct gw_foresight *self, const struct gw_scenario *sc, uint32_t replication,
                       const struct gw_air *air, struct gw_arena *arena)
{
    static const char *const signal[] = {
        [GW_FORECAST_CARBON] = "carbon", [GW_FORECAST_PRICE] = "price", [GW_FORECAST_WATER] = "water"};
    *self = (struct gw_foresight){
        .sc = sc,
        .air = air,
        .site_key = gw_arena_array(arena, (size_t)sc->n_sites * GW_FORECAST_SIGNALS, sizeof(uint64_t)),
        .demand_key = gw_arena_array(arena, sc->n_demands, sizeof(uint64_t)),
    };
    if (self->site_key == NULL || self->demand_key == NULL) {
        return false;
    }
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        for (uint32_t i = 0; i < GW_FORECAST_SIGNALS; i++) {
            self->site_key[s * GW_FORECAST_SIGNALS + i] =
                noise_key(sc, replication, signal[i], sc->site_name[s]);
        }
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        self->demand_key[d] = noise_key(sc, replication, "demand", sc->demand_name[d]);
    }
    return true;
}

static double signal_mean(const void *of, gw_time_us from_unix_us, gw_time_us to_unix_us)
{
    return gw_signal_mean(of, from_unix_us, to_unix_us);
}

void gw_foresight_site(const struct gw_foresight *self, uint32_t site, enum gw_forecast_signal signal,
                       gw_time_us now_us, uint32_t n, double *out)
{
    gw_foresight_intervals(self, site, signal, now_us, self->sc->cfg.time.epoch_us, n, out);
}

void gw_foresight_intervals(const struct gw_foresight *self, uint32_t site, enum gw_forecast_signal signal,
                            gw_time_us now_us, gw_time_us interval_us, uint32_t n, double *out)
{
    const struct gw_scenario *sc = self->sc;
    const struct gw_grid *grid = &self->air->grid[site];
    const gw_time_us start_unix_us = sc->cfg.time.start_unix_us;
    const struct gw_signal *const of[] = {
        [GW_FORECAST_CARBON] =
            &grid->carbon[self->is_hindsight ? sc->cfg.score.signal : sc->cfg.score.policy_signal],
        [GW_FORECAST_PRICE] = &grid->price_usd_per_mwh,
        [GW_FORECAST_WATER] = &grid->water_l_per_kwh,
    };
    const struct gw_forecast_truth truth = {
        .mean = signal_mean, .of = of[signal], .first_unix_us = start_unix_us};
    for (uint32_t h = 0; self->is_hindsight && h < n; h++) {
        const gw_time_us from_us = start_unix_us + now_us + (gw_time_us)h * sc->cfg.time.epoch_us;
        out[h] = gw_signal_mean(of[signal], from_us, from_us + sc->cfg.time.epoch_us);
    }
    if (self->is_hindsight) {
        return;
    }
    gw_forecast_row(&sc->site[site].forecast[signal], &truth,
                    self->site_key[site * GW_FORECAST_SIGNALS + signal], start_unix_us + now_us, interval_us,
                    n, out);
}

/* Laws of demand count from the burn-in's start. */
struct row {
    const struct gw_request_law *law;
    gw_time_us first_unix_us;
};

static double row_rate(const void *of, gw_time_us from_unix_us, gw_time_us to_unix_us)
{
    const struct row *row = of;
    const gw_time_us from_us = from_unix_us - row->first_unix_us, to_us = to_unix_us - row->first_unix_us;
    return gw_request_law_expected(row->law, from_us, to_us) / gw_s_from_us(to_us - from_us);
}

void gw_foresight_demand(const struct gw_foresight *self, uint32_t demand, gw_time_us now_us, uint32_t n,
                         double *out)
{
    const struct gw_scenario *sc = self->sc;
    const struct row row = {&sc->demand[demand].law, sc->cfg.time.start_unix_us - sc->burn_in_us};
    const struct gw_forecast_truth truth = {.mean = row_rate, .of = &row, .first_unix_us = row.first_unix_us};
    gw_forecast_row(&sc->demand[demand].forecast, &truth, self->demand_key[demand],
                    sc->cfg.time.start_unix_us + now_us, sc->cfg.time.epoch_us, n, out);
}

gw_time_us gw_foresight_air(const struct gw_foresight *self, gw_time_us now_us, gw_time_us t_us)
{
    const gw_time_us lag_us = gw_forecast_weather_lag(&self->sc->cfg.forecast.weather);
    if (lag_us == 0 || t_us <= now_us || self->is_hindsight) {
        return t_us;
    }
    const gw_time_us back_us = (t_us - now_us + lag_us - 1) / lag_us * lag_us;
    /* where the past is not known, the air of this moment stands in */
    return t_us - back_us >= -self->sc->burn_in_us ? t_us - back_us : now_us;
}
