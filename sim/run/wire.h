/* sim/run/wire.h - the network during a run: how much later an answer is at its user, what was carried, what
 * that took.
 *
 * A request counts when it ends, answered or not, with what the keys of `network:` say it weighs; those sent
 * in the burn-in do not count. Keys and values that go to another site, and the prompt they come from, count
 * when they are handed over: their energy and price half at either end, their answer where it is given. A
 * site's counters are its own, but for those of its island, so that sites can advance at the same time.
 * Lateness is keyed by the request: no decision changes it. */
#ifndef GW_SIM_RUN_WIRE_H
#define GW_SIM_RUN_WIRE_H

#include "sim/run/ledger.h"
#include "sim/run/scenario.h"

/* Of a demand row at a site since the last reading. */
struct gw_wire_row {
    double in_bytes, out_bytes;
    double kv_bytes; /* of keys and values that another site got or sent */
};

struct gw_wire {
    const struct gw_scenario *sc;
    uint64_t *key;           /* [demands] of the requests' draws */
    struct gw_wire_row *row; /* [sites][demands] */
};

GW_MUST_USE bool gw_wire_init(struct gw_wire *self, const struct gw_scenario *sc, uint32_t replication,
                              struct gw_arena *arena);

/* By how much a request's answer comes later than half a round trip after it left site s: jitter, and its
 * prompt's bytes over the user's own link. */
gw_time_us gw_wire_late_us(const struct gw_wire *self, uint32_t d, uint32_t s, uint64_t number,
                           uint32_t in_tok);

/* A request, which its user sent at sent_us, has ended at site s: out_tok of its answer were on their way. */
void gw_wire_carried(struct gw_wire *self, uint32_t d, uint32_t s, gw_time_us sent_us, uint32_t in_tok,
                     uint32_t out_tok);

/* Its keys and values go from a site to another one; what a request that came so has got from site s. */
void gw_wire_handed_over(struct gw_wire *self, uint32_t d, gw_time_us sent_us, uint32_t in_tok);
void gw_wire_answered(struct gw_wire *self, uint32_t d, uint32_t s, gw_time_us sent_us, uint32_t out_tok);

/* The same of n requests of the scored time at once, whose mean lengths are these. */
void gw_wire_carried_many(struct gw_wire *self, uint32_t d, uint32_t s, double n, double in_tok,
                          double out_tok);

/* Fills the network's entries of a site, adds to its rows' shares of the cost, and begins anew. */
void gw_wire_read(struct gw_wire *self, uint32_t s, double *entry, double *share);

/* USD for an answer of so many tokens from site s. */
double gw_wire_answer_usd(const struct gw_scenario *sc, uint32_t s, double out_tok);

#endif
