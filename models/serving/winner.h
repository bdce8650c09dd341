/* models/serving/winner.h - which of n things is first: a tournament tree over integer keys.
 *
 * The smallest key wins, the lowest index on a tie. Reading the winner costs
 * nothing, changing a key one match per level, fewer where the outcome stays the same. */
#ifndef GW_MODELS_SERVING_WINNER_H
#define GW_MODELS_SERVING_WINNER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/status.h"

#define GW_WINNER_NEVER INT64_MAX

/* Key and index in one number, so that one comparison decides a match and its ties. */
__extension__ typedef unsigned __int128 gw_winner_node;

struct gw_winner {
    gw_winner_node *node; /* node 1 is the final, nodes 2i and 2i + 1 play for node i; leaves come last */
    uint32_t n, leaves;
};

/* All keys are GW_WINNER_NEVER. False when memory is out; n may be 0. */
GW_MUST_USE bool gw_winner_init(struct gw_winner *self, uint32_t n);
void gw_winner_fini(struct gw_winner *self);

void gw_winner_set(struct gw_winner *self, uint32_t index, int64_t key);

/* Takes `by` from every key but GW_WINNER_NEVER. */
void gw_winner_shift(struct gw_winner *self, int64_t by);

/* The sign bit is flipped: signed order as that of unsigned numbers. */
static inline gw_winner_node gw_winner_node_of(int64_t key, uint32_t index)
{
    return (gw_winner_node)((uint64_t)key ^ UINT64_C(1) << 63) << 64 | index;
}

static inline int64_t gw_winner_node_key(gw_winner_node node)
{
    return (int64_t)((uint64_t)(node >> 64) ^ UINT64_C(1) << 63);
}

/* The smallest key; GW_WINNER_NEVER when there is nothing to win. */
static inline int64_t gw_winner_best_key(const struct gw_winner *self)
{
    return gw_winner_node_key(self->node[1]);
}

/* Whose it is; without meaning when there is nothing to win. */
static inline uint32_t gw_winner_best(const struct gw_winner *self)
{
    return (uint32_t)self->node[1];
}

static inline int64_t gw_winner_key(const struct gw_winner *self, uint32_t index)
{
    return gw_winner_node_key(self->node[self->leaves + index]);
}

/* Every match played again (GW_REQUIRE). */
void gw_winner_verify(const struct gw_winner *self);

#endif
