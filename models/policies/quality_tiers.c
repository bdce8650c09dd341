/* quality-tiers: the best answers when the grid is clean, lesser ones when it is dirty, so that their mean
 * quality stays at a target; after Wiesner et al., Quality Time (2024). Where sprout keeps a floor in every
 * hour, here a dirty hour may fall far below the target when clean ones make up for it. For each row and
 * epoch h ahead
 *
 *   minimise  sum_h rate_h sum_l x_lh carbon_lh      sum_l x_lh = 1
 *   past quality + sum_h rate_h sum_l x_lh quality_l >= target (past requests + sum_h rate_h)
 *
 * and the first epoch of the solution is ordered; in the next one the past is longer by what was ordered.
 * Tiers are the levels of the row's directives. docs/policies/quality-tiers.md. Draws no random numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/policies/answer_levels.h"
#include "models/policies/registry.h"
#include "models/policies/search/lp.h"

struct cfg {
    double target;
};

static const struct gw_policy_param params[] = {
    {"target", "1", GW_PARAM_NUMBER, offsetof(struct cfg, target), 0.95, 0.0, 1.0, NULL,
     "Mean quality of answers since the run began and as far as the forecast goes"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

/* What a row's answers were worth so far, as planned. */
struct past {
    double requests, quality;
};

struct tiers {
    struct cfg cfg;
    struct past *past;   /* [demands] */
    double *site_weight; /* [sites] */
    double *coefficient; /* [horizon x levels] scratch of a row of the program */
    uint32_t *column;
};

static void quality_tiers_destroy(void *self)
{
    struct tiers *t = self;
    if (t != NULL) {
        free(t->past);
        free(t->site_weight);
        free(t->coefficient);
        free(t->column);
        free(t);
    }
}

static int quality_tiers_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                                struct gw_policy_error *error)
{
    (void)seed;
    const size_t columns = (size_t)view->dims->horizon * GW_ANSWER_LEVELS_MAX;
    struct tiers *t = calloc(1, sizeof *t);
    if (t != NULL) {
        *t = (struct tiers){.cfg = *(const struct cfg *)cfg,
                            .past = calloc(view->dims->demands, sizeof *t->past),
                            .site_weight = calloc(view->dims->sites, sizeof *t->site_weight),
                            .coefficient = calloc(columns, sizeof *t->coefficient),
                            .column = calloc(columns, sizeof *t->column)};
    }
    if (t == NULL || t->past == NULL || t->site_weight == NULL || t->coefficient == NULL ||
        t->column == NULL) {
        quality_tiers_destroy(t);
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    *self = t;
    return 0;
}

/* ---- one row's program ---- */

struct row {
    uint32_t demand, levels, horizon;
    const double *rate;    /* [horizon] */
    const double *quality; /* [levels] */
};

/* gCO2 of one more request answered at level l in epoch h, facility included. */
static double carbon_of(const struct tiers *t, const struct gw_view *view, const struct row *row, uint32_t l,
                        uint32_t h)
{
    const struct gw_table *kwh = view->table(view, "directives.request_kwh");
    const double *of = kwh->v + ((size_t)row->demand * kwh->dim[1] + l) * kwh->dim[2];
    const double *carbon = view->table(view, "site.carbon")->v;
    const double *marginal = view->table(view, "site.marginal")->v;
    double g = 0.0;
    for (uint32_t s = 0; s < view->dims->sites; s++) {
        const size_t then = (size_t)s * row->horizon + h;
        g += t->site_weight[s] * of[s] * marginal[then] * carbon[then];
    }
    return g;
}

static double ahead(const struct row *row)
{
    double rate = 0.0;
    for (uint32_t h = 0; h < row->horizon; h++) {
        rate += row->rate[h];
    }
    return rate;
}

/* What the target asks of all requests ahead; the best there is when the past has left more to make up for.
 */
static double quality_due(const struct tiers *t, const struct row *row)
{
    const struct past *past = &t->past[row->demand];
    double best = 0.0;
    for (uint32_t l = 0; l < row->levels; l++) {
        best = fmax(best, row->quality[l]);
    }
    return fmin(t->cfg.target * (past->requests + ahead(row)) - past->quality, best * ahead(row));
}

static void write_costs(const struct tiers *t, const struct gw_view *view, const struct row *row,
                        struct gw_lp *lp)
{
    const uint32_t n = row->levels;
    double dearest = 0.0;
    for (uint32_t i = 0; i < row->horizon * n; i++) {
        t->coefficient[i] = row->rate[i / n] * carbon_of(t, view, row, i % n, i / n);
        dearest = fmax(dearest, t->coefficient[i]);
    }
    for (uint32_t i = 0; i < row->horizon * n; i++) { /* scaled, or they would drown in tolerances */
        gw_lp_column(lp, i, 0.0, 1.0);
        gw_lp_cost(lp, i, dearest > 0.0 ? t->coefficient[i] / dearest : 0.0);
    }
}

static void write_rows(const struct tiers *t, const struct row *row, struct gw_lp *lp)
{
    const uint32_t n = row->levels;
    const double all = ahead(row);
    for (uint32_t h = 0; h < row->horizon; h++) {
        for (uint32_t l = 0; l < n; l++) {
            t->column[l] = h * n + l;
            t->coefficient[l] = 1.0;
        }
        gw_lp_row(lp, h, 1.0, 1.0, n, t->column, t->coefficient);
    }
    for (uint32_t i = 0; i < row->horizon * n; i++) {
        t->column[i] = i;
        t->coefficient[i] = row->rate[i / n] * row->quality[i % n] / all;
    }
    gw_lp_row(lp, row->horizon, quality_due(t, row) / all * (1.0 - 1e-9), INFINITY, row->horizon * n,
              t->column, t->coefficient);
}

/* x[levels] of the coming epoch; false when memory is out or the solver failed. */
static bool solve(const struct tiers *t, const struct gw_view *view, const struct row *row, double *x)
{
    struct gw_lp *lp = gw_lp_create(row->horizon + 1, row->horizon * row->levels);
    if (lp == NULL) {
        return false;
    }
    write_costs(t, view, row, lp);
    write_rows(t, row, lp);
    const bool good = gw_lp_solve(lp) == GW_LP_OPTIMAL;
    double sum = 0.0;
    for (uint32_t l = 0; good && l < row->levels; l++) {
        x[l] = fmin(fmax(gw_lp_value(lp, l), 0.0), 1.0);
        sum += x[l];
    }
    for (uint32_t l = 0; good && l < row->levels; l++) {
        x[l] /= sum;
    }
    gw_lp_destroy(lp);
    return good;
}

static int plan_row(struct tiers *t, const struct gw_view *view, const struct row *row, struct gw_plan *plan,
                    struct gw_policy_error *error)
{
    double x[GW_ANSWER_LEVELS_MAX] = {0};
    gw_answer_levels_sites(view, row->demand, t->site_weight);
    if (!solve(t, view, row, x)) {
        snprintf(error->why, sizeof error->why, "its linear program has no optimum");
        return 1;
    }
    gw_answer_levels_order(plan, row->demand, row->levels, x);
    t->past[row->demand].requests += row->rate[0];
    for (uint32_t l = 0; l < row->levels; l++) {
        t->past[row->demand].quality += row->rate[0] * x[l] * row->quality[l];
    }
    return 0;
}

static int quality_tiers_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                              struct gw_policy_error *error)
{
    struct tiers *t = self;
    const struct gw_table *quality = view->table(view, "directives.quality");
    const double *rate = view->table(view, "demand.rate")->v;
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        const struct row row = {.demand = d,
                                .levels = gw_answer_levels_n(view, d),
                                .horizon = view->dims->horizon,
                                .rate = rate + (size_t)d * view->dims->horizon,
                                .quality = quality->v + (size_t)d * quality->dim[1]};
        if (row.levels > 1 && ahead(&row) > 0.0 && plan_row(t, view, &row, plan, error) != 0) {
            return 1;
        }
    }
    return 0;
}

const struct gw_policy_ops gw_policy_quality_tiers = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_DIRECTIVES,
    .name = "quality-tiers",
    .summary = "Lesser answers in dirty hours, their mean quality at a target over past and forecast",
    .reference = "P. Wiesner et al., Quality Time: Carbon-Aware Quality Adaptation for Energy-Intensive "
                 "Services, 2024, arXiv:2411.19058",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = quality_tiers_create,
    .destroy = quality_tiers_destroy,
    .plan = quality_tiers_plan,
};
