#include "models/serving/winner.h"

#include <stdlib.h>

#include "sim/base/check.h"

/* The left one keeps a tie: it has the lower index. */
static struct gw_winner_node match(struct gw_winner_node left, struct gw_winner_node right)
{
    return right.key < left.key ? right : left;
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
        self->node[leaves + i] = (struct gw_winner_node){GW_WINNER_NEVER, i};
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

/* The winner so far climbs in registers and meets one sibling per level. Which of them wins is as good as
 * random, so a mask of the outcome takes the place of a branch. A sibling on the left wins a tie: as if its
 * key were one less. */
void gw_winner_set(struct gw_winner *self, uint32_t index, int64_t key)
{
    GW_CHECK(index < self->n);
    struct gw_winner_node *node = self->node;
    uint32_t at = self->leaves + index;
    if (node[at].key == key) {
        return;
    }

    node[at].key = key;
    for (; at > 1; at /= 2) {
        const struct gw_winner_node sibling = node[at ^ 1];
        const int64_t lost = -(int64_t)(sibling.key - (int64_t)(at & 1) < key);
        key ^= (key ^ sibling.key) & lost;
        index ^= (index ^ sibling.index) & (uint32_t)lost;
        node[at / 2] = (struct gw_winner_node){key, index};
    }
}

void gw_winner_shift(struct gw_winner *self, int64_t by)
{
    for (uint32_t at = 1; at < 2 * self->leaves; at++) {
        if (self->node[at].key != GW_WINNER_NEVER) {
            self->node[at].key -= by;
        }
    }
}

void gw_winner_verify(const struct gw_winner *self)
{
    for (uint32_t at = 1; at < self->leaves; at++) {
        const struct gw_winner_node won = match(self->node[2 * at], self->node[2 * at + 1]);
        GW_REQUIRE(won.index == self->node[at].index);
        GW_REQUIRE(won.key == self->node[at].key);
    }
}
