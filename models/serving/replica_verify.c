/* Every sum a replica keeps, counted again from its lists. */
#include "models/serving/replica_private.h"

#include <math.h>

struct tally {
    int64_t decoding, context, blocks, prompts;
    int64_t window, growing, saturating;
    int64_t phase[GW_REPLICA_BLOCK_TOK_MAX];
};

static uint64_t waiting_tok(const struct gw_replica *self, uint32_t i)
{
    GW_REQUIRE(i < self->slots);
    GW_REQUIRE(self->slot[i].emitted < self->slot[i].out_tok);
    return gw_replica_prompt_len(&self->slot[i]);
}

static void verify_queue(const struct gw_replica *self)
{
    uint64_t tok = 0;
    uint32_t n = 0, last = GW_REPLICA_NONE;
    for (uint32_t i = self->queue.head; i != GW_REPLICA_NONE; i = self->slot[i].next) {
        tok += waiting_tok(self, i);
        GW_REQUIRE(self->slot[i].prev == last);
        last = i;
        n++;
    }
    GW_REQUIRE(last == self->queue.tail);
    GW_REQUIRE(n == self->queue.n);

    gw_slot_heap_verify(&self->order);
    for (uint32_t i = 0; i < self->order.n; i++) {
        tok += waiting_tok(self, self->order.entry[i].slot);
    }
    GW_REQUIRE(tok == self->queue_tok);
}

static void verify_deadlines(const struct gw_replica *self)
{
    gw_slot_heap_verify(&self->deadline);
    GW_REQUIRE(self->deadline.n <= gw_replica_in_flight(self));
    GW_REQUIRE(self->deadline.n == 0 || self->steps == 0 || gw_replica_queue_deadline(self) > self->start);
}

static void tally_decoding(const struct gw_replica *self, uint32_t i, struct tally *t)
{
    const struct gw_replica_slot *s = &self->slot[i];
    const bool drafts = gw_replica_drafts(self);
    GW_REQUIRE(s->emitted > self->step);
    GW_REQUIRE(s->emitted - self->step < s->out_tok);
    const uint32_t emitted = drafts ? self->more[i].out : s->out_tok - (s->emitted - self->step);
    const uint32_t context = s->in_tok + emitted;
    t->decoding++;
    t->context += context;
    t->blocks += gw_replica_step_blocks(self, i, context);
    t->phase[gw_replica_cell(self, context)] += !drafts;
    const int64_t window = self->cfg->time.window;
    t->window += context < window ? context : window;
    t->growing += context < window;
    t->saturating += !drafts && context < window && self->step + (window - context) <= s->emitted;
}

static void tally_prompt(const struct gw_replica *self, uint32_t i, struct tally *t)
{
    const struct gw_replica_slot *s = &self->slot[i];
    const uint32_t done = i == self->prompt_first ? self->prompt_done : gw_replica_found(self, i);
    const uint32_t rest = gw_replica_prompt_len(s) - done - gw_replica_chunk(self, t->prompts, i);
    t->prompts++;
    t->blocks += gw_replica_blocks(self, gw_replica_prompt_len(s));
    GW_REQUIRE(rest == (t->prompts == self->load.prompts ? self->last_rest : 0));
}

static void verify_engine(const struct gw_replica *self)
{
    struct tally t = {0};
    uint32_t n = 0, last = GW_REPLICA_NONE;
    bool prompt = false;
    for (uint32_t i = self->engine.head; i != GW_REPLICA_NONE; i = self->slot[i].next) {
        GW_REQUIRE(i < self->slots);
        GW_REQUIRE(self->slot[i].prev == last);
        prompt = prompt || i == self->prompt_first;
        if (prompt) {
            tally_prompt(self, i, &t);
        } else {
            tally_decoding(self, i, &t);
        }
        last = i;
        n++;
    }
    GW_REQUIRE(last == self->engine.tail);
    GW_REQUIRE(n == self->engine.n);
    GW_REQUIRE(n <= (uint32_t)self->cfg->max_seqs);
    GW_REQUIRE(t.prompts == self->load.prompts);
    GW_REQUIRE(t.decoding == self->load.batch);
    GW_REQUIRE(t.decoding == (int64_t)self->finish.n);
    GW_REQUIRE(t.context == self->load.context);
    GW_REQUIRE(t.window == self->load.window);
    GW_REQUIRE(t.growing == self->load.growing);
    GW_REQUIRE(t.saturating == (int64_t)self->saturate.n);
    GW_REQUIRE(t.blocks + self->free_blocks == self->cfg->kv_blocks);
    GW_REQUIRE(self->free_blocks >= 0);
    GW_REQUIRE(self->load.batch + self->load.prompt_tok <= self->cfg->token_budget);
    for (uint32_t i = 0; i < self->block_tok; i++) {
        GW_REQUIRE(t.phase[i] == self->phase[i]);
    }
}

static void verify_finish_heap(const struct gw_replica *self)
{
    for (uint32_t i = 0; i < self->finish.n; i++) {
        const uint64_t key = self->finish.key[i];
        GW_REQUIRE(key >= self->finish.key[0]);
        GW_REQUIRE(gw_finish_heap_step(key) == self->slot[gw_finish_heap_slot(key)].emitted);
    }
}

static void verify_classes(const struct gw_replica *self)
{
    int64_t decoding = 0;
    for (uint32_t i = 0; i < self->classes; i++) {
        GW_REQUIRE(self->class[i].decoding >= 0);
        GW_REQUIRE(isfinite(self->class[i].offset_j));
        decoding += self->class[i].decoding;
    }
    GW_REQUIRE(decoding == self->load.batch);
}

static void verify_plan(const struct gw_replica *self)
{
    GW_REQUIRE(self->edge < self->block_tok);
    if (self->steps == 0) {
        GW_REQUIRE(self->engine.n == 0);
        GW_REQUIRE((self->due == GW_TICK_NEVER) == (gw_replica_queue_n(self) == 0));
        return;
    }
    GW_REQUIRE(self->saturate.n == 0 || gw_finish_heap_step(self->saturate.key[0]) > self->step);
    GW_REQUIRE(self->ramp.first == gw_step_time_of(&self->cfg->time, &self->load));
    GW_REQUIRE(self->due == self->start + gw_step_time_sum(&self->ramp, self->steps));
    GW_REQUIRE((self->load.prompts == 0 && !gw_replica_drafts(self)) || self->steps == 1);
    if (self->load.batch > 0) {
        GW_REQUIRE(self->steps <= (int64_t)gw_finish_heap_step(self->finish.key[0]) - self->step);
    }
}

void gw_replica_verify(const struct gw_replica *self)
{
    verify_queue(self);
    verify_deadlines(self);
    verify_engine(self);
    verify_finish_heap(self);
    verify_classes(self);
    verify_plan(self);
}
