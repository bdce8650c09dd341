#include "models/grid/signal.h"

#include <math.h>

#include "sim/base/check.h"

double gw_signal_at(const struct gw_signal *self, gw_time_us unix_us)
{
    return self->series == NULL ? self->constant : self->scale * gw_series_at(self->series, unix_us);
}

double gw_signal_mean(const struct gw_signal *self, gw_time_us from_unix_us, gw_time_us to_unix_us)
{
    if (self->series == NULL) {
        return self->constant;
    }
    return self->scale * gw_series_mean(self->series, from_unix_us, to_unix_us);
}

bool gw_signal_covers(const struct gw_signal *self, gw_time_us from_unix_us, gw_time_us to_unix_us,
                      gw_time_us *gap_unix_us)
{
    GW_REQUIRE(from_unix_us < to_unix_us);

    const struct gw_series *series = self->series;
    if (series == NULL) {
        *gap_unix_us = from_unix_us;
        return !isnan(self->constant);
    }
    gw_time_us t = from_unix_us;
    while (t < to_unix_us && !isnan(gw_series_at(series, t))) {
        const gw_time_us into_us = (t - series->start_unix_us) % series->step_us;
        t += series->step_us - into_us; /* t lies in the series here, so into_us >= 0 */
    }
    *gap_unix_us = t;
    return t >= to_unix_us;
}
