/* sim/run/record.h - one row per request of a sample: what each met, for the file requests.h5.
 *
 * Off unless the scenario's output.requests asks for it. Who is in the sample is a keyed draw by demand row
 * and number, so that every policy of a replication records the same requests. Each site fills a record of
 * its own while it advances; when the run is over they become one, in the order of (sent, demand, number):
 * the same rows for any number of threads. Memory is that of the sample: GW_RECORD_BYTES a row until all runs
 * are written. */
#ifndef GW_SIM_RUN_RECORD_H
#define GW_SIM_RUN_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/core/clock.h"
#include "sim/core/rng.h"
#include "sim/run/scenario.h"

enum gw_record_state {
    GW_RECORD_ANSWERED,
    GW_RECORD_UNFINISHED,
    GW_RECORD_DROPPED,
    GW_RECORD_TIMED_OUT,
    GW_RECORD_STATES
};

enum { GW_RECORD_UNKNOWN = -1 };

/* Times are those the scores count (tally.h): of a request without a first token ttft_us is its age when it
 * left or the run ended. GW_RECORD_UNKNOWN: there is none. */
struct gw_record_row {
    gw_time_us sent_us;
    uint64_t number; /* within its demand row and replication */
    int64_t ttft_us, tpot_us, e2e_us;
    uint32_t in_tok, out_tok; /* as asked for */
    uint16_t demand;
    uint16_t site; /* where it was served, or last was */
    uint8_t state; /* enum gw_record_state */
};
enum { GW_RECORD_BYTES = sizeof(struct gw_record_row) };

/* Who is recorded, in one replication: shared by its sites. */
struct gw_record_sample {
    const uint64_t *key; /* [demands]; NULL: nobody */
    double frac;
};

/* Of one site. */
struct gw_record {
    struct gw_record_sample sample;
    struct gw_record_row *row;
    size_t n, cap;
    bool failed; /* memory ran out */
};

/* Share of the requests that the scenario records: 0 none, 1 all. */
double gw_record_frac(const struct gw_scenario *sc);

/* False when memory is out. */
GW_MUST_USE bool gw_record_sample_init(struct gw_record_sample *self, const struct gw_scenario *sc,
                                       uint32_t replication, struct gw_arena *arena);

/* True when the request is in the sample. */
static inline bool gw_record_wants(const struct gw_record *self, uint32_t demand, uint64_t number)
{
    return self->sample.key != NULL &&
           gw_rng_unit(gw_rng_request_key(self->sample.key[demand], 0, number, 0)) < self->sample.frac;
}

void gw_record_add(struct gw_record *self, const struct gw_record_row *row);
void gw_record_fini(struct gw_record *self);

/* Puts rows into the order of (sent, demand, number). */
void gw_record_sort(struct gw_record_row *row, size_t n);

#endif
