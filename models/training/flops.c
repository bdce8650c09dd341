#include "models/training/flops.h"

#include "sim/base/check.h"

const char *const gw_flops_recompute_names[] = {"none", "selective", "full", NULL};
_Static_assert(sizeof gw_flops_recompute_names / sizeof gw_flops_recompute_names[0] ==
                   GW_FLOPS_RECOMPUTES + 1,
               "a name for each way to recompute");

struct gw_flops_cfg gw_flops_of(const struct gw_llm *llm, double tokens, double sequence_tok)
{
    const int64_t width = llm->shape.heads > 0 ? llm->shape.heads * llm->head_dim : llm->hidden;
    return (struct gw_flops_cfg){
        .active_params = llm->active_params,
        .layers = (double)llm->layers,
        .width = (double)width,
        .tokens = tokens,
        .sequence_tok = sequence_tok,
        .per_param = 6.0,
        .forward = 2.0,
        .attention_passes = 3.0,
        .attention_frac = 1.0,
    };
}

struct gw_flops gw_flops_count(const struct gw_flops_cfg *cfg)
{
    GW_REQUIRE(cfg->active_params >= 0.0 && cfg->tokens >= 0.0);
    GW_REQUIRE(cfg->per_param >= cfg->forward && cfg->forward >= 0.0);
    const double forward_attention =
        4.0 * cfg->attention_frac * cfg->layers * cfg->width * cfg->sequence_tok * cfg->tokens;
    struct gw_flops f = {
        .linear = cfg->per_param * cfg->active_params * cfg->tokens,
        .attention = cfg->attention_passes * forward_attention,
    };
    if (cfg->recompute != GW_FLOPS_RECOMPUTE_NONE) {
        f.recomputed = forward_attention;
    }
    if (cfg->recompute == GW_FLOPS_RECOMPUTE_FULL) {
        f.recomputed += cfg->forward * cfg->active_params * cfg->tokens;
    }
    f.model = f.linear + f.attention;
    f.hardware = f.model + f.recomputed;
    return f;
}
