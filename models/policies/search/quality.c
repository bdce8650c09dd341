#include "models/policies/search/quality.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

static double distance(const double *a, const double *z, uint32_t m, double least)
{
    double sum = 0.0;
    for (uint32_t k = 0; k < m; k++) {
        const double d = fmax(a[k] - z[k], least);
        sum += d * d;
    }
    return sqrt(sum);
}

/* Differences below `least` count as `least`: 0 for IGD+, none for IGD. */
static double mean_distance(const double *f, uint32_t n, const double *wanted, uint32_t n_wanted, uint32_t m,
                            double least)
{
    double sum = 0.0;
    for (uint32_t j = 0; j < n_wanted; j++) {
        double nearest = INFINITY;
        for (uint32_t i = 0; i < n; i++) {
            nearest = fmin(nearest, distance(f + (size_t)i * m, wanted + (size_t)j * m, m, least));
        }
        sum += nearest;
    }
    return sum / n_wanted;
}

double gw_quality_igd_plus(const double *f, uint32_t n, const double *wanted, uint32_t n_wanted,
                           uint32_t objectives)
{
    return mean_distance(f, n, wanted, n_wanted, objectives, 0.0);
}

double gw_quality_igd(const double *f, uint32_t n, const double *wanted, uint32_t n_wanted,
                      uint32_t objectives)
{
    return mean_distance(f, n, wanted, n_wanted, objectives, -INFINITY);
}

double gw_quality_epsilon(const double *f, uint32_t n, const double *wanted, uint32_t n_wanted,
                          uint32_t objectives)
{
    double worst = -INFINITY;
    for (uint32_t j = 0; j < n_wanted; j++) {
        double nearest = INFINITY;
        for (uint32_t i = 0; i < n; i++) {
            double over = -INFINITY;
            for (uint32_t k = 0; k < objectives; k++) {
                over = fmax(over, f[(size_t)i * objectives + k] - wanted[(size_t)j * objectives + k]);
            }
            nearest = fmin(nearest, over);
        }
        worst = fmax(worst, nearest);
    }
    return worst;
}

double gw_quality_spread(const double *f, uint32_t n, const double first[2], const double last[2])
{
    size_t *order = malloc(n * sizeof *order);
    double *gap = malloc(n * sizeof *gap);
    if (order == NULL || gap == NULL) {
        free(order);
        free(gap);
        return (double)NAN;
    }
    gsl_sort_index(order, f, 2, n);
    double mean = 0.0;
    for (uint32_t i = 0; i + 1 < n; i++) {
        const double *a = f + 2 * order[i], *b = f + 2 * order[i + 1];
        gap[i] = hypot(b[0] - a[0], b[1] - a[1]);
        mean += gap[i] / (n - 1);
    }
    const double *low = f + 2 * order[0], *high = f + 2 * order[n - 1];
    const double ends =
        hypot(low[0] - first[0], low[1] - first[1]) + hypot(high[0] - last[0], high[1] - last[1]);
    double uneven = 0.0;
    for (uint32_t i = 0; i + 1 < n; i++) {
        uneven += fabs(gap[i] - mean);
    }
    free(order);
    free(gap);
    const double whole = ends + (n - 1) * mean;
    return whole > 0.0 ? (ends + uneven) / whole : 0.0;
}
