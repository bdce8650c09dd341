/* models/policies/search/plan_curves.h - lines below and above a curve that is given by points. */
#ifndef GW_MODELS_POLICIES_SEARCH_PLAN_CURVES_H
#define GW_MODELS_POLICIES_SEARCH_PLAN_CURVES_H

#include <stdint.h>

struct gw_plan_line { /* y = slope x + start */
    double slope, start;
};

enum { GW_PLAN_CURVES_POINTS = 32 };

/* Sides of the lower convex hull of 1 <= n <= GW_PLAN_CURVES_POINTS points, x ascending, and of them at most
 * `most` >= 2, evenly picked with the first and the last: each lies below all points, up to rounding. Returns
 * how many; of one point a level line. */
uint32_t gw_plan_curves_below(const double *x, const double *y, uint32_t n, uint32_t most,
                              struct gw_plan_line *side);

/* A line above all points: the side of the upper hull over the middle of the range. */
struct gw_plan_line gw_plan_curves_above(const double *x, const double *y, uint32_t n);

#endif
