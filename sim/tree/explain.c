#include "sim/tree/explain.h"

#include <string.h>

#include "sim/tree/dump.h"
#include "sim/tree/explain_type.h"
#include "sim/tree/path.h"
#include "sim/tree/yaml.h"

enum { COLUMNS = 100, INDENT = 2, DEPTH_MAX = 32 };

struct explaining {
    struct gw_tree tree; /* holds the parsed defaults and examples */
    const char *(*example)(const char *path);
    const struct gw_type *open[DEPTH_MAX]; /* objects around this one: a table may contain itself */
    uint32_t n_open;
};

static void add_fields(struct explaining *x, const struct gw_type *object, const struct gw_node *values,
                       const char *path, uint32_t level, struct gw_text *out);

static void indent(uint32_t level, struct gw_text *out)
{
    for (uint32_t i = 0; i < level * INDENT; i++) {
        gw_text_add(out, " ");
    }
}

/* Gives up a part of the text; what failed in it has failed in the whole. */
static void finish(struct gw_text *part, struct gw_text *out)
{
    out->failed = out->failed || part->failed;
    gw_text_fini(part);
}

/* ---- comments ---- */

/* The words as comment lines of at most COLUMNS columns. */
static void add_comment(const char *words, uint32_t level, struct gw_text *out)
{
    size_t column = SIZE_MAX;
    while (*words != '\0') {
        const size_t n = strcspn(words, " ");
        struct gw_text word = {0};
        gw_text_add_n(&word, words, n);
        const size_t columns = word.failed || word.at == NULL ? n : gw_text_columns(word.at);
        finish(&word, out);
        if (column == SIZE_MAX || column + 1 + columns > COLUMNS) {
            gw_text_add(out, column == SIZE_MAX ? "" : "\n");
            indent(level, out);
            gw_text_add(out, "#");
            column = (size_t)level * INDENT + 1;
        }
        gw_text_add(out, " ");
        gw_text_add_n(out, words, n);
        column += 1 + columns;
        words += n + strspn(words + n, " ");
    }
    gw_text_add(out, column == SIZE_MAX ? "" : "\n");
}

static void add_field_comment(const struct gw_field *field, uint32_t level, struct gw_text *out)
{
    struct gw_text words = {0};
    gw_text_addf(&words, "%s. ", field->doc != NULL ? field->doc : field->key);
    const size_t at = words.n;
    gw_explain_type_words(field->type, &words);
    if (words.at != NULL && words.at[at] >= 'a' && words.at[at] <= 'z') {
        words.at[at] = (char)(words.at[at] - 'a' + 'A');
    }
    gw_text_add(&words, field->def == NULL ? "; required." : ".");
    if (field->source != NULL) {
        gw_text_addf(&words, " Default: %s.", field->source);
    }
    add_comment(words.failed ? "" : words.at, level, out);
    finish(&words, out);
}

/* Each line of `text` behind an indentation and `mark`. */
static void add_lines(const struct gw_text *text, const char *mark, uint32_t level, struct gw_text *out)
{
    for (const char *line = text->at; line != NULL && *line != '\0';) {
        const size_t n = strcspn(line, "\n");
        indent(level, out);
        gw_text_add(out, mark);
        gw_text_add_n(out, line, n);
        gw_text_add(out, "\n");
        line += n + (line[n] == '\n');
    }
}

/* ---- values ---- */

static struct gw_node *parse(struct explaining *x, const char *yaml, struct gw_text *out)
{
    const struct gw_yaml_text text = {
        .bytes = yaml, .n = strlen(yaml), .file = "(default)", .no_lines = true};
    struct gw_node *node = NULL;
    if (gw_yaml_read(&x->tree, &text, &node, NULL, NULL) != GW_OK) {
        out->failed = true;
        return NULL;
    }
    return node;
}

static void add_entry(const char *key, struct gw_node *value, uint32_t level, struct gw_text *out)
{
    struct gw_entry entry = {.key = key, .value = value};
    const struct gw_node map = {.kind = GW_NODE_MAP, .n = 1, .entry = &entry};
    struct gw_text text = {0};
    gw_dump_write(&map, false, &text);
    add_lines(&text, "", level, out);
    finish(&text, out);
}

static void add_key_line(const char *key, uint32_t level, struct gw_text *out)
{
    indent(level, out);
    gw_dump_key(key, out);
    gw_text_add(out, ":\n");
}

/* The elements of a list of objects, or one made of examples when `list` is NULL. */
static void add_elements(struct explaining *x, const struct gw_type *object, const struct gw_node *list,
                         const char *path, uint32_t level, struct gw_text *out)
{
    for (uint32_t i = 0; i < (list != NULL ? list->n : 1); i++) {
        struct gw_text element = {0};
        add_fields(x, object, list != NULL ? list->entry[i].value : NULL, path, 0, &element);
        struct gw_text lines = {0};
        add_lines(&element, "", 1, &lines);
        if (lines.n > 0) {
            lines.at[0] = '-'; /* "  # ..." becomes "- # ..." */
        }
        add_lines(&lines, "", level, out);
        finish(&lines, out);
        finish(&element, out);
    }
}

/* What an object inside an option, list or map looks like, as the block that would stand behind its key. */
static void add_block(struct explaining *x, const struct gw_type *type, const struct gw_node *value,
                      const char *path, uint32_t level, struct gw_text *out)
{
    const struct gw_type *of = type->kind == GW_OPT ? type->of : type;
    const struct gw_type *object = gw_explain_type_object(of);
    if (of->kind == GW_LIST) {
        add_elements(x, object, value, path, level, out);
    } else if (of->kind == GW_MAP) {
        add_key_line("NAME", level, out);
        add_fields(x, object, NULL, path, level + 1, out);
    } else {
        add_fields(x, object, value, path, level, out);
    }
}

/* Whether the object stands around this place already. */
static bool is_open(const struct explaining *x, const struct gw_type *object)
{
    for (uint32_t i = 0; i < x->n_open; i++) {
        if (x->open[i] == object) {
            return true;
        }
    }
    return false;
}

/* As a comment, what could stand there instead of the default: the object, or for a PICK those of its
 * alternatives that are objects. */
static void add_commented(struct explaining *x, const char *key, const struct gw_type *type, const char *path,
                          uint32_t level, struct gw_text *out)
{
    struct gw_text block = {0};
    add_key_line(key, 0, &block);
    add_block(x, type, NULL, path, 1, &block);
    add_lines(&block, "# ", level, out);
    finish(&block, out);
}

static void add_commented_alternatives(struct explaining *x, const char *key, const struct gw_alt *alt,
                                       const char *path, uint32_t level, struct gw_text *out)
{
    for (; alt->key != NULL; alt++) {
        const struct gw_type *object = alt->type != NULL ? gw_explain_type_object(alt->type) : NULL;
        if (object == NULL || alt->scalar_form || is_open(x, object)) {
            continue;
        }
        struct gw_text below = {0}, block = {0};
        gw_text_addf(&below, "%s.%s", path, alt->key);
        add_key_line(key, 0, &block);
        add_key_line(alt->key, 1, &block);
        add_block(x, alt->type, NULL, below.failed ? path : below.at, 2, &block);
        add_lines(&block, "# ", level, out);
        finish(&below, out);
        finish(&block, out);
    }
}

/* The value written for a field: given by what stands around it, an example, or the default. */
static struct gw_node *value_of(struct explaining *x, const struct gw_field *field,
                                const struct gw_node *values, const char *path, struct gw_text *out)
{
    struct gw_node *given = gw_node_get(values, field->key);
    if (given != NULL) {
        return given;
    }
    const char *example = x->example != NULL ? x->example(path) : NULL;
    const char *text = example != NULL ? example : field->def;
    return text != NULL ? parse(x, text, out) : NULL;
}

static void add_field(struct explaining *x, const struct gw_field *field, const struct gw_node *values,
                      const char *path, uint32_t level, struct gw_text *out)
{
    const struct gw_type *object = gw_explain_type_object(field->type);
    struct gw_node *value = value_of(x, field, values, path, out);
    add_field_comment(field, level, out);
    if (object != NULL && !is_open(x, object) &&
        (value == NULL || (field->type->kind == GW_OBJ && value->kind == GW_NODE_MAP) ||
         (field->type->kind == GW_LIST && value->kind == GW_NODE_LIST && value->n > 0))) {
        add_key_line(field->key, level, out);
        add_block(x, field->type, value, path, level + 1, out);
        return;
    }
    struct gw_node required = {.kind = GW_NODE_SCALAR, .text = "required"};
    add_entry(field->key, value != NULL ? value : &required, level, out);
    const struct gw_type *choice = gw_explain_type_choice(field->type);
    if (object != NULL && !is_open(x, object)) {
        add_commented(x, field->key, field->type, path, level, out);
    } else if (choice != NULL && choice->kind == GW_PICK) {
        add_commented_alternatives(x, field->key, choice->of, path, level, out);
    }
}

static void add_fields(struct explaining *x, const struct gw_type *object, const struct gw_node *values,
                       const char *path, uint32_t level, struct gw_text *out)
{
    if (x->n_open == DEPTH_MAX) {
        return;
    }
    x->open[x->n_open++] = object;
    for (const struct gw_field *field = object->of; field != NULL && field->key != NULL; field++) {
        struct gw_text below = {0};
        gw_text_addf(&below, "%s%s%s", path, path[0] != '\0' ? "." : "", field->key);
        add_field(x, field, values, below.failed ? "" : below.at, level, out);
        finish(&below, out);
    }
    x->n_open--;
}

void gw_explain_yaml(const struct gw_type *type, const char *(*example)(const char *path),
                     struct gw_text *out)
{
    struct explaining x = {.example = example};
    const struct gw_type *object = gw_explain_type_object(type);
    if (object != NULL) {
        add_fields(&x, object, NULL, "", 0, out);
    }
    gw_tree_fini(&x.tree);
}
