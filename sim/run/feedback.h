/* sim/run/feedback.h - what users got in the last epoch, on its way to how much they ask for in the next.
 *
 * At an epoch's end each elastic row's rate is scaled by what its requests met in that epoch (elastic.h).
 * Where none was answered, and in the burn-in, which nobody measures, the factor stays as it was; it begins
 * at 1. */
#ifndef GW_SIM_RUN_FEEDBACK_H
#define GW_SIM_RUN_FEEDBACK_H

#include "sim/run/ledger.h"
#include "sim/run/tally.h"

/* Of one row, since the run's start; begun: requests whose time to first token is known. */
struct gw_feedback_sums {
    double answered, begun, ttft_ms, cost_usd, import_wh;
};

struct gw_feedback {
    const struct gw_scenario *sc;
    double *factor;                /* [demands] in force */
    struct gw_feedback_sums *last; /* [demands] at the last epoch's end */
};

GW_MUST_USE bool gw_feedback_init(struct gw_feedback *self, const struct gw_scenario *sc,
                                  struct gw_arena *arena);

/* At the end of an epoch, when every request before now_us was taken from the sources. */
void gw_feedback_epoch(struct gw_feedback *self, gw_time_us now_us, const struct gw_tally *tally,
                       const struct gw_ledger *ledger, struct gw_request_source *const *source);

#endif
