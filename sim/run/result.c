#include "sim/run/result.h"

#include <stddef.h>
#include <math.h>
#include <stdlib.h>

static size_t n_runs(const struct gw_result *self)
{
    return (size_t)self->policies * self->replications;
}

bool gw_result_init(struct gw_result *self, uint32_t policies, uint32_t replications, uint32_t sites,
                    uint32_t demands)
{
    *self = (struct gw_result){
        .policies = policies, .replications = replications, .sites = sites, .demands = demands};
    const size_t n = n_runs(self);
    self->run = calloc(n > 0 ? n : 1, sizeof *self->run);
    return self->run != NULL;
}

void gw_result_fini(struct gw_result *self)
{
    if (self == NULL) {
        return;
    }
    for (size_t i = 0; self->run != NULL && i < n_runs(self); i++) {
        gw_arena_fini(&self->run[i].arena);
    }
    free(self->run);
    *self = (struct gw_result){0};
}

const char *gw_result_bound_name(enum gw_bound bound)
{
    return bound == GW_BOUND_EPOCH ? "bound-epoch" : "bound-day";
}

double gw_result_bound(const struct gw_result *self, enum gw_bound bound, uint32_t replication,
                       enum gw_objective objective)
{
    double least = (double)NAN;
    for (uint32_t p = 0; self->has_bounds && p < self->policies; p++) {
        const struct gw_run_result *run = &self->run[(size_t)p * self->replications + replication];
        const double x = run->bound[bound][objective];
        const bool counts = run->error.status == GW_OK && !run->changes_work;
        if (counts && isnan(x)) {
            return (double)NAN;
        }
        least = counts && !(x >= least) ? x : least;
    }
    return least;
}
