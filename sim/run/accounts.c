#include "sim/run/accounts.h"

#include <math.h>
#include <stdio.h>

#include "models/supply/carbon_price.h"

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
    site->has_heat_user = cfg != NULL || hands_out_heat(site, NULL);
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

/* ---- money and claims ---- */

/* A plant must be known for the whole run, and give between nothing and somewhat more than its name plate. */
static enum gw_status check_output(const struct gw_scenario *sc, const struct gw_contract_ready *c,
                                   struct gw_error *err)
{
    const gw_time_us from = sc->cfg.time.start_unix_us, to = from + sc->cfg.time.duration_us;
    gw_time_us gap;
    if (c->output.series == NULL) {
        return GW_OK;
    }
    if (!gw_signal_covers(&c->output, from, to, &gap)) {
        char when[GW_CLOCK_TEXT_MAX];
        gw_clock_print(gap, when);
        return gw_fail(err, GW_ERR_RANGE, c->cfg->name, "its output is not known for %s, inside the run",
                       when);
    }
    for (uint64_t i = 0; i < c->output.series->n; i++) {
        if (c->output.series->value[i] < 0.0) {
            return gw_fail(err, GW_ERR_RANGE, c->cfg->name, "its output is below zero");
        }
    }
    return GW_OK;
}

static enum gw_status compile_contracts(struct gw_scenario *sc, struct gw_site *site,
                                        const struct gw_source *source, struct gw_error *err)
{
    const struct gw_slice *list = &site->cfg->contracts;
    site->n_contracts = list->n;
    site->contract = gw_arena_array(&sc->arena, list->n, sizeof *site->contract);
    if (site->contract == NULL) {
        return no_memory(err);
    }
    const bool lifecycle = sc->cfg.score.signal == GW_CARBON_AVERAGE_LIFECYCLE;
    for (uint32_t i = 0; i < list->n; i++) {
        struct gw_error why;
        const struct gw_contract *cfg = (const struct gw_contract *)list->at + i;
        enum gw_status s = gw_contracts_prepare(cfg, &site->first_grid, lifecycle, source, &site->contract[i],
                                                &sc->arena, &why);
        s = s == GW_OK ? check_output(sc, &site->contract[i], &why) : s;
        if (s != GW_OK) {
            char where[PATH_BYTES];
            snprintf(where, sizeof where, "sites[%s].contracts[%u]", site->name, (unsigned)i);
            return gw_fail(err, s, where, "%s: %s", why.where, why.why);
        }
    }
    return GW_OK;
}

enum gw_status gw_accounts_compile_site(struct gw_scenario *sc, struct gw_site *site,
                                        const struct gw_source *source, struct gw_error *err)
{
    site->tariff = gw_tariff_of(&site->cfg->tariff);
    site->carbon_usd_per_t = gw_carbon_price_usd_per_t(
        site->cfg->carbon_price != NULL ? site->cfg->carbon_price : &sc->cfg.carbon_price);
    const enum gw_status s = compile_contracts(sc, site, source, err);
    if (s != GW_OK) {
        return s;
    }
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

/* ---- cautions ---- */

static bool charges_by_the_month(const struct gw_tariff *t)
{
    return t->demand.n > 0 || t->fixed_usd_per_month > 0.0 || t->energy.alt == GW_TARIFF_BLOCK;
}

void gw_accounts_cautions(const struct gw_scenario *sc, uint32_t s, struct gw_text *out)
{
    const struct gw_site *site = &sc->site[s];
    const double inside = site->first_grid.carbon_in_price_usd_per_t;
    if (site->carbon_usd_per_t > 0.0 && inside > 0.0 && gw_tariff_is_wholesale(site->tariff)) {
        gw_text_addf(out,
                     "warning: %s: the price of %s holds a carbon price of %g USD/t already; carbon_price "
                     "charges another %g\n",
                     site->name, site->first_grid.label, inside, site->carbon_usd_per_t);
    }
    if (charges_by_the_month(site->tariff)) {
        gw_text_addf(out, "note: %s: charges of %s per month are pro-rated to the run's part of each month\n",
                     site->name, site->tariff->name != NULL ? site->tariff->name : "its tariff");
    }
    for (uint32_t i = 0; i < site->n_contracts; i++) {
        if (!site->contract[i].cfg->same_grid) {
            gw_text_addf(
                out, "warning: %s: contract %s is paid but matches nothing: its plants feed another grid\n",
                site->name, site->contract[i].cfg->name);
        }
    }
}
