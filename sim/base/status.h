/* sim/base/status.h - how a call says that it failed, and where in the user's input.
 *
 * Bad input (a scenario, a trace, a plug-in, a disk) is expected: the call returns a status and
 * fills `where` ("two-sites.yaml:12:9: sites[oregon].pools" or "ci.csv:417") and `why` (one
 * sentence). Our own bugs are asserts, see check.h. No library function prints or exits. */
#ifndef GW_SIM_BASE_STATUS_H
#define GW_SIM_BASE_STATUS_H

#include <stdint.h>

#define GW_STATUS_LIST(X)                                                                                    \
    X(GW_OK, "success")                                                                                      \
    X(GW_ERR_NOMEM, "out of memory")                                                                         \
    X(GW_ERR_IO, "file could not be read")                                                                   \
    X(GW_ERR_OUTPUT, "output could not be written")                                                          \
    X(GW_ERR_SYNTAX, "input is not well formed")                                                             \
    X(GW_ERR_TYPE, "value of the wrong type or dimension")                                                   \
    X(GW_ERR_RANGE, "value outside its documented range")                                                    \
    X(GW_ERR_UNKNOWN, "name or key that is not known here")                                                  \
    X(GW_ERR_USAGE, "command used in a way it does not offer")                                               \
    X(GW_ERR_POLICY, "policy broke its contract")                                                            \
    X(GW_ERR_MISSED, "a comparison or validation missed its target")                                         \
    X(GW_ERR_INTERRUPTED, "interrupted by a signal")

#define GW_STATUS_ENUM(name, text) name,
enum gw_status { GW_STATUS_LIST(GW_STATUS_ENUM) };
#undef GW_STATUS_ENUM

#define GW_MUST_USE          __attribute__((warn_unused_result))
#define GW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Where and why. Filled only when the status is not GW_OK; NULL may be passed instead. */
struct gw_error {
    enum gw_status status;
    char where[320];
    char why[400];
};

/* Up to 20 errors at once: one run of the loader should reveal every typo. */
enum { GW_ERRORS_MAX = 20 };
struct gw_errors {
    struct gw_error item[GW_ERRORS_MAX];
    uint32_t n;       /* filled items */
    uint32_t dropped; /* further errors that found no room */
};

const char *gw_status_text(enum gw_status s);

/* The name of the enumerator, "GW_ERR_RANGE": for machine-readable output. */
const char *gw_status_name(enum gw_status s);

/* The command's exit status for s (design: 0 good, 1 missed, 2 bad input, 70 internal, 74 output, 75
 * interrupted). */
int gw_status_exit(enum gw_status s);

/* Fills err (when not NULL) and returns s, so that `return gw_fail(...)` reads as one thought. */
enum gw_status gw_fail(struct gw_error *err, enum gw_status s, const char *where, const char *fmt, ...)
    GW_PRINTF(4, 5);

/* Appends an error; the 21st and later ones are only counted. errs may be NULL. */
void gw_errors_add(struct gw_errors *errs, enum gw_status s, const char *where, const char *fmt, ...)
    GW_PRINTF(4, 5);

/* GW_OK when empty, else the status of the first error. */
enum gw_status gw_errors_status(const struct gw_errors *errs);

#endif
