#include "sim/run/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/base/version.h"
#include "sim/run/cite.h"
#include "sim/run/external.h"
#include "sim/run/fingerprint.h"
#include "sim/run/grid_hours.h"
#include "sim/run/record.h"
#include "sim/run/record_file.h"
#include "sim/run/result_csv.h"
#include "sim/run/timing.h"
#include "sim/run/transfers.h"

/* A file's path as the resolved scenario names it: relative to the scenario's folder where it lies below it.
 */
static const char *as_named(const struct gw_scenario *sc, const char *path)
{
    const char *slash = strrchr(sc->path, '/');
    const size_t folder = slash != NULL ? (size_t)(slash - sc->path) + 1 : 0;
    return folder > 0 && strncmp(path, sc->path, folder) == 0 ? path + folder : path;
}

static const char *printed(const struct gw_scenario *sc,
                           void (*print)(const struct gw_scenario *sc, struct gw_text *out),
                           struct gw_arena *arena)
{
    struct gw_text list = {0};
    gw_text_add(&list, "");
    print(sc, &list);
    const char *text = list.failed ? NULL : gw_arena_text(arena, list.at);
    gw_text_fini(&list);
    return text;
}

static bool fill_facts(const struct gw_scenario *sc, struct gw_result_facts *out, struct gw_arena *arena)
{
    *out = (struct gw_result_facts){
        .scenario_name = sc->cfg.name,
        .version = gw_version_number(),
        .commit = gw_version_commit(),
        .scenario_yaml = sc->resolved.at,
        .seed = (uint64_t)sc->cfg.seed,
        .libm_fingerprint = gw_fingerprint_libm(),
        .policy = sc->variant_name,
        .site = sc->site_name,
        .demand = sc->demand_name,
        .model = sc->model_name,
        .start_unix_us = sc->cfg.time.start_unix_us,
        .duration_us = sc->cfg.time.duration_us,
        .step_us = sc->cfg.time.step_us,
        .epoch_us = sc->cfg.time.epoch_us,
        .baseline = sc->baseline,
        .n_inputs = sc->n_files,
    };
    out->input = gw_arena_array(arena, sc->n_files, sizeof *out->input);
    out->transferred = printed(sc, gw_transfers_print, arena);
    out->external = printed(sc, gw_external_print, arena);
    if (out->input == NULL || out->transferred == NULL || out->external == NULL ||
        !gw_cite_list(sc, &out->citation, &out->n_citations, arena) ||
        !gw_grid_hours_make(sc, &out->grids, arena)) {
        return false;
    }
    for (uint32_t i = 0; i < sc->n_sites; i++) {
        out->grids.name[i] = as_named(sc, out->grids.name[i]); /* a grid of a file is called by its path */
    }
    for (uint32_t i = 0; i < sc->n_files; i++) {
        const struct gw_scenario_file *file = &sc->file[i];
        out->input[i] = (struct gw_result_input){
            .path = as_named(sc, file->path),
            .bytes = sc->cfg.output.embed ? file->bytes : NULL,
            .n = file->n,
            .checksum = file->checksum,
            .repairs = file->repairs,
        };
    }
    return true;
}

/* "folder/name"; NULL when memory is out. */
static char *path_in(const char *folder, const char *name)
{
    struct gw_text path = {0};
    gw_text_addf(&path, "%s/%s", folder, name);
    if (path.failed) {
        gw_text_fini(&path);
        return NULL;
    }
    return path.at;
}

/* One of an earlier run would be taken for this run's. */
static enum gw_status write_requests(const char *path, const struct gw_scenario *sc,
                                     const struct gw_result *result, struct gw_error *err)
{
    if (gw_record_frac(sc) > 0.0) {
        return gw_record_file_write(path, sc, result, err);
    }
    return remove(path) == 0 || errno == ENOENT
               ? GW_OK
               : gw_fail(err, GW_ERR_OUTPUT, path, "is of an earlier run and cannot be removed: %s",
                         strerror(errno));
}

static enum gw_status write_files(const char *folder, const struct gw_scenario *sc,
                                  const struct gw_result *result, const struct gw_result_facts *facts,
                                  struct gw_error *err)
{
    char *h5 = path_in(folder, "result.h5"), *csv = path_in(folder, "scores.csv");
    char *yaml = path_in(folder, "scenario.resolved.yaml"), *timing = path_in(folder, "timing.json");
    char *requests = path_in(folder, "requests.h5");
    enum gw_status s = GW_OK;
    if (h5 == NULL || csv == NULL || yaml == NULL || timing == NULL || requests == NULL) {
        s = gw_fail(err, GW_ERR_NOMEM, folder, "out of memory");
    }
    s = s == GW_OK ? gw_file_write(yaml, sc->resolved.at, sc->resolved.n, err) : s;
    s = s == GW_OK ? gw_result_csv_write(csv, result, facts, err) : s;
    s = s == GW_OK ? gw_timing_write(timing, result, facts, err) : s;
    s = s == GW_OK ? write_requests(requests, sc, result, err) : s;
    /* last, so that a folder with a result.h5 has everything */
    s = s == GW_OK ? gw_result_file_write(h5, result, facts, err) : s;
    free(h5);
    free(csv);
    free(yaml);
    free(timing);
    free(requests);
    return s;
}

enum gw_status gw_output_write(const char *folder, const struct gw_scenario *sc,
                               const struct gw_result *result, struct gw_error *err)
{
    enum gw_status s = gw_file_make_folder(folder, err);
    struct gw_arena arena = {0};
    struct gw_result_facts facts;
    if (s == GW_OK && !fill_facts(sc, &facts, &arena)) {
        s = gw_fail(err, GW_ERR_NOMEM, folder, "out of memory");
    }
    if (s == GW_OK) {
        s = write_files(folder, sc, result, &facts, err);
    }
    gw_arena_fini(&arena);
    return s;
}
