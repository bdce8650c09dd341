/* models/serving/step_time.h - how long one engine step takes, in integers.
 *
 *   t = step + B seq + (sum S) kv + n prompt + pairs pair          [ticks]
 *     + (sum min(S, w)) window_kv + window_pairs window_pair         layers that attend to w tokens only
 *     - expert missed^(B + n)                                        experts that no token is routed to
 *     + [B > 0] draft                                                tokens drafted for all sequences
 *
 * B sequences decode one token each, S is a decoding sequence's context including the token being
 * processed, n prompt tokens are prefilled in chunks; a chunk of n tokens behind c earlier ones has
 * n c + n (n + 1) / 2 pairs. A tick is 2^-20 us. Coefficients are rounded once, so the duration of k
 * steps is an exact integer sum and the skipping engine agrees with its step-by-step twin to the tick.
 * docs/models/serving.md eq. 1 to 4. */
#ifndef GW_MODELS_SERVING_STEP_TIME_H
#define GW_MODELS_SERVING_STEP_TIME_H

#include <stdint.h>

enum { GW_TICK_BITS = 20 };
#define GW_TICKS_PER_US (INT64_C(1) << GW_TICK_BITS)
#define GW_TICK_NEVER   INT64_MAX

typedef int64_t gw_tick;

struct gw_step_time {
    gw_tick step, seq, kv, prompt, pair;
    gw_tick window_kv, window_pair;
    int64_t window;  /* w, the token being processed included; 0: no such layers */
    gw_tick expert;  /* of `step`: reading all routed experts, up to 2^47 */
    uint32_t missed; /* share of them that one token is not routed to, in 2^-32 */
    int32_t drafted; /* tokens verified per sequence beside its own: B (1 + drafted) meet the experts */
    gw_tick draft;   /* drafting them, in a step with sequences that decode */
};

/* missed^tokens in units of 2^-32, by integers alone: the expected share of the experts that none of so many
 * tokens is routed to. */
uint64_t gw_step_time_missed(uint32_t missed, int64_t tokens);

/* Pairs of a chunk of n tokens behind `done` earlier ones where each attends to the last w, itself included.
 */
static inline int64_t gw_step_time_window_pairs(int64_t done, int64_t n, int64_t w)
{
    const int64_t room = w > done ? w - done : 0; /* tokens that still see all before them */
    const int64_t grow = room < n ? room : n;
    return grow * done + grow * (grow + 1) / 2 + (n - grow) * w;
}

/* What one engine step processes. */
struct gw_step_load {
    int64_t batch;      /* B: decoding sequences */
    int64_t context;    /* sum S over them */
    int64_t prompt_tok; /* n, all chunks of the step */
    int64_t pairs;
    int64_t prompt_kv; /* context plus own tokens of the chunks, for the bytes moved */
    int64_t prompts;   /* chunks in the step */

    /* where there is a window w */
    int64_t window;       /* sum min(S, w) over the decoding sequences */
    int64_t growing;      /* of them S < w */
    int64_t window_pairs; /* of the chunks */
    int64_t window_kv;    /* like prompt_kv */
};

/* What windows and drafts add and experts save. */
gw_tick gw_step_time_shape(const struct gw_step_time *c, const struct gw_step_load *l);

static inline gw_tick gw_step_time_of(const struct gw_step_time *c, const struct gw_step_load *l)
{
    const gw_tick t =
        c->step + l->batch * c->seq + l->context * c->kv + l->prompt_tok * c->prompt + l->pairs * c->pair;
    return (c->window | c->expert | c->draft) == 0 ? t : t + gw_step_time_shape(c, l);
}

static inline double gw_step_time_s(gw_tick ticks)
{
    return (double)ticks * 0x1p-20 * 1e-6;
}

/* Steps in a row with an equal running set: every context grows by one token per step, and as many by one
 * token within the window, so that each step takes `growth` = B kv + growing window_kv ticks more than the
 * one before. */
struct gw_step_ramp {
    gw_tick first, growth; /* >= 0 */
};

static inline struct gw_step_ramp gw_step_time_ramp(const struct gw_step_time *c,
                                                    const struct gw_step_load *l)
{
    return (struct gw_step_ramp){gw_step_time_of(c, l), l->batch * c->kv + l->growing * c->window_kv};
}

/* The longest ramp anybody sums: 2^58 ticks, 3.2 days. Sums then stay clear of overflow. */
#define GW_STEP_SPAN_MAX (INT64_C(1) << 58)

/* T(k) = k first + growth k (k - 1) / 2, the time of k steps. k must fit (gw_step_time_fit). */
static inline gw_tick gw_step_time_sum(const struct gw_step_ramp *ramp, int64_t k)
{
    return k * ramp->first + k * (k - 1) / 2 * ramp->growth;
}

/* The smallest k in 1..k_max with T(k) >= span; k_max when there is none. k_max must fit. */
int64_t gw_step_time_until(const struct gw_step_ramp *ramp, gw_tick span, int64_t k_max);

/* k_max, or where T(k_max) exceeds GW_STEP_SPAN_MAX the number of steps up to there, less one; at least 1. */
int64_t gw_step_time_fit(const struct gw_step_ramp *ramp, int64_t k_max);

#endif
