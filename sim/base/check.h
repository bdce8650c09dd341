/* sim/base/check.h - asserts: a broken invariant is our bug and must be replayable.
 *
 * GW_REQUIRE is cheap and in every build; GW_CHECK is costly and compiled in with GW_CHECKS
 * (debug and sanitizer builds). A failure prints the condition and, from the thread's context,
 * scenario, policy, seed, replication, simulated time and event number; then it ends the process
 * with status 70. */
#ifndef GW_SIM_BASE_CHECK_H
#define GW_SIM_BASE_CHECK_H

#include <stdint.h>

/* What the crash line prints. The run loop points the thread at one of these; NULL outside runs. */
struct gw_check_context {
    const char *scenario, *policy;
    uint64_t seed;
    uint32_t replication;
    int64_t now_us;
    uint64_t event;
};

/* Returns the previous context, to be put back. The context must outlive its use. */
const struct gw_check_context *gw_check_enter(const struct gw_check_context *context);

_Noreturn void gw_check_failed(const char *condition, const char *file, int line);

#define GW_REQUIRE(condition) ((condition) ? (void)0 : gw_check_failed(#condition, __FILE__, __LINE__))

#ifdef GW_CHECKS
#define GW_CHECK(condition) GW_REQUIRE(condition)
#else
#define GW_CHECK(condition) ((void)sizeof(condition))
#endif

#endif
