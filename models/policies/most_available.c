/* Most available: every demand goes where most capacity is free, in requests per second, until the next site
 * has as much; then to both, and so on. So the sites used are left with the same free capacity L,
 *
 *   sum over sites of max(free_s - L, 0) = rate        free_s = capacity_ds (1 - what other rows use)
 *
 * and large sites fill first, where `uniform` fills all alike. With more demand than capacity L is negative:
 * everybody is overloaded by as many requests per second. Rows come in scenario order. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"

struct most_available {
    const double *rate, *model, *allowed, *capacity;
    double *used; /* [models][sites] parts of capacity given away this epoch */
};

static void most_available_destroy(void *self)
{
    struct most_available *p = self;
    if (p != NULL) {
        free(p->used);
        free(p);
    }
}

static int most_available_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                                 struct gw_policy_error *error)
{
    (void)cfg;
    (void)seed;
    struct most_available *p = malloc(sizeof *p);
    double *used = calloc((size_t)view->dims->models * view->dims->sites, sizeof *used);
    if (p == NULL || used == NULL) {
        free(p);
        free(used);
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    *p = (struct most_available){
        .rate = view->table(view, "demand.rate")->v,
        .model = view->table(view, "demand.model")->v,
        .allowed = view->table(view, "demand.allowed")->v,
        .capacity = view->table(view, "serving.capacity")->v,
        .used = used,
    };
    *self = p;
    return 0;
}

static double free_at(const struct most_available *p, const double *used, size_t row, uint32_t s)
{
    return p->allowed[row + s] != 0.0 ? p->capacity[row + s] * (1.0 - used[s]) : -INFINITY;
}

/* L: sites are taken off, those with least first, until all that are left have more than L. */
static double level(const struct most_available *p, const double *used, size_t row, uint32_t sites,
                    double rate)
{
    double at = -INFINITY;
    for (;;) {
        double sum = 0.0, n = 0.0;
        for (uint32_t s = 0; s < sites; s++) {
            const double room = free_at(p, used, row, s);
            if (room > at) {
                sum += room;
                n += 1.0;
            }
        }
        const double next = (sum - rate) / n;
        if (!(next > at)) {
            return at;
        }
        at = next;
    }
}

static uint32_t freest(const struct most_available *p, const double *used, size_t row, uint32_t sites)
{
    uint32_t best = 0;
    for (uint32_t s = 1; s < sites; s++) {
        best = free_at(p, used, row, s) > free_at(p, used, row, best) ? s : best;
    }
    return best;
}

static int most_available_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                               struct gw_policy_error *error)
{
    (void)error;
    const struct most_available *p = self;
    const uint32_t sites = view->dims->sites;
    memset(p->used, 0, (size_t)view->dims->models * sites * sizeof *p->used);
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        const size_t row = (size_t)d * sites;
        const double rate = p->rate[(size_t)d * view->dims->horizon];
        double *used = p->used + (size_t)p->model[d] * sites, *share = plan->share + row, sum = 0.0;
        const double at = level(p, used, row, sites, rate);
        for (uint32_t s = 0; s < sites; s++) {
            share[s] = fmax(free_at(p, used, row, s) - at, 0.0);
            sum += share[s];
        }
        if (!(sum > 0.0)) { /* nobody asks */
            share[freest(p, used, row, sites)] = sum = 1.0;
        }
        for (uint32_t s = 0; s < sites; s++) {
            share[s] /= sum;
            if (share[s] > 0.0) {
                used[s] += rate * share[s] / p->capacity[row + s];
            }
        }
    }
    return 0;
}

const struct gw_policy_ops gw_policy_most_available = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "most-available",
    .summary = "Each demand where most capacity is free, until the next site has as much",
    .create = most_available_create,
    .destroy = most_available_destroy,
    .plan = most_available_plan,
};
