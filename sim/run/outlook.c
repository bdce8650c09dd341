#include "sim/run/outlook.h"

#include <math.h>

#include "models/policies/eval.h"
#include "sim/base/units.h"
#include "sim/run/air.h"
#include "sim/run/observer.h"

enum { FORECASTS_MAX = 4000000 }; /* a year of quarter hours, a day ahead each, in a second */

/* Sums over epochs: in all, and what is there at no load. */
struct sums {
    double it, carbon, water, cost;
    double it_fixed, carbon_fixed, water_fixed, cost_fixed;
};

#define V(view, id) ((view)->value[GW_VIEW_##id])

static void add_epoch(const struct gw_view_store *view, const double *share, uint32_t s, struct sums *sums)
{
    const size_t now = (size_t)s * view->dims.horizon;
    const double hours = gw_h_from_us(view->public.epoch_us);
    const double routed = gw_eval_routed_kw(view, share, s) * hours;
    const double fixed_it = V(view, SITE_FIXED_IT)[s] * hours;
    const double fixed = V(view, SITE_FIXED_FACILITY)[now] * hours;
    const double own = V(view, SITE_ONSITE)[now] * hours;
    const double grid = fmax(fixed + routed * V(view, SITE_MARGINAL)[now] - own, 0);
    const double grid_fixed = fmax(fixed - own, 0);
    const double carbon = V(view, SITE_CARBON)[now] * 1e-3, cost = V(view, SITE_PRICE)[now];
    const double offsite = V(view, SITE_WATER)[now], onsite = V(view, SITE_WATER_ONSITE)[now];

    sums->it += fixed_it + routed;
    sums->it_fixed += fixed_it;
    sums->carbon += grid * carbon;
    sums->carbon_fixed += grid_fixed * carbon;
    sums->cost += grid * cost;
    sums->cost_fixed += grid_fixed * cost;
    sums->water += grid * offsite + (fixed_it + routed) * onsite;
    sums->water_fixed += grid_fixed * offsite + fixed_it * onsite;
}

/* Utilisation of the busiest model of site s under a plan. */
static double load_at(const struct gw_view_store *view, const double *share, uint32_t s)
{
    double most = 0.0;
    for (uint32_t m = 0; m < view->dims.models; m++) {
        most = fmax(most, gw_eval_utilisation(view, share, m, s));
    }
    return most;
}

/* What the whole site draws at its nameplate, kW. */
static double full_kw(const struct gw_scenario *sc, const struct gw_view_store *view, uint32_t s)
{
    const size_t now = (size_t)s * view->dims.horizon;
    return V(view, SITE_FIXED_FACILITY)[now] +
           V(view, SITE_MARGINAL)[now] * (sc->site[s].nameplate_kw - sc->site[s].fixed_it_kw);
}

static double movable(double fixed, double total)
{
    return total > 0.0 ? 1.0 - fixed / total : 0.0;
}

static void close_sums(const struct sums *sums, struct gw_outlook_site *out)
{
    out->it_kwh = sums->it;
    out->carbon_kg = sums->carbon;
    out->water_l = sums->water;
    out->cost_usd = sums->cost;
    out->idle_it_frac = sums->it > 0.0 ? sums->it_fixed / sums->it : 0.0;
    out->movable_carbon_frac = movable(sums->carbon_fixed, sums->carbon);
    out->movable_water_frac = movable(sums->water_fixed, sums->water);
    out->movable_cost_frac = movable(sums->cost_fixed, sums->cost);
}

static void add_sums(struct sums *into, const struct sums *from)
{
    into->it += from->it;
    into->it_fixed += from->it_fixed;
    into->carbon += from->carbon;
    into->carbon_fixed += from->carbon_fixed;
    into->water += from->water;
    into->water_fixed += from->water_fixed;
    into->cost += from->cost;
    into->cost_fixed += from->cost_fixed;
}

bool gw_outlook_make(const struct gw_scenario *sc, struct gw_outlook *out, struct gw_arena *arena)
{
    struct gw_observer observer;
    struct gw_air air;
    struct gw_onsite *onsite;
    double *share = gw_arena_array(arena, (size_t)sc->n_demands * sc->n_sites, sizeof *share);
    struct sums *sums = gw_arena_array(arena, sc->n_sites, sizeof *sums);
    *out = (struct gw_outlook){.site = gw_arena_array(arena, sc->n_sites, sizeof *out->site)};
    if (share == NULL || sums == NULL || out->site == NULL ||
        gw_air_make(sc, 0, &air, arena, NULL) != GW_OK ||
        gw_onsite_make(sc, &air, &onsite, arena, NULL) != GW_OK ||
        !gw_observer_init(&observer, sc, 0, &air, arena)) {
        return false;
    }
    observer.onsite = onsite;
    struct gw_plan plan = {.bytes = sizeof plan, .share = share};
    struct gw_policy_error error;
    bool planned = false;
    const gw_time_us most_us = (FORECASTS_MAX / observer.view.dims.horizon + 1) * sc->cfg.time.epoch_us;
    out->until_us = sc->cfg.time.duration_us < most_us ? sc->cfg.time.duration_us : most_us;
    for (gw_time_us now = 0; now < out->until_us; now += sc->cfg.time.epoch_us) {
        gw_observer_epoch(&observer, now, planned ? share : NULL);
        (void)gw_policy_nearest.plan(NULL, &observer.view.public, &plan, &error); /* has no way to fail */
        planned = true;
        for (uint32_t s = 0; s < sc->n_sites; s++) {
            add_epoch(&observer.view, share, s, &sums[s]);
            out->site[s].full_kw = fmax(out->site[s].full_kw, full_kw(sc, &observer.view, s));
            out->site[s].peak_load = fmax(out->site[s].peak_load, load_at(&observer.view, share, s));
            out->site[s].peak_load_all =
                fmax(out->site[s].peak_load_all,
                     load_at(&observer.view, observer.view.value[GW_VIEW_DEMAND_ALLOWED], s));
        }
        for (uint32_t d = 0; d < sc->n_demands; d++) {
            out->requests += V(&observer.view, DEMAND_RATE)[(size_t)d * observer.view.dims.horizon] *
                             gw_s_from_us(sc->cfg.time.epoch_us);
        }
    }
    struct sums all = {0};
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        close_sums(&sums[s], &out->site[s]);
        add_sums(&all, &sums[s]);
        out->all.peak_load = fmax(out->all.peak_load, out->site[s].peak_load);
        out->all.peak_load_all = fmax(out->all.peak_load_all, out->site[s].peak_load_all);
    }
    close_sums(&all, &out->all);
    return true;
}
