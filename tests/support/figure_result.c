#include "tests/support/figure_result.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

enum { ROWS = 24, NAME_BYTES = 48 };

static const char *const known[] = {"nearest", "greedy-carbon", "slit+chase", "lp-carbon", "round-robin"};
enum { KNOWN = sizeof known / sizeof known[0] };
static const char *const places[] = {"oregon", "virginia", "finland", "ireland"};
enum { PLACES = sizeof places / sizeof places[0] };

/* Scores whose size matters for what is shown; all others are 1. */
static const struct {
    enum gw_score score;
    double value;
} base[] = {
    {GW_SCORE_CARBON, 10000.0},  {GW_SCORE_WATER, 50000.0},  {GW_SCORE_COST, 8000.0},
    {GW_SCORE_ENERGY, 40000.0},  {GW_SCORE_TTFT_P50, 300.0}, {GW_SCORE_TTFT_P95, 800.0},
    {GW_SCORE_TTFT_P99, 1500.0}, {GW_SCORE_TPOT_P50, 20.0},  {GW_SCORE_TPOT_P95, 30.0},
    {GW_SCORE_TPOT_P99, 40.0},
};

static double base_of(enum gw_score score)
{
    for (size_t i = 0; i < sizeof base / sizeof base[0]; i++) {
        if (base[i].score == score) {
            return base[i].value;
        }
    }
    return 1.0;
}

static double score_of(const struct gw_result_file *self, enum gw_score score, uint32_t p, uint32_t r)
{
    switch (score) {
    case GW_SCORE_COMPLETED:
    case GW_SCORE_TOKENS_OUT:
    case GW_SCORE_TRAINING_WORK:
    case GW_SCORE_LEARNT:
        return 1e6;
    case GW_SCORE_SLO:
        return fmin(0.9 + 0.02 * p, 1.0);
    default:
        return base_of(score) * (1.0 + 0.1 * p) * (1.0 + 0.02 * (r - (self->replications - 1) / 2.0));
    }
}

static const char **names(struct gw_arena *arena, uint32_t n, const char *const *some, uint32_t n_some,
                          const char *others)
{
    const char **name = gw_arena_array(arena, n, sizeof *name);
    for (uint32_t i = 0; name != NULL && i < n; i++) {
        char text[NAME_BYTES];
        snprintf(text, sizeof text, "%s-%u", others, i);
        name[i] = gw_arena_text(arena, i < n_some ? some[i] : text);
        if (name[i] == NULL) {
            return NULL;
        }
    }
    return name;
}

static bool fill_scores(struct gw_result_file *self)
{
    const size_t runs = (size_t)self->policies * self->replications;
    self->n_scores = GW_SCORE_COUNT;
    self->score = gw_arena_array(&self->arena, self->n_scores, sizeof *self->score);
    for (uint32_t i = 0; self->score != NULL && i < self->n_scores; i++) {
        const struct gw_score_doc doc = gw_score_doc((enum gw_score)i);
        double *value = gw_arena_array(&self->arena, runs, sizeof *value);
        if (value == NULL) {
            return false;
        }
        self->score[i] = (struct gw_result_column){doc.name, doc.unit, doc.doc, value};
        for (size_t run = 0; run < runs; run++) {
            value[run] = score_of(self, (enum gw_score)i, (uint32_t)(run / self->replications),
                                  (uint32_t)(run % self->replications));
        }
    }
    return self->score != NULL;
}

static bool fill_series(struct gw_result_file *self)
{
    const size_t runs = (size_t)self->policies * self->replications, n = runs * self->sites * self->rows;
    double *import = gw_arena_array(&self->arena, n, sizeof *import);
    double *carbon = gw_arena_array(&self->arena, n, sizeof *carbon);
    self->n_series = 2;
    self->series = gw_arena_array(&self->arena, self->n_series, sizeof *self->series);
    if (import == NULL || carbon == NULL || self->series == NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t hour = i % self->rows, site = i / self->rows % self->sites;
        const size_t policy = i / self->rows / self->sites / self->replications;
        import[i] = 1000.0 + 100.0 * (double)site + 50.0 * (double)policy + (hour % 2 == 1 ? 200.0 : 0.0);
        carbon[i] = gw_kg_from_g(import[i] * (100.0 + 200.0 * (double)site));
    }
    self->series[0] = (struct gw_result_column){"import_kwh", "kWh", "Bought from the grid", import};
    self->series[1] =
        (struct gw_result_column){"carbon_lifecycle_kgco2", "kgCO2", "Of the imported energy", carbon};
    return true;
}

static bool fill_load(struct gw_result_file *self)
{
    static const char *const column[] = {"arrived", "running", "waiting", "kv_frac"};
    const size_t runs = (size_t)self->policies * self->replications;
    const size_t n = runs * self->sites * self->models * self->rows;
    self->n_load = sizeof column / sizeof column[0];
    self->load = gw_arena_array(&self->arena, self->n_load, sizeof *self->load);
    for (uint32_t c = 0; self->load != NULL && c < self->n_load; c++) {
        double *value = gw_arena_array(&self->arena, n, sizeof *value);
        if (value == NULL) {
            return false;
        }
        self->load[c] = (struct gw_result_column){column[c], "1", "Load", value};
        for (size_t i = 0; i < n; i++) {
            const size_t model = i / self->rows % self->models,
                         site = i / self->rows / self->models % self->sites;
            const double running = 10.0 * (double)(1 + site) * (double)(1 + model);
            const double kv_frac = model == 0 ? 0.1 * (double)(1 + site) : (double)NAN;
            value[i] = c == 0 ? 3600.0 * running : c == 1 ? running : c == 2 ? running / 10.0 : kv_frac;
        }
    }
    return self->load != NULL;
}

static bool fill_ttft(struct gw_result_file *self)
{
    const size_t runs = (size_t)self->policies * self->replications;
    self->demands = 2;
    self->ttft_bins = 16;
    self->ttft_from_ms = gw_arena_array(&self->arena, self->ttft_bins, sizeof *self->ttft_from_ms);
    self->ttft_count =
        gw_arena_array(&self->arena, runs * self->demands * self->ttft_bins, sizeof *self->ttft_count);
    if (self->ttft_from_ms == NULL || self->ttft_count == NULL) {
        return false;
    }
    for (uint32_t b = 1; b < self->ttft_bins; b++) {
        self->ttft_from_ms[b] = (double)(1u << b);
    }
    for (size_t run = 0; run < runs; run++) {
        double *row = self->ttft_count + run * self->demands * self->ttft_bins;
        row[8] = 1000.0;
        row[self->ttft_bins + 9] = 500.0;
    }
    return true;
}

bool gw_figure_result_init(struct gw_result_file *out, uint32_t policies, uint32_t replications,
                           uint32_t sites)
{
    *out = (struct gw_result_file){
        .scenario_name = "two-sites",
        .version = "0.1.0",
        .commit = "3f2a90c41b7e",
        .scenario_yaml = "geowatt: 1\n",
        .seed = 42,
        .checksum = UINT64_C(0x8f3a00c1d2e4b597),
        .policies = policies,
        .replications = replications,
        .sites = sites,
        .models = 2,
        .rows = ROWS,
        .start_unix_us = INT64_C(1685577600) * GW_US_PER_S,
        .duration_us = ROWS * GW_US_PER_H,
        .every_us = GW_US_PER_H,
    };
    out->policy = names(&out->arena, policies, known, KNOWN, "policy");
    out->site = names(&out->arena, sites, places, PLACES, "site");
    out->ok = gw_arena_array(&out->arena, (size_t)policies * replications, sizeof *out->ok);
    if (out->policy == NULL || out->site == NULL || out->ok == NULL || !fill_scores(out) ||
        !fill_series(out) || !fill_load(out) || !fill_ttft(out)) {
        gw_figure_result_fini(out);
        return false;
    }
    memset(out->ok, 1, (size_t)policies * replications);
    return true;
}

bool gw_figure_result_add_grids(struct gw_result_file *self, uint32_t days)
{
    static const struct {
        const char *name, *unit;
        double base, per_site, per_hour;
    } columns[] = {
        {"net_load_per_mean", "1", 0.5, 0.0, 0.01},
        {"carbon_lifecycle_gco2_per_kwh", "gCO2/kWh", 100.0, 100.0, 2.0},
        {"price_usd_per_mwh", "USD/MWh", 10.0, 10.0, 1.0},
    };
    enum { COLUMNS = sizeof columns / sizeof columns[0] };
    struct gw_result_grids *grids = &self->grids;
    self->duration_us = days * ROWS * GW_US_PER_H;
    grids->hours = days * ROWS;
    grids->name = names(&self->arena, self->sites, NULL, 0, "grid");
    grids->utc_offset_h = gw_arena_array(&self->arena, self->sites, sizeof *grids->utc_offset_h);
    grids->column = gw_arena_array(&self->arena, COLUMNS, sizeof *grids->column);
    if (grids->name == NULL || grids->utc_offset_h == NULL || grids->column == NULL) {
        return false;
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        double *value = gw_arena_array(&self->arena, (size_t)self->sites * grids->hours, sizeof *value);
        if (value == NULL) {
            return false;
        }
        for (uint32_t s = 0; s < self->sites; s++) {
            grids->utc_offset_h[s] = s;
            for (uint32_t h = 0; h < grids->hours; h++) {
                value[s * grids->hours + h] =
                    columns[c].base + columns[c].per_site * s + columns[c].per_hour * ((h + s) % ROWS);
            }
        }
        grids->column[grids->n_columns++] =
            (struct gw_result_column){columns[c].name, columns[c].unit, columns[c].name, value};
    }
    return true;
}

void gw_figure_result_fini(struct gw_result_file *self)
{
    gw_arena_fini(&self->arena);
    *self = (struct gw_result_file){0};
}

void gw_figure_result_set(struct gw_result_file *self, const char *score, uint32_t policy, double value)
{
    const enum gw_score column = gw_score_find(score);
    GW_REQUIRE(column < GW_SCORE_COUNT);
    for (uint32_t r = 0; r < self->replications; r++) {
        self->score[column].value[policy * self->replications + r] = value;
    }
}

void gw_figure_result_fail(struct gw_result_file *self, uint32_t policy, uint32_t replication)
{
    const size_t run = (size_t)policy * self->replications + replication;
    self->ok[run] = 0;
    for (uint32_t i = 0; i < self->n_scores; i++) {
        self->score[i].value[run] = NAN;
    }
    for (uint32_t i = 0; i < self->n_series; i++) {
        for (size_t k = 0; k < (size_t)self->sites * self->rows; k++) {
            self->series[i].value[run * self->sites * self->rows + k] = NAN;
        }
    }
}
