/* sim/run/netcdf_read.h - what netcdf_write.h wrote, read from bytes in memory.
 *
 *   s = gw_netcdf_read_open(bytes, n, path, &arena, &in, err);
 *   seed = gw_netcdf_read_uint(in, gw_netcdf_read_root(in), "seed");
 *   ...
 *   s = gw_netcdf_read_status(in, err);
 *   gw_netcdf_read_close(in);
 *
 * The first thing that is missing or of the wrong kind is remembered as an error; calls after it return
 * zeros, so that a caller asks once at the end. What the calls return lies in the arena. */
#ifndef GW_SIM_RUN_NETCDF_READ_H
#define GW_SIM_RUN_NETCDF_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/status.h"

enum { GW_NETCDF_READ_RANK_MAX = 5 };

/* OTHER: a group, or a variable that no version of geowatt writes. */
enum gw_netcdf_kind { GW_NETCDF_OTHER, GW_NETCDF_NUMBERS, GW_NETCDF_TEXTS };

struct gw_netcdf_variable {
    int64_t id;
    const char *name;
    enum gw_netcdf_kind kind;
    unsigned rank;
    size_t size[GW_NETCDF_READ_RANK_MAX];
    size_t n; /* values in all */
};

struct gw_netcdf_read;

/* bytes and arena are borrowed until close. GW_ERR_SYNTAX when HDF5 cannot open them. */
GW_MUST_USE enum gw_status gw_netcdf_read_open(char *bytes, size_t n, const char *path,
                                               struct gw_arena *arena, struct gw_netcdf_read **out,
                                               struct gw_error *err);
void gw_netcdf_read_close(struct gw_netcdf_read *self);

/* GW_OK, or the first failure. */
GW_MUST_USE enum gw_status gw_netcdf_read_status(const struct gw_netcdf_read *self, struct gw_error *err);

/* True as long as nothing failed: for loops. */
bool gw_netcdf_read_going(const struct gw_netcdf_read *self);

/* Make a finding of the caller's the failure, unless there was one before. */
void gw_netcdf_read_refuse(struct gw_netcdf_read *self, const char *fmt, ...) GW_PRINTF(2, 3);
void gw_netcdf_read_out_of_memory(struct gw_netcdf_read *self);

int64_t gw_netcdf_read_root(const struct gw_netcdf_read *self);
bool gw_netcdf_read_has(const struct gw_netcdf_read *self, int64_t group, const char *name);
int64_t gw_netcdf_read_group(struct gw_netcdf_read *self, int64_t parent, const char *name);

/* Objects of a group, in the order of writing: the i-th, i below the count, or by name. */
size_t gw_netcdf_read_count(const struct gw_netcdf_read *self, int64_t group);
struct gw_netcdf_variable gw_netcdf_read_at(struct gw_netcdf_read *self, int64_t group, size_t i);
struct gw_netcdf_variable gw_netcdf_read_find(struct gw_netcdf_read *self, int64_t group, const char *name);

/* All values; NULL after a failure. */
double *gw_netcdf_read_numbers(struct gw_netcdf_read *self, const struct gw_netcdf_variable *variable);
uint8_t *gw_netcdf_read_bytes(struct gw_netcdf_read *self, const struct gw_netcdf_variable *variable);
const char **gw_netcdf_read_texts(struct gw_netcdf_read *self, const struct gw_netcdf_variable *variable);

/* Attributes; "" and 0 after a failure. */
bool gw_netcdf_read_has_attribute(const struct gw_netcdf_read *self, int64_t object, const char *name);
const char *gw_netcdf_read_text(struct gw_netcdf_read *self, int64_t object, const char *name);
int64_t gw_netcdf_read_int(struct gw_netcdf_read *self, int64_t object, const char *name);
uint64_t gw_netcdf_read_uint(struct gw_netcdf_read *self, int64_t object, const char *name);

#endif
