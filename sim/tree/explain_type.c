#include "sim/tree/explain_type.h"

#include <math.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/base/quantity.h"
#include "sim/base/units.h"
#include "sim/core/clock.h"

static const struct gw_type *inside(const struct gw_type *type)
{
    while (type->kind == GW_OPT || type->kind == GW_LIST || type->kind == GW_MAP) {
        type = type->of;
    }
    return type;
}

const struct gw_type *gw_explain_type_object(const struct gw_type *type)
{
    type = inside(type);
    return type->kind == GW_OBJ ? type : NULL;
}

const struct gw_type *gw_explain_type_choice(const struct gw_type *type)
{
    type = inside(type);
    return type->kind == GW_PICK || type->kind == GW_NAMED ? type : NULL;
}

/* ---- ranges ---- */

static void add_limit(const struct gw_type *type, double x, struct gw_text *out)
{
    if (type->kind == GW_SPAN && fabs(x) < 9e12) {
        char span[GW_CLOCK_TEXT_MAX];
        gw_clock_print_span((int64_t)round(x * (double)GW_US_PER_S), span);
        gw_text_add(out, span);
        return;
    }
    gw_text_add_number(out, x);
}

void gw_explain_type_range(const struct gw_type *type, struct gw_text *out)
{
    if (type->min == 0.0 && type->max == 0.0) {
        return;
    }
    if (type->min == type->max) {
        gw_text_add(out, "always ");
        add_limit(type, type->max, out);
    } else if (isfinite(type->min) && isfinite(type->max)) {
        add_limit(type, type->min, out);
        gw_text_add(out, " to ");
        add_limit(type, type->max, out);
    } else if (isfinite(type->min)) {
        gw_text_add(out, "at least ");
        add_limit(type, type->min, out);
    } else if (isfinite(type->max)) {
        gw_text_add(out, "at most ");
        add_limit(type, type->max, out);
    }
}

static void add_range(const struct gw_type *type, const char *of_what, struct gw_text *out)
{
    struct gw_text range = {0};
    gw_explain_type_range(type, &range);
    if (range.n > 0) {
        gw_text_addf(out, ", %s%s", range.at, of_what);
    }
    out->failed = out->failed || range.failed;
    gw_text_fini(&range);
}

/* ---- words ---- */

static void add_names(const char *const *names, struct gw_text *out)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        gw_text_addf(out, "%s%s", i > 0 ? ", " : "", names[i]);
    }
}

static void add_alternatives(const struct gw_alt *alt, struct gw_text *out)
{
    for (size_t i = 0; alt[i].key != NULL; i++) {
        gw_text_add(out, i == 0 ? "" : alt[i + 1].key == NULL ? " or " : ", ");
        if (alt[i].type == NULL) {
            gw_text_addf(out, "`%s`", alt[i].key);
        } else if (alt[i].scalar_form) {
            gw_explain_type_words(alt[i].type, out);
        } else {
            gw_text_addf(out, "`{%s: ...}`", alt[i].key);
        }
    }
}

static void add_number(const struct gw_type *type, struct gw_text *out)
{
    const char *unit = type->unit != NULL ? type->unit : "1";
    if (strcmp(unit, "1") == 0) {
        gw_text_add(out, "number");
    } else {
        gw_text_addf(out, "%s in %s", gw_quantity_dimension(unit), unit);
    }
}

/* "texts", "maps": what a list or map holds. */
static void add_contents(const struct gw_type *type, struct gw_text *out)
{
    const struct gw_type *of = type->of;
    if (of->kind == GW_OBJ) {
        gw_text_add(out, "maps");
    } else {
        gw_text_add(out, "(");
        gw_explain_type_words(of, out);
        gw_text_add(out, ")");
    }
    add_range(type, " entries", out);
}

void gw_explain_type_words(const struct gw_type *type, struct gw_text *out)
{
    switch (type->kind) {
    case GW_BOOL:
        gw_text_add(out, "true or false");
        break;
    case GW_INT:
        gw_text_add(out, "whole number");
        add_range(type, "", out);
        break;
    case GW_NUM:
        add_number(type, out);
        add_range(type, "", out);
        break;
    case GW_TIME:
        gw_text_add(out, "UTC time");
        break;
    case GW_SPAN:
        gw_text_add(out, "duration");
        add_range(type, "", out);
        break;
    case GW_TEXT:
        gw_text_add(out, "text");
        break;
    case GW_PATH:
        gw_text_add(out, "file name");
        break;
    case GW_ENUM:
        gw_text_add(out, "one of ");
        add_names(type->of, out);
        break;
    case GW_OBJ:
        gw_text_add(out, "map");
        break;
    case GW_OPT:
        gw_explain_type_words(type->of, out);
        gw_text_add(out, ", or ~ for none");
        break;
    case GW_REF:
        gw_text_addf(out, "name of a %s in the catalogue", (const char *)type->of);
        break;
    case GW_INDEX:
        gw_text_addf(out, "name of one of the %s", (const char *)type->of);
        break;
    case GW_LIST:
        gw_text_add(out, "list of ");
        add_contents(type, out);
        break;
    case GW_MAP:
        gw_text_add(out, "map from names to ");
        add_contents(type, out);
        break;
    case GW_PICK:
        add_alternatives(type->of, out);
        break;
    case GW_NAMED:
        add_names(type->names(), out);
        gw_text_addf(out, "; or a map with `%s` and the keys of that one", type->key);
        break;
    }
}
