/* sim/tree/tree.h - a YAML file with all it includes, as one tree that can be changed and written again.
 *
 * Refused, each with a position: duplicate keys, keys with control characters, aliases and anchors, tags,
 * more than one document, depth > GW_TREE_DEPTH, more than GW_TREE_NODES nodes, files over GW_TREE_BYTES,
 * text that is not UTF-8, NUL bytes, include cycles. Accepted: CRLF, a byte order mark, flow and block style.
 */
#ifndef GW_SIM_TREE_TREE_H
#define GW_SIM_TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/status.h"
#include "sim/base/text.h"
#include "sim/tree/node.h"

enum {
    GW_TREE_DEPTH = 32,
    GW_TREE_NODES = 4 << 20,
    GW_TREE_BYTES = 16 << 20, /* one file */
    GW_TREE_TOTAL = 64 << 20, /* with all includes */
    GW_TREE_KEY_BYTES = 200,
    GW_TREE_INCLUDES = 16, /* nesting */
    GW_TREE_FILES = 256,
};

/* Whence bytes come: the disk, the catalogue embedded at build, a result file. */
struct gw_source {
    /* Bytes of `path` (already resolved against the file that names it); freed by the caller with free(). */
    enum gw_status (*read)(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                           struct gw_error *err);
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
    uint32_t n_nodes;
};

/* Reads and includes. `include: other.yaml` or a list of them as the first key of a map merges those maps
 * under the keys that follow: maps merge key by key, everything else is replaced. Names are relative to the
 * including file. source NULL: the disk. After a failure the tree is empty. */
GW_MUST_USE enum gw_status gw_tree_load(struct gw_tree *self, const char *path,
                                        const struct gw_source *source, struct gw_errors *errs);

/* The same from bytes under a name; includes resolve against `name`. */
GW_MUST_USE enum gw_status gw_tree_parse(struct gw_tree *self, const char *bytes, size_t n, const char *name,
                                         const struct gw_source *source, struct gw_errors *errs);

/* Accepts a zeroed tree. */
void gw_tree_fini(struct gw_tree *self);

/* "sites[oregon].pools[0].count=12", "seed=7", "policies=[nearest, greedy-carbon]". The value is YAML. Lists
 * are addressed by index or by the `name` of an element. Missing keys are created, sections on the way
 * included, unless they look like a typo of a key that is there, which the error then names. A failure
 * changes nothing. Change a tree before it is bound: afterwards the defaults of what is replaced are still in
 * it. */
GW_MUST_USE enum gw_status gw_tree_set(struct gw_tree *self, const char *assignment, struct gw_errors *errs);

/* The node at such a path, or NULL. "" is the root. */
struct gw_node *gw_tree_at(const struct gw_tree *self, const char *path);

/* Adds `node` as YAML that loads back to an equal tree; a MAP or LIST ends with a newline. `origins`: a
 * comment behind each line that a default filled. */
void gw_tree_dump(const struct gw_node *node, bool origins, struct gw_text *out);

#endif
