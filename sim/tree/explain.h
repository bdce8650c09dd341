/* sim/tree/explain.h - what the parameter tables say, for people: `geowatt explain`, scenarios/explained.yaml
 * and the generated pages under docs/reference. */
#ifndef GW_SIM_TREE_EXPLAIN_H
#define GW_SIM_TREE_EXPLAIN_H

#include "sim/base/text.h"
#include "sim/tree/bind.h"

/* A commented YAML of every key at its default: one sentence, unit, range and source above each key. Required
 * keys, and those whose default alone makes no scenario, stand with an example value given by
 * `example(path)`, which may return NULL (a required one is then written as "required"). */
void gw_explain_yaml(const struct gw_type *type, const char *(*example)(const char *path),
                     struct gw_text *out);

/* A Markdown table per object, headings by path. */
void gw_explain_markdown(const struct gw_type *type, const char *title, struct gw_text *out);

/* One key or subtree by path ("sites.cooling", "time.epoch"); false when there is none, then `nearest` (when
 * not NULL) receives the closest known path or "". */
bool gw_explain_key(const struct gw_type *type, const char *path, struct gw_text *out,
                    struct gw_text *nearest);

#endif
