/* traces/trace_clock.h - what a clock on a wall showed, as UTC; and the ways people write a time.
 *
 * Clocks: "UTC", a fixed offset such as "+05:30", and the zones of the markets that are read here, with the
 * rules for daylight saving in force since 1996 (Europe) and 2007 (United States). */
#ifndef GW_TRACES_TRACE_CLOCK_H
#define GW_TRACES_TRACE_CLOCK_H

#include <stddef.h>

#include "sim/core/clock.h"

enum gw_trace_daylight { GW_TRACE_DAYLIGHT_NONE, GW_TRACE_DAYLIGHT_EU, GW_TRACE_DAYLIGHT_US };

struct gw_trace_clock {
    int offset_min; /* of standard time, east positive */
    enum gw_trace_daylight daylight;
    int year; /* whose switches are known */
    gw_time_us from_unix_us, to_unix_us;
};

/* False when there is no such clock. */
GW_MUST_USE bool gw_trace_clock_find(const char *name, struct gw_trace_clock *out);

/* UTC of a local time. In the hour that the clock shows twice, `second` chooses. A time that the clock skips
 * is read as standard time and *skipped becomes true. */
gw_time_us gw_trace_clock_utc(struct gw_trace_clock *self, gw_time_us local_us, bool second, bool *skipped);

/* True for a local time that the clock shows twice. */
bool gw_trace_clock_twice(struct gw_trace_clock *self, gw_time_us local_us);

/* Reads stamps; the last date is remembered, since rows of a day share it. */
struct gw_trace_stamps {
    bool day_first; /* 01/02/2024 is in February */
    char date[10];
    gw_time_us date_us;
};

/* "2023-06-01T00:15:00Z", "2023-06-01 00:15:00+02:00", "2023-06-01T00", "2023-06-01", "01.06.2023 00:15",
 * "6/1/2023 1:15:00 PM", "01/06/2023 00:15:00". *zoned says whether the stamp carried its offset; without one
 * *us is local. False when it is none of these. */
GW_MUST_USE bool gw_trace_clock_read(struct gw_trace_stamps *self, const char *at, size_t n, gw_time_us *us,
                                     bool *zoned);

#endif
