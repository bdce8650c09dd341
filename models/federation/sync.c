#include "models/federation/sync.h"

#include <math.h>

#include "sim/base/check.h"

struct gw_sync_cfg gw_sync_default(double params)
{
    return (struct gw_sync_cfg){
        .topology = GW_SYNC_STAR, .params = params, .bits = 16.0, .fragments = 1.0, .agg_bytes_per_s = 5e9};
}

double gw_sync_bytes(const struct gw_sync_cfg *cfg)
{
    return cfg->params * cfg->bits / 8.0;
}

static double carry_s(double bytes, double gbps)
{
    GW_REQUIRE(gbps > 0.0);
    return 8.0 * bytes / (gbps * 1e9);
}

double gw_sync_way_s(const struct gw_sync_cfg *cfg, double rtt_ms, double gbps)
{
    return cfg->fragments * rtt_ms / 1e3 + carry_s(gw_sync_bytes(cfg), gbps);
}

double gw_sync_ring_s(const struct gw_sync_cfg *cfg, double clients, double rtt_max_ms, double gbps_min)
{
    if (clients <= 1.0) {
        return 0.0;
    }
    return 2.0 * (1.0 - 1.0 / clients) * carry_s(gw_sync_bytes(cfg), gbps_min) +
           cfg->fragments * (clients - 1.0) * rtt_max_ms / 1e3;
}

double gw_sync_shown_s(const struct gw_sync_cfg *cfg, double sync_s, double step_s)
{
    return fmax(sync_s - cfg->fragments * cfg->overlap_steps * step_s, 0.0);
}

double gw_sync_sent_bytes(const struct gw_sync_cfg *cfg, double clients)
{
    if (clients <= 1.0) {
        return 0.0;
    }
    const double bytes = gw_sync_bytes(cfg);
    return cfg->topology == GW_SYNC_RING ? 2.0 * (1.0 - 1.0 / clients) * bytes : bytes;
}

double gw_sync_close_s(const struct gw_sync_cfg *cfg, double clients)
{
    if (clients <= 1.0) {
        return 0.0;
    }
    const double add_s =
        cfg->topology == GW_SYNC_STAR ? gw_sync_bytes(cfg) * clients / cfg->agg_bytes_per_s : 0.0;
    return add_s + cfg->fix_s;
}

double gw_sync_reduction(const struct gw_sync_cfg *cfg, double local_steps, double grad_bits)
{
    return local_steps * grad_bits / cfg->bits;
}
