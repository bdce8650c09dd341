#include "sim/run/billing.h"

#include <math.h>

#include "sim/base/units.h"

struct gw_billing *gw_billing_open(const struct gw_scenario *sc, uint32_t s, const struct gw_grid *grid,
                                   struct gw_arena *arena)
{
    const struct gw_site *site = &sc->site[s];
    const gw_time_us start = sc->cfg.time.start_unix_us;
    struct gw_billing *self = gw_arena_alloc(arena, sizeof *self);
    struct gw_contract_ready *contract = gw_arena_array(arena, site->n_contracts, sizeof *contract);
    if (self == NULL || contract == NULL ||
        !gw_tariff_open(&self->bill, site->tariff, site->place->utc_offset_h, site->cfg->peaks_before, start,
                        start + sc->cfg.time.duration_us, arena)) {
        return NULL;
    }
    for (uint32_t i = 0; i < site->n_contracts; i++) {
        contract[i] = site->contract[i];
        gw_contracts_follow(&contract[i], grid);
    }
    gw_contracts_open(&self->book, contract, site->n_contracts);
    self->grid = grid;
    return self;
}

static double mean_or(const struct gw_signal *signal, gw_time_us from, gw_time_us to, double otherwise)
{
    const double mean = gw_signal_mean(signal, from, to);
    return isnan(mean) ? otherwise : mean;
}

bool gw_billing_add(struct gw_billing *self, const struct gw_scenario *sc, uint32_t s, gw_time_us from_us,
                    gw_time_us to_us, bool scored, double *entry)
{
    const struct gw_site *site = &sc->site[s];
    const struct gw_grid *grid = self->grid;
    const gw_time_us from = sc->cfg.time.start_unix_us + from_us, to = sc->cfg.time.start_unix_us + to_us;
    const double price = gw_signal_mean(&grid->price_usd_per_mwh, from, to);
    if (isnan(price)) {
        return false;
    }
    const double kwh = fmax(entry[GW_ACCOUNT_IMPORT], 0.0); /* not below by a rounding */
    const struct gw_tariff_charge charge = gw_tariff_add(&self->bill, from, to, kwh, price);
    entry[GW_ACCOUNT_COST] = charge.energy_usd;
    entry[GW_ACCOUNT_DEMAND_CHARGE] = charge.demand_usd;
    entry[GW_ACCOUNT_DEMAND_OWED] = charge.owed_usd;
    entry[GW_ACCOUNT_COINCIDENT] = charge.coincident_usd;
    entry[GW_ACCOUNT_FIXED_CHARGE] = charge.fixed_usd;

    const struct gw_signal *average = &grid->carbon[sc->cfg.score.signal];
    const double carbon_kg =
        entry[sc->cfg.score.signal == GW_CARBON_AVERAGE_LIFECYCLE ? GW_ACCOUNT_CARBON_LIFECYCLE
                                                                  : GW_ACCOUNT_CARBON_DIRECT];
    entry[GW_ACCOUNT_CARBON_PRICE] = carbon_kg / 1e3 * site->carbon_usd_per_t;

    const double residual = site->cfg->residual_gco2_per_kwh;
    const struct gw_contract_step step = {
        .from_unix_us = from,
        .to_unix_us = to,
        .load_kwh = kwh,
        .wholesale_usd_per_mwh = price,
        .residual_gco2_per_kwh = isnan(residual) ? mean_or(average, from, to, 0.0) : residual,
        .grid_free_frac = gw_signal_mean(&grid->carbon_free_frac, from, to),
        .generates = scored,
    };
    const struct gw_contract_sums sums = gw_contracts_add(&self->book, &step);
    entry[GW_ACCOUNT_CONTRACTED] = sums.contracted_kwh;
    entry[GW_ACCOUNT_MATCHED] = sums.matched_kwh;
    entry[GW_ACCOUNT_MATCHED_RENEWABLE] = sums.renewable_kwh;
    entry[GW_ACCOUNT_MATCHED_HOURLY] = sums.matched_hourly_kwh;
    entry[GW_ACCOUNT_CARBON_FREE] = sums.carbon_free_kwh;
    entry[GW_ACCOUNT_CARBON_MARKET] = sums.market_kgco2;
    entry[GW_ACCOUNT_CONTRACT_COST] = sums.settlement_usd;
    return true;
}

void gw_billing_settle(struct gw_billing *self, const struct gw_scenario *sc, uint32_t s, double kwh,
                       double *entry)
{
    const struct gw_site *site = &sc->site[s];
    const struct gw_grid *grid = self->grid;
    const gw_time_us from = self->bill.from_unix_us, to = self->bill.to_unix_us;
    const double wholesale = gw_signal_mean(&grid->price_usd_per_mwh, from, to);
    const double price = gw_tariff_price(site->tariff, site->place->utc_offset_h, from, to,
                                         isnan(wholesale) ? 0.0 : wholesale);
    const double average = mean_or(&grid->carbon[sc->cfg.score.signal], from, to, 0.0);
    const double residual = site->cfg->residual_gco2_per_kwh;
    entry[GW_ACCOUNT_COST] += gw_mwh_from_kwh(kwh) * price;
    entry[GW_ACCOUNT_CARBON_PRICE] += gw_kg_from_g(kwh * average) / 1e3 * site->carbon_usd_per_t;
    entry[GW_ACCOUNT_CARBON_MARKET] += gw_kg_from_g(kwh * (isnan(residual) ? average : residual));
}
