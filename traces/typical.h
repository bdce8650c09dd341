/* traces/typical.h - the rows of a typical year as EPW and TMY3 write them: month, day, and the hour that
 * ends.
 *
 * Shared by their readers: gives each row its place among the 8760 hours and refuses gaps and disorder. */
#ifndef GW_TRACES_TYPICAL_H
#define GW_TRACES_TYPICAL_H

#include "traces/lines.h"
#include "traces/meteo.h"

/* A zeroed one stands before 1 January, hour 1. */
struct gw_typical {
    int month, day, hour; /* 0-based, of the next row */
    size_t row;
};

/* Makes out a typical year with all columns. */
GW_MUST_USE enum gw_status gw_typical_begin(struct gw_meteo *out, const char *name, struct gw_arena *arena,
                                            struct gw_error *err);

/* *row is where the values of this line belong, SIZE_MAX for 29 February. */
GW_MUST_USE enum gw_status gw_typical_next(struct gw_typical *self, const struct gw_lines *lines,
                                           double month, double day, double hour, size_t *row,
                                           struct gw_error *err);

/* The year must be whole. */
GW_MUST_USE enum gw_status gw_typical_end(const struct gw_typical *self, const struct gw_lines *lines,
                                          struct gw_error *err);

#endif
