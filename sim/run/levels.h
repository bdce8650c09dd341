/* sim/run/levels.h - at which level of its row's directives each request is answered.
 *
 * The shares that were ordered stand one after the other on [0, 1); a request is answered at the level in
 * whose part its own draw lies. The draw is keyed by the request, so all policies meet the same ones, and a
 * request whose level does not change keeps its length to the token. docs/models/directives.md. */
#ifndef GW_SIM_RUN_LEVELS_H
#define GW_SIM_RUN_LEVELS_H

#include "models/policies/orders.h"
#include "sim/run/scenario.h"

/* What the shares in force make of a row's answers: factors on the mean number of tokens and on its mean
 * square. */
struct gw_levels_effect {
    double tok, tok_sq;
};

struct gw_levels {
    const struct gw_scenario *sc;
    uint32_t levels;                 /* of the row that has most */
    const double *order;             /* [demands][levels] in force; NaN: not ordered */
    uint64_t *key;                   /* [demands] of the draws */
    double *edge;                    /* [demands][levels] where a level's part ends */
    struct gw_levels_effect *effect; /* [demands] */
};

/* The most levels that any row has, at least 1. */
uint32_t gw_levels_most(const struct gw_scenario *sc);

/* `order` stays the caller's. False when memory is out. */
GW_MUST_USE bool gw_levels_init(struct gw_levels *self, const struct gw_scenario *sc, uint32_t replication,
                                const double *order, struct gw_arena *arena);

/* Takes over what was ordered. *changed: some row's shares are others than before. GW_ERR_POLICY: a row's do
 * not sum to 1, or it has no such level. */
GW_MUST_USE enum gw_status gw_levels_update(struct gw_levels *self, const char *policy, bool *changed,
                                            struct gw_error *err);

/* The level of request `number` of row d, which has directives. */
uint32_t gw_levels_of(const struct gw_levels *self, uint32_t d, uint64_t number);

#endif
