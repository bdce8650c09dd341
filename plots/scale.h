/* plots/scale.h - from values to places on the page, and which values to mark on an axis.
 *
 * Three kinds: linear; log (powers of ten at equal distances); time (linear, in microseconds since 1970 UTC,
 * marked at full minutes, hours, days, months). Categories stand in equal bands. */
#ifndef GW_PLOTS_SCALE_H
#define GW_PLOTS_SCALE_H

#include <stddef.h>

#include "plots/label.h"

enum gw_scale_kind { GW_SCALE_LINEAR, GW_SCALE_LOG, GW_SCALE_TIME };

/* The value lo lies at from_pt, hi at to_pt; to_pt may lie left of or above from_pt. lo < hi; for log 0 < lo.
 */
struct gw_scale {
    enum gw_scale_kind kind;
    double lo, hi;
    double from_pt, to_pt;
};

/* Where x lies; a value beyond an end lies at that end. x must not be NaN. */
double gw_scale_at(const struct gw_scale *self, double x);

/* Extents that hold finite data in [lo, hi] and are never empty: for bars and areas, from zero and with a
 * little air beyond the data; for log scales, at least a factor of two, with air on both sides. */
void gw_scale_span_from_zero(double lo, double hi, double *from, double *to);
void gw_scale_span_log(double lo, double hi, double *from, double *to);

enum { GW_SCALE_TICKS_MAX = 16 };
struct gw_tick {
    double at; /* value */
    struct gw_label label;
};
struct gw_ticks {
    size_t n;
    struct gw_tick tick[GW_SCALE_TICKS_MAX];
};

/* The densest set of round values within [lo, hi] with at most so many (2 to GW_SCALE_TICKS_MAX) marks,
 * labelled with equal decimals (a zero has none). A log scale of less than a decade may have linear marks. */
struct gw_ticks gw_scale_ticks(const struct gw_scale *self, size_t at_most);

/* Rows or columns of equal width. */
struct gw_bands {
    double from_pt, to_pt;
    size_t n;
};
double gw_scale_band_pt(const struct gw_bands *self);
double gw_scale_band_centre(const struct gw_bands *self, size_t index);

#endif
