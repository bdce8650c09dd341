/* sim/tree/bind_sources.h - where the numbers of a catalogue entry come from.
 *
 *   sources: { "*": S nvidia-h100-datasheet, idle_w: "R patel-2024 fig. 3" }
 *
 * The first letter is the mark: S seen, R recalled, C computed, A assumed. Then the citation key, then a
 * remark. "*" stands for every key that has no source of its own. */
#ifndef GW_SIM_TREE_BIND_SOURCES_H
#define GW_SIM_TREE_BIND_SOURCES_H

#include "sim/tree/bind.h"

/* Reports what is wrong in the entry's `sources`; true when nothing is, or there are none. */
bool gw_bind_sources_check(struct gw_bind *b, const struct gw_type *type, const struct gw_node *entry);

/* The source of a key of an entry, its own or that of "*"; false when there is none. */
bool gw_bind_sources_split(const struct gw_node *entry, const char *key, struct gw_bind_source *out);

/* Before `over` is laid on `under`: a value that changes must not keep the source of the value it replaces.
 * It takes the source that `over` gives it, or is marked as assumed by the scenario. False when memory is
 * out. */
GW_MUST_USE bool gw_bind_sources_lay_over(struct gw_tree *tree, const struct gw_type *type,
                                          struct gw_node *under, struct gw_node *over);

#endif
