#include "models/policies/routing_problem.h"

#include <math.h>
#include <string.h>

#include "models/policies/eval.h"

enum { OBJECTIVES = GW_ROUTING_PROBLEM_OBJECTIVES };
_Static_assert(GW_OBJ_CARBON_KG == 0 && GW_OBJ_WATER_L == 1 && GW_OBJ_COST_USD == 2 && GW_OBJ_TTFT_MS == 3,
               "the four objectives of routing come first");

/* ---- full ---- */

static double excess(const struct gw_routing_problem *self, double utilisation)
{
    return utilisation > self->fill ? utilisation / self->fill - 1.0 : 0.0;
}

/* What a searcher's state holds: the objectives' sums, TTFT not divided yet; then sites, each with its own
 * part of them and, per model, utilisation and sums over requests of TTFT without and of that which waiting
 * stretches, and what moving them costs. */
struct part {
    double f[OBJECTIVES];
};
struct load {
    double utilisation, ttft, stretched, transfer_usd_per_s;
};
struct state {
    struct part sum;
    struct part site[];
};

static size_t part_bytes(const struct gw_dims *dims)
{
    return sizeof(struct state) + dims->sites * sizeof(struct part);
}

static struct load *loads_of(const struct gw_dims *dims, void *state)
{
    return (struct load *)((char *)state + part_bytes(dims));
}

static const struct load *loads_in(const struct gw_dims *dims, const void *state)
{
    return (const struct load *)((const char *)state + part_bytes(dims));
}

/* A site's part of the objectives; `load` [models], of which `changed` counts instead of that of model m. */
static struct part site_part(const struct gw_routing_problem *self, uint32_t s, const struct load *load,
                             uint32_t m, const struct load *changed)
{
    const struct gw_dims *dims = self->view->dims;
    const size_t now = (size_t)s * dims->horizon;
    double routed_kw = 0.0, ttft = 0.0, transfer_usd_per_s = 0.0, over = 0.0;
    for (uint32_t i = 0; i < dims->models; i++) {
        const struct load *l = i == m ? changed : &load[i];
        const double *power = self->power_kw + ((size_t)i * dims->sites + s) * GW_VIEW_LOADS;
        routed_kw += gw_eval_power_kw(power, l->utilisation);
        ttft += l->ttft + l->stretched * gw_eval_wait_factor(l->utilisation);
        transfer_usd_per_s += l->transfer_usd_per_s;
        over += excess(self, l->utilisation);
    }
    const double it_kwh = (self->fixed_it_kw[s] + routed_kw) * self->hours;
    const double grid_kw =
        self->fixed_facility_kw[now] + self->marginal[now] * routed_kw - self->onsite_kw[now];
    const double bought_kw = gw_purchase_kw(&self->purchase, s, grid_kw), grid_kwh = bought_kw * self->hours;
    struct part part = {.f = {
                            [GW_OBJ_CARBON_KG] = grid_kwh * self->carbon[now] / 1e3,
                            [GW_OBJ_WATER_L] = grid_kwh * self->water[now] + it_kwh * self->water_onsite[now],
                            [GW_OBJ_COST_USD] = grid_kwh * self->price[now] +
                                                transfer_usd_per_s * self->hours * 3600.0 +
                                                gw_purchase_peak_usd(&self->purchase, s, bought_kw),
                            [GW_OBJ_TTFT_MS] = ttft,
                        }};
    for (uint32_t k = 0; k < OBJECTIVES && over > 0.0; k++) {
        part.f[k] += self->penalty[k] * over * (k == GW_OBJ_TTFT_MS ? self->rate : 1.0);
    }
    return part;
}

/* What a share of row d brings to site s. */
static void add_load(const struct gw_routing_problem *self, uint32_t d, uint32_t s, double share,
                     struct load *load)
{
    const struct gw_dims *dims = self->view->dims;
    const size_t cell = (size_t)d * dims->sites + s;
    const double rate = self->demand_rate[(size_t)d * dims->horizon] * share;
    const double rtt_ms = self->rtt_ms[(size_t)self->origin[d] * dims->sites + s];
    load->utilisation += rate / self->capacity[cell];
    load->ttft += rate * (rtt_ms + self->ttft_ms[cell]);
    load->stretched += rate * self->ttft_ms[cell];
    load->transfer_usd_per_s += rate * self->transfer_usd[cell];
}

static void finish(const struct gw_routing_problem *self, const struct part *sum, double *f)
{
    memcpy(f, sum->f, sizeof sum->f);
    f[GW_OBJ_TTFT_MS] = self->rate > 0.0 ? f[GW_OBJ_TTFT_MS] / self->rate : 0.0;
}

static void start(const void *context, void *state, const double *x, double *f)
{
    const struct gw_routing_problem *self = context;
    const struct gw_dims *dims = self->view->dims;
    struct state *st = state;
    struct load *load = loads_of(dims, state);
    memset(load, 0, (size_t)dims->sites * dims->models * sizeof *load);
    st->sum = (struct part){0};
    for (uint32_t s = 0; s < dims->sites; s++) {
        struct load *here = load + (size_t)s * dims->models;
        for (uint32_t d = 0; d < dims->demands; d++) {
            if (x[(size_t)d * dims->sites + s] > 0.0) {
                add_load(self, d, s, x[(size_t)d * dims->sites + s], &here[(uint32_t)self->model[d]]);
            }
        }
        st->site[s] = site_part(self, s, here, 0, &here[0]);
        for (uint32_t k = 0; k < OBJECTIVES; k++) {
            st->sum.f[k] += st->site[s].f[k];
        }
    }
    finish(self, &st->sum, f);
}

/* Row, model and the two sites of a move, their loads after it. */
struct moved {
    uint32_t model, from, to;
    struct load at_from, at_to;
};

static struct moved after(const struct gw_routing_problem *self, const void *state,
                          const struct gw_move *move)
{
    const struct gw_dims *dims = self->view->dims;
    const struct load *load = loads_in(dims, state);
    const uint32_t d = move->from / dims->sites, m = (uint32_t)self->model[d];
    struct moved moved = {.model = m, .from = move->from - d * dims->sites, .to = move->to - d * dims->sites};
    moved.at_from = load[(size_t)moved.from * dims->models + m];
    moved.at_to = load[(size_t)moved.to * dims->models + m];
    add_load(self, d, moved.from, -move->amount, &moved.at_from);
    add_load(self, d, moved.to, move->amount, &moved.at_to);
    moved.at_from.utilisation = moved.at_from.utilisation > 0.0 ? moved.at_from.utilisation : 0.0;
    return moved;
}

static struct part part_after(const struct gw_routing_problem *self, const void *state,
                              const struct moved *moved, bool from)
{
    const uint32_t s = from ? moved->from : moved->to;
    const struct load *here = loads_in(self->view->dims, state) + (size_t)s * self->view->dims->models;
    return site_part(self, s, here, moved->model, from ? &moved->at_from : &moved->at_to);
}

static void price(const void *context, const void *state, const struct gw_move *move, double *f)
{
    const struct gw_routing_problem *self = context;
    const struct state *st = state;
    const struct moved moved = after(self, state, move);
    const struct part a = part_after(self, state, &moved, true), b = part_after(self, state, &moved, false);
    struct part sum = st->sum;
    for (uint32_t k = 0; k < OBJECTIVES; k++) {
        sum.f[k] += a.f[k] - st->site[moved.from].f[k] + b.f[k] - st->site[moved.to].f[k];
    }
    finish(self, &sum, f);
}

static void make(const void *context, void *state, const struct gw_move *move)
{
    const struct gw_routing_problem *self = context;
    const struct gw_dims *dims = self->view->dims;
    struct state *st = state;
    const struct moved moved = after(self, state, move);
    const struct part a = part_after(self, state, &moved, true), b = part_after(self, state, &moved, false);
    for (uint32_t k = 0; k < OBJECTIVES; k++) {
        st->sum.f[k] += a.f[k] - st->site[moved.from].f[k] + b.f[k] - st->site[moved.to].f[k];
    }
    st->site[moved.from] = a;
    st->site[moved.to] = b;
    struct load *load = loads_of(dims, state);
    load[(size_t)moved.from * dims->models + moved.model] = moved.at_from;
    load[(size_t)moved.to * dims->models + moved.model] = moved.at_to;
}

static double excess_of(const struct gw_routing_problem *self, const double *x)
{
    const struct gw_dims *dims = self->view->dims;
    double over = 0.0;
    for (uint32_t s = 0; s < dims->sites; s++) {
        for (uint32_t m = 0; m < dims->models; m++) {
            double utilisation = 0.0;
            for (uint32_t d = 0; d < dims->demands; d++) {
                const size_t cell = (size_t)d * dims->sites + s;
                if ((uint32_t)self->model[d] == m && x[cell] > 0.0) {
                    utilisation +=
                        self->demand_rate[(size_t)d * dims->horizon] * x[cell] / self->capacity[cell];
                }
            }
            over += excess(self, utilisation);
        }
    }
    return over;
}

static void eval_full(const void *context, const double *x, double *f)
{
    const struct gw_routing_problem *self = context;
    double objective[GW_OBJECTIVES];
    self->view->eval(self->view, x, objective);
    const double over = excess_of(self, x);
    for (uint32_t k = 0; k < OBJECTIVES; k++) {
        f[k] = objective[k] + self->penalty[k] * over;
    }
}

/* ---- linear ---- */

/* Energy of the whole row and its time, as constants of the linear world ... */
struct whole {
    double it_kwh, ttft_ms;
};

static struct whole usual(const struct gw_routing_problem *self, uint32_t d, uint32_t s)
{
    const size_t cell = (size_t)d * self->view->dims->sites + s;
    const double rate = self->demand_rate[(size_t)d * self->view->dims->horizon];
    return (struct whole){3600.0 * self->hours * rate * self->request_kwh[cell], self->ttft_ms[cell]};
}

/* ... and where power and waiting are steepest: no request that finds room costs more. */
static struct whole steepest(const struct gw_routing_problem *self, uint32_t d, uint32_t s)
{
    const struct gw_dims *dims = self->view->dims;
    const size_t cell = (size_t)d * dims->sites + s;
    const double *power = self->power_kw + ((size_t)self->model[d] * dims->sites + s) * GW_VIEW_LOADS;
    double rise_kw = 0.0;
    for (uint32_t i = 0; i + 1 < GW_VIEW_LOADS; i++) {
        rise_kw = fmax(rise_kw, power[i + 1] - power[i]);
    }
    const double load = self->demand_rate[(size_t)d * dims->horizon] / self->capacity[cell];
    const double wait =
        gw_eval_wait_factor(self->fill) + self->fill * gw_eval_wait_slope(self->fill); /* of u w(u) */
    return (struct whole){self->hours * load * rise_kw * (GW_VIEW_LOADS - 1),
                          self->ttft_ms[cell] * (1.0 + wait)};
}

/* A whole row at a site: its energy through the site's marginal factor, its transfer, its time. */
static void linear_cell(const struct gw_routing_problem *self, uint32_t d, uint32_t s, struct whole whole,
                        double *cost, double *load)
{
    const struct gw_dims *dims = self->view->dims;
    const size_t cell = (size_t)d * dims->sites + s, now = (size_t)s * dims->horizon;
    const double rate = self->demand_rate[(size_t)d * dims->horizon];
    const double grid_kwh = whole.it_kwh * self->marginal[now];
    const double rtt_ms = self->rtt_ms[(size_t)self->origin[d] * dims->sites + s];
    cost[GW_OBJ_CARBON_KG] = grid_kwh * self->carbon[now] / 1e3;
    cost[GW_OBJ_WATER_L] = grid_kwh * self->water[now] + whole.it_kwh * self->water_onsite[now];
    cost[GW_OBJ_COST_USD] =
        grid_kwh * self->price[now] + 3600.0 * self->hours * rate * self->transfer_usd[cell];
    cost[GW_OBJ_TTFT_MS] = self->rate > 0.0 ? rate * (rtt_ms + whole.ttft_ms) / self->rate : 0.0;
    *load = rate / self->capacity[cell] / self->fill;
}

static void write_linear(struct gw_routing_problem *self)
{
    const struct gw_dims *dims = self->view->dims;
    struct gw_linear *linear = &self->linear;
    memset(linear->fixed, 0, sizeof linear->fixed);
    for (uint32_t s = 0; s < dims->sites; s++) {
        const size_t now = (size_t)s * dims->horizon;
        const double grid_kwh = (self->fixed_facility_kw[now] - self->onsite_kw[now]) * self->hours;
        linear->fixed[GW_OBJ_CARBON_KG] += grid_kwh * self->carbon[now] / 1e3;
        linear->fixed[GW_OBJ_WATER_L] +=
            grid_kwh * self->water[now] + self->fixed_it_kw[s] * self->hours * self->water_onsite[now];
        linear->fixed[GW_OBJ_COST_USD] += grid_kwh * self->price[now];
    }
    for (uint32_t d = 0; d < dims->demands; d++) {
        linear->group[d] = (uint32_t)self->model[d];
        for (uint32_t s = 0; s < dims->sites; s++) {
            const size_t cell = (size_t)d * dims->sites + s;
            if (linear->allowed[cell] != 0) {
                linear_cell(self, d, s, usual(self, d, s), linear->cost + cell * OBJECTIVES,
                            &linear->load[cell]);
            }
        }
    }
    gw_linear_ready(linear);
}

/* ---- both ---- */

/* Beyond saturation power does not fall when requests leave: an exchange may cost all of what it costs. */
static void write_penalties(struct gw_routing_problem *self)
{
    const struct gw_dims *dims = self->view->dims;
    memset(self->penalty, 0, sizeof self->penalty);
    for (uint32_t d = 0; d < dims->demands; d++) {
        double low[OBJECTIVES] = {0}, high[OBJECTIVES] = {0}, least_load = INFINITY;
        for (uint32_t s = 0; s < dims->sites; s++) {
            double cost[OBJECTIVES], load = 0.0;
            if (self->linear.allowed[(size_t)d * dims->sites + s] != 0) {
                linear_cell(self, d, s, steepest(self, d, s), cost, &load);
                least_load = load > 0.0 ? fmin(least_load, load) : least_load;
                for (uint32_t k = 0; k < OBJECTIVES; k++) {
                    low[k] = fmin(low[k], cost[k]);
                    high[k] = fmax(high[k], cost[k]);
                }
            }
        }
        for (uint32_t k = 0; k < OBJECTIVES && isfinite(least_load); k++) {
            self->penalty[k] = fmax(self->penalty[k], 2.0 * (high[k] - low[k]) / least_load);
        }
    }
}

bool gw_routing_problem_init(struct gw_routing_problem *self, const struct gw_view *view, double fill,
                             struct gw_arena *arena)
{
    const struct gw_dims *dims = view->dims;
    *self = (struct gw_routing_problem){
        .view = view,
        .fill = fill,
        .demand_rate = view->table(view, "demand.rate")->v,
        .model = view->table(view, "demand.model")->v,
        .origin = view->table(view, "demand.origin")->v,
        .may = view->table(view, "demand.allowed")->v,
        .rtt_ms = view->table(view, "network.rtt")->v,
        .transfer_usd = view->table(view, "network.transfer")->v,
        .request_kwh = view->table(view, "serving.request_kwh")->v,
        .capacity = view->table(view, "serving.capacity")->v,
        .ttft_ms = view->table(view, "serving.ttft")->v,
        .power_kw = view->table(view, "serving.power")->v,
        .carbon = view->table(view, "site.carbon")->v,
        .price = view->table(view, "site.price")->v,
        .water = view->table(view, "site.water")->v,
        .marginal = view->table(view, "site.marginal")->v,
        .water_onsite = view->table(view, "site.water_onsite")->v,
        .fixed_it_kw = view->table(view, "site.fixed_it")->v,
        .fixed_facility_kw = view->table(view, "site.fixed_facility")->v,
        .onsite_kw = view->table(view, "site.onsite")->v,
    };
    self->purchase = gw_purchase_of(view);
    self->moves = (struct gw_problem_moves){
        .bytes = part_bytes(dims) + (size_t)dims->sites * dims->models * sizeof(struct load),
        .start = start,
        .price = price,
        .make = make,
    };
    return gw_linear_init(&self->linear, dims->demands, dims->sites, dims->models, OBJECTIVES, arena);
}

const struct gw_problem *gw_routing_problem_now(struct gw_routing_problem *self,
                                                enum gw_routing_problem_eval eval)
{
    const struct gw_dims *dims = self->view->dims;
    self->hours = (double)self->view->epoch_us / 3.6e9;
    self->rate = 0.0;
    for (uint32_t d = 0; d < dims->demands; d++) {
        self->rate += self->demand_rate[(size_t)d * dims->horizon];
    }
    for (size_t i = 0; i < (size_t)dims->demands * dims->sites; i++) {
        self->linear.allowed[i] = self->may[i] != 0.0;
    }
    if (eval == GW_ROUTING_PROBLEM_LINEAR) {
        write_linear(self);
        return &self->linear.problem;
    }
    write_penalties(self);
    self->problem = (struct gw_problem){
        .n = dims->demands * dims->sites,
        .objectives = OBJECTIVES,
        .row = dims->sites,
        .allowed = self->linear.allowed,
        .eval = eval_full,
        .moves = &self->moves,
        .context = self,
    };
    return &self->problem;
}
