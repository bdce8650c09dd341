#include "sim/run/accounts.h"

#include <math.h>
#include <stdio.h>

enum { PATH_BYTES = 128 };

static enum gw_status no_memory(struct gw_error *err)
{
    return gw_fail(err, GW_ERR_NOMEM, "scenario", "out of memory");
}

/* ---- heat ---- */

/* Whether the plant has heat to hand out at all: one that knows only totals has none. */
static bool hands_out_heat(const struct gw_site *site, const struct gw_plant_reuse *reuse)
{
    const struct gw_plant_in mild = {.it_kw = 1.0,
                                     .nameplate_kw = 1.0,
                                     .dry_bulb_c = 15.0,
                                     .wet_bulb_c = 11.0,
                                     .humidity_ratio = 0.0065,
                                     .pressure_pa = 101325.0,
                                     .reuse = reuse};
    return site->plant->at(site->cfg->cooling.cfg, &mild).reused_kw > 0.0;
}

static enum gw_status compile_heat(struct gw_scenario *sc, struct gw_site *site, struct gw_error *err)
{
    const struct gw_heat_reuse_cfg *cfg = site->cfg->heat_reuse;
    if (cfg == NULL) {
        return GW_OK;
    }
    struct gw_plant_reuse *reuse = gw_arena_alloc(&sc->arena, sizeof *reuse);
    if (reuse == NULL) {
        return no_memory(err);
    }
    *reuse = (struct gw_plant_reuse){.share = cfg->share,
                                     .supply_c = cfg->supply_c,
                                     .most_kw = isnan(cfg->most_kw) ? INFINITY : cfg->most_kw};
    const struct gw_plant_reuse all = {1.0, cfg->supply_c, INFINITY};
    if (!hands_out_heat(site, &all)) {
        char where[PATH_BYTES];
        snprintf(where, sizeof where, "sites[%s].heat_reuse", site->name);
        return gw_fail(
            err, GW_ERR_RANGE, where,
            "the plant %s knows no heat that could be handed out: choose one that models it, as wc-wse or "
            "liq-tower do",
            site->plant->name);
    }
    site->reuse = reuse;
    site->reuse_months = cfg->months.n == 0 ? UINT32_MAX : 0;
    for (uint32_t i = 0; i < cfg->months.n; i++) {
        site->reuse_months |= UINT32_C(1) << (((const int64_t *)cfg->months.at)[i] - 1);
    }
    return GW_OK;
}

enum gw_status gw_accounts_compile_site(struct gw_scenario *sc, struct gw_site *site, struct gw_error *err)
{
    site->stress = (enum gw_stress)(site->cfg->water_stress != NULL ? *site->cfg->water_stress
                                                                    : site->place->water_stress);
    return compile_heat(sc, site, err);
}

/* ---- signals ---- */

static bool is_marginal(int32_t signal)
{
    return signal == GW_CARBON_MARGINAL_LIFECYCLE || signal == GW_CARBON_MARGINAL_DIRECT;
}

static enum gw_status check_column(const struct gw_scenario *sc, int32_t signal, const char *key,
                                   struct gw_error *err)
{
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        const struct gw_grid *grid = &sc->site[s].first_grid;
        char where[PATH_BYTES];
        snprintf(where, sizeof where, "sites[%s].grid", sc->site[s].name);
        if (!gw_region_has(&grid->carbon[signal])) {
            return gw_fail(err, GW_ERR_RANGE, where, "%s has no %s carbon intensity, which score.%s asks for",
                           grid->label, gw_carbon_signal_names[signal], key);
        }
        if (grid->basis != sc->site[0].first_grid.basis) {
            return gw_fail(
                err, GW_ERR_RANGE, where,
                "its carbon is that of %s, that of site \"%s\" of %s: a column has one signal, and a sum "
                "or a choice between the two would mean nothing. Give all sites the same `basis`",
                gw_region_basis_names[grid->basis], sc->site[0].name,
                gw_region_basis_names[sc->site[0].first_grid.basis]);
        }
    }
    return GW_OK;
}

enum gw_status gw_accounts_check_signals(const struct gw_scenario *sc, struct gw_error *err)
{
    const struct gw_score_cfg *score = &sc->cfg.score;
    if (is_marginal(score->signal)) {
        return gw_fail(
            err, GW_ERR_RANGE, "score.signal",
            "%s says what a change does, not what a total is: carbon_kgco2 takes an average signal. The "
            "column delta_carbon_marginal_kgco2 scores changes by score.marginal_signal; policies may "
            "see any by score.policy_signal",
            gw_carbon_signal_names[score->signal]);
    }
    if (!is_marginal(score->marginal_signal)) {
        return gw_fail(
            err, GW_ERR_RANGE, "score.marginal_signal",
            "%s is an average: delta_carbon_marginal_kgco2 takes marginal-lifecycle or marginal-direct",
            gw_carbon_signal_names[score->marginal_signal]);
    }
    const enum gw_status s = check_column(sc, score->signal, "signal", err);
    return s == GW_OK ? check_column(sc, score->policy_signal, "policy_signal", err) : s;
}
