#include "models/training/checkpoint.h"

#include <math.h>

#include "sim/base/check.h"

static const struct gw_type bytes_each = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.0, .max = 64.0};
static const struct gw_type rate = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "GB/s", .min = 1e-3, .max = 1e6};
static const struct gw_type seconds = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "s", .min = 0.0, .max = 604800.0};

#define F(field, type, def, doc, source) GW_FIELD(struct gw_checkpoint_cfg, field, type, def, doc, source)
static const struct gw_field fields[] = {
    F(state_bytes, &bytes_each, "14", "Bytes per trained weight", "bloom-2022"),
    F(weight_bytes, &bytes_each, "0", "Bytes per weight that is not trained; 0: not written", NULL),
    F(gb_per_s, &rate, "50 GB/s", "Storage bandwidth of all nodes together", "bloom-2022"),
    F(stall_s, &seconds, "20 s", "Pause of training for an asynchronous checkpoint; 0: until it is written",
      "rsc-2024"),
    F(reshape_s, &seconds, "45 min", "To change tensor or pipeline parallelism", "bloom-2022"),
    F(reshape_dp_s, &seconds, "2 min", "To change data parallelism alone", "round number"),
    GW_FIELD_END,
};
#undef F

const struct gw_type gw_checkpoint_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_checkpoint_cfg),
    .of = fields,
    .doc = "What a checkpoint of a training holds and costs",
};

struct gw_checkpoint_cost gw_checkpoint_cost(const struct gw_checkpoint_cfg *cfg, double params,
                                             double trained_frac)
{
    GW_REQUIRE(params >= 0.0);
    GW_REQUIRE(trained_frac >= 0.0 && trained_frac <= 1.0);
    const double bytes =
        params * (cfg->state_bytes * trained_frac + cfg->weight_bytes * (1.0 - trained_frac));
    const double write_s = bytes / (cfg->gb_per_s * 1e9);
    return (struct gw_checkpoint_cost){
        .bytes = bytes,
        .write_s = write_s,
        .blocking_s = cfg->stall_s > 0.0 ? fmin(cfg->stall_s, write_s) : write_s,
        .read_s = write_s,
    };
}

double gw_checkpoint_young_s(double blocking_s, double mttf_s)
{
    GW_REQUIRE(blocking_s >= 0.0 && mttf_s > 0.0);
    return sqrt(2.0 * blocking_s * mttf_s);
}

double gw_checkpoint_daly_s(double blocking_s, double mttf_s)
{
    return fmax(gw_checkpoint_young_s(blocking_s, mttf_s) - blocking_s, blocking_s);
}

double gw_checkpoint_least_loss(double blocking_s, double mttf_s)
{
    GW_REQUIRE(blocking_s >= 0.0 && mttf_s > 0.0);
    return sqrt(2.0 * blocking_s / mttf_s);
}

double gw_checkpoint_reshape_s(const struct gw_checkpoint_cfg *cfg, bool data_parallel_only)
{
    return data_parallel_only ? cfg->reshape_dp_s : cfg->reshape_s;
}

double gw_checkpoint_move_s(double bytes, double gbit_per_s, double rtt_ms)
{
    GW_REQUIRE(gbit_per_s > 0.0);
    return 8.0 * bytes / (gbit_per_s * 1e9) + rtt_ms / 1e3;
}
