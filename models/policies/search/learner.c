#include "models/policies/search/learner.h"

#include <stdlib.h>

/* Depth and leaves of scikit-learn's forest are unbounded and 1; a bounded depth costs little and keeps the
 * work in hand. A third of the features is Breiman's advice for regression. */
static const struct gw_regtree_cfg forest_tree = {.depth_max = 14, .leaf_min = 2, .feature_frac = 1.0 / 3.0};
static const struct gw_regtree_cfg boost_tree = {.depth_max = 4, .leaf_min = 5, .feature_frac = 1.0 / 3.0};
static const double boost_rate = 0.1;

bool gw_learner_init(struct gw_learner *self, enum gw_learner_kind kind, uint32_t features, uint32_t trees,
                     uint32_t cap)
{
    *self = (struct gw_learner){.kind = kind, .features = features, .trees = trees, .cap = cap};
    if (kind == GW_LEARNER_NONE) {
        return true;
    }
    self->x = malloc((size_t)cap * features * sizeof *self->x);
    self->y = malloc(cap * sizeof *self->y);
    if (self->x == NULL || self->y == NULL) {
        gw_learner_fini(self);
        return false;
    }
    return true;
}

void gw_learner_fini(struct gw_learner *self)
{
    free(self->x);
    free(self->y);
    gw_forest_fini(&self->forest);
    gw_boost_fini(&self->boost);
    *self = (struct gw_learner){0};
}

double *gw_learner_row(struct gw_learner *self)
{
    double *row = self->x + (size_t)self->next * self->features;
    self->next = self->next + 1 < self->cap ? self->next + 1 : 0;
    self->n = self->n < self->cap ? self->n + 1 : self->cap;
    return row;
}

void gw_learner_label(struct gw_learner *self, uint32_t rows, double value)
{
    uint32_t at = self->next;
    for (uint32_t i = 0; i < rows && i < self->n; i++) {
        at = at > 0 ? at - 1 : self->cap - 1;
        self->y[at] = value;
    }
}

void gw_learner_forget(struct gw_learner *self)
{
    self->n = 0;
    self->next = 0;
}

bool gw_learner_fit(struct gw_learner *self, struct gw_rng *rng)
{
    if (self->n == 0) {
        return true;
    }
    bool ok = true;
    if (self->kind == GW_LEARNER_RANDOM_FOREST) {
        const struct gw_forest_cfg cfg = {.trees = self->trees, .tree = forest_tree};
        ok = gw_forest_fit(&self->forest, &cfg, self->x, self->y, self->n, self->features, rng);
    } else if (self->kind == GW_LEARNER_GBDT) {
        const struct gw_boost_cfg cfg = {.trees = self->trees, .rate = boost_rate, .tree = boost_tree};
        ok = gw_boost_fit(&self->boost, &cfg, self->x, self->y, self->n, self->features, rng);
    }
    self->fitted = ok && self->kind != GW_LEARNER_NONE;
    return ok;
}

double gw_learner_at(const struct gw_learner *self, const double *features)
{
    return self->kind == GW_LEARNER_RANDOM_FOREST ? gw_forest_at(&self->forest, features)
                                                  : gw_boost_at(&self->boost, features);
}
