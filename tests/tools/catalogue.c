/* Every number of the embedded catalogue has a source: each key of an entry whose value holds a number is
 * named in the entry's `sources:`, or "*" is; each source is of the form "MARK citation remark", its citation
 * exists, an assumption says why. A source for a key that is not there is a leftover and fails as well. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/catalogue/catalogue.h"
#include "sim/base/number.h"
#include "sim/tree/bind_sources.h"

enum { FILES_MAX = 64 };

struct check {
    struct gw_tree file[FILES_MAX];
    size_t n_files;
    size_t numbers, failures;
};

static GW_PRINTF(3, 4) void complain(struct check *check, struct gw_pos pos, const char *fmt, ...)
{
    char where[256];
    gw_pos_print(pos, where, sizeof where);
    printf("%s: ", where);
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
    check->failures++;
}

static bool is_citation(const struct check *check, const char *name)
{
    for (size_t i = 0; i < check->n_files; i++) {
        const struct gw_node *citations = gw_node_get(check->file[i].root, "citations");
        if (citations != NULL && gw_node_get(citations, name) != NULL) {
            return true;
        }
    }
    return false;
}

/* "350", "350 W", "[1, 2]", "{ a: 1 }"; not a quoted text. */
static bool holds_number(const struct gw_node *node)
{
    if (node->kind == GW_NODE_SCALAR) {
        double ignored;
        return !node->quoted && gw_number_read(node->text, strlen(node->text), &ignored) > 0;
    }
    for (uint32_t i = 0; i < node->n; i++) {
        if (holds_number(node->entry[i].value)) {
            return true;
        }
    }
    return false;
}

static void check_source(struct check *check, const struct gw_node *entry, const struct gw_entry *source)
{
    char key[GW_TREE_KEY_BYTES + 1];
    snprintf(key, sizeof key, "%.*s", (int)strcspn(source->key, "."),
             source->key); /* "fits.b200" is of `fits` */
    if (strcmp(key, "*") != 0 && gw_node_get(entry, key) == NULL) {
        complain(check, source->key_pos, "a source for %s, which the entry does not have", source->key);
    }
    struct gw_bind_source item;
    if (!gw_bind_sources_split(entry, source->key, &item)) {
        complain(check, source->value->pos, "a source is \"MARK citation remark\"");
        return;
    }
    if (item.mark == 'A' && item.remark[0] == '\0') {
        complain(check, source->value->pos, "an assumption says why");
    }
    if (!is_citation(check, item.citation)) {
        complain(check, source->value->pos, "no such citation: %s", item.citation);
    }
}

static void check_entry(struct check *check, const struct gw_node *entry, const char *name)
{
    const struct gw_node *sources = gw_node_get(entry, "sources");
    const struct gw_node *rest = sources != NULL ? gw_node_get(sources, "*") : NULL;
    for (uint32_t i = 0; i < entry->n; i++) {
        const struct gw_entry *e = &entry->entry[i];
        if (e->value == sources || !holds_number(e->value)) {
            continue;
        }
        check->numbers++;
        if (rest == NULL && (sources == NULL || gw_node_get(sources, e->key) == NULL)) {
            complain(check, e->key_pos, "%s.%s has no source", name, e->key);
        }
    }
    for (uint32_t i = 0; sources != NULL && i < sources->n; i++) {
        check_source(check, entry, &sources->entry[i]);
    }
}

static void check_file(struct check *check, const struct gw_node *root)
{
    for (uint32_t s = 0; s < root->n; s++) {
        const struct gw_node *section = root->entry[s].value;
        if (strcmp(root->entry[s].key, "citations") == 0 || section->kind != GW_NODE_MAP) {
            continue;
        }
        for (uint32_t i = 0; i < section->n; i++) {
            check_entry(check, section->entry[i].value, section->entry[i].key);
        }
    }
}

int main(void)
{
    static struct check check;
    static struct gw_errors errors;
    for (size_t i = 0; i < gw_catalogue_n_files && i < FILES_MAX; i++) {
        const struct gw_catalogue_file *file = &gw_catalogue_files[i];
        if (gw_tree_parse(&check.file[i], (const char *)file->bytes, file->n, file->name, NULL, &errors) !=
            GW_OK) {
            printf("%s: %s\n", errors.item[0].where, errors.item[0].why);
            return EXIT_FAILURE;
        }
        check.n_files++;
    }
    for (size_t i = 0; i < check.n_files; i++) {
        check_file(&check, check.file[i].root);
    }
    printf("%zu files, %zu values with numbers, %zu failures\n", check.n_files, check.numbers,
           check.failures);
    for (size_t i = 0; i < check.n_files; i++) {
        gw_tree_fini(&check.file[i]);
    }
    return check.failures == 0 && check.n_files == gw_catalogue_n_files ? EXIT_SUCCESS : EXIT_FAILURE;
}
