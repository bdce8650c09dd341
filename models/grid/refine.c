#include "models/grid/refine.h"

#include <math.h>

#include "models/weather/factors.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

enum { PARTS = 12 };

static const double memory_parts = 4; /* 20 minutes */

/* Along lines between the middles of hours; flat before the first and after the last. */
static double line_at(const struct gw_series *hourly, size_t hour, int part)
{
    const double from_middle = (part + 0.5) / PARTS - 0.5;
    const size_t next =
        from_middle < 0 ? (hour > 0 ? hour - 1 : 0) : (hour + 1 < hourly->n ? hour + 1 : hour);
    return hourly->value[hour] + (hourly->value[next] - hourly->value[hour]) * fabs(from_middle);
}

static void refine_hour(const struct gw_series *hourly, size_t hour, double spread, double *y)
{
    const double mean = hourly->value[hour];
    double sum = 0;
    for (int k = 0; k < PARTS; k++) {
        y[k] = line_at(hourly, hour, k) + fabs(mean) * spread * y[k];
        sum += y[k];
    }
    const double shift = mean - sum / PARTS;
    bool dips = false;
    for (int k = 0; k < PARTS; k++) {
        y[k] += shift;
        dips = dips || (y[k] < 0 && mean >= 0);
    }
    for (int k = 0; k < PARTS && dips; k++) {
        y[k] = mean;
    }
}

bool gw_refine_make(const struct gw_series *hourly, double spread, uint64_t seed, uint32_t replication,
                    const char *name, struct gw_series *out, struct gw_arena *arena)
{
    GW_REQUIRE(hourly->step_us == GW_US_PER_H);
    GW_REQUIRE(hourly->missing == 0);

    const gw_time_us step_us = GW_US_PER_H / PARTS;
    double *y = gw_arena_array(arena, hourly->n, PARTS * sizeof *y);
    if (y == NULL) {
        return false;
    }
    const size_t n = hourly->n * PARTS;
    gw_factors_white(seed, replication, name, hourly->start_unix_us / step_us, n, y);
    gw_factors_ar1(exp(-1 / memory_parts), y, n);
    for (size_t i = 0; i < hourly->n; i++) {
        refine_hour(hourly, i, spread, y + i * PARTS);
    }
    *out = (struct gw_series){.start_unix_us = hourly->start_unix_us, .step_us = step_us, .n = n, .value = y};
    return true;
}
