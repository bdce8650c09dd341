/* models/policies/eval.h - what a plan is worth: the one function every optimiser optimises.
 *
 *   rate_ds   = rate_d share_ds
 *   u_ms      = sum over d of model m: rate_ds / capacity_ds
 *   it_s      = fixed_it_s + sum_m power_ms(u_ms)        linear between the points of serving.power [kW]
 *   net_s     = fixed_facility_s + marginal_s (it_s - fixed_it_s) - onsite_s                        [kW]
 *   grid_s    = max(net_s, 0) without a battery; with one: purchase.h                               [kW]
 *   carbon    = sum_s grid_s h carbon_s
 *   cost      = sum_s grid_s h price_s + transfer_s + peaks_s(grid_s)       peaks: purchase.h
 *   water     = sum_s (grid_s h water_s + it_s h water_onsite_s)
 *   ttft      = mean over requests of rtt_os + ttft_ds + wait(u_ms)
 *   wait(u)   = ttft_ds u^4 / (1 - u), continued from u = 0.95 by its tangent
 *
 * onsite is the forecast of the site's own PV and wind. What a battery holds at the epoch's end is worth
 * nothing here, what it holds at its begin is free: a plan is of one epoch. power_ms grows steeply from 0,
 * where a step is run for a few sequences, and slowly above: batching makes packing pay. */
#ifndef GW_MODELS_POLICIES_EVAL_H
#define GW_MODELS_POLICIES_EVAL_H

#include "models/policies/view.h"
#include "sim/base/status.h"

/* share[demands][sites]; objective[GW_OBJECTIVES] is written. */
void gw_eval_plan(const struct gw_view_store *view, const double *share, double *objective);

/* IT power that the plan brings to a site, above what flows at no load, kW. */
double gw_eval_routed_kw(const struct gw_view_store *view, const double *share, uint32_t site);

/* Utilisation of a model at a site under the plan. */
double gw_eval_utilisation(const struct gw_view_store *view, const double *share, uint32_t model,
                           uint32_t site);

/* wait(u) over ttft, and the power of a model at a site from its row of serving.power [GW_VIEW_LOADS]: for
 * those who price changes of a plan instead of whole plans. */
double gw_eval_wait_factor(double u);
double gw_eval_wait_slope(double u); /* of the factor, over u */
double gw_eval_power_kw(const double *power, double u);

/* The plan's contract: finite, >= 0, rows sum to 1 within 1e-9, nothing where not allowed. GW_ERR_POLICY
 * names policy, row, site and value. */
GW_MUST_USE enum gw_status gw_eval_check(const struct gw_view_store *view, const char *policy,
                                         const double *share, struct gw_error *err);

#endif
