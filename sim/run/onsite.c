#include "sim/run/onsite.h"

#include <math.h>
#include <stdio.h>

#include "models/supply/tariff.h"
#include "sim/base/units.h"

/* ---- begin ---- */

static void open_battery(struct gw_onsite *self, const struct gw_scenario *sc, const struct gw_grid *grid)
{
    const struct gw_supply_cfg *cfg = &self->site->cfg->supply;
    const struct gw_battery_cfg *battery = cfg->battery;
    self->policy = battery->policy.name != NULL
                       ? gw_battery_policy_find(battery->policy.name)
                       : gw_battery_policy_usual(cfg->pv != NULL || cfg->wind != NULL);
    self->goal = (struct gw_battery_goal){(double)NAN, (double)NAN};
    self->load_kw = (double)INFINITY;
    self->start_kwh = self->stored_kwh = battery->initial * battery->energy_kwh;
    self->signal = self->policy->signal == GW_BATTERY_CARBON  ? &grid->carbon[sc->cfg.score.policy_signal]
                   : self->policy->signal == GW_BATTERY_PRICE ? &grid->price_usd_per_mwh
                                                              : NULL;
}

enum gw_status gw_onsite_make(const struct gw_scenario *sc, const struct gw_air *air, struct gw_onsite **out,
                              struct gw_arena *arena, struct gw_error *err)
{
    struct gw_onsite *onsite = gw_arena_array(arena, sc->n_sites, sizeof *onsite);
    if (onsite == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
    }
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        const struct gw_site *site = &sc->site[s];
        char where[GW_NAME_BYTES_MAX + 16];
        snprintf(where, sizeof where, "site \"%s\"", site->name);
        onsite[s].site = site;
        const enum gw_status status =
            gw_generation_make(&site->cfg->supply, site->place->lat_deg, site->place->lon_deg,
                               &air->weather[s], where, &onsite[s].generation, arena, err);
        if (status != GW_OK) {
            return status;
        }
        if (site->cfg->supply.battery != NULL) {
            open_battery(&onsite[s], sc, &air->grid[s]);
        }
    }
    *out = onsite;
    return GW_OK;
}

/* ---- the hours ahead ---- */

void gw_onsite_look(struct gw_onsite *self, gw_time_us now_unix_us, gw_time_us epoch_us, uint32_t n,
                    const double *carbon, const double *price)
{
    if (self->policy == NULL || self->policy->look == NULL) {
        return;
    }
    const struct gw_battery_cfg *battery = self->site->cfg->supply.battery;
    const void *cfg = battery->policy.cfg;
    const bool by_price = self->policy->signal == GW_BATTERY_PRICE;
    double signal[GW_BATTERY_AHEAD_MAX];
    const uint32_t hours = gw_battery_policy_hourly(now_unix_us, epoch_us, n, by_price ? price : carbon,
                                                    self->policy->hours(cfg), signal);
    for (uint32_t i = 0; by_price && i < hours; i++) {
        signal[i] *= 1e3; /* per MWh, as prices are given */
    }
    const struct gw_battery_ahead ahead = {signal, hours, fmax(gw_h_from_us(epoch_us), 1), self->load_kw};
    self->goal = self->policy->look(cfg, battery, &ahead);
}

/* ---- a step ---- */

/* Towards the band, 0 within it. */
static double band_kw(double low_kw, double high_kw, double net_kw)
{
    return net_kw < low_kw ? low_kw - net_kw : net_kw > high_kw ? high_kw - net_kw : 0.0;
}

static bool has_band(const struct gw_onsite *self)
{
    return self->low_kw != NULL && !isnan(*self->low_kw) && !isnan(*self->high_kw);
}

static bool has_order(const struct gw_onsite *self)
{
    return self->ordered_kw != NULL && !isnan(*self->ordered_kw);
}

static double order_kw(const struct gw_onsite *self, double load_kw, double onsite_kw, double signal)
{
    if (self->policy == NULL) {
        return 0;
    }
    if (has_band(self)) {
        return band_kw(*self->low_kw, *self->high_kw, load_kw - onsite_kw);
    }
    if (has_order(self)) {
        return *self->ordered_kw;
    }
    const struct gw_battery_now now = {
        .stored_kwh = self->stored_kwh, .load_kw = load_kw, .onsite_kw = onsite_kw, .signal = signal};
    const struct gw_battery_cfg *battery = self->site->cfg->supply.battery;
    return self->policy->order(battery->policy.cfg, battery, &self->goal, &now);
}

/* What the policy follows, in the step: a price is what the site's tariff makes of it, as in forecasts. */
static double signal_of(const struct gw_onsite *self, gw_time_us from_unix_us, gw_time_us to_unix_us)
{
    if (self->signal == NULL) {
        return (double)NAN;
    }
    const double mean = gw_signal_mean(self->signal, from_unix_us, to_unix_us);
    return self->policy->signal == GW_BATTERY_PRICE
               ? gw_tariff_price(self->site->tariff, self->site->place->utc_offset_h, from_unix_us,
                                 to_unix_us, mean)
               : mean;
}

/* The band that a rule without a signal keeps to: the net load at which it orders nothing, if it minds. */
static void find_level(const struct gw_onsite *self, double *low_kw, double *high_kw)
{
    const double level_kw = order_kw(self, 0.0, 0.0, (double)NAN);
    if (order_kw(self, 1.0, 0.0, (double)NAN) != level_kw) {
        *low_kw = *high_kw = level_kw;
    }
}

struct gw_onsite_outlook gw_onsite_outlook(const struct gw_onsite *self, gw_time_us epoch_us, double signal)
{
    struct gw_onsite_outlook out = {.low_kw = -INFINITY, .high_kw = INFINITY};
    if (self->policy == NULL) {
        return out;
    }
    const struct gw_battery_cfg *battery = self->site->cfg->supply.battery;
    const double hours = gw_h_from_us(epoch_us), power_kw = gw_battery_power_kw(battery);
    const double room_kwh = fmax(gw_battery_ceiling_kwh(battery) - self->stored_kwh, 0.0);
    const double held_kwh = fmax(self->stored_kwh - gw_battery_reserve_kwh(battery), 0.0);
    out.take_kw = fmin(power_kw, room_kwh / (battery->charge_efficiency * hours));
    out.give_kw = fmin(power_kw, held_kwh * battery->discharge_efficiency / hours);
    if (has_band(self)) {
        out.low_kw = *self->low_kw;
        out.high_kw = *self->high_kw;
    } else if (has_order(self)) {
        const double kw = *self->ordered_kw;
        out.low_kw = kw > 0.0 ? INFINITY : -INFINITY;
        out.high_kw = kw < 0.0 ? 0.0 : INFINITY;
        out.take_kw = fmin(out.take_kw, fmax(kw, 0.0));
        out.give_kw = kw < 0.0 ? fmin(out.give_kw, -kw) : out.give_kw;
    } else if (self->policy->signal != GW_BATTERY_NO_SIGNAL) {
        const enum gw_battery_side side = gw_battery_policy_side(&self->goal, signal);
        out.low_kw = side == GW_BATTERY_BUYS ? INFINITY : 0.0;
        out.high_kw = side == GW_BATTERY_SERVES ? 0.0 : INFINITY;
    } else {
        find_level(self, &out.low_kw, &out.high_kw);
    }
    return out;
}

struct gw_supply_out gw_onsite_step(struct gw_onsite *self, gw_time_us from_unix_us, gw_time_us to_unix_us,
                                    double load_kw)
{
    struct gw_supply_cfg cfg = self->site->cfg->supply;
    cfg.import_limit_kw = self->islanded ? 0.0 : cfg.import_limit_kw;
    cfg.export_limit_kw = self->islanded ? 0.0 : cfg.export_limit_kw;
    const double signal = signal_of(self, from_unix_us, to_unix_us);
    struct gw_supply_out out = {0};
    self->load_kw = load_kw;
    for (gw_time_us t = from_unix_us; t < to_unix_us;) {
        const gw_time_us slot_us = gw_generation_next(&self->generation, t);
        const gw_time_us next = slot_us < to_unix_us ? slot_us : to_unix_us;
        const struct gw_generation_node own = gw_generation_at(&self->generation, t);
        const struct gw_supply_in in = {
            .load_kw = load_kw,
            .pv_kw = own.pv_kw,
            .wind_kw = own.wind_kw,
            .order_kw = order_kw(self, load_kw, own.pv_kw + own.wind_kw, signal),
            .hours = gw_h_from_us(next - t),
        };
        gw_supply_add(&cfg, &in, &self->stored_kwh, &out);
        t = next;
    }
    return out;
}

double gw_onsite_settle_kwh(const struct gw_onsite *self)
{
    return self->policy == NULL
               ? 0
               : gw_battery_settle_kwh(self->site->cfg->supply.battery, self->start_kwh, self->stored_kwh);
}
