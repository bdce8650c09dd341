#include "models/policies/search/plan_curves.h"

#include <math.h>

#include "sim/base/check.h"

static const double rounding = 1e-12; /* of the curve's height: bends less than this are none */

/* Indices of the lower hull's corners. */
static uint32_t corners_of(const double *x, const double *y, uint32_t n, uint32_t *corner)
{
    double height = 0.0;
    uint32_t corners = 0;
    for (uint32_t k = 0; k < n; k++) {
        height = fmax(height, fabs(y[k]));
    }
    for (uint32_t k = 0; k < n; k++) {
        while (corners >= 2) {
            const uint32_t a = corner[corners - 2], b = corner[corners - 1];
            const double chord = y[a] + (y[k] - y[a]) * ((x[b] - x[a]) / (x[k] - x[a]));
            if (y[b] < chord - rounding * height) {
                break;
            }
            corners--;
        }
        corner[corners++] = k;
    }
    return corners;
}

/* A side that is level but for rounding is made level: in a program its slope would be no number to reckon
 * with. */
static struct gw_plan_line through(const double *x, const double *y, uint32_t a, uint32_t b)
{
    const double slope = (y[b] - y[a]) / (x[b] - x[a]);
    if (fabs(y[b] - y[a]) <= rounding * fmax(fabs(y[a]), fabs(y[b]))) {
        return (struct gw_plan_line){0.0, y[a]};
    }
    return (struct gw_plan_line){slope, y[a] - slope * x[a]};
}

uint32_t gw_plan_curves_below(const double *x, const double *y, uint32_t n, uint32_t most,
                              struct gw_plan_line *side)
{
    uint32_t corner[GW_PLAN_CURVES_POINTS];
    GW_REQUIRE(n >= 1 && n <= GW_PLAN_CURVES_POINTS && most >= 2);
    const uint32_t sides = corners_of(x, y, n, corner) - 1;
    if (sides == 0) {
        side[0] = (struct gw_plan_line){0.0, y[0]};
        return 1;
    }
    const uint32_t kept = sides < most ? sides : most;
    for (uint32_t i = 0; i < kept; i++) {
        const uint32_t k = sides <= most ? i : i * (sides - 1) / (most - 1);
        side[i] = through(x, y, corner[k], corner[k + 1]);
    }
    return kept;
}

struct gw_plan_line gw_plan_curves_above(const double *x, const double *y, uint32_t n)
{
    double mirror[GW_PLAN_CURVES_POINTS];
    uint32_t corner[GW_PLAN_CURVES_POINTS];
    GW_REQUIRE(n >= 1 && n <= GW_PLAN_CURVES_POINTS);
    for (uint32_t k = 0; k < n; k++) {
        mirror[k] = -y[k];
    }
    const uint32_t sides = corners_of(x, mirror, n, corner) - 1;
    const double middle = 0.5 * (x[0] + x[n - 1]);
    uint32_t k = 0;
    while (k + 1 < sides && x[corner[k + 1]] <= middle) {
        k++;
    }
    return sides == 0 ? (struct gw_plan_line){0.0, y[0]} : through(x, y, corner[k], corner[k + 1]);
}
