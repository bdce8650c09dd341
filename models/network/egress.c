#include "models/network/egress.h"

#include <math.h>

#include "sim/base/check.h"

/* X(key, id): what a row and a column may be called. */
#define CONTINENTS(X)                                                                                        \
    X("africa", AFRICA)                                                                                      \
    X("asia", ASIA)                                                                                          \
    X("europe", EUROPE)                                                                                      \
    X("middle-east", MIDDLE_EAST)                                                                            \
    X("north-america", NORTH_AMERICA)                                                                        \
    X("oceania", OCEANIA)                                                                                    \
    X("south-america", SOUTH_AMERICA)

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/GB", .min = 0, .max = 100};

#define CELL(key, id)                                                                                        \
    GW_FIELD_AS(struct gw_egress_row, key, to[GW_CONTINENT_##id], &price, "~", "To there", NULL),
static const struct gw_field row_fields[] = {
    CONTINENTS(CELL) GW_FIELD(struct gw_egress_row, internet, &price, "~", "To users", NULL),
    GW_FIELD_END,
};
#undef CELL
static const struct gw_type row = {.kind = GW_OBJ,
                                   .size = sizeof(struct gw_egress_row),
                                   .of = row_fields,
                                   .doc = "Prices from one continent"};

#define ROW(key, id)                                                                                         \
    GW_FIELD_AS(struct gw_egress, key, from[GW_CONTINENT_##id], &row, "{}", "From there", NULL),
static const struct gw_field fields[] = {
    GW_FIELD(struct gw_egress, name, &text, "~", "Key in the catalogue", NULL),
    GW_FIELD(struct gw_egress, title, &text, NULL, "Name for people", NULL),
    CONTINENTS(ROW) GW_FIELD_END,
};
#undef ROW

const struct gw_type gw_egress_type = {.kind = GW_OBJ,
                                       .size = sizeof(struct gw_egress),
                                       .of = fields,
                                       .doc = "Prices of data that leaves a region"};

double gw_egress_sites(const struct gw_egress *list, const struct gw_place *from, const struct gw_place *to)
{
    if (from->lat_deg == to->lat_deg && from->lon_deg == to->lon_deg) {
        return 0.0;
    }
    const bool known = from->continent != GW_CONTINENT_UNKNOWN && to->continent != GW_CONTINENT_UNKNOWN;
    return known ? list->from[from->continent].to[to->continent] : NAN;
}

double gw_egress_user(const struct gw_egress *list, const struct gw_place *from)
{
    return from->continent != GW_CONTINENT_UNKNOWN ? list->from[from->continent].internet : NAN;
}
