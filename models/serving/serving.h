/* models/serving/serving.h - from catalogue entries to a replica's integers, and the mean-field estimate
 * beside it.
 *
 * gw_serving_cfg derives gw_replica_cfg from (llm, engine, accelerator, tensor parallel, power cap). With P
 * the active weights of n layers and width E, W the bytes of all weights, kappa the KV bytes per token, tp
 * accelerators of BW bytes/s and F FLOP/s, and the engine's fit for them:
 *
 *   step    step_us + n (layer_us + [tp > 1] layer_parallel_us) + W weight_inv_eff / (tp BW)
 *   seq     seq_us + 2 P decode_flop_inv_eff / (tp F)
 *   kv      kappa kv_inv_eff / (tp BW)
 *   prompt  2 P / (tp F prompt_flop_eff)
 *   pair    4 n E / (tp F prompt_flop_eff)
 *   blocks  (tp (memory_frac memory - activation) - W) / (kappa block_tok)
 *
 * Techniques scale what they change (technique.h); where drafts are drawn, times are those of a step and not
 * of a token; a locked clock divides the times of arithmetic by its share of the highest clock and takes away
 * power as a cap that slows as much would; hardwired weights are not read.
 *
 * Of a mixture of experts those are read that at least one token of the step is routed to; layers with a
 * sliding window read its tokens only. docs/models/hardware.md, eq. 1 and 2.
 *
 * gw_serving_estimate predicts batch, time between tokens, TTFT, power and energy per request at a given
 * rate without simulating. docs/models/serving-estimate.md has its equations and its error against the
 * simulated engine. Views, replica sizing, `check` and `probe serving` use only this. */
#ifndef GW_MODELS_SERVING_SERVING_H
#define GW_MODELS_SERVING_SERVING_H

#include "models/hardware/hardware.h"
#include "models/hardware/technique.h"
#include "models/serving/replica.h"

struct gw_serving_setup {
    const struct gw_llm *llm;
    const struct gw_engine *engine;
    const struct gw_machine *node;
    int64_t tensor_parallel;
    int64_t pipeline_parallel;                /* stages of so many accelerators each; 0 stands for 1 */
    double cap_w;                             /* per accelerator; INFINITY for none */
    double clock_frac;                        /* of the highest clock, at which it is locked; 0: not locked */
    const struct gw_technique_effect *effect; /* of the techniques it is served with; NULL: none */
    bool drawn; /* drafted tokens are accepted by draws (drafts.h), step by step; else their mean */
};

static inline int64_t gw_serving_stages(const struct gw_serving_setup *setup)
{
    return setup->pipeline_parallel > 1 ? setup->pipeline_parallel : 1;
}

/* Where the time of a step and the memory go, one term per cause; uncapped. Seconds and bytes. */
struct gw_serving_terms {
    double window_frac;               /* share of kv_s and pair_s: layers with a sliding window */
    double experts_frac, missed_frac; /* share of weights_s: routed experts; of them, not a token's own */
    int64_t window_tok;
    double fixed_s, layers_s, weights_s; /* of a step: engine, layers, reading the weights */
    double seq_s, seq_flop_s, kv_s;      /* per sequence: overhead, arithmetic; per token of context */
    double draft_s;                      /* drafting, of a step that decodes, where it is drawn */
    double prompt_s, pair_s;             /* per prompt token, per pair of tokens that attend */
    double read_s, read_kv_s;            /* at the peak rates: weights, a token of context, */
    double read_draft_s;                 /* what drafting reads, where it is drawn */
    double tok_s, attend_s;              /* products of a token with the weights, of a pair that attends, */
    double verify_s;   /* and the products of drafted tokens, per sequence and token emitted */
    double saved_frac; /* of the power above loaded idle, by the clock and the techniques */
    double weight_bytes, kv_bytes_per_tok;
    double memory_bytes;            /* that the engine may fill, over all accelerators */
    double bytes_per_s, flop_per_s; /* peak, over all accelerators */
    enum gw_fit_quality quality;
};

/* Fails when the weights do not fit, a replica's accelerators do not divide the node, the engine has no fit
 * for the accelerator, the accelerator is wired for another model, or the cap or the clock is lower than any
 * whose effect is known: err->why is a sentence; err->where is left to the caller. *out is then untouched. */
GW_MUST_USE enum gw_status gw_serving_cfg(const struct gw_serving_setup *setup, struct gw_replica_cfg *out,
                                          struct gw_error *err);

/* The terms behind it; fails as gw_serving_cfg does, but not for memory or caps. */
GW_MUST_USE enum gw_status gw_serving_cfg_terms(const struct gw_serving_setup *setup,
                                                struct gw_serving_terms *out, struct gw_error *err);

/* The load of a step with so many sequences at one context, and one whole prompt. */
struct gw_step_load gw_serving_cfg_load(const struct gw_replica_cfg *cfg, int64_t batch, int64_t context_tok,
                                        int64_t prompt_tok);

/* Mean load of one replica: requests arrive at random (Poisson), prompt and answer are independent. */
struct gw_serving_load {
    double rate_per_s;      /* requests */
    double in_tok, out_tok; /* means, >= 1 */
    double in_tok_sq;       /* mean squares; 0 or below the square of the mean: all lengths are equal */
    double out_tok_sq;
    double cached_frac; /* of the prompt tokens, found in the prefix cache */
    double context_tok; /* mean context of a decoding sequence; 0: prompt and answer are independent */
    uint32_t level;     /* replicas that are kept level by their dispatcher, this one among them; 0 is 1 */
};

/* The mean context of a load's decoding sequences. */
double gw_serving_context_tok(const struct gw_serving_load *load);

struct gw_serving_estimate {
    bool stable;        /* false beyond capacity: times are then infinite, the rest is that of saturation */
    double utilisation; /* rate over capacity at this mix, 0.. */
    double batch;       /* mean decoding sequences while a step runs */
    double itl_s, ttft_s, e2e_s; /* engine only: no network, no API overhead */
    double power_w;              /* mean of the replica's accelerators, idle gaps included */
    double busy_frac;            /* share of time with a step running */
    double request_j;            /* accelerator energy per request during steps */
    double marginal_j;           /* d power / d rate at this operating point: what one more request adds */

    /* ttft_s taken apart: alone_s + queues for prompts + met_frac met_s / 2 + wait_s */
    double met_frac, met_s;   /* of the arrivals meet a step under way, of this length */
    double alone_s, prompt_s; /* the mean prompt and its steps; the prompt without the steps */
    double wait_frac, wait_s; /* of the arrivals wait for a place; mean wait over all */
    double step_s, plain_s;   /* mean step; one without prompts */
    double room_tok;          /* prompt tokens that it has room for */
    double lump_s;            /* prompt time that others meet: long ones are met more often */
    double jitter_s2_per_s;   /* variance of a span of decoding by others' prompts, per second */
};

void gw_serving_estimate(const struct gw_replica_cfg *cfg, const struct gw_serving_load *load,
                         struct gw_serving_estimate *out);

/* The same without marginal_j, which is NAN: a third of the time. */
void gw_serving_estimate_state(const struct gw_replica_cfg *cfg, const struct gw_serving_load *load,
                               struct gw_serving_estimate *out);

/* And marginal_j alone. */
double gw_serving_marginal_j(const struct gw_replica_cfg *cfg, const struct gw_serving_load *load);

/* Requests per second at which one replica saturates with this mix; its rate is ignored. */
double gw_serving_capacity(const struct gw_replica_cfg *cfg, const struct gw_serving_load *mix);

#endif
