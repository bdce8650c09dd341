#include "sim/run/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/catalogue/catalogue.h"
#include "sim/base/file.h"
#include "sim/base/number.h"
#include "sim/run/compile.h"
#include "sim/run/normalise.h"
#include "sim/run/result_file.h"

struct gw_bind_env gw_scenario_env(const struct gw_tree *catalogue)
{
    return (struct gw_bind_env){
        .catalogue = gw_catalogue_kinds(), .index = gw_schema_lists, .built_in = catalogue};
}

static enum gw_status apply_options(struct gw_tree *tree, const struct gw_tree *catalogue,
                                    const struct gw_scenario_options *options, struct gw_errors *errs)
{
    static const struct gw_scenario_options none = {0};
    if (options == NULL) {
        options = &none;
    }
    enum gw_status worst = GW_OK;
    for (const char *const *set = options->set; set != NULL && *set != NULL; set++) {
        const enum gw_status s = gw_tree_set(tree, *set, errs);
        worst = worst == GW_OK ? s : worst;
    }
    if (worst == GW_OK && options->has_seed) {
        char assignment[40];
        snprintf(assignment, sizeof assignment, "seed=%llu", (unsigned long long)options->seed);
        worst = gw_tree_set(tree, assignment, errs);
    }
    return worst == GW_OK ? gw_normalise_tree(tree, catalogue, options->policy, errs) : worst;
}

/* What a newer format means this program cannot know; its unknown keys are not the user's mistakes. */
static enum gw_status check_version(const struct gw_tree *tree, struct gw_errors *errs)
{
    const struct gw_node *node = gw_node_get(tree->root, "geowatt");
    int64_t version;
    if (node == NULL || node->kind != GW_NODE_SCALAR || !gw_number_parse_int(node->text, &version) ||
        version <= GW_SCHEMA_VERSION) {
        return GW_OK;
    }
    char at[200], where[220];
    gw_pos_print(node->pos, at, sizeof at);
    snprintf(where, sizeof where, "%s: geowatt", at);
    gw_errors_add(errs, GW_ERR_RANGE, where,
                  "scenario format %lld is newer than this geowatt, which reads %d", (long long)version,
                  (int)GW_SCHEMA_VERSION);
    return GW_ERR_RANGE;
}

/* From a loaded tree to a compiled scenario. */
static enum gw_status build(struct gw_scenario *sc, const char *path, const struct gw_source *source,
                            const struct gw_scenario_options *options, struct gw_errors *errs)
{
    sc->path = gw_arena_text(&sc->arena, path);
    if (sc->path == NULL) {
        gw_errors_add(errs, GW_ERR_NOMEM, "scenario", "out of memory");
        return GW_ERR_NOMEM;
    }
    enum gw_status s = check_version(&sc->tree, errs);
    s = s == GW_OK ? gw_catalogue_load(&sc->catalogue, errs) : s;
    s = s == GW_OK ? apply_options(&sc->tree, &sc->catalogue, options, errs) : s;
    if (s == GW_OK) {
        const struct gw_bind_env env = gw_scenario_env(&sc->catalogue);
        s = gw_bind_root(&sc->tree, &gw_schema_scenario, &env, &sc->cfg, &sc->arena, errs);
    }
    if (s == GW_OK) {
        s = gw_compile_scenario(sc, source, errs);
    }
    if (s == GW_OK) {
        gw_tree_dump(sc->tree.root, false, &sc->resolved);
        if (sc->resolved.failed) {
            gw_errors_add(errs, GW_ERR_NOMEM, "scenario", "out of memory");
            s = GW_ERR_NOMEM;
        }
    }
    return s;
}

static enum gw_status finish(struct gw_scenario *sc, enum gw_status s, struct gw_errors *errs)
{
    if (s != GW_OK) {
        gw_scenario_fini(sc);
        if (errs != NULL && errs->n == 0) {
            gw_errors_add(errs, s, "scenario", "%s", gw_status_text(s));
        }
    }
    return s;
}

enum gw_status gw_scenario_parse(const char *yaml, size_t n, const char *name,
                                 const struct gw_scenario_options *options, struct gw_scenario *out,
                                 struct gw_errors *errs)
{
    *out = (struct gw_scenario){0};
    enum gw_status s = gw_tree_parse(&out->tree, yaml, n, name, NULL, errs);
    if (s == GW_OK) {
        s = build(out, name, NULL, options, errs);
    }
    return finish(out, s, errs);
}

/* ---- a result repeated ---- */

/* A result's embedded files answer for the disk; what was not embedded is looked for on the disk. */
static enum gw_status read_embedded(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                                    struct gw_error *err)
{
    const struct gw_result_file *file = from;
    for (uint32_t i = 0; i < file->n_inputs; i++) {
        const struct gw_result_input *input = &file->input[i];
        if (input->bytes == NULL || strcmp(input->path, path) != 0) {
            continue;
        }
        *bytes = malloc(input->n + 1);
        if (*bytes == NULL) {
            return gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
        }
        memcpy(*bytes, input->bytes, input->n);
        (*bytes)[input->n] = '\0';
        *n = input->n;
        return GW_OK;
    }
    return gw_file_read(path, max_bytes, bytes, n, err);
}

/* The resolved scenario inside a result is read under the result's bare name, so that the paths in it stand
 * as the embedded files are named. */
static enum gw_status load_result(const char *path, const struct gw_scenario_options *options,
                                  struct gw_scenario *out, struct gw_errors *errs)
{
    struct gw_result_file file;
    struct gw_error err;
    enum gw_status s = gw_result_file_read(path, &file, &err);
    if (s != GW_OK) {
        gw_errors_add(errs, s, err.where, "%s", err.why);
        return s;
    }
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    s = gw_tree_parse(&out->tree, file.scenario_yaml, strlen(file.scenario_yaml), name, NULL, errs);
    if (s == GW_OK) {
        const struct gw_source source = {.read = read_embedded, .from = &file};
        s = build(out, name, &source, options, errs);
    }
    gw_result_file_fini(&file);
    return s;
}

enum gw_status gw_scenario_load(const char *path, const struct gw_scenario_options *options,
                                struct gw_scenario *out, struct gw_errors *errs)
{
    *out = (struct gw_scenario){0};
    enum gw_status s;
    if (gw_result_file_is(path)) {
        s = load_result(path, options, out, errs);
    } else {
        s = gw_tree_load(&out->tree, path, NULL, errs);
        if (s == GW_OK) {
            s = build(out, path, NULL, options, errs);
        }
    }
    return finish(out, s, errs);
}

void gw_scenario_fini(struct gw_scenario *self)
{
    for (uint32_t i = 0; self->variant != NULL && i < self->n_variants; i++) {
        for (size_t k = 0; k < GW_SLOTS_COUNT; k++) {
            gw_registry_close(&self->variant[i].slot[k]);
        }
    }
    free(self->file);
    gw_text_fini(&self->resolved);
    gw_tree_fini(&self->tree);
    gw_tree_fini(&self->catalogue);
    gw_arena_fini(&self->arena);
    *self = (struct gw_scenario){0};
}

bool gw_scenario_closes_loop(const struct gw_scenario *self)
{
    for (uint32_t i = 0; i < self->n_demands; i++) {
        const struct gw_demand *d = &self->demand[i];
        if (d->sessions.sessions.turns > 1.0 || d->cfg->elastic.name != NULL) {
            return true;
        }
    }
    return false;
}
