/* Requests on the doorstep: who gets in, who waits, who is sent away. */
#include <stdlib.h>

#include "models/serving/fleet_private.h"
#include "sim/base/array.h"

const char *const gw_fleet_wait_overload_names[] = {"queue", "reject", "spill", NULL};

/* ---- lists ---- */

bool gw_fleet_wait_append(struct gw_fleet_list *list, const struct gw_serve_request *request)
{
    void *at = list->at;
    if (list->first == list->n) {
        list->first = list->n = 0;
    }
    if (!gw_array_reserve(&at, &list->cap, list->n + 1, sizeof *list->at)) {
        return false;
    }
    list->at = at;
    list->at[list->n++] = *request;
    return true;
}

static gw_time_us timeout_us(const struct gw_serve_request *request)
{
    return request->timeout_ms == 0 ? GW_NEVER_US : request->arrival_us + request->timeout_ms * INT64_C(1000);
}

static bool append(struct gw_fleet *self, struct gw_fleet_list *list, const struct gw_serve_request *request)
{
    const gw_time_us until_us = timeout_us(request);
    self->next_timeout_us = until_us < self->next_timeout_us ? until_us : self->next_timeout_us;
    return gw_fleet_wait_append(list, request);
}

/* ---- time-outs ---- */

static void give_up(struct gw_fleet *self, const struct gw_serve_request *request)
{
    const struct gw_served served = {
        .request = *request, .finish = (gw_tick)(request->timeout_ms * INT64_C(1000)) * GW_TICKS_PER_US};
    self->replica_sink.timed_out(self, &served);
}

static gw_time_us expire(struct gw_fleet *self, struct gw_fleet_list *list, gw_time_us until_us,
                         gw_time_us next_us)
{
    size_t kept = list->first;
    for (size_t i = list->first; i < list->n; i++) {
        const gw_time_us at_us = timeout_us(&list->at[i]);
        if (at_us < until_us) {
            give_up(self, &list->at[i]);
        } else {
            list->at[kept++] = list->at[i];
            next_us = at_us < next_us ? at_us : next_us;
        }
    }
    list->n = kept;
    return next_us;
}

void gw_fleet_wait_expire(struct gw_fleet *self, gw_time_us until_us)
{
    if (self->next_timeout_us >= until_us) {
        return;
    }
    gw_time_us next_us = expire(self, &self->door, until_us, GW_NEVER_US);
    for (uint32_t m = 0; m < self->models; m++) {
        next_us = expire(self, &self->cold[m], until_us, next_us);
    }
    self->next_timeout_us = gw_fleet_split_expire(self, until_us, next_us);
}

/* ---- in ---- */

bool gw_fleet_wait_overloaded(const struct gw_fleet *self, uint32_t model)
{
    const struct gw_fleet_overload *overload = &self->overload[model];
    const struct gw_dispatch_pool *pool = &self->pool[model];
    if (overload->rule == GW_OVERLOAD_QUEUE) {
        return false;
    }
    const uint32_t open =
        pool->open + (gw_fleet_decodes_here(self, model) ? self->pool[self->split[model].decode].open : 0);
    const uint64_t room = (uint64_t)overload->limit * (open > 0 ? open : 1);
    return self->cut > 0 || self->dark > 0 || gw_fleet_in_flight(self, model) >= room;
}

static int64_t context_tok(const struct gw_serve_request *request)
{
    return (int64_t)request->in_tok + (int64_t)request->out_tok - 1;
}

static void refuse(struct gw_fleet *self, const struct gw_serve_request *request)
{
    self->sink.refused(self->sink.to, request->lane, request);
}

bool gw_fleet_wait_admit(struct gw_fleet *self, const struct gw_serve_request *request, gw_time_us at_us)
{
    const uint32_t model = self->lane_model[request->lane];
    gw_fleet_wait_expire(self, at_us);
    if (timeout_us(request) <= at_us) {
        give_up(self, request);
        return true;
    }
    if (context_tok(request) > self->most_room_tok[model]) {
        refuse(self, request);
        return true;
    }
    const bool may_leave =
        self->overload[model].rule == GW_OVERLOAD_REJECT || request->lane < self->may_spill;
    if (may_leave && gw_fleet_wait_overloaded(self, model)) {
        if (self->overload[model].rule == GW_OVERLOAD_SPILL) {
            self->sink.spilled(self->sink.to, request->lane, request, at_us);
        } else {
            refuse(self, request);
        }
        return true;
    }
    if (self->cut > 0) {
        return append(self, &self->door, request);
    }
    if (self->pool[model].open > 0) {
        return gw_fleet_dispatch(self, request, at_us);
    }
    if (!append(self, &self->cold[model], request)) {
        return false;
    }
    gw_fleet_stage_wake(self, model, gw_fleet_tick(self, at_us));
    return self->pool[model].open == 0 || gw_fleet_wait_serve(self, model, at_us);
}

bool gw_fleet_wait_serve(struct gw_fleet *self, uint32_t model, gw_time_us at_us)
{
    struct gw_fleet_list *cold = &self->cold[model];
    bool ok = true;
    while (ok && cold->first < cold->n && self->pool[model].open > 0) {
        const struct gw_serve_request request = cold->at[cold->first++];
        if (timeout_us(&request) <= at_us) {
            give_up(self, &request);
        } else {
            ok = gw_fleet_dispatch(self, &request, at_us);
        }
    }
    return ok;
}

/* ---- the network ---- */

void gw_fleet_wait_cut(struct gw_fleet *self)
{
    self->cut++;
}

bool gw_fleet_wait_join(struct gw_fleet *self)
{
    GW_REQUIRE(self->cut > 0);
    self->cut--;
    struct gw_fleet_list door = self->door;
    if (self->cut > 0) {
        return true;
    }
    self->door = (struct gw_fleet_list){0};
    bool ok = true;
    for (size_t i = door.first; ok && i < door.n; i++) {
        ok = gw_fleet_wait_admit(self, &door.at[i], self->now_us);
    }
    free(door.at);
    return ok;
}
