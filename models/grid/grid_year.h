/* models/grid/grid_year.h - hourly series of a grid, made rather than measured: carbon, price, water, plants.
 *
 *   average   = sum G_f EF_f / sum G_f                                  marginal and average of consumption
 *   marginal  = that of margin.h
 *
 * All shares are of the mix that the region consumes (imports counted where they were made), so every carbon
 * signal is consumption-based. A pure function of its arguments: same zone, span, seed and replication, same
 * bits. Energies over the span are the zone's shares, whatever its length; a year is what they mean.
 * docs/models/grid.md. */
#ifndef GW_MODELS_GRID_GRID_YEAR_H
#define GW_MODELS_GRID_GRID_YEAR_H

#include "models/grid/margin.h"
#include "traces/series.h"

struct gw_grid_year {
    struct gw_series carbon[GW_CARBON_SIGNALS]; /* gCO2e/kWh, by enum gw_carbon_signal */
    struct gw_series price_usd_per_mwh;
    struct gw_series water_l_per_kwh;      /* by the water set asked for */
    struct gw_series renewable_frac;       /* wind, sun, water, biomass, geothermal heat */
    struct gw_series carbon_free_frac;     /* and nuclear */
    struct gw_series curtailed;            /* wind and sun thrown away, in mean demands */
    struct gw_series demand;               /* of mean 1 */
    struct gw_series net_export;           /* generation - demand, in mean demands */
    struct gw_series generation[GW_FUELS]; /* in mean demands */
    struct gw_margin margin;               /* what stands behind the marginal ones of carbon */
};

/* `hours` from start_unix_us, a whole hour; everything lives in the arena. GW_ERR_NOMEM, and GW_ERR_RANGE for
 * a start within an hour or fewer hours than a week. */
GW_MUST_USE enum gw_status gw_grid_year_make(const struct gw_zone *zone, const struct gw_water_set *water,
                                             gw_time_us start_unix_us, size_t hours, uint64_t seed,
                                             uint32_t replication, struct gw_grid_year *out,
                                             struct gw_arena *arena, struct gw_error *err);

#endif
