#include "models/network/network.h"

#include <math.h>
#include <stdbool.h>

#include "models/network/egress.h"
#include "models/network/measured.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

#define EARTH_RADIUS_KM    6371.0088 /* mean radius R1 of the GRS 80 ellipsoid */
#define RADIANS_PER_DEGREE 0.017453292519943295

const char *const gw_network_continent_names[] = {
    [GW_CONTINENT_UNKNOWN] = "unknown",
    [GW_CONTINENT_AFRICA] = "africa",
    [GW_CONTINENT_ASIA] = "asia",
    [GW_CONTINENT_EUROPE] = "europe",
    [GW_CONTINENT_MIDDLE_EAST] = "middle-east",
    [GW_CONTINENT_NORTH_AMERICA] = "north-america",
    [GW_CONTINENT_OCEANIA] = "oceania",
    [GW_CONTINENT_SOUTH_AMERICA] = "south-america",
    [GW_CONTINENTS] = NULL,
};

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

static const struct gw_type reach = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "km", .min = 0, .max = 5000};

static const struct gw_type share = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 10};
static const struct gw_type bytes = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "B", .min = 0, .max = 1e12};
static const struct gw_type per_gb = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "kWh/GB", .min = 0, .max = 100};
static const char *const attributions[] = {
    [GW_ATTRIBUTION_PER_GB] = "per-gb", [GW_ATTRIBUTION_OFF] = "off", NULL};
static const struct gw_type attribution = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = attributions};
static const struct gw_type egress = {.kind = GW_REF, .size = sizeof(struct gw_egress), .of = "egress"};

static const struct gw_field fields[] = {
    GW_FIELD(struct gw_network_cfg, base_ms, &base, "5", "Round trip at no distance", "gcp-rtt-smu"),
    GW_FIELD(struct gw_network_cfg, ms_per_km, &slope, "0.0155", "Round trip per great-circle distance",
             "gcp-rtt-smu"),
    GW_FIELD_AS(struct gw_network_cfg, "reach", reach_km, &reach, "500",
                "Within this distance of regions between which round trips were measured, the measured ones "
                "hold; 0: the distance law alone",
                "round number"),
    GW_FIELD(struct gw_network_cfg, jitter, &share, "0",
             "Mean lateness of answers over the round trip, exponential, drawn per request; 0: none", NULL),
    GW_FIELD(struct gw_network_cfg, bandwidth, &gw_bandwidth_type, "{}", "How much gets through", NULL),
    GW_FIELD(struct gw_network_cfg, request_bytes, &bytes, "1000", "Of a request beside its prompt",
             "round number"),
    GW_FIELD_AS(struct gw_network_cfg, "prompt_bytes_per_tok", prompt_bytes_per_tok, &bytes, "4",
                "Of a prompt: the whole of it, earlier turns included", "round number"),
    GW_FIELD(struct gw_network_cfg, answer_bytes, &bytes, "1000", "Of an answer beside its text",
             "round number"),
    GW_FIELD(struct gw_network_cfg, answer_bytes_per_tok, &bytes, "4",
             "Of an answer's text; some 250 where every token is sent in an envelope of its own",
             "round number"),
    GW_FIELD_AS(struct gw_network_cfg, "energy", kwh_per_gb, &per_gb, "0.001",
                "Of the network, per volume carried", "ccf-methodology"),
    GW_FIELD(struct gw_network_cfg, attribution, &attribution, "per-gb",
             "Whether traffic is charged with the network's energy at all: it hardly follows the traffic",
             "coroama-2021"),
    GW_FIELD(struct gw_network_cfg, egress, &egress, "~",
             "Price list for data that leaves a site; absent: an operator's own network, at no price", NULL),
    GW_FIELD_END,
};

const struct gw_type gw_network_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_network_cfg),
    .of = fields,
    .doc = "How long messages take, how much they carry, and what that takes",
};

int gw_network_region(const struct gw_network_cfg *cfg, const struct gw_place *place, double *km)
{
    int nearest = -1;
    *km = cfg->reach_km;
    for (int i = 0; i < GW_MEASURED_REGIONS; i++) {
        const struct gw_place region = {.lat_deg = gw_measured_table[i].lat_deg,
                                        .lon_deg = gw_measured_table[i].lon_deg};
        const double away_km = gw_network_km(place, &region);
        if (away_km < *km) {
            nearest = i;
            *km = away_km;
        }
    }
    return nearest;
}

gw_time_us gw_network_rtt_us(const struct gw_network_cfg *cfg, const struct gw_place *a,
                             const struct gw_place *b)
{
    double a_km, b_km;
    const int from = gw_network_region(cfg, a, &a_km), to = gw_network_region(cfg, b, &b_km);
    const bool measured = from >= 0 && to >= 0 && from != to;
    const double rtt_ms = measured ? gw_measured_table[from].rtt_ms[to] + cfg->ms_per_km * (a_km + b_km)
                                   : cfg->base_ms + cfg->ms_per_km * gw_network_km(a, b);
    GW_REQUIRE(rtt_ms >= 0);
    return llround(rtt_ms * 1e3);
}
