#include "models/supply/local_time.h"

#include <stddef.h>

#include "sim/base/units.h"

const char *const gw_local_time_rules[] = {"none", "us", "eu", NULL};

static const gw_time_us day_us = 24 * GW_US_PER_H;

/* Day of the month of its first Sunday. */
static int first_sunday(const struct gw_calendar *c)
{
    const int since_sunday = (c->weekday + 1) % 7;
    return 1 + ((c->day - 1 - since_sunday) % 7 + 7) % 7;
}

/* Hours since the begin of the month. */
static int hour_of_month(const struct gw_calendar *c)
{
    return 24 * (c->day - 1) + c->hour;
}

/* Both changes of the clock lie in months of their own; `on` and `off` are days and hours of one time. */
static bool between(const struct gw_calendar *c, int on_month, int on_day, int on_hour, int off_month,
                    int off_day, int off_hour)
{
    if (c->month == on_month) {
        return hour_of_month(c) >= 24 * (on_day - 1) + on_hour;
    }
    if (c->month == off_month) {
        return hour_of_month(c) < 24 * (off_day - 1) + off_hour;
    }
    return c->month > on_month && c->month < off_month;
}

bool gw_local_time_is_summer(const struct gw_local_time *self, gw_time_us unix_us)
{
    if (self->rule == GW_DAYLIGHT_US) {
        /* in standard time the clocks go back at 1:00 */
        const struct gw_calendar c = gw_clock_calendar(unix_us + self->utc_offset_us);
        return between(&c, 3, first_sunday(&c) + 7, 2, 11, first_sunday(&c), 1);
    }
    if (self->rule == GW_DAYLIGHT_EU) {
        const struct gw_calendar c = gw_clock_calendar(unix_us);
        const int first = first_sunday(&c), last = first + 7 * ((31 - first) / 7);
        return between(&c, 3, last, 1, 10, last, 1);
    }
    return false;
}

gw_time_us gw_local_time_at(const struct gw_local_time *self, gw_time_us unix_us)
{
    return unix_us + self->utc_offset_us + (gw_local_time_is_summer(self, unix_us) ? GW_US_PER_H : 0);
}

static gw_time_us first_of_month(gw_time_us local_us)
{
    const struct gw_calendar c = gw_clock_calendar(local_us);
    const gw_time_us into_day_us = (local_us % day_us + day_us) % day_us;
    return local_us - into_day_us - (c.day - 1) * day_us;
}

/* Of a midnight, at which no clock changes. */
static gw_time_us unix_of(const struct gw_local_time *self, gw_time_us local_us)
{
    const gw_time_us winter = local_us - self->utc_offset_us;
    return gw_local_time_is_summer(self, winter - GW_US_PER_H) ? winter - GW_US_PER_H : winter;
}

void gw_local_time_month(const struct gw_local_time *self, gw_time_us unix_us, gw_time_us *begin,
                         gw_time_us *end)
{
    const gw_time_us first = first_of_month(gw_local_time_at(self, unix_us));
    *begin = unix_of(self, first);
    *end = unix_of(self, first_of_month(first + 32 * day_us));
}
