#include "sim/cli/list_command.h"

#include <stdio.h>
#include <string.h>

#include "models/catalogue/catalogue.h"
#include "models/policies/orders.h"
#include "models/policies/registry.h"
#include "models/policies/slots.h"
#include "models/policies/view.h"
#include "sim/base/text.h"
#include "sim/cli/command.h"
#include "sim/cli/figures.h"
#include "sim/cli/terminal.h"
#include "sim/run/ledger.h"
#include "sim/run/score.h"
#include "sim/tree/tree.h"

enum { NAME_COLUMNS = 26 };

struct listing {
    struct gw_text out;
    const char *middle; /* what the middle column is called in JSON */
    bool quiet, json, first;
};

/* `middle` is NULL where there is no middle column. */
static void row(struct listing *l, const char *name, const char *middle, const char *text)
{
    struct gw_text *out = &l->out;
    if (l->json) {
        gw_text_add(out, l->first ? "[\n  {\"name\": " : ",\n  {\"name\": ");
        gw_text_add_json(out, name);
        if (middle != NULL) {
            gw_text_addf(out, ", \"%s\": ", l->middle);
            gw_text_add_json(out, middle);
        }
        gw_text_add(out, ", \"text\": ");
        gw_text_add_json(out, text);
        gw_text_add(out, "}");
    } else if (l->quiet) {
        gw_text_addf(out, "%s\n", name);
    } else if (middle != NULL) {
        gw_text_addf(out, "%-*s %-10s %s\n", NAME_COLUMNS, name, middle, text);
    } else {
        gw_text_addf(out, "%-*s %s\n", NAME_COLUMNS, name, text);
    }
    l->first = false;
}

/* By slot; one that fills several stands in the first of them. */
static void list_policies(struct listing *l)
{
    l->middle = "slot";
    uint32_t seen = 0;
    for (size_t i = 0; i < GW_SLOTS_COUNT; i++) {
        const struct gw_slots_doc *slot = &gw_slots_docs[i];
        for (const char *const *name = gw_registry_names(); *name != NULL; name++) {
            const struct gw_policy_ops *ops = gw_registry_find(*name);
            if (ops != NULL && (ops->slots & slot->slot) != 0 && (ops->slots & seen) == 0) {
                row(l, *name, slot->key, ops->summary);
            }
        }
        seen |= slot->slot;
    }
    row(l, "plugin", "any", "A policy compiled on its own: { plugin: ./mine.so }");
    row(l, "exec", "any", "A program of its own: { exec: [python3, mine.py] }");
}

static void list_scores(struct listing *l)
{
    for (size_t i = 0; i < GW_SCORE_COUNT; i++) {
        const struct gw_score_doc doc = gw_score_doc((enum gw_score)i);
        row(l, doc.name, doc.unit, doc.doc);
    }
}

static void list_accounts(struct listing *l)
{
    for (size_t i = 0; i < GW_ACCOUNT_COUNT; i++) {
        const struct gw_account_doc doc = gw_ledger_account((enum gw_account)i);
        row(l, doc.name, doc.unit, doc.doc);
    }
}

static void list_tables(struct listing *l)
{
    for (size_t i = 0; i < GW_VIEW_COUNT; i++) {
        const struct gw_view_doc doc = gw_view_doc((enum gw_view_id)i);
        row(l, doc.name, doc.unit, doc.doc);
    }
}

static void list_slots(struct listing *l)
{
    for (size_t i = 0; i < GW_SLOTS_COUNT; i++) {
        row(l, gw_slots_docs[i].key, NULL, gw_slots_docs[i].doc);
    }
}

static void list_orders(struct listing *l)
{
    for (size_t i = 0; i < GW_ORDER_KINDS; i++) {
        row(l, gw_orders_docs[i].name, gw_orders_docs[i].unit, gw_orders_docs[i].doc);
    }
}

static const struct {
    const char *kind, *text;
    void (*list)(struct listing *l);
} own_kinds[] = {
    {"policies", "What may stand in a policy slot", list_policies},
    {"scores", "Columns of scores.csv and result.h5", list_scores},
    {"accounts", "Accounts of a site's ledger", list_accounts},
    {"tables", "Tables a policy sees", list_tables},
    {"slots", "What there is to decide, in the order in which it is planned", list_slots},
    {"orders", "What a policy may order beside shares", list_orders},
};
enum { N_OWN = sizeof own_kinds / sizeof own_kinds[0] };

static const char *entry_text(const struct gw_node *entry)
{
    const char *title = gw_node_text(entry, "title");
    const char *text = title != NULL ? title : gw_node_text(entry, "text");
    return text != NULL ? text : "";
}

static bool list_section(struct listing *l, const struct gw_tree *catalogue, const char *section)
{
    const struct gw_node *map = gw_node_get(catalogue->root, section);
    for (uint32_t i = 0; map != NULL && i < map->n; i++) {
        row(l, map->entry[i].key, NULL, entry_text(map->entry[i].value));
    }
    return map != NULL;
}

static void list_kinds(struct listing *l)
{
    for (size_t i = 0; i < N_OWN; i++) {
        row(l, own_kinds[i].kind, NULL, own_kinds[i].text);
    }
    row(l, "figures", NULL, "Figures that can be drawn from a result");
    for (const struct gw_catalogue_kind *k = gw_catalogue_kinds(); k->kind != NULL; k++) {
        row(l, k->section, NULL, k->type->doc != NULL ? k->type->doc : "");
    }
}

static int unknown_kind(const char *kind)
{
    const char *known[64];
    size_t n = 0;
    for (; n < N_OWN; n++) {
        known[n] = own_kinds[n].kind;
    }
    known[n++] = "figures";
    for (const struct gw_catalogue_kind *k = gw_catalogue_kinds(); k->kind != NULL && n < 64; k++) {
        known[n++] = k->section;
    }
    const char *nearest = gw_text_nearest(kind, known, n);
    fprintf(stderr, "geowatt list: there is no kind \"%s\"%s; see geowatt list\n", kind,
            gw_text_hint(nearest).text);
    return gw_status_exit(GW_ERR_USAGE);
}

/* 0 when the kind is known. */
static int list_kind(struct listing *l, const char *kind)
{
    for (size_t i = 0; i < N_OWN; i++) {
        if (strcmp(own_kinds[i].kind, kind) == 0) {
            own_kinds[i].list(l);
            return 0;
        }
    }
    struct gw_tree catalogue = {0};
    struct gw_errors errs = {0};
    if (gw_catalogue_load(&catalogue, &errs) != GW_OK) {
        return gw_terminal_errors(&errs);
    }
    const int status = list_section(l, &catalogue, kind) ? 0 : unknown_kind(kind);
    gw_tree_fini(&catalogue);
    return status;
}

int gw_list_command(const struct gw_arguments *arguments)
{
    const char *kind = arguments->n_operands > 0 ? arguments->operand[0] : NULL;
    if (kind != NULL && strcmp(kind, "figures") == 0) {
        gw_figures_list(stdout);
        return 0;
    }
    struct listing l = {.middle = "unit",
                        .quiet = gw_command_value(arguments, "--quiet") != NULL,
                        .json = gw_command_value(arguments, "--json") != NULL,
                        .first = true};
    int status = 0;
    if (kind == NULL) {
        list_kinds(&l);
    } else {
        status = list_kind(&l, kind);
    }
    if (status == 0) {
        gw_text_add(&l.out, !l.json ? "" : l.first ? "[]\n" : "\n]\n");
        fputs(l.out.at != NULL ? l.out.at : "", stdout);
    }
    gw_text_fini(&l.out);
    return status;
}
