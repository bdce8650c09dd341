/* Which replicas stand. An engine that stops or fails is gone with all it remembers; the next one is new. */
#include <stdlib.h>

#include "models/serving/fleet_private.h"

/* ---- time spent ---- */

/* Of [since, at) what lies before `end`. */
static gw_tick part_before(gw_tick since, gw_tick at, gw_tick end)
{
    const gw_tick to = end < at ? end : at;
    return to > since ? to - since : 0;
}

static void close_member_time(struct gw_fleet *self, struct gw_fleet_member *m, gw_tick at)
{
    struct gw_fleet_times *times = &self->times[m->group];
    if (m->stage == GW_FLEET_STARTING) {
        times->starting += at - m->since - part_before(m->since, at, m->from);
    } else if (m->stage != GW_FLEET_COLD) {
        times->standing += at - m->since;
    }
    m->since = at;
}

static void close_node_time(struct gw_fleet *self, struct gw_fleet_node *node, gw_tick at)
{
    struct gw_fleet_times *times = &self->times[node->group];
    if (node->live > 0) {
        times->up += at - node->since;
        times->waking += part_before(node->since, at, node->awake);
    } else if (node->down != 0 && self->pools > 0) {
        self->down_ticks[self->group[node->group].pool] += at - node->since;
    }
    node->since = at;
}

void gw_fleet_stage_read(struct gw_fleet *self, gw_tick at)
{
    for (uint32_t i = 0; i < self->n; i++) {
        close_member_time(self, &self->member[i], at);
    }
    for (uint32_t k = 0; k < self->n_nodes; k++) {
        close_node_time(self, &self->node[k], at);
    }
    for (uint32_t g = 0; g < self->n_groups; g++) {
        struct gw_fleet_times *times = &self->times[g];
        self->read_times[g] = (struct gw_fleet_times){.standing_s = gw_step_time_s(times->standing),
                                                      .starting_s = gw_step_time_s(times->starting),
                                                      .node_s = gw_step_time_s(times->up),
                                                      .waking_s = gw_step_time_s(times->waking)};
        *times = (struct gw_fleet_times){0};
    }
    for (uint32_t p = 0; p < self->pools; p++) {
        self->down_s[p] = gw_step_time_s(self->down_ticks[p]);
        self->down_ticks[p] = 0;
    }
}

void gw_fleet_stage_rebase(struct gw_fleet *self, gw_tick by)
{
    for (uint32_t i = 0; i < self->n; i++) {
        self->member[i].since -= by;
        self->member[i].from -= by;
        self->member[i].link_free -= by;
    }
    for (uint32_t i = 0; i < self->links; i++) {
        self->link_free[i] -= by;
    }
    for (uint32_t k = 0; k < self->n_nodes; k++) {
        self->node[k].since -= by;
        self->node[k].awake -= by;
    }
}

/* ---- nodes ---- */

static int64_t *free_nodes(struct gw_fleet *self, const struct gw_fleet_node *node)
{
    return self->pools > 0 ? &self->free_nodes[self->group[node->group].pool] : NULL;
}

static bool node_available(const struct gw_fleet *self, const struct gw_fleet_node *node)
{
    return self->dark == 0 && node->down == 0 &&
           (node->live > 0 || self->pools == 0 || self->free_nodes[self->group[node->group].pool] > 0);
}

static void enter_node(struct gw_fleet *self, struct gw_fleet_node *node, gw_tick at, gw_tick awake)
{
    if (node->live == 0) {
        int64_t *free = free_nodes(self, node);
        if (free != NULL) {
            GW_REQUIRE(*free > 0);
            --*free;
        }
        node->since = at;
        node->awake = awake;
        node->was_down = false;
    }
    node->live++;
}

static void leave_node(struct gw_fleet *self, struct gw_fleet_node *node, gw_tick at)
{
    if (node->live == 1) {
        close_node_time(self, node, at);
        int64_t *free = free_nodes(self, node);
        if (free != NULL) {
            ++*free;
        }
    }
    node->live--;
}

/* ---- from stage to stage ---- */

static void set_stage(struct gw_fleet *self, uint32_t i, enum gw_fleet_stage stage, gw_tick at)
{
    struct gw_fleet_member *m = &self->member[i];
    close_member_time(self, m, at);
    m->stage = stage;
    gw_dispatch_open(&self->pool[m->model], i - self->first[m->model], stage == GW_FLEET_STANDING);
}

/* A new engine whose meters begin at `at`. */
static bool create_engine(struct gw_fleet *self, uint32_t i, gw_tick at)
{
    struct gw_fleet_member *m = &self->member[i];
    m->replica = gw_replica_create(self->group[m->group].cfg, self->classes, self->base_us);
    if (m->replica == NULL) {
        return false;
    }
    struct gw_replica_meter nothing;
    gw_replica_meter(m->replica, at, &nothing, self->gone_class_j);
    gw_fleet_publish(self, i, at);
    return true;
}

bool gw_fleet_stage_open(struct gw_fleet *self, uint32_t i)
{
    struct gw_fleet_member *m = &self->member[i];
    enter_node(self, &self->node[m->node], 0, 0);
    set_stage(self, i, GW_FLEET_STANDING, 0);
    return create_engine(self, i, 0);
}

static void start(struct gw_fleet *self, uint32_t i, gw_tick at)
{
    struct gw_fleet_member *m = &self->member[i];
    struct gw_fleet_node *node = &self->node[m->node];
    const struct gw_fleet_group *group = &self->group[m->group];
    const gw_time_us wake_us = node->was_down ? group->boot_us : group->wake_us;
    enter_node(self, node, at, gw_fleet_tick(self, gw_fleet_us(self, at) + wake_us));
    set_stage(self, i, GW_FLEET_STARTING, at);
    m->from = node->awake > at ? node->awake : at;
    gw_winner_set(&self->due, i, gw_fleet_tick(self, gw_fleet_us(self, m->from) + group->load_us));
}

bool gw_fleet_stage_stand(struct gw_fleet *self, uint32_t i, gw_tick at)
{
    const uint32_t model = self->member[i].model;
    const uint32_t end = self->first[model] + self->pool[model].n;
    for (uint32_t k = i; k < end; k++) {
        if (self->member[k].stage == GW_FLEET_STARTING && gw_winner_key(&self->due, k) == at) {
            set_stage(self, k, GW_FLEET_STANDING, at);
            if (!create_engine(self, k, at)) {
                return false;
            }
        }
    }
    const gw_time_us at_us = gw_fleet_us(self, at);
    return gw_fleet_wait_serve(self, model, at_us) && gw_fleet_split_serve(self, model, at_us);
}

/* Its meters go to what is gone; the node may be free. */
static void make_cold(struct gw_fleet *self, uint32_t i, gw_tick at)
{
    struct gw_fleet_member *m = &self->member[i];
    set_stage(self, i, GW_FLEET_COLD, at);
    if (m->replica != NULL) {
        struct gw_replica_meter meter;
        gw_replica_meter(m->replica, at, &meter, self->gone_class_j);
        gw_fleet_add_meter(&self->gone[m->group], &meter);
        gw_replica_destroy(m->replica);
        m->replica = NULL;
    }
    gw_fleet_publish_gone(self, i, at);
    leave_node(self, &self->node[m->node], at);
}

/* ---- how many ---- */

static uint32_t count_up(const struct gw_fleet *self, uint32_t model)
{
    uint32_t up = 0;
    for (uint32_t i = 0; i < self->pool[model].n; i++) {
        const enum gw_fleet_stage stage = self->member[self->first[model] + i].stage;
        up += stage == GW_FLEET_STARTING || stage == GW_FLEET_STANDING;
    }
    return up;
}

static uint32_t wanted(const struct gw_fleet *self, uint32_t model)
{
    const uint32_t least = gw_fleet_list_n(&self->cold[model]) > 0 || gw_fleet_split_awaits(self, model);
    return self->target[model] > least ? self->target[model] : least;
}

/* One more stands or starts; false when there is none to take. A draining one costs nothing. */
static bool one_more(struct gw_fleet *self, uint32_t model, gw_tick at)
{
    const uint32_t first = self->first[model], end = first + self->pool[model].n;
    for (uint32_t i = first; i < end; i++) {
        if (self->member[i].stage == GW_FLEET_DRAINING) {
            set_stage(self, i, GW_FLEET_STANDING, at);
            return true;
        }
    }
    for (uint32_t i = first; i < end; i++) {
        const struct gw_fleet_member *m = &self->member[i];
        if (m->stage == GW_FLEET_COLD && node_available(self, &self->node[m->node])) {
            start(self, i, at);
            return true;
        }
    }
    return false;
}

static void grow(struct gw_fleet *self, uint32_t model, gw_tick at)
{
    gw_fleet_wait_expire(self, gw_fleet_us(self, at));
    for (uint32_t up = count_up(self, model); up < wanted(self, model) && one_more(self, model, at); up++) {
    }
}

static void grow_all(struct gw_fleet *self, gw_tick at)
{
    for (uint32_t m = 0; m < self->models; m++) {
        grow(self, m, at);
    }
}

void gw_fleet_stage_wake(struct gw_fleet *self, uint32_t model, gw_tick at)
{
    grow(self, model, at);
}

bool gw_fleet_stage_retire(struct gw_fleet *self, uint32_t i, gw_tick at)
{
    make_cold(self, i, at);
    grow_all(self, at);
    return true;
}

/* The highest index of the model in a stage; UINT32_MAX when none is. */
static uint32_t last_in(const struct gw_fleet *self, uint32_t model, enum gw_fleet_stage stage)
{
    for (uint32_t i = self->pool[model].n; i-- > 0;) {
        if (self->member[self->first[model] + i].stage == stage) {
            return self->first[model] + i;
        }
    }
    return UINT32_MAX;
}

/* One less; the engines that only start go first. */
static void one_less(struct gw_fleet *self, uint32_t model, gw_tick at)
{
    const uint32_t starting = last_in(self, model, GW_FLEET_STARTING);
    if (starting != UINT32_MAX) {
        make_cold(self, starting, at);
        return;
    }
    const uint32_t i = last_in(self, model, GW_FLEET_STANDING);
    set_stage(self, i, GW_FLEET_DRAINING, at);
    if (gw_replica_in_flight(self->member[i].replica) == 0) {
        make_cold(self, i, at);
    }
}

bool gw_fleet_stage_target(struct gw_fleet *self, uint32_t model, uint32_t replicas)
{
    const gw_tick at = gw_fleet_tick(self, self->now_us);
    self->target[model] = replicas;
    for (uint32_t up = count_up(self, model); up > wanted(self, model); up--) {
        one_less(self, model, at);
    }
    grow_all(self, at);
    return gw_fleet_wait_serve(self, model, self->now_us) && gw_fleet_split_serve(self, model, self->now_us);
}

/* ---- coefficients ---- */

void gw_fleet_stage_retune(struct gw_fleet *self, uint32_t group, const struct gw_replica_cfg *cfg)
{
    GW_REQUIRE(group < self->n_groups);
    const gw_tick at = gw_fleet_tick(self, self->now_us);
    self->group[group].cfg = cfg;
    for (uint32_t i = 0; i < self->n; i++) {
        if (self->member[i].group == group && self->member[i].replica != NULL) {
            gw_replica_retune(self->member[i].replica, at, cfg);
            gw_fleet_publish(self, i, at);
        }
    }
}

/* ---- outages ---- */

struct eviction {
    struct gw_fleet *fleet;
    struct gw_fleet_list list;
    bool failed; /* memory */
};

static void evict(void *to, const struct gw_serve_request *request, bool answered_first)
{
    struct eviction *eviction = to;
    struct gw_serve_request again = *request;
    (void)answered_first;
    if (eviction->fleet->sink.again != NULL) {
        eviction->fleet->sink.again(eviction->fleet->sink.to, request->lane, &again);
    }
    eviction->failed = eviction->failed || !gw_fleet_wait_append(&eviction->list, &again);
}

static int by_arrival(const void *a, const void *b)
{
    const struct gw_serve_request *x = a, *y = b;
    if (x->arrival_us != y->arrival_us) {
        return x->arrival_us < y->arrival_us ? -1 : 1;
    }
    if (x->lane != y->lane) {
        return x->lane < y->lane ? -1 : 1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

/* The replicas of a node are gone; returns how many stood or started. */
static uint32_t fail_node(struct gw_fleet *self, uint32_t k, uint32_t id, gw_tick at,
                          struct eviction *eviction)
{
    uint32_t up = 0;
    for (uint32_t i = 0; i < self->n; i++) {
        const struct gw_fleet_member *m = &self->member[i];
        if (m->node != k || m->stage == GW_FLEET_COLD) {
            continue;
        }
        up += m->stage != GW_FLEET_DRAINING;
        if (m->replica != NULL) {
            gw_replica_each(m->replica, evict, eviction);
        }
        gw_fleet_split_lose(self, i, evict, eviction);
        make_cold(self, i, at);
    }
    struct gw_fleet_node *node = &self->node[k];
    int64_t *free = free_nodes(self, node);
    if (free != NULL) {
        --*free;
    }
    node->down = id;
    node->was_down = true;
    node->since = at;
    return up;
}

static bool readmit(struct gw_fleet *self, struct gw_fleet_list *list, gw_time_us at_us)
{
    bool ok = true;
    if (list->n > 0) {
        qsort(list->at, list->n, sizeof *list->at, by_arrival);
    }
    for (size_t i = 0; ok && i < list->n; i++) {
        ok = gw_fleet_wait_admit(self, &list->at[i], at_us);
    }
    free(list->at);
    return ok;
}

bool gw_fleet_stage_fail(struct gw_fleet *self, uint32_t id, uint32_t model, uint32_t pool, uint32_t replicas)
{
    GW_REQUIRE(id > 0);
    const gw_tick at = gw_fleet_tick(self, self->now_us);
    struct eviction eviction = {.fleet = self};
    uint32_t failed = 0;
    for (uint32_t k = self->n_nodes; k-- > 0 && failed < replicas;) {
        const struct gw_fleet_group *group = &self->group[self->node[k].group];
        if (self->node[k].live > 0 &&
            (model == GW_FLEET_ALL || group->model == model || self->whole[group->model] == model) &&
            (pool == GW_FLEET_ALL || group->pool == pool)) {
            failed += fail_node(self, k, id, at, &eviction);
        }
    }
    grow_all(self, at);
    const bool ok = readmit(self, &eviction.list, self->now_us);
    return ok && !eviction.failed;
}

bool gw_fleet_stage_darken(struct gw_fleet *self, uint32_t id)
{
    self->dark++;
    return gw_fleet_stage_fail(self, id, GW_FLEET_ALL, GW_FLEET_ALL, GW_FLEET_ALL);
}

bool gw_fleet_stage_repair(struct gw_fleet *self, uint32_t id)
{
    const gw_tick at = gw_fleet_tick(self, self->now_us);
    for (uint32_t k = 0; k < self->n_nodes; k++) {
        struct gw_fleet_node *node = &self->node[k];
        if (node->down == id) {
            close_node_time(self, node, at);
            node->down = 0;
            int64_t *free = free_nodes(self, node);
            if (free != NULL) {
                ++*free;
            }
        }
    }
    grow_all(self, at);
    return true;
}

bool gw_fleet_stage_lighten(struct gw_fleet *self, uint32_t id)
{
    GW_REQUIRE(self->dark > 0);
    self->dark--;
    return gw_fleet_stage_repair(self, id);
}

void gw_fleet_stage_verify(const struct gw_fleet *self)
{
    for (uint32_t k = 0; k < self->n_nodes; k++) {
        uint32_t live = 0;
        for (uint32_t i = 0; i < self->n; i++) {
            live += self->member[i].node == k && self->member[i].stage != GW_FLEET_COLD;
        }
        GW_REQUIRE(live == self->node[k].live);
        GW_REQUIRE(live == 0 || self->node[k].down == 0);
    }
    for (uint32_t m = 0; m < self->models; m++) {
        GW_REQUIRE(self->pool[m].open == 0 || gw_fleet_list_n(&self->cold[m]) == 0);
    }
}
