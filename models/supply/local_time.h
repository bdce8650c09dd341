/* models/supply/local_time.h - the clock on the wall of a place, by which tariffs charge.
 *
 * Standard time is UTC plus a fixed offset; daylight saving adds an hour by one of two rules:
 *
 *   us  from the second Sunday of March, 2:00, to the first of November, 2:00 on the clock (since 2007)
 *   eu  from the last Sunday of March, 1:00 UTC, to the last of October, 1:00 UTC (since 1996)
 *
 * Nothing else in geowatt knows daylight saving. */
#ifndef GW_MODELS_SUPPLY_LOCAL_TIME_H
#define GW_MODELS_SUPPLY_LOCAL_TIME_H

#include <stdbool.h>

#include "sim/core/clock.h"

enum gw_daylight_saving { GW_DAYLIGHT_NONE, GW_DAYLIGHT_US, GW_DAYLIGHT_EU };
extern const char *const gw_local_time_rules[]; /* ended by NULL */

struct gw_local_time {
    gw_time_us utc_offset_us; /* of standard time */
    enum gw_daylight_saving rule;
};

bool gw_local_time_is_summer(const struct gw_local_time *self, gw_time_us unix_us);

/* What the clock shows, as if it were UTC: for gw_clock_calendar. */
gw_time_us gw_local_time_at(const struct gw_local_time *self, gw_time_us unix_us);

/* Begin of the month of unix_us and of the next one, in UTC: as long as the clocks say, 743 hours in a March
 * of 31 days. */
void gw_local_time_month(const struct gw_local_time *self, gw_time_us unix_us, gw_time_us *begin,
                         gw_time_us *end);

#endif
