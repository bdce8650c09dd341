#include "models/policies/search/boost.h"

#include <stdlib.h>

/* One tree on what is left over, which it then takes its part of. */
static bool stage(struct gw_boost *self, const struct gw_boost_cfg *cfg, const struct gw_regtree_rows *rows,
                  const double *x, double *left, uint32_t *order, struct gw_rng *rng)
{
    struct gw_regtree *tree = &self->tree[self->n];
    for (uint32_t i = 0; i < rows->n; i++) {
        order[i] = i;
    }
    if (!gw_regtree_grow(tree, rows, left, order, rows->n, &cfg->tree, rng)) {
        return false;
    }
    for (uint32_t i = 0; i < rows->n; i++) {
        left[i] -= cfg->rate * gw_regtree_at(tree, x + (size_t)i * rows->features);
    }
    self->n++;
    return true;
}

bool gw_boost_fit(struct gw_boost *self, const struct gw_boost_cfg *cfg, const double *x, const double *y,
                  uint32_t n, uint32_t features, struct gw_rng *rng)
{
    gw_boost_fini(self);
    struct gw_regtree_rows rows = {0};
    uint32_t *order = malloc(n * sizeof *order);
    double *left = malloc(n * sizeof *left);
    self->tree = calloc(cfg->trees, sizeof *self->tree);
    self->rate = cfg->rate;
    bool ok =
        order != NULL && left != NULL && self->tree != NULL && gw_regtree_rows_init(&rows, x, n, features);
    for (uint32_t i = 0; ok && i < n; i++) {
        self->mean += y[i] / n;
    }
    for (uint32_t i = 0; ok && i < n; i++) {
        left[i] = y[i] - self->mean;
    }
    for (uint32_t t = 0; ok && t < cfg->trees; t++) {
        ok = stage(self, cfg, &rows, x, left, order, rng);
    }
    gw_regtree_rows_fini(&rows);
    free(order);
    free(left);
    if (!ok) {
        gw_boost_fini(self);
    }
    return ok;
}

void gw_boost_fini(struct gw_boost *self)
{
    for (uint32_t t = 0; t < self->n; t++) {
        gw_regtree_fini(&self->tree[t]);
    }
    free(self->tree);
    *self = (struct gw_boost){0};
}

double gw_boost_at(const struct gw_boost *self, const double *x)
{
    double sum = 0.0;
    for (uint32_t t = 0; t < self->n; t++) {
        sum += gw_regtree_at(&self->tree[t], x);
    }
    return self->mean + self->rate * sum;
}
