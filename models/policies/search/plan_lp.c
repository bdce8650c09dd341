#include "models/policies/search/plan_lp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/eval.h"

/* Loads at which u w(u) is touched; at 0 the bound of the column does. */
static const double touch[] = {0.45, 0.65, 0.8, 0.9, 1.0};
enum {
    TOUCHES = sizeof touch / sizeof touch[0],
    SEGMENTS = GW_VIEW_LOADS - 1,
    SIDES = 4 /* of the hull that are kept: any of them lies below the curve */
};

static const double solver_tolerance = 1e-7; /* of GLPK, relative */
static const double tie_ttft = 1e-5,
                    tie_name = 2e-7; /* parts of the objective, above what GLPK takes for zero */
static const uint32_t none = UINT32_MAX;

struct tables {
    const double *rate, *model, *origin, *allowed, *rtt_ms, *ttft_ms, *capacity, *power_kw, *transfer_usd;
    const double *marginal, *carbon, *price, *water, *water_onsite, *fixed_it_kw, *fixed_kw, *onsite_kw;
};

/* kW over load: slope u + start. */
struct line {
    double slope, start;
};

/* A model at a site. */
struct cell {
    struct line side[SIDES]; /* of the power curve's hull from below */
    struct line above;       /* a line that lies above the curve */
    uint32_t n_sides;
    uint32_t room;     /* sides there is room for: grows, never shrinks */
    double least_wait; /* capacity x TTFT */
};

/* The program in one of two forms, without waiting and with it. Columns that are sums of others are left out
 * where the curve they stand for has no corner. */
struct form {
    struct gw_lp *lp; /* NULL: to be laid out */
    bool waiting;
    bool is_read; /* the coming epoch stands in it */
    uint32_t n_columns, n_rows;
    uint32_t *load, *power, *wait, *over; /* [cells] columns; `none` where there is none */
    uint32_t *bought;                     /* [sites] */
    uint32_t *cell_row, *site_row;        /* first of a cell's; [sites] */
};

struct gw_plan_lp {
    const struct gw_view *view;
    struct tables t;
    uint32_t demands, models, sites;
    struct form form[2];       /* by whether waiting counts */
    const struct form *solved; /* last */
    double limit;
    bool soft;
    enum gw_objective capped;
    double cap;          /* INFINITY: none */
    struct cell *cell;   /* [models][sites] */
    bool *has_corner;    /* [sites] own plants may give more than is needed; grows, never shrinks */
    uint32_t *name_rank; /* [sites] */
    uint32_t *column;    /* scratch of a row, [most columns] */
    double *coefficient;
    double *cost;                /* [most columns] */
    double fixed[GW_OBJECTIVES]; /* what no plan changes, of the objectives added last */
};

static uint32_t cells(const struct gw_plan_lp *p)
{
    return p->models * p->sites;
}

static uint32_t most_columns(const struct gw_plan_lp *p)
{
    return p->demands * p->sites + 4 * cells(p) + p->sites;
}

static uint32_t col_share(const struct gw_plan_lp *p, uint32_t d, uint32_t s)
{
    return d * p->sites + s;
}

static double rate_of(const struct gw_plan_lp *p, uint32_t d)
{
    return p->t.rate[(size_t)d * p->view->dims->horizon];
}

/* Of a table [sites][horizon], the coming epoch. */
static double now(const struct gw_plan_lp *p, const double *table, uint32_t s)
{
    return table[(size_t)s * p->view->dims->horizon];
}

static double hours(const struct gw_plan_lp *p)
{
    return (double)p->view->epoch_us / 3.6e9;
}

static bool may_serve(const struct gw_plan_lp *p, uint32_t d, uint32_t m, uint32_t s)
{
    return (uint32_t)p->t.model[d] == m && p->t.allowed[(size_t)d * p->sites + s] != 0.0;
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

static bool make_form(const struct gw_plan_lp *p, struct form *form, bool waiting)
{
    form->waiting = waiting;
    form->load = calloc((size_t)5 * cells(p) + 2 * (size_t)p->sites, sizeof *form->load);
    if (form->load == NULL) {
        return false;
    }
    form->power = form->load + cells(p);
    form->wait = form->power + cells(p);
    form->over = form->wait + cells(p);
    form->cell_row = form->over + cells(p);
    form->bought = form->cell_row + cells(p);
    form->site_row = form->bought + p->sites;
    return true;
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
    p->column = calloc(most_columns(p), sizeof *p->column);
    p->coefficient = calloc(most_columns(p), sizeof *p->coefficient);
    p->cost = calloc(most_columns(p), sizeof *p->cost);
    p->cell = calloc(cells(p), sizeof *p->cell);
    p->has_corner = calloc(p->sites, sizeof *p->has_corner);
    p->name_rank = calloc(p->sites, sizeof *p->name_rank);
    if (p->column == NULL || p->coefficient == NULL || p->cost == NULL || p->cell == NULL ||
        p->has_corner == NULL || p->name_rank == NULL || !make_form(p, &p->form[0], false) ||
        !make_form(p, &p->form[1], true)) {
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
    for (size_t i = 0; i < 2; i++) {
        gw_lp_destroy(p->form[i].lp);
        free(p->form[i].load);
    }
    free(p->column);
    free(p->coefficient);
    free(p->cost);
    free(p->cell);
    free(p->has_corner);
    free(p->name_rank);
    free(p);
}

/* ---- curves of power ---- */

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

/* The line through the side of the upper hull over half load. */
static struct line line_above(const double *kw)
{
    double upside_down[GW_VIEW_LOADS], slope[SEGMENTS], start[SEGMENTS];
    for (uint32_t k = 0; k < GW_VIEW_LOADS; k++) {
        upside_down[k] = -kw[k];
    }
    const uint32_t segments = hull(upside_down, slope, start);
    uint32_t side = 0;
    for (uint32_t i = 1; i < segments; i++) {
        const bool higher = slope[i] * 0.5 + start[i] > slope[side] * 0.5 + start[side];
        side = higher ? i : side;
    }
    return (struct line){-slope[side], -start[side]};
}

/* The least capacity x TTFT among the rows of a model at a site: what waiting costs at least. */
static double least_wait(const struct gw_plan_lp *p, uint32_t m, uint32_t s)
{
    double least = INFINITY;
    for (uint32_t d = 0; d < p->demands; d++) {
        const size_t cell = (size_t)d * p->sites + s;
        if (may_serve(p, d, m, s)) {
            least = fmin(least, p->t.capacity[cell] * p->t.ttft_ms[cell]);
        }
    }
    return isfinite(least) ? least : 0.0;
}

/* True when there is room for all its sides. */
static bool look_at_cell(struct gw_plan_lp *p, uint32_t m, uint32_t s)
{
    struct cell *cell = &p->cell[m * p->sites + s];
    const double *kw = p->t.power_kw + ((size_t)m * p->sites + s) * GW_VIEW_LOADS;
    double slope[SEGMENTS], start[SEGMENTS];
    const uint32_t segments = hull(kw, slope, start);
    cell->n_sides = segments < SIDES ? segments : SIDES;
    for (uint32_t k = 0; k < cell->n_sides; k++) {
        const uint32_t side = segments <= SIDES ? k : k * (segments - 1) / (SIDES - 1);
        cell->side[k] = (struct line){slope[side], start[side]};
    }
    cell->above = line_above(kw);
    cell->least_wait = least_wait(p, m, s);
    const bool fits = cell->n_sides <= cell->room;
    cell->room = fits ? cell->room : cell->n_sides;
    return fits;
}

void gw_plan_lp_read(struct gw_plan_lp *p, double limit, bool soft)
{
    bool fits = true;
    for (uint32_t s = 0; s < p->sites; s++) {
        for (uint32_t m = 0; m < p->models; m++) {
            fits = look_at_cell(p, m, s) && fits;
        }
        const bool corner = now(p, p->t.onsite_kw, s) > now(p, p->t.fixed_kw, s);
        fits = fits && (!corner || p->has_corner[s]);
        p->has_corner[s] = p->has_corner[s] || corner;
    }
    for (size_t i = 0; i < 2; i++) {
        p->form[i].is_read = false;
        if (!fits) {
            gw_lp_destroy(p->form[i].lp);
            p->form[i].lp = NULL;
        }
    }
    p->limit = limit;
    p->soft = soft;
    p->cap = INFINITY;
}

/* ---- a form's columns and rows ---- */

/* Rows: demands; per cell its load where it has a column, the limit, sides where there are several, touches;
 * per site with a corner what is bought; the cap. False when memory is out. */
static bool lay_out(const struct gw_plan_lp *p, struct form *form)
{
    uint32_t column = p->demands * p->sites, row = p->demands;
    for (uint32_t i = 0; i < cells(p); i++) {
        const bool bends = p->cell[i].room > 1;
        form->load[i] = bends || form->waiting ? column++ : none;
        form->power[i] = bends ? column++ : none;
        form->wait[i] = form->waiting ? column++ : none;
        form->over[i] = column++;
        form->cell_row[i] = row;
        row +=
            (form->load[i] != none ? 2 : 1) + (bends ? p->cell[i].room : 0) + (form->waiting ? TOUCHES : 0);
    }
    for (uint32_t s = 0; s < p->sites; s++) {
        form->bought[s] = p->has_corner[s] ? column++ : none;
        form->site_row[s] = row;
        row += p->has_corner[s];
    }
    form->n_columns = column;
    form->n_rows = row + 1; /* the last one is the cap's */
    form->lp = gw_lp_create(form->n_rows, column);
    return form->lp != NULL;
}

static void add_row(struct gw_plan_lp *p, struct form *form, uint32_t row, double low, double high,
                    uint32_t n)
{
    gw_lp_row(form->lp, row, low, high, n, p->column, p->coefficient);
}

static void put(struct gw_plan_lp *p, uint32_t *n, uint32_t column, double coefficient)
{
    p->column[*n] = column;
    p->coefficient[(*n)++] = coefficient;
}

/* The load of a cell: its column, or what it is the sum of. */
static void put_load(struct gw_plan_lp *p, const struct form *form, uint32_t *n, uint32_t m, uint32_t s,
                     double coefficient)
{
    const uint32_t load = form->load[m * p->sites + s];
    if (load != none) {
        put(p, n, load, coefficient);
        return;
    }
    for (uint32_t d = 0; d < p->demands; d++) {
        if (may_serve(p, d, m, s)) {
            put(p, n, col_share(p, d, s), coefficient * rate_of(p, d) / p->t.capacity[d * p->sites + s]);
        }
    }
}

static void read_demand(struct gw_plan_lp *p, struct form *form, uint32_t d)
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < p->sites; s++) {
        const bool allowed = p->t.allowed[(size_t)d * p->sites + s] != 0.0;
        gw_lp_column(form->lp, col_share(p, d, s), 0.0, allowed ? 1.0 : 0.0);
        put(p, &n, col_share(p, d, s), 1.0);
    }
    add_row(p, form, d, 1.0, 1.0, n);
}

/* Load and limit; the next row. */
static uint32_t read_load(struct gw_plan_lp *p, struct form *form, uint32_t m, uint32_t s)
{
    const uint32_t i = m * p->sites + s;
    uint32_t row = form->cell_row[i], n = 0;
    gw_lp_column(form->lp, form->over[i], 0.0, p->soft ? INFINITY : 0.0);
    if (form->load[i] != none) {
        gw_lp_column(form->lp, form->load[i], 0.0, INFINITY);
        for (uint32_t d = 0; d < p->demands; d++) {
            if (may_serve(p, d, m, s)) {
                put(p, &n, col_share(p, d, s), rate_of(p, d) / p->t.capacity[d * p->sites + s]);
            }
        }
        put(p, &n, form->load[i], -1.0);
        add_row(p, form, row++, 0.0, 0.0, n);
    }
    n = 0;
    put_load(p, form, &n, m, s, 1.0);
    put(p, &n, form->over[i], -1.0);
    add_row(p, form, row++, -INFINITY, p->limit, n);
    return row;
}

static void read_cell(struct gw_plan_lp *p, struct form *form, uint32_t m, uint32_t s)
{
    const uint32_t i = m * p->sites + s;
    const struct cell *cell = &p->cell[i];
    uint32_t row = read_load(p, form, m, s), n;
    for (uint32_t k = 0; form->power[i] != none && k < cell->room; k++) {
        const bool used = k < cell->n_sides;
        n = 0;
        put(p, &n, form->power[i], used ? 1.0 : 0.0);
        put(p, &n, form->load[i], used ? -cell->side[k].slope : 0.0);
        add_row(p, form, row++, used ? cell->side[k].start : -INFINITY, INFINITY, n);
    }
    if (form->power[i] != none) {
        gw_lp_column(form->lp, form->power[i], 0.0, INFINITY);
    }
    for (uint32_t k = 0; form->waiting && k < TOUCHES; k++) {
        const double u = touch[k], slope = gw_eval_wait_factor(u) + u * gw_eval_wait_slope(u);
        n = 0;
        put(p, &n, form->wait[i], 1.0);
        put(p, &n, form->load[i], -cell->least_wait * slope);
        add_row(p, form, row++, cell->least_wait * u * (gw_eval_wait_factor(u) - slope), INFINITY, n);
    }
    if (form->waiting) {
        gw_lp_column(form->lp, form->wait[i], 0.0, INFINITY);
    }
}

/* The power of a cell times `factor`, into a row; what of it is constant is returned. */
static double put_power(struct gw_plan_lp *p, const struct form *form, uint32_t *n, uint32_t m, uint32_t s,
                        double factor)
{
    const uint32_t i = m * p->sites + s;
    if (form->power[i] != none) {
        put(p, n, form->power[i], factor);
        return 0.0;
    }
    put_load(p, form, n, m, s, factor * p->cell[i].side[0].slope);
    return factor * p->cell[i].side[0].start;
}

static void read_site(struct gw_plan_lp *p, struct form *form, uint32_t s)
{
    if (form->bought[s] == none) {
        return;
    }
    uint32_t n = 0;
    double constant = now(p, p->t.fixed_kw, s) - now(p, p->t.onsite_kw, s);
    gw_lp_column(form->lp, form->bought[s], 0.0, INFINITY);
    for (uint32_t m = 0; m < p->models; m++) {
        constant -= put_power(p, form, &n, m, s, -now(p, p->t.marginal, s));
    }
    put(p, &n, form->bought[s], 1.0);
    add_row(p, form, form->site_row[s], constant, INFINITY, n);
}

/* The form, laid out and with the coming epoch in it; NULL when memory is out. */
static struct form *ready(struct gw_plan_lp *p, bool waiting)
{
    struct form *form = &p->form[waiting];
    if (form->lp == NULL && !lay_out(p, form)) {
        return NULL;
    }
    if (!form->is_read) {
        for (uint32_t d = 0; d < p->demands; d++) {
            read_demand(p, form, d);
        }
        for (uint32_t s = 0; s < p->sites; s++) {
            for (uint32_t m = 0; m < p->models; m++) {
                read_cell(p, form, m, s);
            }
            read_site(p, form, s);
        }
        form->is_read = true;
    }
    return form;
}

void gw_plan_lp_cap(struct gw_plan_lp *p, enum gw_objective objective, double most)
{
    p->capped = objective;
    p->cap = most;
}

/* ---- objectives: into p->cost, what no plan changes into p->fixed ---- */

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

static void add_ttft(struct gw_plan_lp *p, const struct form *form, double weight)
{
    const double rate = all_requests(p);
    if (!(rate > 0.0)) {
        return;
    }
    for (uint32_t d = 0; d < p->demands; d++) {
        for (uint32_t s = 0; s < p->sites; s++) {
            p->cost[col_share(p, d, s)] += weight * rate_of(p, d) * wait_ms(p, d, s) / rate;
        }
    }
    for (uint32_t i = 0; form->waiting && i < cells(p); i++) {
        p->cost[form->wait[i]] += weight / rate;
    }
}

static void add_transfer(struct gw_plan_lp *p, double weight)
{
    for (uint32_t d = 0; d < p->demands; d++) {
        for (uint32_t s = 0; s < p->sites; s++) {
            p->cost[col_share(p, d, s)] +=
                weight * hours(p) * 3600.0 * rate_of(p, d) * p->t.transfer_usd[(size_t)d * p->sites + s];
        }
    }
}

/* The terms that put_load and put_power have gathered, as costs. */
static void spend(struct gw_plan_lp *p, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        p->cost[p->column[k]] += p->coefficient[k];
    }
}

/* factor x power of a cell */
static double add_power(struct gw_plan_lp *p, const struct form *form, uint32_t m, uint32_t s, double factor)
{
    uint32_t n = 0;
    const double constant = put_power(p, form, &n, m, s, factor);
    spend(p, n);
    return constant;
}

/* factor x what a site buys. Where buying is paid for, the most that a plan could buy counts: a line above
 * the curve. */
static double add_bought(struct gw_plan_lp *p, const struct form *form, uint32_t s, double factor)
{
    const double need = now(p, p->t.fixed_kw, s) - now(p, p->t.onsite_kw, s),
                 marginal = now(p, p->t.marginal, s);
    double constant = factor * need;
    if (factor < 0.0) {
        constant = factor * fmax(need, 0.0);
        for (uint32_t m = 0; m < p->models; m++) {
            const struct line above = p->cell[m * p->sites + s].above;
            uint32_t n = 0;
            put_load(p, form, &n, m, s, factor * marginal * above.slope);
            spend(p, n);
            constant += factor * marginal * above.start;
        }
        return constant;
    }
    if (form->bought[s] != none) {
        p->cost[form->bought[s]] += factor;
        return 0.0;
    }
    for (uint32_t m = 0; m < p->models; m++) {
        constant += add_power(p, form, m, s, factor * marginal);
    }
    return constant;
}

static void add_objective(struct gw_plan_lp *p, const struct form *form, enum gw_objective objective,
                          double weight)
{
    const struct {
        const double *per_kwh;
        double scale;
    } of[GW_OBJECTIVES] = {
        [GW_OBJ_CARBON_KG] = {p->t.carbon, 1e-3},
        [GW_OBJ_WATER_L] = {p->t.water, 1.0},
        [GW_OBJ_COST_USD] = {p->t.price, 1.0},
    };
    double fixed = 0.0;
    if (objective == GW_OBJ_TTFT_MS) {
        add_ttft(p, form, weight);
    }
    if (objective == GW_OBJ_COST_USD) {
        add_transfer(p, weight);
    }
    for (uint32_t s = 0; objective != GW_OBJ_TTFT_MS && s < p->sites; s++) {
        const double per_kwh =
            objective == GW_OBJ_ENERGY_KWH ? 1.0 : now(p, of[objective].per_kwh, s) * of[objective].scale;
        fixed += add_bought(p, form, s, weight * hours(p) * per_kwh);
        if (objective == GW_OBJ_WATER_L) {
            const double l_per_kw = weight * hours(p) * now(p, p->t.water_onsite, s);
            fixed += l_per_kw * p->t.fixed_it_kw[s];
            for (uint32_t m = 0; m < p->models; m++) {
                fixed += add_power(p, form, m, s, l_per_kw);
            }
        }
    }
    p->fixed[objective] = fixed;
}

/* The largest cost of a column: the scale on which ties are broken and overload is dear, and in which GLPK
 * reckons. */
static double scale_of(const struct gw_plan_lp *p, const struct form *form)
{
    double scale = 0.0;
    for (uint32_t j = 0; j < form->n_columns; j++) {
        scale = fmax(scale, fabs(p->cost[j]));
    }
    return scale > 0.0 ? scale : 1.0;
}

static void break_ties(struct gw_plan_lp *p, const struct form *form)
{
    const double scale = scale_of(p, form);
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
    for (uint32_t i = 0; i < cells(p); i++) {
        bought_kw += 2.0 * p->t.power_kw[(size_t)i * GW_VIEW_LOADS + SEGMENTS];
    }
    for (uint32_t i = 0; i < cells(p); i++) {
        p->cost[form->over[i]] += 1e3 * scale * (1.0 + bought_kw);
    }
}

/* The cap as a row, scaled as costs are. p->cost is scratch. */
static void read_cap(struct gw_plan_lp *p, struct form *form)
{
    const uint32_t row = form->n_rows - 1;
    if (isinf(p->cap)) {
        gw_lp_row_bounds(form->lp, row, -INFINITY, INFINITY);
        return;
    }
    memset(p->cost, 0, form->n_columns * sizeof *p->cost);
    add_objective(p, form, p->capped, 1.0);
    const double scale = scale_of(p, form);
    uint32_t n = 0;
    for (uint32_t j = 0; j < form->n_columns; j++) {
        if (p->cost[j] != 0.0) {
            put(p, &n, j, p->cost[j] / scale);
        }
    }
    add_row(p, form, row, -INFINITY, (p->cap - p->fixed[p->capped]) / scale, n);
}

static enum gw_lp_outcome minimise(struct gw_plan_lp *p, const struct form *form, double scale)
{
    for (uint32_t j = 0; j < form->n_columns; j++) {
        gw_lp_cost(form->lp, j, p->cost[j] / scale);
    }
    p->solved = form;
    return gw_lp_solve(form->lp);
}

enum gw_lp_outcome gw_plan_lp_solve(struct gw_plan_lp *p, const double weight[GW_OBJECTIVES])
{
    struct form *form =
        ready(p, weight[GW_OBJ_TTFT_MS] != 0.0 || (isfinite(p->cap) && p->capped == GW_OBJ_TTFT_MS));
    if (form == NULL) {
        return GW_LP_FAILED;
    }
    read_cap(p, form);
    memset(p->cost, 0, form->n_columns * sizeof *p->cost);
    for (int k = 0; k < GW_OBJECTIVES; k++) {
        if (weight[k] != 0.0) {
            add_objective(p, form, (enum gw_objective)k, weight[k]);
        }
    }
    const double scale = scale_of(p, form);
    break_ties(p, form);
    return minimise(p, form, scale);
}

void gw_plan_lp_share(const struct gw_plan_lp *p, double *share)
{
    for (uint32_t d = 0; d < p->demands; d++) {
        double *row = share + (size_t)d * p->sites, sum = 0.0;
        for (uint32_t s = 0; s < p->sites; s++) {
            const double x = gw_lp_value(p->solved->lp, col_share(p, d, s));
            row[s] = x > 1e-9 ? x : 0.0;
            sum += row[s];
        }
        for (uint32_t s = 0; s < p->sites; s++) {
            row[s] /= sum;
        }
    }
}

void gw_plan_lp_objectives(const struct gw_plan_lp *self, double objective[GW_OBJECTIVES])
{
    struct gw_plan_lp scratch = *self, *p = &scratch; /* costs are scratch between solutions */
    for (int k = 0; k < GW_OBJECTIVES; k++) {
        memset(p->cost, 0, p->solved->n_columns * sizeof *p->cost);
        add_objective(p, p->solved, (enum gw_objective)k, 1.0);
        objective[k] = p->fixed[k];
        for (uint32_t j = 0; j < p->solved->n_columns; j++) {
            objective[k] += p->cost[j] != 0.0 ? p->cost[j] * gw_lp_value(p->solved->lp, j) : 0.0;
        }
    }
}

double gw_plan_lp_bound(struct gw_plan_lp *p, enum gw_objective objective)
{
    gw_plan_lp_read(p, 1.0, false);
    struct form *form = ready(p, objective == GW_OBJ_TTFT_MS);
    if (form == NULL) {
        return (double)NAN;
    }
    read_cap(p, form);
    memset(p->cost, 0, form->n_columns * sizeof *p->cost);
    add_objective(p, form, objective, 1.0);
    const double scale = scale_of(p, form);
    if (minimise(p, form, scale) != GW_LP_OPTIMAL) {
        return (double)NAN;
    }
    const double optimum = scale * gw_lp_objective(form->lp), fixed = p->fixed[objective];
    return optimum + fixed - solver_tolerance * (fabs(optimum) + fabs(fixed));
}
