#include "models/policies/search/plan_lp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/eval.h"

/* Loads at which u w(u) is touched. */
static const double touch[] = {0.0, 0.45, 0.65, 0.8, 0.9, 1.0};
enum {
    TOUCHES = sizeof touch / sizeof touch[0],
    SEGMENTS = GW_VIEW_LOADS - 1,
    SIDES = 4 /* of the hull that are kept: any of them lies below the curve */
};

static const double solver_tolerance = 1e-7; /* of GLPK, relative */
static const double tie_ttft = 1e-5,
                    tie_name = 2e-7; /* parts of the objective, above what GLPK takes for zero */

struct tables {
    const double *rate, *model, *origin, *allowed, *rtt_ms, *ttft_ms, *capacity, *power_kw, *transfer_usd;
    const double *marginal, *carbon, *price, *water, *water_onsite, *fixed_it_kw, *fixed_kw, *onsite_kw;
};

struct gw_plan_lp {
    const struct gw_view *view;
    struct tables t;
    struct gw_lp *lp;
    uint32_t demands, models, sites;
    uint32_t *column; /* scratch of a row */
    double *coefficient;
    double *cost;                /* [columns] of one objective */
    double *least_wait;          /* [models][sites] */
    uint32_t *name_rank;         /* [sites] */
    double fixed[GW_OBJECTIVES]; /* what no plan changes */
};

/* ---- places of columns and rows ---- */

static uint32_t col_share(const struct gw_plan_lp *p, uint32_t d, uint32_t s)
{
    return d * p->sites + s;
}

enum block { LOAD, POWER, WAIT, OVER };
static uint32_t col_cell(const struct gw_plan_lp *p, enum block block, uint32_t m, uint32_t s)
{
    return p->demands * p->sites + (uint32_t)block * p->models * p->sites + m * p->sites + s;
}

static uint32_t col_bought(const struct gw_plan_lp *p, uint32_t s)
{
    return col_cell(p, (enum block)4, 0, 0) + s;
}

static uint32_t columns(const struct gw_plan_lp *p)
{
    return col_bought(p, p->sites);
}

/* Rows: demands, then per model and site 2 + SIDES + TOUCHES, then sites. */
enum { CELL_ROWS = 2 + SIDES + TOUCHES };
static uint32_t row_cell(const struct gw_plan_lp *p, uint32_t m, uint32_t s)
{
    return p->demands + (m * p->sites + s) * CELL_ROWS;
}

static uint32_t row_site(const struct gw_plan_lp *p, uint32_t s)
{
    return p->demands + p->models * p->sites * CELL_ROWS + s;
}

/* ---- making ---- */

static void find_tables(struct gw_plan_lp *p)
{
    const struct gw_view *v = p->view;
    p->t = (struct tables){
        .rate = v->table(v, "demand.rate")->v,
        .model = v->table(v, "demand.model")->v,
        .origin = v->table(v, "demand.origin")->v,
        .allowed = v->table(v, "demand.allowed")->v,
        .rtt_ms = v->table(v, "network.rtt")->v,
        .ttft_ms = v->table(v, "serving.ttft")->v,
        .capacity = v->table(v, "serving.capacity")->v,
        .power_kw = v->table(v, "serving.power")->v,
        .transfer_usd = v->table(v, "network.transfer")->v,
        .marginal = v->table(v, "site.marginal")->v,
        .carbon = v->table(v, "site.carbon")->v,
        .price = v->table(v, "site.price")->v,
        .water = v->table(v, "site.water")->v,
        .water_onsite = v->table(v, "site.water_onsite")->v,
        .fixed_it_kw = v->table(v, "site.fixed_it")->v,
        .fixed_kw = v->table(v, "site.fixed_facility")->v,
        .onsite_kw = v->table(v, "site.onsite")->v,
    };
}

static void rank_names(struct gw_plan_lp *p)
{
    for (uint32_t s = 0; s < p->sites; s++) {
        for (uint32_t other = 0; other < p->sites; other++) {
            p->name_rank[s] +=
                strcmp(p->view->name(p->view, "site", other), p->view->name(p->view, "site", s)) < 0;
        }
    }
}

struct gw_plan_lp *gw_plan_lp_create(const struct gw_view *view)
{
    struct gw_plan_lp *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return NULL;
    }
    p->view = view;
    p->demands = view->dims->demands;
    p->models = view->dims->models;
    p->sites = view->dims->sites;
    const uint32_t n = columns(p);
    p->column = calloc(n, sizeof *p->column);
    p->coefficient = calloc(n, sizeof *p->coefficient);
    p->cost = calloc(n, sizeof *p->cost);
    p->least_wait = calloc((size_t)p->models * p->sites, sizeof *p->least_wait);
    p->name_rank = calloc(p->sites, sizeof *p->name_rank);
    p->lp = gw_lp_create(row_site(p, p->sites), n);
    if (p->column == NULL || p->coefficient == NULL || p->cost == NULL || p->least_wait == NULL ||
        p->name_rank == NULL || p->lp == NULL) {
        gw_plan_lp_destroy(p);
        return NULL;
    }
    find_tables(p);
    rank_names(p);
    return p;
}

void gw_plan_lp_destroy(struct gw_plan_lp *p)
{
    if (p == NULL) {
        return;
    }
    gw_lp_destroy(p->lp);
    free(p->column);
    free(p->coefficient);
    free(p->cost);
    free(p->least_wait);
    free(p->name_rank);
    free(p);
}

/* ---- reading an epoch ---- */

static double rate_of(const struct gw_plan_lp *p, uint32_t d)
{
    return p->t.rate[(size_t)d * p->view->dims->horizon];
}

static void add_row(struct gw_plan_lp *p, uint32_t row, double low, double high, uint32_t n)
{
    gw_lp_row(p->lp, row, low, high, n, p->column, p->coefficient);
}

static void put(struct gw_plan_lp *p, uint32_t *n, uint32_t column, double coefficient)
{
    p->column[*n] = column;
    p->coefficient[(*n)++] = coefficient;
}

static void read_demand(struct gw_plan_lp *p, uint32_t d)
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < p->sites; s++) {
        const bool allowed = p->t.allowed[(size_t)d * p->sites + s] != 0.0;
        gw_lp_column(p->lp, col_share(p, d, s), 0.0, allowed ? 1.0 : 0.0);
        put(p, &n, col_share(p, d, s), 1.0);
    }
    add_row(p, d, 1.0, 1.0, n);
}

/* Segments of the lower convex hull of the power curve, as slope and value at no load; how many. */
static uint32_t hull(const double *kw, double slope[SEGMENTS], double start[SEGMENTS])
{
    uint32_t corner[GW_VIEW_LOADS], corners = 0;
    for (uint32_t k = 0; k < GW_VIEW_LOADS; k++) {
        while (corners >= 2) {
            const uint32_t a = corner[corners - 2], b = corner[corners - 1];
            if ((kw[b] - kw[a]) * (double)(k - a) <= (kw[k] - kw[a]) * (double)(b - a)) {
                break;
            }
            corners--;
        }
        corner[corners++] = k;
    }
    for (uint32_t i = 0; i + 1 < corners; i++) {
        const uint32_t a = corner[i], b = corner[i + 1];
        slope[i] = (kw[b] - kw[a]) / (double)(b - a) * SEGMENTS;
        start[i] = kw[a] - slope[i] * (double)a / SEGMENTS;
    }
    return corners - 1;
}

/* The least capacity x TTFT among the rows of a model at a site: what waiting costs at least. */
static double least_wait(const struct gw_plan_lp *p, uint32_t m, uint32_t s)
{
    double least = INFINITY;
    for (uint32_t d = 0; d < p->demands; d++) {
        const size_t cell = (size_t)d * p->sites + s;
        if ((uint32_t)p->t.model[d] == m && p->t.allowed[cell] != 0.0) {
            least = fmin(least, p->t.capacity[cell] * p->t.ttft_ms[cell]);
        }
    }
    return isfinite(least) ? least : 0.0;
}

/* The slope of u w(u). */
static double tangent(double u)
{
    return gw_eval_wait_factor(u) + u * gw_eval_wait_slope(u);
}

static void read_cell(struct gw_plan_lp *p, uint32_t m, uint32_t s, double limit, bool soft)
{
    const uint32_t load = col_cell(p, LOAD, m, s), power = col_cell(p, POWER, m, s),
                   wait = col_cell(p, WAIT, m, s), over = col_cell(p, OVER, m, s);
    uint32_t row = row_cell(p, m, s), n = 0;
    gw_lp_column(p->lp, load, 0.0, INFINITY);
    gw_lp_column(p->lp, power, 0.0, INFINITY);
    gw_lp_column(p->lp, wait, 0.0, INFINITY);
    gw_lp_column(p->lp, over, 0.0, soft ? INFINITY : 0.0);

    put(p, &n, load, -1.0);
    for (uint32_t d = 0; d < p->demands; d++) {
        const size_t cell = (size_t)d * p->sites + s;
        if ((uint32_t)p->t.model[d] == m && p->t.allowed[cell] != 0.0) {
            put(p, &n, col_share(p, d, s), rate_of(p, d) / p->t.capacity[cell]);
        }
    }
    add_row(p, row++, 0.0, 0.0, n);
    n = 0;
    put(p, &n, load, 1.0);
    put(p, &n, over, -1.0);
    add_row(p, row++, -INFINITY, limit, n);

    double slope[SEGMENTS], start[SEGMENTS];
    const uint32_t segments = hull(p->t.power_kw + ((size_t)m * p->sites + s) * GW_VIEW_LOADS, slope, start);
    for (uint32_t k = 0; k < SIDES; k++) {
        const uint32_t side = segments <= SIDES ? k : k * (segments - 1) / (SIDES - 1);
        const bool used = side < segments;
        n = 0;
        put(p, &n, power, used ? 1.0 : 0.0);
        put(p, &n, load, used ? -slope[side] : 0.0);
        add_row(p, row++, used ? start[side] : -INFINITY, INFINITY, n);
    }
    p->least_wait[m * p->sites + s] = least_wait(p, m, s);
    for (uint32_t k = 0; k < TOUCHES; k++) {
        n = 0;
        put(p, &n, wait, 1.0);
        put(p, &n, load, -p->least_wait[m * p->sites + s] * tangent(touch[k]));
        add_row(p, row++, -INFINITY, INFINITY, n);
    }
}

/* Rows about waiting stand in the program only when somebody asks for it. */
static void consider_waiting(struct gw_plan_lp *p, bool asked)
{
    for (uint32_t i = 0; i < p->models * p->sites; i++) {
        const uint32_t row = row_cell(p, 0, 0) + i * CELL_ROWS + 2 + SIDES;
        for (uint32_t k = 0; k < TOUCHES; k++) {
            const double u = touch[k], start = p->least_wait[i] * u * (gw_eval_wait_factor(u) - tangent(u));
            gw_lp_row_bounds(p->lp, row + k, asked ? start : -INFINITY, INFINITY);
        }
    }
}

static void read_site(struct gw_plan_lp *p, uint32_t s)
{
    const size_t now = (size_t)s * p->view->dims->horizon;
    uint32_t n = 0;
    gw_lp_column(p->lp, col_bought(p, s), 0.0, INFINITY);
    put(p, &n, col_bought(p, s), 1.0);
    for (uint32_t m = 0; m < p->models; m++) {
        put(p, &n, col_cell(p, POWER, m, s), -p->t.marginal[now]);
    }
    add_row(p, row_site(p, s), p->t.fixed_kw[now] - p->t.onsite_kw[now], INFINITY, n);
}

static double hours(const struct gw_plan_lp *p)
{
    return (double)p->view->epoch_us / 3.6e9;
}

void gw_plan_lp_read(struct gw_plan_lp *p, double limit, bool soft)
{
    for (uint32_t d = 0; d < p->demands; d++) {
        read_demand(p, d);
    }
    memset(p->fixed, 0, sizeof p->fixed);
    for (uint32_t s = 0; s < p->sites; s++) {
        for (uint32_t m = 0; m < p->models; m++) {
            read_cell(p, m, s, limit, soft);
        }
        read_site(p, s);
        p->fixed[GW_OBJ_WATER_L] +=
            p->t.fixed_it_kw[s] * hours(p) * p->t.water_onsite[(size_t)s * p->view->dims->horizon];
    }
}

/* ---- objectives ---- */

static double all_requests(const struct gw_plan_lp *p)
{
    double rate = 0.0;
    for (uint32_t d = 0; d < p->demands; d++) {
        rate += rate_of(p, d);
    }
    return rate;
}

static double wait_ms(const struct gw_plan_lp *p, uint32_t d, uint32_t s)
{
    return p->t.rtt_ms[(size_t)p->t.origin[d] * p->sites + s] + p->t.ttft_ms[(size_t)d * p->sites + s];
}

static void add_ttft(const struct gw_plan_lp *p, double weight, double *cost)
{
    const double rate = all_requests(p);
    if (!(rate > 0.0)) {
        return;
    }
    for (uint32_t d = 0; d < p->demands; d++) {
        for (uint32_t s = 0; s < p->sites; s++) {
            cost[col_share(p, d, s)] += weight * rate_of(p, d) * wait_ms(p, d, s) / rate;
        }
    }
    for (uint32_t m = 0; m < p->models; m++) {
        for (uint32_t s = 0; s < p->sites; s++) {
            cost[col_cell(p, WAIT, m, s)] += weight / rate;
        }
    }
}

static void add_transfer(const struct gw_plan_lp *p, double weight, double *cost)
{
    for (uint32_t d = 0; d < p->demands; d++) {
        for (uint32_t s = 0; s < p->sites; s++) {
            const double usd_per_s = rate_of(p, d) * p->t.transfer_usd[(size_t)d * p->sites + s];
            cost[col_share(p, d, s)] += weight * usd_per_s * hours(p) * 3600.0;
        }
    }
}

/* Adds weight times an objective to the costs of the columns. */
static void add_objective(const struct gw_plan_lp *p, enum gw_objective objective, double weight,
                          double *cost)
{
    const struct {
        const double *per_kwh;
        double scale;
    } of[GW_OBJECTIVES] = {
        [GW_OBJ_CARBON_KG] = {p->t.carbon, 1e-3},
        [GW_OBJ_WATER_L] = {p->t.water, 1.0},
        [GW_OBJ_COST_USD] = {p->t.price, 1.0},
    };
    if (objective == GW_OBJ_TTFT_MS) {
        add_ttft(p, weight, cost);
        return;
    }
    if (objective == GW_OBJ_COST_USD) {
        add_transfer(p, weight, cost);
    }
    for (uint32_t s = 0; s < p->sites; s++) {
        const size_t now = (size_t)s * p->view->dims->horizon;
        const double per_kwh =
            objective == GW_OBJ_ENERGY_KWH ? 1.0 : of[objective].per_kwh[now] * of[objective].scale;
        cost[col_bought(p, s)] += weight * hours(p) * per_kwh;
        for (uint32_t m = 0; objective == GW_OBJ_WATER_L && m < p->models; m++) {
            cost[col_cell(p, POWER, m, s)] += weight * hours(p) * p->t.water_onsite[now];
        }
    }
}

/* The largest cost a column of shares could bring: the scale on which ties are broken and overload is dear.
 */
static double scale_of(const struct gw_plan_lp *p)
{
    double scale = 0.0;
    for (uint32_t j = 0; j < columns(p); j++) {
        scale = fmax(scale, fabs(p->cost[j]));
    }
    return scale;
}

static void break_ties(struct gw_plan_lp *p)
{
    const double scale = scale_of(p);
    double longest_ms = 0.0;
    for (uint32_t i = 0; i < p->demands * p->sites; i++) {
        longest_ms = fmax(longest_ms, wait_ms(p, i / p->sites, i % p->sites));
    }
    for (uint32_t d = 0; d < p->demands; d++) {
        for (uint32_t s = 0; s < p->sites; s++) {
            const double ms = longest_ms > 0.0 ? wait_ms(p, d, s) / longest_ms : 0.0;
            p->cost[col_share(p, d, s)] += scale * (tie_ttft * ms + tie_name * p->name_rank[s]);
        }
    }
    /* an overload of a whole site costs more than anything a plan could save */
    double bought_kw = 0.0;
    for (uint32_t s = 0; s < p->sites; s++) {
        for (uint32_t m = 0; m < p->models; m++) {
            bought_kw += 2.0 * p->t.power_kw[((size_t)m * p->sites + s) * GW_VIEW_LOADS + SEGMENTS];
        }
    }
    for (uint32_t i = 0; i < p->models * p->sites; i++) {
        p->cost[col_cell(p, OVER, 0, 0) + i] += 1e3 * scale * (1.0 + bought_kw);
    }
}

static enum gw_lp_outcome minimise(struct gw_plan_lp *p, bool waiting)
{
    consider_waiting(p, waiting);
    for (uint32_t j = 0; j < columns(p); j++) {
        gw_lp_cost(p->lp, j, p->cost[j]);
    }
    return gw_lp_solve(p->lp);
}

enum gw_lp_outcome gw_plan_lp_solve(struct gw_plan_lp *p, const double weight[GW_OBJECTIVES])
{
    memset(p->cost, 0, columns(p) * sizeof *p->cost);
    for (int k = 0; k < GW_OBJECTIVES; k++) {
        if (weight[k] != 0.0) {
            add_objective(p, (enum gw_objective)k, weight[k], p->cost);
        }
    }
    break_ties(p);
    return minimise(p, weight[GW_OBJ_TTFT_MS] != 0.0);
}

void gw_plan_lp_share(const struct gw_plan_lp *p, double *share)
{
    for (uint32_t d = 0; d < p->demands; d++) {
        double *row = share + (size_t)d * p->sites, sum = 0.0;
        for (uint32_t s = 0; s < p->sites; s++) {
            const double x = gw_lp_value(p->lp, col_share(p, d, s));
            row[s] = x > 1e-9 ? x : 0.0;
            sum += row[s];
        }
        for (uint32_t s = 0; s < p->sites; s++) {
            row[s] /= sum;
        }
    }
}

void gw_plan_lp_objectives(const struct gw_plan_lp *p, double objective[GW_OBJECTIVES])
{
    for (int k = 0; k < GW_OBJECTIVES; k++) {
        double *cost = p->cost; /* scratch between solutions */
        memset(cost, 0, columns(p) * sizeof *cost);
        add_objective(p, (enum gw_objective)k, 1.0, cost);
        objective[k] = p->fixed[k];
        for (uint32_t j = 0; j < columns(p); j++) {
            objective[k] += cost[j] != 0.0 ? cost[j] * gw_lp_value(p->lp, j) : 0.0;
        }
    }
}

double gw_plan_lp_bound(struct gw_plan_lp *p, enum gw_objective objective)
{
    gw_plan_lp_read(p, 1.0, false);
    memset(p->cost, 0, columns(p) * sizeof *p->cost);
    add_objective(p, objective, 1.0, p->cost);
    if (minimise(p, objective == GW_OBJ_TTFT_MS) != GW_LP_OPTIMAL) {
        return (double)NAN;
    }
    const double optimum = gw_lp_objective(p->lp);
    return optimum - solver_tolerance * fabs(optimum) + p->fixed[objective];
}
