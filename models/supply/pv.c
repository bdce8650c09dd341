#include "models/supply/pv.h"

#include <math.h>

#include "sim/base/units.h"

#define PI             3.14159265358979323846
#define RADIAN         (PI / 180)
#define SOLAR_CONSTANT 1361.0 /* W/m2, Kopp and Lean 2011 */
#define LOW_SUN        0.065  /* below it a quotient by the cosine of the zenith says nothing */
#define STEEPEST_DEG   60.0   /* near the poles a panel tilted as the latitude would look at the horizon */

/* --- parameter table ---------------------------------------------------------------------------- */

static const char *const tracking_names[] = {"fixed", "single-axis", NULL};
static const struct gw_type kilowatt = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "kW", .min = 1e-3, .max = 1e8};
static const struct gw_type tilt = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "deg", .min = 0, .max = 90};
static const struct gw_type azimuth = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "deg", .min = 0, .max = 360};
static const struct gw_type tracking = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = tracking_names};
static const struct gw_type share = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type efficiency = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.5, .max = 1};
static const struct gw_type ratio = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.5, .max = 3};
static const struct gw_type per_kelvin = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1/K", .min = -0.02, .max = 0};
static const struct gw_type celsius = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "C", .min = 20, .max = 80};

#define C struct gw_pv_cfg
static const struct gw_field fields[] = {
    GW_FIELD_AS(C, "power", power_kw, &kilowatt, NULL,
                "Of the panels at 1000 W/m2 and 25 degC, direct current", NULL),
    GW_FIELD_AS(C, "tilt", tilt_deg, &tilt, "~",
                "Of fixed panels from the horizontal; the latitude, at most 60 deg, when absent", NULL),
    GW_FIELD_AS(C, "azimuth", azimuth_deg, &azimuth, "~",
                "Where fixed panels look, or how the axis of tracking ones lies, from north over east; the "
                "equator's side when absent",
                NULL),
    GW_FIELD(C, tracking, &tracking, "fixed", "Panels that stand still, or turn about a horizontal axis",
             NULL),
    GW_FIELD_AS(C, "rotation_max", rotation_max_deg, &tilt, "60 deg", "How far tracking panels turn",
                "round number"),
    GW_FIELD(C, losses, &share, "14 %", "Soiling, wiring, mismatch and the like", "pvwatts-v5"),
    GW_FIELD_AS(C, "temperature_coefficient", temperature_coefficient_per_k, &per_kelvin, "-0.0035 1/K",
                "Change of power per kelvin of the cells", "pvwatts-v5"),
    GW_FIELD_AS(C, "noct", noct_c, &celsius, "45 C", "Cells at 800 W/m2 in air of 20 degC", "pvwatts-v5"),
    GW_FIELD(C, dc_ac, &ratio, "1.2", "Power of the panels over that of the inverter", "pvwatts-v5"),
    GW_FIELD(C, inverter_efficiency, &efficiency, "96 %", "Nominal", "pvwatts-v5"),
    GW_FIELD(C, albedo, &share, "0.2", "Light that the ground throws back", "pvwatts-v5"),
    GW_FIELD_END,
};
#undef C

const struct gw_type gw_pv_type = {.kind = GW_OBJ,
                                   .size = sizeof(struct gw_pv_cfg),
                                   .of = fields,
                                   .doc =
                                       "Solar panels of the site; `pv: 2 MW` is short for `{ power: 2 MW }`"};

struct gw_pv_cfg gw_pv_placed(const struct gw_pv_cfg *cfg, double lat_deg)
{
    struct gw_pv_cfg placed = *cfg;
    if (isnan(placed.tilt_deg)) {
        placed.tilt_deg = fmin(fabs(lat_deg), STEEPEST_DEG);
    }
    if (isnan(placed.azimuth_deg)) {
        placed.azimuth_deg = lat_deg < 0 ? 0 : 180;
    }
    return placed;
}

/* --- the sun ------------------------------------------------------------------------------------- */

static double hours_of_day(gw_time_us unix_us)
{
    const gw_time_us into_us = unix_us % (24 * GW_US_PER_H);
    return gw_h_from_us(into_us < 0 ? into_us + 24 * GW_US_PER_H : into_us);
}

/* Spencer 1971: declination to 0.04 deg, equation of time to half a minute. */
struct gw_pv_day gw_pv_day_at(gw_time_us unix_us)
{
    const double day = gw_clock_calendar(unix_us).day_of_year + hours_of_day(unix_us) / 24;
    const double b = 2 * PI * day / 365;
    const double c1 = cos(b), s1 = sin(b), c2 = cos(2 * b), s2 = sin(2 * b);
    return (struct gw_pv_day){
        .declination_rad = 0.006918 - 0.399912 * c1 + 0.070257 * s1 - 0.006758 * c2 + 0.000907 * s2 -
                           0.002697 * cos(3 * b) + 0.00148 * sin(3 * b),
        .equation_min = 229.18 * (0.000075 + 0.001868 * c1 - 0.032077 * s1 - 0.014615 * c2 - 0.040849 * s2),
        .normal_w_per_m2 =
            SOLAR_CONSTANT * (1.000110 + 0.034221 * c1 + 0.001280 * s1 + 0.000719 * c2 + 0.000077 * s2),
    };
}

struct gw_pv_sun gw_pv_sun_at(const struct gw_pv_day *day, double lat_deg, double lon_deg, gw_time_us unix_us)
{
    const double solar_h = hours_of_day(unix_us) + lon_deg / 15 + day->equation_min / 60;
    const double angle = 15 * RADIAN * (solar_h - 12), lat = lat_deg * RADIAN;
    const double sin_d = sin(day->declination_rad), cos_d = cos(day->declination_rad);
    return (struct gw_pv_sun){
        .east = -cos_d * sin(angle),
        .north = cos(lat) * sin_d - sin(lat) * cos_d * cos(angle),
        .up = sin(lat) * sin_d + cos(lat) * cos_d * cos(angle),
    };
}

/* --- the sky ------------------------------------------------------------------------------------- */

double gw_pv_ghi_w_per_m2(double up, double cloud_frac)
{
    return up > 0 ? 1098 * up * exp(-0.057 / up) * (1 - 0.75 * pow(cloud_frac, 3.4)) : 0;
}

/* Diffuse part of the light by how much of it gets through: Erbs, Klein and Duffie 1982. */
static double diffuse_frac(double clearness)
{
    const double k = clearness;
    if (k <= 0.22) {
        return 1 - 0.09 * k;
    }
    return k <= 0.8 ? 0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336))) : 0.165;
}

struct gw_pv_sky gw_pv_sky_at(double ghi_w_per_m2, double up, double normal_w_per_m2)
{
    struct gw_pv_sky sky = {.ghi_w_per_m2 = ghi_w_per_m2, .dhi_w_per_m2 = ghi_w_per_m2};
    if (up > 0 && ghi_w_per_m2 > 0) {
        sky.clearness = fmin(ghi_w_per_m2 / (normal_w_per_m2 * fmax(up, LOW_SUN)), 1);
        const double beam = ghi_w_per_m2 * (1 - diffuse_frac(sky.clearness)) / up;
        sky.dni_w_per_m2 = fmin(beam, normal_w_per_m2 * sky.clearness);
        sky.dhi_w_per_m2 = ghi_w_per_m2 - sky.dni_w_per_m2 * up;
    }
    return sky;
}

/* --- the panels ---------------------------------------------------------------------------------- */

/* Cosines of incidence and of tilt. A tracker's `across` is the horizontal direction square to its axis. */
static void face(const struct gw_pv_cfg *cfg, const struct gw_pv_sun *sun, double *cos_incidence,
                 double *cos_tilt)
{
    const double azimuth_rad = cfg->azimuth_deg * RADIAN;
    double tilt_rad = cfg->tilt_deg * RADIAN;
    double ahead = sun->east * sin(azimuth_rad) + sun->north * cos(azimuth_rad);
    if (cfg->tracking == GW_PV_SINGLE_AXIS) {
        const double most_rad = cfg->rotation_max_deg * RADIAN;
        ahead = sun->east * cos(azimuth_rad) - sun->north * sin(azimuth_rad);
        tilt_rad = fmin(fmax(atan2(ahead, sun->up), -most_rad), most_rad);
    }
    *cos_tilt = cos(tilt_rad);
    *cos_incidence = ahead * sin(tilt_rad) + sun->up * *cos_tilt;
}

static double inverted_kw(const struct gw_pv_cfg *cfg, double dc_kw)
{
    const double most_kw = cfg->power_kw / cfg->dc_ac;
    const double z = dc_kw * cfg->inverter_efficiency / most_kw;
    if (!(z > 0)) {
        return 0;
    }
    const double efficiency_here = cfg->inverter_efficiency / 0.9637 * (-0.0162 * z - 0.0059 / z + 0.9858);
    return fmin(fmax(efficiency_here * dc_kw, 0), most_kw);
}

struct gw_pv_out gw_pv_at(const struct gw_pv_cfg *cfg, const struct gw_pv_sun *sun,
                          const struct gw_pv_sky *sky, double dry_bulb_c)
{
    struct gw_pv_out out;
    double cos_tilt;
    face(cfg, sun, &out.cos_incidence, &cos_tilt);
    out.tilt_deg = acos(cos_tilt) / RADIAN;
    out.poa_w_per_m2 = sky->dni_w_per_m2 * fmax(out.cos_incidence, 0) +
                       sky->dhi_w_per_m2 * (1 + cos_tilt) / 2 +
                       cfg->albedo * sky->ghi_w_per_m2 * (1 - cos_tilt) / 2;
    out.cell_c = dry_bulb_c + (cfg->noct_c - 20) / 800 * out.poa_w_per_m2;
    const double hot = 1 + cfg->temperature_coefficient_per_k * (out.cell_c - 25);
    out.dc_kw = out.poa_w_per_m2 / 1000 * cfg->power_kw * fmax(hot, 0) * (1 - cfg->losses);
    out.ac_kw = inverted_kw(cfg, out.dc_kw);
    return out;
}
