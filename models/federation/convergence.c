#include "models/federation/convergence.h"

#include <math.h>
#include <stddef.h>

#include "sim/base/check.h"

const char *const gw_convergence_names[] = {"none", "diloco-law", "power-rounds", "table", NULL};

/* L = A N^-a: data parallel on one site, then DiLoCo with 1, 2, 4, 8 replicas. */
struct law {
    double replicas, a, exponent;
};
static const struct law data_parallel = {0.0, 18.129, 0.0953};
static const struct law diloco[] = {
    {1.0, 18.363, 0.0961}, {2.0, 18.768, 0.0969}, {4.0, 19.762, 0.0992}, {8.0, 21.051, 0.1018}};
enum { LAWS = sizeof diloco / sizeof diloco[0] };

static const double joint_replicas_exponent = 0.0116; /* of the joint fit; beyond eight replicas */
static const double token_slope = 0.036;              /* -d ln loss / d ln tokens */
static const double rare_from_steps = 50.0, rare_to_steps = 1000.0, rare_perplexity = 1.029;
static const double half_lost_perplexity = 1.021;
static const double half = 0.5;

struct gw_convergence_cfg gw_convergence_default(int32_t model)
{
    return (struct gw_convergence_cfg){
        .model = model, .params = 1e9, .floor = 0.0058, .a = 0.144, .b = 0.865, .target = 0.02};
}

static double ln_loss(const struct law *law, double params)
{
    return log(law->a) - law->exponent * log(params);
}

/* ln loss over ln replicas: straight between two fits, the joint fit's slope beyond the last. */
static double ln_loss_at(double params, double replicas)
{
    if (replicas >= diloco[LAWS - 1].replicas) {
        return ln_loss(&diloco[LAWS - 1], params) +
               joint_replicas_exponent * log(replicas / diloco[LAWS - 1].replicas);
    }
    size_t i = 0;
    while (replicas >= diloco[i + 1].replicas) {
        i++;
    }
    const double low = ln_loss(&diloco[i], params), high = ln_loss(&diloco[i + 1], params);
    return low + (high - low) * log(replicas / diloco[i].replicas) /
                     log(diloco[i + 1].replicas / diloco[i].replicas);
}

double gw_convergence_loss_ratio(const struct gw_convergence_cfg *cfg, double clients, double local_steps,
                                 double lost_frac)
{
    /* one site alone has no rounds: it is the data-parallel run that the law compares with */
    if (cfg->model != GW_CONVERGENCE_DILOCO_LAW || clients <= 1.0) {
        return 1.0;
    }
    const double ln_alone = ln_loss(&data_parallel, cfg->params);
    const double rare_nats = log(rare_perplexity) * fmax(log(local_steps / rare_from_steps), 0.0) /
                             log(rare_to_steps / rare_from_steps);
    const double lost_nats = log(half_lost_perplexity) * lost_frac / half;
    return exp(ln_loss_at(cfg->params, clients) - ln_alone) + (rare_nats + lost_nats) / exp(ln_alone);
}

double gw_convergence_tokens_factor(const struct gw_convergence_cfg *cfg, double clients, double local_steps,
                                    double lost_frac)
{
    const double ratio = gw_convergence_loss_ratio(cfg, clients, local_steps, lost_frac);
    return pow(fmax(ratio, 1.0), 1.0 / token_slope);
}

double gw_convergence_spread(const uint32_t *joined, uint32_t clients, double rounds)
{
    GW_REQUIRE(clients > 0);
    double sum = 0.0;
    for (uint32_t c = 0; c < clients && rounds > 0.0; c++) {
        const double share = fmax((double)joined[c], half) / rounds;
        sum += share < 1.0 ? (1.0 - share) / share : 0.0;
    }
    return sum / (double)clients;
}

static double table_metric(const struct gw_convergence_cfg *cfg, double rounds)
{
    const struct gw_convergence_row *row = cfg->row;
    uint32_t i = 0;
    while (i + 1 < cfg->n_rows && row[i + 1].rounds <= rounds) {
        i++;
    }
    if (cfg->n_rows == 0) {
        return NAN;
    }
    if (i + 1 == cfg->n_rows || rounds <= row[i].rounds) {
        return row[i].metric;
    }
    const double along = log(rounds / row[i].rounds) / log(row[i + 1].rounds / row[i].rounds);
    return row[i].metric + (row[i + 1].metric - row[i].metric) * along;
}

double gw_convergence_metric(const struct gw_convergence_cfg *cfg, double rounds, double spread)
{
    const double counted = rounds / (1.0 + spread);
    switch (cfg->model) {
    case GW_CONVERGENCE_POWER_ROUNDS:
        return counted > 0.0 ? cfg->floor + cfg->a * pow(counted, -cfg->b) : INFINITY;
    case GW_CONVERGENCE_TABLE:
        return table_metric(cfg, counted);
    default:
        return NAN;
    }
}

/* The first instant at which the line through the rows crosses the target, from whichever side it comes. */
static double table_rounds(const struct gw_convergence_cfg *cfg)
{
    const struct gw_convergence_row *row = cfg->row;
    for (uint32_t i = 0; i < cfg->n_rows; i++) {
        const double to = row[i].metric - cfg->target;
        const double from = i > 0 ? row[i - 1].metric - cfg->target : to;
        if (to == 0.0 || from * to < 0.0) {
            const double along = to == 0.0 ? 1.0 : from / (from - to);
            return i == 0 ? row[0].rounds : row[i - 1].rounds * pow(row[i].rounds / row[i - 1].rounds, along);
        }
    }
    return INFINITY;
}

double gw_convergence_rounds(const struct gw_convergence_cfg *cfg, double spread)
{
    switch (cfg->model) {
    case GW_CONVERGENCE_POWER_ROUNDS:
        return cfg->target > cfg->floor
                   ? (1.0 + spread) * pow((cfg->target - cfg->floor) / cfg->a, -1.0 / cfg->b)
                   : INFINITY;
    case GW_CONVERGENCE_TABLE:
        return (1.0 + spread) * table_rounds(cfg);
    default:
        return NAN;
    }
}
