#include "sim/run/result.h"

#include <stddef.h>
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
