#include "models/federation/blocklist.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>

#include "sim/core/rng.h"

void gw_blocklist_close(const struct gw_blocklist_cfg *cfg, uint32_t clients, const uint8_t *in,
                        const double *utility, uint8_t *blocked, double *scratch)
{
    uint32_t n = 0;
    for (uint32_t c = 0; c < clients; c++) {
        if (in[c] != 0) {
            scratch[n++] = utility[c];
        }
    }
    if (n == 0 || cfg->alpha <= 0.0) {
        return;
    }
    gsl_sort(scratch, 1, n);
    const double limit = gsl_stats_quantile_from_sorted_data(scratch, 1, n, cfg->quantile_frac);
    for (uint32_t c = 0; c < clients; c++) {
        if (in[c] != 0 && utility[c] <= limit) {
            blocked[c] = 1;
        }
    }
}

void gw_blocklist_open(const struct gw_blocklist_cfg *cfg, uint32_t clients, const uint32_t *joined,
                       const uint64_t *key, uint64_t round, uint8_t *blocked)
{
    if (cfg->alpha <= 0.0) {
        return;
    }
    double sum = 0.0;
    for (uint32_t c = 0; c < clients; c++) {
        sum += (double)joined[c];
    }
    const double mean = sum / (double)clients;
    for (uint32_t c = 0; c < clients; c++) {
        const double ahead = (double)joined[c] - mean;
        const double draw = gw_rng_unit(gw_rng_mix(key[c] ^ gw_rng_mix(round)));
        if (blocked[c] != 0 && (ahead <= 0.0 || draw * ahead < cfg->alpha)) {
            blocked[c] = 0;
        }
    }
}

double gw_blocklist_jain(const uint32_t *joined, uint32_t clients)
{
    double sum = 0.0, squares = 0.0;
    for (uint32_t c = 0; c < clients; c++) {
        sum += (double)joined[c];
        squares += (double)joined[c] * (double)joined[c];
    }
    return squares > 0.0 ? sum * sum / ((double)clients * squares) : 1.0;
}
