/* models/workload/arrivals.h - the requests of one demand row or of one of its clients, in order of time,
 * generated as they are needed.
 *
 * The expected rate is rate_per_s * shape(t). Increments of the integrated rate are drawn (exponential:
 * Poisson; Gamma: a renewal process) and inverted over pieces on which the rate is linear, so an arrival
 * costs one draw; of an on-off process (MMPP) pieces end where a phase does. Lengths are keyed by the request
 * (rng.h), not by the sequence: request n of a client asks the same whatever was decided before. The same
 * run, cut into windows in any way, gives the same requests. */
#ifndef GW_MODELS_WORKLOAD_ARRIVALS_H
#define GW_MODELS_WORKLOAD_ARRIVALS_H

#include "models/workload/burst.h"
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
    double correlation;    /* of the normal ranks of prompt and output; 0: independent */
    struct gw_burst burst; /* zeroed: Poisson */
    bool elastic;          /* gw_arrivals_scale will be called */
};

/* One of several clients of a row, whose requests are merged by clients.h. */
struct gw_arrivals_client {
    uint32_t index, count;
    double share; /* of the row's rate */
    double cv;    /* of its gaps */
    double own;   /* share of the variance of its normal ranks that is its own */
    double prompt_z, output_z;
};

/* How far the integrated rate is spent. */
struct gw_arrivals_walk {
    struct gw_rng phase_rng; /* MMPP */
    gw_time_us phase_to_us;  /* GW_NEVER_US: no phases */
    bool phase_high;
    double factor;                         /* of the rate in this phase */
    double carry;                          /* integrated rate still to be spent before the next arrival */
    gw_time_us piece_from_us, piece_to_us; /* the linear piece that is being spent */
    double piece_rate_from, piece_rate_to; /* requests/s at its ends */
    double piece_spent_s;
};

struct gw_arrivals {
    struct gw_arrivals_cfg cfg;
    struct gw_rng rng;
    uint64_t request_key;
    uint64_t number; /* of its own requests so far */
    struct gw_arrivals_client client;
    bool bound;                     /* ranks of lengths hang together */
    double scale;                   /* of the rate, by what users answered to */
    struct gw_arrivals_walk walk;   /* at `next` */
    struct gw_arrivals_walk before; /* at the request before it; of elastic rows only */
    struct gw_ask next;             /* t_us GW_NEVER_US: exhausted */
};

/* `name` is the demand's name: it keys the streams. Up to GW_ARRIVALS_NAME_MAX bytes. */
enum { GW_ARRIVALS_NAME_MAX = 480 };
void gw_arrivals_init(struct gw_arrivals *self, const struct gw_arrivals_cfg *cfg, uint64_t seed,
                      uint32_t replication, const char *name);

/* The same for one client alone: its own streams, numbers that no other client has, a renewal process. */
void gw_arrivals_init_client(struct gw_arrivals *self, const struct gw_arrivals_cfg *cfg,
                             const struct gw_arrivals_client *client, uint64_t seed, uint32_t replication,
                             const char *name);

/* The key of a turn of the session that its request `number` began, and the lengths of the request with a
 * key. */
uint64_t gw_arrivals_key(const struct gw_arrivals *self, uint64_t number, uint32_t turn);
void gw_arrivals_lengths(const struct gw_arrivals *self, uint64_t request_key, uint32_t *in_tok,
                         uint32_t *out_tok);

/* True and the request when the next one comes before until_us. */
bool gw_arrivals_next(struct gw_arrivals *self, gw_time_us until_us, struct gw_ask *out);

/* From now_us on the rate is `scale` times the configured one. What was still to be spent of the integrated
 * rate before the next request is spent at the new rate, so draws and lengths stay the same. Every request
 * before now_us was taken. */
void gw_arrivals_scale(struct gw_arrivals *self, gw_time_us now_us, double scale);

/* Expected requests in [from, to) at scale 1. What estimates and perfect forecasts use. */
double gw_arrivals_expected(const struct gw_arrivals_cfg *cfg, gw_time_us from_us, gw_time_us to_us);
double gw_arrivals_peak_rate(const struct gw_arrivals_cfg *cfg, gw_time_us from_us, gw_time_us to_us);

/* The law of a demand row whose requests are generated; cfg must outlive it. */
struct gw_request_law gw_arrivals_law(const struct gw_arrivals_cfg *cfg);

#endif
