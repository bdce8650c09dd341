#include "models/policies/registry.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/file.h"
#include "sim/base/hash.h"
#include "sim/base/number.h"
#include "sim/base/quantity.h"
#include "sim/base/text.h"

enum { MAX_PLUGIN_BYTES = 64 << 20, MAX_PARAMS = 32 };

static const struct gw_policy_ops *const built_in[] = {
#define ROW(name) &gw_policy_##name,
    GW_BUILTIN_POLICIES(ROW)
#undef ROW
};
enum { N_BUILT_IN = sizeof built_in / sizeof built_in[0] };

/* The public parameter tables in the binder's terms: made once from constants, never changed after. */
struct row_type {
    struct gw_type object;
    struct gw_type value[MAX_PARAMS];
    struct gw_field field[MAX_PARAMS + 1];
    char def[MAX_PARAMS][GW_NUMBER_MAX];
};
static struct row_type row_types[N_BUILT_IN];
static const char *row_names[N_BUILT_IN + 3];
static const char *slot_names[GW_SLOTS_COUNT][N_BUILT_IN + 3];

/* A program answers with shares and orders: these slots need no more. */
static const uint32_t exec_slots =
    GW_SLOT_ROUTING | GW_SLOT_DIRECTIVES | GW_SLOT_REPLICAS | GW_SLOT_POWER | GW_SLOT_BATTERY;
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void make_field(struct row_type *row, size_t i, const struct gw_policy_param *p)
{
    const char *def = row->def[i];
    if (p->kind == GW_PARAM_CHOICE) {
        row->value[i] = (struct gw_type){.kind = GW_ENUM, .size = sizeof(int32_t), .of = p->choice};
        def = p->choice[(size_t)p->def];
    } else {
        row->value[i] = (struct gw_type){
            .kind = GW_NUM, .size = sizeof(double), .unit = p->unit, .min = p->min, .max = p->max};
        gw_number_print(p->def, row->def[i]);
    }
    row->field[i] = (struct gw_field){
        .key = p->key, .type = &row->value[i], .offset = p->offset, .def = def, .doc = p->doc};
}

static void make_tables(void)
{
    for (size_t k = 0; k < N_BUILT_IN; k++) {
        const struct gw_policy_ops *ops = built_in[k];
        struct row_type *row = &row_types[k];
        for (size_t i = 0; ops->params != NULL && ops->params[i].key != NULL; i++) {
            GW_REQUIRE(i < MAX_PARAMS);
            make_field(row, i, &ops->params[i]);
        }
        row->object = (struct gw_type){
            .kind = GW_OBJ, .size = (uint32_t)ops->cfg_size, .of = row->field, .doc = ops->summary};
        row_names[k] = ops->name;
    }
    row_names[N_BUILT_IN] = "plugin";
    row_names[N_BUILT_IN + 1] = "exec";
    for (size_t slot = 0; slot < GW_SLOTS_COUNT; slot++) {
        size_t n = 0;
        for (size_t k = 0; k < N_BUILT_IN; k++) {
            if ((built_in[k]->slots & gw_slots_docs[slot].slot) != 0) {
                slot_names[slot][n++] = built_in[k]->name;
            }
        }
        slot_names[slot][n++] = "plugin";
        slot_names[slot][n] = (exec_slots & gw_slots_docs[slot].slot) != 0 ? "exec" : NULL;
    }
}

static const struct gw_type path_type = {.kind = GW_PATH, .size = sizeof(const char *)};
static const struct gw_type text_type = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type set_type = {
    .kind = GW_MAP, .size = sizeof(struct gw_names), .max = MAX_PARAMS, .of = &text_type};
static const struct gw_field plugin_fields[] = {
    GW_FIELD(struct gw_plugin_cfg, path, &path_type, NULL, "Shared object that exports gw_policy_plugin",
             NULL),
    GW_FIELD(struct gw_plugin_cfg, set, &set_type, "{}", "Its parameters, by name", NULL),
    GW_FIELD_END,
};
static const struct gw_type plugin_type = {.kind = GW_OBJ,
                                           .size = sizeof(struct gw_plugin_cfg),
                                           .of = plugin_fields,
                                           .doc = "A policy compiled on its own"};

static const struct gw_type command_type = {
    .kind = GW_LIST, .size = sizeof(struct gw_slice), .min = 1, .max = 64, .of = &text_type};
static const struct gw_type timeout_type = {
    .kind = GW_SPAN, .size = sizeof(int64_t), .unit = "s", .min = 1e-3, .max = 7.0 * 86400};
static const struct gw_type episodes_type = {.kind = GW_INT, .size = sizeof(int64_t), .min = 0, .max = 1e6};
static const struct gw_field exec_fields[] = {
    GW_FIELD(struct gw_exec_cfg, command, &command_type, NULL,
             "The program and its arguments; files beside the scenario by their names", NULL),
    GW_FIELD_AS(struct gw_exec_cfg, "timeout", timeout_us, &timeout_type, "1 min",
                "How long a plan may take it; then the run fails", "round number"),
    GW_FIELD(struct gw_exec_cfg, episodes, &episodes_type, "0",
             "Runs of other draws before the scored one, in the same process, to learn from", NULL),
    GW_FIELD_END,
};
static const struct gw_type exec_type = {.kind = GW_OBJ,
                                         .size = sizeof(struct gw_exec_cfg),
                                         .of = exec_fields,
                                         .doc = "A program of its own, asked in lines of JSON"};

const struct gw_policy_ops *gw_registry_find(const char *name)
{
    for (size_t i = 0; i < N_BUILT_IN; i++) {
        if (strcmp(built_in[i]->name, name) == 0) {
            return built_in[i];
        }
    }
    return NULL;
}

const char *const *gw_registry_names(void)
{
    pthread_once(&tables_once, make_tables);
    return row_names;
}

const char *const *gw_registry_names_for(enum gw_slots_index slot)
{
    pthread_once(&tables_once, make_tables);
    return slot_names[slot];
}

const struct gw_type *gw_registry_type(const char *name)
{
    pthread_once(&tables_once, make_tables);
    if (strcmp(name, "plugin") == 0) {
        return &plugin_type;
    }
    if (strcmp(name, "exec") == 0) {
        return &exec_type;
    }
    for (size_t i = 0; i < N_BUILT_IN; i++) {
        if (strcmp(built_in[i]->name, name) == 0) {
            return &row_types[i].object;
        }
    }
    return NULL;
}

/* ---- plug-ins ---- */

static const struct gw_policy_param *find_param(const struct gw_policy_ops *ops, const char *key,
                                                const char **nearest)
{
    const char *known[MAX_PARAMS];
    size_t n = 0;
    for (const struct gw_policy_param *p = ops->params; p != NULL && p->key != NULL && n < MAX_PARAMS; p++) {
        if (strcmp(p->key, key) == 0) {
            return p;
        }
        known[n++] = p->key;
    }
    *nearest = gw_text_nearest(key, known, n);
    return NULL;
}

static enum gw_status read_param(const struct gw_policy_param *p, const char *text, const char *path,
                                 char *cfg, struct gw_error *err)
{
    if (p->kind == GW_PARAM_CHOICE) {
        for (int32_t i = 0; p->choice[i] != NULL; i++) {
            if (strcmp(p->choice[i], text) == 0) {
                memcpy(cfg + p->offset, &i, sizeof i);
                return GW_OK;
            }
        }
        return gw_fail(err, GW_ERR_RANGE, path, "its parameter \"%s\" has no choice \"%s\"", p->key, text);
    }
    double x;
    struct gw_error bad;
    if (gw_quantity_parse(text, p->unit, &x, &bad) != GW_OK) {
        return gw_fail(err, bad.status, path, "its parameter \"%s\": %s", p->key, bad.why);
    }
    if (!(x >= p->min && x <= p->max)) {
        return gw_fail(err, GW_ERR_RANGE, path, "its parameter \"%s\" = %g lies outside %g to %g %s", p->key,
                       x, p->min, p->max, p->unit);
    }
    memcpy(cfg + p->offset, &x, sizeof x);
    return GW_OK;
}

/* A row of a plug-in's table that could not be read by. */
static enum gw_status check_param(const struct gw_policy_param *p, size_t cfg_size, const char *path,
                                  struct gw_error *err)
{
    if (p->kind != GW_PARAM_NUMBER && p->kind != GW_PARAM_CHOICE) {
        return gw_fail(err, GW_ERR_POLICY, path, "its parameter \"%s\" is neither a number nor a choice",
                       p->key);
    }
    const size_t size = p->kind == GW_PARAM_CHOICE ? sizeof(int32_t) : sizeof(double);
    if (p->offset > cfg_size || size > cfg_size - p->offset) {
        return gw_fail(err, GW_ERR_POLICY, path, "its parameter \"%s\" lies outside its cfg_size", p->key);
    }
    if (p->kind == GW_PARAM_CHOICE && p->choice == NULL) {
        return gw_fail(err, GW_ERR_POLICY, path, "its parameter \"%s\" is a choice between nothing", p->key);
    }
    if (p->kind == GW_PARAM_NUMBER && p->unit == NULL) {
        return gw_fail(err, GW_ERR_POLICY, path,
                       "its parameter \"%s\" is a number without a unit: \"1\" says that it has none",
                       p->key);
    }
    if (p->kind == GW_PARAM_NUMBER && !gw_quantity_unit_ok(p->unit)) {
        return gw_fail(err, GW_ERR_POLICY, path, "its parameter \"%s\" has a unit that nobody knows: \"%s\"",
                       p->key, p->unit);
    }
    return GW_OK;
}

static enum gw_status read_params(const struct gw_policy_ops *ops, const struct gw_plugin_cfg *from,
                                  char *cfg, struct gw_error *err)
{
    for (const struct gw_policy_param *p = ops->params; p != NULL && p->key != NULL; p++) {
        const enum gw_status s = check_param(p, ops->cfg_size, from->path, err);
        if (s != GW_OK) {
            return s;
        }
        const int32_t choice = (int32_t)p->def;
        if (p->kind == GW_PARAM_CHOICE) {
            memcpy(cfg + p->offset, &choice, sizeof choice);
        } else {
            memcpy(cfg + p->offset, &p->def, sizeof p->def);
        }
    }
    const char *const *text = from->set.at;
    for (uint32_t i = 0; i < from->set.n; i++) {
        const char *nearest = NULL;
        const struct gw_policy_param *p = find_param(ops, from->set.key[i], &nearest);
        if (p == NULL) {
            return gw_fail(err, GW_ERR_UNKNOWN, from->path, "it has no parameter \"%s\"%s", from->set.key[i],
                           gw_text_hint(nearest).text);
        }
        const enum gw_status s = read_param(p, text[i], from->path, cfg, err);
        if (s != GW_OK) {
            return s;
        }
    }
    return GW_OK;
}

/* The plug-in's own table, grown to today's size: what an older header did not have is NULL. */
static enum gw_status check_ops(const struct gw_policy_ops *theirs, const char *path,
                                struct gw_policy_ops *ours, struct gw_error *err)
{
    const size_t head = offsetof(struct gw_policy_ops, slots);
    if (theirs == NULL || theirs->bytes < head) {
        return gw_fail(err, GW_ERR_POLICY, path, "gw_policy_plugin() returned no policy");
    }
    if (theirs->abi != GW_POLICY_ABI) {
        return gw_fail(err, GW_ERR_POLICY, path,
                       "built for policy interface %u, this geowatt has %u: compile it again",
                       (unsigned)theirs->abi, (unsigned)GW_POLICY_ABI);
    }
    *ours = (struct gw_policy_ops){0};
    memcpy(ours, theirs, theirs->bytes < sizeof *ours ? theirs->bytes : sizeof *ours);
    if (ours->name == NULL ||
        (ours->plan == NULL && ours->route == NULL && ours->schedule == NULL && ours->select == NULL)) {
        return gw_fail(err, GW_ERR_POLICY, path,
                       "its policy lacks a name, or plan, route, schedule and select");
    }
    return GW_OK;
}

static enum gw_status open_plugin(const struct gw_plugin_cfg *from, struct gw_policy_choice *out,
                                  struct gw_arena *arena, struct gw_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    enum gw_status s = gw_file_read(from->path, MAX_PLUGIN_BYTES, &bytes, &n, err);
    if (s != GW_OK) {
        return s;
    }
    const uint64_t checksum = gw_hash_fnv1a(GW_HASH_START, bytes, n);
    free(bytes);

    /* without a slash dlopen would search the system's folders */
    struct gw_text path = {0};
    gw_text_addf(&path, "%s%s", strchr(from->path, '/') == NULL ? "./" : "", from->path);
    void *library = path.failed ? NULL : dlopen(path.at, RTLD_NOW | RTLD_LOCAL);
    gw_text_fini(&path);
    if (library == NULL) {
        return gw_fail(err, GW_ERR_IO, from->path, "cannot be loaded: %s", dlerror());
    }

    const struct gw_policy_ops *(*entry)(void) = NULL;
    void *symbol = dlsym(library, "gw_policy_plugin");
    memcpy(&entry, &symbol, sizeof entry); /* ISO C has no cast from object to function pointer */
    struct gw_policy_ops *ops = gw_arena_alloc(arena, sizeof *ops);
    char *cfg = NULL;
    if (ops == NULL) {
        s = gw_fail(err, GW_ERR_NOMEM, from->path, "out of memory");
    } else if (symbol == NULL) {
        s = gw_fail(err, GW_ERR_POLICY, from->path, "does not export gw_policy_plugin");
    } else {
        s = check_ops(entry(), from->path, ops, err);
    }
    if (s == GW_OK) {
        cfg = gw_arena_alloc(arena, ops->cfg_size);
        s = cfg != NULL ? read_params(ops, from, cfg, err)
                        : gw_fail(err, GW_ERR_NOMEM, from->path, "out of memory");
    }
    if (s != GW_OK) {
        dlclose(library);
        return s;
    }
    *out = (struct gw_policy_choice){.ops = ops, .cfg = cfg, .library = library, .checksum = checksum};
    return GW_OK;
}

enum gw_status gw_registry_open(const struct gw_named *row, struct gw_policy_choice *out,
                                struct gw_arena *arena, struct gw_error *err)
{
    *out = (struct gw_policy_choice){0};
    if (strcmp(row->name, "plugin") == 0) {
        return open_plugin(row->cfg, out, arena, err);
    }
    out->ops = gw_registry_find(row->name);
    GW_REQUIRE(out->ops != NULL); /* the binder accepts only names of the registry */
    out->cfg = row->cfg;
    return GW_OK;
}

void gw_registry_close(struct gw_policy_choice *choice)
{
    if (choice->library != NULL) {
        dlclose(choice->library);
    }
    *choice = (struct gw_policy_choice){0};
}
