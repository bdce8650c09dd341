/* sim/run/load.h - what the replicas of each model at each site were doing over time: queues, batches, KV
 * memory.
 *
 * The fleets count at events (models/serving/fleet.h, struct gw_fleet_load); each step's reading is added to
 * the row it lies in, and a row is turned into means over the time it covers when the run is over. */
#ifndef GW_SIM_RUN_LOAD_H
#define GW_SIM_RUN_LOAD_H

#include "models/serving/fleet.h"

/* X(id, name, unit, cell_methods, doc) */
#define GW_LOAD_COLUMNS(X)                                                                                   \
    X(WAITING, "waiting", "1", "mean", "Requests in the queues of the model's replicas")                     \
    X(WAITING_PEAK, "waiting_peak", "1", "maximum", "The most of them at any time")                          \
    X(RUNNING, "running", "1", "mean", "Requests in the engines, in prefill or decoding")                    \
    X(RUNNING_PEAK, "running_peak", "1", "maximum", "The most of them at any time")                          \
    X(BATCH, "batch", "1", "mean", "Decoding sequences per engine step, weighted by its time")               \
    X(KV_TOK, "kv_tok", "tok", "mean", "KV memory in use, in whole blocks")                                  \
    X(KV_FRAC, "kv_frac", "1", "mean", "The same, of the KV memory of all replicas")                         \
    X(KV_PEAK, "kv_peak_frac", "1", "maximum", "KV memory in use in the fullest replica, of its own")        \
    X(BUSY, "busy_frac", "1", "mean", "Replica time with an engine step running")                            \
    X(REPLICAS, "replicas", "1", "mean", "Replicas standing")                                                \
    X(ARRIVED, "arrived", "1", "sum", "Requests given to a replica, after an outage once more")              \
    X(FINISHED, "finished", "1", "sum", "Requests answered in full")

#define GW_LOAD_ENUM(id, name, unit, method, doc) GW_LOAD_##id,
enum gw_load_column { GW_LOAD_COLUMNS(GW_LOAD_ENUM) GW_LOAD_COUNT };
#undef GW_LOAD_ENUM

struct gw_load_doc {
    const char *name, *unit, *method, *doc; /* method: over time, as the CF conventions name it */
};
struct gw_load_doc gw_load_column(enum gw_load_column column);

/* A zeroed one holds no rows. */
struct gw_load {
    uint32_t sites, models;
    gw_time_us every_us;
    struct gw_fleet_load *cell; /* [rows][sites][models] */
    gw_time_us *covered_us;     /* [rows] of each, read so far */
    size_t rows, cap_cells, cap_rows;
};

struct gw_load gw_load_make(uint32_t sites, uint32_t models, gw_time_us every_us);
void gw_load_fini(struct gw_load *self);

/* Makes room for the step [from_us, to_us), which lies in one row. False when memory is out. */
GW_MUST_USE bool gw_load_open_step(struct gw_load *self, gw_time_us from_us, gw_time_us to_us);

/* Adds what a model's replicas at a site held in the step opened last. */
void gw_load_enter(struct gw_load *self, uint32_t site, uint32_t model, const struct gw_fleet_load *found);

/* Row `row` into out[sites][models][GW_LOAD_COUNT]. What has no value, such as a batch without a step, is
 * NaN. */
void gw_load_row(const struct gw_load *self, size_t row, double *out);

#endif
