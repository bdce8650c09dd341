/* models/workload/request_source.h - where the requests of one demand row come from: a generator, or a trace
 * that is replayed.
 *
 * Two halves. A *law* says beforehand what the row asks for: immutable, in the scenario, shared by threads;
 * estimates and perfect forecasts use it. A *source* is opened from it for one run and hands out the requests
 * in order of time. Both count time in microseconds from the burn-in's start, at the origin.
 *
 * A source is a pure function of (law, seed, replication, name) and, where it closes a loop (sessions,
 * elastic demand), of what it was told at window edges. How a run is cut into windows never shows in it
 * otherwise. */
#ifndef GW_MODELS_WORKLOAD_REQUEST_SOURCE_H
#define GW_MODELS_WORKLOAD_REQUEST_SOURCE_H

#include <stdbool.h>

#include "sim/base/arena.h"
#include "sim/base/status.h"
#include "sim/core/clock.h"

/* One request, as its user sends it. */
struct gw_ask {
    gw_time_us t_us; /* at the origin */
    uint64_t number; /* 0, 1, 2, ... within the demand; tells requests apart, below 2^48 */
    uint32_t in_tok, out_tok;
    uint64_t prefix;     /* identity of the text the prompt begins with; 0: nobody shares it */
    uint32_t prefix_tok; /* of it, in the prompt */
};

/* Opened for one run. Whoever implements it makes this the first member of its own state. */
struct gw_request_source {
    const struct gw_request_source_ops *ops;
    struct gw_error error; /* status not GW_OK: the source broke off, next returns false from then on */
};

struct gw_request_source_ops {
    /* True and the request when the next one comes before until_us; until_us never falls from call to call.
     */
    bool (*next)(struct gw_request_source *self, gw_time_us until_us, struct gw_ask *out);
    /* Of a source whose next requests depend on answers; NULL: none do. Request `number` was answered in full
     * and its user has the answer at at_us; what follows comes at edge_us, this window's end, at the
     * earliest. Told in order of (at_us, number). False when memory is out. */
    bool (*answered)(struct gw_request_source *self, uint64_t number, uint32_t in_tok, uint32_t out_tok,
                     gw_time_us at_us, gw_time_us edge_us);
    /* Of a generator, for sessions.h: the key of a later turn of what its request `number` began, and the
     * lengths drawn by it. NULL: nothing can follow. */
    uint64_t (*turn_key)(const struct gw_request_source *self, uint64_t number, uint32_t turn);
    void (*turn_lengths)(const struct gw_request_source *self, uint64_t number, uint64_t key,
                         uint32_t *in_tok, uint32_t *out_tok);
    /* Of a generator that was made elastic: from now_us on it asks `scale` times as often. All requests
     * before now_us were taken. */
    void (*scale)(struct gw_request_source *self, gw_time_us now_us, double scale);
    void (*close)(struct gw_request_source *self); /* NULL: everything lives in the arena */
};

/* What a row asks for; `of` is whatever the ops need. */
struct gw_request_law {
    const struct gw_request_law_ops *ops;
    const void *of;
};

struct gw_request_law_ops {
    /* Expected requests in [from, to), and the largest rate there in requests/s. The end of the run does not
     * cut them: forecasts look beyond it. Before 0 expected is what would have been, NAN when that is not
     * known: forecasts look back. */
    double (*expected)(const struct gw_request_law *self, gw_time_us from_us, gw_time_us to_us);
    double (*peak_rate)(const struct gw_request_law *self, gw_time_us from_us, gw_time_us to_us);
    /* A source without requests at or after end_us, in the arena; NULL and *err when it cannot be opened.
     * `name` is the demand row's, it keys the random streams. */
    struct gw_request_source *(*open)(const struct gw_request_law *self, gw_time_us end_us, uint64_t seed,
                                      uint32_t replication, const char *name, struct gw_arena *arena,
                                      struct gw_error *err);
};

static inline bool gw_request_source_next(struct gw_request_source *self, gw_time_us until_us,
                                          struct gw_ask *out)
{
    return self->ops->next(self, until_us, out);
}

/* Accepts NULL. */
static inline void gw_request_source_close(struct gw_request_source *self)
{
    if (self != NULL && self->ops->close != NULL) {
        self->ops->close(self);
    }
}

static inline double gw_request_law_expected(const struct gw_request_law *self, gw_time_us from_us,
                                             gw_time_us to_us)
{
    return self->ops->expected(self, from_us, to_us);
}

static inline double gw_request_law_peak_rate(const struct gw_request_law *self, gw_time_us from_us,
                                              gw_time_us to_us)
{
    return self->ops->peak_rate(self, from_us, to_us);
}

#endif
