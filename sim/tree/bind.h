/* sim/tree/bind.h - one parameter table per struct; from it the loader, checks, defaults, dump, --set,
 * `explain`, the generated reference, provenance and sweep axes.
 *
 * A gw_type is the shape of a value: shared, constant, recursive. A gw_field is one row of an object. What
 * a value becomes in C:
 *
 *   BOOL bool            INT  int64_t         NUM  double (in `unit`)   TIME gw_time_us (UTC, Unix)
 *   SPAN int64_t (us)    TEXT const char *    PATH const char * (resolved against the file that names it)
 *   ENUM int32_t         OBJ  the struct itself                          OPT  const void *, NULL when "~"
 *   REF  const void * (the bound catalogue entry)                        INDEX uint32_t (place in a list)
 *   LIST struct gw_slice MAP  struct gw_names    PICK struct gw_pick     NAMED struct gw_named
 *
 * An absent NUM ("~" as default) is NAN, an absent TEXT, PATH, REF is NULL, an absent INDEX is UINT32_MAX,
 * an absent INT, TIME, SPAN is GW_ABSENT, an absent LIST, MAP, NAMED is empty; a PICK has no absent form.
 * Everything bound lives in the arena given. Defaults are YAML texts parsed by the same code and are put
 * into the tree, so that its dump is the resolved scenario. */
#ifndef GW_SIM_TREE_BIND_H
#define GW_SIM_TREE_BIND_H

#include <stddef.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/status.h"
#include "sim/tree/tree.h"

#define GW_ABSENT INT64_MIN

enum gw_kind {
    /* clang-format off */
    GW_BOOL, GW_INT, GW_NUM, GW_TIME, GW_SPAN, GW_TEXT, GW_PATH, GW_ENUM,
    GW_OBJ, GW_OPT, GW_REF, GW_INDEX, GW_LIST, GW_MAP, GW_PICK, GW_NAMED,
    /* clang-format on */
};

struct gw_bind;

struct gw_type {
    enum gw_kind kind;
    uint32_t size;    /* bytes of the C value; for OPT and REF of the object pointed to */
    const char *unit; /* NUM: the unit in C; SPAN: "s" (texts carry units, a bare number is seconds) */
    double min, max; /* NUM in unit, INT, SPAN in s: inclusive. LIST, MAP: allowed length. Both 0: no limit */
    /* ENUM: const char *const * ended by NULL; OBJ: struct gw_field[]; OPT, LIST, MAP: element gw_type;
     * PICK: struct gw_alt[]; REF: catalogue kind ("accelerator"); INDEX: list ("models") */
    const void *of;
    /* NAMED: a text, or a map with a key named as `key`; what else the map may hold the registry decides: the
     * OBJ type for that name, NULL for an unknown name. `names` lists what is known, ended by NULL. */
    const char *key;
    const struct gw_type *(*named)(const char *name);
    const char *const *(*names)(void);
    /* Relations between the fields of a bound OBJ; reports with gw_bind_fail at the field concerned. */
    void (*check)(const void *object, struct gw_bind *bind, const struct gw_node *at);
    const char *doc; /* OBJ: one sentence for `explain` */
};

struct gw_field {
    const char *key; /* NULL ends the table */
    const struct gw_type *type;
    uint32_t offset;
    const char *def;    /* YAML; NULL = required, "~" = absent */
    const char *doc;    /* one sentence, no full stop */
    const char *source; /* of the default: citation key or "round number"; NULL for neutral ones */
};

/* PICK: the alternatives. A map has exactly the key of one; a scalar or list without quotes is a bare
 * keyword, else the first scalar form that it fits. */
struct gw_alt {
    const char *key;
    const struct gw_type *type; /* of the value behind the key, or of the scalar; NULL: a bare keyword */
    bool scalar_form;           /* this alternative is written as a plain scalar or list, without its key */
};

struct gw_slice {
    uint32_t n;
    void *at;
};

/* Sorted by key. */
struct gw_names {
    uint32_t n;
    const char **key;
    void *at;
};

/* at: the bound value, NULL for a keyword. */
struct gw_pick {
    int32_t alt;
    void *at;
};

struct gw_named {
    const char *name;
    const struct gw_type *type;
    void *cfg;
};

/* A kind of catalogue entry: `catalogue: { accelerators: { h100-sxm: {...} } }`. */
struct gw_catalogue_kind {
    const char *kind;    /* "accelerator"; NULL ends the list */
    const char *section; /* "accelerators" */
    const struct gw_type *type;
};

/* A list of the scenario whose elements others name: INDEX "models" -> scenario key path and name key. */
struct gw_index_kind {
    const char *kind; /* "models"; NULL ends the list */
    const char *path; /* "serving.models" */
    const char *key;  /* key inside the element that is its name */
};

/* What a binding knows beside the tree. */
struct gw_bind_env {
    const struct gw_catalogue_kind *catalogue; /* ended by kind NULL; may be NULL */
    const struct gw_index_kind *index;         /* ended by kind NULL; may be NULL */
    const struct gw_tree *built_in;            /* the embedded catalogue, a map of sections; may be NULL */
};

/* Binds the root of `tree` as an OBJ into `object`, which the caller zeroed. Maps in the tree are put into
 * the order of the tables, with the defaults filled in.
 *
 * `catalogue` is a key of every root and needs no row. Its entries extend or override the built-in ones key
 * by key; `base: h100-sxm` inside an entry inherits from another one. Used entries and the scenario's own are
 * written, resolved and sorted, into the tree's `catalogue:`, so that its dump stands alone and binds to the
 * same objects and dump. An entry, or a value of a MAP, whose table has a `name` that is not written is named
 * by its key.
 *
 * An entry may have `sources:`, a map from its keys, or "*", to "MARK citation remark" with the marks S seen,
 * R recalled, C computed, A assumed; the table needs no row for it. A value overridden without a source of
 * its own loses the old one and is marked A.
 *
 * On failure errs has at least one entry, the tree is partly filled in, and object is not to be used. */
GW_MUST_USE enum gw_status gw_bind_root(struct gw_tree *tree, const struct gw_type *type,
                                        const struct gw_bind_env *env, void *object, struct gw_arena *arena,
                                        struct gw_errors *errs);

/* Binds one catalogue entry by name, for `probe` and tests. tree may be NULL: then only the built-in ones
 * count. */
GW_MUST_USE enum gw_status gw_bind_entry(struct gw_tree *tree, const struct gw_bind_env *env,
                                         const char *kind, const char *name, const void **object,
                                         struct gw_arena *arena, struct gw_errors *errs);

/* Where a number of a bound entry comes from: the source of its key, or of "*". remark is "" when there is
 * none. */
enum { GW_BIND_CITATION_MAX = 48 };
struct gw_bind_source {
    char mark; /* 'S', 'R', 'C' or 'A' */
    char citation[GW_BIND_CITATION_MAX];
    const char *remark; /* lives in the tree */
};

/* Asks a bound tree; false when the entry is not there or says nothing about the key. */
bool gw_bind_source(const struct gw_tree *tree, const struct gw_bind_env *env, const char *kind,
                    const char *name, const char *key, struct gw_bind_source *out);

/* A configuration struct at its defaults; every field must have one. */
GW_MUST_USE enum gw_status gw_bind_defaults(const struct gw_type *type, void *object, struct gw_arena *arena,
                                            struct gw_errors *errs);

/* From within a type's check: "file:line:col: sites[oregon].cooling.pue: sentence". `at` is the object's node
 * or one below it, `key` a key or path in it, or NULL. The position is that of the key when it is written
 * there, else of what is written around it. */
void gw_bind_fail(struct gw_bind *bind, const struct gw_node *at, const char *key, const char *fmt, ...)
    GW_PRINTF(4, 5);

/* The table itself is right: defaults parse and lie in range, docs are there, units are known. For tests. */
void gw_bind_verify(const struct gw_type *type, struct gw_errors *errs);

/* clang-format off */
#define GW_FIELD(struct_type, field, type, def, doc, source) \
    {#field, type, (uint32_t)offsetof(struct_type, field), def, doc, source}
#define GW_FIELD_AS(struct_type, key, field, type, def, doc, source) \
    {key, type, (uint32_t)offsetof(struct_type, field), def, doc, source}
#define GW_FIELD_END {NULL, NULL, 0, NULL, NULL, NULL}
/* clang-format on */

#endif
