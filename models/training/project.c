#include "models/training/project.h"

#include "sim/base/check.h"
#include "sim/base/units.h"

static const double hours_per_year = 8760.0;

struct gw_project gw_project_total(const struct gw_project_cfg *cfg)
{
    GW_REQUIRE(cfg->overhead >= 1.0 && cfg->final_kwh >= 0.0);
    GW_REQUIRE(cfg->busy_frac >= 0.0 && cfg->busy_frac <= 1.0);
    struct gw_project p = {
        .final_kwh = cfg->final_kwh,
        .overhead_kwh = cfg->final_kwh * (cfg->overhead - 1.0),
        .development_kwh = cfg->final_kwh * cfg->development_frac,
        .retraining_kwh =
            cfg->final_kwh * cfg->overhead * cfg->retrain_per_year * cfg->years * cfg->retrain_frac,
        .holding_kwh = cfg->held_nodes * gw_kw_from_w(cfg->held_w) * (1.0 - cfg->busy_frac) * hours_per_year *
                       cfg->years,
    };
    p.total_kwh = p.final_kwh + p.overhead_kwh + p.development_kwh + p.retraining_kwh + p.holding_kwh;
    p.of_final = p.final_kwh > 0.0 ? p.total_kwh / p.final_kwh : 0.0;
    return p;
}
