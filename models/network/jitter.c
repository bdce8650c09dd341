#include "models/network/jitter.h"

#include <math.h>

#include "sim/core/rng.h"

gw_time_us gw_jitter_us(double jitter, gw_time_us rtt_us, uint64_t draw)
{
    return llround(-jitter * (double)rtt_us * log1p(-gw_rng_unit(draw)));
}
