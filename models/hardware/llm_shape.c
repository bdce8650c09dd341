#include "models/hardware/llm_shape.h"

#include <math.h>

static double attention(const struct gw_llm *llm)
{
    if (!isnan(llm->shape.attention_params)) {
        return llm->shape.attention_params;
    }
    return 2.0 * (double)(llm->hidden * llm->head_dim * (llm->shape.heads + llm->kv_heads));
}

bool gw_llm_shape_count(const struct gw_llm *llm, struct gw_llm_count *out)
{
    const struct gw_llm_shape *s = &llm->shape;
    if (s->heads == 0) {
        return false;
    }
    const bool mixture = llm->experts > 1;
    const double mixed = mixture ? (double)(llm->layers - s->dense_layers) : 0.0;
    const double dense = (double)llm->layers - mixed;
    const double per_width = (double)(s->ffn_matrices * llm->hidden);
    const double expert = per_width * (double)s->expert_ffn;
    const double vocab = (double)(s->vocab * llm->hidden);
    struct gw_llm_count c = {
        .attention = (double)llm->layers * attention(llm),
        .dense_ffn = dense * per_width * (double)s->ffn,
        .shared_experts = mixed * expert * (double)s->shared_experts,
        .routers = mixed * (double)(llm->hidden * llm->experts),
        .routed_experts = mixed * expert * (double)llm->experts,
        .embedding = s->tied ? vocab : 2.0 * vocab,
    };
    const double every_token = c.attention + c.dense_ffn + c.shared_experts + c.routers;
    c.total = every_token + c.routed_experts + c.embedding;
    c.active = every_token + mixed * expert * (double)llm->top_experts + vocab;
    *out = c;
    return true;
}

double gw_llm_shape_expert_params(const struct gw_llm *llm)
{
    if (llm->experts <= llm->top_experts) {
        return 0.0;
    }
    struct gw_llm_count count;
    if (gw_llm_shape_count(llm, &count)) {
        return count.routed_experts;
    }
    return (llm->params - llm->active_params) * (double)llm->experts /
           (double)(llm->experts - llm->top_experts);
}
