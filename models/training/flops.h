/* models/training/flops.h - the arithmetic of training a language model.
 *
 *   linear    = c P D                  c: FLOP per token and active weight, 6 when all is trained (tuning.h)
 *   attention = 4 a b l h s D          scores and their use; b: passes, the backward one counts as two
 *   model     = linear + attention     what MFU counts
 *   hardware  = model + recomputed     what HFU counts; full recompute repeats a forward pass
 *
 * P: weights a token passes through; D: tokens; l: layers; h: width of all heads of queries; s: tokens of a
 * sequence; a: share of the square of scores that is computed. docs/models/training.md, eq. 1 to 3. Pure
 * functions. */
#ifndef GW_MODELS_TRAINING_FLOPS_H
#define GW_MODELS_TRAINING_FLOPS_H

#include "models/hardware/hardware.h"

enum gw_flops_recompute {
    GW_FLOPS_RECOMPUTE_NONE,
    GW_FLOPS_RECOMPUTE_SELECTIVE, /* attention alone: its scores are not kept */
    GW_FLOPS_RECOMPUTE_FULL,      /* every layer's forward pass, from its inputs */
    GW_FLOPS_RECOMPUTES
};
extern const char *const gw_flops_recompute_names[]; /* "none", "selective", "full", NULL */

struct gw_flops_cfg {
    double active_params;    /* P */
    double layers, width;    /* l, h; 0: attention is left out */
    double tokens;           /* D, of all epochs */
    double sequence_tok;     /* s */
    double per_param;        /* c */
    double forward;          /* FLOP of c in a forward pass, 2 unless weights are pruned */
    double attention_passes; /* b */
    double attention_frac;   /* a: 1 as MFU is usually stated, 0.5 with a causal kernel */
    int32_t recompute;       /* enum gw_flops_recompute */
};

struct gw_flops {
    double linear, attention;
    double model, recomputed, hardware;
};

/* The shape of a model of the catalogue; tokens, sequence and the rest as in full training without
 * recomputation: c 6, b 3, a 1. */
struct gw_flops_cfg gw_flops_of(const struct gw_llm *llm, double tokens, double sequence_tok);

/* All of cfg at least 0. */
struct gw_flops gw_flops_count(const struct gw_flops_cfg *cfg);

#endif
