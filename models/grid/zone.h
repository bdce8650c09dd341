/* models/grid/zone.h - what the generator knows of one grid: mix, weather, dispatch, trade, price.
 *
 * Catalogue kind "grid", section "grids": one entry per region, its inputs with sources. docs/models/grid.md
 * says what each number does, equation by equation. */
#ifndef GW_MODELS_GRID_ZONE_H
#define GW_MODELS_GRID_ZONE_H

#include "models/grid/load_shape.h"
#include "models/grid/mix.h"
#include "models/grid/region.h"
#include "models/weather/factors.h"

struct gw_zone_demand {
    int32_t day, year;       /* enum gw_load_day, gw_load_year */
    double day_weight;       /* how much of the daily swing the plants see */
    double weekend_cut_frac; /* how much lower demand is on weekends */
};

struct gw_zone_wind {
    double capacity_factor;       /* mean output per installed power */
    double variation;             /* standard deviation of output per mean */
    double windiest_day;          /* of the year */
    double season_frac, day_frac; /* amplitudes of wind speed over the year and the day */
    double memory_h;
};

struct gw_zone_solar {
    double cloud;    /* median cover, 0..1 */
    double exponent; /* of irradiance: 0.85 fixed modules, 0.6 trackers */
};

struct gw_zone_hydro {
    struct gw_slice months; /* of inflow, mean 1; empty: all alike */
    double variation;       /* of inflow from one fortnight to another */
    double flexible_frac;   /* the part that reservoirs hold back until it is needed */
};

/* Output of a kind of plant grows with the power slope of residual load: below 1 base load, above 1 peaking.
 */
struct gw_zone_dispatch {
    double coal_slope, gas_slope, oil_slope, other_slope, hydro_slope;
    double coal_variation; /* outages and fuel prices */
    double damped_frac;    /* of the swings of residual load: taken by trade with neighbours */
    double least_frac;     /* of mean dispatchable output: what cannot be turned down */
    double exported_frac;  /* of surplus; the rest is curtailed */
};

struct gw_zone;
/* What the hours follow in which plants abroad serve the zone. */
enum gw_import_rule {
    GW_IMPORT_BY_MIX,    /* nothing of the neighbour's: they run as if they stood here */
    GW_IMPORT_BY_DEMAND, /* the zone's nights, when its dams hold water back: demand^-night_slope */
    GW_IMPORT_BY_PRICE,  /* the neighbour's cheap hours: exp(-(price - its day's mean) / price_step) */
};

struct gw_zone_import {
    double marginal_frac; /* how often the plant that answers stands in the neighbour's grid */
    int32_t follows;      /* enum gw_import_rule; but for BY_MIX reservoirs follow the load within the day */
    double night_slope, price_step_usd_per_mwh;
    const struct gw_zone *from; /* a neighbour; its own imports do not count */
};

struct gw_zone_price {
    double residual_slope;     /* price grows with residual load to this power */
    double noise, drift;       /* of log price: within days, over weeks */
    double scarcity;           /* added at the highest residual load, in mean prices */
    double scarcity_quantile;  /* of residual load, from which scarcity adds */
    double lowest_usd_per_mwh; /* in surplus */
    double coal_usd_per_mwh, gas_usd_per_mwh, oil_usd_per_mwh; /* fuel per MWh of electricity */
    double carbon_usd_per_t;
};

struct gw_zone {
    const char *name;
    const struct gw_region *region; /* annual means; the price level is taken from it */
    double lat_deg, lon_deg, utc_offset_h;
    const struct gw_factors_region *weather; /* shared with the sites of the region; NULL: its own alone */
    const struct gw_water_set *water_factors, *water_beside; /* where nothing else is asked for */
    const char *fuel_market; /* whose coal and gas prices it shares; NULL: nobody's */
    struct gw_mix mix, direct_gco2_per_kwh, lifecycle_gco2_per_kwh;
    struct gw_slice nuclear_months; /* of output, mean 1; empty: refuelling in spring and autumn */
    struct gw_zone_demand demand;
    struct gw_zone_wind wind;
    struct gw_zone_solar solar;
    struct gw_zone_hydro hydro;
    struct gw_zone_dispatch dispatch;
    const struct gw_zone_import *import; /* NULL: none that matters */
    struct gw_zone_price price;
};

extern const struct gw_type gw_zone_type; /* catalogue kind "grid" */

#endif
