#include "sim/run/netcdf_write.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5_hl.h>

#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/run/hdf5_quiet.h"

enum {
    COMPRESS_FROM_BYTES = 8192, /* below, chunk and filter headers weigh more than they save */
    CHUNK_BYTES = 1 << 18,      /* a quarter of HDF5's chunk cache */
    GZIP_LEVEL = 1,
    MEMORY_STEP_BYTES = 1 << 20,
};

struct gw_netcdf_write {
    struct gw_hdf5_quiet quiet;
    hid_t file, text;
    hid_t *object; /* groups and variables, open until finish: attributes and dimensions come later */
    size_t n_objects, cap_objects;
    bool failed;
    char why[GW_HDF5_QUIET_REASON_MAX]; /* "" when memory was out */
};

/* Negative results of HDF5 mean failure. */
static bool passed(struct gw_netcdf_write *self, int64_t result)
{
    if (result < 0 && !self->failed) {
        self->failed = true;
        gw_hdf5_quiet_reason(self->why);
    }
    return !self->failed;
}

/* Remembers an object so that finish closes it. */
static int64_t kept(struct gw_netcdf_write *self, hid_t object)
{
    if (!passed(self, object)) {
        return -1;
    }
    void *at = self->object;
    if (!gw_array_reserve(&at, &self->cap_objects, self->n_objects + 1, sizeof *self->object)) {
        H5Oclose(object);
        self->failed = true;
        return -1;
    }
    self->object = at;
    self->object[self->n_objects++] = object;
    return object;
}

static void track_creation(struct gw_netcdf_write *self, hid_t plist, bool links)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    passed(self, H5Pset_obj_track_times(plist, false));
    passed(self, H5Pset_attr_creation_order(plist, order));
    if (links) {
        passed(self, H5Pset_link_creation_order(plist, order));
    }
}

static void create_file(struct gw_netcdf_write *self)
{
    /* Times of the objects are switched off one by one, those of the root group here. */
    const hid_t fcpl = H5Pcreate(H5P_FILE_CREATE);
    const hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
    track_creation(self, fcpl, true);

    /* "Earliest" keeps the superblock without checksum, of which H5Fget_file_image (1.10) makes a wrong one.
     */
    passed(self, H5Pset_libver_bounds(fapl, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18));
    passed(self, H5Pset_fapl_core(fapl, MEMORY_STEP_BYTES, false));
    if (!self->failed) {
        char name[40]; /* HDF5 takes two open files of one name for one file; it is not stored */
        snprintf(name, sizeof name, "writing %p", (void *)self);
        self->file = H5Fcreate(name, H5F_ACC_TRUNC, fcpl, fapl);
        passed(self, self->file);
    }
    H5Pclose(fapl);
    H5Pclose(fcpl);
}

struct gw_netcdf_write *gw_netcdf_write_create(void)
{
    struct gw_netcdf_write *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->quiet = gw_hdf5_quiet_begin();
    self->file = self->text = -1;
    create_file(self);

    self->text = H5Tcopy(H5T_C_S1);
    passed(self, H5Tset_size(self->text, H5T_VARIABLE));
    passed(self, H5Tset_cset(self->text, H5T_CSET_UTF8));
    return self;
}

static void close_objects(struct gw_netcdf_write *self)
{
    while (self->n_objects > 0) {
        passed(self, H5Oclose(self->object[--self->n_objects]));
    }
}

void gw_netcdf_write_destroy(struct gw_netcdf_write *self)
{
    if (self == NULL) {
        return;
    }
    close_objects(self);
    if (self->text >= 0) {
        H5Tclose(self->text);
    }
    if (self->file >= 0) {
        H5Fclose(self->file);
    }
    gw_hdf5_quiet_end(self->quiet);
    free(self->object);
    free(self);
}

int64_t gw_netcdf_write_root(const struct gw_netcdf_write *self)
{
    return self->file;
}

int64_t gw_netcdf_write_group(struct gw_netcdf_write *self, int64_t parent, const char *name)
{
    if (self->failed) {
        return -1;
    }
    const hid_t gcpl = H5Pcreate(H5P_GROUP_CREATE);
    track_creation(self, gcpl, true);
    const int64_t group = kept(self, H5Gcreate2(parent, name, H5P_DEFAULT, gcpl, H5P_DEFAULT));
    H5Pclose(gcpl);
    return group;
}

static hid_t stored_as(const struct gw_netcdf_write *self, enum gw_netcdf_type type)
{
    switch (type) {
    case GW_NETCDF_F64:
        return H5T_IEEE_F64LE;
    case GW_NETCDF_I64:
        return H5T_STD_I64LE;
    case GW_NETCDF_I32:
        return H5T_STD_I32LE;
    case GW_NETCDF_I8:
        return H5T_STD_I8LE;
    case GW_NETCDF_U8:
        return H5T_STD_U8LE;
    case GW_NETCDF_TEXT:
        return self->text;
    }
    return -1;
}

static hid_t given_as(const struct gw_netcdf_write *self, enum gw_netcdf_type type)
{
    switch (type) {
    case GW_NETCDF_F64:
        return H5T_NATIVE_DOUBLE;
    case GW_NETCDF_I64:
        return H5T_NATIVE_INT64;
    case GW_NETCDF_I32:
        return H5T_NATIVE_INT32;
    case GW_NETCDF_I8:
        return H5T_NATIVE_INT8;
    case GW_NETCDF_U8:
        return H5T_NATIVE_UINT8;
    case GW_NETCDF_TEXT:
        return self->text;
    }
    return -1;
}

/* Whole trailing dimensions as long as they fit: what is read together lies together. */
static void choose_chunk(unsigned rank, const hsize_t *size, size_t value_bytes, hsize_t *chunk)
{
    hsize_t bytes = value_bytes;
    for (unsigned i = rank; i-- > 0;) {
        const hsize_t fit = CHUNK_BYTES / bytes;
        chunk[i] = fit < 1 ? 1 : fit < size[i] ? fit : size[i];
        bytes = fit < size[i] ? CHUNK_BYTES + 1 : bytes * size[i];
    }
}

/* How the variable's values are laid out: large ones compressed in chunks. Filters are deterministic. */
static hid_t layout(struct gw_netcdf_write *self, enum gw_netcdf_type type, unsigned rank,
                    const hsize_t *size)
{
    const hid_t dcpl = H5Pcreate(H5P_DATASET_CREATE);
    track_creation(self, dcpl, false);

    const size_t value_bytes = H5Tget_size(stored_as(self, type));
    hsize_t bytes = value_bytes;
    for (unsigned i = 0; i < rank; i++) {
        bytes *= size[i];
    }
    if (type != GW_NETCDF_TEXT && bytes >= COMPRESS_FROM_BYTES) {
        hsize_t chunk[GW_NETCDF_RANK_MAX];
        choose_chunk(rank, size, value_bytes, chunk);
        passed(self, H5Pset_chunk(dcpl, (int)rank, chunk));
        passed(self, H5Pset_shuffle(dcpl));
        passed(self, H5Pset_deflate(dcpl, GZIP_LEVEL));
    }
    if (type == GW_NETCDF_F64) {
        const double missing = NAN;
        passed(self, H5Pset_fill_value(dcpl, H5T_NATIVE_DOUBLE, &missing));
    }
    return dcpl;
}

static hid_t space_of(unsigned rank, const hsize_t *size)
{
    return rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple((int)rank, size, NULL);
}

static int64_t create_variable(struct gw_netcdf_write *self, int64_t parent, const char *name,
                               enum gw_netcdf_type type, unsigned rank, const hsize_t *size,
                               const void *values)
{
    const hid_t dcpl = layout(self, type, rank, size);
    const hid_t space = space_of(rank, size);
    int64_t variable = -1;
    if (passed(self, space)) {
        variable = kept(
            self, H5Dcreate2(parent, name, stored_as(self, type), space, H5P_DEFAULT, dcpl, H5P_DEFAULT));
    }
    if (!self->failed) {
        passed(self, H5Dwrite(variable, given_as(self, type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
    }
    H5Sclose(space);
    H5Pclose(dcpl);
    return variable;
}

struct gw_netcdf_dim gw_netcdf_write_scale(struct gw_netcdf_write *self, int64_t parent, const char *name,
                                           enum gw_netcdf_type type, size_t n, const void *values)
{
    GW_REQUIRE(n > 0);
    if (self->failed) {
        return (struct gw_netcdf_dim){-1, n};
    }
    const hsize_t size = n;
    const int64_t scale = create_variable(self, parent, name, type, 1, &size, values);
    if (!self->failed) {
        passed(self, H5DSset_scale(scale, name));
    }
    return (struct gw_netcdf_dim){scale, n};
}

/* As netCDF itself stores a dimension that no variable is named after: a data set nobody fills, known by its
 * label. */
struct gw_netcdf_dim gw_netcdf_write_bare_dim(struct gw_netcdf_write *self, int64_t parent, const char *name,
                                              size_t n)
{
    GW_REQUIRE(n > 0);
    if (self->failed) {
        return (struct gw_netcdf_dim){-1, n};
    }
    const hsize_t size = n;
    const hid_t dcpl = H5Pcreate(H5P_DATASET_CREATE);
    const hid_t space = H5Screate_simple(1, &size, NULL);
    track_creation(self, dcpl, false);
    const int64_t scale =
        kept(self, H5Dcreate2(parent, name, H5T_IEEE_F32BE, space, H5P_DEFAULT, dcpl, H5P_DEFAULT));
    char label[80];
    snprintf(label, sizeof label, "This is a netCDF dimension but not a netCDF variable.%10zu", n);
    if (!self->failed) {
        passed(self, H5DSset_scale(scale, label));
    }
    H5Sclose(space);
    H5Pclose(dcpl);
    return (struct gw_netcdf_dim){scale, n};
}

static void write_attribute(struct gw_netcdf_write *self, int64_t object, const char *name, hid_t stored,
                            hid_t given, size_t n, const void *values)
{
    const hsize_t size = n;
    const hid_t space = space_of(n == 1 ? 0 : 1, &size);
    const hid_t attribute = H5Acreate2(object, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    if (passed(self, attribute)) {
        passed(self, H5Awrite(attribute, given, values));
        H5Aclose(attribute);
    }
    H5Sclose(space);
}

int64_t gw_netcdf_write_variable(struct gw_netcdf_write *self, int64_t parent, const char *name,
                                 enum gw_netcdf_type type, unsigned rank, const struct gw_netcdf_dim *dim,
                                 const void *values)
{
    GW_REQUIRE(rank <= GW_NETCDF_RANK_MAX);
    if (self->failed) {
        return -1;
    }
    hsize_t size[GW_NETCDF_RANK_MAX] = {0};
    for (unsigned i = 0; i < rank; i++) {
        size[i] = dim[i].n;
    }
    const int64_t variable = create_variable(self, parent, name, type, rank, size, values);
    for (unsigned i = 0; i < rank && !self->failed; i++) {
        passed(self, H5DSattach_scale(variable, dim[i].scale, i));
    }
    if (type == GW_NETCDF_F64 && !self->failed) {
        const double missing = NAN;
        write_attribute(self, variable, "_FillValue", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &missing);
    }
    return variable;
}

/* Fixed length, as netCDF stores text attributes; an empty one is a single NUL. */
void gw_netcdf_write_text(struct gw_netcdf_write *self, int64_t object, const char *name, const char *text)
{
    if (self->failed) {
        return;
    }
    const size_t n = strlen(text);
    const hid_t type = H5Tcopy(H5T_C_S1);
    passed(self, H5Tset_size(type, n > 0 ? n : 1));
    passed(self, H5Tset_strpad(type, H5T_STR_NULLPAD));
    passed(self, H5Tset_cset(type, H5T_CSET_UTF8));
    write_attribute(self, object, name, type, type, 1, text);
    H5Tclose(type);
}

void gw_netcdf_write_int(struct gw_netcdf_write *self, int64_t object, const char *name, int64_t value)
{
    if (!self->failed) {
        write_attribute(self, object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &value);
    }
}

void gw_netcdf_write_uint(struct gw_netcdf_write *self, int64_t object, const char *name, uint64_t value)
{
    if (!self->failed) {
        write_attribute(self, object, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, 1, &value);
    }
}

void gw_netcdf_write_flags(struct gw_netcdf_write *self, int64_t object, const char *name, size_t n,
                           const int8_t *values)
{
    if (!self->failed) {
        write_attribute(self, object, name, H5T_STD_I8LE, H5T_NATIVE_INT8, n, values);
    }
}

static enum gw_status report(const struct gw_netcdf_write *self, const char *path, struct gw_error *err)
{
    return self->why[0] == '\0'
               ? gw_fail(err, GW_ERR_NOMEM, path, "out of memory")
               : gw_fail(err, GW_ERR_OUTPUT, path, "could not be built by HDF5: %s", self->why);
}

enum gw_status gw_netcdf_write_finish(struct gw_netcdf_write *self, size_t extra, const char *path,
                                      char **bytes, size_t *n, struct gw_error *err)
{
    close_objects(self);
    if (!self->failed) {
        passed(self, H5Fflush(self->file, H5F_SCOPE_LOCAL));
    }
    const ssize_t size = self->failed ? 0 : H5Fget_file_image(self->file, NULL, 0);
    if (!passed(self, size)) {
        return report(self, path, err);
    }
    char *at = malloc((size_t)size + extra);
    if (at == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
    }
    if (!passed(self, H5Fget_file_image(self->file, at, (size_t)size))) {
        free(at);
        return report(self, path, err);
    }
    *bytes = at;
    *n = (size_t)size;
    return GW_OK;
}
