#include "models/serving/inbox.h"

#include <stdlib.h>

#include "sim/base/check.h"

enum { FIRST_CAP = 64 };

_Static_assert(GW_WINNER_NEVER == GW_NEVER_US, "an empty lane is one whose next arrival is never");

bool gw_inbox_init(struct gw_inbox *self, uint32_t lanes)
{
    *self = (struct gw_inbox){.lanes = lanes};
    self->lane = calloc(lanes > 0 ? lanes : 1, sizeof *self->lane);
    if (self->lane == NULL || !gw_winner_init(&self->next, lanes)) {
        gw_inbox_fini(self);
        return false;
    }
    for (uint32_t i = 0; i < lanes; i++) {
        self->lane[i].last_us = INT64_MIN;
    }
    return true;
}

void gw_inbox_fini(struct gw_inbox *self)
{
    for (uint32_t i = 0; self->lane != NULL && i < self->lanes; i++) {
        free(self->lane[i].ring);
    }
    free(self->lane);
    gw_winner_fini(&self->next);
    *self = (struct gw_inbox){0};
}

static bool grow(struct gw_inbox_lane *lane)
{
    const uint32_t cap = lane->cap > 0 ? 2 * lane->cap : FIRST_CAP;
    struct gw_serve_request *ring = malloc(cap * sizeof *ring);
    if (ring == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < lane->n; i++) {
        ring[i] = *gw_inbox_at(lane, i);
    }
    free(lane->ring);
    lane->ring = ring;
    lane->cap = cap;
    lane->head = 0;
    return true;
}

bool gw_inbox_push(struct gw_inbox *self, uint32_t lane, const struct gw_serve_request *request)
{
    GW_REQUIRE(lane < self->lanes);
    struct gw_inbox_lane *l = &self->lane[lane];
    GW_REQUIRE(request->arrival_us >= l->last_us);
    if (l->n == l->cap && !grow(l)) {
        return false;
    }

    struct gw_serve_request *last = &l->ring[(l->head + l->n) & (l->cap - 1)];
    *last = *request;
    last->lane = (uint16_t)lane;
    l->last_us = request->arrival_us;
    if (l->n == 0) {
        gw_winner_set(&self->next, lane, request->arrival_us);
    }
    l->n++;
    self->n++;
    return true;
}

const struct gw_serve_request *gw_inbox_pop(struct gw_inbox *self)
{
    GW_REQUIRE(self->n > 0);
    const uint32_t lane = gw_winner_best(&self->next);
    struct gw_inbox_lane *l = &self->lane[lane];
    const struct gw_serve_request *request = gw_inbox_at(l, 0);
    l->head = (l->head + 1) & (l->cap - 1);
    l->n--;
    self->n--;
    gw_winner_set(&self->next, lane, l->n > 0 ? gw_inbox_at(l, 0)->arrival_us : GW_NEVER_US);
    return request;
}
