/* Models whose phases stand on different replicas: what one hands over travels, then another goes on with it.
 */
#include <stdlib.h>

#include "models/serving/fleet_private.h"
#include "sim/base/array.h"

/* ---- those on their way, a heap by (arrival, lane, number) ---- */

static bool comes_before(const struct gw_fleet_handover *a, const struct gw_fleet_handover *b)
{
    if (a->at_us != b->at_us) {
        return a->at_us < b->at_us;
    }
    const struct gw_serve_request *x = &a->served.request, *y = &b->served.request;
    return x->lane != y->lane ? x->lane < y->lane : x->number < y->number;
}

static bool append(struct gw_fleet_handovers *list, const struct gw_fleet_handover *h)
{
    void *at = list->at;
    if (!gw_array_reserve(&at, &list->cap, list->n + 1, sizeof *list->at)) {
        return false;
    }
    list->at = at;
    list->at[list->n++] = *h;
    return true;
}

static bool push(struct gw_fleet_handovers *heap, const struct gw_fleet_handover *h)
{
    if (!append(heap, h)) {
        return false;
    }
    size_t at = heap->n - 1;
    for (; at > 0 && comes_before(h, &heap->at[(at - 1) / 2]); at = (at - 1) / 2) {
        heap->at[at] = heap->at[(at - 1) / 2];
    }
    heap->at[at] = *h;
    return true;
}

static void sift_down(struct gw_fleet_handovers *heap, size_t at)
{
    const struct gw_fleet_handover h = heap->at[at];
    for (size_t child; (child = 2 * at + 1) < heap->n; at = child) {
        child += child + 1 < heap->n && comes_before(&heap->at[child + 1], &heap->at[child]);
        if (!comes_before(&heap->at[child], &h)) {
            break;
        }
        heap->at[at] = heap->at[child];
    }
    heap->at[at] = h;
}

static struct gw_fleet_handover pop(struct gw_fleet_handovers *heap)
{
    const struct gw_fleet_handover first = heap->at[0];
    heap->at[0] = heap->at[--heap->n];
    if (heap->n > 0) {
        sift_down(heap, 0);
    }
    return first;
}

gw_time_us gw_fleet_split_next_us(const struct gw_fleet *self)
{
    return self->sent.n > 0 ? self->sent.at[0].at_us : GW_NEVER_US;
}

/* ---- from one replica to the other ---- */

static const struct gw_fleet_split *split_of(const struct gw_fleet *self, const struct gw_served *served)
{
    return &self->split[self->lane_model[served->request.lane]];
}

void gw_fleet_split_hand_over(struct gw_fleet *self, uint32_t from, const struct gw_served *served)
{
    const struct gw_fleet_split *split = split_of(self, served);
    GW_REQUIRE(split->decode != GW_FLEET_WHOLE);
    struct gw_fleet_member *m = &self->member[from];
    const gw_tick now =
        gw_fleet_tick(self, served->request.arrival_us) + served->finish; /* the first token's */
    const bool away = split->decode == GW_FLEET_AWAY;
    gw_tick *link_free = away ? &self->link_free[split->link] : &m->link_free;
    const gw_tick begin = *link_free > now ? *link_free : now;
    const gw_tick span = (gw_tick)served->request.in_tok * split->tok_ticks;
    const double moved_j = (double)served->request.in_tok * split->tok_j;
    *link_free = begin + (span > 0 ? span : 1);

    struct gw_fleet_handover h = {
        .at_us = gw_fleet_us(self, *link_free) + split->delay_us, .from = from, .served = *served};
    h.served.energy_j += moved_j;
    self->gone[m->group].moved_j += moved_j;
    self->gone_class_j[served->request.class] += moved_j;
    if (away) {
        self->sink.handed_over(self->sink.to, h.served.request.lane, &h.served, h.at_us);
    } else {
        self->split_failed = self->split_failed || !push(&self->sent, &h);
    }
}

bool gw_fleet_split_receive(struct gw_fleet *self, uint32_t lane, const struct gw_served *handed_over,
                            gw_time_us at_us)
{
    GW_REQUIRE(at_us >= self->now_us);
    GW_REQUIRE(gw_fleet_decodes_here(self, self->lane_model[lane]));
    struct gw_fleet_handover h = {.at_us = at_us, .from = GW_FLEET_AWAY, .served = *handed_over};
    h.served.request.lane = (uint16_t)lane;
    return push(&self->sent, &h);
}

static gw_time_us timeout_us(const struct gw_serve_request *r)
{
    return r->timeout_ms == 0 ? GW_NEVER_US : r->arrival_us + r->timeout_ms * INT64_C(1000);
}

/* It has its first token and no more. */
static void give_up(struct gw_fleet *self, const struct gw_fleet_handover *h, gw_time_us at_us)
{
    struct gw_served served = h->served;
    served.finish = (at_us - served.request.arrival_us) * GW_TICKS_PER_US;
    self->replica_sink.timed_out(self, &served);
}

static bool resume(struct gw_fleet *self, const struct gw_fleet_handover *h, gw_time_us at_us)
{
    const uint32_t model = split_of(self, &h->served)->decode;
    const struct gw_serve_request *r = &h->served.request;
    const uint32_t picked = gw_dispatch_pick(&self->pool[model], (int64_t)r->in_tok + r->out_tok - 1);
    if (picked == GW_DISPATCH_NONE) {
        self->sink.refused(self->sink.to, r->lane, r);
        return true;
    }
    const uint32_t i = self->first[model] + picked;
    if (!gw_replica_resume(self->member[i].replica, gw_fleet_tick(self, at_us), &h->served,
                           &self->replica_sink)) {
        return false;
    }
    gw_fleet_publish(self, i, gw_fleet_tick(self, at_us));
    return true;
}

/* The first of those on their way is there. */
bool gw_fleet_split_deliver(struct gw_fleet *self)
{
    const struct gw_fleet_handover h = pop(&self->sent);
    const uint32_t model = split_of(self, &h.served)->decode;
    const gw_time_us until_us = timeout_us(&h.served.request);
    if (until_us <= h.at_us) {
        give_up(self, &h, h.at_us);
        return true;
    }
    if (self->pool[model].open > 0) {
        return resume(self, &h, h.at_us);
    }
    if (!append(&self->parked, &h)) {
        return false;
    }
    self->next_timeout_us = until_us < self->next_timeout_us ? until_us : self->next_timeout_us;
    gw_fleet_stage_wake(self, model, gw_fleet_tick(self, h.at_us));
    return self->pool[model].open == 0 || gw_fleet_split_serve(self, model, h.at_us);
}

/* ---- those that found no replica ---- */

bool gw_fleet_split_serve(struct gw_fleet *self, uint32_t model, gw_time_us at_us)
{
    struct gw_fleet_handovers *parked = &self->parked;
    size_t kept = 0;
    bool ok = true;
    for (size_t i = 0; i < parked->n; i++) {
        const struct gw_fleet_handover *h = &parked->at[i];
        if (!ok || split_of(self, &h->served)->decode != model || self->pool[model].open == 0) {
            parked->at[kept++] = *h;
        } else if (timeout_us(&h->served.request) <= at_us) {
            give_up(self, h, timeout_us(&h->served.request));
        } else {
            ok = resume(self, h, at_us);
        }
    }
    parked->n = kept;
    return ok;
}

gw_time_us gw_fleet_split_expire(struct gw_fleet *self, gw_time_us until_us, gw_time_us next_us)
{
    struct gw_fleet_handovers *parked = &self->parked;
    size_t kept = 0;
    for (size_t i = 0; i < parked->n; i++) {
        const struct gw_fleet_handover *h = &parked->at[i];
        const gw_time_us at_us = timeout_us(&h->served.request);
        if (at_us < until_us) {
            give_up(self, h, at_us);
        } else {
            next_us = at_us < next_us ? at_us : next_us;
            parked->at[kept++] = *h;
        }
    }
    parked->n = kept;
    return next_us;
}

/* ---- outages, questions ---- */

static void lose(struct gw_fleet_handovers *list, uint32_t from,
                 void (*visit)(void *to, const struct gw_serve_request *request, bool answered_first),
                 void *to)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (list->at[i].from == from) {
            visit(to, &list->at[i].served.request, true);
        } else {
            list->at[kept++] = list->at[i];
        }
    }
    list->n = kept;
}

void gw_fleet_split_lose(struct gw_fleet *self, uint32_t from,
                         void (*visit)(void *to, const struct gw_serve_request *request, bool answered_first),
                         void *to)
{
    const size_t before = self->sent.n;
    lose(&self->sent, from, visit, to);
    lose(&self->parked, from, visit, to);
    for (size_t i = self->sent.n; before != self->sent.n && i-- > 0;) {
        sift_down(&self->sent, i);
    }
}

static uint32_t count(const struct gw_fleet *self, const struct gw_fleet_handovers *list, uint32_t model)
{
    uint32_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        n += self->lane_model[list->at[i].served.request.lane] == model;
    }
    return n;
}

uint32_t gw_fleet_split_between(const struct gw_fleet *self, uint32_t model)
{
    return count(self, &self->sent, model) + count(self, &self->parked, model);
}

bool gw_fleet_split_awaits(const struct gw_fleet *self, uint32_t model)
{
    bool awaits = false;
    for (size_t i = 0; i < self->parked.n && !awaits; i++) {
        awaits = split_of(self, &self->parked.at[i].served)->decode == model;
    }
    return awaits;
}

void gw_fleet_split_each(const struct gw_fleet *self,
                         void (*visit)(void *to, const struct gw_serve_request *request, bool answered_first),
                         void *to)
{
    for (size_t i = 0; i < self->sent.n; i++) {
        visit(to, &self->sent.at[i].served.request, true);
    }
    for (size_t i = 0; i < self->parked.n; i++) {
        visit(to, &self->parked.at[i].served.request, true);
    }
}

void gw_fleet_split_verify(const struct gw_fleet *self)
{
    for (size_t i = 1; i < self->sent.n; i++) {
        GW_REQUIRE(!comes_before(&self->sent.at[i], &self->sent.at[(i - 1) / 2]));
    }
    for (size_t i = 0; i < self->parked.n; i++) {
        GW_REQUIRE(self->pool[split_of(self, &self->parked.at[i].served)->decode].open == 0);
    }
}
