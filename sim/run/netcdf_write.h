/* sim/run/netcdf_write.h - a netCDF-4 file built in memory: HDF5 with dimension scales.
 *
 *   struct gw_netcdf_write *out = gw_netcdf_write_create();
 *   const struct gw_netcdf_dim site = gw_netcdf_write_scale(out, root, "site", GW_NETCDF_TEXT, n, names);
 *   const int64_t energy = gw_netcdf_write_variable(out, root, "energy_kwh", GW_NETCDF_F64, 1, &site, kwh);
 *   gw_netcdf_write_text(out, energy, "units", "kWh");
 *   s = gw_netcdf_write_finish(out, extra, path, &bytes, &n, err);
 *   gw_netcdf_write_destroy(out);
 *
 * The first failure is remembered; later calls do nothing and finish reports it. Equal calls give equal
 * bytes: no times, no order but that of the calls. Nothing touches the disk, so that a full one is met only
 * by sim/base/file.h, not in the middle of HDF5. */
#ifndef GW_SIM_RUN_NETCDF_WRITE_H
#define GW_SIM_RUN_NETCDF_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"

/* Values are given as double, int64_t, int32_t, int8_t, uint8_t and const char *const (UTF-8). NaN marks a
 * missing F64. */
enum gw_netcdf_type {
    GW_NETCDF_F64,
    GW_NETCDF_I64,
    GW_NETCDF_I32,
    GW_NETCDF_I8,
    GW_NETCDF_U8,
    GW_NETCDF_TEXT
};

enum { GW_NETCDF_RANK_MAX = 5 };

struct gw_netcdf_dim {
    int64_t scale; /* the variable that holds its values */
    size_t n;      /* > 0: netCDF takes 0 for "grows" */
};

struct gw_netcdf_write;

/* NULL when memory is out. */
struct gw_netcdf_write *gw_netcdf_write_create(void);
void gw_netcdf_write_destroy(struct gw_netcdf_write *self);

/* Objects: groups and variables. They live as long as the file is being built. */
int64_t gw_netcdf_write_root(const struct gw_netcdf_write *self);
int64_t gw_netcdf_write_group(struct gw_netcdf_write *self, int64_t parent, const char *name);

/* A dimension with its coordinate variable, and one without. */
struct gw_netcdf_dim gw_netcdf_write_scale(struct gw_netcdf_write *self, int64_t parent, const char *name,
                                           enum gw_netcdf_type type, size_t n, const void *values);
struct gw_netcdf_dim gw_netcdf_write_bare_dim(struct gw_netcdf_write *self, int64_t parent, const char *name,
                                              size_t n);

/* Values with the last dimension running fastest; rank 0 is a scalar. */
int64_t gw_netcdf_write_variable(struct gw_netcdf_write *self, int64_t parent, const char *name,
                                 enum gw_netcdf_type type, unsigned rank, const struct gw_netcdf_dim *dim,
                                 const void *values);

/* Attributes of any object. */
void gw_netcdf_write_text(struct gw_netcdf_write *self, int64_t object, const char *name, const char *text);
void gw_netcdf_write_int(struct gw_netcdf_write *self, int64_t object, const char *name, int64_t value);
void gw_netcdf_write_uint(struct gw_netcdf_write *self, int64_t object, const char *name, uint64_t value);
void gw_netcdf_write_flags(struct gw_netcdf_write *self, int64_t object, const char *name, size_t n,
                           const int8_t *values);

/* The file's bytes on the heap with room for `extra` more behind; the caller frees. `path` is for the message
 * only. */
GW_MUST_USE enum gw_status gw_netcdf_write_finish(struct gw_netcdf_write *self, size_t extra,
                                                  const char *path, char **bytes, size_t *n,
                                                  struct gw_error *err);

#endif
