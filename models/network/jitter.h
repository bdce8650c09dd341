/* models/network/jitter.h - how much later than usual a message arrives.
 *
 *   late = -jitter * rtt * ln(1 - u),   u in [0, 1), one draw per request                                (4)
 *
 * Exponential with the mean jitter * rtt: the waiting time in a queue that is seldom long. It is charged on
 * the way back, so that requests reach their site in the order in which they would without it, and policies
 * see the same. docs/models/network.md. */
#ifndef GW_MODELS_NETWORK_JITTER_H
#define GW_MODELS_NETWORK_JITTER_H

#include <stdint.h>

#include "sim/core/clock.h"

/* jitter >= 0: mean lateness over the round trip. draw: 64 random bits. */
gw_time_us gw_jitter_us(double jitter, gw_time_us rtt_us, uint64_t draw);

#endif
