/* models/workload/replay.h - a request trace (traces/requests.h) as the requests of a demand row.
 *
 *   trace: { file: requests.csv.gz, epoch: 2023-11-16T18:00:00Z, utc_offset: 0 h, scale: 2, bad_rows: skip }
 *
 * The file is read twice: once when the scenario loads, for checks, counts per five minutes and mean lengths;
 * then as a stream by every run, in memory that does not grow with it. Requests outside of the run are passed
 * over.
 *
 * Scaling by s changes how many people ask, not when: each request of the trace comes floor(s) times, and
 * once more with probability s - floor(s). The first keeps its time; copies are later by a time drawn evenly
 * from one minute, so that the rate curve stays and bursts below a minute mix as those of independent users
 * do. Draws are keyed by the request: scale 2 contains the requests of scale 1. A format without lengths
 * takes them from the row's `lengths`. docs/models/request-traces.md. */
#ifndef GW_MODELS_WORKLOAD_REPLAY_H
#define GW_MODELS_WORKLOAD_REPLAY_H

#include "models/workload/length.h"
#include "models/workload/request_source.h"
#include "traces/requests.h"

struct gw_replay_cfg {
    const char *file;
    int32_t format;                          /* 0: auto, else the row of gw_requests_format_table + 1 */
    gw_time_us epoch_unix_us, utc_offset_us; /* GW_ABSENT: not given */
    double scale;
    int32_t bad_rows; /* enum gw_requests_bad_rows */
};
extern const struct gw_type gw_replay_type; /* OPT: what `trace:` of a demand row binds to */

struct gw_replay {
    const struct gw_replay_cfg *cfg;
    const char *bytes; /* of the file, when they are in memory; NULL: it is read from the disk */
    size_t n;
    double scale; /* cfg's, or what reaches the rate that was asked for */
    gw_time_us start_unix_us;
    const struct gw_length *prompt, *output; /* for formats without lengths */

    /* What was found within [start, start + span): */
    bool has_lengths;
    uint64_t requests; /* of the trace, before scaling */
    double in_mean, in_sq, out_mean, out_sq;
    size_t bins;
    const double *before; /* [bins + 1] requests before each bin of five minutes */
    struct gw_requests_counts counts;
    uint64_t file_bytes, checksum; /* 0 for bytes in memory */
};

/* Reads the trace once. `out` has cfg, bytes, start, prompt and output already; rate_per_s is NAN or the mean
 * rate over the span to which the trace is scaled. The error names file, line and column of a bad row; a
 * trace without requests in the span is one. */
GW_MUST_USE enum gw_status gw_replay_load(struct gw_replay *out, gw_time_us span_us, double rate_per_s,
                                          struct gw_arena *arena, struct gw_error *err);

/* The law; the replay must outlive it. */
struct gw_request_law gw_replay_law(const struct gw_replay *replay);

#endif
