/* models/hardware/llm_shape.h - the weights of a language model counted from its shape.
 *
 *   attention  2 E h d + 2 E k d          per layer: queries and output, keys and values
 *   ffn        m E f                      m matrices of E by f; of each expert in a mixture of experts
 *   router     E n                        per layer with n experts
 *   embedding  v E, twice unless tied
 *
 * E is the width of the residual stream, h and k the heads of queries and keys, d the width of a head. Norms,
 * biases and positions are left out: below 0.5 % in every model of the catalogue. docs/models/hardware.md
 * eq. 4. */
#ifndef GW_MODELS_HARDWARE_LLM_SHAPE_H
#define GW_MODELS_HARDWARE_LLM_SHAPE_H

#include "models/hardware/hardware.h"

struct gw_llm_count {
    double attention, dense_ffn, shared_experts, routers, routed_experts, embedding; /* over all layers */
    double total;
    double active; /* what a token is multiplied with: its own experts, and only the output embedding */
};

/* False, and *out untouched, when the shape is not known (heads 0). */
bool gw_llm_shape_count(const struct gw_llm *llm, struct gw_llm_count *out);

/* Weights of all routed experts of all layers; 0 for a dense model. Where the shape is not known, from what a
 * token leaves out of params: the experts it is not routed to. */
double gw_llm_shape_expert_params(const struct gw_llm *llm);

#endif
