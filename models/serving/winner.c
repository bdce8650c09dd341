#include "models/serving/winner.h"

#include <stdlib.h>

#include "sim/base/check.h"

/* The better one is as good as random: a conditional move, not a branch. */
static inline gw_winner_node match(gw_winner_node a, gw_winner_node b)
{
    return b < a ? b : a;
}

bool gw_winner_init(struct gw_winner *self, uint32_t n)
{
    uint32_t leaves = 1;
    while (leaves < n) {
        leaves *= 2;
    }
    *self = (struct gw_winner){malloc(2 * (size_t)leaves * sizeof *self->node), n, leaves};
    if (self->node == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < leaves; i++) {
        self->node[leaves + i] = gw_winner_node_of(GW_WINNER_NEVER, i);
    }
    for (uint32_t at = leaves - 1; at >= 1; at--) {
        self->node[at] = match(self->node[2 * at], self->node[2 * at + 1]);
    }
    return true;
}

void gw_winner_fini(struct gw_winner *self)
{
    free(self->node);
    *self = (struct gw_winner){0};
}

/* The winner so far climbs in registers and meets one sibling per level. */
void gw_winner_set(struct gw_winner *self, uint32_t index, int64_t key)
{
    GW_CHECK(index < self->n);
    gw_winner_node *node = self->node;
    gw_winner_node won = gw_winner_node_of(key, index);
    uint32_t at = self->leaves + index;
    if (node[at] == won) {
        return;
    }
    node[at] = won;
    for (; at > 1; at /= 2) {
        won = match(won, node[at ^ 1]);
        node[at / 2] = won;
    }
}

void gw_winner_shift(struct gw_winner *self, int64_t by)
{
    for (uint32_t at = 1; at < 2 * self->leaves; at++) {
        const int64_t key = gw_winner_node_key(self->node[at]);
        if (key != GW_WINNER_NEVER) {
            self->node[at] = gw_winner_node_of(key - by, (uint32_t)self->node[at]);
        }
    }
}

void gw_winner_verify(const struct gw_winner *self)
{
    for (uint32_t at = 1; at < self->leaves; at++) {
        GW_REQUIRE(self->node[at] == match(self->node[2 * at], self->node[2 * at + 1]));
    }
}
