/* models/cooling/chiller_curves.h - a named chiller by its measured curves, in the form of DOE-2.
 *
 *   CAPFT, EIRFT = c1 + c2 x + c3 x^2 + c4 y + c5 y^2 + c6 x y     x chilled water out, y condenser water in
 *   EIRFPLR      = p1 + p2 r + p3 r^2                              r = load / (rated CAPFT)            (43)
 *   COP          = COP_rated r / (EIRFT EIRFPLR)                                                      (44)
 *
 * Arguments beyond the range of measurement are taken at its border: these curves run away outside of it. At
 * load the curves are looked at all over that range, and refused where power would be negative, fall with a
 * warmer condenser or fall with more load: a swapped argument shows there. */
#ifndef GW_MODELS_COOLING_CHILLER_CURVES_H
#define GW_MODELS_COOLING_CHILLER_CURVES_H

#include "sim/tree/bind.h"

struct gw_chiller_curves {
    double cop;
    struct gw_slice capacity, power, part_load; /* double[6], [6], [3] */
    double chilled_min_c, chilled_max_c, condenser_min_c, condenser_max_c, load_min, load_max;
};

/* The COP at load_kw of a machine that is rated for rated_kw > 0. */
double gw_chiller_curves_cop(const struct gw_chiller_curves *self, double chilled_c, double condenser_c,
                             double load_kw, double rated_kw);

extern const struct gw_type gw_chiller_curves_type; /* OPT */

#endif
