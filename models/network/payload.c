#include "models/network/payload.h"

double gw_payload_in_bytes(const struct gw_network_cfg *cfg, double in_tok)
{
    return cfg->request_bytes + cfg->prompt_bytes_per_tok * in_tok;
}

double gw_payload_out_bytes(const struct gw_network_cfg *cfg, double out_tok)
{
    return cfg->answer_bytes + cfg->answer_bytes_per_tok * out_tok;
}

double gw_payload_kwh(const struct gw_network_cfg *cfg, double bytes)
{
    return cfg->attribution == GW_ATTRIBUTION_PER_GB ? cfg->kwh_per_gb * gw_payload_gb(bytes) : 0.0;
}
