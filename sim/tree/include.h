/* sim/tree/include.h - one file and all it includes, merged into one map. */
#ifndef GW_SIM_TREE_INCLUDE_H
#define GW_SIM_TREE_INCLUDE_H

#include "sim/tree/tree.h"

/* Reads `bytes` under `name` and what they include from `source` (NULL: the disk) into tree->root, and
 * records every file in tree->input. */
GW_MUST_USE enum gw_status gw_include_read(struct gw_tree *tree, const char *bytes, size_t n,
                                           const char *name, const struct gw_source *source,
                                           struct gw_errors *errs);

#endif
