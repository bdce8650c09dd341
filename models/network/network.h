/* models/network/network.h - how long a message takes between two places.
 *
 *   rtt_ms = 5 + 1.55 * 2 d / (2 c / 3) = 5 + 0.0155 ms/km * d       d great-circle distance
 *   rtt_ms = measured(a, b) + 0.0155 ms/km * (d_a + d_b)             where both ends lie near measured
 * regions
 *
 * The first is a fit to 1122 measured pairs, half of them within 15 %; d_a and d_b are the ways from the ends
 * to their regions. Half a round trip is charged to the request on its way in, half to the first token on its
 * way out. docs/models/network.md. */
#ifndef GW_MODELS_NETWORK_NETWORK_H
#define GW_MODELS_NETWORK_NETWORK_H

#include "sim/core/clock.h"
#include "sim/tree/bind.h"

/* A place on earth: catalogue entry "place" (`site: the-dalles`, `origin: us-east`) or
 * `{ at: { lat: 45.6, lon: -121.2, utc_offset: -8 h } }`. */
struct gw_place {
    const char *name, *title;
    double lat_deg, lon_deg;
    double utc_offset_h;  /* of standard time, for demand and tariffs that follow local hours */
    int32_t water_stress; /* enum gw_stress */
};

struct gw_network_cfg {
    double base_ms, ms_per_km; /* of the round trip */
    double reach_km;           /* how near is near; 0: the law alone */
};

extern const struct gw_type gw_place_type; /* catalogue kind "place" */
extern const struct gw_type
    gw_location_type; /* PICK: place by name, or { at: {lat, lon, utc_offset} } inline */
extern const struct gw_type gw_network_type; /* OBJ struct gw_network_cfg */

const struct gw_place *gw_network_location(const struct gw_pick *pick);

/* The nearest measured region within reach, an index of measured.h; -1 when there is none. */
int gw_network_region(const struct gw_network_cfg *cfg, const struct gw_place *place, double *km);

double gw_network_km(const struct gw_place *a, const struct gw_place *b);
gw_time_us gw_network_rtt_us(const struct gw_network_cfg *cfg, const struct gw_place *a,
                             const struct gw_place *b);

#endif
