#include "sim/tree/dump.h"

#include <string.h>

#include "sim/base/number.h"
#include "sim/tree/yaml.h"

enum {
    INDENT = 2,
    FLOW_HEIGHT = 2, /* a list of flat maps may stand on one line, deeper things may not */
};

struct dumping {
    struct gw_text *out;
    bool origins;
};

/* ---- scalars ---- */

/* What other YAML readers, or ours, would take for something else than a text. */
static bool is_keyword(const char *text)
{
    static const char *const words[] = {"~",     "null",  "Null", "NULL", "true", "True", "TRUE", "false",
                                        "False", "FALSE", "yes",  "Yes",  "YES",  "no",   "No",   "NO",
                                        "on",    "On",    "ON",   "off",  "Off",  "OFF"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i][0] == text[0] && strcmp(text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* One code point, escaped where YAML needs it; returns its bytes. */
static size_t add_escaped(struct gw_text *out, const unsigned char *p)
{
    static const char short_form[] = "\aa\bb\tt\nn\vv\ff\rr\"\"\\\\";
    for (const char *s = short_form; *s != '\0'; s += 2) {
        if (*p == (unsigned char)*s) {
            gw_text_addf(out, "\\%c", s[1]);
            return 1;
        }
    }
    if (*p < 0x20 || *p == 0x7F) {
        gw_text_addf(out, "\\x%02X", *p);
        return 1;
    }
    const size_t n = *p < 0x80 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
    const uint32_t code = n == 2 ? (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F)
                          : n == 3
                              ? (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F)
                              : 0;
    const bool control = n == 2 && code < 0xA0;
    const bool break_or_mark =
        code == 0x2028 || code == 0x2029 || code == 0xFEFF || code == 0xFFFE || code == 0xFFFF;
    if (control || break_or_mark) {
        gw_text_addf(out, "\\u%04X", (unsigned)code);
    } else {
        gw_text_add_n(out, (const char *)p, n);
    }
    return n;
}

static void add_quoted(struct gw_text *out, const char *text)
{
    gw_text_add(out, "\"");
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0';) {
        p += add_escaped(out, p);
    }
    gw_text_add(out, "\"");
}

void gw_dump_key(const char *key, struct gw_text *out)
{
    double number;
    if (gw_yaml_plain_ok_in_flow(key) && !is_keyword(key) && strcmp(key, "<<") != 0 &&
        gw_number_read(key, strlen(key), &number) == 0) {
        gw_text_add(out, key);
    } else {
        add_quoted(out, key);
    }
}

void gw_dump_text(const char *text, bool quoted, struct gw_text *out)
{
    if (!quoted && text[0] == '\0') {
        gw_text_add(out, "~");
    } else if (quoted || !gw_yaml_plain_ok(text)) {
        add_quoted(out, text);
    } else {
        gw_text_add(out, text);
    }
}

/* ---- one line ---- */

/* Whether everything in the container may stand between brackets, and came from where the container came from
 * when origins are shown. */
static bool flow_ok(const struct dumping *d, const struct gw_node *node, uint32_t height)
{
    if (node->kind == GW_NODE_SCALAR) {
        return node->quoted || !gw_yaml_plain_ok(node->text) || gw_yaml_plain_ok_in_flow(node->text);
    }
    if (height == 0 && node->n > 0) {
        return false;
    }
    for (uint32_t i = 0; i < node->n; i++) {
        const struct gw_node *value = node->entry[i].value;
        if (!flow_ok(d, value, height > 0 ? height - 1 : 0) ||
            (d->origins && value->from_default != node->from_default)) {
            return false;
        }
    }
    return true;
}

/* Adds the node on one line, giving up behind `limit` bytes; the caller takes back what stands there then. */
static void add_flow(const struct gw_node *node, size_t limit, struct gw_text *out)
{
    if (node->kind == GW_NODE_SCALAR) {
        gw_dump_text(node->text, node->quoted, out);
        return;
    }
    const bool map = node->kind == GW_NODE_MAP;
    gw_text_add(out, map ? "{" : "[");
    for (uint32_t i = 0; i < node->n && out->n <= limit; i++) {
        gw_text_add(out, i > 0 ? ", " : map ? " " : "");
        if (map) {
            gw_dump_key(node->entry[i].key, out);
            gw_text_add(out, ": ");
        }
        add_flow(node->entry[i].value, limit, out);
    }
    gw_text_add(out, map ? (node->n > 0 ? " }" : "}") : "]");
}

static void take_back(struct gw_text *out, size_t n)
{
    if (!out->failed && out->at != NULL) {
        out->n = n;
        out->at[n] = '\0';
    }
}

/* Tries the node on the rest of the line that starts at byte `line`. */
static bool try_flow(const struct dumping *d, const struct gw_node *node, size_t line)
{
    if (node->kind == GW_NODE_SCALAR || node->n == 0) {
        add_flow(node, SIZE_MAX, d->out);
        return true;
    }
    if (!flow_ok(d, node, FLOW_HEIGHT)) {
        return false;
    }
    const size_t before = d->out->n;
    /* Four bytes a column at most, so that a long container is given up early. */
    add_flow(node, line + 4 * (size_t)GW_DUMP_COLUMNS, d->out);
    if (d->out->failed || gw_text_columns(d->out->at + line) <= GW_DUMP_COLUMNS) {
        return true;
    }
    take_back(d->out, before);
    return false;
}

/* ---- blocks ---- */

static void indent(const struct dumping *d, uint32_t level)
{
    for (uint32_t i = 0; i < level * INDENT; i++) {
        gw_text_add(d->out, " ");
    }
}

static void end_line(const struct dumping *d, const struct gw_node *node)
{
    gw_text_add(d->out, d->origins && node->from_default ? "  # default\n" : "\n");
}

/* The entries of a container, each on its line. The first one goes on in the line that is open: behind "- ",
 * or at the start of a line already indented. */
static void add_block(const struct dumping *d, const struct gw_node *node, uint32_t level)
{
    size_t line = d->out->n - level * INDENT;
    for (uint32_t i = 0; i < node->n; i++) {
        const struct gw_entry *e = &node->entry[i];
        const bool map = node->kind == GW_NODE_MAP;
        if (i > 0) {
            line = d->out->n;
            indent(d, level);
        }
        if (map) {
            gw_dump_key(e->key, d->out);
            gw_text_add(d->out, ":");
        } else {
            gw_text_add(d->out, "-");
        }
        const size_t before = d->out->n;
        gw_text_add(d->out, " ");
        if (try_flow(d, e->value, line)) {
            end_line(d, e->value);
            continue;
        }
        if (map) {
            take_back(d->out, before);
            end_line(d, e->value);
            indent(d, level + 1);
        }
        add_block(d, e->value, level + 1);
    }
}

void gw_dump_write(const struct gw_node *node, bool origins, struct gw_text *out)
{
    const struct dumping d = {.out = out, .origins = origins};
    if (node->kind == GW_NODE_SCALAR || node->n == 0) {
        add_flow(node, SIZE_MAX, out);
        if (node->kind != GW_NODE_SCALAR) {
            gw_text_add(out, "\n");
        }
        return;
    }
    add_block(&d, node, 0);
}
