/* helix-geo: shares from a maximum flow, dealt by interleaving, blind to carbon, water and price. The
 * baseline that Helix (Mei et al., ASPLOS 2025) becomes when its graph's nodes are sites.
 *
 * The flow goes from origins through sites, each limited by what it can serve, with all rows of a model grown
 * in the proportion of their rates: lambda rate_d = sum_s f_ds. The largest lambda is one over the least
 * highest utilisation, so for each model
 *
 *   minimise  z     z >= sum_d x_ds rate_d / capacity_ds at every site,   x_ds = f_ds / (lambda rate_d)
 *
 * Of the many flows that reach it, one with short round trips is taken. The engine deals shares by
 * interleaved weighted round robin, as Helix does. docs/policies/helix-geo.md. Draws no random numbers. */
#include <stdio.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/policies/share_lp.h"

static void helix_geo_destroy(void *self)
{
    struct gw_share_lp *program = self;
    if (program != NULL) {
        gw_share_lp_fini(program);
        free(program);
    }
}

static int helix_geo_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                            struct gw_policy_error *error)
{
    (void)cfg;
    (void)seed;
    struct gw_share_lp *program = calloc(1, sizeof *program);
    if (program == NULL || !gw_share_lp_init(program, view, view->dims->models, 1.0)) {
        helix_geo_destroy(program);
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    *self = program;
    return 0;
}

static int helix_geo_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                          struct gw_policy_error *error)
{
    struct gw_share_lp *program = self;
    const uint32_t sites = view->dims->sites;
    const double *model = view->table(view, "demand.model")->v;
    const double *capacity = view->table(view, "serving.capacity")->v;
    gw_share_lp_begin(program);
    for (uint32_t m = 0; m < view->dims->models; m++) {
        program->peak[m].weight = 1.0;
    }
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        for (uint32_t s = 0; s < sites; s++) {
            const size_t cell = (size_t)d * sites + s;
            program->peak[(uint32_t)model[d]].part[cell] =
                program->open[cell] != 0 ? program->rate[d] / capacity[cell] : 0.0;
        }
    }
    return gw_share_lp_plan(program, plan->share, error);
}

const struct gw_policy_ops gw_policy_helix_geo = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "helix-geo",
    .summary = "Shares from a maximum flow over origins and sites: Helix lifted to many sites",
    .reference =
        "Y. Mei et al., Helix: Serving Large Language Models over Heterogeneous GPUs and Network via "
        "Max-Flow, ASPLOS 2025, arXiv:2406.01566",
    .create = helix_geo_create,
    .destroy = helix_geo_destroy,
    .plan = helix_geo_plan,
};
