/* models/workload/arrivals.h - the requests of one demand row, in order of time, generated as they are
 * needed.
 *
 * Arrivals are a Poisson process with the rate rate_per_s * shape(t), made by inverting the integrated rate
 * over pieces on which the rate is linear, so every arrival costs one exponential draw. Lengths are keyed by
 * the request (rng.h), not by the sequence: request n of a demand asks the same whatever was decided before.
 * The same run, cut into windows in any way, gives the same requests. */
#ifndef GW_MODELS_WORKLOAD_ARRIVALS_H
#define GW_MODELS_WORKLOAD_ARRIVALS_H

#include "models/workload/length.h"
#include "models/workload/request_source.h"
#include "models/workload/shape.h"
#include "sim/core/rng.h"

struct gw_arrivals_cfg {
    double rate_per_s;            /* weekly mean */
    const struct gw_shape *shape; /* NULL: flat */
    double utc_offset_h;
    gw_time_us start_unix_us; /* of the scenario */
    gw_time_us end_us;        /* no arrival at or after this time; GW_NEVER_US: endless */
    const struct gw_length *prompt, *output;
};

struct gw_arrivals {
    struct gw_arrivals_cfg cfg;
    struct gw_rng rng;
    uint64_t request_key;
    uint64_t number;
    double carry;                          /* exponential still to be spent before the next arrival */
    gw_time_us piece_from_us, piece_to_us; /* the linear piece that is being spent */
    double piece_rate_from, piece_rate_to; /* requests/s at its ends */
    double piece_spent_s;
    struct gw_ask next; /* t_us GW_NEVER_US: exhausted */
};

/* `name` is the demand's name: it keys the streams. Up to GW_ARRIVALS_NAME_MAX bytes. */
enum { GW_ARRIVALS_NAME_MAX = 480 };
void gw_arrivals_init(struct gw_arrivals *self, const struct gw_arrivals_cfg *cfg, uint64_t seed,
                      uint32_t replication, const char *name);

/* True and the request when the next one comes before until_us. */
bool gw_arrivals_next(struct gw_arrivals *self, gw_time_us until_us, struct gw_ask *out);

/* Expected requests in [from, to). What estimates and perfect forecasts use. */
double gw_arrivals_expected(const struct gw_arrivals_cfg *cfg, gw_time_us from_us, gw_time_us to_us);
double gw_arrivals_peak_rate(const struct gw_arrivals_cfg *cfg, gw_time_us from_us, gw_time_us to_us);

/* The law of a demand row whose requests are generated; cfg must outlive it. Its sources are gw_arrivals. */
struct gw_request_law gw_arrivals_law(const struct gw_arrivals_cfg *cfg);

#endif
