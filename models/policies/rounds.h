/* models/policies/rounds.h - what policies of the slot federation have in common: picking clients by score.
 */
#ifndef GW_MODELS_POLICIES_ROUNDS_H
#define GW_MODELS_POLICIES_ROUNDS_H

#include <stdbool.h>

#include "models/policies/policy.h"

/* in[c] is 1 for the `most` clients of the least score among those that may, 0 for all others; ties go to the
 * lower index. NaN and INFINITY are never picked; most 0: all that may and have a score. Returns how many. */
uint32_t gw_rounds_pick(const struct gw_round *round, const double *score, double most, uint8_t *in);

/* Mean of client c's forecast over `ahead_s` from now, of the present step at least. */
double gw_rounds_mean(const struct gw_round *round, const double *forecast, double ahead_s);

/* Facility kWh per token at full speed. */
double gw_rounds_kwh_per_tok(const struct gw_round *round, uint32_t c);

/* Room for a number per client that lives as long as a policy; grown to the round's clients. False when
 * memory is out. */
struct gw_rounds_memory {
    double *v;
    uint32_t n;
};
bool gw_rounds_remember(struct gw_rounds_memory *self, const struct gw_round *round, double at_first);
void gw_rounds_forget(struct gw_rounds_memory *self);

#endif
