#include "models/network/network.h"

#include <math.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

#define EARTH_RADIUS_KM    6371.0088 /* mean radius R1 of the GRS 80 ellipsoid */
#define RADIANS_PER_DEGREE 0.017453292519943295

/* Haversine: exact to rounding also for short distances, where the law of cosines cancels. */
double gw_network_km(const struct gw_place *a, const struct gw_place *b)
{
    const double lat_a = a->lat_deg * RADIANS_PER_DEGREE, lat_b = b->lat_deg * RADIANS_PER_DEGREE;
    const double half_lat = sin((lat_b - lat_a) / 2);
    const double half_lon = sin((b->lon_deg - a->lon_deg) * RADIANS_PER_DEGREE / 2);
    const double h = half_lat * half_lat + cos(lat_a) * cos(lat_b) * half_lon * half_lon;
    return 2 * EARTH_RADIUS_KM * asin(sqrt(fmin(h, 1))); /* antipodes may round beyond 1 */
}

static const struct gw_type base = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "ms", .min = 0, .max = 1000};
static const struct gw_type slope = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "ms/km", .min = 0, .max = 1};

static const struct gw_field fields[] = {
    GW_FIELD(struct gw_network_cfg, base_ms, &base, "5", "Round trip at no distance", "gcp-rtt-smu"),
    GW_FIELD(struct gw_network_cfg, ms_per_km, &slope, "0.0155", "Round trip per great-circle distance",
             "gcp-rtt-smu"),
    GW_FIELD_END,
};

const struct gw_type gw_network_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_network_cfg),
    .of = fields,
    .doc = "How long messages take between places",
};

gw_time_us gw_network_rtt_us(const struct gw_network_cfg *cfg, const struct gw_place *a,
                             const struct gw_place *b)
{
    const double rtt_ms = cfg->base_ms + cfg->ms_per_km * gw_network_km(a, b);
    GW_REQUIRE(rtt_ms >= 0);
    return llround(rtt_ms * 1e3);
}
