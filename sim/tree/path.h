/* sim/tree/path.h - "sites[oregon].pools[0].count": how people name a place in a tree.
 *
 * Parts are divided by dots. Brackets hold the index of a list element, its `name`, or a key with dots in it
 * (`catalogue.engines[vllm-0.15]`). */
#ifndef GW_SIM_TREE_PATH_H
#define GW_SIM_TREE_PATH_H

#include "sim/tree/tree.h"

struct gw_path_part {
    const char *at; /* inside the path */
    size_t len;
    bool bracket;
};

/* The next part, moving *path behind it; false at the end or, with *path not at its NUL, where the path is
 * malformed. */
bool gw_path_next(const char **path, struct gw_path_part *part);

/* The entry of a map by key, of a list by index or by the `name` of the element; NULL when there is none. */
struct gw_entry *gw_path_step(const struct gw_node *node, const struct gw_path_part *part);

/* The node at a path below `node`, or NULL. */
struct gw_node *gw_path_find(struct gw_node *node, const char *path);

/* Adds `key` as it must be written in a path behind `out`: ".key", "key" at the start, "[a.b]" when it has
 * dots. */
void gw_path_add_key(struct gw_text *out, const char *key);

/* Adds "[oregon]" or "[3]": the element's `name` when it has one. */
void gw_path_add_element(struct gw_text *out, const struct gw_node *element, uint32_t index);

/* The assignment of tree.h's gw_tree_set. */
GW_MUST_USE enum gw_status gw_path_assign(struct gw_tree *tree, const char *assignment,
                                          struct gw_errors *errs);

#endif
