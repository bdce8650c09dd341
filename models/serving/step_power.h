/* models/serving/step_power.h - watts during an engine step, joules of k steps in a row.
 *
 *   um = (mem_step + mem_kv (sum S + prompt_kv)) / t
 *   uf = (flop_tok (B + n) + flop_verify B + flop_pair (sum S + pairs)) / t
 *   P  = n_accelerators min(idle_w + (1 - saved_frac) (law(um, uf, B + prompts) - idle_w), cap_w)
 *
 * Memory traffic and arithmetic are given as the ticks they would take at the peak rates, so that a
 * utilisation is a ratio of ticks. Over k decode steps the sums grow linearly and the energy sum P(i) t(i) is
 * a smooth sum over integers: Gauss nodes take it in two evaluations. docs/models/serving.md eq. 5 to 8. */
#ifndef GW_MODELS_SERVING_STEP_POWER_H
#define GW_MODELS_SERVING_STEP_POWER_H

#include <stdbool.h>

#include "models/hardware/power_law.h"
#include "models/serving/step_time.h"

struct gw_step_power {
    const struct gw_power_law *law;
    const void *law_cfg;
    double mem_step_ticks; /* weights, read once per step */
    double mem_kv_ticks;   /* per KV token read */
    double flop_tok_ticks; /* per token processed, decode or prompt */
    double flop_pair_ticks;
    double flop_verify_ticks; /* further, per decoding sequence: drafted tokens that are verified */
    double saved_frac;        /* of the power above idle_w, by a locked clock or a technique; below 0: more */
    double cap_w;             /* per accelerator; INFINITY for none */
    double idle_w;            /* per accelerator, model loaded, no step running */
    double n_accelerators;

    bool has_shape;                             /* any of these: */
    double mem_window_ticks, flop_window_ticks; /* like kv and pair, of the layers with a window */
    double stages; /* of a pipeline: its weights are read once for each micro-batch that there is, 0 as 1 */
    double mem_expert_ticks; /* of mem_step_ticks: all routed experts */
    uint32_t missed;         /* as in struct gw_step_time */
    int32_t drafted;
    double mem_draft_ticks; /* by drafting, in a step with sequences that decode */
};

/* What the law and what is saved leave of it, per accelerator and before the cap. */
static inline double gw_step_power_saved_w(const struct gw_step_power *p, double law_w)
{
    return p->saved_frac == 0.0 ? law_w : law_w - p->saved_frac * (law_w - p->idle_w);
}

/* What the law sees of a step. */
struct gw_power_state gw_step_power_state(const struct gw_step_power *p, const struct gw_step_load *load,
                                          gw_tick ticks);

/* Watts of all accelerators of the replica during a step of `ticks`. */
double gw_step_power_w(const struct gw_step_power *p, const struct gw_step_load *load, gw_tick ticks);

/* Joules of k steps in a row, the first one with `load`; k > 1 only without prompts. Equals the sum over the
 * steps to 1e-10 for any law that is smooth in um and uf, and exactly (one evaluation) for one that is
 * constant_in_regime. */
double gw_step_power_steps_j(const struct gw_step_power *p, const struct gw_step_time *time,
                             const struct gw_step_load *load, int64_t k);

/* The same where the times of the steps are known. */
double gw_step_power_ramp_j(const struct gw_step_power *p, const struct gw_step_ramp *steps,
                            const struct gw_step_load *load, int64_t k);

#endif
