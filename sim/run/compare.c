#include "sim/run/compare.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "sim/base/text.h"

enum { NOTES_MAX = 64 };

#define NOWHERE UINT32_MAX

/* Columns of one table in both files: [run][item][rows], items being sites or demand rows. */
struct table {
    enum gw_compare_table kind;
    const struct gw_result_column *a, *b;
    uint32_t n_a, n_b;
    uint32_t items_a, items_b;
    const uint32_t *item; /* [items_a] of A -> of B, or NOWHERE */
    const char **item_name;
    size_t rows_a, rows_b; /* 1 but for the timeline, counts and hours */
};

struct comparison {
    const struct gw_result_file *a, *b;
    struct gw_compare_options options;
    struct gw_compare *out;
    uint32_t *run_a, *run_b; /* [n_rows] */
    bool no_memory;
    struct gw_error miss; /* the first one */
};

/* ---- findings ---- */

static void *room(struct comparison *c, size_t n, size_t size)
{
    void *at = gw_arena_array(&c->out->arena, n, size);
    c->no_memory |= at == NULL;
    return at;
}

static const char *kept(struct comparison *c, const char *text)
{
    const char *copy = gw_arena_text(&c->out->arena, text != NULL ? text : "");
    c->no_memory |= copy == NULL;
    return copy;
}

/* Takes the text over. What lies beyond NOTES_MAX is dropped: whoever has that many needs no more. */
static void note(struct comparison *c, struct gw_text *text)
{
    if (text->failed) {
        c->no_memory = true;
    } else if (c->out->n_notes < NOTES_MAX) {
        c->out->note[c->out->n_notes++] = kept(c, text->at);
    }
    gw_text_fini(text);
}

static void miss(struct comparison *c, const char *where, const char *why)
{
    if (c->miss.status == GW_OK) {
        (void)gw_fail(&c->miss, GW_ERR_MISSED, where, "%s", why);
    }
}

/* Something that stands in one file only: a miss when B should repeat A. */
static void note_only(struct comparison *c, const char *what, const char *name, const char *file)
{
    struct gw_text text = {0};
    gw_text_addf(&text, "%s %s stands in %s only", what, name, file);
    if (c->options.same && !text.failed) {
        miss(c, name, text.at);
    }
    note(c, &text);
}

/* ---- what stands beside the numbers ---- */

static void compare_origin(struct comparison *c)
{
    const struct gw_result_file *a = c->a, *b = c->b;
    struct gw_text text = {0};
    if (strcmp(a->version, b->version) != 0 || strcmp(a->commit, b->commit) != 0) {
        gw_text_addf(&text, "A was written by geowatt %s (%s), B by %s (%s)", a->version, a->commit,
                     b->version, b->commit);
        note(c, &text);
    }
    if (a->libm_fingerprint != b->libm_fingerprint) {
        gw_text_addf(&text,
                     "the C libraries compute differently (fingerprints %016" PRIx64 " and %016" PRIx64
                     "): last bits may differ",
                     a->libm_fingerprint, b->libm_fingerprint);
        note(c, &text);
    }
    if (a->seed != b->seed) {
        gw_text_addf(&text, "the seeds are %" PRIu64 " and %" PRIu64, a->seed, b->seed);
        note(c, &text);
    }
    if (strcmp(a->scenario_yaml, b->scenario_yaml) != 0) {
        gw_text_addf(&text, "the scenarios differ (%s and %s)", a->scenario_name, b->scenario_name);
        note(c, &text);
    }
}

static uint32_t find(const char *const *names, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return NOWHERE;
}

/* Where each name of A stands in B. */
static uint32_t *pair_names(struct comparison *c, const char *what, const char *const *a, uint32_t n_a,
                            const char *const *b, uint32_t n_b)
{
    uint32_t *at = room(c, n_a, sizeof *at);
    for (uint32_t i = 0; at != NULL && i < n_a; i++) {
        at[i] = find(b, n_b, a[i]);
        if (at[i] == NOWHERE) {
            note_only(c, what, a[i], "A");
        }
    }
    for (uint32_t i = 0; i < n_b; i++) {
        if (find(a, n_a, b[i]) == NOWHERE) {
            note_only(c, what, b[i], "B");
        }
    }
    return at;
}

/* ---- runs ---- */

static bool same_work(const struct comparison *c, uint32_t run_a, uint32_t run_b)
{
    static const enum gw_score work[] = {GW_SCORE_COMPLETED, GW_SCORE_TOKENS_OUT};
    double a[GW_SCORE_COUNT] = {0}, b[GW_SCORE_COUNT] = {0};
    for (size_t i = 0; i < sizeof work / sizeof work[0]; i++) {
        const char *name = gw_score_doc(work[i]).name;
        const struct gw_result_column *in_a = gw_result_file_score(c->a, name);
        const struct gw_result_column *in_b = gw_result_file_score(c->b, name);
        a[work[i]] = in_a != NULL ? in_a->value[run_a] : NAN;
        b[work[i]] = in_b != NULL ? in_b->value[run_b] : NAN;
    }
    return gw_score_comparable(a, b);
}

static void check_row(struct comparison *c, const struct gw_compare_row *row)
{
    struct gw_text where = {0};
    gw_text_addf(&where, "%s, replication %" PRIu32, row->policy, row->replication);
    const char *at = where.failed ? row->policy : where.at;
    if (row->ok_a != row->ok_b) {
        miss(c, at, row->ok_a ? "the run failed in B" : "the run failed in A");
    } else if (!c->options.same && row->ok_a && !row->comparable) {
        miss(c, at, "the work done differs");
    }
    gw_text_fini(&where);
}

static void pair_runs(struct comparison *c)
{
    const struct gw_result_file *a = c->a, *b = c->b;
    const uint32_t *policy = pair_names(c, "policy", a->policy, a->policies, b->policy, b->policies);
    const uint32_t replications = a->replications < b->replications ? a->replications : b->replications;
    if (a->replications != b->replications) {
        struct gw_text text = {0};
        gw_text_addf(&text, "A has %" PRIu32 " replications, B %" PRIu32, a->replications, b->replications);
        if (c->options.same && !text.failed) {
            miss(c, "replications", text.at);
        }
        note(c, &text);
    }

    const size_t most = (size_t)a->policies * replications;
    c->out->row = room(c, most, sizeof *c->out->row);
    c->run_a = room(c, most, sizeof *c->run_a);
    c->run_b = room(c, most, sizeof *c->run_b);
    for (uint32_t p = 0; p < a->policies && !c->no_memory; p++) {
        for (uint32_t r = 0; r < replications && policy[p] != NOWHERE; r++) {
            const uint32_t i = c->out->n_rows++;
            c->run_a[i] = p * a->replications + r;
            c->run_b[i] = policy[p] * b->replications + r;
            const bool ok_a = a->ok[c->run_a[i]], ok_b = b->ok[c->run_b[i]];
            c->out->row[i] = (struct gw_compare_row){
                .policy = kept(c, a->policy[p]),
                .replication = r,
                .ok_a = ok_a,
                .ok_b = ok_b,
                .comparable = ok_a && ok_b && same_work(c, c->run_a[i], c->run_b[i]),
            };
            check_row(c, &c->out->row[i]);
        }
    }
    if (c->out->n_rows == 0) {
        miss(c, "policies", "the files have no run in common");
    }
}

/* ---- values ---- */

static bool agree(double a, double b, double tolerance)
{
    if (!isfinite(a) || !isfinite(b)) {
        return a == b || (isnan(a) && isnan(b));
    }
    return fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b)) + GW_COMPARE_FLOOR;
}

static double gap(double a, double b)
{
    if (agree(a, b, 0)) {
        return 0;
    }
    return isfinite(a) && isfinite(b) ? fabs(a - b) / fmax(fabs(a), fabs(b)) : INFINITY;
}

static double change(double a, double b)
{
    return agree(a, b, 0) && !isnan(a) ? 0 : (b - a) / fabs(a);
}

static void miss_value(struct comparison *c, const struct table *t, const struct gw_compare_column *column,
                       uint32_t row, uint32_t item, double a, double b)
{
    if (!c->options.same || c->miss.status != GW_OK) {
        return;
    }
    struct gw_text where = {0}, why = {0};
    if (t->kind == GW_COMPARE_GRIDS) {
        gw_text_addf(&where, "grids, %s: %s", t->item_name[item], column->name);
    } else {
        gw_text_addf(&where, "%s, replication %" PRIu32, c->out->row[row].policy,
                     c->out->row[row].replication);
        if (t->item_name != NULL) {
            gw_text_addf(&where, ", %s", t->item_name[item]);
        }
        gw_text_addf(&where, ": %s%s", t->kind == GW_COMPARE_TIMELINE ? "timeline " : "", column->name);
    }
    gw_text_add_number(&why, a);
    gw_text_add(&why, " and ");
    gw_text_add_number(&why, b);
    gw_text_add(&why, " are further apart than the tolerance of ");
    gw_text_add_number(&why, c->options.tolerance);
    if (where.failed || why.failed) {
        c->no_memory = true;
    } else {
        miss(c, where.at, why.at);
    }
    gw_text_fini(&where);
    gw_text_fini(&why);
}

/* The values of one run and item. */
static void compare_rows(struct comparison *c, const struct table *t, struct gw_compare_column *column,
                         const double *a, const double *b, uint32_t row, uint32_t item)
{
    const size_t rows = t->rows_a < t->rows_b ? t->rows_a : t->rows_b;
    for (size_t i = 0; i < rows; i++) {
        const double apart = gap(a[i], b[i]);
        if (apart > column->worst) {
            column->worst = apart;
            column->worst_row = row;
        }
        if (!agree(a[i], b[i], c->options.tolerance)) {
            column->apart++;
            miss_value(c, t, column, row, item, a[i], b[i]);
        }
    }
}

static void compare_column(struct comparison *c, const struct table *t, const struct gw_result_column *a,
                           const struct gw_result_column *b)
{
    struct gw_compare_column *column = &c->out->column[c->out->n_columns++];
    *column =
        (struct gw_compare_column){.table = t->kind, .name = kept(c, a->name), .unit = kept(c, a->unit)};
    const bool of_runs = t->kind != GW_COMPARE_GRIDS;
    const uint32_t n = of_runs ? c->out->n_rows : 1;
    if (t->kind == GW_COMPARE_SCORES) {
        column->a = room(c, n, sizeof *column->a);
        column->b = room(c, n, sizeof *column->b);
        column->relative = room(c, n, sizeof *column->relative);
    }
    for (uint32_t row = 0; row < n && !c->no_memory; row++) {
        for (uint32_t item = 0; item < t->items_a; item++) {
            if (t->item[item] == NOWHERE) {
                continue;
            }
            const size_t run_a = of_runs ? c->run_a[row] : 0, run_b = of_runs ? c->run_b[row] : 0;
            const size_t at_a = (run_a * t->items_a + item) * t->rows_a;
            const size_t at_b = (run_b * t->items_b + t->item[item]) * t->rows_b;
            compare_rows(c, t, column, a->value + at_a, b->value + at_b, row, item);
        }
        if (t->kind == GW_COMPARE_SCORES) {
            column->a[row] = a->value[c->run_a[row]];
            column->b[row] = b->value[c->run_b[row]];
            column->relative[row] = change(column->a[row], column->b[row]);
        }
    }
}

static const struct gw_result_column *find_column(const struct gw_result_column *columns, uint32_t n,
                                                  const char *name)
{
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            return &columns[i];
        }
    }
    return NULL;
}

static void compare_table(struct comparison *c, const struct table *t)
{
    static const char *const what[] = {[GW_COMPARE_SCORES] = "score",
                                       [GW_COMPARE_SITES] = "site account",
                                       [GW_COMPARE_DEMANDS] = "column of demand rows",
                                       [GW_COMPARE_TIMELINE] = "timeline column",
                                       [GW_COMPARE_GRIDS] = "grid column"};
    for (uint32_t i = 0; i < t->n_a && !c->no_memory; i++) {
        const struct gw_result_column *b = find_column(t->b, t->n_b, t->a[i].name);
        if (b == NULL) {
            note_only(c, what[t->kind], t->a[i].name, "A");
        } else {
            compare_column(c, t, &t->a[i], b);
        }
    }
    for (uint32_t i = 0; i < t->n_b && !c->no_memory; i++) {
        if (find_column(t->a, t->n_a, t->b[i].name) == NULL) {
            note_only(c, what[t->kind], t->b[i].name, "B");
        }
    }
}

/* Grids of sites that both files have: a miss when another one stands there. */
static void compare_grid_names(struct comparison *c, const uint32_t *site)
{
    const struct gw_result_grids *a = &c->a->grids, *b = &c->b->grids;
    struct gw_text text = {0};
    if (a->hours != b->hours) {
        gw_text_addf(&text, "the grids have %" PRIu32 " and %" PRIu32 " hours", a->hours, b->hours);
        if (c->options.same && !text.failed) {
            miss(c, "grids", text.at);
        }
        note(c, &text);
    }
    for (uint32_t s = 0; s < c->a->sites && a->hours > 0 && b->hours > 0; s++) {
        if (site[s] != NOWHERE && strcmp(a->name[s], b->name[site[s]]) != 0) {
            gw_text_addf(&text, "site %s is on grid %s in A, on %s in B", c->a->site[s], a->name[s],
                         b->name[site[s]]);
            if (c->options.same && !text.failed) {
                miss(c, "grids", text.at);
            }
            note(c, &text);
        }
    }
}

/* Counts of times to first token, as a table of one column; bins are numbered alike. */
static struct table ttft_table(struct comparison *c, const uint32_t *demand,
                               struct gw_result_column column[2])
{
    const struct gw_result_file *a = c->a, *b = c->b;
    column[0] = (struct gw_result_column){.name = "ttft_count", .unit = "1", .value = a->ttft_count};
    column[1] = (struct gw_result_column){.name = "ttft_count", .unit = "1", .value = b->ttft_count};
    const bool like = a->ttft_bins == b->ttft_bins || a->ttft_count == NULL || b->ttft_count == NULL;
    if (!like) {
        struct gw_text text = {0};
        gw_text_addf(&text, "times to first token are counted in %" PRIu32 " and %" PRIu32 " bins",
                     a->ttft_bins, b->ttft_bins);
        if (c->options.same && !text.failed) {
            miss(c, "ttft_count", text.at);
        }
        note(c, &text);
    }
    return (struct table){GW_COMPARE_DEMANDS,
                          &column[0],
                          &column[1],
                          like && a->ttft_count != NULL,
                          like && b->ttft_count != NULL,
                          a->demands,
                          b->demands,
                          demand,
                          a->demand,
                          a->ttft_bins,
                          b->ttft_bins};
}

static void compare_tables(struct comparison *c)
{
    const struct gw_result_file *a = c->a, *b = c->b;
    static const uint32_t itself[] = {0};
    const uint32_t *site = pair_names(c, "site", a->site, a->sites, b->site, b->sites);
    const uint32_t *demand = pair_names(c, "demand row", a->demand, a->demands, b->demand, b->demands);
    if (a->rows != b->rows || a->every_us != b->every_us) {
        struct gw_text text = {0};
        gw_text_addf(&text,
                     "the timelines have %" PRIu32 " rows of %" PRId64 " s and %" PRIu32 " of %" PRId64 " s",
                     a->rows, a->every_us / 1000000, b->rows, b->every_us / 1000000);
        if (c->options.same && !text.failed) {
            miss(c, "timeline", text.at);
        }
        note(c, &text);
    }

    const size_t most = (size_t)a->n_scores + a->n_accounts + a->n_per_demand + a->n_series + a->n_load +
                        a->grids.n_columns + 1;
    c->out->column = room(c, most, sizeof *c->out->column);
    if (c->no_memory) {
        return;
    }
    compare_grid_names(c, site);
    struct gw_result_column ttft[2];
    const struct table counts = ttft_table(c, demand, ttft);
    const bool same_hours = a->grids.hours == b->grids.hours;
    /* rows of other lengths do not stand for the same time */
    const bool in_step = a->every_us == b->every_us;
    const bool same_cells = in_step && a->models == b->models && a->rows == b->rows;
    const struct table tables[] = {
        {GW_COMPARE_SCORES, a->score, b->score, a->n_scores, b->n_scores, 1, 1, itself, NULL, 1, 1},
        {GW_COMPARE_SITES, a->account, b->account, a->n_accounts, b->n_accounts, a->sites, b->sites, site,
         a->site, 1, 1},
        {GW_COMPARE_DEMANDS, a->per_demand, b->per_demand, a->n_per_demand, b->n_per_demand, a->demands,
         b->demands, demand, a->demand, 1, 1},
        {GW_COMPARE_TIMELINE, a->series, b->series, in_step ? a->n_series : 0, in_step ? b->n_series : 0,
         a->sites, b->sites, site, a->site, a->rows, b->rows},
        {GW_COMPARE_TIMELINE, a->load, b->load, same_cells ? a->n_load : 0, same_cells ? b->n_load : 0,
         a->sites, b->sites, site, a->site, (size_t)a->models * a->rows, (size_t)b->models * b->rows},
        counts,
        {GW_COMPARE_GRIDS, a->grids.column, b->grids.column, same_hours ? a->grids.n_columns : 0,
         same_hours ? b->grids.n_columns : 0, a->sites, b->sites, site, a->site, a->grids.hours,
         b->grids.hours},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        compare_table(c, &tables[i]);
    }
}

enum gw_status gw_compare_results(const struct gw_result_file *a, const struct gw_result_file *b,
                                  const struct gw_compare_options *options, struct gw_compare *out,
                                  struct gw_error *err)
{
    *out = (struct gw_compare){.identical = a->checksum == b->checksum};
    struct comparison c = {.a = a, .b = b, .options = *options, .out = out};
    out->note = room(&c, NOTES_MAX, sizeof *out->note);
    if (!c.no_memory) {
        compare_origin(&c);
        pair_runs(&c);
    }
    if (!c.no_memory) {
        compare_tables(&c);
    }
    if (c.no_memory) {
        gw_compare_fini(out);
        return gw_fail(err, GW_ERR_NOMEM, "compare", "out of memory");
    }
    if (c.miss.status != GW_OK) {
        return gw_fail(err, c.miss.status, c.miss.where, "%s", c.miss.why);
    }
    return GW_OK;
}

enum gw_status gw_compare_files(const char *path_a, const char *path_b,
                                const struct gw_compare_options *options, struct gw_compare *out,
                                struct gw_error *err)
{
    *out = (struct gw_compare){0};
    struct gw_result_file a, b = {0};
    enum gw_status s = gw_result_file_read(path_a, &a, err);
    if (s == GW_OK) {
        s = gw_result_file_read(path_b, &b, err);
    }
    if (s == GW_OK) {
        s = gw_compare_results(&a, &b, options, out, err);
    }
    gw_result_file_fini(&a);
    gw_result_file_fini(&b);
    return s;
}

void gw_compare_fini(struct gw_compare *self)
{
    if (self == NULL) {
        return;
    }
    gw_arena_fini(&self->arena);
    *self = (struct gw_compare){0};
}
