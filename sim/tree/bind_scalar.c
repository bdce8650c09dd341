#include "sim/tree/binding.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/base/number.h"
#include "sim/base/quantity.h"
#include "sim/base/units.h"
#include "sim/core/clock.h"

/* ---- ranges ---- */

static bool has_range(const struct gw_type *type)
{
    return type->min != 0.0 || type->max != 0.0;
}

/* A number in the field's unit, as people write it: 0.5, 0.5 kW. */
static void print_limit(double x, const char *unit, char *out, size_t size)
{
    char number[GW_NUMBER_MAX];
    gw_number_print(x, number);
    const bool bare = unit == NULL || strcmp(unit, "1") == 0;
    snprintf(out, size, "%s%s%s", number, bare ? "" : " ", bare ? "" : unit);
}

static bool in_range(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node, double x)
{
    if (!isfinite(x)) {
        gw_bind_report(b, GW_ERR_RANGE, node->pos, NULL, "%s is too large to be a number",
                       gw_bind_report_short(node->text).at);
        return false;
    }
    if (!has_range(type) || (x >= type->min && x <= type->max)) {
        return true;
    }
    const bool below = x < type->min;
    double bare;
    char limit[GW_NUMBER_MAX + 40], found[sizeof(struct gw_bind_short) + 1];
    print_limit(below ? type->min : type->max, type->unit, limit, sizeof limit);
    if (gw_number_parse(node->text, &bare)) {
        print_limit(bare, type->unit, found, sizeof found);
    } else {
        snprintf(found, sizeof found, "%s", gw_bind_report_short(node->text).at);
    }
    gw_bind_report(b, GW_ERR_RANGE, node->pos, NULL, "%s is %s the %s allowed %s", found,
                   below ? "below" : "above", below ? "smallest" : "largest", limit);
    return false;
}

/* ---- kinds ---- */

static bool bind_bool(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node, bool *out)
{
    static const char *const yes[] = {"yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE", "y", "Y", "1"};
    static const char *const no[] = {"no", "No", "NO", "off", "Off", "OFF", "False", "FALSE", "n", "N", "0"};
    if (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0) {
        *out = node->text[0] == 't';
        return true;
    }
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        const bool is_yes = strcmp(node->text, yes[i]) == 0;
        if (is_yes || strcmp(node->text, no[i]) == 0) {
            gw_bind_report(b, GW_ERR_TYPE, node->pos, NULL, "expected true or false, found \"%s\"; write %s",
                           gw_bind_report_short(node->text).at, is_yes ? "true" : "false");
            return false;
        }
    }
    gw_bind_report_type(b, type, node);
    return false;
}

static bool bind_int(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node, int64_t *out)
{
    int64_t x;
    if (!gw_number_parse_int(node->text, &x)) {
        double real;
        if (gw_number_parse(node->text, &real) && (real >= 9.3e18 || real <= -9.3e18)) {
            gw_bind_report(b, GW_ERR_RANGE, node->pos, NULL, "%s is too large for a whole number",
                           gw_bind_report_short(node->text).at);
        } else {
            gw_bind_report_type(b, type, node);
        }
        return false;
    }
    if (!in_range(b, type, node, (double)x)) {
        return false;
    }
    *out = x;
    return true;
}

static bool read_quantity(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node,
                          const char *unit, double *out)
{
    struct gw_error err = {0};
    const enum gw_status s = gw_quantity_parse(node->text, unit, out, &err);
    if (s != GW_OK) {
        gw_bind_report(b, s, node->pos, NULL, "%s", err.why);
        return false;
    }
    return in_range(b, type, node, *out);
}

static bool bind_span(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node, int64_t *out)
{
    double s;
    if (!read_quantity(b, type, node, "s", &s)) {
        return false;
    }
    const double us = round(s * (double)GW_US_PER_S);
    if (fabs(us) > 9.0e18) {
        gw_bind_report(b, GW_ERR_RANGE, node->pos, NULL, "%s is longer than 285 000 years",
                       gw_bind_report_short(node->text).at);
        return false;
    }
    *out = (int64_t)us;
    return true;
}

static bool bind_time(struct gw_bind *b, const struct gw_node *node, int64_t *out)
{
    struct gw_error err = {0};
    const enum gw_status s = gw_clock_parse(node->text, out, &err);
    if (s != GW_OK) {
        gw_bind_report(b, s, node->pos, NULL, "%s", err.why);
    }
    return s == GW_OK;
}

static bool bind_text(struct gw_bind *b, const char *text, const char **out)
{
    *out = gw_arena_text(b->arena, text);
    if (*out == NULL) {
        gw_bind_report_nomem(b);
    }
    return *out != NULL;
}

/* A file name is relative to the file it stands in. In the tree it is rewritten to be relative to the tree's
 * own file, whose dump then means the same files. Settings and defaults stand in no file and count as
 * standing there. */
static bool bind_path(struct gw_bind *b, struct gw_node *node, const char **out)
{
    const char *root = b->tree->root->pos.file;
    const bool elsewhere = node->pos.line > 0 && !node->rebased && strcmp(node->pos.file, root) != 0;
    char *resolved = gw_file_resolve(elsewhere ? node->pos.file : root, node->text);
    if (resolved == NULL) {
        gw_bind_report_nomem(b);
        return false;
    }
    const char *slash = strrchr(root, '/');
    const size_t n_folder = slash != NULL ? (size_t)(slash - root) + 1 : 0;
    bool ok = bind_text(b, resolved, out);
    if (ok && elsewhere && strncmp(resolved, root, n_folder) == 0) {
        node->text = gw_arena_text(&b->tree->arena, resolved + n_folder);
        node->rebased = true;
        ok = node->text != NULL;
    }
    free(resolved);
    return ok;
}

static bool bind_enum(struct gw_bind *b, const struct gw_type *type, const struct gw_node *node, int32_t *out)
{
    const char *const *names = type->of;
    size_t n = 0;
    for (; names[n] != NULL; n++) {
        if (strcmp(names[n], node->text) == 0) {
            *out = (int32_t)n;
            return true;
        }
    }
    const char *nearest = gw_text_nearest(node->text, names, n);
    struct gw_text list = {0};
    gw_bind_report_names(names, n, &list);
    if (nearest != NULL) {
        gw_bind_report(b, GW_ERR_UNKNOWN, node->pos, NULL, "\"%s\" is not one of %s (did you mean \"%s\"?)",
                       gw_bind_report_short(node->text).at, list.failed ? "the known names" : list.at,
                       nearest);
    } else {
        gw_bind_report(b, GW_ERR_UNKNOWN, node->pos, NULL, "\"%s\" is not one of %s",
                       gw_bind_report_short(node->text).at, list.failed ? "the known names" : list.at);
    }
    gw_text_fini(&list);
    return false;
}

static bool is_number(enum gw_kind kind)
{
    return kind == GW_BOOL || kind == GW_INT || kind == GW_NUM || kind == GW_SPAN;
}

bool gw_bind_scalar(struct gw_bind *b, const struct gw_type *type, struct gw_node *node, void *out)
{
    if (node->kind != GW_NODE_SCALAR || gw_node_is_null(node)) {
        gw_bind_report_type(b, type, node);
        return false;
    }
    if (node->quoted && is_number(type->kind)) {
        struct gw_node plain = *node;
        plain.quoted = false;
        if (gw_bind_scalar_fits(type, &plain)) {
            gw_bind_report(b, GW_ERR_TYPE, node->pos, NULL,
                           "\"%s\" in quotes is a text; write it without quotes",
                           gw_bind_report_short(node->text).at);
        } else {
            gw_bind_report_type(b, type, node);
        }
        return false;
    }
    switch (type->kind) {
    case GW_BOOL:
        return bind_bool(b, type, node, out);
    case GW_INT:
        return bind_int(b, type, node, out);
    case GW_NUM:
        return read_quantity(b, type, node, type->unit != NULL ? type->unit : "1", out);
    case GW_SPAN:
        return bind_span(b, type, node, out);
    case GW_TIME:
        return bind_time(b, node, out);
    case GW_TEXT:
        return bind_text(b, node->text, out);
    case GW_PATH:
        return bind_path(b, node, out);
    default:
        return bind_enum(b, type, node, out);
    }
}

bool gw_bind_scalar_fits(const struct gw_type *type, const struct gw_node *node)
{
    if (node->kind != GW_NODE_SCALAR || gw_node_is_null(node) || (node->quoted && is_number(type->kind))) {
        return false;
    }
    double x;
    int64_t i;
    switch (type->kind) {
    case GW_BOOL:
        return strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0;
    case GW_INT:
        return gw_number_parse_int(node->text, &i);
    case GW_NUM:
        return gw_quantity_parse(node->text, type->unit != NULL ? type->unit : "1", &x, NULL) == GW_OK;
    case GW_SPAN:
        return gw_quantity_parse(node->text, "s", &x, NULL) == GW_OK;
    case GW_TIME:
        return gw_clock_parse(node->text, &i, NULL) == GW_OK;
    case GW_ENUM:
        for (const char *const *name = type->of; *name != NULL; name++) {
            if (strcmp(*name, node->text) == 0) {
                return true;
            }
        }
        return false;
    default:
        return true;
    }
}
