/* The replicas of a site, in one order of events: an arrival is dispatched once every boundary before it is
 * processed. */
#include "models/serving/fleet.h"

#include <stdlib.h>

#include "models/serving/inbox.h"
#include "sim/base/check.h"

struct member {
    struct gw_replica *replica;
    uint32_t group; /* in the order of the configuration */
    uint32_t model;
};

struct gw_fleet {
    struct gw_fleet_sink sink;
    struct gw_serve_sink replica_sink; /* to this fleet */
    gw_time_us base_us, now_us;

    struct member *member;
    uint32_t n;
    struct gw_winner due;
    struct gw_dispatch_pool *pool; /* [models]; a pool's i-th replica is member first[model] + i */
    uint32_t *first;
    uint32_t models, n_groups;

    struct gw_inbox inbox;
    uint32_t *lane_model;
    bool advancing; /* the inbox must stay as it is: no push from a sink */

    gw_time_us last_arrival_us, last_finish_us;
    uint64_t ties;
};

static void note_finish(struct gw_fleet *self, const struct gw_served *served)
{
    const gw_time_us finish_us =
        served->request.arrival_us + (served->finish + GW_TICKS_PER_US - 1) / GW_TICKS_PER_US;
    self->last_finish_us = finish_us > self->last_finish_us ? finish_us : self->last_finish_us;
}

static void on_served(void *to, const struct gw_served *served)
{
    struct gw_fleet *self = to;
    note_finish(self, served);
    self->sink.served(self->sink.to, served->request.lane, served);
}

static void on_timed_out(void *to, const struct gw_served *served)
{
    struct gw_fleet *self = to;
    note_finish(self, served);
    self->sink.timed_out(self->sink.to, served->request.lane, served);
}

/* Never: dispatch.h sends a request only to where it fits. */
static void on_refused(void *to, const struct gw_serve_request *request)
{
    (void)to;
    GW_REQUIRE(request == NULL);
}

/* --- from configuration to replicas --------------------------------------------------------------- */

static int64_t room_tok(const struct gw_replica_cfg *cfg)
{
    return (int64_t)cfg->kv_blocks * cfg->block_tok;
}

static bool create_group(struct gw_fleet *self, const struct gw_fleet_cfg *cfg, uint32_t group)
{
    const struct gw_fleet_group *g = &cfg->group[group];
    for (uint32_t i = 0; i < g->replicas; i++) {
        struct gw_replica *replica = gw_replica_create(g->cfg, cfg->classes, cfg->base_us);
        if (replica == NULL) {
            return false;
        }
        self->member[self->n++] = (struct member){replica, group, g->model};
    }
    return true;
}

/* The members of one model and its pool. room_tok has space for all. */
static bool create_model(struct gw_fleet *self, const struct gw_fleet_cfg *cfg, uint32_t model, int64_t *room)
{
    self->first[model] = self->n;
    for (uint32_t g = 0; g < cfg->n_groups; g++) {
        if (cfg->group[g].model == model) {
            for (uint32_t i = 0; i < cfg->group[g].replicas; i++) {
                room[self->n - self->first[model] + i] = room_tok(cfg->group[g].cfg);
            }
            if (!create_group(self, cfg, g)) {
                return false;
            }
        }
    }
    return gw_dispatch_init(&self->pool[model], cfg->dispatch[model], cfg->pack_limit[model], room,
                            self->n - self->first[model]);
}

static bool create_members(struct gw_fleet *self, const struct gw_fleet_cfg *cfg)
{
    uint32_t total = 0;
    for (uint32_t g = 0; g < cfg->n_groups; g++) {
        GW_REQUIRE(cfg->group[g].model < cfg->models);
        total += cfg->group[g].replicas;
    }
    self->member = calloc((size_t)total + 1, sizeof *self->member);
    int64_t *room = malloc(((size_t)total + 1) * sizeof *room);
    bool ok = self->member != NULL && room != NULL && gw_winner_init(&self->due, total);
    for (uint32_t model = 0; ok && model < cfg->models; model++) {
        ok = create_model(self, cfg, model, room);
    }
    free(room);
    return ok;
}

struct gw_fleet *gw_fleet_create(const struct gw_fleet_cfg *cfg, const struct gw_fleet_sink *sink)
{
    GW_REQUIRE(cfg->lanes <= 65536);
    struct gw_fleet *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->sink = *sink;
    self->replica_sink = (struct gw_serve_sink){on_served, on_refused, self, on_timed_out};
    self->base_us = self->now_us = cfg->base_us;
    self->last_arrival_us = INT64_MIN;
    self->models = cfg->models;
    self->n_groups = cfg->n_groups;

    self->pool = calloc((size_t)cfg->models + 1, sizeof *self->pool);
    self->first = calloc((size_t)cfg->models + 1, sizeof *self->first);
    self->lane_model = malloc(((size_t)cfg->lanes + 1) * sizeof *self->lane_model);
    if (self->pool == NULL || self->first == NULL || self->lane_model == NULL ||
        !gw_inbox_init(&self->inbox, cfg->lanes) || !create_members(self, cfg)) {
        gw_fleet_destroy(self);
        return NULL;
    }
    for (uint32_t i = 0; i < cfg->lanes; i++) {
        GW_REQUIRE(cfg->lane_model[i] < cfg->models);
        self->lane_model[i] = cfg->lane_model[i];
    }
    return self;
}

void gw_fleet_destroy(struct gw_fleet *self)
{
    if (self == NULL) {
        return;
    }
    for (uint32_t i = 0; i < self->n; i++) {
        gw_replica_destroy(self->member[i].replica);
    }
    for (uint32_t i = 0; self->pool != NULL && i < self->models; i++) {
        gw_dispatch_fini(&self->pool[i]);
    }
    gw_winner_fini(&self->due);
    gw_inbox_fini(&self->inbox);
    free(self->member);
    free(self->pool);
    free(self->first);
    free(self->lane_model);
    free(self);
}

/* --- time ---------------------------------------------------------------------------------------- */

static gw_tick tick_of(const struct gw_fleet *self, gw_time_us at_us)
{
    return (at_us - self->base_us) * GW_TICKS_PER_US;
}

/* What others know of member i: when it moves next and how much it has to do. */
static void publish(struct gw_fleet *self, uint32_t i)
{
    const struct member *m = &self->member[i];
    gw_winner_set(&self->due, i, gw_replica_due(m->replica));
    gw_dispatch_update(&self->pool[m->model], i - self->first[m->model], gw_replica_in_flight(m->replica));
}

static void run_boundaries(struct gw_fleet *self, gw_tick until)
{
    for (gw_tick due; (due = gw_winner_best_key(&self->due)) < until;) {
        const uint32_t i = gw_winner_best(&self->due);
        gw_replica_run(self->member[i].replica, due + 1, &self->replica_sink);
        publish(self, i);
    }
}

static bool dispatch(struct gw_fleet *self, const struct gw_serve_request *request)
{
    const uint32_t model = self->lane_model[request->lane];
    const int64_t context_tok = (int64_t)request->in_tok + (int64_t)request->out_tok - 1;
    const uint32_t picked = gw_dispatch_pick(&self->pool[model], context_tok);
    if (picked == GW_DISPATCH_NONE) {
        self->sink.refused(self->sink.to, request->lane, request);
        return true;
    }

    const uint32_t i = self->first[model] + picked;
    if (!gw_replica_arrive(self->member[i].replica, request, &self->replica_sink)) {
        return false;
    }
    publish(self, i);
    return true;
}

bool gw_fleet_push(struct gw_fleet *self, uint32_t lane, const struct gw_serve_request *request)
{
    GW_REQUIRE(!self->advancing);
    GW_REQUIRE(request->arrival_us >= self->now_us);
    GW_REQUIRE(request->timeout_ms == 0 || self->sink.timed_out != NULL);
    return gw_inbox_push(&self->inbox, lane, request);
}

static bool advance(struct gw_fleet *self, gw_time_us until_us)
{
    while (gw_inbox_next_us(&self->inbox) < until_us) {
        const struct gw_serve_request *request = gw_inbox_pop(&self->inbox);
        run_boundaries(self, tick_of(self, request->arrival_us));
        self->ties += request->arrival_us == self->last_arrival_us;
        self->last_arrival_us = request->arrival_us;
        if (!dispatch(self, request)) {
            return false;
        }
    }
    run_boundaries(self, tick_of(self, until_us));
    self->now_us = until_us;
    return true;
}

bool gw_fleet_advance(struct gw_fleet *self, gw_time_us until_us)
{
    GW_REQUIRE(until_us >= self->now_us);
    self->advancing = true;
    const bool ok = advance(self, until_us);
    self->advancing = false;
    return ok;
}

/* --- meters -------------------------------------------------------------------------------------- */

static void add_meter(struct gw_replica_meter *sum, const struct gw_replica_meter *m)
{
    sum->busy_j += m->busy_j;
    sum->idle_j += m->idle_j;
    sum->busy_s += m->busy_s;
    sum->token_steps += m->token_steps;
    sum->prompt_tok += m->prompt_tok;
    sum->out_tok += m->out_tok;
    sum->cached_tok += m->cached_tok;
    sum->steps += m->steps;
    sum->events += m->events;
    sum->preemptions += m->preemptions;
}

void gw_fleet_meter(struct gw_fleet *self, gw_time_us at_us, struct gw_replica_meter *group, double *class_j)
{
    GW_REQUIRE(at_us == self->now_us);
    const gw_tick at = tick_of(self, at_us);
    for (uint32_t g = 0; g < self->n_groups; g++) {
        group[g] = (struct gw_replica_meter){0};
    }
    for (uint32_t i = 0; i < self->n; i++) {
        struct gw_replica_meter meter;
        gw_replica_meter(self->member[i].replica, at, &meter, class_j);
        gw_replica_rebase(self->member[i].replica, at_us);
        add_meter(&group[self->member[i].group], &meter);
    }
    gw_winner_shift(&self->due, at);
    self->base_us = at_us;
}

/* --- questions ------------------------------------------------------------------------------------ */

uint32_t gw_fleet_in_flight(const struct gw_fleet *self, uint32_t model)
{
    return self->pool[model].total;
}

uint64_t gw_fleet_inbox(const struct gw_fleet *self)
{
    return self->inbox.n;
}

uint32_t gw_fleet_replicas(const struct gw_fleet *self, uint32_t model)
{
    return self->pool[model].n;
}

gw_time_us gw_fleet_last_finish(const struct gw_fleet *self)
{
    return self->last_finish_us;
}

uint64_t gw_fleet_ties(const struct gw_fleet *self)
{
    return self->ties;
}

gw_time_us gw_fleet_next(const struct gw_fleet *self)
{
    const gw_time_us arrival_us = gw_inbox_next_us(&self->inbox);
    const gw_tick due = gw_winner_best_key(&self->due);
    if (due == GW_TICK_NEVER) {
        return arrival_us;
    }
    const gw_time_us due_us = self->base_us + due / GW_TICKS_PER_US;
    return due_us < arrival_us ? due_us : arrival_us;
}

struct visitor {
    void (*visit)(void *to, uint32_t lane, const struct gw_serve_request *request, bool answered_first);
    void *to;
};

static void on_visit(void *to, const struct gw_serve_request *request, bool answered_first)
{
    const struct visitor *v = to;
    v->visit(v->to, request->lane, request, answered_first);
}

void gw_fleet_each(const struct gw_fleet *self,
                   void (*visit)(void *to, uint32_t lane, const struct gw_serve_request *request,
                                 bool answered_first),
                   void *to)
{
    struct visitor visitor = {visit, to};
    for (uint32_t i = 0; i < self->n; i++) {
        gw_replica_each(self->member[i].replica, on_visit, &visitor);
    }
    for (uint32_t lane = 0; lane < self->inbox.lanes; lane++) {
        const struct gw_inbox_lane *l = &self->inbox.lane[lane];
        for (uint32_t i = 0; i < l->n; i++) {
            visit(to, lane, gw_inbox_at(l, i), false);
        }
    }
}

void gw_fleet_verify(const struct gw_fleet *self)
{
    gw_winner_verify(&self->due);
    for (uint32_t i = 0; i < self->n; i++) {
        const struct member *m = &self->member[i];
        const struct gw_dispatch_pool *pool = &self->pool[m->model];
        gw_replica_verify(m->replica);
        GW_REQUIRE(gw_winner_key(&self->due, i) == gw_replica_due(m->replica));
        GW_REQUIRE(pool->in_flight[i - self->first[m->model]] == gw_replica_in_flight(m->replica));
    }
    uint64_t waiting = 0;
    for (uint32_t lane = 0; lane < self->inbox.lanes; lane++) {
        waiting += self->inbox.lane[lane].n;
    }
    GW_REQUIRE(waiting == self->inbox.n);
    gw_winner_verify(&self->inbox.next);
    for (uint32_t model = 0; model < self->models; model++) {
        gw_dispatch_verify(&self->pool[model]);
    }
}
