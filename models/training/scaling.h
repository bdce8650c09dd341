/* models/training/scaling.h - throughput of a job that can use more or fewer nodes.
 *
 *   T(n) = n^s, T(1) = 1        or measured points, lines in log-log between them and beyond the last
 *   marginal(n) = T(n) - T(n - 1)
 *
 * docs/models/training.md, eq. 14. What policies that grow and shrink jobs weigh (CarbonScaler). */
#ifndef GW_MODELS_TRAINING_SCALING_H
#define GW_MODELS_TRAINING_SCALING_H

#include "sim/tree/bind.h"

struct gw_scaling_point {
    double nodes, throughput; /* over that of one node */
};

struct gw_scaling {
    const char *name, *title;
    double exponent;        /* s; used where there are no points */
    struct gw_slice points; /* of struct gw_scaling_point, both rising, the first (1, 1); may be empty */
};

extern const struct gw_type gw_scaling_type; /* the catalogue's `scalings` */

/* n at least 1; 0 nodes do nothing. */
double gw_scaling_throughput(const struct gw_scaling *self, double n);
double gw_scaling_marginal(const struct gw_scaling *self, int64_t n);

/* Nodes beyond which one more gives less than `least` of the first's throughput; at most `most`. */
int64_t gw_scaling_useful(const struct gw_scaling *self, double least, int64_t most);

#endif
