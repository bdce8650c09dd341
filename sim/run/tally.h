/* sim/run/tally.h - what became of the requests: counts, latencies, limits, per site and demand row, then
 * scores.
 *
 * Each site has a tally of its own, filled as requests finish there; they are merged in site order when the
 * run is over. Only requests sent within the scored time count. Times are those a user sees: network and API
 * included. */
#ifndef GW_SIM_RUN_TALLY_H
#define GW_SIM_RUN_TALLY_H

#include "sim/core/sketch.h"
#include "sim/run/record.h"
#include "sim/run/result.h"
#include "sim/run/scenario.h"

/* One demand row at one site. */
struct gw_tally_row {
    uint64_t sent, completed, dropped, timed_out, unfinished;
    uint64_t passed_on, taken_over;          /* to and from other sites */
    uint64_t near;                           /* flow mode: completed near saturation: times are rough */
    uint64_t slo_met;                        /* completed within every limit of the row */
    uint64_t late;                           /* completed after the deadline of a batch row */
    uint64_t in_tok, out_tok;                /* of completed requests */
    uint64_t level[GW_DIRECTIVE_LEVELS_MAX]; /* sent, by level of the row's directives */
    struct gw_sketch ttft_us, tpot_us, e2e_us;
};

struct gw_tally {
    const struct gw_scenario *sc;
    uint32_t site;
    struct gw_tally_row *row; /* [demands] */
    uint64_t spilled_in_step;
    uint64_t sent_in_step, finished_in_step; /* since the last meter reading, which resets them */
    int64_t ttft_us_in_step;                 /* of the finished ones, summed */
    struct gw_record record;                 /* of the requests in the sample */
    bool failed;                             /* memory ran out while counting */
};

GW_MUST_USE bool gw_tally_init(struct gw_tally *self, const struct gw_scenario *sc, uint32_t site,
                               struct gw_record_sample sample, struct gw_arena *arena);
void gw_tally_fini(struct gw_tally *self);

/* Events of one request of demand row d, which was sent at sent_us. Those sent before 0 are burn-in and not
 * counted. */
void gw_tally_sent(struct gw_tally *self, uint32_t d, gw_time_us sent_us);
/* It is to be answered at this level of its row's directives. */
void gw_tally_level(struct gw_tally *self, uint32_t d, gw_time_us sent_us, uint32_t level);
/* held_us: how long a batch row's gate had kept it before; late_us: how much later than usual the network was
 * (wire.h). */
void gw_tally_served(struct gw_tally *self, uint32_t d, gw_time_us sent_us, gw_time_us held_us,
                     gw_time_us late_us, const struct gw_served *served);
void gw_tally_refused(struct gw_tally *self, uint32_t d, gw_time_us sent_us,
                      const struct gw_serve_request *request);

/* Gave up: its end-to-end time, and where no token came its time to the first, is its age when it left. */
void gw_tally_timed_out(struct gw_tally *self, uint32_t d, gw_time_us sent_us, gw_time_us late_us,
                        const struct gw_served *served);

/* A request that was sent to site `from` is served at site `to`. */
void gw_tally_passed_on(struct gw_tally *from, struct gw_tally *to, uint32_t d, gw_time_us sent_us);

/* Still inside at end_us: counted at its age. `answered_first`: its first token came, at a time no longer
 * known here, so only the end-to-end time counts. */
void gw_tally_unfinished(struct gw_tally *self, uint32_t d, gw_time_us sent_us, gw_time_us end_us,
                         const struct gw_serve_request *request, bool answered_first);

/* All sites' records as one, in out->record. False when memory is out. */
GW_MUST_USE bool gw_tally_record(const struct gw_tally *tally, const struct gw_scenario *sc,
                                 struct gw_run_result *out);

/* Edges of the bins of out->ttft_count, in us: 0, then 8 to the octave from 2^10 (1 ms) to 2^36 (19 h), and
 * no end. They are edges of the sketches' buckets too, so that the counts are exact. */
void gw_tally_ttft_edges(int64_t edge_us[GW_RESULT_TTFT_BINS + 1]);

/* ---- flow mode: many alike ---- */

/* Sums over requests that are answered: counts of whole requests and tokens. */
struct gw_tally_done {
    uint64_t completed, in_tok, out_tok, near;
};

/* n of them, whose times are these since they reached the site. */
struct gw_tally_lot {
    uint64_t n;
    double out_tok, first_s, finish_s;
};

void gw_tally_sent_many(struct gw_tally *self, uint32_t d, gw_time_us sent_us, uint64_t n);
void gw_tally_done(struct gw_tally *self, uint32_t d, const struct gw_tally_done *done);
void gw_tally_lot(struct gw_tally *self, uint32_t d, gw_time_us late_us, const struct gw_tally_lot *lot);
void gw_tally_unfinished_many(struct gw_tally *self, uint32_t d, gw_time_us sent_us, gw_time_us end_us,
                              uint64_t n);

/* Fills out->score, out->demand, out->ttft_count and out->sent_frac from all sites' tallies and the books. */
GW_MUST_USE bool gw_tally_score(struct gw_tally *tally, const struct gw_scenario *sc,
                                const struct gw_ledger *ledger, struct gw_run_result *out);

#endif
