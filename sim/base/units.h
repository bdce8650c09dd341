/* sim/base/units.h - the only place where units are converted. Names say from and to. */
#ifndef GW_SIM_BASE_UNITS_H
#define GW_SIM_BASE_UNITS_H

#include <stdint.h>

#define GW_US_PER_S  INT64_C(1000000)
#define GW_US_PER_H  INT64_C(3600000000)
#define GW_J_PER_KWH 3.6e6

/* clang-format off */
static inline double gw_s_from_us(int64_t us) { return (double)us / 1e6; }
static inline double gw_ms_from_us(double us) { return us / 1e3; }
static inline double gw_h_from_us(int64_t us) { return (double)us / 3.6e9; }
static inline double gw_kwh_from_j(double j) { return j / GW_J_PER_KWH; }
static inline double gw_j_from_kwh(double kwh) { return kwh * GW_J_PER_KWH; }
static inline double gw_kw_from_w(double w) { return w / 1e3; }
static inline double gw_kwh_from_w_us(double w, int64_t us) { return w / 1e3 * ((double)us / 3.6e9); }
static inline double gw_kg_from_g(double g) { return g / 1e3; }
static inline double gw_mwh_from_kwh(double kwh) { return kwh / 1e3; }
/* clang-format on */

#endif
