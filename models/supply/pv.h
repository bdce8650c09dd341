/* models/supply/pv.h - electricity of solar panels from the sun's place, the sky and the air.
 *
 *   d    declination, E equation of time, I_n extraterrestrial normal irradiance: Spencer's series   (1)
 *   w    = 15 deg (UTC + lon / 15 + E / 60 - 12)                            hour angle               (2)
 *   up   = sin lat sin d + cos lat cos d cos w                              cosine of the zenith     (3)
 *   GHI  = 1098 up exp(-0.057 / up) (1 - 0.75 C^3.4)                        where only cloud is told (4)
 *   k_t  = GHI / (I_n up),  DHI = GHI erbs(k_t),  DNI = (GHI - DHI) / up                             (5)
 *   cos i = sun . normal;  a tracker turns R = atan2(sun . across, up), |R| <= rotation_max          (6)
 *   POA  = DNI cos i + DHI (1 + cos b) / 2 + albedo GHI (1 - cos b) / 2                              (7)
 *   T_c  = T + (NOCT - 20) / 800 POA                                                                 (8)
 *   P_dc = POA / 1000 P (1 + g (T_c - 25)) (1 - losses)                                              (9)
 *   P_ac = min(e/.9637 (-.0162 z - .0059 / z + .9858) P_dc, P / dc_ac),  z = P_dc e dc_ac / P        (10)
 *
 * b is the panel's tilt, P its power under standard conditions (1000 W/m2, 25 degC). (7) to (10) are PVWatts
 * version 5 without its reflection losses, the sky isotropic. Trackers turn about a horizontal axis and never
 * shade one another. Pure functions; docs/models/supply.md. */
#ifndef GW_MODELS_SUPPLY_PV_H
#define GW_MODELS_SUPPLY_PV_H

#include "sim/core/clock.h"
#include "sim/tree/bind.h"

enum gw_pv_tracking { GW_PV_FIXED, GW_PV_SINGLE_AXIS };

struct gw_pv_cfg {
    double power_kw;
    double tilt_deg, azimuth_deg; /* NAN: the place's own, gw_pv_placed */
    int32_t tracking;             /* enum gw_pv_tracking */
    double rotation_max_deg;
    double losses, temperature_coefficient_per_k, noct_c;
    double dc_ac, inverter_efficiency, albedo;
};

extern const struct gw_type gw_pv_type; /* OBJ struct gw_pv_cfg */

/* Tilt and azimuth filled in where they are left open: tilt as the latitude, azimuth towards the equator. */
struct gw_pv_cfg gw_pv_placed(const struct gw_pv_cfg *cfg, double lat_deg);

/* What of the sun changes from day to day, (1). */
struct gw_pv_day {
    double declination_rad, equation_min, normal_w_per_m2;
};
struct gw_pv_day gw_pv_day_at(gw_time_us unix_us);

/* Direction to the sun as a unit vector; up is the cosine of the zenith angle, (2) and (3). */
struct gw_pv_sun {
    double east, north, up;
};
struct gw_pv_sun gw_pv_sun_at(const struct gw_pv_day *day, double lat_deg, double lon_deg,
                              gw_time_us unix_us);

/* (4); 0 with the sun below the horizon. */
double gw_pv_ghi_w_per_m2(double up, double cloud_frac);

/* (5). Diffuse is all there is when the sun is down. */
struct gw_pv_sky {
    double ghi_w_per_m2, dhi_w_per_m2, dni_w_per_m2, clearness;
};
struct gw_pv_sky gw_pv_sky_at(double ghi_w_per_m2, double up, double normal_w_per_m2);

/* (6) to (10); cfg as gw_pv_placed returns it. */
struct gw_pv_out {
    double tilt_deg, cos_incidence, poa_w_per_m2, cell_c;
    double dc_kw, ac_kw;
};
struct gw_pv_out gw_pv_at(const struct gw_pv_cfg *cfg, const struct gw_pv_sun *sun,
                          const struct gw_pv_sky *sky, double dry_bulb_c);

#endif
