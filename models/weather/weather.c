#include "models/weather/weather.h"

#include <math.h>

#include "models/weather/psychro.h"
#include "sim/base/check.h"

/* Keeps both ends exact, and an unknown value unknown. */
static double between(double from, double to, double part)
{
    return from + (to - from) * part;
}

struct gw_weather gw_weather_at(const struct gw_weather_series *self, gw_time_us unix_us)
{
    GW_REQUIRE(self->n > 0);
    const gw_time_us since_us = unix_us - self->first_unix_us;
    GW_REQUIRE(since_us >= -self->step_us);
    GW_REQUIRE(since_us <= (gw_time_us)self->n * self->step_us);
    if (since_us <= 0) {
        return self->node[0];
    }
    const size_t i = (size_t)(since_us / self->step_us);
    if (i + 1 >= self->n) {
        return self->node[self->n - 1];
    }
    const double part = (double)(since_us % self->step_us) / (double)self->step_us;
    const struct gw_weather *a = &self->node[i], *b = a + 1;
    return (struct gw_weather){
        .dry_bulb_c = between(a->dry_bulb_c, b->dry_bulb_c, part),
        .wet_bulb_c = between(a->wet_bulb_c, b->wet_bulb_c, part),
        .dew_point_c = between(a->dew_point_c, b->dew_point_c, part),
        .pressure_pa = between(a->pressure_pa, b->pressure_pa, part),
        .cloud_frac = between(a->cloud_frac, b->cloud_frac, part),
        .wind_m_per_s = between(a->wind_m_per_s, b->wind_m_per_s, part),
        .ghi_w_per_m2 = between(a->ghi_w_per_m2, b->ghi_w_per_m2, part),
    };
}

void gw_weather_solve(struct gw_weather *node, double vapour_pa)
{
    const double held_pa = fmin(vapour_pa, gw_psychro_saturation_pa(node->dry_bulb_c));
    node->dew_point_c = fmin(gw_psychro_dew_point_c(held_pa), node->dry_bulb_c);
    const double ratio = gw_psychro_humidity_ratio(held_pa, node->pressure_pa);
    node->wet_bulb_c =
        fmax(gw_psychro_wet_bulb_c(node->dry_bulb_c, ratio, node->pressure_pa), node->dew_point_c);
}
