/* plots/label.h - numbers as a figure prints them: few digits, a readable multiple of the unit, a true minus
 * sign.
 *
 * Thousands stand apart by a thin space from five digits on; very large and very small numbers are a
 * power of ten. No locale is asked. */
#ifndef GW_PLOTS_LABEL_H
#define GW_PLOTS_LABEL_H

#include <stddef.h>

enum { GW_LABEL_MAX = 48 };
struct gw_label {
    char text[GW_LABEL_MAX];
};

/* The multiple of a unit in which values up to `largest` have one to three digits before the point: 12 300
 * kWh are 12.3 MWh. Shown = value * factor. A unit without larger or smaller relatives is returned as it is.
 */
struct gw_label_unit {
    double factor;
    const char *text; /* as printed: "t CO₂e"; the argument itself when the unit is not known here */
};
struct gw_label_unit gw_label_unit(const char *unit, double largest);

/* Decimals that give `largest` three significant digits, at most 3. */
int gw_label_decimals(double largest);

/* x with so many decimals; a value that would read as zero but is none gets two significant digits. NaN and
 * infinities are a dash. */
struct gw_label gw_label_number(double x, int decimals);

/* Three significant digits. */
struct gw_label gw_label_short(double x);

/* Change from base to x: in percent ("−23", "+1.4"), from ten times on as a multiple ("×12", ">×999").
 * Empty when either is no finite number or base is not positive. */
struct gw_label gw_label_change(double x, double base);

/* Difference of two fractions in percentage points. */
struct gw_label gw_label_points(double x, double base);

#endif
