/* sim/tree/node.h - a scenario as a tree of texts that remember where they stood.
 *
 * Everything that changes a scenario before it is bound acts on this tree: include, catalogue
 * overrides, --set, sweep axes; the binder (bind.h) then fills in the defaults, so that the dump of the
 * tree is the resolved scenario.
 *
 * Refused, each with a position: duplicate keys, aliases and anchors, tags, more than one document,
 * depth > GW_TREE_DEPTH, more than GW_TREE_NODES nodes, files over GW_TREE_BYTES, text that is not
 * UTF-8, NUL bytes, include cycles. Accepted: CRLF, a byte order mark, flow and block style. */
#ifndef GW_SIM_TREE_NODE_H
#define GW_SIM_TREE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/status.h"
#include "sim/base/text.h"

enum {
    GW_TREE_DEPTH = 32,
    GW_TREE_NODES = 4 << 20,
    GW_TREE_BYTES = 16 << 20,
    GW_TREE_INCLUDES = 16, /* nesting */
};

struct gw_pos {
    const char *file;   /* as the user named it; "--set" for command-line settings, "(default)" for defaults */
    uint32_t line, col; /* from 1; 0 when the file has no lines */
};

enum gw_node_kind { GW_NODE_SCALAR, GW_NODE_LIST, GW_NODE_MAP };

struct gw_entry;
struct gw_node {
    enum gw_node_kind kind;
    bool quoted;     /* scalar in quotes: a text, never a number, null or keyword */
    bool from_default; /* put there by the binder */
    struct gw_pos pos;
    const char *text; /* SCALAR */
    uint32_t n, cap;  /* LIST, MAP */
    struct gw_entry *entry; /* LIST: keys NULL */
};

struct gw_entry {
    const char *key;
    struct gw_pos key_pos;
    struct gw_node *value;
};

/* Whence bytes come: the disk, the catalogue embedded at build, a result file. */
struct gw_source {
    /* Bytes of `path` (already resolved against the file that names it); freed by the caller with free(). */
    enum gw_status (*read)(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n, struct gw_error *err);
    void *from;
};

/* One file that was read, for provenance. */
struct gw_input {
    const char *path;
    uint64_t bytes;
    uint64_t checksum; /* FNV-1a 64 over the bytes */
};

struct gw_tree {
    struct gw_arena arena;
    struct gw_node *root; /* a MAP */
    struct gw_input *input;
    uint32_t n_inputs, cap_inputs;
};

/* Reads and includes. `include: other.yaml` or a list of them at the top of a map merges those maps under
 * the keys that follow: maps merge key by key, everything else is replaced. source NULL: the disk. */
GW_MUST_USE enum gw_status gw_tree_load(struct gw_tree *self, const char *path, const struct gw_source *source,
                                        struct gw_errors *errs);

/* The same from bytes under a name; includes resolve against `name`. */
GW_MUST_USE enum gw_status gw_tree_parse(struct gw_tree *self, const char *bytes, size_t n, const char *name,
                                         const struct gw_source *source, struct gw_errors *errs);

void gw_tree_fini(struct gw_tree *self);

/* "sites[oregon].pools[0].count=12", "seed=7", "policies=[nearest, greedy-carbon]". The value is YAML. Lists are
 * addressed by index or by the `name` of an element; a missing last key is created, a missing path is an
 * error that names the nearest existing key. */
GW_MUST_USE enum gw_status gw_tree_set(struct gw_tree *self, const char *assignment, struct gw_errors *errs);

/* The node at such a path, or NULL. */
struct gw_node *gw_tree_at(const struct gw_tree *self, const char *path);

/* NULL when absent or not a map. */
struct gw_node *gw_node_get(const struct gw_node *map, const char *key);

/* Null, as YAML writes it without quotes: "~", "null", or nothing. */
bool gw_node_is_null(const struct gw_node *node);

/* Adds a value under a new key of a map; false when memory is out. The tree's arena owns all. */
GW_MUST_USE bool gw_node_put(struct gw_tree *tree, struct gw_node *map, const char *key, struct gw_node *value);
struct gw_node *gw_node_copy(struct gw_tree *tree, const struct gw_node *node);

/* "file:line:col" into out. */
void gw_pos_print(struct gw_pos pos, char *out, size_t size);

/* The tree as YAML that loads back to an equal tree. `origins`: a comment behind each line that a default filled. */
void gw_tree_dump(const struct gw_node *node, bool origins, struct gw_text *out);

#endif
