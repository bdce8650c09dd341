#include "models/policies/search/forest.h"

#include <stdlib.h>

bool gw_forest_fit(struct gw_forest *self, const struct gw_forest_cfg *cfg, const double *x, const double *y,
                   uint32_t n, uint32_t features, struct gw_rng *rng)
{
    gw_forest_fini(self);
    struct gw_regtree_rows rows = {0};
    uint32_t *sample = malloc(n * sizeof *sample);
    self->tree = calloc(cfg->trees, sizeof *self->tree);
    bool ok = sample != NULL && self->tree != NULL && gw_regtree_rows_init(&rows, x, n, features);
    for (uint32_t t = 0; ok && t < cfg->trees; t++) {
        for (uint32_t i = 0; i < n; i++) {
            sample[i] = (uint32_t)((gw_rng_next(rng) >> 32) * n >> 32);
        }
        ok = gw_regtree_grow(&self->tree[t], &rows, y, sample, n, &cfg->tree, rng);
        self->n += ok;
    }
    gw_regtree_rows_fini(&rows);
    free(sample);
    if (!ok) {
        gw_forest_fini(self);
    }
    return ok;
}

void gw_forest_fini(struct gw_forest *self)
{
    for (uint32_t t = 0; t < self->n; t++) {
        gw_regtree_fini(&self->tree[t]);
    }
    free(self->tree);
    *self = (struct gw_forest){0};
}

double gw_forest_at(const struct gw_forest *self, const double *x)
{
    double sum = 0.0;
    for (uint32_t t = 0; t < self->n; t++) {
        sum += gw_regtree_at(&self->tree[t], x);
    }
    return sum / self->n;
}
