#include "sim/run/netcdf_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/run/hdf5_quiet.h"

/* Deflate shrinks to 1/1032 at best: a file that states more values than this holds none of them. */
enum { VALUE_BYTES_PER_FILE_BYTE = 1032 };

struct image {
    char *bytes;
};

struct gw_netcdf_read {
    struct gw_hdf5_quiet quiet;
    struct gw_arena *arena;
    const char *path;
    struct image image;
    size_t n_bytes;
    hid_t file;
    hid_t *object; /* open until close */
    size_t n_objects, cap_objects;
    struct gw_error failure; /* status GW_OK: none yet */
};

/* ---- failures ---- */

static bool failed(const struct gw_netcdf_read *self)
{
    return self->failure.status != GW_OK;
}

void gw_netcdf_read_refuse(struct gw_netcdf_read *self, const char *fmt, ...)
{
    if (failed(self)) {
        return;
    }
    char why[sizeof self->failure.why];
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    gw_fail(&self->failure, GW_ERR_SYNTAX, self->path, "%s", why);
}

static void refuse_by_hdf5(struct gw_netcdf_read *self, const char *name)
{
    char reason[GW_HDF5_QUIET_REASON_MAX];
    gw_hdf5_quiet_reason(reason);
    gw_netcdf_read_refuse(self, "%s cannot be read: %s", name, reason);
}

void gw_netcdf_read_out_of_memory(struct gw_netcdf_read *self)
{
    if (!failed(self)) {
        gw_fail(&self->failure, GW_ERR_NOMEM, self->path, "out of memory");
    }
}

bool gw_netcdf_read_going(const struct gw_netcdf_read *self)
{
    return !failed(self);
}

static void *room(struct gw_netcdf_read *self, size_t n, size_t size)
{
    void *at = gw_arena_array(self->arena, n, size);
    if (at == NULL) {
        gw_netcdf_read_out_of_memory(self);
    }
    return at;
}

static const char *kept_text(struct gw_netcdf_read *self, const char *text)
{
    const size_t n = strlen(text) + 1;
    char *copy = room(self, n, 1);
    return copy != NULL ? memcpy(copy, text, n) : "";
}

enum gw_status gw_netcdf_read_status(const struct gw_netcdf_read *self, struct gw_error *err)
{
    return failed(self) ? gw_fail(err, self->failure.status, self->failure.where, "%s", self->failure.why)
                        : GW_OK;
}

/* ---- the file, where it lies in memory ---- */

/* HDF5 would copy the image twice; these hand it the caller's bytes instead. */
static void *image_malloc(size_t size, H5FD_file_image_op_t op, void *udata)
{
    (void)size;
    (void)op;
    return ((struct image *)udata)->bytes;
}

static void *image_memcpy(void *to, const void *from, size_t size, H5FD_file_image_op_t op, void *udata)
{
    (void)from; /* the same bytes */
    (void)size;
    (void)op;
    (void)udata;
    return to;
}

/* A file opened for reading does not grow. */
static void *image_realloc(void *at, size_t size, H5FD_file_image_op_t op, void *udata)
{
    (void)at;
    (void)size;
    (void)op;
    (void)udata;
    return NULL;
}

static herr_t image_free(void *at, H5FD_file_image_op_t op, void *udata)
{
    (void)at;
    (void)op;
    (void)udata;
    return 0;
}

static void *udata_copy(void *udata)
{
    return udata;
}

static herr_t udata_free(void *udata)
{
    (void)udata;
    return 0;
}

static hid_t open_image(struct gw_netcdf_read *self)
{
    H5FD_file_image_callbacks_t callbacks = {
        .image_malloc = image_malloc,
        .image_memcpy = image_memcpy,
        .image_realloc = image_realloc,
        .image_free = image_free,
        .udata_copy = udata_copy,
        .udata_free = udata_free,
        .udata = &self->image,
    };
    const hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = -1;
    if (H5Pset_fapl_core(fapl, 1 << 20, false) >= 0 && H5Pset_file_image_callbacks(fapl, &callbacks) >= 0 &&
        H5Pset_file_image(fapl, self->image.bytes, self->n_bytes) >= 0) {
        char name[40]; /* HDF5 takes two open files of one name for one file */
        snprintf(name, sizeof name, "reading %p", (void *)self);
        file = H5Fopen(name, H5F_ACC_RDONLY, fapl);
    }
    H5Pclose(fapl);
    return file;
}

enum gw_status gw_netcdf_read_open(char *bytes, size_t n, const char *path, struct gw_arena *arena,
                                   struct gw_netcdf_read **out, struct gw_error *err)
{
    struct gw_netcdf_read *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
    }
    *self = (struct gw_netcdf_read){
        .quiet = gw_hdf5_quiet_begin(), .arena = arena, .path = path, .image = {bytes}, .n_bytes = n};
    self->file = open_image(self);
    if (self->file < 0) {
        refuse_by_hdf5(self, "the HDF5 file");
        const enum gw_status s = gw_netcdf_read_status(self, err);
        gw_netcdf_read_close(self);
        return s;
    }
    *out = self;
    return GW_OK;
}

void gw_netcdf_read_close(struct gw_netcdf_read *self)
{
    if (self == NULL) {
        return;
    }
    while (self->n_objects > 0) {
        H5Oclose(self->object[--self->n_objects]);
    }
    if (self->file >= 0) {
        H5Fclose(self->file);
    }
    gw_hdf5_quiet_end(self->quiet);
    free(self->object);
    free(self);
}

/* ---- groups and variables ---- */

int64_t gw_netcdf_read_root(const struct gw_netcdf_read *self)
{
    return self->file;
}

bool gw_netcdf_read_has(const struct gw_netcdf_read *self, int64_t group, const char *name)
{
    return !failed(self) && H5Lexists(group, name, H5P_DEFAULT) > 0;
}

/* Remembers an open object so that it is closed with the file. */
static hid_t kept(struct gw_netcdf_read *self, hid_t object, const char *name)
{
    if (object < 0) {
        refuse_by_hdf5(self, name);
        return -1;
    }
    void *at = self->object;
    if (!gw_array_reserve(&at, &self->cap_objects, self->n_objects + 1, sizeof *self->object)) {
        H5Oclose(object);
        gw_netcdf_read_out_of_memory(self);
        return -1;
    }
    self->object = at;
    self->object[self->n_objects++] = object;
    return object;
}

int64_t gw_netcdf_read_group(struct gw_netcdf_read *self, int64_t parent, const char *name)
{
    return failed(self) ? -1 : kept(self, H5Gopen2(parent, name, H5P_DEFAULT), name);
}

static enum gw_netcdf_kind kind_of(hid_t variable)
{
    const hid_t type = H5Dget_type(variable);
    enum gw_netcdf_kind kind = GW_NETCDF_OTHER;
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
    case H5T_FLOAT:
        kind = GW_NETCDF_NUMBERS;
        break;
    case H5T_STRING:
        kind = H5Tis_variable_str(type) > 0 ? GW_NETCDF_TEXTS : GW_NETCDF_OTHER;
        break;
    default:
        break;
    }
    H5Tclose(type);
    return kind;
}

/* Fills in the shape; a shape that this file cannot hold is a failure. */
static void measure(struct gw_netcdf_read *self, struct gw_netcdf_variable *variable)
{
    hsize_t size[H5S_MAX_RANK];
    const hid_t space = H5Dget_space(variable->id);
    const int rank = H5Sget_simple_extent_dims(space, size, NULL);
    H5Sclose(space);
    if (rank < 0 || rank > GW_NETCDF_READ_RANK_MAX) {
        variable->kind = GW_NETCDF_OTHER;
        return;
    }
    const size_t most = self->n_bytes * VALUE_BYTES_PER_FILE_BYTE;
    variable->rank = (unsigned)rank;
    variable->n = 1;
    for (int i = 0; i < rank; i++) {
        if (size[i] > 0 && variable->n > most / size[i]) {
            gw_netcdf_read_refuse(self, "%s states more values than the file can hold", variable->name);
            return;
        }
        variable->size[i] = (size_t)size[i];
        variable->n *= (size_t)size[i];
    }
}

struct gw_netcdf_variable gw_netcdf_read_find(struct gw_netcdf_read *self, int64_t group, const char *name)
{
    struct gw_netcdf_variable variable = {.id = -1, .name = name};
    if (failed(self)) {
        return variable;
    }
    if (!gw_netcdf_read_has(self, group, name)) {
        gw_netcdf_read_refuse(self, "%s is not in the file", name);
        return variable;
    }
    variable.id = kept(self, H5Oopen(group, name, H5P_DEFAULT), name);
    if (variable.id < 0) {
        return variable;
    }
    if (H5Iget_type(variable.id) == H5I_DATASET) {
        variable.kind = kind_of(variable.id);
        measure(self, &variable);
    }
    return variable;
}

size_t gw_netcdf_read_count(const struct gw_netcdf_read *self, int64_t group)
{
    H5G_info_t info;
    return !failed(self) && H5Gget_info(group, &info) >= 0 ? (size_t)info.nlinks : 0;
}

struct gw_netcdf_variable gw_netcdf_read_at(struct gw_netcdf_read *self, int64_t group, size_t i)
{
    char name[256];
    const ssize_t length = failed(self) ? -1
                                        : H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i,
                                                             name, sizeof name, H5P_DEFAULT);
    if (length < 0 || (size_t)length >= sizeof name) {
        gw_netcdf_read_refuse(self, "an object of the file has no usable name");
        return (struct gw_netcdf_variable){.id = -1, .name = ""};
    }
    return gw_netcdf_read_find(self, group, kept_text(self, name));
}

/* ---- values ---- */

static void *read_as(struct gw_netcdf_read *self, const struct gw_netcdf_variable *variable, hid_t type,
                     size_t value_bytes)
{
    if (failed(self)) {
        return NULL;
    }
    if (variable->kind != GW_NETCDF_NUMBERS) {
        gw_netcdf_read_refuse(self, "%s holds no numbers", variable->name);
        return NULL;
    }
    void *at = room(self, variable->n, value_bytes);
    if (at != NULL && H5Dread(variable->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, at) < 0) {
        refuse_by_hdf5(self, variable->name);
        return NULL;
    }
    return at;
}

double *gw_netcdf_read_numbers(struct gw_netcdf_read *self, const struct gw_netcdf_variable *variable)
{
    return read_as(self, variable, H5T_NATIVE_DOUBLE, sizeof(double));
}

uint8_t *gw_netcdf_read_bytes(struct gw_netcdf_read *self, const struct gw_netcdf_variable *variable)
{
    return read_as(self, variable, H5T_NATIVE_UINT8, 1);
}

/* HDF5 allocates the texts: they are copied and given back at once. */
static void copy_texts(struct gw_netcdf_read *self, const struct gw_netcdf_variable *variable, char **read,
                       const char **out)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    const hid_t space = H5Dget_space(variable->id);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    if (H5Dread(variable->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) < 0) {
        refuse_by_hdf5(self, variable->name);
    } else {
        for (size_t i = 0; i < variable->n; i++) {
            out[i] = kept_text(self, read[i] != NULL ? read[i] : "");
        }
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, read);
    }
    H5Sclose(space);
    H5Tclose(type);
}

const char **gw_netcdf_read_texts(struct gw_netcdf_read *self, const struct gw_netcdf_variable *variable)
{
    if (failed(self)) {
        return NULL;
    }
    if (variable->kind != GW_NETCDF_TEXTS) {
        gw_netcdf_read_refuse(self, "%s holds no texts", variable->name);
        return NULL;
    }
    char **read = calloc(variable->n > 0 ? variable->n : 1, sizeof *read);
    const char **out = room(self, variable->n, sizeof *out);
    if (read == NULL || out == NULL) {
        free(read);
        gw_netcdf_read_out_of_memory(self);
        return NULL;
    }
    copy_texts(self, variable, read, out);
    free(read);
    return failed(self) ? NULL : out;
}

/* ---- attributes ---- */

bool gw_netcdf_read_has_attribute(const struct gw_netcdf_read *self, int64_t object, const char *name)
{
    return !failed(self) && H5Aexists(object, name) > 0;
}

/* An attribute with one value of the class; -1 after a failure. */
static hid_t open_attribute(struct gw_netcdf_read *self, int64_t object, const char *name, H5T_class_t class)
{
    if (failed(self)) {
        return -1;
    }
    if (!gw_netcdf_read_has_attribute(self, object, name)) {
        gw_netcdf_read_refuse(self, "attribute %s is not in the file", name);
        return -1;
    }
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0) {
        refuse_by_hdf5(self, name);
        return -1;
    }
    const hid_t type = H5Aget_type(attribute);
    const hid_t space = H5Aget_space(attribute);
    const bool fits = H5Tget_class(type) == class && H5Tis_variable_str(type) <= 0 &&
                      H5Sget_simple_extent_npoints(space) == 1;
    H5Sclose(space);
    H5Tclose(type);
    if (!fits) {
        H5Aclose(attribute);
        gw_netcdf_read_refuse(self, "attribute %s is not of the expected kind", name);
        return -1;
    }
    return attribute;
}

const char *gw_netcdf_read_text(struct gw_netcdf_read *self, int64_t object, const char *name)
{
    const hid_t attribute = open_attribute(self, object, name, H5T_STRING);
    if (attribute < 0) {
        return "";
    }
    const hid_t type = H5Aget_type(attribute);
    char *text = room(self, H5Tget_size(type) + 1, 1);
    if (text != NULL && H5Aread(attribute, type, text) < 0) {
        refuse_by_hdf5(self, name);
    }
    H5Tclose(type);
    H5Aclose(attribute);
    return failed(self) ? "" : text;
}

static void read_integer(struct gw_netcdf_read *self, int64_t object, const char *name, hid_t type, void *out)
{
    const hid_t attribute = open_attribute(self, object, name, H5T_INTEGER);
    if (attribute < 0) {
        return;
    }
    if (H5Aread(attribute, type, out) < 0) {
        refuse_by_hdf5(self, name);
    }
    H5Aclose(attribute);
}

int64_t gw_netcdf_read_int(struct gw_netcdf_read *self, int64_t object, const char *name)
{
    int64_t value = 0;
    read_integer(self, object, name, H5T_NATIVE_INT64, &value);
    return failed(self) ? 0 : value;
}

uint64_t gw_netcdf_read_uint(struct gw_netcdf_read *self, int64_t object, const char *name)
{
    uint64_t value = 0;
    read_integer(self, object, name, H5T_NATIVE_UINT64, &value);
    return failed(self) ? 0 : value;
}
