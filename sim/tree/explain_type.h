/* sim/tree/explain_type.h - what a value of a type may be, in words, and the types inside a type. */
#ifndef GW_SIM_TREE_EXPLAIN_TYPE_H
#define GW_SIM_TREE_EXPLAIN_TYPE_H

#include "sim/base/text.h"
#include "sim/tree/bind.h"

/* "power in kW, 0 to 500", "list of maps, 1 to 100 entries", "text, `{file: ...}` or `auto`". */
void gw_explain_type_words(const struct gw_type *type, struct gw_text *out);

/* "0 to 0.5", "at least 1 s", "always 1"; nothing when there is no limit. */
void gw_explain_type_range(const struct gw_type *type, struct gw_text *out);

/* The object that a value consists of, through options, lists and maps; NULL when it is none. */
const struct gw_type *gw_explain_type_object(const struct gw_type *type);

/* The PICK or NAMED in the same way, or NULL. */
const struct gw_type *gw_explain_type_choice(const struct gw_type *type);

#endif
