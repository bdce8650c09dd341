#include "models/policies/optimise.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/policies/search/hypervolume.h"
#include "models/policies/search/plan_front.h"

enum { OBJECTIVES = GW_ROUTING_PROBLEM_OBJECTIVES };
static const double lp_limit = 0.9; /* of a site's load, as lp-* policies have it */

const char *const gw_optimise_select_names[] = {"balance", "ttft", "carbon", "water", "cost", NULL};
const char *const gw_optimise_eval_names[] = {"linear", "full", NULL};
const char *const gw_optimise_switch_names[] = {"off", "on", NULL};

static int fail(struct gw_policy_error *error, const char *why)
{
    snprintf(error->why, sizeof error->why, "%s", why);
    return 1;
}

int gw_optimise_init(struct gw_optimise *self, const struct gw_optimise_cfg *cfg, gw_optimise_fn *search,
                     const void *context, const struct gw_view *view, uint64_t seed,
                     struct gw_policy_error *error)
{
    *self = (struct gw_optimise){.cfg = *cfg, .search = search, .context = context, .seed = seed};
    if (cfg->evaluations < cfg->population) {
        return fail(error, "evaluations are fewer than the population");
    }
    const bool asks_lp = cfg->lp_front > 0.0 || cfg->lp_start > 0.0;
    self->lp = asks_lp ? gw_plan_lp_create(view) : NULL;
    if ((asks_lp && self->lp == NULL) ||
        !gw_routing_problem_init(&self->routing, view, cfg->fill, &self->arena)) {
        return fail(error, "out of memory");
    }
    return 0;
}

void gw_optimise_fini(struct gw_optimise *self)
{
    gw_front_fini(&self->last);
    gw_plan_lp_destroy(self->lp);
    gw_arena_fini(&self->arena);
}

/* Sites come and go: what may no longer be sent somewhere goes where the rest of the row is, or to the first
 * site that may have it. Sums are made 1 again. */
static void repair(const struct gw_problem *problem, double *x)
{
    for (uint32_t first = 0; first < problem->n; first += problem->row) {
        double sum = 0.0;
        uint32_t open = problem->row;
        for (uint32_t i = problem->row; i-- > 0;) {
            if (problem->allowed[first + i] == 0) {
                x[first + i] = 0.0;
            } else {
                open = i;
            }
            sum += x[first + i];
        }
        for (uint32_t i = 0; i < problem->row && sum > 0.0; i++) {
            x[first + i] /= sum;
        }
        if (!(sum > 0.0) && open < problem->row) {
            x[first + open] = 1.0;
        }
    }
}

/* The best in one objective; of equals in it the most balanced. */
static uint32_t pick(const struct gw_optimise *self, const struct gw_front *found)
{
    static const uint32_t objective[] = {
        [GW_OPTIMISE_BALANCE] = OBJECTIVES,      [GW_OPTIMISE_TTFT] = GW_OBJ_TTFT_MS,
        [GW_OPTIMISE_CARBON] = GW_OBJ_CARBON_KG, [GW_OPTIMISE_WATER] = GW_OBJ_WATER_L,
        [GW_OPTIMISE_COST] = GW_OBJ_COST_USD,
    };
    const uint32_t only = objective[self->cfg.select];
    double weight[OBJECTIVES];
    for (uint32_t k = 0; k < OBJECTIVES; k++) {
        weight[k] = only == OBJECTIVES || k == only ? 1.0 : 1e-9;
    }
    return gw_front_pick(found, weight);
}

/* Best and worst value of objective k when each row goes to its best or worst site, without queues. */
static void linear_range(const struct gw_linear *linear, uint32_t k, double *low, double *high)
{
    *low = linear->fixed[k];
    *high = linear->fixed[k];
    for (uint32_t r = 0; r < linear->rows; r++) {
        double least = INFINITY, most = -INFINITY;
        for (uint32_t p = 0; p < linear->places; p++) {
            const size_t i = (size_t)r * linear->places + p;
            if (linear->allowed[i] != 0) {
                least = fmin(least, linear->cost[i * OBJECTIVES + k]);
                most = fmax(most, linear->cost[i * OBJECTIVES + k]);
            }
        }
        *low += least;
        *high += most;
    }
}

/* Leaves `found` with its objectives scaled to that range. */
static double scaled_hypervolume(struct gw_optimise *self, struct gw_front *found)
{
    (void)gw_routing_problem_now(&self->routing, GW_ROUTING_PROBLEM_LINEAR);
    const double reference[OBJECTIVES] = {1.0, 1.0, 1.0, 1.0};
    for (uint32_t k = 0; k < OBJECTIVES; k++) {
        double low = 0.0, high = 0.0;
        linear_range(&self->routing.linear, k, &low, &high);
        for (uint32_t i = 0; i < found->n; i++) {
            double *f = gw_front_f(found, i) + k;
            *f = high > low ? fmax((*f - low) / (high - low), 0.0) : 0.0;
        }
    }
    return gw_hypervolume(found->f, found->n, OBJECTIVES, reference);
}

/* The front of linear programs of `weights` weights, then the members of `last`. */
static bool lp_front(struct gw_optimise *self, double weights, const struct gw_front *last,
                     struct gw_front *out)
{
    gw_plan_lp_read(self->lp, lp_limit, true);
    if (!gw_plan_front_weights(self->lp, self->routing.view, (uint32_t)fmax(weights, OBJECTIVES), out)) {
        return false;
    }
    for (uint32_t i = 0; last != NULL && i < last->n; i++) {
        if (!gw_front_append(out, gw_front_x(last, i), gw_front_f(last, i))) {
            return false;
        }
    }
    return true;
}

/* What the search begins with: the last epoch's front, the linear programs' plans before it. */
static bool begin_with(struct gw_optimise *self, struct gw_front *start)
{
    if (!(self->cfg.lp_start > 0.0)) {
        return true;
    }
    return lp_front(self, self->cfg.lp_start, self->cfg.warm_start != 0 ? &self->last : NULL, start);
}

/* Compares with the front of linear programs. False when memory is out. */
static bool compare(struct gw_optimise *self)
{
    struct gw_front front = {0};
    if (!(self->cfg.lp_front > 0.0)) {
        return true;
    }
    const bool ok = lp_front(self, self->cfg.lp_front, NULL, &front);
    self->lp_hypervolume += ok ? scaled_hypervolume(self, &front) : 0.0;
    gw_front_fini(&front);
    return ok;
}

int gw_optimise_plan(struct gw_optimise *self, struct gw_plan *plan, struct gw_policy_error *error)
{
    const struct gw_problem *problem =
        gw_routing_problem_now(&self->routing, (enum gw_routing_problem_eval)self->cfg.eval);
    for (uint32_t i = 0; i < self->last.n; i++) {
        repair(problem, gw_front_x(&self->last, i));
    }
    struct gw_front start = {0};
    if (!begin_with(self, &start)) {
        gw_front_fini(&start);
        return fail(error, "out of memory, or a linear program without an optimum");
    }
    const struct gw_front *last = self->cfg.warm_start != 0 ? &self->last : NULL;
    const struct gw_search how = {
        .seed = gw_rng_mix(self->seed ^ gw_rng_mix(self->epochs)),
        .evaluations = (uint64_t)self->cfg.evaluations,
        .population = (uint32_t)self->cfg.population,
        .start = start.n > 0 ? &start : last,
    };
    struct gw_front found = {0};
    const bool ok = self->search(self->context, problem, &how, &found) && found.n > 0 && compare(self);
    gw_front_fini(&start);
    if (!ok) {
        gw_front_fini(&found);
        return fail(error, "out of memory");
    }
    memcpy(plan->share, gw_front_x(&found, pick(self, &found)), problem->n * sizeof *plan->share);
    repair(problem, plan->share);
    self->epochs++;
    self->evaluations += (double)found.evaluations;
    self->hypervolume += scaled_hypervolume(self, &found);
    gw_front_fini(&self->last);
    self->last = found;
    return 0;
}

void gw_optimise_report(const struct gw_optimise *self, struct gw_policy_report *out)
{
    out->evaluations = self->evaluations;
    out->hypervolume = self->epochs > 0 ? self->hypervolume / (double)self->epochs : (double)NAN;
    out->hypervolume_ratio =
        self->lp_hypervolume > 0.0 ? self->hypervolume / self->lp_hypervolume : (double)NAN;
}
