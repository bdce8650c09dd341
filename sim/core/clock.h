/* sim/core/clock.h - simulated time: int64 microseconds since the scenario's start.
 *
 * Calendar time is UTC throughout: int64 microseconds since 1970-01-01T00:00:00Z. Daylight saving
 * never enters. A double holds these integers exactly for 285 years. */
#ifndef GW_SIM_CORE_CLOCK_H
#define GW_SIM_CORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/status.h"

typedef int64_t gw_time_us;

#define GW_NEVER_US INT64_MAX

struct gw_calendar {
    int year, month, day; /* month 1..12, day 1..31 */
    int hour, minute, second;
    int weekday;     /* 0 = Monday */
    int day_of_year; /* 0-based */
};

/* "2023-06-01", "2023-06-01T00:00Z", "2023-06-01T00:00:00.5Z", "... +02:00"; a blank may stand for the T.
 * Without a zone it is UTC. Impossible dates (30 February, 24:01) are refused. */
GW_MUST_USE enum gw_status gw_clock_parse(const char *text, gw_time_us *unix_us, struct gw_error *err);

/* "2023-06-01T00:00:00Z", with six decimals only when they are not zero. */
enum { GW_CLOCK_TEXT_MAX = 40 };
void gw_clock_print(gw_time_us unix_us, char out[GW_CLOCK_TEXT_MAX]);

struct gw_calendar gw_clock_calendar(gw_time_us unix_us);

/* Durations for people: "24 h", "15 min", "2 d 3 h", "250 ms". */
void gw_clock_print_span(gw_time_us span_us, char out[GW_CLOCK_TEXT_MAX]);

#endif
