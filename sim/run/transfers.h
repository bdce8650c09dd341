/* sim/run/transfers.h - which speeds of a scenario were not measured on the accelerator they stand for.
 *
 * An engine's coefficients on an accelerator are measured there or transferred from a relative. Scores of
 * replicas that stand on transferred ones are worth less, so results name the pairs. */
#ifndef GW_SIM_RUN_TRANSFERS_H
#define GW_SIM_RUN_TRANSFERS_H

#include "sim/run/scenario.h"

struct gw_transfer {
    const struct gw_engine *engine;
    const struct gw_accelerator *accelerator;
};

enum { GW_TRANSFERS_MAX = 64 };

/* Pairs with transferred coefficients on which replicas stand, each once, in the order of sites and pools.
 * Returns how many; no more than GW_TRANSFERS_MAX are looked for. */
uint32_t gw_transfers_find(const struct gw_scenario *sc, struct gw_transfer out[GW_TRANSFERS_MAX]);

/* "vllm-0.15 on a100-80, vllm-0.15 on l4"; nothing when there are none. */
void gw_transfers_print(const struct gw_scenario *sc, struct gw_text *out);

#endif
