/* Places by name or position: the parameter tables of struct gw_place. */
#include "models/network/network.h"
#include "models/supply/stress.h"
#include "sim/base/check.h"

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type latitude = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "deg", .min = -90, .max = 90};
static const struct gw_type longitude = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "deg", .min = -180, .max = 180};
static const struct gw_type offset = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "h", .min = -12, .max = 14};
static const struct gw_type stress = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_stress_names};
static const struct gw_type continent = {
    .kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_network_continent_names};

#define P struct gw_place
#define POSITION                                                                                             \
    GW_FIELD_AS(P, "lat", lat_deg, &latitude, NULL, "Latitude, north positive", NULL),                       \
        GW_FIELD_AS(P, "lon", lon_deg, &longitude, NULL, "Longitude, east positive", NULL),                  \
        GW_FIELD_AS(P, "utc_offset", utc_offset_h, &offset, NULL, "Local standard time minus UTC", NULL),    \
        GW_FIELD(P, water_stress, &stress, "unknown", "Class of the basin in the Aqueduct atlas", NULL),     \
        GW_FIELD(P, continent, &continent, "unknown", "Where price lists of data transfer put it", NULL)

static const struct gw_field place_fields[] = {
    GW_FIELD(P, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(P, title, &text, NULL, "Name for people", NULL),
    POSITION,
    GW_FIELD_END,
};

static const struct gw_field at_fields[] = {
    GW_FIELD(P, name, &text, "inline", "Name for tables and figures", NULL),
    POSITION,
    GW_FIELD_END,
};
#undef POSITION
#undef P

const struct gw_type gw_place_type = {
    .kind = GW_OBJ, .size = sizeof(struct gw_place), .of = place_fields, .doc = "A place on earth"};

static const struct gw_type at_type = {
    .kind = GW_OBJ, .size = sizeof(struct gw_place), .of = at_fields, .doc = "A place given by its position"};
static const struct gw_type place_ref = {.kind = GW_REF, .size = sizeof(struct gw_place), .of = "place"};

enum { PLACE, AT };
static const struct gw_alt alternatives[] = {
    [PLACE] = {"place", &place_ref, true},
    [AT] = {"at", &at_type, false},
    {NULL, NULL, false},
};

const struct gw_type gw_location_type = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = alternatives};

const struct gw_place *gw_network_location(const struct gw_pick *pick)
{
    GW_REQUIRE(pick->alt == PLACE || pick->alt == AT);
    return pick->alt == AT ? pick->at : *(const void *const *)pick->at;
}
