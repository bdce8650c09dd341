#include "traces/series.h"

#include <math.h>

#include "sim/base/check.h"
#include "sim/core/moments.h"

/* Rounded towards minus infinity, also before the start. */
static int64_t interval_of(const struct gw_series *self, gw_time_us unix_us)
{
    const int64_t since_us = unix_us - self->start_unix_us;
    const int64_t i = since_us / self->step_us;
    return since_us % self->step_us < 0 ? i - 1 : i;
}

static double value_of(const struct gw_series *self, int64_t i)
{
    return i >= 0 && (uint64_t)i < self->n ? self->value[i] : (double)NAN;
}

double gw_series_at(const struct gw_series *self, gw_time_us unix_us)
{
    return value_of(self, interval_of(self, unix_us));
}

double gw_series_mean(const struct gw_series *self, gw_time_us from_unix_us, gw_time_us to_unix_us)
{
    GW_REQUIRE(from_unix_us < to_unix_us);

    const int64_t first = interval_of(self, from_unix_us);
    const int64_t last = interval_of(self, to_unix_us - 1);
    if (first == last) {
        return value_of(self, first); /* not value * span / span, which rounds */
    }
    if (first < 0 || (uint64_t)last >= self->n) {
        return (double)NAN;
    }

    /* the two cut intervals by their part inside, the whole ones by their number */
    const int64_t head_us = self->start_unix_us + (first + 1) * self->step_us - from_unix_us;
    const int64_t tail_us = to_unix_us - (self->start_unix_us + last * self->step_us);
    struct gw_sum whole = {0};
    for (int64_t i = first + 1; i < last; i++) {
        gw_sum_add(&whole, self->value[i]);
    }
    struct gw_sum total = {0};
    gw_sum_add(&total, gw_sum_value(whole) * (double)self->step_us);
    gw_sum_add(&total, self->value[first] * (double)head_us);
    gw_sum_add(&total, self->value[last] * (double)tail_us);
    return gw_sum_value(total) / (double)(to_unix_us - from_unix_us);
}
