#include "models/workload/shape.h"

#include <math.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

#define WEEK_US (168 * GW_US_PER_H)

/* Unix time 0 was a Thursday, 0 h UTC. */
#define MONDAY_BEFORE_UNIX_US (-72 * GW_US_PER_H)

enum { HOURS = 24, WEEK_HOURS = 168, WEEKDAYS = 5 };

/* --- the week's 168 knots, each in the middle of its hour ---------------------------------------- */

static const double *day(const struct gw_shape *shape, bool weekend)
{
    return weekend && shape->weekend.n > 0 ? shape->weekend.at : shape->weekday.at;
}

static double knot(const struct gw_shape *shape, int64_t hour)
{
    return day(shape, hour >= WEEKDAYS * HOURS)[hour % HOURS];
}

/* The mean of the polyline through equally spaced knots of a closed week is the mean of the knots. */
static double week_mean(const struct gw_shape *shape)
{
    double weekday = 0, weekend = 0;
    for (int64_t h = 0; h < HOURS; h++) {
        weekday += day(shape, false)[h];
        weekend += day(shape, true)[h];
    }
    return (WEEKDAYS * weekday + (7 - WEEKDAYS) * weekend) / WEEK_HOURS;
}

/* Microseconds since the knot at 0:30 h of a local Monday, in [0, week). */
static gw_time_us since_first_knot(gw_time_us unix_us, double utc_offset_h)
{
    const gw_time_us local_us = unix_us + llround(utc_offset_h * (double)GW_US_PER_H);
    const gw_time_us since_us = (local_us - MONDAY_BEFORE_UNIX_US - GW_US_PER_H / 2) % WEEK_US;
    return since_us < 0 ? since_us + WEEK_US : since_us;
}

/* --- interface ---------------------------------------------------------------------------------- */

double gw_shape_at(const struct gw_shape *shape, gw_time_us unix_us, double utc_offset_h)
{
    if (shape == NULL) {
        return 1;
    }
    const gw_time_us since_us = since_first_knot(unix_us, utc_offset_h);
    const int64_t hour = since_us / GW_US_PER_H;
    const double into = gw_h_from_us(since_us % GW_US_PER_H);
    const double from = knot(shape, hour), to = knot(shape, (hour + 1) % WEEK_HOURS);
    return (from + (to - from) * into) / week_mean(shape);
}

gw_time_us gw_shape_next_knot(gw_time_us unix_us, double utc_offset_h)
{
    return unix_us + GW_US_PER_H - since_first_knot(unix_us, utc_offset_h) % GW_US_PER_H;
}

double gw_shape_peak(const struct gw_shape *shape, gw_time_us from_unix_us, gw_time_us to_unix_us,
                     double utc_offset_h)
{
    GW_REQUIRE(from_unix_us < to_unix_us);
    if (shape == NULL) {
        return 1;
    }
    /* a polyline is largest at a knot or at an end; after a week nothing new comes */
    double peak =
        fmax(gw_shape_at(shape, from_unix_us, utc_offset_h), gw_shape_at(shape, to_unix_us, utc_offset_h));
    gw_time_us t = gw_shape_next_knot(from_unix_us, utc_offset_h);
    for (int hour = 0; hour < WEEK_HOURS && t < to_unix_us; hour++, t += GW_US_PER_H) {
        peak = fmax(peak, gw_shape_at(shape, t, utc_offset_h));
    }
    return peak;
}

double gw_shape_mean(const struct gw_shape *shape, gw_time_us from_unix_us, gw_time_us to_unix_us,
                     double utc_offset_h)
{
    GW_REQUIRE(from_unix_us < to_unix_us);
    if (shape == NULL) {
        return 1;
    }
    /* whole weeks have mean 1; the rest is a sum of trapezes */
    const gw_time_us span_us = to_unix_us - from_unix_us;
    const gw_time_us rest_us = span_us % WEEK_US;
    double area_us = (double)(span_us - rest_us);
    gw_time_us t = from_unix_us;
    while (t < from_unix_us + rest_us) {
        const gw_time_us knot_us = gw_shape_next_knot(t, utc_offset_h);
        const gw_time_us next = knot_us < from_unix_us + rest_us ? knot_us : from_unix_us + rest_us;
        const double ends = gw_shape_at(shape, t, utc_offset_h) + gw_shape_at(shape, next, utc_offset_h);
        area_us += ends / 2 * (double)(next - t);
        t = next;
    }
    return area_us / (double)span_us;
}

/* --- parameter table ---------------------------------------------------------------------------- */

static void check_shape(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_shape *shape = object;
    if (!(week_mean(shape) > 0)) {
        gw_bind_fail(bind, at, "weekday", "all factors are zero");
    }
}

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type factor = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1000};
static const struct gw_type hours = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .of = &factor, .min = HOURS, .max = HOURS};

static const struct gw_field fields[] = {
    GW_FIELD(struct gw_shape, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(struct gw_shape, title, &text, NULL, "Name for people", NULL),
    GW_FIELD(struct gw_shape, weekday, &hours, NULL, "24 factors of the local hours of Monday to Friday",
             NULL),
    GW_FIELD(struct gw_shape, weekend, &hours, "~", "24 factors of Saturday and Sunday; absent: as weekdays",
             NULL),
    GW_FIELD_END,
};

const struct gw_type gw_shape_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_shape),
    .of = fields,
    .check = check_shape,
    .doc = "How demand moves over the hours of a local week; only the proportions count",
};
