#include "sim/run/feedback.h"

#include <math.h>

#include "models/workload/elastic.h"
#include "sim/base/units.h"

bool gw_feedback_init(struct gw_feedback *self, const struct gw_scenario *sc, struct gw_arena *arena)
{
    *self = (struct gw_feedback){
        .sc = sc,
        .factor = gw_arena_array(arena, sc->n_demands, sizeof *self->factor),
        .last = gw_arena_array(arena, sc->n_demands, sizeof *self->last),
    };
    if (self->factor == NULL || self->last == NULL) {
        return false;
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        self->factor[d] = 1.0;
    }
    return true;
}

static struct gw_feedback_sums sums_of(const struct gw_scenario *sc, uint32_t d, const struct gw_tally *tally,
                                       const struct gw_ledger *ledger)
{
    struct gw_feedback_sums sums = {.cost_usd = gw_ledger_demand(ledger, d, GW_SHARE_COST_USD),
                                    .import_wh = gw_ledger_demand(ledger, d, GW_SHARE_IMPORT_KWH) * 1e3};
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        const struct gw_sketch *ttft_us = &tally[s].row[d].ttft_us;
        sums.answered += (double)tally[s].row[d].completed;
        sums.begun += (double)ttft_us->n;
        sums.ttft_ms += gw_ms_from_us((double)ttft_us->sum);
    }
    return sums;
}

/* Per request that was answered between the two; NaN when none was. */
static double value_of(enum gw_elastic_of of, const struct gw_feedback_sums *from,
                       const struct gw_feedback_sums *to)
{
    const double answered = to->answered - from->answered, begun = to->begun - from->begun;
    switch (of) {
    case GW_ELASTIC_LATENCY:
        return begun > 0.0 ? (to->ttft_ms - from->ttft_ms) / begun : NAN;
    case GW_ELASTIC_PRICE:
        return answered > 0.0 ? (to->cost_usd - from->cost_usd) / answered : NAN;
    default:
        return answered > 0.0 ? (to->import_wh - from->import_wh) / answered : NAN;
    }
}

void gw_feedback_epoch(struct gw_feedback *self, gw_time_us now_us, const struct gw_tally *tally,
                       const struct gw_ledger *ledger, struct gw_request_source *const *source)
{
    const struct gw_scenario *sc = self->sc;
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        if (sc->demand[d].cfg->elastic.name == NULL) {
            continue;
        }
        const struct gw_elastic elastic = gw_elastic_of(&sc->demand[d].cfg->elastic);
        const struct gw_feedback_sums sums = sums_of(sc, d, tally, ledger);
        const double value = value_of(elastic.of, &self->last[d], &sums);
        self->last[d] = sums;
        if (!isnan(value)) {
            self->factor[d] = gw_elastic_factor(&elastic, value);
            source[d]->ops->scale(source[d], now_us + sc->burn_in_us, self->factor[d]);
        }
    }
}
