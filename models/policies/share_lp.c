#include "models/policies/share_lp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/eval.h"

/* Parts of the largest cost, as in plan_lp.c: above what GLPK takes for zero. */
static const double tie_distance = 1e-5, tie_order = 2e-7;
static const double overload = 100.0; /* times what moving a load could save */

static size_t cells(const struct gw_share_lp *self)
{
    return (size_t)self->view->dims->demands * self->view->dims->sites;
}

/* Columns: shares, overloads [models][sites], peaks. Rows: demands, loads [models][sites], peaks [k][sites].
 */
static uint32_t col_over(const struct gw_share_lp *self, uint32_t m, uint32_t s)
{
    const struct gw_dims *dims = self->view->dims;
    return (dims->demands + m) * dims->sites + s;
}

static uint32_t col_peak(const struct gw_share_lp *self, uint32_t k)
{
    return col_over(self, self->view->dims->models, k);
}

static uint32_t row_load(const struct gw_share_lp *self, uint32_t m, uint32_t s)
{
    return self->view->dims->demands + m * self->view->dims->sites + s;
}

static uint32_t row_peak(const struct gw_share_lp *self, uint32_t k, uint32_t s)
{
    return row_load(self, self->view->dims->models + k, s);
}

bool gw_share_lp_init(struct gw_share_lp *self, const struct gw_view *view, uint32_t peaks, double limit)
{
    *self = (struct gw_share_lp){.view = view, .peaks = peaks, .limit = limit};
    const uint32_t columns = col_peak(self, peaks);
    self->rate = calloc(view->dims->demands, sizeof *self->rate);
    self->cost = calloc(cells(self), sizeof *self->cost);
    self->open = calloc(cells(self), sizeof *self->open);
    self->column = calloc(columns, sizeof *self->column);
    self->coefficient = calloc(columns, sizeof *self->coefficient);
    self->peak = calloc(peaks + 1, sizeof *self->peak);
    self->lp = gw_lp_create(row_peak(self, peaks, 0), columns);
    bool good = self->rate != NULL && self->cost != NULL && self->open != NULL && self->column != NULL &&
                self->coefficient != NULL && self->peak != NULL && self->lp != NULL;
    for (uint32_t k = 0; good && k < peaks; k++) {
        self->peak[k].base = calloc(view->dims->sites, sizeof(double));
        self->peak[k].part = calloc(cells(self), sizeof(double));
        good = self->peak[k].base != NULL && self->peak[k].part != NULL;
    }
    return good;
}

void gw_share_lp_fini(struct gw_share_lp *self)
{
    for (uint32_t k = 0; self->peak != NULL && k < self->peaks; k++) {
        free(self->peak[k].base);
        free(self->peak[k].part);
    }
    gw_lp_destroy(self->lp);
    free(self->rate);
    free(self->cost);
    free(self->open);
    free(self->column);
    free(self->coefficient);
    free(self->peak);
    *self = (struct gw_share_lp){0};
}

void gw_share_lp_begin(struct gw_share_lp *self)
{
    const struct gw_dims *dims = self->view->dims;
    const double *rate = self->view->table(self->view, "demand.rate")->v;
    const double *allowed = self->view->table(self->view, "demand.allowed")->v;
    for (uint32_t d = 0; d < dims->demands; d++) {
        self->rate[d] = rate[(size_t)d * dims->horizon];
    }
    for (size_t i = 0; i < cells(self); i++) {
        self->open[i] = allowed[i] != 0.0;
    }
    memset(self->cost, 0, cells(self) * sizeof *self->cost);
    for (uint32_t k = 0; k < self->peaks; k++) {
        self->peak[k].weight = 0.0;
        memset(self->peak[k].base, 0, dims->sites * sizeof(double));
        memset(self->peak[k].part, 0, cells(self) * sizeof(double));
    }
}

double gw_share_lp_request_kwh(const struct gw_share_lp *self, uint32_t d, uint32_t s)
{
    const uint32_t sites = self->view->dims->sites;
    const uint32_t model = (uint32_t)self->view->table(self->view, "demand.model")->v[d];
    const double *power =
        self->view->table(self->view, "serving.power")->v + ((size_t)model * sites + s) * GW_VIEW_LOADS;
    const double per_s = self->view->table(self->view, "serving.capacity")->v[(size_t)d * sites + s];
    const double kw = gw_eval_power_kw(power, self->limit) - power[0];
    return per_s > 0.0 ? kw / (self->limit * per_s * 3600.0) : 0.0;
}

void gw_share_lp_within(struct gw_share_lp *self, uint32_t d, const double *value, double limit)
{
    const uint32_t sites = self->view->dims->sites;
    uint8_t *open = self->open + (size_t)d * sites;
    double least = INFINITY;
    for (uint32_t s = 0; s < sites; s++) {
        least = open[s] != 0 ? fmin(least, value[s]) : least;
    }
    for (uint32_t s = 0; s < sites; s++) {
        open[s] = open[s] != 0 && value[s] <= fmax(limit, least);
    }
}

/* ---- the program ---- */

static void put(struct gw_share_lp *self, uint32_t *n, uint32_t column, double coefficient)
{
    self->column[*n] = column;
    self->coefficient[(*n)++] = coefficient;
}

static double load_of(const struct gw_share_lp *self, const double *capacity, uint32_t d, uint32_t s)
{
    return self->rate[d] / capacity[(size_t)d * self->view->dims->sites + s];
}

static void write_demands(struct gw_share_lp *self)
{
    const struct gw_dims *dims = self->view->dims;
    for (uint32_t d = 0; d < dims->demands; d++) {
        uint32_t n = 0;
        for (uint32_t s = 0; s < dims->sites; s++) {
            const uint32_t cell = d * dims->sites + s;
            gw_lp_column(self->lp, cell, 0.0, self->open[cell] != 0 ? 1.0 : 0.0);
            put(self, &n, cell, 1.0);
        }
        gw_lp_row(self->lp, d, 1.0, 1.0, n, self->column, self->coefficient);
    }
}

static void write_loads(struct gw_share_lp *self)
{
    const struct gw_dims *dims = self->view->dims;
    const double *model = self->view->table(self->view, "demand.model")->v;
    const double *capacity = self->view->table(self->view, "serving.capacity")->v;
    for (uint32_t m = 0; m < dims->models; m++) {
        for (uint32_t s = 0; s < dims->sites; s++) {
            uint32_t n = 0;
            gw_lp_column(self->lp, col_over(self, m, s), 0.0, INFINITY);
            put(self, &n, col_over(self, m, s), -1.0);
            for (uint32_t d = 0; d < dims->demands; d++) {
                if ((uint32_t)model[d] == m && self->open[(size_t)d * dims->sites + s] != 0) {
                    put(self, &n, d * dims->sites + s, load_of(self, capacity, d, s));
                }
            }
            gw_lp_row(self->lp, row_load(self, m, s), -INFINITY, self->limit, n, self->column,
                      self->coefficient);
        }
    }
}

static void write_peaks(struct gw_share_lp *self)
{
    const struct gw_dims *dims = self->view->dims;
    for (uint32_t k = 0; k < self->peaks; k++) {
        const struct gw_share_lp_peak *peak = &self->peak[k];
        gw_lp_column(self->lp, col_peak(self, k), -INFINITY, INFINITY);
        for (uint32_t s = 0; s < dims->sites; s++) {
            uint32_t n = 0;
            put(self, &n, col_peak(self, k), 1.0);
            for (uint32_t d = 0; d < dims->demands; d++) {
                const uint32_t cell = d * dims->sites + s;
                if (self->open[cell] != 0) {
                    put(self, &n, cell, -peak->part[cell]);
                }
            }
            gw_lp_row(self->lp, row_peak(self, k, s), peak->base[s], INFINITY, n, self->column,
                      self->coefficient);
        }
    }
}

/* What a whole row at a site brings to the objective, at most. */
static double worth(const struct gw_share_lp *self, size_t cell)
{
    double sum = fabs(self->cost[cell]);
    for (uint32_t k = 0; k < self->peaks; k++) {
        sum += self->peak[k].weight * fabs(self->peak[k].part[cell]);
    }
    return sum;
}

/* In parts of the largest one, so that the solver's tolerances mean the same whatever is minimised. */
static void write_costs(struct gw_share_lp *self)
{
    const struct gw_dims *dims = self->view->dims;
    const double *origin = self->view->table(self->view, "demand.origin")->v;
    const double *rtt = self->view->table(self->view, "network.rtt")->v;
    const double *capacity = self->view->table(self->view, "serving.capacity")->v;
    double scale = 0.0, dear = 0.0, longest = 0.0;
    for (uint32_t i = 0; i < dims->origins * dims->sites; i++) {
        longest = fmax(longest, rtt[i]);
    }
    for (uint32_t i = 0; i < cells(self); i++) {
        const double load =
            self->open[i] != 0 ? load_of(self, capacity, i / dims->sites, i % dims->sites) : 0;
        scale = fmax(scale, self->open[i] != 0 ? worth(self, i) : 0.0);
        dear = load > 0.0 ? fmax(dear, worth(self, i) / load) : dear;
    }
    scale = scale > 0.0 ? scale : 1.0;
    for (uint32_t i = 0; i < cells(self); i++) {
        const uint32_t d = i / dims->sites, s = i % dims->sites;
        const double ms = longest > 0.0 ? rtt[(size_t)origin[d] * dims->sites + s] / longest : 0.0;
        gw_lp_cost(self->lp, i, self->cost[i] / scale + tie_distance * ms + tie_order * s);
    }
    for (uint32_t m = 0; m < dims->models; m++) {
        for (uint32_t s = 0; s < dims->sites; s++) {
            gw_lp_cost(self->lp, col_over(self, m, s), overload * (dear / scale + 1.0));
        }
    }
    for (uint32_t k = 0; k < self->peaks; k++) {
        gw_lp_cost(self->lp, col_peak(self, k), self->peak[k].weight / scale);
    }
}

int gw_share_lp_plan(struct gw_share_lp *self, double *share, struct gw_policy_error *error)
{
    write_demands(self);
    write_loads(self);
    write_peaks(self);
    write_costs(self);
    if (gw_lp_solve(self->lp) != GW_LP_OPTIMAL) {
        snprintf(error->why, sizeof error->why, "its linear program has no optimum");
        return 1;
    }
    const uint32_t sites = self->view->dims->sites;
    for (size_t row = 0; row < cells(self); row += sites) {
        double sum = 0.0;
        for (uint32_t s = 0; s < sites; s++) {
            const double x = gw_lp_value(self->lp, (uint32_t)row + s);
            share[row + s] = self->open[row + s] != 0 && x > 1e-9 ? x : 0.0;
            sum += share[row + s];
        }
        for (uint32_t s = 0; s < sites; s++) {
            share[row + s] /= sum;
        }
    }
    return 0;
}
