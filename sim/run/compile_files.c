#include "sim/run/compile_files.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/base/file.h"
#include "sim/base/hash.h"
#include "sim/run/trace_hdf5.h"

bool gw_compile_files_add(struct gw_scenario *sc, const char *path, struct gw_scenario_file **out)
{
    *out = NULL;
    for (uint32_t i = 0; i < sc->n_files; i++) {
        if (strcmp(sc->file[i].path, path) == 0) {
            return true;
        }
    }
    size_t cap = sc->cap_files;
    void *at = sc->file;
    const char *copy = gw_arena_text(&sc->arena, path);
    if (copy == NULL || !gw_array_reserve(&at, &cap, sc->n_files + 1, sizeof *sc->file)) {
        return false;
    }
    sc->file = at;
    sc->cap_files = (uint32_t)cap;
    *out = &sc->file[sc->n_files++];
    **out = (struct gw_scenario_file){.path = copy};
    return true;
}

static enum gw_status keep_file(struct gw_scenario *sc, const char *path, const char *bytes, size_t n)
{
    struct gw_scenario_file *file;
    if (!gw_compile_files_add(sc, path, &file)) {
        return GW_ERR_NOMEM;
    }
    if (file == NULL) {
        return GW_OK;
    }
    file->bytes = gw_arena_text_n(&sc->arena, bytes, n);
    file->n = n;
    file->checksum = gw_hash_fnv1a(GW_HASH_START, bytes, n);
    return file->bytes != NULL ? GW_OK : GW_ERR_NOMEM;
}

struct gw_scenario_file *gw_compile_files_of(struct gw_scenario *sc, const char *path)
{
    uint32_t i = 0;
    while (strcmp(sc->file[i].path, path) != 0) {
        i++;
    }
    return &sc->file[i];
}

/* What an importer repaired stands in comments at the top: "# repair: gap, price_usd_per_mwh: ...". */
static enum gw_status note_repairs(struct gw_scenario *sc, const char *path, const char *bytes, size_t n,
                                   struct gw_error *err)
{
    static const char mark[] = "# repair: ";
    const char *const end = bytes + n;
    struct gw_text text = {0};
    for (const char *p = bytes, *newline; p < end && *p == '#'; p = newline + 1) {
        newline = memchr(p, '\n', (size_t)(end - p));
        newline = newline != NULL ? newline : end - 1;
        if ((size_t)(newline - p) >= sizeof mark && memcmp(p, mark, sizeof mark - 1) == 0) {
            gw_text_add(&text, text.n > 0 ? "\n" : "");
            gw_text_add_n(&text, p + sizeof mark - 1, (size_t)(newline - p) - (sizeof mark - 1));
        }
    }
    size_t bad;
    struct gw_scenario_file *file = gw_compile_files_of(sc, path);
    if (text.n > 0 && !text.failed && gw_text_is_utf8(text.at, text.n, &bad)) {
        file->repairs = gw_arena_text(&sc->arena, text.at);
        text.failed = file->repairs == NULL;
    }
    const bool failed = text.failed;
    gw_text_fini(&text);
    return failed ? gw_fail(err, GW_ERR_NOMEM, path, "out of memory") : GW_OK;
}

enum gw_status gw_compile_files_read(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                                     struct gw_error *err)
{
    struct gw_compiler *c = from;
    const enum gw_status s = c->source != NULL
                                 ? c->source->read(c->source->from, path, max_bytes, bytes, n, err)
                                 : gw_file_read(path, max_bytes, bytes, n, err);
    if (s != GW_OK) {
        return s;
    }
    enum gw_status kept = keep_file(c->sc, path, *bytes, *n);
    kept = kept == GW_OK ? gw_trace_hdf5_plain(bytes, n, max_bytes, path, err)
                         : gw_fail(err, kept, path, "out of memory");
    kept = kept == GW_OK ? note_repairs(c->sc, path, *bytes, *n, err) : kept;
    if (kept != GW_OK) {
        free(*bytes);
        *bytes = NULL;
    }
    return kept;
}
