/* models/serving/dispatch.h - which replica of a model takes a request.
 *
 * `least-pending` takes the replica with the fewest requests in flight (the lowest index on a tie),
 * `round-robin` the next one, `pack` the lowest index with fewer than pack_limit in flight, else the least
 * pending. A request too long for some of the replicas goes, by the same rule, to one that can hold it. A
 * closed replica takes none; what it has in flight still counts. */
#ifndef GW_MODELS_SERVING_DISPATCH_H
#define GW_MODELS_SERVING_DISPATCH_H

#include "models/serving/winner.h"

enum gw_dispatch { GW_DISPATCH_LEAST_PENDING, GW_DISPATCH_ROUND_ROBIN, GW_DISPATCH_PACK };
extern const char *const gw_dispatch_names[]; /* "least-pending", "round-robin", "pack", NULL */

#define GW_DISPATCH_NONE UINT32_MAX

/* The replicas of one model at one site. */
struct gw_dispatch_pool {
    enum gw_dispatch rule;
    double pack_limit;
    uint32_t n;
    uint32_t turn;          /* round-robin: who is next */
    uint32_t total;         /* in flight in all of them */
    uint32_t open;          /* replicas that take requests */
    bool *closed;           /* [n] */
    uint32_t *in_flight;    /* [n] */
    int64_t *room_tok;      /* [n] longest context each can hold */
    int64_t least_room_tok; /* in all of them */
    struct gw_winner order; /* by rank: the next one to take a request wins */
};

/* room_tok[n] is copied; all are open. False when memory is out. */
GW_MUST_USE bool gw_dispatch_init(struct gw_dispatch_pool *self, enum gw_dispatch rule, double pack_limit,
                                  const int64_t *room_tok, uint32_t n);
void gw_dispatch_fini(struct gw_dispatch_pool *self);

/* Who takes a request whose context grows to context_tok; GW_DISPATCH_NONE when nobody can. */
uint32_t gw_dispatch_pick(struct gw_dispatch_pool *self, int64_t context_tok);

/* Replica i has this many requests in flight now. */
void gw_dispatch_update(struct gw_dispatch_pool *self, uint32_t i, uint32_t in_flight);

/* From now on replica i takes requests, or none. */
void gw_dispatch_open(struct gw_dispatch_pool *self, uint32_t i, bool open);

/* Counts and order the slow way (GW_REQUIRE). */
void gw_dispatch_verify(const struct gw_dispatch_pool *self);

#endif
