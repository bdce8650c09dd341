/* models/network/measured.h - round trips that were measured, between regions of one operator.
 *
 * Thirteen of the 34 regions of Google Cloud (AT&T Center for Virtualization, Southern Methodist University):
 * mean round trips in milliseconds, positions to the metropolis. docs/models/network.md. */
#ifndef GW_MODELS_NETWORK_MEASURED_H
#define GW_MODELS_NETWORK_MEASURED_H

enum { GW_MEASURED_REGIONS = 13 };

struct gw_measured_region {
    const char *name;
    double lat_deg, lon_deg;
    double rtt_ms[GW_MEASURED_REGIONS]; /* in the order of the table */
};

extern const struct gw_measured_region gw_measured_table[GW_MEASURED_REGIONS];

/* Where the operator says all its regions are, to the metropolis. */
enum { GW_MEASURED_PLACES = 34 };

struct gw_measured_place {
    const char *name;
    double lat_deg, lon_deg;
};

extern const struct gw_measured_place gw_measured_places[GW_MEASURED_PLACES];

#endif
