#include "sim/run/realised.h"

#include <math.h>

static struct gw_realised so_far(const struct gw_scenario *sc, const struct gw_ledger *l)
{
    const bool lifecycle = sc->cfg.score.signal == GW_CARBON_AVERAGE_LIFECYCLE;
    return (struct gw_realised){
        .objective =
            {
                [GW_OBJ_CARBON_KG] =
                    gw_ledger_sum(l, lifecycle ? GW_ACCOUNT_CARBON_LIFECYCLE : GW_ACCOUNT_CARBON_DIRECT),
                [GW_OBJ_WATER_L] =
                    gw_ledger_sum(l, GW_ACCOUNT_WATER_ONSITE) + gw_ledger_sum(l, GW_ACCOUNT_WATER_OFFSITE),
                [GW_OBJ_COST_USD] =
                    gw_ledger_sum(l, GW_ACCOUNT_COST) + gw_ledger_sum(l, GW_ACCOUNT_DEMAND_CHARGE) +
                    gw_ledger_sum(l, GW_ACCOUNT_COINCIDENT) + gw_ledger_sum(l, GW_ACCOUNT_FIXED_CHARGE) +
                    gw_ledger_sum(l, GW_ACCOUNT_TRANSFER),
                [GW_OBJ_TTFT_MS] = gw_ledger_sum(l, GW_ACCOUNT_TTFT_S) * 1e3,
                [GW_OBJ_ENERGY_KWH] = gw_ledger_sum(l, GW_ACCOUNT_IMPORT),
            },
        .answered = gw_ledger_sum(l, GW_ACCOUNT_FINISHED),
    };
}

void gw_realised_epoch(struct gw_realised *self, const struct gw_scenario *sc, const struct gw_ledger *ledger,
                       double *objective)
{
    const struct gw_realised now = so_far(sc, ledger);
    const double answered = now.answered - self->answered;
    for (int k = 0; k < GW_OBJECTIVES; k++) {
        objective[k] = now.objective[k] - self->objective[k];
    }
    objective[GW_OBJ_TTFT_MS] = answered > 0.0 ? objective[GW_OBJ_TTFT_MS] / answered : (double)NAN;
    *self = now;
}
