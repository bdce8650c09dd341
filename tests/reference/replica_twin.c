/* The serving engine one step at a time. Rule numbers refer to models/serving/replica.h. */
#include "tests/reference/replica_twin.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"

struct sequence {
    struct gw_serve_request request;
    int64_t emitted;     /* tokens out */
    int64_t prefill_tok; /* to prefill after this admission: prompt and what was emitted before */
    int64_t context;     /* tokens processed since this admission */
    int64_t blocks;      /* held */
    int64_t chunk;       /* tokens it processes in the step under way */
    bool decodes;        /* in the step under way */
    gw_tick first_token;
    double energy_j;
    uint32_t preemptions;
    int64_t found; /* tokens of the prompt that were at hand: rule 8 */
    int64_t rank;  /* rule 6; of a preempted one less than any other */
};

/* In order; index 0 is the head of the queue or the first admitted. */
struct list {
    struct sequence *item;
    size_t n, cap;
};

struct gw_replica_twin {
    const struct gw_replica_cfg *cfg;
    gw_time_us base_us;
    struct list queue, engine;
    int64_t free_blocks;

    bool in_step;
    gw_tick due; /* the end of the step; or, not in a step, when the next one starts */
    gw_tick step_ticks;
    gw_tick metered; /* up to here energy has been booked */
    struct gw_step_load load;
    double step_w;

    uint64_t *held; /* rule 8: identities of prefix units, the last used one first */
    int64_t n_held;

    struct gw_replica_meter meter;
    uint32_t classes;
    double *class_j;
};

static void insert(struct list *list, size_t at, struct sequence s)
{
    if (list->n == list->cap) {
        list->cap = list->cap > 0 ? 2 * list->cap : 16;
        list->item = realloc(list->item, list->cap * sizeof *list->item);
        GW_REQUIRE(list->item != NULL);
    }
    memmove(&list->item[at + 1], &list->item[at], (list->n - at) * sizeof s);
    list->item[at] = s;
    list->n++;
}

static struct sequence take(struct list *list, size_t at)
{
    const struct sequence s = list->item[at];
    list->n--;
    memmove(&list->item[at], &list->item[at + 1], (list->n - at) * sizeof s);
    return s;
}

struct gw_replica_twin *gw_replica_twin_create(const struct gw_replica_cfg *cfg, uint32_t classes,
                                               gw_time_us base_us)
{
    struct gw_replica_twin *self = calloc(1, sizeof *self);
    GW_REQUIRE(self != NULL);
    self->cfg = cfg;
    self->base_us = base_us;
    self->free_blocks = cfg->kv_blocks;
    self->due = GW_TICK_NEVER;
    self->classes = classes;
    self->class_j = calloc(classes, sizeof *self->class_j);
    self->held = calloc((size_t)cfg->prefix_units + 1, sizeof *self->held);
    GW_REQUIRE(self->class_j != NULL && self->held != NULL);
    return self;
}

void gw_replica_twin_destroy(struct gw_replica_twin *self)
{
    if (self != NULL) {
        free(self->queue.item);
        free(self->engine.item);
        free(self->class_j);
        free(self->held);
        free(self);
    }
}

static bool is_decoding(const struct sequence *s)
{
    return s->context >= s->prefill_tok;
}

static int64_t blocks_for(const struct gw_replica_twin *self, int64_t tok)
{
    return (tok + self->cfg->block_tok - 1) / self->cfg->block_tok;
}

/* Rule 10: the step under way has its time and power already. */
void gw_replica_twin_retune(struct gw_replica_twin *self, const struct gw_replica_cfg *cfg)
{
    self->cfg = cfg;
}

/* --- prefixes ------------------------------------------------------------------------------------ */

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Where a unit stands among those held; n_held when it is not. */
static int64_t place_of(const struct gw_replica_twin *self, const struct gw_serve_request *r, int64_t unit)
{
    const uint64_t id = gw_prefix_cache_id(&self->cfg->prefix_ids, r->prefix, (uint32_t)unit);
    int64_t at = 0;
    while (at < self->n_held && self->held[at] != id) {
        at++;
    }
    return at;
}

static bool has_prefix(const struct gw_replica_twin *self, const struct gw_serve_request *r)
{
    return self->cfg->prefix_units > 0 && r->prefix != 0;
}

/* Rule 8: tokens of the prompt at hand. */
static int64_t find_prefix(const struct gw_replica_twin *self, const struct gw_serve_request *r,
                           int64_t prefill_tok)
{
    int64_t found = min(r->cached_tok, r->in_tok);
    if (has_prefix(self, r)) {
        const int64_t unit_tok = self->cfg->prefix_unit_tok;
        int64_t units = 0;
        while ((units + 1) * unit_tok <= min(r->prefix_tok, r->in_tok) &&
               place_of(self, r, units) < self->n_held) {
            units++;
        }
        found = units * unit_tok > found ? units * unit_tok : found;
    }
    return min(found, prefill_tok - 1);
}

/* Rule 8: the units of the first `tok` tokens have been used, the first unit last. */
static void use_prefix(struct gw_replica_twin *self, const struct gw_serve_request *r, int64_t tok)
{
    for (int64_t unit = has_prefix(self, r) ? tok / self->cfg->prefix_unit_tok : 0; unit-- > 0;) {
        int64_t at = place_of(self, r, unit);
        if (at == self->n_held) {
            self->n_held = min(self->n_held + 1, self->cfg->prefix_units);
            at = self->n_held - 1;
        }
        memmove(&self->held[1], &self->held[0], (size_t)at * sizeof *self->held);
        self->held[0] = gw_prefix_cache_id(&self->cfg->prefix_ids, r->prefix, (uint32_t)unit);
    }
}

/* --- the start of a step ------------------------------------------------------------------------- */

/* Rule 3: the last admitted sequence goes back to the front of the queue. */
static void preempt_last(struct gw_replica_twin *self)
{
    struct sequence s = take(&self->engine, self->engine.n - 1);
    self->free_blocks += s.blocks;
    s.blocks = 0;
    s.context = 0;
    s.preemptions++;
    s.rank = INT64_MIN;
    self->meter.preemptions++;
    insert(&self->queue, 0, s);
}

/* Rules 3 and 11: blocks while a step decodes its next token and verifies what is drafted behind it. */
static int64_t blocks_in_step(const struct gw_replica_twin *self, const struct sequence *s)
{
    const int64_t longest = (int64_t)s->request.in_tok + s->request.out_tok - 1;
    return blocks_for(self, min(s->context + 1 + self->cfg->drafts.tokens, longest));
}

/* Rule 3: every decoding sequence gets room for one more token. */
static void take_decode_blocks(struct gw_replica_twin *self)
{
    int64_t needed;
    for (;;) {
        needed = 0;
        for (size_t i = 0; i < self->engine.n; i++) {
            const struct sequence *s = &self->engine.item[i];
            needed += is_decoding(s) ? blocks_in_step(self, s) - s->blocks : 0;
        }
        if (needed <= self->free_blocks) {
            break;
        }
        preempt_last(self);
    }
    for (size_t i = 0; i < self->engine.n; i++) {
        struct sequence *s = &self->engine.item[i];
        if (is_decoding(s)) {
            self->free_blocks -= blocks_in_step(self, s) - s->blocks;
            s->blocks = blocks_in_step(self, s);
        }
    }
}

/* How many there are that decode; prompts stand behind them. */
static size_t decoding(const struct list *engine)
{
    size_t n = 0;
    while (n < engine->n && is_decoding(&engine->item[n])) {
        n++;
    }
    return n;
}

/* Rule 2: as many from the head of the queue as seats, budget and blocks allow. */
static void admit(struct gw_replica_twin *self, int64_t budget)
{
    while (self->queue.n > 0 && (int64_t)self->engine.n < self->cfg->max_seqs && budget > 0) {
        const struct sequence *head = &self->queue.item[0];
        const int64_t prefill_tok = (int64_t)head->request.in_tok + head->emitted;
        struct sequence s = *head;
        s.decodes = s.request.prefilled && s.preemptions == 0; /* rule 9 */
        s.context = s.decodes ? s.request.in_tok : 0;
        s.blocks = s.decodes ? blocks_in_step(self, &s) : blocks_for(self, prefill_tok);
        if (s.blocks > self->free_blocks) {
            break;
        }
        (void)take(&self->queue, 0);
        if (s.decodes) {
            s.prefill_tok = s.request.in_tok;
            s.chunk = 1;
            self->free_blocks -= s.blocks;
            budget--;
            insert(&self->engine, decoding(&self->engine), s);
            continue;
        }
        s.prefill_tok = prefill_tok;
        s.found = s.context = find_prefix(self, &s.request, prefill_tok);
        s.chunk = min(prefill_tok - s.found, budget);
        self->meter.cached_tok += (uint64_t)s.found;
        self->free_blocks -= s.blocks;
        budget -= s.chunk;
        insert(&self->engine, self->engine.n, s);
    }
}

/* Rule 1: one token for each decoding sequence, what is left of the budget for prompts. */
static void share_budget(struct gw_replica_twin *self)
{
    int64_t budget = self->cfg->token_budget;
    for (size_t i = 0; i < self->engine.n; i++) {
        struct sequence *s = &self->engine.item[i];
        s->decodes = is_decoding(s);
        s->chunk = s->decodes ? 1 : 0;
        budget -= s->chunk;
    }
    for (size_t i = 0; i < self->engine.n; i++) {
        struct sequence *s = &self->engine.item[i];
        if (!is_decoding(s)) {
            const int64_t left = s->prefill_tok - s->context;
            s->chunk = left < budget ? left : budget;
            budget -= s->chunk;
        }
    }
    admit(self, budget);
}

static struct gw_step_load load_of(const struct list *engine, int64_t window)
{
    struct gw_step_load load = {0};
    for (size_t i = 0; i < engine->n; i++) {
        const struct sequence *s = &engine->item[i];
        if (is_decoding(s)) {
            load.batch++;
            load.context += s->context + 1;
            load.window += min(s->context + 1, window);
        } else {
            load.prompts++;
            load.prompt_tok += s->chunk;
            load.prompt_kv += s->context + s->chunk;
            load.window_kv += window > 0 ? min(s->context, window) + s->chunk : 0;
            for (int64_t token = 1; token <= s->chunk; token++) {
                load.pairs += s->context + token;
                load.window_pairs += min(s->context + token, window);
            }
        }
    }
    return load;
}

static void start_step(struct gw_replica_twin *self, gw_tick at)
{
    take_decode_blocks(self);
    share_budget(self);
    self->in_step = self->engine.n > 0;
    if (!self->in_step) {
        self->due = GW_TICK_NEVER;
        return;
    }
    self->load = load_of(&self->engine, self->cfg->time.window);
    self->step_ticks = gw_step_time_of(&self->cfg->time, &self->load);
    self->step_w = gw_step_power_w(&self->cfg->power, &self->load, self->step_ticks);
    self->due = at + self->step_ticks;
}

/* --- the end of a step --------------------------------------------------------------------------- */

/* Energy from the last booking to `at`: each token of the step gets the same. */
static void book(struct gw_replica_twin *self, gw_tick at)
{
    const double seconds = gw_step_time_s(at - self->metered);
    self->metered = at;
    if (!self->in_step) {
        self->meter.idle_j += self->cfg->power.idle_w * self->cfg->power.n_accelerators * seconds;
        return;
    }

    const double joules = self->step_w * seconds;
    const int64_t verified = 1 + self->cfg->drafts.tokens;
    const double tokens = (double)(self->load.batch * verified + self->load.prompt_tok);
    self->meter.busy_j += joules;
    self->meter.busy_s += seconds;
    self->meter.token_steps += (double)self->load.batch * seconds;
    if (seconds > 0.0) {
        const int64_t blocks = self->cfg->kv_blocks - self->free_blocks;
        self->meter.kv_block_s += (double)blocks * seconds;
        self->meter.kv_blocks_peak =
            blocks > self->meter.kv_blocks_peak ? blocks : self->meter.kv_blocks_peak;
    }
    for (size_t i = 0; i < self->engine.n; i++) {
        struct sequence *s = &self->engine.item[i];
        const double share_j = joules * (double)(s->decodes ? verified : s->chunk) / tokens;
        s->energy_j += share_j;
        self->class_j[s->request.class] += share_j;
    }
}

static gw_tick arrival_tick(const struct gw_replica_twin *self, const struct gw_serve_request *request)
{
    return (request->arrival_us - self->base_us) * GW_TICKS_PER_US;
}

static struct gw_served leave(struct gw_replica_twin *self, struct list *list, size_t at)
{
    const struct sequence s = take(list, at);
    self->free_blocks += s.blocks;
    return (struct gw_served){
        .request = s.request,
        .first_token = s.first_token,
        .finish = self->due - arrival_tick(self, &s.request),
        .energy_j = s.energy_j,
        .emitted = (uint32_t)s.emitted,
        .preemptions = s.preemptions,
    };
}

/* Rule 11. */
static int64_t emitted_by(const struct gw_replica_twin *self, const struct sequence *s)
{
    const uint64_t who = (uint64_t)s->request.lane << 48 | s->request.number;
    return gw_drafts_emit(&self->cfg->drafts, who, (uint32_t)s->emitted,
                          s->request.out_tok - (uint32_t)s->emitted);
}

static void end_step(struct gw_replica_twin *self, const struct gw_serve_sink *sink)
{
    book(self, self->due);
    self->meter.steps++;
    self->meter.prompt_tok += (uint64_t)self->load.prompt_tok;

    for (size_t i = 0; i < self->engine.n;) {
        struct sequence *s = &self->engine.item[i];
        const int64_t out = s->decodes ? emitted_by(self, s) : s->context + s->chunk >= s->prefill_tok;
        s->context += s->decodes ? out : s->chunk;
        if (s->emitted == 0 && out > 0) {
            s->first_token = self->due - arrival_tick(self, &s->request);
        }
        s->emitted += out;
        self->meter.out_tok += (uint64_t)out;
        if (s->decodes) { /* what was verified in vain is free again */
            self->free_blocks += s->blocks - blocks_for(self, s->context);
            s->blocks = blocks_for(self, s->context);
        }
        if (is_decoding(s) && s->context == s->prefill_tok) {
            use_prefix(self, &s->request, min(s->request.prefix_tok, s->request.in_tok));
        }
        const bool handed_over = self->cfg->prefill_only && s->emitted > 0;
        if (s->emitted == s->request.out_tok || handed_over) {
            if (s->emitted == s->request.out_tok && s->request.prefix_tok > s->request.in_tok) {
                const int64_t through_tok = (int64_t)s->request.in_tok + s->request.out_tok - 1;
                use_prefix(self, &s->request, min(s->request.prefix_tok, through_tok));
            }
            const struct gw_served served = leave(self, &self->engine, i);
            sink->served(sink->to, &served);
        } else {
            i++;
        }
    }
}

/* Rule 7. */
static void time_out(struct gw_replica_twin *self, struct list *list, const struct gw_serve_sink *sink)
{
    for (size_t i = 0; i < list->n;) {
        const struct gw_serve_request *r = &list->item[i].request;
        const gw_tick wait = self->due - arrival_tick(self, r);
        if (r->timeout_ms > 0 && wait >= r->timeout_ms * INT64_C(1000) * GW_TICKS_PER_US) {
            const struct gw_served served = leave(self, list, i);
            sink->timed_out(sink->to, &served);
        } else {
            i++;
        }
    }
}

void gw_replica_twin_run(struct gw_replica_twin *self, gw_tick until, const struct gw_serve_sink *sink)
{
    while (self->due < until) {
        if (self->in_step) {
            end_step(self, sink);
        } else {
            book(self, self->due);
        }
        time_out(self, &self->queue, sink);
        time_out(self, &self->engine, sink);
        start_step(self, self->due);
    }
}

/* Rule 6: the lower is admitted first. */
static int64_t rank_of(const struct gw_replica_cfg *cfg, const struct gw_serve_request *request)
{
    switch (cfg->admission) {
    case GW_ADMISSION_PRIORITY:
        return request->arrival_us - request->priority * cfg->rank_us;
    case GW_ADMISSION_SHORTEST:
        return request->arrival_us + request->in_tok * cfg->rank_us;
    case GW_ADMISSION_FCFS:
    default:
        return 0; /* as they came */
    }
}

void gw_replica_twin_arrive(struct gw_replica_twin *self, const struct gw_serve_request *request,
                            const struct gw_serve_sink *sink)
{
    gw_replica_twin_take(self, arrival_tick(self, request), request, sink);
}

void gw_replica_twin_take(struct gw_replica_twin *self, gw_tick now, const struct gw_serve_request *request,
                          const struct gw_serve_sink *sink)
{
    /* rule 5; the last token is emitted, not processed */
    const int64_t longest = (int64_t)request->in_tok + (int64_t)request->out_tok - 1;
    if (blocks_for(self, longest) > self->cfg->kv_blocks) {
        sink->refused(sink->to, request);
        return;
    }
    const struct sequence s = {.request = *request,
                               .emitted = request->prefilled,
                               .prefill_tok = INT64_MAX,
                               .rank = rank_of(self->cfg, request)};
    size_t at = 0;
    while (at < self->queue.n && self->queue.item[at].rank <= s.rank) {
        at++;
    }
    insert(&self->queue, at, s);
    if (!self->in_step) {
        self->due = now; /* rule 4 */
    }
}

void gw_replica_twin_meter(struct gw_replica_twin *self, gw_tick at, struct gw_replica_meter *out,
                           double *class_j)
{
    book(self, at);
    *out = self->meter;
    memset(&self->meter, 0, sizeof self->meter);
    for (uint32_t i = 0; i < self->classes; i++) {
        class_j[i] += self->class_j[i];
        self->class_j[i] = 0.0;
    }
}

gw_tick gw_replica_twin_due(const struct gw_replica_twin *self)
{
    return self->due;
}

uint32_t gw_replica_twin_in_flight(const struct gw_replica_twin *self)
{
    return (uint32_t)(self->queue.n + self->engine.n);
}

uint32_t gw_replica_twin_running(const struct gw_replica_twin *self)
{
    return (uint32_t)self->engine.n;
}
