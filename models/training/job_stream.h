/* models/training/job_stream.h - training jobs that nobody listed: arrivals, lengths and widths by law.
 *
 *   arrivals  Poisson with a mean rate, more of them on workdays from 9 to 17 h UTC (`office`); or one every
 *             so often (`every`), the first at once
 *   length    a mix of a catalogue of clusters, log-normal by median and mean, uniform, or always the same
 *   width     with the mix, or always the same
 *
 * A mix is log-normal lengths by (median, mean) and shares of widths: of the Alibaba PAI sample that GAIA
 * uses, of the Philly trace as Gavel has it, and of Acme's LLM cluster Seren. A job's draws are keyed by its
 * number within the stream. docs/models/training.md. */
#ifndef GW_MODELS_TRAINING_JOB_STREAM_H
#define GW_MODELS_TRAINING_JOB_STREAM_H

#include "models/training/job.h"
#include "sim/core/rng.h"
#include "sim/tree/bind.h"

enum gw_job_mix { GW_JOB_MIX_PAI, GW_JOB_MIX_PHILLY, GW_JOB_MIX_ACME };
enum gw_job_arrivals_alt { GW_JOB_ARRIVALS_RATE, GW_JOB_ARRIVALS_EVERY };
enum gw_job_length_alt {
    GW_JOB_LENGTH_MIX,
    GW_JOB_LENGTH_LOGNORMAL,
    GW_JOB_LENGTH_UNIFORM,
    GW_JOB_LENGTH_ALWAYS
};

struct gw_job_lognormal {
    gw_time_us median_us, mean_us;
};
struct gw_job_uniform {
    gw_time_us from_us, to_us;
    gw_time_us grain_us; /* lengths are whole multiples of it; GW_ABSENT: any */
};

struct gw_job_stream_cfg {
    int32_t mix; /* enum gw_job_mix */
    struct gw_pick arrivals, length;
    const int64_t *width;               /* NULL: by the mix */
    double office;                      /* arrivals in office hours over those in others */
    gw_time_us shortest_us, longest_us; /* what is drawn beyond is cut */
};
extern const struct gw_type gw_job_stream_type;

/* One after the other. */
struct gw_job_stream {
    const struct gw_job_stream_cfg *cfg;
    gw_time_us start_unix_us, now_us;
    uint64_t key, n; /* jobs so far */
    struct gw_rng rng;
};

/* from_us: simulated time from which jobs come; start_unix_us: that of simulated time 0. */
void gw_job_stream_init(struct gw_job_stream *self, const struct gw_job_stream_cfg *cfg,
                        gw_time_us start_unix_us, gw_time_us from_us, uint64_t key);

/* The next job: submit_us, work_us and width. False: it would come at or after until_us. */
bool gw_job_stream_next(struct gw_job_stream *self, gw_time_us until_us, struct gw_job *out);

#endif
