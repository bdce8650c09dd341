/* The replicas of a site, in one order of events: an arrival is dispatched once every boundary before it is
 * processed. */
#include "models/serving/fleet_private.h"

#include <stdlib.h>
#include <string.h>

static void note_finish(struct gw_fleet *self, const struct gw_served *served)
{
    const gw_time_us finish_us =
        served->request.arrival_us + (served->finish + GW_TICKS_PER_US - 1) / GW_TICKS_PER_US;
    self->last_finish_us = finish_us > self->last_finish_us ? finish_us : self->last_finish_us;
}

static void on_served(void *to, const struct gw_served *served)
{
    struct gw_fleet *self = to;
    if (served->emitted < served->request.out_tok) {
        gw_fleet_split_hand_over(self, self->at_member, served);
        return;
    }
    note_finish(self, served);
    self->gauge[self->lane_model[served->request.lane]].finished++;
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

static uint32_t per_node(const struct gw_fleet_group *group)
{
    return group->per_node > 0 ? group->per_node : 1;
}

static uint32_t nodes_of(const struct gw_fleet_group *group, uint32_t replicas)
{
    return (replicas + per_node(group) - 1) / per_node(group);
}

static bool create_group(struct gw_fleet *self, uint32_t group)
{
    const struct gw_fleet_group *g = &self->group[group];
    const uint32_t first_node = self->n_nodes;
    for (uint32_t i = 0; i < nodes_of(g, g->replicas + g->more); i++) {
        self->node[self->n_nodes++] = (struct gw_fleet_node){.group = group};
    }
    for (uint32_t i = 0; i < g->replicas + g->more; i++) {
        const uint32_t index = self->n++;
        self->member[index] =
            (struct gw_fleet_member){.group = group, .model = g->model, .node = first_node + i / per_node(g)};
        if (i < g->replicas && !gw_fleet_stage_open(self, index)) {
            return false;
        }
    }
    return true;
}

/* The members of one model and its pool. room has space for all. */
static bool create_model(struct gw_fleet *self, const struct gw_fleet_cfg *cfg, uint32_t model, int64_t *room)
{
    uint32_t n = 0;
    for (uint32_t g = 0; g < cfg->n_groups; g++) {
        const struct gw_fleet_group *group = &cfg->group[g];
        for (uint32_t i = 0; group->model == model && i < group->replicas + group->more; i++) {
            room[n++] = room_tok(group->cfg);
            self->most_room_tok[model] =
                room[n - 1] > self->most_room_tok[model] ? room[n - 1] : self->most_room_tok[model];
        }
        self->target[model] += group->model == model ? group->replicas : 0;
    }
    self->first[model] = self->n;
    if (!gw_dispatch_init(&self->pool[model], cfg->dispatch[model], cfg->pack_limit[model], room, n)) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        gw_dispatch_open(&self->pool[model], i, false);
    }
    bool ok = true;
    for (uint32_t g = 0; ok && g < cfg->n_groups; g++) {
        ok = cfg->group[g].model != model || create_group(self, g);
    }
    return ok;
}

static bool create_members(struct gw_fleet *self, const struct gw_fleet_cfg *cfg)
{
    uint32_t total = 0, nodes = 0;
    for (uint32_t g = 0; g < cfg->n_groups; g++) {
        const struct gw_fleet_group *group = &cfg->group[g];
        GW_REQUIRE(group->model < cfg->models);
        GW_REQUIRE(cfg->pool_nodes == NULL || group->pool < cfg->pools);
        total += group->replicas + group->more;
        nodes += nodes_of(group, group->replicas + group->more);
    }
    self->member = calloc((size_t)total + 1, sizeof *self->member);
    self->node = calloc((size_t)nodes + 1, sizeof *self->node);
    int64_t *room = malloc(((size_t)total + 1) * sizeof *room);
    bool ok = self->member != NULL && self->node != NULL && room != NULL && gw_winner_init(&self->due, total);
    for (uint32_t model = 0; ok && model < cfg->models; model++) {
        ok = create_model(self, cfg, model, room);
    }
    free(room);
    return ok;
}

static void *copy(const void *from, size_t n, size_t size)
{
    void *to = calloc(n + 1, size);
    if (to != NULL && from != NULL) {
        memcpy(to, from, n * size);
    }
    return to;
}

static void note_phases(struct gw_fleet *self)
{
    for (uint32_t m = 0; m < self->models; m++) {
        self->whole[m] = m;
    }
    for (uint32_t m = 0; m < self->models; m++) {
        const uint32_t decode = self->split[m].decode;
        if (gw_fleet_decodes_here(self, m)) {
            GW_REQUIRE(decode != m);
            self->whole[decode] = m;
        } else {
            GW_REQUIRE(decode == GW_FLEET_WHOLE ||
                       (decode == GW_FLEET_AWAY && self->split[m].link < self->links));
        }
    }
}

/* Everything but replicas and nodes. */
static bool create_rest(struct gw_fleet *self, const struct gw_fleet_cfg *cfg)
{
    self->group = copy(cfg->group, cfg->n_groups, sizeof *self->group);
    self->overload = copy(cfg->overload, cfg->models, sizeof *self->overload);
    self->split = calloc((size_t)cfg->models + 1, sizeof *self->split);
    for (uint32_t m = 0; self->split != NULL && m < cfg->models; m++) {
        self->split[m] =
            cfg->split != NULL ? cfg->split[m] : (struct gw_fleet_split){.decode = GW_FLEET_WHOLE};
    }
    self->whole = calloc((size_t)cfg->models + 1, sizeof *self->whole);
    self->links = cfg->links;
    self->link_free = calloc((size_t)cfg->links + 1, sizeof *self->link_free);
    if (self->split == NULL || self->whole == NULL || self->link_free == NULL) {
        return false;
    }
    note_phases(self);
    self->lane_model = copy(cfg->lane_model, cfg->lanes, sizeof *self->lane_model);
    self->pool = calloc((size_t)cfg->models + 1, sizeof *self->pool);
    self->first = calloc((size_t)cfg->models + 1, sizeof *self->first);
    self->most_room_tok = calloc((size_t)cfg->models + 1, sizeof *self->most_room_tok);
    self->target = calloc((size_t)cfg->models + 1, sizeof *self->target);
    self->gauge = calloc((size_t)cfg->models + 1, sizeof *self->gauge);
    self->load = calloc((size_t)cfg->models + 1, sizeof *self->load);
    self->cold = calloc((size_t)cfg->models + 1, sizeof *self->cold);
    self->gone = calloc((size_t)cfg->n_groups + 1, sizeof *self->gone);
    self->gone_class_j = calloc((size_t)cfg->classes + 1, sizeof *self->gone_class_j);
    self->times = calloc((size_t)cfg->n_groups + 1, sizeof *self->times);
    self->read_times = calloc((size_t)cfg->n_groups + 1, sizeof *self->read_times);
    self->pools = cfg->pool_nodes != NULL ? cfg->pools : 0;
    self->free_nodes = copy(cfg->pool_nodes, self->pools, sizeof *self->free_nodes);
    self->down_ticks = calloc((size_t)self->pools + 1, sizeof *self->down_ticks);
    self->down_s = calloc((size_t)self->pools + 1, sizeof *self->down_s);
    return self->group != NULL && self->overload != NULL && self->lane_model != NULL && self->pool != NULL &&
           self->first != NULL && self->most_room_tok != NULL && self->target != NULL && self->cold != NULL &&
           self->gauge != NULL && self->load != NULL && self->gone != NULL && self->gone_class_j != NULL &&
           self->times != NULL && self->read_times != NULL && self->free_nodes != NULL &&
           self->down_ticks != NULL && self->down_s != NULL && gw_inbox_init(&self->inbox, cfg->lanes);
}

/* A request has to fit into both. */
static void join_phases(struct gw_fleet *self, uint32_t model)
{
    const struct gw_fleet_split *split = &self->split[model];
    if (split->decode != GW_FLEET_WHOLE) {
        GW_REQUIRE(split->tok_ticks >= 0 && split->tok_ticks < INT64_C(1) << 40);
        const int64_t room =
            split->decode == GW_FLEET_AWAY ? split->room_tok : self->most_room_tok[split->decode];
        self->most_room_tok[model] = room < self->most_room_tok[model] ? room : self->most_room_tok[model];
    }
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
    self->next_timeout_us = GW_NEVER_US;
    self->models = cfg->models;
    self->n_groups = cfg->n_groups;
    self->classes = cfg->classes;
    self->may_spill = cfg->may_spill;
    for (uint32_t i = 0; i < cfg->lanes; i++) {
        GW_REQUIRE(cfg->lane_model[i] < cfg->models);
    }
    if (!create_rest(self, cfg) || !create_members(self, cfg)) {
        gw_fleet_destroy(self);
        return NULL;
    }
    for (uint32_t m = 0; m < cfg->models; m++) {
        join_phases(self, m);
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
    for (uint32_t i = 0; self->cold != NULL && i < self->models; i++) {
        free(self->cold[i].at);
    }
    gw_winner_fini(&self->due);
    gw_inbox_fini(&self->inbox);
    void *const owned[] = {
        self->member,        self->node,       self->pool,       self->first,      self->target,
        self->most_room_tok, self->cold,       self->door.at,    self->gone,       self->gone_class_j,
        self->times,         self->read_times, self->free_nodes, self->down_ticks, self->down_s,
        self->lane_model,    self->group,      self->overload,   self->gauge,      self->load,
        self->split,         self->whole,      self->sent.at,    self->parked.at,  self->link_free};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        free(owned[i]);
    }
    free(self);
}

/* --- time ---------------------------------------------------------------------------------------- */

static void count(struct gw_fleet *self, struct gw_fleet_member *m, gw_tick at, uint32_t waiting,
                  uint32_t running)
{
    gw_gauge_move(&self->gauge[self->whole[m->model]], at, waiting - m->waiting, running - m->running);
    m->waiting = waiting;
    m->running = running;
}

void gw_fleet_publish_gone(struct gw_fleet *self, uint32_t i, gw_tick at)
{
    struct gw_fleet_member *m = &self->member[i];
    count(self, m, at, 0, 0);
    gw_winner_set(&self->due, i, GW_WINNER_NEVER);
    gw_dispatch_update(&self->pool[m->model], i - self->first[m->model], 0);
}

void gw_fleet_publish(struct gw_fleet *self, uint32_t i, gw_tick at)
{
    struct gw_fleet_member *m = &self->member[i];
    const uint32_t running = gw_replica_running(m->replica);
    count(self, m, at, gw_replica_in_flight(m->replica) - running, running);
    gw_winner_set(&self->due, i, gw_replica_due(m->replica));
    gw_dispatch_update(&self->pool[m->model], i - self->first[m->model], gw_replica_in_flight(m->replica));
}

/* A boundary of a member that is not merely standing. */
static bool run_stage(struct gw_fleet *self, uint32_t i, gw_tick due)
{
    const struct gw_fleet_member *m = &self->member[i];
    if (m->stage == GW_FLEET_STARTING) {
        return gw_fleet_stage_stand(self, i, due);
    }
    self->at_member = i;
    gw_replica_run(m->replica, due + 1, &self->replica_sink);
    gw_fleet_publish(self, i, due);
    return gw_replica_in_flight(m->replica) > 0 || gw_fleet_stage_retire(self, i, due);
}

/* Up to `until`, or the arrival of what is handed over if that comes first. */
static bool run_boundaries(struct gw_fleet *self, gw_tick until)
{
    for (gw_tick due; (due = gw_winner_best_key(&self->due)) < until;) {
        if (self->sent.n > 0 && due >= gw_fleet_tick(self, self->sent.at[0].at_us)) {
            return true;
        }
        const uint32_t i = gw_winner_best(&self->due);
        if (self->member[i].stage != GW_FLEET_STANDING) {
            if (!run_stage(self, i, due)) {
                return false;
            }
            continue;
        }
        self->at_member = i;
        gw_replica_run(self->member[i].replica, due + 1, &self->replica_sink);
        gw_fleet_publish(self, i, due);
    }
    return true;
}

/* Boundaries and the arrivals of what is handed over. */
static bool run_until(struct gw_fleet *self, gw_time_us until_us)
{
    const gw_tick until = gw_fleet_tick(self, until_us);
    bool ok = run_boundaries(self, until);
    while (ok && gw_fleet_split_next_us(self) < until_us) {
        ok = gw_fleet_split_deliver(self) && run_boundaries(self, until);
    }
    return ok && !self->split_failed;
}

bool gw_fleet_push(struct gw_fleet *self, uint32_t lane, const struct gw_serve_request *request)
{
    GW_REQUIRE(!self->advancing);
    GW_REQUIRE(request->arrival_us >= self->now_us);
    GW_REQUIRE(request->timeout_ms == 0 || self->sink.timed_out != NULL);
    return gw_inbox_push(&self->inbox, lane, request);
}

bool gw_fleet_dispatch(struct gw_fleet *self, const struct gw_serve_request *request, gw_time_us at_us)
{
    const uint32_t model = self->lane_model[request->lane];
    const uint32_t picked =
        gw_dispatch_pick(&self->pool[model], (int64_t)request->in_tok + (int64_t)request->out_tok - 1);
    if (picked == GW_DISPATCH_NONE) {
        self->sink.refused(self->sink.to, request->lane, request);
        return true;
    }
    const uint32_t i = self->first[model] + picked;
    if (!gw_replica_take(self->member[i].replica, gw_fleet_tick(self, at_us), request, &self->replica_sink)) {
        return false;
    }
    self->gauge[model].arrived++;
    gw_fleet_publish(self, i, gw_fleet_tick(self, at_us));
    return true;
}

bool gw_fleet_hand(struct gw_fleet *self, uint32_t lane, const struct gw_serve_request *request)
{
    struct gw_serve_request mine = *request;
    mine.lane = (uint16_t)lane;
    return gw_fleet_wait_admit(self, &mine, self->now_us);
}

/* An arrival goes straight to a replica; to a split model only if it fits into both phases. */
static bool is_usual(const struct gw_fleet *self, uint32_t model)
{
    return self->cut == 0 && self->pool[model].open > 0 && self->overload[model].rule == GW_OVERLOAD_QUEUE &&
           !gw_fleet_is_split(self, model);
}

static bool advance(struct gw_fleet *self, gw_time_us until_us)
{
    while (gw_inbox_next_us(&self->inbox) < until_us) {
        const struct gw_serve_request *request = gw_inbox_pop(&self->inbox);
        if (!run_until(self, request->arrival_us)) {
            return false;
        }
        self->ties += request->arrival_us == self->last_arrival_us;
        self->last_arrival_us = request->arrival_us;
        if (!(is_usual(self, self->lane_model[request->lane])
                  ? gw_fleet_dispatch(self, request, request->arrival_us)
                  : gw_fleet_wait_admit(self, request, request->arrival_us))) {
            return false;
        }
    }
    if (!run_until(self, until_us)) {
        return false;
    }
    gw_fleet_wait_expire(self, until_us);
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

void gw_fleet_add_meter(struct gw_replica_meter *sum, const struct gw_replica_meter *m)
{
    sum->busy_j += m->busy_j;
    sum->idle_j += m->idle_j;
    sum->busy_s += m->busy_s;
    sum->token_steps += m->token_steps;
    sum->prompt_tok += m->prompt_tok;
    sum->out_tok += m->out_tok;
    sum->cached_tok += m->cached_tok;
    sum->moved_j += m->moved_j;
    sum->steps += m->steps;
    sum->events += m->events;
    sum->preemptions += m->preemptions;
    sum->kv_block_s += m->kv_block_s;
    sum->kv_blocks_peak = m->kv_blocks_peak > sum->kv_blocks_peak ? m->kv_blocks_peak : sum->kv_blocks_peak;
}

static void read_gauge(struct gw_gauge *gauge, gw_tick at, struct gw_fleet_load *out)
{
    gw_gauge_close(gauge, at);
    *out = (struct gw_fleet_load){
        .waiting_s = gauge->waiting_ticks * gw_step_time_s(1),
        .running_s = gauge->running_ticks * gw_step_time_s(1),
        .waiting_peak = gauge->waiting_peak,
        .running_peak = gauge->running_peak,
        .arrived = gauge->arrived,
        .finished = gauge->finished,
    };
    gw_gauge_restart(gauge);
}

/* A group's part of what its model held. */
static void add_load(struct gw_fleet_load *load, const struct gw_replica_cfg *cfg,
                     const struct gw_replica_meter *m, double standing_s)
{
    const double peak_frac = (double)m->kv_blocks_peak / (double)cfg->kv_blocks;
    load->kv_tok_s += m->kv_block_s * (double)cfg->block_tok;
    load->room_tok_s += (double)room_tok(cfg) * standing_s;
    load->kv_peak_frac = peak_frac > load->kv_peak_frac ? peak_frac : load->kv_peak_frac;
    load->busy_s += m->busy_s;
    load->batch_s += m->token_steps;
    load->replica_s += standing_s;
}

static void read_load(struct gw_fleet *self, gw_tick at, const struct gw_replica_meter *group)
{
    for (uint32_t m = 0; m < self->models; m++) {
        read_gauge(&self->gauge[m], at, &self->load[m]);
    }
    for (uint32_t g = 0; g < self->n_groups; g++) {
        add_load(&self->load[self->whole[self->group[g].model]], self->group[g].cfg, &group[g],
                 self->read_times[g].standing_s);
    }
}

void gw_fleet_meter(struct gw_fleet *self, gw_time_us at_us, struct gw_replica_meter *group, double *class_j)
{
    GW_REQUIRE(at_us == self->now_us);
    const gw_tick at = gw_fleet_tick(self, at_us);
    for (uint32_t g = 0; g < self->n_groups; g++) {
        group[g] = self->gone[g];
        self->gone[g] = (struct gw_replica_meter){0};
    }
    for (uint32_t i = 0; i < self->classes; i++) {
        class_j[i] += self->gone_class_j[i];
        self->gone_class_j[i] = 0.0;
    }
    for (uint32_t i = 0; i < self->n; i++) {
        struct gw_replica_meter meter;
        if (self->member[i].replica == NULL) {
            continue;
        }
        gw_replica_meter(self->member[i].replica, at, &meter, class_j);
        gw_replica_rebase(self->member[i].replica, at_us);
        gw_fleet_add_meter(&group[self->member[i].group], &meter);
    }
    gw_winner_shift(&self->due, at);
    gw_fleet_stage_read(self, at);
    read_load(self, at, group);
    gw_fleet_stage_rebase(self, at);
    self->base_us = at_us;
}

/* --- questions ------------------------------------------------------------------------------------ */

const struct gw_fleet_load *gw_fleet_load(const struct gw_fleet *self, uint32_t model)
{
    return &self->load[model];
}

uint32_t gw_fleet_in_flight(const struct gw_fleet *self, uint32_t model)
{
    const uint32_t own = self->pool[model].total + (uint32_t)gw_fleet_list_n(&self->cold[model]);
    if (!gw_fleet_decodes_here(self, model)) {
        return own;
    }
    return own + self->pool[self->split[model].decode].total + gw_fleet_split_between(self, model);
}

uint64_t gw_fleet_waiting(const struct gw_fleet *self)
{
    uint64_t n = gw_fleet_list_n(&self->door) + self->sent.n + self->parked.n;
    for (uint32_t m = 0; m < self->models; m++) {
        n += gw_fleet_list_n(&self->cold[m]);
    }
    return n;
}

const struct gw_fleet_times *gw_fleet_read_times(const struct gw_fleet *self)
{
    return self->read_times;
}

const double *gw_fleet_down_s(const struct gw_fleet *self)
{
    return self->down_s;
}

bool gw_fleet_dark(const struct gw_fleet *self)
{
    return self->dark > 0;
}

bool gw_fleet_reachable(const struct gw_fleet *self)
{
    return self->dark == 0 && self->cut == 0;
}

uint32_t gw_fleet_group_up(const struct gw_fleet *self, uint32_t group)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < self->n; i++) {
        const struct gw_fleet_member *m = &self->member[i];
        n += m->group == group && (m->stage == GW_FLEET_STARTING || m->stage == GW_FLEET_STANDING);
    }
    return n;
}

uint64_t gw_fleet_inbox(const struct gw_fleet *self)
{
    return self->inbox.n;
}

uint32_t gw_fleet_replicas(const struct gw_fleet *self, uint32_t model)
{
    return self->pool[model].open;
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
    const gw_time_us inbox_us = gw_inbox_next_us(&self->inbox);
    const gw_time_us sent_us = gw_fleet_split_next_us(self);
    const gw_time_us first_us = inbox_us < sent_us ? inbox_us : sent_us;
    const gw_time_us arrival_us = first_us < self->next_timeout_us ? first_us : self->next_timeout_us;
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

static void visit_list(const struct gw_fleet_list *list, struct visitor *visitor)
{
    for (size_t i = list->first; i < list->n; i++) {
        on_visit(visitor, &list->at[i], false);
    }
}

void gw_fleet_each(const struct gw_fleet *self,
                   void (*visit)(void *to, uint32_t lane, const struct gw_serve_request *request,
                                 bool answered_first),
                   void *to)
{
    struct visitor visitor = {visit, to};
    for (uint32_t i = 0; i < self->n; i++) {
        if (self->member[i].replica != NULL) {
            gw_replica_each(self->member[i].replica, on_visit, &visitor);
        }
    }
    for (uint32_t m = 0; m < self->models; m++) {
        visit_list(&self->cold[m], &visitor);
    }
    visit_list(&self->door, &visitor);
    gw_fleet_split_each(self, on_visit, &visitor);
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
        const struct gw_fleet_member *m = &self->member[i];
        const struct gw_dispatch_pool *pool = &self->pool[m->model];
        GW_REQUIRE((m->replica != NULL) == (m->stage >= GW_FLEET_STANDING));
        GW_REQUIRE(pool->closed[i - self->first[m->model]] == (m->stage != GW_FLEET_STANDING));
        if (m->replica == NULL) {
            GW_REQUIRE((gw_winner_key(&self->due, i) == GW_WINNER_NEVER) == (m->stage == GW_FLEET_COLD));
            GW_REQUIRE(pool->in_flight[i - self->first[m->model]] == 0);
            continue;
        }
        gw_replica_verify(m->replica);
        GW_REQUIRE(gw_winner_key(&self->due, i) == gw_replica_due(m->replica));
        GW_REQUIRE(pool->in_flight[i - self->first[m->model]] == gw_replica_in_flight(m->replica));
        GW_REQUIRE(m->running == gw_replica_running(m->replica));
        GW_REQUIRE(m->waiting + m->running == gw_replica_in_flight(m->replica));
    }
    uint64_t waiting = 0;
    for (uint32_t lane = 0; lane < self->inbox.lanes; lane++) {
        waiting += self->inbox.lane[lane].n;
    }
    GW_REQUIRE(waiting == self->inbox.n);
    gw_winner_verify(&self->inbox.next);
    for (uint32_t model = 0; model < self->models; model++) {
        gw_dispatch_verify(&self->pool[model]);
        const uint32_t decode =
            gw_fleet_decodes_here(self, model) ? self->pool[self->split[model].decode].total : 0;
        const uint32_t counted = self->gauge[model].waiting + self->gauge[model].running;
        GW_REQUIRE(counted == (self->whole[model] == model ? self->pool[model].total + decode : 0));
    }
    gw_fleet_stage_verify(self);
    gw_fleet_split_verify(self);
}
