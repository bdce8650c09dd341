/* models/training/cap_choice.h - which power cap, and which batch size, a training should run under.
 *
 *   Zeus    least  e P T + (1 - e) Pmax T                    T: time to accuracy, P: mean watts
 *   Chase   least (e P ci + (1 - e) Pmax ci_max) T           T: time per work; anew in each period
 *
 * over the points of a measured curve: cap, time over that without a cap, watts. Between points a curve is
 * read by straight lines. Chase follows the carbon intensity; the same cost with one cap for the whole run is
 * its ablation, and any run of Chase is to be shown beside it: what a constant cap saves is no merit of
 * following carbon. docs/models/training.md, eq. 18 and 19. */
#ifndef GW_MODELS_TRAINING_CAP_CHOICE_H
#define GW_MODELS_TRAINING_CAP_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/tree/bind.h"

struct gw_cap_point {
    double cap_w;
    double time; /* per work, over that at the highest cap */
    double watts;
};

struct gw_cap_curve {
    const char *name, *title;
    struct gw_slice points; /* of struct gw_cap_point, caps rising, the last one the limit with time 1 */
};

extern const struct gw_type gw_cap_choice_curve; /* the catalogue's `cap-curves` */

/* Time and watts at a cap within the curve, by straight lines. */
struct gw_cap_point gw_cap_choice_at(const struct gw_cap_curve *curve, double cap_w);

/* One way to reach the accuracy asked for: a batch size under a cap. */
struct gw_cap_option {
    double batch, cap_w;
    double time_s, watts; /* to accuracy, mean */
};

/* Cost of an option in joules, and the first of n with the least. e within [0, 1]. */
double gw_cap_choice_zeus_j(const struct gw_cap_option *option, double e, double max_w);
size_t gw_cap_choice_zeus(const struct gw_cap_option *option, size_t n, double e, double max_w);

struct gw_cap_chase {
    const struct gw_cap_curve *curve;
    double e;      /* weight of carbon; the rest is that of time */
    double max_ci; /* g/kWh */
};

/* The point for one period. */
uint32_t gw_cap_choice_chase(const struct gw_cap_chase *self, double ci_gco2_per_kwh);

/* A run of work_h hours (at the highest cap) that begins with the first of n periods. */
struct gw_cap_outcome {
    double hours, kwh, gco2;
    uint32_t changes; /* of the cap */
    double cost;      /* of Chase, over the run */
};

/* False, and *out untouched, when the periods end before the work. The accelerator is busy all the time. */
bool gw_cap_choice_follow(const struct gw_cap_chase *self, const double *ci_gco2_per_kwh, size_t n,
                          double period_h, double work_h, struct gw_cap_outcome *out);

/* The same under one cap; UINT32_MAX: the one with the least cost over this run, in *point. */
bool gw_cap_choice_fixed(const struct gw_cap_chase *self, const double *ci_gco2_per_kwh, size_t n,
                         double period_h, double work_h, uint32_t *point, struct gw_cap_outcome *out);

#endif
