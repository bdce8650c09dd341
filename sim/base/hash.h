/* sim/base/hash.h - FNV-1a, 64 bits: checksums of inputs and seeds from names. Not for security. */
#ifndef GW_SIM_BASE_HASH_H
#define GW_SIM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define GW_HASH_START UINT64_C(0xcbf29ce484222325)

/* Goes on from `hash`, so that pieces can be hashed one after the other. */
static inline uint64_t gw_hash_fnv1a(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++) {
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

#endif
