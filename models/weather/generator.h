/* models/weather/generator.h - years of hourly weather from a climate's normals and its region's factors.
 *
 *   T   = T_n + s_T a + 0.45 R shape(h) + 0.6 n      Td = min(Td_n + s_D b + u_D n', T - 0.2)          (13)
 *   s_D = ((s^-4 + c^-4)^(-1/2) + (10 d . Td_n')^2)^(1/2),  c = 0.26 (27.5 - 0.0018 z - Td_n) + 0.05    (14)
 *   R   = range (1 + 0.3 g), g = 0.45 y + sqrt(1 - 0.45^2) e_R,  y = (a - b) / sd(a - b)               (15)
 *   C   = Phi(sqrt(1 + 1.2^2) Phi^-1(cloud) + 1.2 z_C)                                                 (16)
 *   v   = wind (-ln(1 - Phi(z_W)))^(1/k) / Gamma(1 + 1/k) (1 + 0.25 cos(2 pi (h - 14.5)/24)), k = 1.8  (17)
 *   GHI = 1098 cos z exp(-0.057/cos z) (1 - 0.75 C^3.4)                                                (18)
 *
 * a, b: daily AR(1) processes of the climate's memories, coupled the more loosely the drier the warm ground
 * is, read along lines between noons and scaled so that daily means have just the spread and memory given; z
 * the height in m; y, the dryness of the day, moves clouds and wind as well; n, n' within the day. A year is
 * a function of (climate, seed, replication, year) alone, whatever the window asked for.
 * docs/models/weather.md. */
#ifndef GW_MODELS_WEATHER_GENERATOR_H
#define GW_MODELS_WEATHER_GENERATOR_H

#include "models/weather/climate.h"
#include "models/weather/weather.h"

/* The months of typical years have the climate's means; those of varying years are warm or cold, wet or dry.
 */
enum gw_generator_years { GW_GENERATOR_TYPICAL, GW_GENERATOR_VARYING };
extern const char *const gw_generator_years_names[]; /* ended by NULL */

/* Makes the nodes for [from, to) and one beyond either end, in the arena. GW_ERR_NOMEM is all that can fail.
 */
GW_MUST_USE enum gw_status gw_generator_make(const struct gw_climate *climate, enum gw_generator_years years,
                                             uint64_t seed, uint32_t replication, gw_time_us from_unix_us,
                                             gw_time_us to_unix_us, struct gw_weather_series *out,
                                             struct gw_arena *arena, struct gw_error *err);

#endif
