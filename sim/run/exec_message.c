#include "sim/run/exec_message.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/orders.h"
#include "models/policies/slots.h"
#include "sim/base/units.h"

enum { PROTOCOL = 1 };
#define SEED_BITS ((UINT64_C(1) << 53) - 1) /* what every reader of JSON keeps exactly */

static void add_number(struct gw_text *out, double x)
{
    if (isfinite(x)) {
        gw_text_add_number(out, x);
    } else {
        gw_text_add(out, "null");
    }
}

/* Arrays in arrays, a level for each dimension; returns behind the values written. */
static const double *add_values(struct gw_text *out, const uint32_t *dim, uint32_t rank, const double *v)
{
    if (rank == 0) {
        add_number(out, *v);
        return v + 1;
    }
    gw_text_add(out, "[");
    for (uint32_t i = 0; i < *dim; i++) {
        gw_text_add(out, i > 0 ? "," : "");
        v = add_values(out, dim + 1, rank - 1, v);
    }
    gw_text_add(out, "]");
    return v;
}

/* ---- facts ---- */

static void add_names(struct gw_text *out, const struct gw_view *view, const char *key, const char *axis)
{
    gw_text_addf(out, ",\"%s\":[", key);
    for (uint32_t i = 0; view->name(view, axis, i) != NULL; i++) {
        gw_text_add(out, i > 0 ? "," : "");
        gw_text_add_json(out, view->name(view, axis, i));
    }
    gw_text_add(out, "]");
}

static const char *axis_word(char axis)
{
    switch (axis) {
    case 'o':
        return "origin";
    case 'd':
        return "demand";
    case 'm':
        return "model";
    case 's':
        return "site";
    case 'u':
        return "utilisation";
    case 'l':
        return "level";
    case 'c':
        return "cap";
    case 'g':
        return "objective";
    default:
        return "horizon";
    }
}

static void add_axes(struct gw_text *out, const char *axes)
{
    gw_text_add(out, "[");
    for (size_t i = 0; axes[i] != '\0'; i++) {
        gw_text_addf(out, "%s\"%s\"", i > 0 ? "," : "", axis_word(axes[i]));
    }
    gw_text_add(out, "]");
}

static void add_orders(struct gw_text *out, uint32_t slots)
{
    gw_text_add(out, ",\"orders\":{");
    bool first = true;
    for (size_t k = 0; k < GW_ORDER_KINDS; k++) {
        const struct gw_order_doc *doc = &gw_orders_docs[k];
        if (doc->slots != 0 && (doc->slots & slots) == 0) {
            continue;
        }
        gw_text_addf(out, "%s\"%s\":{\"at\":", first ? "" : ",", doc->name);
        add_axes(out, doc->axes);
        gw_text_addf(out, ",\"unit\":\"%s\",\"min\":", doc->unit);
        add_number(out, doc->min);
        gw_text_add(out, ",\"max\":");
        add_number(out, doc->max);
        gw_text_add(out, "}");
        first = false;
    }
    gw_text_add(out, "}");
}

static void add_facts(struct gw_text *out, const struct gw_exec_subject *subject, const struct gw_view *view)
{
    gw_text_addf(out, ",\"facts\":{\"protocol\":%d,\"policy\":", PROTOCOL);
    gw_text_add_json(out, subject->policy);
    gw_text_addf(out,
                 ",\"seed\":%" PRIu64 ",\"episodes\":%" PRId64 ",\"epoch_s\":", subject->seed & SEED_BITS,
                 subject->episodes);
    add_number(out, gw_s_from_us(view->epoch_us));
    gw_text_add(out, ",\"slots\":[");
    bool first = true;
    for (size_t k = 0; k < GW_SLOTS_COUNT; k++) {
        if ((subject->slots & gw_slots_docs[k].slot) != 0) {
            gw_text_addf(out, "%s\"%s\"", first ? "" : ",", gw_slots_docs[k].key);
            first = false;
        }
    }
    gw_text_add(out, "]");
    add_names(out, view, "sites", "site");
    add_names(out, view, "demands", "demand");
    add_names(out, view, "models", "model");
    add_names(out, view, "origins", "origin");
    gw_text_addf(out, ",\"horizon\":%" PRIu32 ",\"levels\":%" PRIu32 ",\"tables\":{", view->dims->horizon,
                 view->dims->levels);
    for (size_t i = 0; i < GW_VIEW_COUNT; i++) {
        const struct gw_view_doc doc = gw_view_doc((enum gw_view_id)i);
        gw_text_addf(out, "%s\"%s\":{\"unit\":\"%s\",\"axes\":", i > 0 ? "," : "", doc.name, doc.unit);
        add_axes(out, doc.axes);
        gw_text_add(out, "}");
    }
    gw_text_add(out, "}");
    add_orders(out, subject->slots);
    gw_text_add(out, "}");
}

/* ---- tables ---- */

void gw_exec_message_forget(struct gw_exec_told *self)
{
    for (size_t i = 0; i < GW_VIEW_COUNT; i++) {
        free(self->value[i]);
    }
    *self = (struct gw_exec_told){0};
}

static size_t cells_of(const struct gw_table *table)
{
    size_t n = 1;
    for (uint32_t k = 0; k < table->rank; k++) {
        n *= table->dim[k];
    }
    return n;
}

/* False when memory is out. */
static bool has_changed(struct gw_exec_told *told, size_t i, const struct gw_table *table, bool *changed)
{
    const size_t bytes = cells_of(table) * sizeof(double);
    if (told->value[i] == NULL) {
        told->value[i] = malloc(bytes > 0 ? bytes : 1);
        *changed = true;
    } else {
        *changed = memcmp(told->value[i], table->v, bytes) != 0;
    }
    if (told->value[i] != NULL && *changed) {
        memcpy(told->value[i], table->v, bytes);
    }
    return told->value[i] != NULL;
}

static bool add_tables(struct gw_text *out, const struct gw_view *view, struct gw_exec_told *told)
{
    gw_text_add(out, ",\"tables\":{");
    bool first = true;
    for (size_t i = 0; i < GW_VIEW_COUNT; i++) {
        const char *name = gw_view_doc((enum gw_view_id)i).name;
        const struct gw_table *table = view->table(view, name);
        bool changed;
        if (!has_changed(told, i, table, &changed)) {
            return false;
        }
        if (changed) {
            gw_text_addf(out, "%s\"%s\":", first ? "" : ",", name);
            add_values(out, table->dim, table->rank, table->v);
            first = false;
        }
    }
    gw_text_add(out, "}");
    return true;
}

/* What the last epoch came to. */
static void add_scores(struct gw_text *out, const struct gw_view *view)
{
    const struct gw_table *table = view->table(view, gw_view_doc(GW_VIEW_STATE_OBJECTIVE).name);
    gw_text_add(out, ",\"scores\":{");
    for (uint32_t k = 0; k < GW_OBJECTIVES; k++) {
        gw_text_addf(out, "%s\"%s\":", k > 0 ? "," : "", view->name(view, "objective", k));
        add_number(out, table->v[k]);
    }
    gw_text_add(out, "}");
}

bool gw_exec_message(const struct gw_exec_subject *subject, const struct gw_view *view, bool done,
                     struct gw_exec_told *told, struct gw_text *out)
{
    gw_text_addf(out,
                 "{\"done\":%s,\"episode\":%" PRId64 ",\"scored\":%s,\"time_s\":", done ? "true" : "false",
                 subject->episode, subject->episode == 0 ? "true" : "false");
    add_number(out, gw_s_from_us(view->now_us));
    add_scores(out, view);
    if (!told->begun) {
        add_facts(out, subject, view);
        told->begun = true;
    }
    const bool good = add_tables(out, view, told);
    gw_text_add(out, "}\n");
    return good && !out->failed;
}
