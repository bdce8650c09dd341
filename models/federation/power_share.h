/* models/federation/power_share.h - one supply among those who hang on it.
 *
 *   give_i = min(most_i, l weight_i),   sum give = min(supply, sum most)                                (16)
 *
 * The multiplier l is found by filling those who reach their most first. Pure; order decides nothing but the
 * last bits. */
#ifndef GW_MODELS_FEDERATION_POWER_SHARE_H
#define GW_MODELS_FEDERATION_POWER_SHARE_H

#include <stdint.h>

/* give[i] is written; most and weight >= 0. Who has no weight gets nothing. Returns what is left over. */
double gw_power_share(double supply, uint32_t n, const double *most, const double *weight, double *give);

#endif
