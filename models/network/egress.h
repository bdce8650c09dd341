/* models/network/egress.h - what operators of clouds charge for data that leaves a region.
 *
 * A price list gives USD per GB (10^9 bytes) from a continent to another and to users on the internet. What
 * comes in is free everywhere. docs/models/network.md. */
#ifndef GW_MODELS_NETWORK_EGRESS_H
#define GW_MODELS_NETWORK_EGRESS_H

#include "models/network/network.h"

struct gw_egress_row {
    double to[GW_CONTINENTS]; /* NAN: not known; [GW_CONTINENT_UNKNOWN] is not used */
    double internet;
};

struct gw_egress {
    const char *name, *title;
    struct gw_egress_row from[GW_CONTINENTS];
};

extern const struct gw_type gw_egress_type; /* catalogue kind "egress" */

/* USD/GB; NAN where the list has none or a continent is unknown. From a place to itself: 0. */
double gw_egress_sites(const struct gw_egress *list, const struct gw_place *from, const struct gw_place *to);
double gw_egress_user(const struct gw_egress *list, const struct gw_place *from);

#endif
