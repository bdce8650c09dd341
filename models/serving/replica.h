/* models/serving/replica.h - one serving engine, exact to the token, at a cost of a few events per request.
 *
 * Rules (docs/models/serving.md; the twin in tests/reference/replica_twin.c says them step by step):
 *
 *  1. Every step decodes one token of each running sequence and prefills prompt chunks with what is left
 *     of token_budget. A prompt's last chunk emits its first token at the end of that step; a request is
 *     finished at the end of the step that emits its last token.
 *  2. First come, first served. The head of the queue is admitted at a step boundary when fewer than
 *     max_seqs sequences are in the engine, budget is left in this step and the free KV blocks hold its
 *     whole prompt. If it is blocked nobody behind it is admitted. Only the last admitted prompt can be
 *     partly prefilled.
 *  3. KV memory is counted in blocks of block_tok tokens. A decode step needs a block for every sequence
 *     whose context crosses a block edge. When blocks run out the last admitted sequence is preempted: its
 *     blocks are freed and it returns to the front of the queue, to prefill prompt and emitted tokens again.
 *  4. Arrivals with time <= a boundary are seen at that boundary. An idle engine starts a step on arrival.
 *  5. A request that could never fit is refused at arrival: its longest context is in_tok + out_tok - 1, as
 *     the last token is emitted and not processed.
 *
 *  6. Other orders of admission than first come: by rank, arrival less rank_us per level of priority, or plus
 *     rank_us per prompt token; equal ranks as they came. The head of the queue is then the lowest rank, and
 *     preempted ones go before all others. As ranks do not change and time goes on, everybody's turn comes.
 *  7. A request whose time-out has passed at a step boundary leaves there, waiting or running, unless it just
 *     finished: its blocks are freed before the next step takes any.
 *
 *  8. A prompt whose beginning is at hand is prefilled from there on, but always its last token: `cached_tok`
 *     tokens, or if more the units of its prefix that the cache holds when it is admitted, again after a
 *     preemption. Its own blocks hold the whole prompt. When the prompt is complete the units of its prefix
 *     have been used; when it finishes, those that its answer continues, too; in order of admission.
 *
 *  9. Phases on different replicas. One that only prefills hands a request over, to `served` with `emitted`
 * below out_tok, at the step that emits the first token, and frees its blocks; its `request` is then whole,
 * time-out and priority included. A prefilled request is
 * admitted like others, with blocks for its prompt and one token, and decodes from that step on; it stands
 * before the prompts of the step in the order of preemption. Preempted it prefills again like any other.
 *
 * 10. Coefficients may change (gw_replica_retune): the step under way ends with those it began with.
 *
 * 11. Drafted tokens: a step emits of each decoding sequence as many tokens as gw_drafts_emit draws, and
 * needs blocks for all that are verified, though not beyond its longest context; those of the others are free
 *     at its end. Drafts do not count in the budget.
 *
 * A *regime* is k >= 1 steps with an equal running set and no prompt; its time, KV growth and energy have
 * closed forms. Steps with prompts run one by one. A feature without a closed form sets k = 1.
 *
 * Energy: P(step) x time; idle power in between. A step's energy is shared by the tokens it processes, so
 * a request's energy is the difference of a running integral. A meter cut in the middle of a step splits it
 * linearly in time.
 *
 * Time is in ticks since base_us; gw_replica_rebase moves the base exactly. A replica is touched by one
 * thread at a time and owns its memory. */
#ifndef GW_MODELS_SERVING_REPLICA_H
#define GW_MODELS_SERVING_REPLICA_H

#include <stdbool.h>
#include <stdint.h>

#include "models/serving/drafts.h"
#include "models/serving/prefix_cache.h"
#include "models/serving/step_power.h"
#include "sim/base/status.h"
#include "sim/core/clock.h"

/* Who of those that wait is admitted first (rule 6). */
enum gw_admission { GW_ADMISSION_FCFS, GW_ADMISSION_PRIORITY, GW_ADMISSION_SHORTEST };

/* Constant over a run and shared by equal replicas. Coefficients are >= 0, and the longest step that these
 * limits allow (all KV memory in use, the whole budget spent on prompts) takes less than 2^58 ticks, 3.2
 * days. */
struct gw_replica_cfg {
    struct gw_step_time time;
    struct gw_step_power power;
    int32_t max_seqs;     /* sequences in the engine at once, 1..token_budget */
    int32_t token_budget; /* tokens a step may process, up to 2^20 */
    int32_t block_tok;    /* KV tokens per block, 1..64 */
    int32_t kv_blocks;    /* at least 1; kv_blocks * block_tok <= 2^31 */
    int32_t prefix_units; /* of an own memory for prefixes of earlier requests (rule 8); 0: none */
    int32_t prefix_unit_tok;
    struct gw_prefix_ids prefix_ids;
    bool prefill_only;       /* rule 9 */
    struct gw_drafts drafts; /* rule 11; time and power are then those of a step, not of a token */
    enum gw_admission admission;
    int64_t rank_us; /* waiting that a level of priority, or a prompt token less, makes up for: up to 2^40,
                        2^30 */
};

/* What is left 0 asks for nothing: no time-out, no prefix that others share, the lowest priority. */
struct gw_serve_request {
    gw_time_us arrival_us; /* at the engine */
    uint32_t in_tok;       /* >= 1 */
    uint32_t out_tok;      /* >= 1 */
    uint16_t class;        /* row of the demand table */
    uint16_t lane;         /* the fleet's; a replica only carries it along */
    uint32_t timeout_ms;   /* after its arrival; 0: it waits for ever */
    uint64_t number;       /* the request's number within its demand, below 2^48, for records */
    uint64_t prefix;       /* identity of the text the prompt begins with; 0: nobody shares it */
    uint32_t prefix_tok;   /* of it, in the prompt; beyond in_tok the answer continues it, too */
    uint32_t cached_tok;   /* tokens of the prompt whose KV is there whatever the cache holds */
    uint8_t priority;      /* the higher the earlier */
    bool prefilled;        /* its KV is here and its first token is out (rule 9); out_tok >= 2 */
};

/* A finished request, or one that gave up: then `finish` is when it left. `request` has what is needed to
 * know it again: times, lengths, class, lane and number. Times in ticks since the arrival at the engine; what
 * waits for more than 2^42 us (50 days) is given about that. */
struct gw_served {
    struct gw_serve_request request;
    gw_tick first_token, finish;
    double energy_j;
    uint32_t emitted;     /* tokens; fewer than out_tok when it gave up, and 0 when none was out */
    uint32_t preemptions; /* 65535 stands for more, too */
};

struct gw_serve_sink {
    void (*served)(void *to, const struct gw_served *served);
    void (*refused)(void *to, const struct gw_serve_request *request);
    void *to;
    void (*timed_out)(void *to, const struct gw_served *served); /* needed where requests have time-outs */
};

/* What a meter reading returns: since the previous one. Energy and time of a step under way count up to the
 * reading, its tokens once it is over. */
struct gw_replica_meter {
    double busy_j, idle_j; /* accelerators during steps, and between them */
    double busy_s;
    double token_steps;           /* integral of batch over busy time, s: mean batch = token_steps / busy_s */
    uint64_t prompt_tok, out_tok; /* processed (recomputation included) and emitted */
    uint64_t cached_tok;          /* of prompts, found instead of processed; counted at admission */
    double moved_j;               /* what carrying keys and values to other replicas took: a fleet's to say */
    uint64_t steps, events, preemptions;
    double kv_block_s;      /* integral of the KV blocks held over time, exact step by step */
    int64_t kv_blocks_peak; /* most of them held during any step */
};

struct gw_replica;

/* NULL when memory is out. classes: number of rows of the class table. cfg must outlive the replica. */
struct gw_replica *gw_replica_create(const struct gw_replica_cfg *cfg, uint32_t classes, gw_time_us base_us);
void gw_replica_destroy(struct gw_replica *self);

/* End of the planned regime: the next boundary at which something can change; GW_TICK_NEVER when idle. An
 * arrival may bring it forward. */
gw_tick gw_replica_due(const struct gw_replica *self);

/* Processes every boundary before `until`; one at `until` waits, so that it sees the arrivals of that
 * instant. Ticks since the base must stay below 2^61 (25 days): rebase at meter readings. */
void gw_replica_run(struct gw_replica *self, gw_tick until, const struct gw_serve_sink *sink);

/* Hands over a request at its arrival time; the replica must have been run to it. False when memory is out.
 */
GW_MUST_USE bool gw_replica_arrive(struct gw_replica *self, const struct gw_serve_request *request,
                                   const struct gw_serve_sink *sink);

/* The same for one that arrived earlier and is handed over at `at`, a whole number of microseconds, before
 * its time-out: it waited elsewhere, and all its times count from its arrival. */
GW_MUST_USE bool gw_replica_take(struct gw_replica *self, gw_tick at, const struct gw_serve_request *request,
                                 const struct gw_serve_sink *sink);

/* The same for what another replica handed over and whose keys and values are here at `at`: its first token,
 * energy and preemptions go on (rule 9). */
GW_MUST_USE bool gw_replica_resume(struct gw_replica *self, gw_tick at, const struct gw_served *handed_over,
                                   const struct gw_serve_sink *sink);

/* From the first step boundary at or after `at` on (the replica must have been run to it) steps take the
 * times and powers of another configuration: a power cap or a clock was set. Only `time` and `power` may
 * differ, not the window, not power at rest. A second one before that boundary replaces the first. cfg must
 * outlive the replica or the next change but one. */
void gw_replica_retune(struct gw_replica *self, gw_tick at, const struct gw_replica_cfg *cfg);

/* Reads and resets the meters at `at` (the replica must have been run to it). class_j[classes] receives the
 * busy energy of each class since the previous reading, added to what is there: the sum over classes equals
 * busy_j. */
void gw_replica_meter(struct gw_replica *self, gw_tick at, struct gw_replica_meter *out, double *class_j);

/* Moves the time base forward by a whole number of microseconds. */
void gw_replica_rebase(struct gw_replica *self, gw_time_us base_us);

/* As of the last processed boundary. */
uint32_t gw_replica_in_flight(const struct gw_replica *self); /* queued and running */
uint32_t gw_replica_running(const struct gw_replica *self);   /* in the engine */
uint64_t
gw_replica_pending_tok(const struct gw_replica *self);    /* prompt tokens in flight, not yet prefilled */
double gw_replica_kv_frac(const struct gw_replica *self); /* blocks held, of kv_blocks */

/* Every request still inside, those that wait first; but for its time-out and priority whole. */
void gw_replica_each(const struct gw_replica *self,
                     void (*visit)(void *to, const struct gw_serve_request *request, bool answered_first),
                     void *to);

/* Every invariant the slow way (GW_REQUIRE): blocks, counts, order, sums. */
void gw_replica_verify(const struct gw_replica *self);

#endif
