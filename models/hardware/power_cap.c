#include "models/hardware/power_cap.h"

#include <math.h>

#include "sim/base/check.h"

/* V100 at 40 % of its limit: p = 0.446 with s = 0.41, the lowest point the law was fitted to. */
static const double lowest_dynamic_frac = 0.06;

static const struct gw_type share = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.01, .max = 0.999};
static const struct gw_field point_fields[] = {
    GW_FIELD(struct gw_power_cap_point, power, &share, NULL, "Power drawn over the power without a cap",
             NULL),
    GW_FIELD(struct gw_power_cap_point, speed, &share, NULL, "Speed over the speed without a cap", NULL),
    GW_FIELD_END,
};
static const struct gw_type point = {.kind = GW_OBJ,
                                     .size = sizeof(struct gw_power_cap_point),
                                     .of = point_fields,
                                     .doc = "What was measured under one power cap"};
const struct gw_type gw_power_cap_curve = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 1.0, .max = 64.0, .of = &point};

static const struct gw_power_cap_point *points(const struct gw_power_cap *cap)
{
    return cap->curve.at;
}

uint32_t gw_power_cap_out_of_order(const struct gw_power_cap *cap)
{
    const struct gw_power_cap_point *p = points(cap);
    for (uint32_t i = 1; i < cap->curve.n; i++) {
        if (!(p[i].power > p[i - 1].power && p[i].speed > p[i - 1].speed)) {
            return i;
        }
    }
    return cap->curve.n;
}

double gw_power_cap_lowest(const struct gw_power_cap *cap)
{
    return cap->curve.n > 0 ? points(cap)[0].power
                            : cap->static_frac + lowest_dynamic_frac * (1.0 - cap->static_frac);
}

double gw_power_cap_lowest_speed(const struct gw_power_cap *cap)
{
    return cap->curve.n > 0 ? points(cap)[0].speed : pow(lowest_dynamic_frac, 1.0 / cap->exponent);
}

static const struct gw_power_cap_point full = {1.0, 1.0};

static double between(double x, double x0, double x1, double y0, double y1)
{
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

double gw_power_cap_speed(const struct gw_power_cap *cap, double allowed_w, double wanted_w)
{
    GW_REQUIRE(wanted_w > 0.0);
    if (allowed_w >= wanted_w) {
        return 1.0;
    }
    const double p = allowed_w / wanted_w;
    GW_REQUIRE(p >= gw_power_cap_lowest(cap));
    if (cap->curve.n == 0) {
        return pow((p - cap->static_frac) / (1.0 - cap->static_frac), 1.0 / cap->exponent);
    }
    const struct gw_power_cap_point *at = points(cap);
    uint32_t i = 1;
    while (i < cap->curve.n && at[i].power < p) {
        i++;
    }
    const struct gw_power_cap_point *next = i < cap->curve.n ? &at[i] : &full;
    return between(p, at[i - 1].power, next->power, at[i - 1].speed, next->speed);
}

double gw_power_cap_power(const struct gw_power_cap *cap, double speed)
{
    GW_REQUIRE(speed >= gw_power_cap_lowest_speed(cap) && speed <= 1.0);
    if (cap->curve.n == 0) {
        return cap->static_frac + (1.0 - cap->static_frac) * pow(speed, cap->exponent);
    }
    const struct gw_power_cap_point *at = points(cap);
    uint32_t i = 1;
    while (i < cap->curve.n && at[i].speed < speed) {
        i++;
    }
    const struct gw_power_cap_point *next = i < cap->curve.n ? &at[i] : &full;
    return between(speed, at[i - 1].speed, next->speed, at[i - 1].power, next->power);
}
