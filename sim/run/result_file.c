#include "sim/run/result_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/run/result_pack.h"
#include "sim/run/result_unpack.h"
#include "sim/run/seal.h"

/* Larger ones are surely none of ours, and are not read into memory. */
#define FILE_BYTES_MAX ((size_t)64 << 30)

static const char magic[8] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};

enum gw_status gw_result_file_write(const char *path, const struct gw_result *result,
                                    const struct gw_result_facts *facts, struct gw_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    enum gw_status s = gw_result_pack(result, facts, GW_SEAL_BYTES, path, &bytes, &n, err);
    if (s == GW_OK) {
        gw_seal_put(bytes, n);
        s = gw_file_write(path, bytes, n + GW_SEAL_BYTES, err);
    }
    free(bytes);
    return s;
}

/* Whatever HDF5 might trip over is refused before HDF5 sees it. */
static enum gw_status read_bytes(char *bytes, size_t n, const char *path, struct gw_result_file *out,
                                 struct gw_error *err)
{
    if (n < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0) {
        return gw_fail(err, GW_ERR_SYNTAX, path,
                       "is no result of geowatt: it does not begin as HDF5 files do");
    }
    size_t n_before;
    uint64_t checksum;
    enum gw_status s = gw_seal_check(bytes, n, path, &n_before, &checksum, err);
    if (s == GW_OK) {
        s = gw_result_unpack(bytes, n_before, path, out, err);
    }
    if (s == GW_OK) {
        out->checksum = checksum;
    }
    return s;
}

enum gw_status gw_result_file_read(const char *path, struct gw_result_file *out, struct gw_error *err)
{
    *out = (struct gw_result_file){0};
    char *bytes = NULL;
    size_t n = 0;
    enum gw_status s = gw_file_read(path, FILE_BYTES_MAX, &bytes, &n, err);
    if (s == GW_OK) {
        s = read_bytes(bytes, n, path, out, err);
    }
    free(bytes);
    return s;
}

void gw_result_file_fini(struct gw_result_file *self)
{
    if (self == NULL) {
        return;
    }
    gw_arena_fini(&self->arena);
    *self = (struct gw_result_file){0};
}

const struct gw_result_column *gw_result_file_column(const struct gw_result_column *column, uint32_t n,
                                                     const char *name)
{
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(column[i].name, name) == 0) {
            return &column[i];
        }
    }
    return NULL;
}

const struct gw_result_column *gw_result_file_score(const struct gw_result_file *self, const char *name)
{
    return gw_result_file_column(self->score, self->n_scores, name);
}

const struct gw_result_column *gw_result_file_series(const struct gw_result_file *self, const char *name)
{
    return gw_result_file_column(self->series, self->n_series, name);
}

bool gw_result_file_is(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    char start[sizeof magic];
    const bool is =
        fread(start, 1, sizeof start, file) == sizeof start && memcmp(start, magic, sizeof magic) == 0;
    fclose(file);
    return is;
}
