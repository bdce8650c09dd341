#include "sim/cli/score_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/core/moments.h"
#include "sim/run/external.h"
#include "sim/run/accounts.h"
#include "sim/run/transfers.h"

enum { NAME_COLUMNS = 21, VALUE_COLUMNS = 10, CHANGE_COLUMNS = 8, CELL_BYTES = GW_NUMBER_MAX * 12 };
static const double confidence = 0.95;

/* A printed column: a score, and a larger unit used when its values are large. */
struct column {
    enum gw_score score;
    const char *title, *unit, *large_unit;
    double scale, large_from, large_scale;
    bool with_change;
};

static const struct column cost_columns[] = {
    {GW_SCORE_CARBON, "carbon", "kgCO2", "tCO2", 1.0, 1e4, 1e-3, true},
    {GW_SCORE_WATER, "water", "L", "m3", 1.0, 1e4, 1e-3, true},
    {GW_SCORE_COST, "cost", "USD", "kUSD", 1.0, 1e6, 1e-3, true},
};
static const struct column service_columns[] = {
    {GW_SCORE_ENERGY, "energy", "kWh", "MWh", 1.0, 1e4, 1e-3, false},
    {GW_SCORE_TTFT_P50, "TTFT p50", "ms", "s", 1.0, 1e5, 1e-3, false},
    {GW_SCORE_TTFT_P99, "TTFT p99", "ms", "s", 1.0, 1e5, 1e-3, false},
    {GW_SCORE_TPOT_MEAN, "TPOT", "ms", "s", 1.0, 1e5, 1e-3, false},
    {GW_SCORE_SLO, "in SLO", "%", "%", 100.0, INFINITY, 100.0, false},
};
static const struct column job_columns[] = {
    {GW_SCORE_TRAINING, "energy", "kWh", "MWh", 1.0, 1e4, 1e-3, false},
    {GW_SCORE_JOBS_DONE, "jobs done", "1", "1", 1.0, INFINITY, 1.0, false},
    {GW_SCORE_JOB_DELAY, "delay", "h", "d", 1.0, 1e3, 1.0 / 24.0, false},
    {GW_SCORE_JOB_DELAY_P95, "delay p95", "h", "d", 1.0, 1e3, 1.0 / 24.0, false},
    {GW_SCORE_JOB_MISSED, "late", "%", "%", 100.0, INFINITY, 100.0, false},
    {GW_SCORE_INSTANCES, "instances", "USD", "kUSD", 1.0, 1e6, 1e-3, false},
};
static const struct column round_columns[] = {
    {GW_SCORE_TRAINING, "energy", "kWh", "MWh", 1.0, 1e4, 1e-3, false},
    {GW_SCORE_ROUNDS, "rounds", "1", "1", 1.0, INFINITY, 1.0, false},
    {GW_SCORE_LEARNT, "learnt", "Mtok", "Gtok", 1e-6, 1e10, 1e-9, false},
    {GW_SCORE_LEARNT_H, "in", "h", "d", 1.0, 1e3, 1.0 / 24.0, false},
    {GW_SCORE_LOSS_RATIO, "loss", "ratio", "ratio", 1.0, INFINITY, 1.0, false},
    {GW_SCORE_NETWORK, "network", "kWh", "MWh", 1.0, 1e4, 1e-3, false},
};
enum { N_COST = 3, N_SERVICE = 5, N_JOB = 6, N_ROUND = 6 };

struct table {
    const struct gw_scenario *sc;
    const struct gw_result *result;
    bool colour;
    struct gw_text *out;
};

static const struct gw_run_result *run_of(const struct table *t, uint32_t policy, uint32_t replication)
{
    return &t->result->run[(size_t)policy * t->result->replications + replication];
}

static bool failed(const struct table *t, uint32_t policy)
{
    for (uint32_t r = 0; r < t->result->replications; r++) {
        if (run_of(t, policy, r)->error.status != GW_OK) {
            return true;
        }
    }
    return false;
}

static bool comparable(const struct table *t, uint32_t policy)
{
    for (uint32_t r = 0; r < t->result->replications; r++) {
        const double *score = run_of(t, policy, r)->score, *base = run_of(t, t->sc->baseline, r)->score;
        if (failed(t, policy) || failed(t, t->sc->baseline) ||
            !(t->result->per_request ? gw_score_comparable_per_request(score, base)
                                     : gw_score_comparable(score, base))) {
            return false;
        }
    }
    return true;
}

/* Mean over replications; NaN values (a column without meaning) are left out. */
static struct gw_moments moments(const struct table *t, uint32_t policy, enum gw_score score)
{
    struct gw_moments m = {0};
    for (uint32_t r = 0; r < t->result->replications; r++) {
        const double x = run_of(t, policy, r)->score[score];
        if (isfinite(x)) {
            gw_moments_add(&m, x);
        }
    }
    return m;
}

static double mean(const struct table *t, uint32_t policy, enum gw_score score)
{
    const struct gw_moments m = moments(t, policy, score);
    return m.n > 0 ? m.mean : NAN;
}

/* What rows are compared by: where users answer to the service, totals over completed requests. */
static double compared(const struct table *t, const struct gw_run_result *run, enum gw_score score)
{
    const bool over_requests = t->result->per_request && gw_score_is_total(score);
    return over_requests ? run->score[score] / run->score[GW_SCORE_COMPLETED] : run->score[score];
}

static double mean_compared(const struct table *t, uint32_t policy, enum gw_score score)
{
    struct gw_moments m = {0};
    for (uint32_t r = 0; r < t->result->replications; r++) {
        const double x = compared(t, run_of(t, policy, r), score);
        if (isfinite(x)) {
            gw_moments_add(&m, x);
        }
    }
    return m.n > 0 ? m.mean : NAN;
}

/* Mean of the paired relative differences to the baseline. */
static double change(const struct table *t, uint32_t policy, enum gw_score score)
{
    struct gw_moments m = {0};
    for (uint32_t r = 0; r < t->result->replications; r++) {
        const double base = compared(t, run_of(t, t->sc->baseline, r), score);
        gw_moments_add(&m, compared(t, run_of(t, policy, r), score) / base - 1.0);
    }
    return m.mean;
}

static bool better(enum gw_score score, double a, double b)
{
    return gw_score_doc(score).better == GW_BETTER_HIGH ? a > b : a < b;
}

/* The best of the comparable rows; NaN when there is nothing to choose between: fewer than two, or all alike.
 */
static double best_of(const struct table *t, enum gw_score score)
{
    double best = NAN, first = NAN;
    bool differ = false;
    for (uint32_t p = 0; p < t->result->policies; p++) {
        const double x = comparable(t, p) ? mean_compared(t, p, score) : NAN;
        if (!isfinite(x)) {
            continue;
        }
        first = isnan(first) ? x : first;
        differ = differ || x != first;
        best = isnan(best) || better(score, x, best) ? x : best;
    }
    return differ ? best : NAN;
}

/* Four significant digits, without exponent where that stays readable. */
static void print_value(double x, char out[CELL_BYTES])
{
    if (isnan(x)) {
        snprintf(out, CELL_BYTES, "-");
    } else if (x != 0.0 && (fabs(x) >= 1e7 || fabs(x) < 1e-4)) {
        snprintf(out, CELL_BYTES, "%.3e", x);
    } else {
        const int whole = x == 0.0 ? 1 : (int)floor(log10(fabs(x))) + 1;
        gw_number_print_fixed(x, whole >= 4 ? 0 : 4 - (whole > 0 ? whole : 0), out);
    }
}

static const struct column *scaled(const struct table *t, const struct column *c, double *scale)
{
    double largest = 0.0;
    for (uint32_t p = 0; p < t->result->policies; p++) {
        const double x = failed(t, p) ? 0.0 : fabs(mean(t, p, c->score));
        largest = x > largest ? x : largest;
    }
    *scale = largest >= c->large_from ? c->large_scale : c->scale;
    return c;
}

static void pad(struct gw_text *out, size_t n)
{
    for (; n > 0; n--) {
        gw_text_add(out, " ");
    }
}

static void right(struct gw_text *out, const char *cell, size_t columns)
{
    const size_t n = gw_text_columns(cell);
    pad(out, n < columns ? columns - n : 0);
    gw_text_add(out, cell);
}

static void left(struct gw_text *out, const char *cell, size_t columns)
{
    const size_t n = gw_text_columns(cell);
    gw_text_add(out, cell);
    pad(out, n < columns ? columns - n : 0);
}

static size_t width(const struct column *c)
{
    return VALUE_COLUMNS + (c->with_change ? CHANGE_COLUMNS + 1 : 0);
}

/* Ends a line without blanks before its end. */
static void end_line(struct gw_text *out)
{
    while (out->n > 0 && out->at[out->n - 1] == ' ') {
        out->at[--out->n] = '\0';
    }
    gw_text_add(out, "\n");
}

static void print_head(const struct table *t, const struct column *columns, size_t n)
{
    left(t->out, "", NAME_COLUMNS);
    for (size_t i = 0; i < n; i++) {
        right(t->out, columns[i].title, VALUE_COLUMNS);
        pad(t->out, width(&columns[i]) - VALUE_COLUMNS + 1);
    }
    end_line(t->out);
    left(t->out, "policy", NAME_COLUMNS);
    for (size_t i = 0; i < n; i++) {
        double scale;
        const struct column *c = scaled(t, &columns[i], &scale);
        right(t->out, scale == c->scale ? c->unit : c->large_unit, VALUE_COLUMNS);
        pad(t->out, width(c) - VALUE_COLUMNS + 1);
    }
    end_line(t->out);
}

static void print_cell(const struct table *t, const struct column *c, uint32_t policy)
{
    double scale;
    scaled(t, c, &scale);
    const double x = mean(t, policy, c->score);
    const bool best = comparable(t, policy) && mean_compared(t, policy, c->score) == best_of(t, c->score);
    char cell[CELL_BYTES];
    print_value(x * scale, cell);
    gw_text_add(t->out, best && t->colour ? "\033[1;32m" : "");
    right(t->out, cell, VALUE_COLUMNS);
    gw_text_add(t->out, best ? "*" : " ");
    gw_text_add(t->out, best && t->colour ? "\033[0m" : "");
    if (c->with_change) {
        if (policy == t->sc->baseline) {
            snprintf(cell, sizeof cell, "base");
        } else {
            snprintf(cell, sizeof cell, "%+.1f %%", 100.0 * change(t, policy, c->score));
        }
        right(t->out, cell, CHANGE_COLUMNS);
        gw_text_add(t->out, " ");
    }
}

static void print_half_widths(const struct table *t, const struct column *columns, size_t n, uint32_t policy)
{
    left(t->out, "", NAME_COLUMNS);
    for (size_t i = 0; i < n; i++) {
        double scale;
        scaled(t, &columns[i], &scale);
        const struct gw_moments m = moments(t, policy, columns[i].score);
        char number[CELL_BYTES], cell[CELL_BYTES + 4];
        print_value(gw_moments_half_width(&m, confidence) * scale, number);
        snprintf(cell, sizeof cell, "\u00b1%s", number);
        right(t->out, cell, VALUE_COLUMNS);
        pad(t->out, width(&columns[i]) - VALUE_COLUMNS + 1);
    }
    end_line(t->out);
}

/* A policy's name in its column, cut with an ellipsis when it is too long. */
static void print_name(const struct table *t, uint32_t policy)
{
    const char *name = t->sc->variant_name[policy];
    char cell[NAME_COLUMNS * 4 + 8] = "";
    size_t columns = 0, n = 0;
    for (const char *at = name; *at != '\0' && columns < NAME_COLUMNS - 2 && n < sizeof cell - 8;) {
        do {
            cell[n++] = *at++;
        } while (((unsigned char)*at & 0xC0) == 0x80);
        columns++;
    }
    cell[n] = '\0';
    if (name[n] != '\0') {
        memcpy(cell + n, "\u2026", sizeof "\u2026");
    }
    left(t->out, cell, NAME_COLUMNS);
}

static void print_block(const struct table *t, const struct column *columns, size_t n)
{
    print_head(t, columns, n);
    for (uint32_t p = 0; p < t->result->policies; p++) {
        print_name(t, p);
        if (failed(t, p)) {
            gw_text_add(t->out, "failed\n");
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            print_cell(t, &columns[i], p);
        }
        gw_text_add(t->out, comparable(t, p) ? "" : "n/c");
        end_line(t->out);
        if (t->result->replications > 1) {
            print_half_widths(t, columns, n, p);
        }
    }
}

/* What no routing can do better than, by the evaluator: under the table, never in it. */
static void print_bounds(const struct table *t, const struct column *columns, size_t n)
{
    for (int b = 0; t->result->has_bounds && b < GW_BOUNDS; b++) {
        left(t->out, gw_result_bound_name((enum gw_bound)b), NAME_COLUMNS);
        for (size_t i = 0; i < n; i++) {
            double scale;
            struct gw_moments m = {0};
            char cell[CELL_BYTES];
            for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
                const bool here = gw_score_objective((enum gw_objective)k).score == columns[i].score;
                for (uint32_t r = 0; here && r < t->result->replications; r++) {
                    gw_moments_add(&m, gw_result_bound(t->result, (enum gw_bound)b, r, (enum gw_objective)k));
                }
            }
            scaled(t, &columns[i], &scale);
            print_value(m.n > 0 ? m.mean * scale : NAN, cell);
            right(t->out, cell, VALUE_COLUMNS);
            pad(t->out, width(&columns[i]) - VALUE_COLUMNS + 1);
        }
        end_line(t->out);
    }
}

/* Speeds that were not measured on the accelerators they are used for. */
static void print_transfers(const struct table *t)
{
    struct gw_text list = {0};
    gw_transfers_print(t->sc, &list);
    if (list.n > 0) {
        gw_text_addf(t->out, "speed transferred from another accelerator: %s\n", list.at);
    }
    gw_text_fini(&list);
}

/* Who decided outside of geowatt. */
static void print_external(const struct table *t)
{
    struct gw_text list = {0};
    gw_external_print(t->sc, &list);
    if (list.n > 0) {
        gw_text_addf(t->out, "decided outside of geowatt: %s\n", list.at);
    }
    gw_text_fini(&list);
}

/* What was published on the quality of models that are made cheaper to serve. */
static void print_techniques(const struct table *t)
{
    for (uint32_t m = 0; m < t->sc->n_models; m++) {
        const struct gw_slice *list = &t->sc->model[m].cfg->techniques;
        const struct gw_technique *const *technique = list->at;
        if (list->n > 0) {
            gw_text_addf(t->out, "%s is served with ", t->sc->model_name[m]);
        }
        for (uint32_t i = 0; i < list->n; i++) {
            gw_text_addf(t->out, "%s (%s)%s", technique[i]->name, technique[i]->quality,
                         i + 1 < list->n ? ", " : "\n");
        }
    }
}

/* Where rows did different work: how much. */
static void print_counts(const struct table *t)
{
    for (uint32_t p = 0; p < t->result->policies; p++) {
        if (!failed(t, p)) {
            gw_text_addf(t->out,
                         "  %s: %.0f asked, %.0f completed, %.4g gCO2 and %.4g Wh per completed request\n",
                         t->sc->variant_name[p], mean(t, p, GW_SCORE_ARRIVED), mean(t, p, GW_SCORE_COMPLETED),
                         mean(t, p, GW_SCORE_CARBON_PER_REQUEST), mean(t, p, GW_SCORE_ENERGY_PER_REQUEST));
        }
    }
}

/* Mean rates say little of times where queues are long. */
static void print_saturation(const struct table *t)
{
    static const double worth_saying = 1e-3;
    for (uint32_t p = 0; p < t->result->policies; p++) {
        const double near = failed(t, p) ? 0.0 : mean(t, p, GW_SCORE_NEAR_SATURATION);
        if (near > worth_saying) {
            gw_text_addf(t->out,
                         "%s: %.2g %% of the requests met a site above 85 %% of its capacity; flow mode's "
                         "times are rough there (near_saturation_frac)\n",
                         t->sc->variant_name[p], 100.0 * near);
        }
    }
    if (t->sc->cfg.serving.mode == GW_MODE_FLOW) {
        gw_text_add(t->out, "serving mode flow: mean rates, docs/models/flow.md has their error\n");
    }
}

static void print_notes(const struct table *t)
{
    const struct gw_run_result *base = run_of(t, t->sc->baseline, 0);
    struct gw_text *out = t->out;
    bool some_not = false;
    for (uint32_t p = 0; p < t->result->policies; p++) {
        some_not = some_not || (!failed(t, p) && !comparable(t, p));
    }
    if (t->result->policies > 1) {
        gw_text_addf(out, "* best of the comparable rows; changes are relative to %s\n",
                     t->sc->variant_name[t->sc->baseline]);
    }
    if (t->result->has_bounds) {
        gw_text_add(out,
                    "bound-*: no routing that overloads no site is worth less, by the plan evaluator; no "
                    "policy, and none of percentiles\n");
    }
    if (t->result->per_request && t->result->policies > 1) {
        gw_text_add(out,
                    "users answer to the service: carbon, water, cost and energy are compared per completed "
                    "request\n");
        print_counts(t);
    }
    if (some_not && t->result->per_request) {
        gw_text_addf(
            out,
            "n/c: not comparable, the answered share of its requests differs from %s's by more than %g %%\n",
            t->sc->variant_name[t->sc->baseline], 100.0 * GW_SCORE_WORK_TOLERANCE);
    } else if (some_not) {
        gw_text_addf(out, "n/c: not comparable, its work done differs from %s's by more than %g %%\n",
                     t->sc->variant_name[t->sc->baseline], 100.0 * GW_SCORE_WORK_TOLERANCE);
    }
    for (uint32_t p = 0; p < t->result->policies; p++) {
        if (!failed(t, p) && mean(t, p, GW_SCORE_MISSING) > 0.0) {
            gw_text_addf(out, "%s: %.4g kWh were missing beyond import limits (unserved_kwh)\n",
                         t->sc->variant_name[p], mean(t, p, GW_SCORE_MISSING));
        }
    }
    print_saturation(t);
    if (t->result->replications == 1) {
        gw_text_add(out, "1 replication, no interval\n");
    } else {
        gw_text_addf(out, "%u replications; \u00b1 is half of the 95 %% Student interval of the mean\n",
                     (unsigned)t->result->replications);
    }
    if (base->error.status == GW_OK) {
        if (t->sc->n_demands > 0) {
            gw_text_addf(out, "%.0f requests, %.4g %% unserved; ", base->score[GW_SCORE_ARRIVED],
                         100.0 * base->score[GW_SCORE_UNSERVED]);
        }
        if (t->sc->training.sources > 0) {
            gw_text_addf(out, "%.0f training jobs; ", base->score[GW_SCORE_JOBS]);
        }
        gw_text_addf(out, "audit residual %.1e (%s)\n", base->score[GW_SCORE_RESIDUAL],
                     t->sc->variant_name[t->sc->baseline]);
    }
    print_transfers(t);
    print_external(t);
    print_techniques(t);
    for (uint32_t s = 0; s < t->sc->n_sites; s++) {
        const struct gw_plant *plant = t->sc->site[s].plant;
        if (plant->caution != NULL) {
            gw_text_addf(out, "warning: %s has the plant \"%s\": %s\n", t->sc->site[s].name, plant->name,
                         plant->caution);
        }
        gw_accounts_cautions(t->sc, s, out);
    }
}

void gw_score_table_print(const struct gw_scenario *sc, const struct gw_result *result, bool colour,
                          struct gw_text *out)
{
    const struct table t = {.sc = sc, .result = result, .colour = colour, .out = out};
    print_block(&t, cost_columns, N_COST);
    print_bounds(&t, cost_columns, N_COST);
    gw_text_add(out, "\n");
    if (sc->n_demands > 0 || sc->training.sources + sc->n_federated == 0) {
        print_block(&t, service_columns, N_SERVICE);
        gw_text_add(out, "\n");
    }
    if (sc->training.sources > 0) {
        print_block(&t, job_columns, N_JOB);
        gw_text_add(out, "\n");
    }
    if (sc->n_federated > 0) {
        print_block(&t, round_columns, N_ROUND);
        gw_text_add(out, "\n");
    }
    print_notes(&t);
}
