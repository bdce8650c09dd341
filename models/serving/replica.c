/* The clock of a replica. Time jumps from boundary to boundary: `due` is the next step boundary at which
 * something can change. A plan is committed only when its end is reached, so an arrival may still shorten it;
 * the step under way at the arrival is never changed. */
#include "models/serving/replica_private.h"

#include <stdlib.h>

/* Ticks since the base stay below this, so that adding a ramp or a wait cannot overflow. */
#define TICK_LIMIT (INT64_C(1) << 61)

/* The longest step this configuration can have stays below a ramp's limit, and every count fits. */
static void require_valid(const struct gw_replica_cfg *cfg)
{
    const struct gw_step_time *t = &cfg->time;
    GW_REQUIRE(cfg->block_tok >= 1 && cfg->block_tok <= GW_REPLICA_BLOCK_TOK_MAX);
    GW_REQUIRE(cfg->kv_blocks >= 1 && (int64_t)cfg->kv_blocks * cfg->block_tok <= INT64_C(1) << 31);
    GW_REQUIRE(cfg->max_seqs >= 1 && cfg->max_seqs <= cfg->token_budget);
    GW_REQUIRE(cfg->token_budget <= 1 << 20);
    GW_REQUIRE(cfg->prefix_units == 0 || (cfg->prefix_units >= 1 && cfg->prefix_unit_tok >= 1));
    GW_REQUIRE(cfg->rank_us >= 0);
    GW_REQUIRE(cfg->rank_us <= INT64_C(1) << (cfg->admission == GW_ADMISSION_PRIORITY ? 40 : 30));
    GW_REQUIRE(t->step >= 0 && t->seq >= 0 && t->kv >= 0 && t->prompt >= 0 && t->pair >= 0);
    GW_REQUIRE(t->window >= 0 && t->window_kv >= 0 && t->window_pair >= 0);
    GW_REQUIRE(t->draft >= 0);
    GW_REQUIRE(cfg->drafts.tokens >= 0 && cfg->drafts.tokens <= GW_DRAFTS_MAX);
    GW_REQUIRE(t->expert >= 0 && t->expert <= t->step && t->expert <= INT64_C(1) << 47);

    const double kv_tok = (double)cfg->kv_blocks * (double)cfg->block_tok;
    const double budget = (double)cfg->token_budget;
    const double longest = (double)t->step + (double)t->draft + (double)t->seq * (double)cfg->max_seqs +
                           ((double)t->kv + (double)t->window_kv) * kv_tok + (double)t->prompt * budget +
                           ((double)t->pair + (double)t->window_pair) * budget * kv_tok;
    GW_REQUIRE(longest < (double)GW_STEP_SPAN_MAX);
}

struct gw_replica *gw_replica_create(const struct gw_replica_cfg *cfg, uint32_t classes, gw_time_us base_us)
{
    require_valid(cfg);
    struct gw_replica *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->cfg = cfg;
    self->base_us = base_us;
    self->due = GW_TICK_NEVER;
    self->block_tok = (uint32_t)cfg->block_tok;
    self->free_blocks = cfg->kv_blocks;
    self->prompt_first = GW_REPLICA_NONE;
    self->engine = self->queue = (struct gw_replica_list){GW_REPLICA_NONE, GW_REPLICA_NONE, 0};
    self->free_slot = GW_REPLICA_NONE;
    self->classes = classes;

    self->class = calloc(classes > 0 ? classes : 1, sizeof *self->class);
    self->finish.key = malloc((size_t)cfg->max_seqs * sizeof *self->finish.key);
    if (cfg->prefix_units > 0) {
        self->prefixes = gw_prefix_cache_create((uint32_t)cfg->prefix_units, &cfg->prefix_ids);
    }
    self->saturate.key = malloc((size_t)cfg->max_seqs * sizeof *self->saturate.key);
    if (self->class == NULL || self->finish.key == NULL || self->saturate.key == NULL ||
        (cfg->prefix_units > 0 && self->prefixes == NULL)) {
        gw_replica_destroy(self);
        return NULL;
    }
    return self;
}

void gw_replica_destroy(struct gw_replica *self)
{
    if (self != NULL) {
        gw_slot_heap_fini(&self->order);
        gw_slot_heap_fini(&self->deadline);
        gw_prefix_cache_destroy(self->prefixes);
        free(self->more);
        free(self->slot);
        free(self->class);
        free(self->finish.key);
        free(self->saturate.key);
        free(self);
    }
}

/* What happens at `at`, after the start of the regime, must not wait for its end: it ends at the first
 * boundary that sees it. */
static void shorten(struct gw_replica *self, gw_tick at)
{
    GW_REQUIRE(at > self->start);
    if (at < self->due) {
        self->steps = gw_step_time_until(&self->ramp, at - self->start, self->steps);
        self->due = self->start + gw_step_time_sum(&self->ramp, self->steps);
    }
}

/* From the batch in self->load to the end of the regime: the first step at which a sequence finishes or its
 * window is full, the blocks run out or somebody has given up. A step with prompts or drafts stands alone. */
static void plan(struct gw_replica *self)
{
    const struct gw_step_load *load = &self->load;
    if (load->batch + load->prompts == 0) {
        self->steps = 0;
        self->due = GW_TICK_NEVER;
        return;
    }

    self->ramp = gw_step_time_ramp(&self->cfg->time, load);
    self->steps = 1;
    if (load->prompts == 0 && !gw_replica_drafts(self)) {
        const int64_t to_change = gw_replica_batch_steps_to_change(self);
        self->steps = gw_step_time_fit(&self->ramp, gw_replica_batch_steps_to_full(self, to_change));
    }
    self->due = self->start + gw_step_time_sum(&self->ramp, self->steps);
    if (self->deadline.n > 0) {
        shorten(self, gw_replica_queue_deadline(self));
    }
}

static void boundary(struct gw_replica *self, const struct gw_serve_sink *sink)
{
    GW_REQUIRE(self->due < TICK_LIMIT);
    if (self->steps > 0) {
        gw_replica_meter_commit(self);
        gw_replica_batch_advance(self, sink);
    }
    self->since.events++;
    self->start = self->due;
    if (self->next_cfg != NULL) {
        self->cfg = self->next_cfg;
        self->next_cfg = NULL;
    }
    if (self->deadline.n > 0) {
        gw_replica_batch_time_out(self, sink);
    }
    gw_replica_batch_form(self);
    plan(self);
}

gw_tick gw_replica_due(const struct gw_replica *self)
{
    return self->due;
}

void gw_replica_run(struct gw_replica *self, gw_tick until, const struct gw_serve_sink *sink)
{
    while (self->due < until) {
        boundary(self, sink);
    }
}

bool gw_replica_arrive(struct gw_replica *self, const struct gw_serve_request *request,
                       const struct gw_serve_sink *sink)
{
    GW_REQUIRE(request->arrival_us - self->base_us < TICK_LIMIT / GW_TICKS_PER_US);
    return gw_replica_take(self, (request->arrival_us - self->base_us) * GW_TICKS_PER_US, request, sink);
}

/* `before` is what it brings along. */
static bool take(struct gw_replica *self, gw_tick at, const struct gw_serve_request *request,
                 const struct gw_replica_slot *before, const struct gw_serve_sink *sink)
{
    GW_REQUIRE(at <= self->due);
    GW_REQUIRE(request->in_tok >= 1 && request->out_tok >= 1);
    GW_REQUIRE(!request->prefilled || (request->out_tok >= 2 && !self->cfg->prefill_only));
    GW_REQUIRE(request->class < self->classes);
    GW_REQUIRE(request->number >> GW_REPLICA_NUMBER_BITS == 0);

    /* the last token is emitted, not processed */
    const int64_t longest_context = (int64_t)request->in_tok + (int64_t)request->out_tok - 1;
    if (longest_context > (int64_t)self->cfg->kv_blocks * self->cfg->block_tok) {
        sink->refused(sink->to, request);
        return true;
    }

    GW_REQUIRE(request->timeout_ms == 0 || sink->timed_out != NULL);
    const uint32_t taken = gw_replica_queue_take_slot(self, request);
    if (taken == GW_REPLICA_NONE) {
        return false;
    }
    self->slot[taken] = (struct gw_replica_slot){
        .arrival_us = request->arrival_us,
        .lane_number = (uint64_t)request->lane << GW_REPLICA_NUMBER_BITS | request->number,
        .energy_j = before->energy_j,
        .first_token = before->first_token,
        .in_tok = request->in_tok,
        .out_tok = request->out_tok,
        .emitted = request->prefilled ? 1 : 0,
        .class = request->class,
        .preemptions = before->preemptions,
    };

    const bool is_head = gw_replica_queue_push(self, taken, request);
    gw_replica_queue_watch(self, taken, request);
    if (self->steps == 0) {
        self->due = at;
    } else if (is_head && self->load.prompts == 0 &&
               gw_replica_batch_has_room(self, gw_replica_prompt_len(&self->slot[taken]))) {
        shorten(self, at);
    } else {
        shorten(self, gw_replica_queue_deadline(self));
    }
    return true;
}

bool gw_replica_take(struct gw_replica *self, gw_tick at, const struct gw_serve_request *request,
                     const struct gw_serve_sink *sink)
{
    static const struct gw_replica_slot nothing;
    return take(self, at, request, &nothing, sink);
}

bool gw_replica_resume(struct gw_replica *self, gw_tick at, const struct gw_served *handed_over,
                       const struct gw_serve_sink *sink)
{
    struct gw_serve_request request = handed_over->request;
    request.prefilled = true;
    const struct gw_replica_slot before = {
        .energy_j = handed_over->energy_j,
        .first_token = handed_over->first_token,
        .preemptions =
            (uint16_t)(handed_over->preemptions < UINT16_MAX ? handed_over->preemptions : UINT16_MAX),
    };
    return take(self, at, &request, &before, sink);
}

void gw_replica_retune(struct gw_replica *self, gw_tick at, const struct gw_replica_cfg *cfg)
{
    const struct gw_replica_cfg *old = self->cfg;
    require_valid(cfg);
    GW_REQUIRE(at <= self->due);
    GW_REQUIRE(cfg->max_seqs == old->max_seqs && cfg->token_budget == old->token_budget &&
               cfg->block_tok == old->block_tok && cfg->kv_blocks == old->kv_blocks &&
               cfg->time.window == old->time.window && cfg->power.idle_w == old->power.idle_w &&
               cfg->power.n_accelerators == old->power.n_accelerators);
    self->next_cfg = cfg;
    if (self->steps > 0) {
        shorten(self, at);
    }
}

void gw_replica_rebase(struct gw_replica *self, gw_time_us base_us)
{
    GW_REQUIRE(base_us >= self->base_us);
    GW_REQUIRE(base_us - self->base_us < TICK_LIMIT / GW_TICKS_PER_US);
    const gw_tick by = (base_us - self->base_us) * GW_TICKS_PER_US;
    self->base_us = base_us;
    self->since.at -= by;
    if (self->due != GW_TICK_NEVER) {
        self->start -= by;
        self->due -= by;
    }
}

struct gw_serve_request gw_replica_request(const struct gw_replica *self, uint32_t i)
{
    const struct gw_replica_slot *s = &self->slot[i];
    struct gw_serve_request request = {
        .arrival_us = s->arrival_us,
        .in_tok = s->in_tok,
        .out_tok = s->out_tok,
        .class = s->class,
        .lane = (uint16_t)(s->lane_number >> GW_REPLICA_NUMBER_BITS),
        .number = s->lane_number & ((UINT64_C(1) << GW_REPLICA_NUMBER_BITS) - 1),
    };
    if (self->more != NULL) {
        const struct gw_replica_more *more = &self->more[i];
        request.timeout_ms = more->timeout_ms;
        request.priority = more->priority;
        request.prefix = more->prefix;
        request.prefix_tok = more->prefix_tok;
        request.cached_tok = more->cached_tok;
    }
    return request;
}

uint32_t gw_replica_in_flight(const struct gw_replica *self)
{
    return gw_replica_queue_n(self) + self->engine.n;
}

uint32_t gw_replica_running(const struct gw_replica *self)
{
    return self->engine.n;
}

uint64_t gw_replica_pending_tok(const struct gw_replica *self)
{
    const uint64_t in_engine = self->load.prompts > 0 ? (uint64_t)self->load.prompt_tok + self->last_rest : 0;
    return self->queue_tok + in_engine;
}

double gw_replica_kv_frac(const struct gw_replica *self)
{
    return 1.0 - (double)self->free_blocks / (double)self->cfg->kv_blocks;
}

/* `emitted` is 0 only before the first token: of a decoding sequence it is a step number, at least 1. */
static void visit_slot(const struct gw_replica *self, uint32_t i,
                       void (*visit)(void *to, const struct gw_serve_request *request, bool answered_first),
                       void *to)
{
    const struct gw_serve_request request = gw_replica_request(self, i);
    visit(to, &request, self->slot[i].emitted > 0);
}

static void visit_list(const struct gw_replica *self, struct gw_replica_list list,
                       void (*visit)(void *to, const struct gw_serve_request *request, bool answered_first),
                       void *to)
{
    for (uint32_t i = list.head; i != GW_REPLICA_NONE; i = self->slot[i].next) {
        visit_slot(self, i, visit, to);
    }
}

void gw_replica_each(const struct gw_replica *self,
                     void (*visit)(void *to, const struct gw_serve_request *request, bool answered_first),
                     void *to)
{
    visit_list(self, self->queue, visit, to);
    for (uint32_t i = 0; i < self->order.n; i++) {
        visit_slot(self, self->order.entry[i].slot, visit, to);
    }
    visit_list(self, self->engine, visit, to);
}
