/* sim/tree/dump.h - a tree as YAML for people: block style, short maps and lists on one line. */
#ifndef GW_SIM_TREE_DUMP_H
#define GW_SIM_TREE_DUMP_H

#include "sim/tree/tree.h"

enum { GW_DUMP_COLUMNS = 100 };

/* See gw_tree_dump. */
void gw_dump_write(const struct gw_node *node, bool origins, struct gw_text *out);

/* A key or a text as it must be written: plain when that reads back the same, else in double quotes. */
void gw_dump_key(const char *key, struct gw_text *out);
void gw_dump_text(const char *text, bool quoted, struct gw_text *out);

#endif
