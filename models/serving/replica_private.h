/* models/serving/replica_private.h - the state of a replica, shared by replica*.c only.
 *
 *   replica.c         its clock: arrivals, boundaries, the plan of a regime
 *   replica_queue.c   who waits: slots, lists, order of admission, time-outs
 *   replica_batch.c   who is in the engine: admission, KV blocks, preemption, finishing
 *   replica_meter.c   energy: of regimes, requests and classes; reading the meters
 *   replica_kv.c      KV blocks held over the steps of a regime
 *   replica_draft.c   steps that emit several tokens of a sequence
 *   replica_verify.c  every invariant the slow way */
#ifndef GW_MODELS_SERVING_REPLICA_PRIVATE_H
#define GW_MODELS_SERVING_REPLICA_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "models/serving/finish_heap.h"
#include "models/serving/replica.h"
#include "models/serving/slot_heap.h"
#include "sim/base/check.h"

enum { GW_REPLICA_BLOCK_TOK_MAX = 64 };
enum { GW_REPLICA_NUMBER_BITS = 48 };
#define GW_REPLICA_NONE UINT32_MAX

/* A request in flight: queued, in prefill or decoding. Queue and engine are lists through the slots. */
struct gw_replica_slot {
    gw_time_us arrival_us;
    uint64_t lane_number; /* lane << 48 | number */
    double energy_j;      /* so far; of a decoding sequence less the integral at its start */
    gw_tick first_token;  /* since arrival; meaningful once a token is out */
    uint32_t in_tok, out_tok;
    uint32_t emitted; /* tokens out; of a decoding sequence the decode step at which it finishes */
    uint32_t prev, next;
    uint16_t class;
    uint16_t preemptions; /* saturates */
};
_Static_assert(sizeof(struct gw_replica_slot) + sizeof(uint64_t) <= 64,
               "slot and heap entry: 64 B in flight");

/* What only some requests have. */
struct gw_replica_more {
    uint64_t prefix;
    uint32_t prefix_tok, cached_tok;
    uint32_t timeout_ms;
    uint8_t priority;
    bool prefilled; /* until it is admitted */
    uint32_t found; /* tokens of the prompt that were at hand at its last admission */
    uint32_t out;   /* of a decoding sequence under drafting: tokens emitted */
};

/* Energy of a class since the last reading = offset_j + decoding * integral_j. */
struct gw_replica_class {
    double offset_j;
    int64_t decoding; /* decoding sequences of the class */
};

/* First to last through `next`, back through `prev`. */
struct gw_replica_list {
    uint32_t head, tail, n;
};

/* Since the last reading. What a reading found of a regime under way is booked as a negative start value. */
struct gw_replica_counts {
    gw_tick at; /* of the last reading */
    gw_tick busy;
    double busy_j;
    double batch_ticks;
    int64_t prompt_tok, out_tok, cached_tok, steps, events, preemptions;
    double kv_block_ticks;
    int64_t kv_blocks_peak;
};

struct gw_replica {
    const struct gw_replica_cfg *cfg;
    const struct gw_replica_cfg *next_cfg; /* from the next boundary on (rule 10); NULL: no other */
    gw_time_us base_us;

    /* The planned regime: `steps` steps from `start` to `due`, the first one with `load`. No steps: idle, or
     * (due not never) about to start at `due`. */
    gw_tick start, due;
    int64_t steps;
    struct gw_step_ramp ramp;
    struct gw_step_load load; /* batch and context always hold the decoding set */

    /* Decoding sequences. A sequence of context S needs a block in the next step when S = 1 mod block_tok;
     * those that need one are counted in phase[edge], those that need one a step later in phase[edge - 1],
     * and so on: `edge` moves, the counts stay. */
    uint32_t step; /* number of the next decode step */
    uint32_t edge;
    struct gw_finish_heap finish;
    struct gw_finish_heap saturate; /* the step in which a context fills the window, of those still growing */
    double integral_j; /* energy one decoding sequence has received since the engine last had none */

    uint32_t block_tok;
    int64_t free_blocks; /* those of the planned regime's first step are taken already */

    /* Prompts of the planned step: load.prompts slots from prompt_first on, the last of the engine's list. */
    uint32_t prompt_first;
    uint32_t prompt_done; /* tokens of prompt_first done in earlier steps */
    uint32_t last_chunk;  /* tokens of the last prompt in this step, and still left after it */
    uint32_t last_rest;

    struct gw_replica_list engine; /* in order of admission */
    struct gw_replica_list queue;  /* first come first served: all that wait; else the preempted ones */
    struct gw_slot_heap order;     /* else: the others, by rank */
    uint64_t queue_tok;            /* tokens the waiting ones have to prefill */
    struct gw_slot_heap deadline;  /* of those in flight that have one, in us */

    struct gw_replica_slot *slot;
    struct gw_replica_more *more; /* [slots]; NULL until the first request asks for it */
    struct gw_prefix_cache *prefixes;
    uint32_t slots, more_slots;
    uint32_t free_slot; /* a list through `next` */

    struct gw_replica_counts since;
    struct gw_replica_class *class;
    uint32_t classes;

    int32_t phase[GW_REPLICA_BLOCK_TOK_MAX];
};

/* Tokens a queued or prefilling request has to prefill: after a preemption also what it had emitted. */
static inline uint32_t gw_replica_prompt_len(const struct gw_replica_slot *s)
{
    return s->in_tok + s->emitted;
}

static inline int64_t gw_replica_blocks(const struct gw_replica *self, uint32_t tok)
{
    return (tok + self->block_tok - 1) / self->block_tok;
}

/* Held by a decoding sequence during a step at this context; with drafts for the tokens that are verified. */
static inline int64_t gw_replica_step_blocks(const struct gw_replica *self, uint32_t slot, uint32_t context)
{
    const uint32_t longest = self->slot[slot].in_tok + self->slot[slot].out_tok - 1;
    const uint32_t last = context + (uint32_t)self->cfg->drafts.tokens;
    return gw_replica_blocks(self, last < longest ? last : longest);
}

/* Where `phase` counts a sequence whose context in the next step is `context`. */
static inline uint32_t gw_replica_cell(const struct gw_replica *self, uint32_t context)
{
    return (self->edge + context - 1) % self->block_tok;
}

/* Tokens of an admitted prompt that needed no work. */
static inline uint32_t gw_replica_found(const struct gw_replica *self, uint32_t slot)
{
    return self->more != NULL ? self->more[slot].found : 0;
}

/* Tokens of the i-th prompt of the planned step. */
static inline uint32_t gw_replica_chunk(const struct gw_replica *self, int64_t i, uint32_t slot)
{
    if (i + 1 == self->load.prompts) {
        return self->last_chunk;
    }
    return gw_replica_prompt_len(&self->slot[slot]) -
           (i == 0 ? self->prompt_done : gw_replica_found(self, slot));
}

/* Ticks since a request's arrival. A wait of more than 2^42 us (50 days) counts as that. */
static inline gw_tick gw_replica_since_arrival(const struct gw_replica *self, const struct gw_replica_slot *s,
                                               gw_tick at)
{
    const gw_time_us longest_us = INT64_C(1) << 42;
    const gw_time_us before_base_us = self->base_us - s->arrival_us;
    return at + GW_TICKS_PER_US * (before_base_us < longest_us ? before_base_us : longest_us);
}

/* What is still known of a request: without its time-out and priority where only some have more. */
struct gw_serve_request gw_replica_request(const struct gw_replica *self, uint32_t i);

/* Slots: GW_REPLICA_NONE when memory is out. */
uint32_t gw_replica_queue_take_slot(struct gw_replica *self, const struct gw_serve_request *request);
void gw_replica_queue_free_slot(struct gw_replica *self, uint32_t i);

void gw_replica_queue_append(struct gw_replica *self, struct gw_replica_list *list, uint32_t i);
void gw_replica_queue_insert(struct gw_replica *self, struct gw_replica_list *list, uint32_t i,
                             uint32_t before);
void gw_replica_queue_unlink(struct gw_replica *self, struct gw_replica_list *list, uint32_t i);

/* The queue: a request that arrives takes its place, true when that is the head; a preempted one goes before
 * all others; the head, GW_REPLICA_NONE when nobody waits; anybody may leave. */
bool gw_replica_queue_push(struct gw_replica *self, uint32_t i, const struct gw_serve_request *request);
void gw_replica_queue_unshift(struct gw_replica *self, uint32_t i);
uint32_t gw_replica_queue_head(const struct gw_replica *self);
void gw_replica_queue_remove(struct gw_replica *self, uint32_t i);

static inline uint32_t gw_replica_queue_n(const struct gw_replica *self)
{
    return self->queue.n + self->order.n;
}

/* Rule 8, where requests have more: tokens of the prompt at hand, when it is admitted. */
uint32_t gw_replica_queue_find(struct gw_replica *self, uint32_t i);

/* Where there is a cache: its prompt, or with `answer` its answer too, has passed through the engine. */
void gw_replica_queue_keep(struct gw_replica *self, uint32_t i, bool answer);

/* The request gives up at its time-out, if it has one. */
void gw_replica_queue_watch(struct gw_replica *self, uint32_t i, const struct gw_serve_request *request);

/* The next time-out of anybody in flight. */
static inline gw_tick gw_replica_queue_deadline(const struct gw_replica *self)
{
    return self->deadline.n == 0 ? GW_TICK_NEVER
                                 : (self->deadline.entry[0].key - self->base_us) * GW_TICKS_PER_US;
}

/* Could a request with this prompt join the engine at the next boundary of the planned decode regime? Blocks
 * and seats only get fewer until a sequence finishes. */
bool gw_replica_batch_has_room(const struct gw_replica *self, uint32_t prompt_len);

/* The tokens of the planned regime are out: finished requests leave, prompts begin to decode. */
void gw_replica_batch_advance(struct gw_replica *self, const struct gw_serve_sink *sink);

/* Rule 7 at the boundary `start`. */
void gw_replica_batch_time_out(struct gw_replica *self, const struct gw_serve_sink *sink);

/* What the next step processes: takes its blocks (preempting if they run out) and admits; fills self->load.
 */
void gw_replica_batch_form(struct gw_replica *self);

/* Steps until a decoding sequence finishes or its window is full. */
int64_t gw_replica_batch_steps_to_change(const struct gw_replica *self);

/* Steps for which the free blocks last beyond the planned one, up to `most`. */
int64_t gw_replica_batch_steps_to_full(const struct gw_replica *self, int64_t most);

/* Rule 11. The steps that a sequence decodes in, from this number of emitted tokens on; blocks that the next
 * step takes beyond those held between steps; the end of a step. */
uint32_t gw_replica_draft_start(struct gw_replica *self, uint32_t i, uint32_t emitted);
int64_t gw_replica_draft_need(const struct gw_replica *self);
void gw_replica_draft_advance(struct gw_replica *self);

static inline bool gw_replica_drafts(const struct gw_replica *self)
{
    return self->cfg->drafts.tokens > 0;
}

/* Books the energy and counts of the planned regime, before the batch advances. */
void gw_replica_meter_commit(struct gw_replica *self);

/* KV blocks over the first k >= 1 steps of the planned regime. */
struct gw_replica_kv {
    double block_ticks; /* held, times how long */
    int64_t last;       /* held during the k-th */
};
struct gw_replica_kv gw_replica_kv_over(const struct gw_replica *self, int64_t k);

/* A sequence begins or ends to receive its share of the decode energy. */
void gw_replica_meter_join(struct gw_replica *self, struct gw_replica_slot *s);
void gw_replica_meter_leave(struct gw_replica *self, struct gw_replica_slot *s);

#endif
