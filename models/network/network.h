/* models/network/network.h - how long a message takes between two places, and the keys of `network:`.
 *
 *   rtt_ms = 5 + 1.55 * 2 d / (2 c / 3) = 5 + 0.0155 ms/km * d      d great-circle distance        (2)
 *   rtt_ms = measured(a, b) + 0.0155 ms/km * (d_a + d_b)            both ends near measured regions (3)
 *
 * The first is a fit to 1122 measured pairs, half of them within 15 %; d_a and d_b are the ways from the ends
 * to their regions. Half a round trip is charged to the request on its way in, half to the first token on its
 * way out. Beside it: how much later (jitter.h), how fast (bandwidth.h), how much (payload.h), at what price
 * (egress.h). docs/models/network.md. */
#ifndef GW_MODELS_NETWORK_NETWORK_H
#define GW_MODELS_NETWORK_NETWORK_H

#include "models/network/bandwidth.h"
#include "sim/core/clock.h"
#include "sim/tree/bind.h"

/* Where price lists of data transfer draw their lines. */
enum gw_continent {
    GW_CONTINENT_UNKNOWN,
    GW_CONTINENT_AFRICA,
    GW_CONTINENT_ASIA,
    GW_CONTINENT_EUROPE,
    GW_CONTINENT_MIDDLE_EAST,
    GW_CONTINENT_NORTH_AMERICA,
    GW_CONTINENT_OCEANIA,
    GW_CONTINENT_SOUTH_AMERICA,
    GW_CONTINENTS
};
extern const char *const gw_network_continent_names[]; /* ended by NULL */

/* A place on earth: catalogue entry "place" (`site: the-dalles`, `origin: us-east`) or
 * `{ at: { lat: 45.6, lon: -121.2, utc_offset: -8 h } }`. */
struct gw_place {
    const char *name, *title;
    double lat_deg, lon_deg;
    double utc_offset_h;  /* of standard time, for demand and tariffs that follow local hours */
    int32_t water_stress; /* enum gw_stress */
    int32_t continent;    /* enum gw_continent */
};

enum gw_attribution { GW_ATTRIBUTION_PER_GB, GW_ATTRIBUTION_OFF };

struct gw_egress;

struct gw_network_cfg {
    double base_ms, ms_per_km; /* of the round trip */
    double reach_km;           /* how near is near; 0: the law alone */
    double jitter;             /* mean lateness over the round trip */
    struct gw_bandwidth_cfg bandwidth;
    double request_bytes, prompt_bytes_per_tok;
    double answer_bytes, answer_bytes_per_tok;
    double kwh_per_gb;
    int32_t attribution;            /* enum gw_attribution */
    const struct gw_egress *egress; /* NULL: transfer costs nothing */
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
