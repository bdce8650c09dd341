/* traces/epw.h - weather files of building simulation (EnergyPlus Weather).
 *
 * Eight header lines, of which the first gives place, UTC offset and height and the eighth the intervals per
 * hour (one is read), then a row per hour of 35 fields. Hours 1 to 24 *end* at their stamp, in local standard
 * time: hour 1 stands for 0:30. Rows run from 1 January, hour 1, without gaps, and may come from different
 * years; the year's own number is not looked at, a 29 February is left out.
 *
 * Missing, by the format's rules: dry bulb and dew point 99.9, relative humidity 999, pressure 999999,
 * radiation 9999, wind 999, sky cover 99, an empty field, and what lies outside the ranges the format allows.
 */
#ifndef GW_TRACES_EPW_H
#define GW_TRACES_EPW_H

#include "traces/meteo.h"

GW_MUST_USE enum gw_status gw_epw_parse(const char *bytes, size_t n, const char *name, struct gw_meteo *out,
                                        struct gw_arena *arena, struct gw_error *err);

#endif
