#include "models/training/failures.h"

#include <math.h>

#include "sim/base/check.h"

static const struct gw_type rate = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.0, .max = 1000.0};
static const struct gw_type seconds = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "s", .min = 0.0, .max = 604800.0};
static const struct gw_type hours = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "h", .min = 0.0, .max = 8760.0};
static const struct gw_type nodes = {.kind = GW_INT, .size = sizeof(int64_t), .min = 0.0, .max = 1e6};

#define F(field, type, def, doc, source) GW_FIELD(struct gw_failures_cfg, field, type, def, doc, source)
static const struct gw_field fields[] = {
    F(per_node_day, &rate, "3.5e-3", "Failures of a node of eight accelerators per day", "rsc-2024"),
    F(per_job_day, &rate, "0", "Failures per day whatever the number of nodes", NULL),
    F(detect_s, &seconds, "2 min", "Until a failure is noticed", "rsc-2024"),
    F(restart_s, &seconds, "8 min", "From there until training goes on: nodes, weights, compilation",
      "round number"),
    F(spares, &nodes, "0", "Nodes kept ready to replace failed ones", NULL),
    F(repair_h, &hours, "0", "Until a failed node is back; 0: at once", NULL),
    GW_FIELD_END,
};
#undef F

const struct gw_type gw_failures_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_failures_cfg),
    .of = fields,
    .doc = "Failures of a training that needs all of its nodes",
};

const struct gw_failures_cause gw_failures_causes[] = {
    {"accelerator", 148, true},
    {"accelerator memory", 72, true},
    {"software", 54, false},
    {"network switch or cable", 35, true},
    {"unplanned host maintenance", 32, false},
    {"accelerator SRAM", 19, true},
    {"accelerator system processor", 17, true},
    {"network interface", 7, true},
    {"collective watchdog", 7, false},
    {"silent data corruption", 6, true},
    {"accelerator heat and sensors", 6, true},
    {"disk", 3, true},
    {"power supply", 3, true},
    {"other", 10, false},
    {NULL, 0, false},
};

static const double day_s = 86400.0;

double gw_failures_mttf_s(const struct gw_failures_cfg *cfg, double n)
{
    GW_REQUIRE(n > 0.0);
    return day_s / (n * cfg->per_node_day + cfg->per_job_day);
}

static double in_repair(const struct gw_failures_cfg *cfg, double n)
{
    return n * cfg->per_node_day * cfg->repair_h / 24.0;
}

/* One spare more: B(s) = a B(s - 1) / (s + a B(s - 1)), B(0) = 1. */
static double next_loss(double loss, double load, int64_t spares)
{
    return load * loss / ((double)spares + load * loss);
}

static double loss_of(double load, int64_t spares)
{
    double loss = load > 0.0 ? 1.0 : 0.0;
    for (int64_t s = 1; s <= spares && loss > 0.0; s++) {
        loss = next_loss(loss, load, s);
    }
    return loss;
}

/* Shares of the time that an interval of work takes, by Daly's exact form. */
static void add_exact(struct gw_failures_cost *cost, double interval_s, double blocking_s)
{
    const double segment_s = interval_s + blocking_s;
    if (isinf(cost->mttf_s)) {
        cost->ettr_exact = interval_s / segment_s;
        cost->checkpoint_frac = blocking_s / segment_s;
        return;
    }
    const double l = 1.0 / cost->mttf_s;
    const double tries = expm1(l * segment_s); /* failures per interval, those while recovering apart */
    const double recover_s = tries * expm1(l * cost->recover_s) / l;
    const double all_s = tries / l + recover_s;
    if (!isfinite(all_s)) { /* it never gets through an interval */
        cost->lost_frac = 1.0;
        return;
    }
    cost->ettr_exact = interval_s / all_s;
    cost->checkpoint_frac = blocking_s / all_s;
    cost->recover_frac = recover_s / all_s;
    cost->lost_frac = (tries / l - segment_s) / all_s;
}

struct gw_failures_cost gw_failures_cost(const struct gw_failures_cfg *cfg, double n, double interval_s,
                                         double blocking_s)
{
    GW_REQUIRE(interval_s > 0.0 && blocking_s >= 0.0);
    struct gw_failures_cost cost = {.mttf_s = gw_failures_mttf_s(cfg, n), .in_repair = in_repair(cfg, n)};
    cost.short_frac = loss_of(cost.in_repair, cfg->spares);
    cost.wait_s = cost.short_frac * 3600.0 * cfg->repair_h / (double)(cfg->spares + 1);
    cost.recover_s = cfg->detect_s + cfg->restart_s + cost.wait_s;
    cost.ettr =
        fmax(1.0 - (cost.recover_s + 0.5 * interval_s) / cost.mttf_s, 0.0) / (1.0 + blocking_s / interval_s);
    add_exact(&cost, interval_s, blocking_s);
    return cost;
}

int64_t gw_failures_spares(const struct gw_failures_cfg *cfg, double n, double frac)
{
    GW_REQUIRE(frac > 0.0);
    const double load = in_repair(cfg, n);
    double loss = load > 0.0 ? 1.0 : 0.0;
    int64_t spares = 0;
    while (loss > frac) {
        spares++;
        loss = next_loss(loss, load, spares);
    }
    return spares;
}
