#include "models/serving/dispatch.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"

const char *const gw_dispatch_names[] = {"least-pending", "round-robin", "pack", NULL};

/* Smaller is earlier. To `pack` all replicas below the limit are alike and before all others. */
static int64_t rank_of(const struct gw_dispatch_pool *self, uint32_t in_flight)
{
    if (self->rule == GW_DISPATCH_PACK && (double)in_flight < self->pack_limit) {
        return -1;
    }
    return in_flight;
}

bool gw_dispatch_init(struct gw_dispatch_pool *self, enum gw_dispatch rule, double pack_limit,
                      const int64_t *room_tok, uint32_t n)
{
    *self = (struct gw_dispatch_pool){
        .rule = rule, .pack_limit = pack_limit, .n = n, .open = n, .least_room_tok = INT64_MAX};
    self->closed = calloc((size_t)n + 1, sizeof *self->closed);
    self->in_flight = calloc((size_t)n + 1, sizeof *self->in_flight);
    self->room_tok = malloc(((size_t)n + 1) * sizeof *self->room_tok);
    if (self->closed == NULL || self->in_flight == NULL || self->room_tok == NULL ||
        !gw_winner_init(&self->order, n)) {
        gw_dispatch_fini(self);
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        self->room_tok[i] = room_tok[i];
        self->least_room_tok = room_tok[i] < self->least_room_tok ? room_tok[i] : self->least_room_tok;
        gw_winner_set(&self->order, i, rank_of(self, 0));
    }
    return true;
}

void gw_dispatch_fini(struct gw_dispatch_pool *self)
{
    free(self->closed);
    free(self->in_flight);
    free(self->room_tok);
    gw_winner_fini(&self->order);
    *self = (struct gw_dispatch_pool){0};
}

static uint32_t take_turn(struct gw_dispatch_pool *self, uint32_t i)
{
    self->turn = i + 1 < self->n ? i + 1 : 0;
    return i;
}

/* The rule among the open ones that can hold the request. */
static uint32_t pick_with_room(struct gw_dispatch_pool *self, int64_t context_tok)
{
    uint32_t best = GW_DISPATCH_NONE;
    for (uint32_t j = 0; j < self->n; j++) {
        if (self->rule == GW_DISPATCH_ROUND_ROBIN) {
            const uint32_t i = (self->turn + j) % self->n;
            if (!self->closed[i] && self->room_tok[i] >= context_tok) {
                return take_turn(self, i);
            }
        } else if (!self->closed[j] && self->room_tok[j] >= context_tok &&
                   (best == GW_DISPATCH_NONE ||
                    rank_of(self, self->in_flight[j]) < rank_of(self, self->in_flight[best]))) {
            best = j;
        }
    }
    return best;
}

uint32_t gw_dispatch_pick(struct gw_dispatch_pool *self, int64_t context_tok)
{
    if (self->open == 0) {
        return GW_DISPATCH_NONE;
    }
    if (context_tok > self->least_room_tok ||
        (self->rule == GW_DISPATCH_ROUND_ROBIN && self->open < self->n)) {
        return pick_with_room(self, context_tok);
    }
    if (self->rule == GW_DISPATCH_ROUND_ROBIN) {
        return take_turn(self, self->turn);
    }
    return gw_winner_best(&self->order);
}

void gw_dispatch_update(struct gw_dispatch_pool *self, uint32_t i, uint32_t in_flight)
{
    if (self->in_flight[i] == in_flight) {
        return;
    }
    self->total += in_flight - self->in_flight[i];
    self->in_flight[i] = in_flight;
    if (self->rule != GW_DISPATCH_ROUND_ROBIN && !self->closed[i]) {
        gw_winner_set(&self->order, i, rank_of(self, in_flight));
    }
}

void gw_dispatch_open(struct gw_dispatch_pool *self, uint32_t i, bool open)
{
    if (self->closed[i] == open) {
        self->closed[i] = !open;
        self->open += open ? 1 : UINT32_MAX;
        gw_winner_set(&self->order, i, open ? rank_of(self, self->in_flight[i]) : GW_WINNER_NEVER);
    }
}

void gw_dispatch_verify(const struct gw_dispatch_pool *self)
{
    uint32_t total = 0, open = 0;
    gw_winner_verify(&self->order);
    for (uint32_t i = 0; i < self->n; i++) {
        total += self->in_flight[i];
        open += !self->closed[i];
        if (self->closed[i]) {
            GW_REQUIRE(gw_winner_key(&self->order, i) == GW_WINNER_NEVER);
        } else if (self->rule != GW_DISPATCH_ROUND_ROBIN) {
            GW_REQUIRE(gw_winner_key(&self->order, i) == rank_of(self, self->in_flight[i]));
        }
    }
    GW_REQUIRE(total == self->total && open == self->open);
    GW_REQUIRE(self->turn < self->n || self->n == 0);
}
