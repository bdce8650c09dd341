/* sim/tree/yaml.h - libyaml's events into nodes, and what of YAML a scenario may use.
 *
 * Events, not documents: libyaml's document calls build aliases into cycles and take quadratic time on
 * nested brackets. Duplicate keys, which libyaml lets pass, are found here. */
#ifndef GW_SIM_TREE_YAML_H
#define GW_SIM_TREE_YAML_H

#include "sim/tree/tree.h"

struct gw_yaml_text {
    const char *bytes; /* UTF-8 is checked here; a byte order mark is skipped */
    size_t n;
    const char *file; /* for positions; must live as long as the tree */
    bool no_lines;    /* positions name the file only: --set and defaults */
    uint32_t depth;   /* containers around this text already */
};

/* The one document in the text, owned by the tree's arena. *has_include tells whether any map has the key
 * `include`; it may be NULL. An empty text is a null scalar. */
GW_MUST_USE enum gw_status gw_yaml_read(struct gw_tree *tree, const struct gw_yaml_text *text,
                                        struct gw_node **root, bool *has_include, struct gw_errors *errs);

/* Whether a text written without quotes reads back as itself, in block style or also between brackets. */
bool gw_yaml_plain_ok(const char *text);
bool gw_yaml_plain_ok_in_flow(const char *text);

#endif
