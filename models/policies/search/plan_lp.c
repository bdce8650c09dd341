#include "models/policies/search/plan_lp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/eval.h"
#include "models/policies/purchase.h"
#include "models/policies/search/plan_curves.h"

/* Loads at which u w(u) is touched; at 0 the bound of the column does. */
static const double touch[] = {0.45, 0.65, 0.8, 0.9, 1.0};
enum {
    TOUCHES = sizeof touch / sizeof touch[0],
    SIDES = 4, /* of a hull that are kept: any of them lies below the curve */
    PARTS = SIDES + TOUCHES
};

static const double solver_tolerance = 1e-7; /* of GLPK, relative */
static const double tie_ttft = 1e-5,
                    tie_name = 2e-7; /* parts of the objective, above what GLPK takes for zero */
static const uint32_t none = UINT32_MAX;

struct tables {
    const double *rate, *model, *origin, *allowed, *rtt_ms, *ttft_ms, *capacity, *power_kw, *transfer_usd;
    const double *marginal, *carbon, *price, *water, *water_onsite, *fixed_it_kw, *fixed_kw, *onsite_kw;
};

/* A model at a site. */
struct cell {
    struct gw_plan_line side[SIDES]; /* kW over load: the power curve's hull from below */
    struct gw_plan_line above;       /* a line that lies above the curve */
    uint32_t n_sides;
    uint32_t room;     /* sides there is room for: grows, never shrinks */
    double least_wait; /* capacity x TTFT */
};

/* Power bought over power needed, and the peaks a plan could pass. */
struct site {
    struct gw_plan_line side[SIDES], above;
    uint32_t n_sides, n_peaks;
    uint32_t room, peak_room; /* rows there is room for: grow, never shrink */
    double peak_kw[GW_VIEW_PEAKS], peak_usd[GW_VIEW_PEAKS];
};

/* A part of a cell's load between two corners of what is drawn over it. */
struct part {
    double end;
    double power_kw, wait; /* slopes */
};

/* The program in one of two forms, without waiting and with it. What a site buys is left out where it is a
 * sum of other columns. */
struct form {
    struct gw_lp *lp; /* NULL: to be laid out */
    bool waiting;
    bool is_read; /* the coming epoch stands in it */
    uint32_t n_columns, n_rows;
    uint32_t *load, *n_parts;    /* [cells] first column of its parts; the one after them is overload */
    uint32_t *bought, *site_row; /* [sites] column, `none` where there is none; first row */
    struct part *part;           /* [cells][PARTS] */
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
    double cap; /* INFINITY: none */
    struct gw_purchase purchase;
    double wait_end[TOUCHES], wait_slope[TOUCHES]; /* of the tangents' upper envelope, from each end on */
    struct cell *cell;                             /* [models][sites] */
    struct site *site;                             /* [sites] */
    uint32_t *name_rank;                           /* [sites] */
    uint32_t *column;                              /* scratch of a row, [most columns] */
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
    return p->demands * p->sites + (PARTS + 1) * cells(p) + (1 + GW_VIEW_PEAKS) * p->sites;
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
    form->load = calloc((size_t)2 * cells(p) + 2 * (size_t)p->sites, sizeof *form->load);
    form->part = calloc((size_t)cells(p) * PARTS, sizeof *form->part);
    if (form->load == NULL || form->part == NULL) {
        return false;
    }
    form->n_parts = form->load + cells(p);
    form->bought = form->n_parts + cells(p);
    form->site_row = form->bought + p->sites;
    return true;
}

/* Where the tangents of u w(u) cross one another, and 0 the first one. */
static void find_tangents(struct gw_plan_lp *p)
{
    double start[TOUCHES];
    for (uint32_t k = 0; k < TOUCHES; k++) {
        const double u = touch[k], factor = gw_eval_wait_factor(u);
        p->wait_slope[k] = factor + u * gw_eval_wait_slope(u);
        start[k] = u * (factor - p->wait_slope[k]);
        p->wait_end[k] = k == 0 ? -start[0] / p->wait_slope[0]
                                : (start[k - 1] - start[k]) / (p->wait_slope[k] - p->wait_slope[k - 1]);
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
    p->column = calloc(most_columns(p), sizeof *p->column);
    p->coefficient = calloc(most_columns(p), sizeof *p->coefficient);
    p->cost = calloc(most_columns(p), sizeof *p->cost);
    p->cell = calloc(cells(p), sizeof *p->cell);
    p->site = calloc(p->sites, sizeof *p->site);
    p->name_rank = calloc(p->sites, sizeof *p->name_rank);
    if (p->column == NULL || p->coefficient == NULL || p->cost == NULL || p->cell == NULL ||
        p->site == NULL || p->name_rank == NULL || !make_form(p, &p->form[0], false) ||
        !make_form(p, &p->form[1], true)) {
        gw_plan_lp_destroy(p);
        return NULL;
    }
    find_tables(p);
    p->purchase = gw_purchase_of(view);
    find_tangents(p);
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
        free(p->form[i].part);
    }
    free(p->column);
    free(p->coefficient);
    free(p->cost);
    free(p->cell);
    free(p->site);
    free(p->name_rank);
    free(p);
}

/* ---- curves ---- */

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

static const double *power_of(const struct gw_plan_lp *p, uint32_t m, uint32_t s)
{
    return p->t.power_kw + ((size_t)m * p->sites + s) * GW_VIEW_LOADS;
}

/* True when there is room for all its sides. */
static bool look_at_cell(struct gw_plan_lp *p, uint32_t m, uint32_t s)
{
    struct cell *cell = &p->cell[m * p->sites + s];
    const double *kw = power_of(p, m, s);
    double load[GW_VIEW_LOADS];
    for (uint32_t k = 0; k < GW_VIEW_LOADS; k++) {
        load[k] = (double)k / (GW_VIEW_LOADS - 1);
    }
    cell->n_sides = gw_plan_curves_below(load, kw, GW_VIEW_LOADS, SIDES, cell->side);
    cell->above = gw_plan_curves_above(load, kw, GW_VIEW_LOADS);
    cell->least_wait = least_wait(p, m, s);
    const bool fits = cell->n_sides <= cell->room;
    cell->room = fits ? cell->room : cell->n_sides;
    return fits;
}

/* What a site needs beyond its own plants at no routed load. */
static double need_of(const struct gw_plan_lp *p, uint32_t s)
{
    return now(p, p->t.fixed_kw, s) - now(p, p->t.onsite_kw, s);
}

/* The least and the most that any plan could need. */
static void find_range(const struct gw_plan_lp *p, uint32_t s, double *low_kw, double *high_kw)
{
    *low_kw = *high_kw = need_of(p, s);
    for (uint32_t m = 0; m < p->models; m++) {
        const double *kw = power_of(p, m, s);
        double least = kw[0], most = kw[0];
        for (uint32_t k = 1; k < GW_VIEW_LOADS; k++) {
            least = fmin(least, kw[k]);
            most = fmax(most, kw[k]);
        }
        *low_kw += now(p, p->t.marginal, s) * least;
        *high_kw += now(p, p->t.marginal, s) * most;
    }
}

static bool look_at_site(struct gw_plan_lp *p, uint32_t s)
{
    struct site *site = &p->site[s];
    double net[GW_PURCHASE_BENDS + 2], bought[GW_PURCHASE_BENDS + 2], low_kw, high_kw;
    find_range(p, s, &low_kw, &high_kw);
    uint32_t n = 1 + gw_purchase_bends(&p->purchase, s, low_kw, high_kw, net + 1);
    net[0] = low_kw;
    if (high_kw > low_kw) {
        net[n++] = high_kw;
    }
    for (uint32_t k = 0; k < n; k++) {
        bought[k] = gw_purchase_kw(&p->purchase, s, net[k]);
    }
    site->n_sides = gw_plan_curves_below(net, bought, n, SIDES, site->side);
    site->above = gw_plan_curves_above(net, bought, n);
    site->n_peaks = 0;
    for (uint32_t k = 0; k < GW_VIEW_PEAKS; k++) {
        const size_t row = (size_t)s * GW_VIEW_PEAKS + k;
        if (p->purchase.peak_usd[row] > 0.0 && p->purchase.peak_kw[row] < bought[n - 1]) {
            site->peak_kw[site->n_peaks] = p->purchase.peak_kw[row];
            site->peak_usd[site->n_peaks++] = p->purchase.peak_usd[row];
        }
    }
    const uint32_t rows = site->n_sides > 1 || site->n_peaks > 0 ? site->n_sides : 0;
    const bool fits = rows <= site->room && site->n_peaks <= site->peak_room;
    site->room = rows > site->room ? rows : site->room;
    site->peak_room = site->n_peaks > site->peak_room ? site->n_peaks : site->peak_room;
    return fits;
}

void gw_plan_lp_read(struct gw_plan_lp *p, double limit, bool soft)
{
    bool fits = true;
    for (uint32_t s = 0; s < p->sites; s++) {
        for (uint32_t m = 0; m < p->models; m++) {
            fits = look_at_cell(p, m, s) && fits;
        }
        fits = look_at_site(p, s) && fits;
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

static uint32_t parts_of(const struct gw_plan_lp *p, const struct form *form, uint32_t i)
{
    return p->cell[i].room + (form->waiting ? (uint32_t)TOUCHES : 0);
}

/* Rows: demands; loads of cells; of a site whose purchase has corners those and its peaks; the cap. False
 * when memory is out. */
static bool lay_out(const struct gw_plan_lp *p, struct form *form)
{
    uint32_t column = p->demands * p->sites, row = p->demands + cells(p);
    for (uint32_t i = 0; i < cells(p); i++) {
        form->load[i] = column;
        form->n_parts[i] = parts_of(p, form, i);
        column += form->n_parts[i] + 1;
    }
    for (uint32_t s = 0; s < p->sites; s++) {
        const struct site *site = &p->site[s];
        form->bought[s] = site->room > 0 ? column : none;
        form->site_row[s] = row;
        column += site->room > 0 ? 1 + site->peak_room : 0;
        row += site->room + site->peak_room;
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

/* The load of a cell: its parts and what is beyond them. */
static void put_load(struct gw_plan_lp *p, const struct form *form, uint32_t *n, uint32_t i,
                     double coefficient)
{
    for (uint32_t k = 0; k <= form->n_parts[i]; k++) {
        put(p, n, form->load[i] + k, coefficient);
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

/* Where lines a and b, the steeper one, cross. */
static double crossing(const struct gw_plan_line *a, const struct gw_plan_line *b)
{
    return (a->start - b->start) / (b->slope - a->slope);
}

/* The parts of a cell's load up to the limit, between corners of its power and of its waiting. Slopes rise
 * from part to part, so what costs least fills them in turn. */
static void divide(const struct gw_plan_lp *p, struct form *form, uint32_t i)
{
    const struct cell *cell = &p->cell[i];
    struct part *part = form->part + (size_t)i * PARTS;
    uint32_t side = 0, tangent = 0;
    for (uint32_t k = 0; k < form->n_parts[i]; k++) {
        const double bend =
            side + 1 < cell->n_sides ? crossing(&cell->side[side], &cell->side[side + 1]) : INFINITY;
        const double touched = form->waiting && tangent < TOUCHES ? p->wait_end[tangent] : INFINITY;
        part[k] = (struct part){
            .end = fmin(fmin(bend, touched), p->limit),
            .power_kw = cell->side[side].slope,
            .wait = tangent > 0 ? cell->least_wait * p->wait_slope[tangent - 1] : 0.0,
        };
        if (part[k].end < p->limit) { /* those that are left over have no length */
            side += bend <= touched;
            tangent += touched < bend;
        }
    }
}

static void read_cell(struct gw_plan_lp *p, struct form *form, uint32_t m, uint32_t s)
{
    const uint32_t i = m * p->sites + s, parts = form->n_parts[i];
    const struct part *part = form->part + (size_t)i * PARTS;
    uint32_t n = 0;
    divide(p, form, i);
    for (uint32_t k = 0; k < parts; k++) {
        gw_lp_column(form->lp, form->load[i] + k, 0.0, part[k].end - (k > 0 ? part[k - 1].end : 0.0));
    }
    gw_lp_column(form->lp, form->load[i] + parts, 0.0, p->soft ? INFINITY : 0.0);
    for (uint32_t d = 0; d < p->demands; d++) {
        if (may_serve(p, d, m, s)) {
            put(p, &n, col_share(p, d, s), rate_of(p, d) / p->t.capacity[d * p->sites + s]);
        }
    }
    put_load(p, form, &n, i, -1.0);
    add_row(p, form, p->demands + i, 0.0, 0.0, n);
}

/* The power of a cell times `factor`, into a row; what of it is constant is returned. */
static double put_power(struct gw_plan_lp *p, const struct form *form, uint32_t *n, uint32_t i, double factor)
{
    const struct part *part = form->part + (size_t)i * PARTS;
    for (uint32_t k = 0; k < form->n_parts[i]; k++) {
        put(p, n, form->load[i] + k, factor * part[k].power_kw);
    }
    put(p, n, form->load[i] + form->n_parts[i], factor * part[form->n_parts[i] - 1].power_kw);
    return factor * p->cell[i].side[0].start;
}

/* The same of what a site needs beyond its own plants. */
static double put_need(struct gw_plan_lp *p, const struct form *form, uint32_t *n, uint32_t s, double factor)
{
    double constant = factor * need_of(p, s);
    for (uint32_t m = 0; m < p->models; m++) {
        constant += put_power(p, form, n, m * p->sites + s, factor * now(p, p->t.marginal, s));
    }
    return constant;
}

static void read_site(struct gw_plan_lp *p, struct form *form, uint32_t s)
{
    const struct site *site = &p->site[s];
    uint32_t row = form->site_row[s];
    if (form->bought[s] == none) {
        return;
    }
    gw_lp_column(form->lp, form->bought[s], 0.0, INFINITY);
    for (uint32_t k = 0; k < site->room; k++, row++) {
        const struct gw_plan_line *side = &site->side[k < site->n_sides ? k : 0];
        uint32_t n = 0;
        const double constant = side->start - put_need(p, form, &n, s, -side->slope);
        put(p, &n, form->bought[s], 1.0);
        add_row(p, form, row, k < site->n_sides ? constant : -INFINITY, INFINITY, n);
    }
    for (uint32_t k = 0; k < site->peak_room; k++, row++) {
        const bool counts = k < site->n_peaks;
        uint32_t n = 0;
        gw_lp_column(form->lp, form->bought[s] + 1 + k, 0.0, INFINITY);
        put(p, &n, form->bought[s] + 1 + k, 1.0);
        put(p, &n, form->bought[s], -1.0);
        add_row(p, form, row, counts ? -site->peak_kw[k] : -INFINITY, INFINITY, n);
    }
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
        const struct part *part = form->part + (size_t)i * PARTS;
        const uint32_t parts = form->n_parts[i];
        for (uint32_t k = 0; k <= parts; k++) {
            p->cost[form->load[i] + k] += weight / rate * part[k < parts ? k : parts - 1].wait;
        }
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

/* factor x what a site buys. Where buying is paid for, the most that a plan could buy counts: a line above
 * the curve. */
static double add_bought(struct gw_plan_lp *p, const struct form *form, uint32_t s, double factor)
{
    const struct site *site = &p->site[s];
    uint32_t n = 0;
    double constant = 0.0;
    if (factor < 0.0) {
        const double slope = factor * site->above.slope;
        constant = factor * site->above.start + slope * need_of(p, s);
        for (uint32_t m = 0; m < p->models; m++) {
            const struct gw_plan_line above = p->cell[m * p->sites + s].above;
            put_load(p, form, &n, m * p->sites + s, slope * now(p, p->t.marginal, s) * above.slope);
            constant += slope * now(p, p->t.marginal, s) * above.start;
        }
    } else if (form->bought[s] != none) {
        put(p, &n, form->bought[s], factor);
    } else {
        constant = factor * site->side[0].start + put_need(p, form, &n, s, factor * site->side[0].slope);
    }
    spend(p, n);
    return constant;
}

static void add_peaks(struct gw_plan_lp *p, const struct form *form, uint32_t s, double weight)
{
    for (uint32_t k = 0; k < p->site[s].n_peaks; k++) {
        p->cost[form->bought[s] + 1 + k] += weight * p->site[s].peak_usd[k];
    }
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
        if (objective == GW_OBJ_COST_USD) {
            add_peaks(p, form, s, weight);
        }
        if (objective == GW_OBJ_WATER_L) {
            const double l_per_kw = weight * hours(p) * now(p, p->t.water_onsite, s);
            fixed += l_per_kw * p->t.fixed_it_kw[s];
            for (uint32_t m = 0; m < p->models; m++) {
                uint32_t n = 0;
                fixed += put_power(p, form, &n, m * p->sites + s, l_per_kw);
                spend(p, n);
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
        bought_kw += 2.0 * p->t.power_kw[(size_t)i * GW_VIEW_LOADS + GW_VIEW_LOADS - 1];
    }
    for (uint32_t i = 0; i < cells(p); i++) {
        p->cost[form->load[i] + form->n_parts[i]] += 1e3 * scale * (1.0 + bought_kw);
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
