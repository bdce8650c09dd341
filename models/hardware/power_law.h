/* models/hardware/power_law.h - watts of one accelerator during one engine step.
 *
 * Three interchangeable laws (docs/models/power.md):
 *
 *   states     P = prefill_w in a step with prompt tokens, decode_w in one without
 *   logistic   P = b0 + A / (1 + exp(-k (log2 B - x0)))                  B running sequences
 *   two-util   P = idle + pm um^a + pf uf^c                              um, uf: means over the step
 *
 * um is the share of the peak memory bandwidth, uf of the peak dense FLOP rate. A power limit of the
 * accelerator is applied by the caller, except a plateau that belongs to a two-util fit (limit_w). A law is a
 * pure function of a configuration bound with its type; it is monotone in um, uf and B. */
#ifndef GW_MODELS_HARDWARE_POWER_LAW_H
#define GW_MODELS_HARDWARE_POWER_LAW_H

#include <stdbool.h>

#include "sim/tree/bind.h"

struct gw_power_state {
    double mem_frac, flop_frac; /* um, uf */
    double batch;               /* running sequences, prompts in the step included */
    bool has_prompt;            /* the step processes prompt tokens */
};

/* The laws' configurations, bound under `power: { law: ..., ... }`. */
struct gw_power_states {
    double prefill_w, decode_w;
};

struct gw_power_logistic {
    double base_w, rise_w;        /* b0, A */
    double slope, mid_log2_batch; /* k, x0 */
};

struct gw_power_two_util {
    double idle_w;
    double mem_w, mem_exponent;   /* pm, a */
    double flop_w, flop_exponent; /* pf, c */
    double limit_w;               /* NAN for none */
};

struct gw_power_law {
    const char *name, *summary;
    const struct gw_type *type; /* of its configuration */
    bool constant_in_regime; /* depends on batch and has_prompt only: energy of k steps is P * their time */
    double (*watts)(const void *cfg, const struct gw_power_state *state);
    double (*limit_w)(const void *cfg); /* where watts level off, with a kink; NAN for nowhere. NULL: never */
};

/* NULL when unknown. */
const struct gw_power_law *gw_power_law_find(const char *name);
const char *const *gw_power_law_names(void);
const struct gw_type *gw_power_law_type(const char *name); /* for GW_NAMED rows */

#endif
