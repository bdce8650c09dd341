/* sim/run/fingerprint.h - one number for the C library's mathematics.
 *
 * The last bit of exp, log, pow, sin and the like differs between C libraries, their versions and the CPU
 * types they choose code for. Results made on two machines with the same fingerprint may be expected to be
 * equal bit for bit. */
#ifndef GW_SIM_RUN_FINGERPRINT_H
#define GW_SIM_RUN_FINGERPRINT_H

#include <stdint.h>

/* FNV-1a over the bits of about 1000 function values at fixed pseudo-random arguments. */
uint64_t gw_fingerprint_libm(void);

#endif
