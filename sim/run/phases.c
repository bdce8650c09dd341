#include "sim/run/phases.h"

#include <math.h>

struct gw_replica_cfg gw_phases_cfg(const struct gw_group *group)
{
    struct gw_replica_cfg cfg = group->cfg;
    if (group->phase == GW_PHASE_DECODE) {
        cfg.time.prompt = cfg.time.pair = cfg.time.window_pair = 0;
    }
    return cfg;
}

struct gw_serving_load gw_phases_load(const struct gw_group *group, struct gw_serving_load load)
{
    if (group->phase == GW_PHASE_PREFILL) {
        load.out_tok = load.out_tok_sq = 1.0;
    }
    return load;
}

double gw_phases_capacity(const struct gw_group *group, const struct gw_serving_load *mix)
{
    const struct gw_replica_cfg cfg = gw_phases_cfg(group);
    const struct gw_serving_load mine = gw_phases_load(group, *mix);
    return gw_serving_capacity(&cfg, &mine);
}

double gw_phases_link_capacity(const struct gw_model *model, const struct gw_serving_load *mix)
{
    return model->kv_gbps * 1e9 / 8.0 / (model->kv_bytes_per_tok * mix->in_tok);
}

double gw_phases_least(const double by_phase[GW_PHASES])
{
    return by_phase[GW_PHASE_BOTH] + fmin(by_phase[GW_PHASE_PREFILL], by_phase[GW_PHASE_DECODE]);
}
