/* models/policies/answer_levels.h - how a row's answers are spread over the levels of its directives.
 *
 *   minimise  sum_l x_l carbon_l     sum_l x_l quality_l >= floor,   sum_l x_l = 1,   x >= 0
 *   floor = 1 - tolerance clamp((carbon - low) / (high - low), 0, 1)
 *
 * Sprout's program (Li et al., EMNLP 2024) in qualities relative to the first level; `carbon` in the floor is
 * the intensity that the row's requests meet. docs/policies/sprout.md. */
#ifndef GW_MODELS_POLICIES_ANSWER_LEVELS_H
#define GW_MODELS_POLICIES_ANSWER_LEVELS_H

#include <stdbool.h>

#include "models/policies/policy.h"

enum { GW_ANSWER_LEVELS_MAX = 8 };

/* The least quality at this intensity; `tolerance` where low and high are one. */
double gw_answer_levels_floor(double tolerance, double carbon, double low, double high);

/* x[n] of the program, n up to GW_ANSWER_LEVELS_MAX. False when no mix reaches the floor or memory is out: x
 * is then untouched. */
bool gw_answer_levels_solve(uint32_t n, const double *cost, const double *quality, double floor, double *x);

/* Levels that row d has. */
uint32_t gw_answer_levels_n(const struct gw_view *view, uint32_t d);

/* Where row d's requests are served, as far as is known: weight[sites], the rates of the last epoch, or even
 * shares of the allowed sites before the first. Sums to 1. */
void gw_answer_levels_sites(const struct gw_view *view, uint32_t d, double *weight);

/* Carbon intensity over those sites in epoch h of the horizon, gCO2/kWh. */
double gw_answer_levels_carbon(const struct gw_view *view, const double *weight, uint32_t h);

/* gCO2 that one more request of row d answered at each level adds, facility included: cost[n]. */
void gw_answer_levels_cost(const struct gw_view *view, uint32_t d, const double *weight, double *cost);

/* Orders x[n]. */
void gw_answer_levels_order(struct gw_plan *plan, uint32_t d, uint32_t n, const double *x);

#endif
