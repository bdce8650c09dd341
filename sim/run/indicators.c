#include "sim/run/indicators.h"

#include <math.h>

#include "models/supply/stress.h"
#include "sim/run/result.h"

static double quotient(double a, double b)
{
    return b > 0.0 ? a / b : NAN;
}

/* ---- what every site must have ---- */

static bool has_lifecycle(const struct gw_site *site)
{
    return gw_region_has(&site->first_grid.carbon[GW_CARBON_AVERAGE_LIFECYCLE]);
}

static bool has_direct(const struct gw_site *site)
{
    return gw_region_has(&site->first_grid.carbon[GW_CARBON_AVERAGE_DIRECT]);
}

static bool has_hydro(const struct gw_site *site)
{
    return gw_region_has(&site->first_grid.water_with_hydro_l_per_kwh);
}

static bool has_stress(const struct gw_site *site)
{
    return site->stress != GW_STRESS_UNKNOWN;
}

/* An account over all sites; NaN when one of them cannot keep it. */
static double sum_of(const struct gw_scenario *sc, const struct gw_ledger *ledger, enum gw_account account,
                     bool (*has)(const struct gw_site *site))
{
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (!has(&sc->site[s])) {
            return NAN;
        }
    }
    return gw_ledger_sum(ledger, account);
}

static bool has_carbon_free(const struct gw_site *site)
{
    return gw_region_has(&site->first_grid.carbon_free_frac);
}

static void fill_claims(const struct gw_scenario *sc, const struct gw_ledger *ledger, double facility,
                        double *score)
{
    const double import = gw_ledger_sum(ledger, GW_ACCOUNT_IMPORT);
    score[GW_SCORE_CARBON_MARKET] = gw_ledger_sum(ledger, GW_ACCOUNT_CARBON_MARKET);
    const double own = score[GW_SCORE_ONSITE]; /* free of carbon and renewable, and drawn beside the import */
    score[GW_SCORE_CFE] =
        quotient(own + sum_of(sc, ledger, GW_ACCOUNT_CARBON_FREE, has_carbon_free), own + import);
    score[GW_SCORE_MATCHED] = quotient(gw_ledger_sum(ledger, GW_ACCOUNT_MATCHED), import);
    score[GW_SCORE_REF] = quotient(own + gw_ledger_sum(ledger, GW_ACCOUNT_MATCHED_RENEWABLE),
                                   facility + gw_ledger_sum(ledger, GW_ACCOUNT_HEAT_PUMP));
    score[GW_SCORE_CARBON_PRICE] = gw_ledger_sum(ledger, GW_ACCOUNT_CARBON_PRICE);
    score[GW_SCORE_CONTRACT_COST] = gw_ledger_sum(ledger, GW_ACCOUNT_CONTRACT_COST);
}

void gw_indicators_fill(const struct gw_scenario *sc, const struct gw_ledger *ledger, double *score)
{
    const double it = score[GW_SCORE_IT];
    const double facility =
        it + gw_ledger_sum(ledger, GW_ACCOUNT_COOLING) + gw_ledger_sum(ledger, GW_ACCOUNT_CHAIN);
    const double onsite = gw_ledger_sum(ledger, GW_ACCOUNT_WATER_ONSITE);
    const double reused = gw_ledger_sum(ledger, GW_ACCOUNT_HEAT_REUSED);
    score[GW_SCORE_WUE_WITHDRAWN] = quotient(gw_ledger_sum(ledger, GW_ACCOUNT_WATER_WITHDRAWN), it);
    score[GW_SCORE_WUE_FACILITY] = quotient(onsite, facility);
    score[GW_SCORE_WATER_WITH_HYDRO] = onsite + sum_of(sc, ledger, GW_ACCOUNT_WATER_OFFSITE_HYDRO, has_hydro);
    score[GW_SCORE_WATER_STRESSED] = sum_of(sc, ledger, GW_ACCOUNT_WATER_STRESSED, has_stress);
    score[GW_SCORE_CUE] = quotient(score[GW_SCORE_CARBON], it);
    fill_claims(sc, ledger, facility, score);
    score[GW_SCORE_ERF] = quotient(reused, facility);
    score[GW_SCORE_ERE] = quotient(facility - reused, it);
    score[GW_SCORE_CARBON_LIFECYCLE] = sum_of(sc, ledger, GW_ACCOUNT_CARBON_LIFECYCLE, has_lifecycle);
    score[GW_SCORE_CARBON_DIRECT] = sum_of(sc, ledger, GW_ACCOUNT_CARBON_DIRECT, has_direct);
}

void gw_indicators_fill_deltas(const struct gw_scenario *sc, struct gw_result *result)
{
    for (uint32_t p = 0; p < result->policies; p++) {
        for (uint32_t r = 0; r < result->replications; r++) {
            struct gw_run_result *run = &result->run[(size_t)p * result->replications + r];
            const struct gw_run_result *base = &result->run[(size_t)sc->baseline * result->replications + r];
            const bool whole = run->error.status == GW_OK && base->error.status == GW_OK;
            run->score[GW_SCORE_DELTA_MARGINAL] = whole && gw_score_comparable(run->score, base->score)
                                                      ? run->marginal_kg - base->marginal_kg
                                                      : NAN;
        }
    }
}
