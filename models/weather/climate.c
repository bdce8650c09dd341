#include "models/weather/climate.h"

#include <math.h>

#include "sim/base/check.h"

#define TWO_PI 6.283185307179586

enum { PASSES = 12 };

/* --- parameter tables --------------------------------------------------------------------------- */

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};

static const struct gw_type region_ref = {
    .kind = GW_REF, .size = sizeof(struct gw_factors_region), .of = "weather-region"};

#define NUMBER(name, text_unit, low, high)                                                                   \
    static const struct gw_type name = {                                                                     \
        .kind = GW_NUM, .size = sizeof(double), .unit = text_unit, .min = low, .max = high}
NUMBER(latitude, "deg", -90, 90);
NUMBER(longitude, "deg", -180, 180);
NUMBER(offset, "h", -12, 14);
NUMBER(elevation, "m", -430, 5000);
NUMBER(temperature, "C", -50, 45);
NUMBER(range, "K", 0.5, 30);
NUMBER(deviation, "K", -10, 12);
NUMBER(memory, "1", 0, 0.95);
NUMBER(correlation, "1", -1, 1);
NUMBER(hour, "h", 0, 23);
NUMBER(fraction, "1", 0.02, 0.98);
NUMBER(speed, "m/s", 0.1, 20);
#undef NUMBER

#define LIST(name, element, length)                                                                          \
    static const struct gw_type name = {                                                                     \
        .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = length, .max = length, .of = &element}
LIST(monthly_temperature, temperature, GW_CLIMATE_MONTHS);
LIST(monthly_range, range, GW_CLIMATE_MONTHS);
LIST(seasonal_spread, deviation, 2);
#undef LIST

#define C struct gw_climate
static const struct gw_field fields[] = {
    GW_FIELD(C, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(C, title, &text, NULL, "Name for people", NULL),
    GW_FIELD_AS(C, "lat", lat_deg, &latitude, NULL, "Latitude, north positive", NULL),
    GW_FIELD_AS(C, "lon", lon_deg, &longitude, NULL, "Longitude, east positive", NULL),
    GW_FIELD_AS(C, "utc_offset", utc_offset_h, &offset, NULL, "Local standard time minus UTC", NULL),
    GW_FIELD_AS(C, "elevation", elevation_m, &elevation, NULL, "Height above the sea, sets the pressure",
                NULL),
    GW_FIELD(C, region, &region_ref, "~", "Region whose weather it shares, with the region's grid", NULL),
    GW_FIELD_AS(C, "dry_bulb", dry_bulb_c, &monthly_temperature, NULL, "Mean temperature of each month",
                NULL),
    GW_FIELD_AS(C, "daily_range", daily_range_k, &monthly_range, NULL,
                "Mean of the days' maximum less minimum, each month", NULL),
    GW_FIELD_AS(C, "dew_point", dew_point_c, &monthly_temperature, NULL, "Mean dew point of each month",
                NULL),
    GW_FIELD_AS(C, "dry_bulb_spread", dry_bulb_spread_k, &seasonal_spread, NULL,
                "Spread of daily mean temperatures: mean of the year, and what mid-January adds", NULL),
    GW_FIELD(C, dry_bulb_memory, &memory, NULL, "Autocorrelation of daily mean temperatures", NULL),
    GW_FIELD_AS(C, "dew_point_spread", dew_point_spread_k, &seasonal_spread, NULL,
                "Spread of daily mean dew points: mean of the year, and what mid-January adds", NULL),
    GW_FIELD(C, dew_point_memory, &memory, NULL, "Autocorrelation of daily mean dew points", NULL),
    GW_FIELD(C, coupling, &correlation, NULL, "Correlation of daily mean temperature and dew point", NULL),
    GW_FIELD(C, coolest_hour, &hour, NULL, "Hour of the daily minimum, local standard time", NULL),
    GW_FIELD(C, warmest_hour, &hour, NULL, "Hour of the daily maximum, local standard time", NULL),
    GW_FIELD_AS(C, "cloud", cloud_frac, &fraction, NULL, "Mean share of the sky that clouds cover", NULL),
    GW_FIELD_AS(C, "wind", wind_m_per_s, &speed, NULL, "Mean wind speed at 10 m", NULL),
    GW_FIELD_END,
};
#undef C

static void check(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_climate *climate = object;
    const double *dry_bulb_c = climate->dry_bulb_c.at, *dew_point_c = climate->dew_point_c.at;
    for (int m = 0; m < GW_CLIMATE_MONTHS; m++) {
        if (dew_point_c[m] >= dry_bulb_c[m]) {
            gw_bind_fail(bind, at, "dew_point", "%g C of month %d is not below the temperature, %g C",
                         dew_point_c[m], m + 1, dry_bulb_c[m]);
        }
    }
    const double rise_h = climate->warmest_hour - climate->coolest_hour;
    if (rise_h < 1 && rise_h > -1) {
        gw_bind_fail(bind, at, "warmest_hour", "lies less than an hour from `coolest_hour`");
    }
}

const struct gw_type gw_climate_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_climate),
    .of = fields,
    .check = check,
    .doc = "Monthly normals of a place's weather and the spread about them",
};

/* --- normals of the days ------------------------------------------------------------------------ */

int gw_climate_month_start(int month, bool leap_year)
{
    static const int start[GW_CLIMATE_MONTHS + 1] = {0,   31,  59,  90,  120, 151, 181,
                                                     212, 243, 273, 304, 334, 365};
    GW_REQUIRE(month >= 0 && month <= GW_CLIMATE_MONTHS);
    return start[month] + (leap_year && month >= 2);
}

/* The middle of month m in days since the year's start, m from -1 (last December) to 12 (next January). */
static double middle_of(int m, bool leap_year)
{
    const int days = gw_climate_month_start(GW_CLIMATE_MONTHS, leap_year);
    const int wrapped = (m + GW_CLIMATE_MONTHS) % GW_CLIMATE_MONTHS;
    const double middle =
        0.5 * (gw_climate_month_start(wrapped, leap_year) + gw_climate_month_start(wrapped + 1, leap_year));
    return middle + (m < 0 ? -days : m >= GW_CLIMATE_MONTHS ? days : 0);
}

/* The line through knot[m] at the middle of each month, at the noons of the year's days; December before and
 * January after are the year's own. */
static void draw_line(const double knot[GW_CLIMATE_MONTHS], bool leap_year, double *daily)
{
    const int days = gw_climate_month_start(GW_CLIMATE_MONTHS, leap_year);
    int m = -1; /* the noon lies between the middles of m and m + 1 */
    for (int d = 0; d < days; d++) {
        if (d + 0.5 > middle_of(m + 1, leap_year)) {
            m++;
        }
        const double left = middle_of(m, leap_year), right = middle_of(m + 1, leap_year);
        const double from = knot[(m + GW_CLIMATE_MONTHS) % GW_CLIMATE_MONTHS],
                     to = knot[(m + 1) % GW_CLIMATE_MONTHS];
        daily[d] = from + (to - from) * (d + 0.5 - left) / (right - left);
    }
}

static double month_mean(const double *daily, int month, bool leap_year)
{
    const int from = gw_climate_month_start(month, leap_year),
              to = gw_climate_month_start(month + 1, leap_year);
    double sum = 0;
    for (int d = from; d < to; d++) {
        sum += daily[d];
    }
    return sum / (to - from);
}

/* Each pass moves the knots by what the months' means still lack. */
void gw_climate_daily(const double *monthly, bool leap_year, double daily[GW_CLIMATE_DAYS_MAX])
{
    double knot[GW_CLIMATE_MONTHS];
    for (int m = 0; m < GW_CLIMATE_MONTHS; m++) {
        knot[m] = monthly[m];
    }
    draw_line(knot, leap_year, daily);
    for (int pass = 0; pass < PASSES; pass++) {
        for (int m = 0; m < GW_CLIMATE_MONTHS; m++) {
            knot[m] += monthly[m] - month_mean(daily, m, leap_year);
        }
        draw_line(knot, leap_year, daily);
    }
}

double gw_climate_spread_k(const struct gw_slice *spread, int day)
{
    const double *s = spread->at;
    return fmax(s[0] + s[1] * cos(TWO_PI * (day + 0.5 - 15) / 365), 0.2);
}
