#include "sim/validate/validation.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/catalogue/catalogue.h"
#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/run/scenario.h"

const char *const gw_validation_kind_names[] = {"identity", "replay", "fitted", "predicted"};
const char *const gw_validation_verdict_names[] = {"pass", "miss", "skipped"};

enum gw_status gw_validation_init(struct gw_validation *self, const char *data, struct gw_errors *errs)
{
    *self = (struct gw_validation){.data = data};
    return gw_catalogue_load(&self->catalogue, errs);
}

void gw_validation_fini(struct gw_validation *self)
{
    free(self->row);
    gw_arena_fini(&self->arena);
    gw_tree_fini(&self->catalogue);
    *self = (struct gw_validation){0};
}

/* ---- what validators use ---- */

const char *gw_validation_text(struct gw_validation *self, const char *fmt, ...)
{
    char text[400];
    va_list values;
    va_start(values, fmt);
    vsnprintf(text, sizeof text, fmt, values);
    va_end(values);
    const char *copy = gw_arena_text(&self->arena, text);
    self->failed = self->failed || copy == NULL;
    return copy != NULL ? copy : "";
}

const char *gw_validation_file(struct gw_validation *self, const char *relative)
{
    if (self->data == NULL) {
        return NULL;
    }
    struct gw_text path = {0};
    gw_text_addf(&path, "%s/%s", self->data, relative);
    FILE *file = path.failed ? NULL : fopen(path.at, "r");
    const char *found = NULL;
    if (file != NULL) {
        fclose(file);
        found = gw_arena_text(&self->arena, path.at);
    }
    gw_text_fini(&path);
    return found;
}

const void *gw_validation_entry(struct gw_validation *self, const char *kind, const char *name)
{
    const struct gw_bind_env env = gw_scenario_env(&self->catalogue);
    const void *object = NULL;
    const enum gw_status s = gw_bind_entry(NULL, &env, kind, name, &object, &self->arena, NULL);
    GW_REQUIRE(s == GW_OK); /* the names stand in our own source */
    return object;
}

/* ---- rows ---- */

static bool within(const struct gw_validation_row *row)
{
    switch (row->rule) {
    case GW_VALIDATION_REL:
        return fabs(row->ours / row->published - 1.0) <= row->tolerance;
    case GW_VALIDATION_ABS:
        return fabs(row->ours - row->published) <= row->tolerance;
    case GW_VALIDATION_BAND:
        return row->ours >= row->low && row->ours <= row->high;
    case GW_VALIDATION_AT_MOST:
        return row->ours <= row->published;
    case GW_VALIDATION_AT_LEAST:
        return row->ours >= row->published;
    }
    return false;
}

double gw_validation_off(const struct gw_validation_row *row)
{
    if (row->verdict == GW_VERDICT_SKIPPED) {
        return (double)NAN;
    }
    switch (row->rule) {
    case GW_VALIDATION_REL:
        return (row->ours / row->published - 1.0) / row->tolerance;
    case GW_VALIDATION_ABS:
        return (row->ours - row->published) / row->tolerance;
    case GW_VALIDATION_BAND:
        return (2.0 * row->ours - row->low - row->high) / (row->high - row->low);
    case GW_VALIDATION_AT_MOST:
        return row->ours / row->published;
    case GW_VALIDATION_AT_LEAST:
        return row->published / row->ours;
    }
    return (double)NAN;
}

static void append(struct gw_validation *self, const struct gw_validation_row *row, enum gw_verdict verdict)
{
    if (!gw_array_reserve((void **)&self->row, &self->cap, self->n + 1, sizeof *self->row)) {
        self->failed = true;
        return;
    }
    struct gw_validation_row *copy = &self->row[self->n++];
    *copy = *row;
    copy->group = gw_validation_text(self, "%s", row->group);
    copy->name = gw_validation_text(self, "%s", row->name);
    copy->unit = gw_validation_text(self, "%s", row->unit != NULL ? row->unit : "");
    copy->source = gw_validation_text(self, "%s", row->source);
    copy->note = row->note != NULL ? gw_validation_text(self, "%s", row->note) : NULL;
    if (row->rule == GW_VALIDATION_BAND) {
        copy->published = (row->low + row->high) / 2.0;
    }
    copy->verdict = verdict;
}

void gw_validation_add(struct gw_validation *self, const struct gw_validation_row *row)
{
    append(self, row, within(row) ? GW_VERDICT_PASS : GW_VERDICT_MISS);
}

void gw_validation_skip(struct gw_validation *self, const struct gw_validation_row *row)
{
    struct gw_validation_row skipped = *row;
    skipped.ours = (double)NAN;
    append(self, &skipped, GW_VERDICT_SKIPPED);
}

size_t gw_validation_count(const struct gw_validation *self, enum gw_validation_kind kind,
                           enum gw_verdict verdict)
{
    size_t n = 0;
    for (size_t i = 0; i < self->n; i++) {
        const struct gw_validation_row *row = &self->row[i];
        n += !row->detail && row->verdict == verdict && (kind == GW_VALIDATION_KINDS || row->kind == kind);
    }
    return n;
}

/* ---- printing ---- */

/* What is allowed, as people write it: "± 5 %", "1.1 .. 1.3", "<= 15". */
static void add_allowed(struct gw_text *out, const struct gw_validation_row *row)
{
    switch (row->rule) {
    case GW_VALIDATION_REL:
        gw_text_addf(out, "± %.4g %%", 100.0 * row->tolerance);
        break;
    case GW_VALIDATION_ABS:
        gw_text_addf(out, "± %.4g", row->tolerance);
        break;
    case GW_VALIDATION_BAND:
        gw_text_addf(out, "%.4g .. %.4g", row->low, row->high);
        break;
    case GW_VALIDATION_AT_MOST:
        gw_text_addf(out, "<= %.4g", row->published);
        break;
    case GW_VALIDATION_AT_LEAST:
        gw_text_addf(out, ">= %.4g", row->published);
        break;
    }
}

static void add_quoted(struct gw_text *out, const char *text)
{
    gw_text_add(out, "\"");
    for (const char *at = text; *at != '\0'; at++) {
        gw_text_add_n(out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    }
    gw_text_add(out, "\"");
}

void gw_validation_print_csv(const struct gw_validation *self, struct gw_text *out)
{
    gw_text_add(out, "group,name,kind,unit,published,ours,allowed,off,verdict,detail,source,note\n");
    for (size_t i = 0; i < self->n; i++) {
        const struct gw_validation_row *row = &self->row[i];
        add_quoted(out, row->group);
        gw_text_add(out, ",");
        add_quoted(out, row->name);
        gw_text_addf(out, ",%s,%s,", gw_validation_kind_names[row->kind], row->unit);
        gw_text_add_number(out, row->published);
        gw_text_add(out, ",");
        gw_text_add_number(out, row->ours);
        gw_text_add(out, ",");
        add_allowed(out, row);
        gw_text_add(out, ",");
        gw_text_add_number(out, gw_validation_off(row));
        gw_text_addf(out, ",%s,%d,", gw_validation_verdict_names[row->verdict], row->detail ? 1 : 0);
        add_quoted(out, row->source);
        gw_text_add(out, ",");
        add_quoted(out, row->note != NULL ? row->note : "");
        gw_text_add(out, "\n");
    }
}

static void pad(struct gw_text *out, const char *text, int columns)
{
    gw_text_add(out, text);
    for (int at = (int)gw_text_columns(text); at < columns; at++) {
        gw_text_add(out, " ");
    }
}

static void print_row(const struct gw_validation_row *row, struct gw_text *out)
{
    struct gw_text allowed = {0};
    add_allowed(&allowed, row);
    const bool off = row->detail && row->verdict == GW_VERDICT_MISS;
    gw_text_addf(out, "  %-8s%s", off ? "off" : gw_validation_verdict_names[row->verdict],
                 row->detail ? "  " : "");
    pad(out, row->name, row->detail ? 42 : 44);
    gw_text_addf(out, " %-9s ", gw_validation_kind_names[row->kind]);
    if (row->verdict == GW_VERDICT_SKIPPED) {
        gw_text_addf(out, "%10.4g %10s ", row->published, "-");
    } else {
        gw_text_addf(out, "%10.4g %10.4g ", row->published, row->ours);
    }
    pad(out, row->unit, 9);
    gw_text_addf(out, " %s", allowed.failed ? "" : allowed.at);
    if (row->note != NULL) {
        gw_text_addf(out, "  (%s)", row->note);
    }
    gw_text_add(out, "\n");
    gw_text_fini(&allowed);
}

/* Rows of a group from `i` on: how many there are, and how many passed. */
static size_t group_end(const struct gw_validation *self, size_t i)
{
    size_t end = i;
    while (end < self->n && strcmp(self->row[end].group, self->row[i].group) == 0) {
        end++;
    }
    return end;
}

static void print_group(const struct gw_validation *self, size_t from, size_t to, bool all,
                        struct gw_text *out)
{
    size_t n[GW_VERDICTS] = {0};
    for (size_t i = from; i < to; i++) {
        n[self->row[i].verdict]++;
    }
    gw_text_addf(out, "\n%s: %zu of %zu rows hold", self->row[from].group, n[GW_VERDICT_PASS],
                 n[GW_VERDICT_PASS] + n[GW_VERDICT_MISS]);
    if (n[GW_VERDICT_SKIPPED] > 0) {
        gw_text_addf(out, ", %zu skipped", n[GW_VERDICT_SKIPPED]);
    }
    gw_text_addf(out, "\n  %s\n", self->row[from].source);
    for (size_t i = from; i < to; i++) {
        const struct gw_validation_row *row = &self->row[i];
        if (all || !row->detail || row->verdict == GW_VERDICT_MISS) {
            print_row(row, out);
        }
    }
}

void gw_validation_print(const struct gw_validation *self, bool all, struct gw_text *out)
{
    gw_text_addf(out, "  %-8s%-44s %-9s %10s %10s %-9s %s\n", "", "", "kind", "published", "ours", "unit",
                 "allowed");
    for (size_t i = 0; i < self->n;) {
        const size_t end = group_end(self, i);
        print_group(self, i, end, all, out);
        i = end;
    }
    gw_text_add(out, "\n");
    for (size_t k = GW_VALIDATION_KINDS; k-- > 0;) {
        const size_t pass = gw_validation_count(self, (enum gw_validation_kind)k, GW_VERDICT_PASS),
                     miss = gw_validation_count(self, (enum gw_validation_kind)k, GW_VERDICT_MISS),
                     skipped = gw_validation_count(self, (enum gw_validation_kind)k, GW_VERDICT_SKIPPED);
        if (pass + miss + skipped > 0) {
            gw_text_addf(out, "%-9s  %zu of %zu hold", gw_validation_kind_names[k], pass, pass + miss);
            if (skipped > 0) {
                gw_text_addf(out, ", %zu skipped", skipped);
            }
            gw_text_add(out, "\n");
        }
    }
}
