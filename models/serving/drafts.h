/* models/serving/drafts.h - speculative decoding drawn step by step.
 *
 * In a decode step g drafted tokens of each sequence are verified at once. They are accepted one after the
 * other with probability a each, independently, up to the first that is not (Leviathan et al. 2023,
 * assumption of eq. 1), and the model adds one token of its own:
 *
 *   P(emitted >= 1 + i) = a^i,  i = 0..g        mean (1 - a^(g + 1)) / (1 - a)
 *
 * A draw is keyed by the request and by how many tokens it has emitted, so that neither batching nor
 * preemption nor the policy changes what is accepted. docs/models/serving.md, rule 11. */
#ifndef GW_MODELS_SERVING_DRAFTS_H
#define GW_MODELS_SERVING_DRAFTS_H

#include "sim/core/rng.h"

enum { GW_DRAFTS_MAX = 32 };

struct gw_drafts {
    int32_t tokens;  /* g, up to GW_DRAFTS_MAX; 0: nothing is drafted */
    uint32_t accept; /* a, in 2^-32 */
    uint64_t key;    /* of all draws of a run */
};

/* Tokens, 1..g + 1 and at most `left`, that a step emits of a request that has emitted so many. Integers
 * alone: the same everywhere. */
static inline uint32_t gw_drafts_emit(const struct gw_drafts *d, uint64_t request, uint32_t emitted,
                                      uint32_t left)
{
    const uint64_t drawn = gw_rng_mix(gw_rng_mix(d->key ^ gw_rng_mix(request)) + emitted) >> 32;
    const uint32_t most = left <= (uint32_t)d->tokens ? left : (uint32_t)d->tokens + 1;
    uint64_t below = UINT64_C(1) << 32;
    uint32_t n = 1;
    while (n < most && drawn < (below = below * d->accept >> 32)) {
        n++;
    }
    return n;
}

#endif
