/* models/network/bandwidth.h - how many bits a second get through between two places, and how long a volume
 * takes.
 *
 *   W_vm    = vm_gbps - vm_gbps_per_ms * min(rtt, 343 ms)          one machine, many connections         (5)
 *   W_sites = min(gateways * W_vm, link_gbps)                      between sites                         (6)
 *   W_user  = min(W_vm, user_link)                                 between a site and a user             (7)
 *   t       = rtt / 2 + 8 GB / W                                   until the last bit is there           (8)
 *
 * The first is a straight line through 702 pairs of Google Cloud; beyond its longest round trip it stays as
 * there. Flows that share a link share it elsewhere. docs/models/network.md. */
#ifndef GW_MODELS_NETWORK_BANDWIDTH_H
#define GW_MODELS_NETWORK_BANDWIDTH_H

#include "sim/tree/bind.h"

struct gw_bandwidth_cfg {
    double vm_gbps, vm_gbps_per_ms;
    int64_t gateways;
    double link_gbps;
    double user_gbps; /* NAN: no limit of the user's own */
};

extern const struct gw_type gw_bandwidth_type; /* OBJ struct gw_bandwidth_cfg */

/* Gbit/s at a round trip of rtt_ms >= 0. */
double gw_bandwidth_vm(const struct gw_bandwidth_cfg *cfg, double rtt_ms);
double gw_bandwidth_sites(const struct gw_bandwidth_cfg *cfg, double rtt_ms);
double gw_bandwidth_user(const struct gw_bandwidth_cfg *cfg, double rtt_ms);

/* Seconds until `gb` (of 10^9 bytes) have arrived at gbps > 0. */
double gw_bandwidth_transfer_s(double gb, double gbps, double rtt_ms);

#endif
