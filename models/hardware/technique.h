/* models/hardware/technique.h - what a named technique does to a model served with it.
 *
 * Quantisation, sparsity, distillation, speculative decoding: factors on bytes, arithmetic, time, power and
 * quality. Effects are factors and multiply, so their order does not matter. Techniques of one kind exclude
 * each other: a model has one precision of its weights. Speculative decoding with g drafted tokens, each
 * accepted with probability a, at a draft's cost of c steps of the model (Leviathan et al. 2023, eq. 1 and
 * theorem 3.8), gives per step
 *
 *   tokens = (1 - a^(g + 1)) / (1 - a)        time of the step x (1 + g c), arithmetic x (g + 1)
 *
 * docs/models/hardware.md, eq. 5. */
#ifndef GW_MODELS_HARDWARE_TECHNIQUE_H
#define GW_MODELS_HARDWARE_TECHNIQUE_H

#include "sim/tree/bind.h"

enum gw_technique_kind {
    GW_TECHNIQUE_WEIGHTS,
    GW_TECHNIQUE_CACHE,
    GW_TECHNIQUE_SPARSITY,
    GW_TECHNIQUE_DISTILLATION,
    GW_TECHNIQUE_DECODING,
    GW_TECHNIQUE_KINDS
};
extern const char *const gw_technique_kind_names[];

/* Factors on what the model has and does without the technique. */
struct gw_technique {
    const char *name, *title;
    int32_t kind;
    double params, layers;       /* number of weights, number of layers */
    double weight_bytes;         /* bytes per weight */
    double kv_bytes;             /* bytes of a cached key or value */
    double arithmetic;           /* time of the products with weights at the peak rate */
    double decode_time;          /* whole decode step, where no cause explains what was measured */
    double power;                /* power above loaded idle */
    double draft_tokens, accept; /* g and a; g = 0: no drafting */
    double draft_cost;           /* c */
    const char *quality;         /* in words, as published */
    double quality_frac;         /* of the model's own quality, as published */
};

extern const struct gw_type gw_technique_type;

/* Several together. */
struct gw_technique_effect {
    double params, layers, weight_bytes, kv_bytes, arithmetic, decode_time, power, quality_frac;
    double tokens_per_step;      /* emitted per sequence, 1 without drafting */
    double step_time;            /* 1 + g c */
    double verified;             /* g + 1: tokens each sequence is processed with per step */
    double draft_tokens, accept; /* g and a, 0 without */
};

/* Of n techniques, of which no two are of one kind; n may be 0: every factor 1. */
struct gw_technique_effect gw_technique_compose(const struct gw_technique *const *list, uint32_t n);

/* The first that shares its kind with an earlier one, else n. */
uint32_t gw_technique_clash(const struct gw_technique *const *list, uint32_t n);

#endif
