/* sim/tree/binding.h - a binding at work: what the bind_*.c files share. Not for others; see bind.h.
 *
 * Functions that bind take the place of a node, so that they may put another node there: `greedy-carbon`
 * becomes { policy: greedy-carbon, ... } with its defaults. They return false when anything below was wrong;
 * it has then been reported, and `out` is not to be used. */
#ifndef GW_SIM_TREE_BINDING_H
#define GW_SIM_TREE_BINDING_H

#include <stdalign.h>

#include "sim/tree/bind.h"
#include "sim/tree/lookup.h"

/* One part of the way from the root to the value being bound; lives on the C stack. */
struct gw_bind_step {
    const struct gw_bind_step *up;
    const char *key;               /* NULL: an element of a list */
    const struct gw_node *element; /* printed by its `name` when it has one */
    uint32_t index;
    uint32_t depth;
};

/* A field's default: parsed once, and its value kept when it is a single one. */
struct gw_bind_default {
    const struct gw_field *field; /* NULL: a free place of the table */
    const char *key;
    struct gw_node *node;
    bool bound;
    alignas(8) unsigned char value[8];
};

struct gw_bind_defaults {
    struct gw_bind_default *at;
    uint32_t n, cap; /* cap is a power of two */
};

struct gw_bind_catalogue; /* bind_catalogue.c */
struct gw_bind_list;      /* bind_reference.c */

struct gw_bind {
    struct gw_tree *tree;
    const struct gw_bind_env *env;
    const struct gw_type *root; /* type of the tree's root; NULL when it is not bound */
    struct gw_arena *arena;
    struct gw_errors *errs;
    const struct gw_bind_step *path;
    const struct gw_node *checked; /* of the object that its type's check looks at */
    uint64_t n_errors;
    enum gw_status status; /* of the first error */
    bool table_only;       /* gw_bind_verify: names of entries and lists are taken on trust, */
    uint64_t n_trusted;    /* so many of them; an object with one is not given to its check */
    struct gw_bind_defaults defaults;
    struct gw_bind_catalogue *catalogue; /* one per kind in env */
    const struct gw_node *own_catalogue; /* the scenario's own; NULL when it has none */
    struct gw_bind_list *list;           /* one per index kind in env */
};

/* ---- bind_report.c ---- */

/* Reports at `pos` and the current path, with `key`, a path itself (may be NULL), behind it. */
void gw_bind_report(struct gw_bind *b, enum gw_status s, struct gw_pos pos, const char *key, const char *fmt,
                    ...) GW_PRINTF(5, 6);
void gw_bind_report_nomem(struct gw_bind *b);

/* The user's text in a message, cut to a length that leaves room for the sentence. */
enum { GW_BIND_SHORT_COLUMNS = 48 };
struct gw_bind_short {
    char at[4 * GW_BIND_SHORT_COLUMNS + 4];
};
struct gw_bind_short gw_bind_report_short(const char *text);

/* "expected a whole number, found a list". */
void gw_bind_report_type(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node);

/* What the type takes, in words: "a duration such as \"15 min\"". */
void gw_bind_report_expected(const struct gw_bind *b, const struct gw_type *type, struct gw_text *out);

/* Whether further errors are only counted: then no effort should go into their words. */
bool gw_bind_report_is_full(const struct gw_bind *b);

/* "there is no chip "h10" in the catalogue (did you mean "h100"?)": `what` is "chip " or "", `where` " in the
 * catalogue" or "". The position is that of node, whose text is the name; `key` as in gw_bind_report. */
void gw_bind_report_missing(struct gw_bind *b, const struct gw_node *node, const char *key, const char *what,
                            const char *where, const char *const *names, size_t n);

/* Lists "a, b, c" of names, ended by "..." when there are too many; for "one of ...". */
void gw_bind_report_names(const char *const *names, size_t n, struct gw_text *out);

/* ---- bind_value.c ---- */

/* Bytes of a value of this type inside a struct or a list. */
size_t gw_bind_value_size(const struct gw_type *type);
bool gw_bind_value(struct gw_bind *b, const struct gw_type *type, struct gw_node **node, void *out);

/* Writes the absent form; false when the type has none. */
bool gw_bind_value_absent(const struct gw_type *type, void *out);

/* An OBJ whose map may also hold the `extra` keys (ended by NULL; may be NULL), which are left alone. */
bool gw_bind_value_object(struct gw_bind *b, const struct gw_type *type, struct gw_node *node,
                          const char *const *extra, void *out);
const struct gw_field *gw_bind_value_field(const struct gw_type *type, const char *key);

/* The entry under `key`; else one that was probably meant to be it: spelt alike and no field of the object
 * (NULL: exact matches only). The misspelt key is reported as such, and what relies on it need not be
 * reported as well. */
const struct gw_entry *gw_bind_value_meant(const struct gw_type *object, const struct gw_node *map,
                                           const char *key);

/* Gives an OBJ that has a `name` field, but no name written, the key it stands under. */
void gw_bind_value_give_name(struct gw_bind *b, const struct gw_type *type, struct gw_node *node,
                             const char *name);

/* ---- bind_scalar.c: BOOL INT NUM TIME SPAN TEXT PATH ENUM ---- */
bool gw_bind_scalar(struct gw_bind *b, const struct gw_type *type, struct gw_node *node, void *out);

/* Whether the node looks like this type at all, whatever its range. */
bool gw_bind_scalar_fits(const struct gw_type *type, const struct gw_node *node);

/* ---- bind_choice.c: PICK NAMED ---- */
bool gw_bind_choice_pick(struct gw_bind *b, const struct gw_type *type, struct gw_node **node, void *out);
bool gw_bind_choice_named(struct gw_bind *b, const struct gw_type *type, struct gw_node **node, void *out);

/* ---- bind_reference.c: INDEX ---- */
bool gw_bind_reference(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node, void *out);
bool gw_bind_reference_known(struct gw_bind *b, const struct gw_type *type, const char *name);
void gw_bind_reference_fini(struct gw_bind *b);

/* ---- bind_catalogue.c: REF ---- */
bool gw_bind_catalogue_init(struct gw_bind *b);
void gw_bind_catalogue_fini(struct gw_bind *b);
bool gw_bind_catalogue_entry(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node,
                             void *out);
bool gw_bind_catalogue_known(struct gw_bind *b, const char *kind, const char *name);

/* Checks the scenario's own entries that nobody used, and writes all that count into the tree, in order of
 * name. */
void gw_bind_catalogue_finish(struct gw_bind *b);

/* ---- bind_overlay.c ---- */

/* Lays one entry over another, both the caller's own copies (NULL: nothing): key by key, but a NAMED or PICK
 * that is another choice replaces the old one whole. NULL when memory is out, or when both are NULL. */
struct gw_node *gw_bind_overlay(struct gw_bind *b, const struct gw_type *type, struct gw_node *under,
                                struct gw_node *over);

/* ---- bind_default.c ---- */

/* NULL when memory is out or the text is no YAML, which is reported. */
struct gw_bind_default *gw_bind_default_of(struct gw_bind *b, const struct gw_field *field);
void gw_bind_default_fini(struct gw_bind *b);

#endif
