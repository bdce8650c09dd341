/* sim/tree/node.h - a scenario as a tree of texts that remember where they stood.
 *
 * Everything that changes a scenario before it is bound acts on this tree (tree.h): include,
 * catalogue overrides, --set, sweep axes; the binder (bind.h) then fills in the defaults, so that the
 * dump of the tree is the resolved scenario.
 *
 * To change a value put another node into its entry. Scalar nodes that stand for defaults are shared
 * between the maps that use them and must not be written to. */
#ifndef GW_SIM_TREE_NODE_H
#define GW_SIM_TREE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"
#include "sim/tree/pos.h"

enum gw_node_kind { GW_NODE_SCALAR, GW_NODE_LIST, GW_NODE_MAP };

struct gw_tree;
struct gw_entry;
struct gw_node {
    enum gw_node_kind kind;
    bool quoted;       /* scalar in quotes: a text, never a number, null or keyword */
    bool from_default; /* put there by the binder */
    bool rebased;      /* a PATH the binder rewrote to be relative to the tree's own file */
    struct gw_pos pos;
    const char *text;       /* SCALAR */
    uint32_t n, cap;        /* LIST, MAP */
    struct gw_entry *entry; /* LIST: keys NULL */
};

struct gw_entry {
    const char *key;
    struct gw_pos key_pos;
    struct gw_node *value;
};

/* NULL when absent or not a map. */
struct gw_node *gw_node_get(const struct gw_node *map, const char *key);

/* Null, as YAML writes it without quotes: "~", "null", or nothing. */
bool gw_node_is_null(const struct gw_node *node);

/* The text of `key` when it is there as a non-null scalar, else NULL: the `name` of a list element. */
const char *gw_node_text(const struct gw_node *map, const char *key);

/* A new node owned by the tree's arena; NULL when memory is out. */
struct gw_node *gw_node_scalar(struct gw_tree *tree, const char *text, bool quoted, struct gw_pos pos);
struct gw_node *gw_node_container(struct gw_tree *tree, enum gw_node_kind kind, struct gw_pos pos);

/* Adds a value under a new key of a map, or to a list when key is NULL; false when memory is out. */
GW_MUST_USE bool gw_node_put(struct gw_tree *tree, struct gw_node *node, const char *key,
                             struct gw_node *value);

/* Takes the value under `key` out of a map, when there is one. */
void gw_node_drop(struct gw_node *map, const char *key);

/* A deep copy, owned by `tree` down to the file names; NULL when memory is out. */
struct gw_node *gw_node_copy(struct gw_tree *tree, const struct gw_node *node);

/* Lays `over` on `under`, both maps of `tree`: maps merge key by key, everything else is replaced. Values of
 * `over` become part of `under`. False when memory is out. */
GW_MUST_USE bool gw_node_merge(struct gw_tree *tree, struct gw_node *under, const struct gw_node *over);

/* Same kind, texts, quoting, keys in the same order; positions and origins do not count. */
bool gw_node_equal(const struct gw_node *a, const struct gw_node *b);

#endif
