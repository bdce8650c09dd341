#include "sim/tree/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "sim/base/array.h"
#include "sim/tree/lookup.h"

enum {
    FEW_KEYS = 16,
    WHERE_MAX = 320,
    WHY_MAX = 512, /* more than an error holds, which then cuts between characters */
};

/* A container that is still open. Its entries lie on the reader's pile from `first` on. */
struct frame {
    struct gw_node *node;
    size_t first;
    const char *key; /* MAP: the key whose value comes next */
    struct gw_pos key_pos;
};

struct reader {
    struct gw_tree *tree;
    const struct gw_yaml_text *text;
    struct gw_errors *errs;
    struct gw_entry *pile; /* entries of all open containers */
    size_t n_pile, cap_pile;
    struct frame frame[GW_TREE_DEPTH];
    uint32_t depth;
    struct gw_node *root;
    uint32_t n_documents;
    bool has_include;
    enum gw_status status; /* of what was found so far */
    bool stop;             /* nothing sensible can follow */
};

/* ---- reporting ---- */

static struct gw_pos pos_of(const struct reader *r, yaml_mark_t mark)
{
    if (r->text->no_lines) {
        return (struct gw_pos){.file = r->text->file};
    }
    return (struct gw_pos){r->text->file, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

GW_PRINTF(3, 4) static void refuse(struct reader *r, struct gw_pos pos, const char *fmt, ...)
{
    char where[WHERE_MAX], why[WHY_MAX];
    gw_pos_print(pos, where, sizeof where);
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    gw_errors_add(r->errs, GW_ERR_SYNTAX, where, "%s", why);
    r->status = GW_ERR_SYNTAX;
}

static void out_of_memory(struct reader *r)
{
    gw_errors_add(r->errs, GW_ERR_NOMEM, r->text->file, "out of memory while reading this text");
    r->status = GW_ERR_NOMEM;
    r->stop = true;
}

/* Position of a byte, for errors that libyaml or the UTF-8 check give by offset. */
static struct gw_pos pos_at_byte(const struct reader *r, size_t offset)
{
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < offset && i < r->text->n; i++) {
        const unsigned char c = (unsigned char)r->text->bytes[i];
        if (c == '\n') {
            mark.line++;
            mark.column = 0;
        } else if ((c & 0xC0) != 0x80) {
            mark.column++;
        }
    }
    return pos_of(r, mark);
}

/* libyaml's wording -> ours. The first match on `problem` (and `context`, when given) counts. */
static const struct {
    const char *problem, *context, *sentence;
    enum {
        HERE,
        START,
        START_TO_HERE
    } place; /* where it is wrong: at the problem, or where the construct began */
} sentences[] = {
    {"could not find expected ':'", NULL,
     "a key must be followed by `: ` and a value; is a colon or a blank after it missing?", HERE},
    {"mapping values are not allowed", NULL,
     "a second `: ` in one line; put a text that holds `: ` in quotes, or check the indentation", HERE},
    {"did not find expected key", "block mapping",
     "expected a key here; check the indentation, and whether something stands behind a finished value",
     HERE},
    {"did not find expected '-' indicator", NULL,
     "expected `- ` here; the elements of this list are not indented alike", HERE},
    {"did not find expected ',' or ']'", NULL, "this list is not closed; expected `,` or `]`", START_TO_HERE},
    {"did not find expected ',' or '}'", NULL, "this map is not closed; expected `,` or `}`", START_TO_HERE},
    {"found unexpected end of stream", "quoted scalar", "this quote is never closed", START},
    {"found unexpected document indicator", NULL, "this quote is never closed", START},
    {"block sequence entries are not allowed", NULL,
     "a list may not start here; put `- ` on a line of its own", HERE},
    {"mapping keys are not allowed", NULL, "a key may not stand here", HERE},
    {"did not find expected node content", NULL, "a value is missing here", HERE},
    {"did not find expected <document start>", NULL, "the text goes on after its end; check the indentation",
     HERE},
    {"found unknown escape character", NULL,
     "unknown escape after `\\`; in single quotes `\\` stands for itself", HERE},
    {"found character that cannot start any token", NULL,
     "a text may not start with this character; put it in quotes", HERE},
    {"control characters are not allowed", NULL, "control characters are not allowed", HERE},
};

/* A tab looks like blanks in an editor, so it gets its own sentence wherever libyaml stumbles over it. */
static bool is_tab_problem(const struct reader *r, const yaml_parser_t *p)
{
    const size_t at = p->problem_mark.index; /* counts characters; good enough for ASCII before a tab */
    return p->problem != NULL && (strstr(p->problem, "tab character") != NULL ||
                                  (strstr(p->problem, "cannot start any token") != NULL && at < r->text->n &&
                                   r->text->bytes[at] == '\t'));
}

static void explain_parser(struct reader *r, const yaml_parser_t *p)
{
    if (p->error == YAML_MEMORY_ERROR) {
        out_of_memory(r);
        return;
    }
    r->stop = true;
    const bool by_offset = p->error == YAML_READER_ERROR;
    const struct gw_pos at = by_offset ? pos_at_byte(r, p->problem_offset) : pos_of(r, p->problem_mark);
    const char *problem = p->problem != NULL ? p->problem : "this is not YAML";
    const char *context = p->context != NULL ? p->context : "";
    if (is_tab_problem(r, p)) {
        refuse(r, at, "a tab is not allowed as indentation in YAML; use blanks");
        return;
    }
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        const bool context_fits =
            sentences[i].context == NULL || strstr(context, sentences[i].context) != NULL;
        if (strstr(problem, sentences[i].problem) == NULL || !context_fits) {
            continue;
        }
        const bool spread =
            sentences[i].place == START_TO_HERE && p->problem_mark.line > p->context_mark.line;
        if (spread && !r->text->no_lines) {
            refuse(r, pos_of(r, p->context_mark), "%s before line %u", sentences[i].sentence,
                   (unsigned)p->problem_mark.line + 1);
        } else {
            refuse(r, sentences[i].place == HERE ? at : pos_of(r, p->context_mark), "%s",
                   sentences[i].sentence);
        }
        return;
    }
    refuse(r, at, "%s%s%s", context, *context != '\0' ? ": " : "", problem);
}

/* ---- building ---- */

static struct gw_node *new_node(struct reader *r, enum gw_node_kind kind, yaml_mark_t mark)
{
    if (++r->tree->n_nodes > GW_TREE_NODES) {
        refuse(r, pos_of(r, mark), "more than %d values; this is too large for a scenario", GW_TREE_NODES);
        r->stop = true;
        return NULL;
    }
    struct gw_node *node = gw_arena_alloc(&r->tree->arena, sizeof *node);
    if (node == NULL) {
        out_of_memory(r);
        return NULL;
    }
    node->kind = kind;
    node->pos = pos_of(r, mark);
    return node;
}

/* Puts a finished or just opened node where it belongs: under the waiting key, into the list, or at the root.
 */
static void place(struct reader *r, struct gw_node *node)
{
    if (r->depth == 0) {
        r->root = node;
        return;
    }
    if (!gw_array_reserve((void **)&r->pile, &r->cap_pile, r->n_pile + 1, sizeof *r->pile)) {
        out_of_memory(r);
        return;
    }
    struct frame *f = &r->frame[r->depth - 1];
    r->pile[r->n_pile++] = (struct gw_entry){.key = f->key, .key_pos = f->key_pos, .value = node};
    f->key = NULL;
}

static bool expects_key(const struct reader *r)
{
    return r->depth > 0 && r->frame[r->depth - 1].node->kind == GW_NODE_MAP &&
           r->frame[r->depth - 1].key == NULL;
}

/* Anchors and tags are refused but what they decorate is read on, for more errors in one go. */
static void refuse_decorations(struct reader *r, const yaml_char_t *anchor, const yaml_char_t *tag,
                               yaml_mark_t mark)
{
    if (anchor != NULL) {
        refuse(r, pos_of(r, mark), "anchors (`&%s`) are not allowed; use `include` to share parts",
               (const char *)anchor);
    }
    if (tag != NULL) {
        refuse(r, pos_of(r, mark), "tags (`%s`) are not allowed; types follow from the keys",
               (const char *)tag);
    }
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7F) {
            return true;
        }
    }
    return false;
}

static void read_key(struct reader *r, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t n = event->data.scalar.length;
    const bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    const struct gw_pos pos = pos_of(r, event->start_mark);
    if (n == 0) {
        refuse(r, pos, "a key is empty");
    } else if (n > GW_TREE_KEY_BYTES) {
        refuse(r, pos, "a key has %zu bytes; %d are the most", n, GW_TREE_KEY_BYTES);
    } else if (has_control(text)) {
        refuse(r, pos, "a key may not hold line breaks, tabs or control characters");
    } else if (plain && strcmp(text, "<<") == 0) {
        refuse(r, pos, "`<<` merges are not allowed; use `include`");
    }
    struct frame *f = &r->frame[r->depth - 1];
    f->key = gw_arena_text_n(&r->tree->arena, text, n);
    f->key_pos = pos;
    if (f->key == NULL) {
        out_of_memory(r);
    } else if (strcmp(f->key, "include") == 0) {
        r->has_include = true;
    }
}

static void read_scalar(struct reader *r, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t n = event->data.scalar.length;
    refuse_decorations(r, event->data.scalar.anchor, event->data.scalar.tag, event->start_mark);
    if (memchr(text, '\0', n) != NULL) {
        refuse(r, pos_of(r, event->start_mark), "a text may not hold a NUL character");
    }
    if (expects_key(r)) {
        read_key(r, event);
        return;
    }
    struct gw_node *node = new_node(r, GW_NODE_SCALAR, event->start_mark);
    if (node == NULL) {
        return;
    }
    const bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = plain && n == 0 ? "~" : gw_arena_text_n(&r->tree->arena, text, n);
    if (node->text == NULL) {
        out_of_memory(r);
        return;
    }
    /* A plain text that only reads so because it was spread over lines is a text like a quoted one. */
    node->quoted = !plain || !gw_yaml_plain_ok(node->text);
    place(r, node);
}

static void open_container(struct reader *r, enum gw_node_kind kind, const yaml_event_t *event)
{
    if (expects_key(r)) {
        refuse(r, pos_of(r, event->start_mark),
               "a key must be a plain text; a `{` or `[` in a value needs quotes");
        r->stop = true;
        return;
    }
    if (r->depth + r->text->depth >= GW_TREE_DEPTH) {
        refuse(r, pos_of(r, event->start_mark), "nested deeper than %d levels", GW_TREE_DEPTH);
        r->stop = true;
        return;
    }
    struct gw_node *node = new_node(r, kind, event->start_mark);
    if (node == NULL) {
        return;
    }
    place(r, node);
    r->frame[r->depth++] = (struct frame){.node = node, .first = r->n_pile};
}

static void refuse_duplicate(struct reader *r, struct gw_entry *entry, uint32_t first, uint32_t again)
{
    const char *key = entry[again].key;
    if (r->text->no_lines) {
        refuse(r, entry[again].key_pos, "the key `%s` is here twice", key);
    } else {
        refuse(r, entry[again].key_pos, "the key `%s` is here twice; the first one is in line %u", key,
               (unsigned)entry[first].key_pos.line);
    }
}

/* Reports each second use of a key. */
static void find_duplicates(struct reader *r, struct gw_entry *entry, uint32_t n)
{
    if (n <= FEW_KEYS) {
        for (uint32_t i = 1; i < n; i++) {
            for (uint32_t j = 0; j < i; j++) {
                if (strcmp(entry[i].key, entry[j].key) == 0) {
                    refuse_duplicate(r, entry, j, i);
                    break;
                }
            }
        }
        return;
    }
    struct gw_lookup names;
    if (!gw_lookup_init(&names, n)) {
        out_of_memory(r);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        names.item[i] = (struct gw_lookup_item){.key = entry[i].key, .at = i};
    }
    gw_lookup_sort(&names);
    for (uint32_t i = 1, first = 0; i < n; i++) {
        if (strcmp(names.item[i].key, names.item[first].key) == 0) {
            refuse_duplicate(r, entry, names.item[first].at, names.item[i].at);
        } else {
            first = i;
        }
    }
    gw_lookup_fini(&names);
}

static void close_container(struct reader *r)
{
    const struct frame *f = &r->frame[--r->depth];
    const size_t n = r->n_pile - f->first;
    struct gw_entry *entry = gw_arena_array(&r->tree->arena, n, sizeof *entry);
    if (entry == NULL) {
        out_of_memory(r);
        return;
    }
    if (n > 0) {
        memcpy(entry, r->pile + f->first, n * sizeof *entry);
    }
    f->node->entry = entry;
    f->node->n = f->node->cap = (uint32_t)n;
    r->n_pile = f->first;
    if (f->node->kind == GW_NODE_MAP) {
        find_duplicates(r, entry, (uint32_t)n);
    }
}

static void take(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (++r->n_documents > 1) {
            refuse(r, pos_of(r, event->start_mark), "a second document starts here; only one is allowed");
            r->stop = true;
        }
        break;
    case YAML_SCALAR_EVENT:
        read_scalar(r, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        refuse_decorations(r, event->data.sequence_start.anchor, event->data.sequence_start.tag,
                           event->start_mark);
        open_container(r, GW_NODE_LIST, event);
        break;
    case YAML_MAPPING_START_EVENT:
        refuse_decorations(r, event->data.mapping_start.anchor, event->data.mapping_start.tag,
                           event->start_mark);
        open_container(r, GW_NODE_MAP, event);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_container(r);
        break;
    case YAML_ALIAS_EVENT:
        refuse(r, pos_of(r, event->start_mark),
               "aliases (`*%s`) are not allowed; use `include` to share parts",
               (const char *)event->data.alias.anchor);
        r->stop = true;
        break;
    case YAML_STREAM_END_EVENT:
        r->stop = true;
        break;
    default:
        break;
    }
}

static void read_events(struct reader *r, const char *bytes, size_t n)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        out_of_memory(r);
        return;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, n);
    while (!r->stop) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            explain_parser(r, &parser);
            break;
        }
        take(r, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

enum gw_status gw_yaml_read(struct gw_tree *tree, const struct gw_yaml_text *text, struct gw_node **root,
                            bool *has_include, struct gw_errors *errs)
{
    struct reader r = {.tree = tree, .text = text, .errs = errs};
    size_t bad = 0;
    if (!gw_text_is_utf8(text->bytes, text->n, &bad)) {
        const bool nul = bad < text->n && text->bytes[bad] == '\0';
        refuse(&r, pos_at_byte(&r, bad), "%s",
               nul ? "a NUL byte; this is not a text file"
                   : "this byte is not UTF-8; save the file as UTF-8");
        return r.status;
    }
    const size_t bom = text->n >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    read_events(&r, text->bytes + bom, text->n - bom);
    free(r.pile);
    if (r.status != GW_OK) {
        return r.status;
    }
    *root = r.root != NULL ? r.root : new_node(&r, GW_NODE_SCALAR, (yaml_mark_t){0});
    if (*root != NULL && r.root == NULL) {
        (*root)->text = "~";
    }
    if (has_include != NULL) {
        *has_include = r.has_include;
    }
    return r.status;
}

/* ---- what needs no quotes ---- */

/* Line breaks of Unicode, C1 controls and what libyaml's reader refuses. */
static bool is_awkward(const unsigned char *p)
{
    return *p < 0x20 || *p == 0x7F || (p[0] == 0xC2 && p[1] < 0xA0) ||
           (p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9)) ||
           (p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF) || (p[0] == 0xEF && p[1] == 0xBF && p[2] >= 0xBE);
}

static bool may_start(const char *text)
{
    if (text[0] == '-') {
        return text[1] != '\0' && text[1] != ' ' && text[1] != '-';
    }
    return strchr(" ?:,[]{}#&*!|>'\"%@`", text[0]) == NULL; /* the NUL of an empty text is found too */
}

bool gw_yaml_plain_ok(const char *text)
{
    if (!may_start(text) || strncmp(text, "...", 3) == 0) {
        return false;
    }
    for (const char *p = text; *p != '\0'; p++) {
        if ((*p >= '-' && *p <= '9') || (*p > ':' && *p < 0x7F)) {
            continue; /* nearly all of every text */
        }
        const bool at_end = p[1] == '\0';
        if (is_awkward((const unsigned char *)p) || (*p == ' ' && (at_end || p[1] == '#')) ||
            (*p == ':' && (at_end || p[1] == ' '))) {
            return false;
        }
    }
    return true;
}

bool gw_yaml_plain_ok_in_flow(const char *text)
{
    return gw_yaml_plain_ok(text) && strpbrk(text, ",[]{}?") == NULL;
}
