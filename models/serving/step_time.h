/* models/serving/step_time.h - how long one engine step takes, in integers.
 *
 *   t = step + B seq + (sum S) kv + n prompt + pairs pair          [ticks]
 *
 * B sequences decode one token each, S is a decoding sequence's context including the token being
 * processed, n prompt tokens are prefilled in chunks; a chunk of n tokens behind c earlier ones has
 * n c + n (n + 1) / 2 pairs. A tick is 2^-20 us. Coefficients are rounded once, so the duration of k
 * steps is an exact integer sum and the skipping engine agrees with its step-by-step twin to the tick.
 * inference.md 2.2 and 2.3; docs/models/serving.md eq. 1. */
#ifndef GW_MODELS_SERVING_STEP_TIME_H
#define GW_MODELS_SERVING_STEP_TIME_H

#include <stdint.h>

#include "models/hardware/power_law.h"

enum { GW_TICK_BITS = 20 };
#define GW_TICKS_PER_US (INT64_C(1) << GW_TICK_BITS)
#define GW_TICK_NEVER INT64_MAX

typedef int64_t gw_tick;

struct gw_step_time {
    gw_tick step, seq, kv, prompt, pair;
};

/* What one engine step processes. */
struct gw_step_load {
    int64_t batch;      /* B: decoding sequences */
    int64_t context;    /* sum S over them */
    int64_t prompt_tok; /* n, all chunks of the step */
    int64_t pairs;
    int64_t prompt_kv;  /* context plus own tokens of the chunks, for the bytes moved */
    int64_t prompts;    /* chunks in the step */
};

static inline gw_tick gw_step_time_of(const struct gw_step_time *c, const struct gw_step_load *l)
{
    return c->step + l->batch * c->seq + l->context * c->kv + l->prompt_tok * c->prompt + l->pairs * c->pair;
}

/* Power during a step. Memory and arithmetic are given as the ticks they would take at the peak rates, so that
 * utilisation is a ratio of ticks. */
struct gw_step_power {
    const struct gw_power_law *law;
    const void *law_cfg;
    double mem_step_ticks; /* weights, read once per step */
    double mem_kv_ticks;   /* per KV token read */
    double flop_tok_ticks; /* per token processed, decode or prompt */
    double flop_pair_ticks;
    double cap_w;          /* per accelerator; INFINITY for none */
    double idle_w;         /* per accelerator, model loaded, no step running */
    double n_accelerators;
};

/* Watts of all accelerators of the replica during a step of `ticks`. */
double gw_step_power_w(const struct gw_step_power *p, const struct gw_step_load *load, gw_tick ticks);

#endif
