/* models/network/payload.h - what requests weigh on their way, and what carrying it takes.
 *
 *   in_bytes  = request_bytes + prompt_bytes_per_tok * in_tok                                            (9)
 *   out_bytes = answer_bytes + answer_bytes_per_tok * out_tok                                           (10)
 *   kwh       = kwh_per_gb * (in_bytes + out_bytes) / 1e9      0 with attribution: off                  (11)
 *
 * The energy is drawn by the operators of the network, not at a site: it stands beside the site's books.
 * docs/models/network.md. */
#ifndef GW_MODELS_NETWORK_PAYLOAD_H
#define GW_MODELS_NETWORK_PAYLOAD_H

#include "models/network/network.h"

double gw_payload_in_bytes(const struct gw_network_cfg *cfg, double in_tok);
double gw_payload_out_bytes(const struct gw_network_cfg *cfg, double out_tok);
double gw_payload_kwh(const struct gw_network_cfg *cfg, double bytes);

static inline double gw_payload_gb(double bytes)
{
    return bytes / 1e9;
}

#endif
