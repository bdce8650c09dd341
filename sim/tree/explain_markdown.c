#include <stdlib.h>
#include <string.h>

#include "sim/base/array.h"
#include "sim/tree/explain.h"
#include "sim/tree/explain_type.h"

/* One heading: an object and where it stands first. */
struct section {
    const struct gw_type *type;
    char *path;
};

struct page {
    struct section *at;
    size_t n, cap;
};

/* Adds a section for the object unless it has one already; it takes over `path`. */
static bool add_section(struct page *page, const struct gw_type *object, struct gw_text *path)
{
    bool known = object->of == NULL || ((const struct gw_field *)object->of)->key == NULL;
    for (size_t i = 0; i < page->n; i++) {
        known = known || page->at[i].type == object;
    }
    if (known || path->failed ||
        !gw_array_reserve((void **)&page->at, &page->cap, page->n + 1, sizeof *page->at)) {
        gw_text_fini(path);
        return known;
    }
    page->at[page->n++] = (struct section){.type = object, .path = path->at};
    return true;
}

static struct gw_text joined(const char *path, const char *mark, const char *key)
{
    struct gw_text out = {0};
    gw_text_addf(&out, "%s%s%s", path, path[0] != '\0' ? mark : "", key);
    return out;
}

/* Sections for all objects that a value may consist of. */
static bool add_sections_of(struct page *page, const struct gw_type *type, const char *path)
{
    const struct gw_type *object = gw_explain_type_object(type);
    const struct gw_type *choice = gw_explain_type_choice(type);
    bool ok = true;
    if (object != NULL) {
        struct gw_text own = joined(path, "", "");
        return add_section(page, object, &own);
    }
    if (choice != NULL && choice->kind == GW_NAMED) {
        for (const char *const *name = choice->names(); *name != NULL; name++) {
            const struct gw_type *of = choice->named(*name);
            struct gw_text own = joined(path, ": ", *name);
            ok = (of == NULL ? (gw_text_fini(&own), true) : add_section(page, of, &own)) && ok;
        }
    } else if (choice != NULL) {
        for (const struct gw_alt *alt = choice->of; alt->key != NULL; alt++) {
            struct gw_text own = joined(path, ".", alt->key);
            ok = !own.failed && (alt->type == NULL || add_sections_of(page, alt->type, own.at)) && ok;
            gw_text_fini(&own);
        }
    }
    return ok;
}

/* A cell of a table: bars and line breaks would end it. */
static void add_cell(struct gw_text *out, const char *text)
{
    gw_text_add(out, " ");
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '|') {
            gw_text_add(out, "\\|");
        } else {
            gw_text_add_n(out, *p == '\n' ? " " : p, 1);
        }
    }
    gw_text_add(out, " |");
}

static void add_row(struct gw_text *out, const struct gw_field *field)
{
    struct gw_text words = {0}, def = {0};
    gw_explain_type_words(field->type, &words);
    gw_text_addf(&def, field->def == NULL ? "%s" : "`%s`", field->def == NULL ? "required" : field->def);
    gw_text_addf(out, "| `%s` |", field->key);
    add_cell(out, field->doc != NULL ? field->doc : "");
    add_cell(out, words.at != NULL ? words.at : "");
    add_cell(out, def.at != NULL ? def.at : "");
    add_cell(out, field->source != NULL ? field->source : "");
    gw_text_add(out, "\n");
    out->failed = out->failed || words.failed || def.failed;
    gw_text_fini(&words);
    gw_text_fini(&def);
}

static bool add_table(struct page *page, const struct gw_type *object, const char *path, struct gw_text *out)
{
    bool ok = true;
    if (object->doc != NULL) {
        gw_text_addf(out, "%s.\n\n", object->doc);
    }
    gw_text_add(out, "| key | meaning | takes | default | source |\n|---|---|---|---|---|\n");
    for (const struct gw_field *field = object->of; field != NULL && field->key != NULL; field++) {
        add_row(out, field);
        struct gw_text below = joined(path, ".", field->key);
        ok = !below.failed && add_sections_of(page, field->type, below.at) && ok;
        gw_text_fini(&below);
    }
    return ok;
}

void gw_explain_markdown(const struct gw_type *type, const char *title, struct gw_text *out)
{
    struct page page = {0};
    const struct gw_type *object = gw_explain_type_object(type);
    struct gw_text root = {0};
    gw_text_add(&root, "");
    gw_text_addf(out, "# %s\n\n", title);
    bool ok = object != NULL && add_section(&page, object, &root);
    /* The page grows while it is written: objects come after the one that names them. */
    for (size_t i = 0; i < page.n; i++) {
        if (page.at[i].path[0] != '\0') {
            gw_text_addf(out, "\n## `%s`\n\n", page.at[i].path);
        }
        ok = add_table(&page, page.at[i].type, page.at[i].path, out) && ok;
    }
    out->failed = out->failed || !ok;
    for (size_t i = 0; i < page.n; i++) {
        free(page.at[i].path);
    }
    free(page.at);
}
