/* models/policies/assessment.h - when answers are judged anew, offline, and what a judge of a sample sees.
 *
 * Judging costs energy, so Sprout waits for a clean hour. With h hours since the last assessment and
 * v = carbon / exp(-decay h), it is made when v was at a local minimum an instant ago, carbon was then below
 * its mean since the last assessment, and h is at least `grace`; after `longest` it is made in any case; and
 * at the beginning. docs/policies/sprout.md. */
#ifndef GW_MODELS_POLICIES_ASSESSMENT_H
#define GW_MODELS_POLICIES_ASSESSMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/rng.h"

struct gw_assessment_cfg {
    double decay_per_h, grace_h, longest_h;
};

/* Zeroed: never assessed. */
struct gw_assessment {
    bool begun;
    int64_t last_us;
    double before, newest; /* v at the last two instants, the newest with its carbon */
    double newest_carbon;
    double carbon_sum;
    uint64_t n; /* instants since the last assessment */
};

/* At an instant: true when an assessment is made there. */
bool gw_assessment_due(struct gw_assessment *self, const struct gw_assessment_cfg *cfg, int64_t now_us,
                       double carbon);

/* Preferences of n levels, relative to the first, as found by asking about `samples` answers; quality[n] are
 * the true ones. samples 0: out gets the true ones. */
void gw_assessment_sample(struct gw_rng *rng, uint32_t samples, uint32_t n, const double *quality,
                          double *out);

#endif
