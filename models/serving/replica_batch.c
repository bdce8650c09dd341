/* Who is in the engine: admission from the head of the queue, KV memory in blocks, preemption, first and last
 * tokens. */
#include "models/serving/replica_private.h"

/* Step numbers start again from 0 before they leave 32 bits. */
#define STEP_LIMIT (UINT32_C(1) << 30)

bool gw_replica_batch_has_room(const struct gw_replica *self, uint32_t prompt_len)
{
    return self->engine.n < (uint32_t)self->cfg->max_seqs &&
           gw_replica_blocks(self, prompt_len) <= self->free_blocks;
}

/* --- the decoding set: every sum that a decode step is made of ---------------------------------- */

/* Sequences whose context fits into the window read a token more in each step; of those that live to fill it
 * the heap knows when. `context` is that of the next step. */
static bool will_saturate(const struct gw_replica *self, uint32_t i, uint32_t context)
{
    return context < self->cfg->time.window && !gw_replica_drafts(self) &&
           self->step + (self->cfg->time.window - context) <= self->slot[i].emitted;
}

static void enter_window(struct gw_replica *self, uint32_t i, uint32_t context)
{
    const int64_t window = self->cfg->time.window;
    self->load.window += context < window ? context : window;
    self->load.growing += context < window;
    if (will_saturate(self, i, context)) {
        const uint32_t at = self->step + (uint32_t)(window - context);
        gw_finish_heap_push(&self->saturate, gw_finish_heap_key(at, i));
    }
}

static void leave_window(struct gw_replica *self, uint32_t i, uint32_t context)
{
    const int64_t window = self->cfg->time.window;
    self->load.window -= context < window ? context : window;
    self->load.growing -= context < window;
    if (will_saturate(self, i, context)) {
        (void)gw_finish_heap_remove(&self->saturate, i);
    }
}

/* `context` is the sequence's context in the next step: prompt and emitted tokens. */
static void start_decoding(struct gw_replica *self, uint32_t i, uint32_t emitted)
{
    struct gw_replica_slot *s = &self->slot[i];
    const uint32_t context = s->in_tok + emitted;

    if (self->load.batch == 0) {
        self->step = 0;
    }
    const bool drafts = gw_replica_drafts(self);
    s->emitted = self->step + (drafts ? gw_replica_draft_start(self, i, emitted) : s->out_tok - emitted);
    gw_finish_heap_push(&self->finish, gw_finish_heap_key(s->emitted, i));
    gw_replica_meter_join(self, s);
    self->load.batch++;
    self->load.context += context;
    self->phase[gw_replica_cell(self, context)] += !drafts;
    if (self->cfg->time.window > 0) {
        enter_window(self, i, context);
    }
}

/* After the finish heap has let go of it. */
static void stop_decoding(struct gw_replica *self, uint32_t i, uint32_t emitted)
{
    struct gw_replica_slot *s = &self->slot[i];
    const uint32_t context = s->in_tok + emitted;
    if (self->cfg->time.window > 0) {
        leave_window(self, i, context);
    }
    self->phase[gw_replica_cell(self, context)] -= !gw_replica_drafts(self);
    self->load.context -= context;
    self->load.batch--;
    gw_replica_meter_leave(self, s);
    s->emitted = emitted;
    self->free_blocks += gw_replica_blocks(self, context - 1);
}

/* Blocks are taken for all steps of the regime but the first, which has them. */
static void advance_regime(struct gw_replica *self)
{
    const int64_t k = self->steps;
    const uint32_t before = (uint32_t)(k - 1), part = before % self->block_tok;

    self->free_blocks -= before / self->block_tok * self->load.batch;
    self->edge = (self->edge == 0 ? self->block_tok : self->edge) - 1;
    for (uint32_t i = 0; i < part; i++) {
        self->free_blocks -= self->phase[self->edge];
        self->edge = (self->edge == 0 ? self->block_tok : self->edge) - 1;
    }

    self->load.context += k * self->load.batch;
    self->load.window += k * self->load.growing;
    self->step += (uint32_t)k;
    while (self->saturate.n > 0 && gw_finish_heap_step(self->saturate.key[0]) == self->step) {
        (void)gw_finish_heap_pop(&self->saturate);
        self->load.growing--;
    }
}

static void advance_decoding(struct gw_replica *self)
{
    if (gw_replica_drafts(self)) {
        gw_replica_draft_advance(self);
    } else {
        advance_regime(self);
    }
    if (self->step >= STEP_LIMIT) {
        for (uint32_t i = 0; i < self->finish.n; i++) {
            self->slot[gw_finish_heap_slot(self->finish.key[i])].emitted -= self->step;
        }
        gw_finish_heap_renumber(&self->finish, self->step);
        gw_finish_heap_renumber(&self->saturate, self->step);
        self->step = 0;
    }
}

int64_t gw_replica_batch_steps_to_change(const struct gw_replica *self)
{
    const uint32_t finish = gw_finish_heap_step(self->finish.key[0]);
    const uint32_t full = self->saturate.n > 0 ? gw_finish_heap_step(self->saturate.key[0]) : finish;
    return (full < finish ? full : finish) - self->step;
}

int64_t gw_replica_batch_steps_to_full(const struct gw_replica *self, int64_t most)
{
    const int64_t batch = self->load.batch;
    if (batch * ((uint32_t)most / self->block_tok + INT64_C(1)) <= self->free_blocks) {
        return most;
    }

    /* whole rounds give each sequence a block; then step by step */
    const int64_t rounds = self->free_blocks / batch;
    int64_t rest = self->free_blocks - rounds * batch;
    int64_t steps = 1 + rounds * self->block_tok;
    uint32_t edge = self->edge;
    for (;; steps++) {
        edge = (edge == 0 ? self->block_tok : edge) - 1;
        rest -= self->phase[edge];
        if (rest < 0 || steps >= most) {
            return steps < most ? steps : most;
        }
    }
}

/* --- the end of a regime: tokens are out --------------------------------------------------------- */

static struct gw_served account(const struct gw_replica *self, uint32_t i, gw_tick at)
{
    const struct gw_replica_slot *s = &self->slot[i];
    return (struct gw_served){
        .request = gw_replica_request(self, i),
        .first_token = s->first_token,
        .finish = gw_replica_since_arrival(self, s, at),
        .energy_j = s->energy_j,
        .emitted = s->emitted,
        .preemptions = s->preemptions,
    };
}

static void finish(struct gw_replica *self, uint32_t i, const struct gw_serve_sink *sink)
{
    const struct gw_served served = account(self, i, self->due);
    gw_replica_queue_unlink(self, &self->engine, i);
    gw_replica_queue_free_slot(self, i);
    sink->served(sink->to, &served);
}

/* The prompt is complete: one token is out. */
static void emit_first(struct gw_replica *self, uint32_t i, const struct gw_serve_sink *sink)
{
    struct gw_replica_slot *s = &self->slot[i];
    const uint32_t prompt_len = gw_replica_prompt_len(s);

    if (s->emitted == 0) {
        s->first_token = gw_replica_since_arrival(self, s, self->due);
    }
    if (self->prefixes != NULL) {
        gw_replica_queue_keep(self, i, false);
    }
    s->emitted++;
    self->since.out_tok++;
    if (s->emitted < s->out_tok && !self->cfg->prefill_only) {
        start_decoding(self, i, s->emitted);
    } else {
        self->free_blocks += gw_replica_blocks(self, prompt_len);
        if (self->prefixes != NULL && s->emitted == s->out_tok) {
            gw_replica_queue_keep(self, i, true);
        }
        finish(self, i, sink);
    }
}

static void advance_prompts(struct gw_replica *self, const struct gw_serve_sink *sink)
{
    uint32_t i = self->prompt_first;
    for (int64_t left = self->load.prompts; left > 0; left--) {
        if (left == 1 && self->last_rest > 0) {
            const uint32_t before = self->load.prompts == 1 ? self->prompt_done : gw_replica_found(self, i);
            self->prompt_done = before + self->last_chunk;
            self->prompt_first = i;
            return;
        }
        const uint32_t next = self->slot[i].next;
        emit_first(self, i, sink);
        i = next;
    }
    self->prompt_first = GW_REPLICA_NONE;
}

/* Those that finish now leave the heap in order of slots; the cache hears of them in order of admission. */
static void keep_answers(struct gw_replica *self)
{
    if (self->prefixes == NULL || gw_finish_heap_step(self->finish.key[0]) != self->step) {
        return;
    }
    for (uint32_t i = self->engine.head; i != GW_REPLICA_NONE && i != self->prompt_first;
         i = self->slot[i].next) {
        if (self->slot[i].emitted == self->step) {
            gw_replica_queue_keep(self, i, true);
        }
    }
}

void gw_replica_batch_advance(struct gw_replica *self, const struct gw_serve_sink *sink)
{
    if (self->load.batch > 0) {
        advance_decoding(self);
        keep_answers(self);
        while (self->finish.n > 0 && gw_finish_heap_step(self->finish.key[0]) == self->step) {
            const uint32_t i = gw_finish_heap_slot(gw_finish_heap_pop(&self->finish));
            stop_decoding(self, i, self->slot[i].out_tok);
            finish(self, i, sink);
        }
    }
    advance_prompts(self, sink);
}

/* --- the next step: what it processes ------------------------------------------------------------ */

/* Between two steps: its blocks are free again. */
static void leave_engine(struct gw_replica *self, uint32_t i)
{
    struct gw_replica_slot *s = &self->slot[i];
    if (self->prompt_first == i) {
        self->free_blocks += gw_replica_blocks(self, gw_replica_prompt_len(s));
        self->prompt_first = GW_REPLICA_NONE;
    } else {
        const uint32_t left = gw_finish_heap_step(gw_finish_heap_remove(&self->finish, i)) - self->step;
        stop_decoding(self, i, gw_replica_drafts(self) ? self->more[i].out : s->out_tok - left);
    }
    gw_replica_queue_unlink(self, &self->engine, i);
}

/* Between two steps the engine holds those that decode and at most one prompt, half way. */
static bool is_in_engine(const struct gw_replica *self, uint32_t i)
{
    return self->prompt_first == i || gw_finish_heap_holds(&self->finish, i);
}

void gw_replica_batch_time_out(struct gw_replica *self, const struct gw_serve_sink *sink)
{
    while (gw_replica_queue_deadline(self) <= self->start) {
        const uint32_t i = self->deadline.entry[0].slot;
        if (is_in_engine(self, i)) {
            leave_engine(self, i);
        } else {
            gw_replica_queue_remove(self, i);
        }
        const struct gw_served served = account(self, i, self->start);
        gw_replica_queue_free_slot(self, i);
        sink->timed_out(sink->to, &served);
    }
}

/* Rule 3: the last admitted one goes back to the front of the queue. */
static void preempt_last(struct gw_replica *self)
{
    const uint32_t i = self->engine.tail;
    GW_REQUIRE(i != GW_REPLICA_NONE);
    struct gw_replica_slot *s = &self->slot[i];
    leave_engine(self, i);
    gw_replica_queue_unshift(self, i);
    s->preemptions = s->preemptions < UINT16_MAX ? s->preemptions + 1 : UINT16_MAX;
    self->since.preemptions++;
}

/* The last prompt in the engine, `done` of its tokens behind it, takes what is left of the budget. */
static int64_t take_chunk(struct gw_replica *self, uint32_t i, uint32_t done, int64_t budget)
{
    struct gw_step_load *load = &self->load;
    const int64_t left = (int64_t)gw_replica_prompt_len(&self->slot[i]) - done;
    const int64_t n = left < budget ? left : budget;

    load->prompts++;
    load->prompt_tok += n;
    load->pairs += n * done + n * (n + 1) / 2;
    load->prompt_kv += done + n;
    if (self->cfg->time.window > 0) {
        const int64_t w = self->cfg->time.window;
        load->window_pairs += gw_step_time_window_pairs(done, n, w);
        load->window_kv += (done < w ? done : w) + n;
    }
    self->last_chunk = (uint32_t)n;
    self->last_rest = (uint32_t)(left - n);
    return budget - n;
}

/* Blocks that the decoding sequences need beyond those they hold. */
static int64_t blocks_to_decode(const struct gw_replica *self)
{
    return gw_replica_drafts(self) ? gw_replica_draft_need(self) : self->phase[self->edge];
}

/* What a request in the queue needs to be admitted. */
static int64_t blocks_to_admit(const struct gw_replica *self, uint32_t i)
{
    const uint32_t prompt_len = gw_replica_prompt_len(&self->slot[i]);
    return self->more != NULL && self->more[i].prefilled ? gw_replica_step_blocks(self, i, prompt_len)
                                                         : gw_replica_blocks(self, prompt_len);
}

/* Rule 9: its KV is here; it decodes in the step that is being formed. */
static void admit_prefilled(struct gw_replica *self, uint32_t i)
{
    self->more[i].prefilled = false;
    if (self->prompt_first == GW_REPLICA_NONE) {
        gw_replica_queue_append(self, &self->engine, i);
    } else {
        gw_replica_queue_insert(self, &self->engine, i, self->prompt_first);
    }
    start_decoding(self, i, self->slot[i].emitted);
}

void gw_replica_batch_form(struct gw_replica *self)
{
    struct gw_step_load *load = &self->load;
    load->prompt_tok = load->pairs = load->prompt_kv = load->prompts = 0;
    load->window_pairs = load->window_kv = 0;

    int64_t needed;
    while ((needed = blocks_to_decode(self)) > self->free_blocks) {
        preempt_last(self);
    }
    self->free_blocks -= needed;

    int64_t budget = self->cfg->token_budget - load->batch;
    if (self->prompt_first != GW_REPLICA_NONE) {
        budget = take_chunk(self, self->prompt_first, self->prompt_done, budget);
    }
    for (uint32_t i; budget > 0 && (i = gw_replica_queue_head(self)) != GW_REPLICA_NONE;) {
        const int64_t blocks = blocks_to_admit(self, i);
        if (self->engine.n >= (uint32_t)self->cfg->max_seqs || blocks > self->free_blocks) {
            break;
        }
        gw_replica_queue_remove(self, i);
        self->free_blocks -= blocks;
        if (self->more != NULL && self->more[i].prefilled) {
            admit_prefilled(self, i);
            budget--;
            continue;
        }
        gw_replica_queue_append(self, &self->engine, i);
        const uint32_t found = self->more != NULL ? gw_replica_queue_find(self, i) : 0;
        if (self->prompt_first == GW_REPLICA_NONE) {
            self->prompt_first = i;
            self->prompt_done = found;
        }
        budget = take_chunk(self, i, found, budget);
    }
}
