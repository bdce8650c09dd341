/* traces/tmy3.h - typical years of NREL (TMY3) as CSV.
 *
 * Line 1: station number, name, state, UTC offset, latitude, longitude, height. Line 2: column names, found
 * by their beginnings: "Date (MM/DD/YYYY)", "Time (HH:MM)", "GHI (", "TotCld (", "Dry-bulb (", "Dew-point (",
 * "RHum (", "Pressure (", "Wspd (". Hours 01:00 to 24:00 end at their stamp, in local standard time. Missing
 * is -9900. */
#ifndef GW_TRACES_TMY3_H
#define GW_TRACES_TMY3_H

#include "traces/meteo.h"

GW_MUST_USE enum gw_status gw_tmy3_parse(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                                         struct gw_arena *arena, struct gw_error *err);

#endif
