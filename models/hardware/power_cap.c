#include "models/hardware/power_cap.h"

#include <math.h>

#include "sim/base/check.h"

/* V100 at 40 % of its limit: p = 0.446 with s = 0.41, the lowest point measured. */
static const double lowest_dynamic_frac = 0.06;

double gw_power_cap_lowest(double static_frac)
{
    return static_frac + lowest_dynamic_frac * (1.0 - static_frac);
}

double gw_power_cap_speed(double static_frac, double exponent, double allowed_w, double wanted_w)
{
    GW_REQUIRE(wanted_w > 0.0);
    if (allowed_w >= wanted_w) {
        return 1.0;
    }
    const double p = allowed_w / wanted_w;
    GW_REQUIRE(p >= gw_power_cap_lowest(static_frac));
    return pow((p - static_frac) / (1.0 - static_frac), 1.0 / exponent);
}
