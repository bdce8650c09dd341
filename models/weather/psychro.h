/* models/weather/psychro.h - moist air: wet bulb, dew point, humidity ratio, enthalpy, density.
 *
 *   ln p_ws(T)  Hyland and Wexler 1983, over ice up to the triple point, over liquid water above (1)
 *   W   = 0.621945 p_w / (P - p_w)                                                               (2)
 *   h   = 1.006 T + W (2501 + 1.86 T)                       kJ per kg of dry air                 (3)
 *   v   = 287.042 (T + 273.15) (1 + 1.607858 W) / P         m3 per kg of dry air                 (4)
 *   W   = ((2501 - 2.326 T*) W_s(T*) - 1.006 (T - T*)) / (2501 + 1.86 T - 4.186 T*)   above it   (5)
 *   W   = ((2830 - 0.24 T*) W_s(T*) - 1.006 (T - T*)) / (2830 + 1.86 T - 2.1 T*)      up to it   (6)
 *   P(z) = 101325 (1 - 2.25577e-5 z)^5.2559                           z in m above the sea       (7)
 *
 * T dry bulb, T* wet bulb in degC, W kg of vapour per kg of dry air, p_w vapour pressure, P pressure of the
 * air. The equations of the ASHRAE Handbook; pure functions. Valid for -60 to 60 degC and 50 to 110 kPa,
 * where wet bulb and dew point solve their equations to rounding. docs/models/weather.md. */
#ifndef GW_MODELS_WEATHER_PSYCHRO_H
#define GW_MODELS_WEATHER_PSYCHRO_H

#define GW_PSYCHRO_SEA_LEVEL_PA 101325.0

/* (1): the vapour pressure of saturated air. */
double gw_psychro_saturation_pa(double dry_bulb_c);

/* The temperature at which air of this vapour pressure is saturated; vapour_pa > 0. */
double gw_psychro_dew_point_c(double vapour_pa);

/* (2) and its inverse; 0 <= vapour_pa < pressure_pa. */
double gw_psychro_humidity_ratio(double vapour_pa, double pressure_pa);
double gw_psychro_vapour_pa(double humidity_ratio, double pressure_pa);

/* (5) or (6) solved for T*. Between the two lies a gap of up to half a degree about freezing, where both have
 * a solution: water is taken there, as on a wick that has not frozen yet. Air beyond saturation is taken as
 * saturated: T* = T. */
double gw_psychro_wet_bulb_c(double dry_bulb_c, double humidity_ratio, double pressure_pa);

/* (3) in J; (4) as its inverse, with the vapour's own mass: kg of moist air per m3. */
double gw_psychro_enthalpy_j_per_kg(double dry_bulb_c, double humidity_ratio);
double gw_psychro_density_kg_per_m3(double dry_bulb_c, double humidity_ratio, double pressure_pa);

/* (7): the standard atmosphere at a height above the sea, -500 to 5000 m. */
double gw_psychro_pressure_pa(double elevation_m);

#endif
