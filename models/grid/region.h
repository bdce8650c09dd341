/* models/grid/region.h - the electricity a site buys: carbon, price and water per kWh.
 *
 *   grid: US-NW-BPAT                                    a grid of the catalogue: hourly series, made (zone.h)
 *   grid: { generated: { region: US-NW-BPAT, water_factors: macknick-reservoirs, resolution: five-minutes } }
 *   grid: { mean: US-NW-BPAT }                          its annual means: no hours
 *   grid: { constant: { carbon: 120 g/kWh, price: 40 USD/MWh, water: 1.2 L/kWh } }
 *   grid: { file: { path: ci.csv, carbon: ci_gco2_per_kwh, price: price_usd_per_mwh, water_l_per_kwh: 1.2 } }
 *
 * Carbon keeps its signals apart by name: average and marginal, life cycle and direct; a grid says whether
 * they are of what is consumed, imports included, or of what is produced. Prices are wholesale, USD/MWh.
 * Water is consumption off site per kWh (EWIF). Columns of a file are converted by the unit that ends their
 * name. docs/models/grid.md. */
#ifndef GW_MODELS_GRID_REGION_H
#define GW_MODELS_GRID_REGION_H

#include "models/grid/signal.h"

enum gw_carbon_signal {
    GW_CARBON_AVERAGE_LIFECYCLE,
    GW_CARBON_AVERAGE_DIRECT,
    GW_CARBON_MARGINAL_LIFECYCLE,
    GW_CARBON_MARGINAL_DIRECT,
    GW_CARBON_SIGNALS,
};
extern const char *const gw_carbon_signal_names[]; /* ended by NULL */

/* What a grid's carbon signals describe: the mix that is consumed, imports and exports counted, or the plants
 * inside its borders. */
enum gw_carbon_basis { GW_CARBON_CONSUMPTION, GW_CARBON_PRODUCTION };
extern const char *const gw_region_basis_names[]; /* ended by NULL */

/* A catalogue entry or an inline constant. */
struct gw_region {
    const char *name, *title;
    double carbon_lifecycle_gco2_per_kwh, carbon_direct_gco2_per_kwh;
    double price_usd_per_mwh;
    double water_l_per_kwh, water_with_hydro_l_per_kwh; /* the second with what reservoirs evaporate */
    double carbon_free_frac;                            /* of the consumption mix */
    double carbon_in_price_usd_per_t;                   /* what the price of electricity holds already */
    int32_t basis;                                      /* enum gw_carbon_basis */
};

/* What `grid:` binds to: gw_pick over {grid by name, generated, mean, constant, file}. */
struct gw_grid_file {
    const char *path;
    const char *carbon_lifecycle, *carbon_direct, *price; /* column names; NULL: absent */
    const char *water;                                    /* column name or NULL */
    double water_l_per_kwh;                               /* used without a water column */
    double price_usd_per_mwh;                             /* used without a price column */
    const char *marginal_lifecycle, *marginal_direct, *water_with_hydro, *carbon_free; /* column or NULL */
    int32_t basis;                                                                     /* of all of them */
};

/* Hourly series of a grid of the catalogue (zone.h), made for the calendar years of the run. */
struct gw_zone;
struct gw_water_set;
enum gw_grid_resolution { GW_GRID_HOURLY, GW_GRID_FIVE_MINUTES };
struct gw_grid_generated {
    const struct gw_zone *region;
    const struct gw_water_set *water_factors, *water_beside; /* water_l_per_kwh, water_with_hydro_l_per_kwh;
                                                              * NULL: the zone's own */
    int32_t resolution;                                      /* enum gw_grid_resolution */
};

extern const struct gw_type gw_region_type; /* catalogue kind "region" */
extern const struct gw_type gw_grid_type;   /* PICK for a site's `grid:` */

/* A site's signals, ready to be asked. */
struct gw_grid {
    const char *label;                          /* region name, "constant" or the file's path */
    struct gw_signal carbon[GW_CARBON_SIGNALS]; /* gCO2/kWh; an absent one has constant NAN and no series */
    struct gw_signal price_usd_per_mwh, water_l_per_kwh;
    struct gw_signal water_with_hydro_l_per_kwh, carbon_free_frac; /* absent like a carbon signal */
    struct gw_signal wind, solar; /* output of these plants over their mean; absent but of made series */
    /* Absent but of made series: share of wind, sun, water, biomass and geothermal heat; demand over its
     * mean; the same less wind and sun. */
    struct gw_signal renewable_frac, load, net_load;
    double carbon_in_price_usd_per_t;
    enum gw_carbon_basis basis;
};

/* False for a signal that the grid does not have. */
bool gw_region_has(const struct gw_signal *signal);

/* What generated series are made for: the hours of the run, the run's seed, one of its replications. */
struct gw_grid_span {
    gw_time_us from_unix_us, to_unix_us;
    uint64_t seed;
    uint32_t replication;
};

/* Reads what the pick names, or makes it for the span; files through `source` (so that a result file can give
 * back its embedded traces). The error names file, line, column. Gaps stay NaN: ask gw_signal_covers for the
 * span of the run. Everything lives in the arena. */
struct gw_source;
GW_MUST_USE enum gw_status gw_grid_load(const struct gw_pick *pick, const struct gw_source *source,
                                        const struct gw_grid_span *span, struct gw_grid *out,
                                        struct gw_arena *arena, struct gw_error *err);

/* The same grid in another replication of the scenario: generated series are made anew, what is loaded is as
 * it was. `first` is the grid of replication 0. */
GW_MUST_USE enum gw_status gw_grid_replicate(const struct gw_pick *pick, const struct gw_grid *first,
                                             const struct gw_grid_span *span, struct gw_grid *out,
                                             struct gw_arena *arena, struct gw_error *err);

#endif
