/* models/serving/probe.h - one engine step taken apart: where its time, its watts and the memory go.
 *
 *   step = fixed + layers + weights + B (seq + flop) + B S kv + n prompt + n (n + 1) / 2 pair
 *
 * For `geowatt probe serving` and for people who want to know which term to worry about. The same numbers as
 * the simulated engine's, seen before they are rounded to ticks. */
#ifndef GW_MODELS_SERVING_PROBE_H
#define GW_MODELS_SERVING_PROBE_H

#include "models/serving/serving.h"

struct gw_probe_point {
    int64_t batch;       /* B: decoding sequences, >= 0 */
    int64_t context_tok; /* S: context of each, the token being processed included */
    int64_t prompt_tok;  /* n: tokens of one whole prompt in the same step, 0 for none */
};

struct gw_probe {
    struct gw_serving_terms terms;
    struct gw_replica_cfg cfg;

    /* seconds of the step, by cause; under a power cap as they are without it */
    double fixed_s, layers_s, weights_s;
    double seqs_s, flops_s, kv_s;
    double prompt_s, attention_s;
    double step_s;       /* with the cap, in the engine's own rounding */
    double capped_times; /* how many times longer the cap makes it, about 1 without */

    double mem_frac, flop_frac; /* of the peak rates */
    double accelerator_w, replica_w;
    double tok_per_s, j_per_tok; /* of decoding; 0 and infinite without sequences */

    double kv_tok_max;  /* tokens that the KV cache holds */
    double kv_frac;     /* share of it that this point needs */
    bool within_limits; /* sequences, tokens of a step and memory suffice */
};

/* Fails as gw_serving_cfg does; *out is then untouched. */
GW_MUST_USE enum gw_status gw_probe_step(const struct gw_serving_setup *setup,
                                         const struct gw_probe_point *point, struct gw_probe *out,
                                         struct gw_error *err);

#endif
