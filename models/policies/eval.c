#include "models/policies/eval.h"

#include <math.h>

#include "models/policies/purchase.h"

#define V(store, id) ((store)->value[GW_VIEW_##id])

static const double knee = 0.95;

static double pole(double u)
{
    const double u2 = u * u;
    return u2 * u2 / (1.0 - u);
}

double gw_eval_wait_slope(double u)
{
    const double at = u < knee ? u : knee, at3 = at * at * at;
    return (4.0 * at3 * (1.0 - at) + at3 * at) / ((1.0 - at) * (1.0 - at));
}

/* u^4 / (1 - u): negligible below half load, a pole at saturation; beyond 0.95 its tangent, so that an
 * optimiser is led back from overload instead of meeting an infinity. */
double gw_eval_wait_factor(double u)
{
    return u <= knee ? pole(u) : pole(knee) + gw_eval_wait_slope(knee) * (u - knee);
}

double gw_eval_utilisation(const struct gw_view_store *view, const double *share, uint32_t m, uint32_t s)
{
    const uint32_t sites = view->dims.sites, horizon = view->dims.horizon;
    double u = 0.0;
    for (uint32_t d = 0; d < view->dims.demands; d++) {
        if ((uint32_t)V(view, DEMAND_MODEL)[d] == m && share[d * sites + s] > 0.0) {
            u += V(view, DEMAND_RATE)[d * horizon] * share[d * sites + s] /
                 V(view, SERVING_CAPACITY)[d * sites + s];
        }
    }
    return u;
}

/* Beyond saturation more requests wait, and draw no more. */
double gw_eval_power_kw(const double *power, double u)
{
    const double at = u * (GW_VIEW_LOADS - 1);
    if (!(at < GW_VIEW_LOADS - 1)) {
        return power[GW_VIEW_LOADS - 1];
    }
    const uint32_t below = (uint32_t)at;
    return power[below] + (at - below) * (power[below + 1] - power[below]);
}

double gw_eval_routed_kw(const struct gw_view_store *view, const double *share, uint32_t s)
{
    double kw = 0.0;
    for (uint32_t m = 0; m < view->dims.models; m++) {
        const double *power = V(view, SERVING_POWER) + ((size_t)m * view->dims.sites + s) * GW_VIEW_LOADS;
        kw += gw_eval_power_kw(power, gw_eval_utilisation(view, share, m, s));
    }
    return kw;
}

static double transfer_usd_per_s(const struct gw_view_store *view, const double *share, uint32_t s)
{
    const uint32_t sites = view->dims.sites, horizon = view->dims.horizon;
    double usd_per_s = 0.0;
    for (uint32_t d = 0; d < view->dims.demands; d++) {
        usd_per_s += V(view, DEMAND_RATE)[d * horizon] * share[d * sites + s] *
                     V(view, NETWORK_TRANSFER)[d * sites + s];
    }
    return usd_per_s;
}

/* Requests per second times their TTFT at site s, over all rows; *rate receives the requests per second. */
static double ttft_sum(const struct gw_view_store *view, const double *share, uint32_t s, double *rate)
{
    const uint32_t sites = view->dims.sites, horizon = view->dims.horizon;
    double sum = 0.0;
    for (uint32_t m = 0; m < view->dims.models; m++) {
        const double wait = gw_eval_wait_factor(gw_eval_utilisation(view, share, m, s));
        for (uint32_t d = 0; d < view->dims.demands; d++) {
            const double r = V(view, DEMAND_RATE)[d * horizon] * share[d * sites + s];
            if ((uint32_t)V(view, DEMAND_MODEL)[d] != m || r <= 0.0) {
                continue;
            }
            const uint32_t o = (uint32_t)V(view, DEMAND_ORIGIN)[d];
            const double ttft_ms = V(view, SERVING_TTFT)[d * sites + s];
            sum += r * (V(view, NETWORK_RTT)[o * sites + s] + ttft_ms * (1.0 + wait));
            *rate += r;
        }
    }
    return sum;
}

/* gw_purchase_of without looking for names: plans are valued by the million. */
static struct gw_purchase purchase_of(const struct gw_view_store *view)
{
    return (struct gw_purchase){
        .low_kw = V(view, BATTERY_LOW),
        .high_kw = V(view, BATTERY_HIGH),
        .take_kw = V(view, BATTERY_TAKE),
        .give_kw = V(view, BATTERY_GIVE),
        .limit_kw = V(view, SITE_IMPORT_LIMIT),
        .peak_kw = V(view, SITE_PEAK),
        .peak_usd = V(view, SITE_PEAK_PRICE),
    };
}

void gw_eval_plan(const struct gw_view_store *view, const double *share, double *objective)
{
    const uint32_t sites = view->dims.sites, horizon = view->dims.horizon;
    const double hours = (double)view->public.epoch_us / 3.6e9;
    const struct gw_purchase purchase = purchase_of(view);
    double carbon_g = 0.0, water_l = 0.0, cost_usd = 0.0, energy_kwh = 0.0, ttft = 0.0, rate = 0.0;

    for (uint32_t s = 0; s < sites; s++) {
        const double routed_kw = gw_eval_routed_kw(view, share, s);
        const double it_kwh = (V(view, SITE_FIXED_IT)[s] + routed_kw) * hours;
        const double net_kw = V(view, SITE_FIXED_FACILITY)[s * horizon] +
                              V(view, SITE_MARGINAL)[s * horizon] * routed_kw -
                              V(view, SITE_ONSITE)[s * horizon];
        const double grid_kw = gw_purchase_kw(&purchase, s, net_kw), grid_kwh = grid_kw * hours;
        energy_kwh += grid_kwh;
        carbon_g += grid_kwh * V(view, SITE_CARBON)[s * horizon];
        cost_usd += grid_kwh * V(view, SITE_PRICE)[s * horizon] +
                    transfer_usd_per_s(view, share, s) * hours * 3600.0 +
                    gw_purchase_peak_usd(&purchase, s, grid_kw);
        water_l +=
            grid_kwh * V(view, SITE_WATER)[s * horizon] + it_kwh * V(view, SITE_WATER_ONSITE)[s * horizon];
        ttft += ttft_sum(view, share, s, &rate);
    }
    objective[GW_OBJ_CARBON_KG] = carbon_g / 1e3;
    objective[GW_OBJ_WATER_L] = water_l;
    objective[GW_OBJ_COST_USD] = cost_usd;
    objective[GW_OBJ_TTFT_MS] = rate > 0.0 ? ttft / rate : 0.0;
    objective[GW_OBJ_ENERGY_KWH] = energy_kwh;
}

enum gw_status gw_eval_check(const struct gw_view_store *view, const char *policy, const double *share,
                             struct gw_error *err)
{
    const uint32_t sites = view->dims.sites;
    for (uint32_t d = 0; d < view->dims.demands; d++) {
        const char *row = view->names.demand[d];
        double sum = 0.0;
        for (uint32_t s = 0; s < sites; s++) {
            const double x = share[d * sites + s];
            if (!isfinite(x) || x < 0.0) {
                return gw_fail(err, GW_ERR_POLICY, policy,
                               "its plan gives demand \"%s\" a share of %g at site \"%s\"; "
                               "shares are finite and not negative",
                               row, x, view->names.site[s]);
            }
            if (x > 0.0 && V(view, DEMAND_ALLOWED)[d * sites + s] == 0.0) {
                return gw_fail(err, GW_ERR_POLICY, policy,
                               "its plan sends %g of demand \"%s\" to site \"%s\", which "
                               "may not serve it or has no replica of its model",
                               x, row, view->names.site[s]);
            }
            sum += x;
        }
        if (fabs(sum - 1.0) > 1e-9) {
            return gw_fail(err, GW_ERR_POLICY, policy,
                           "its plan's shares of demand \"%s\" sum to %.12g, not to 1", row, sum);
        }
    }
    return GW_OK;
}
