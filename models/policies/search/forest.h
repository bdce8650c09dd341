/* models/policies/search/forest.h - a random forest for regression: trees on bootstrap samples, a part of the
 * features at each split, the mean of their answers (L. Breiman, "Random forests", Machine Learning 45,
 * 2001). */
#ifndef GW_MODELS_POLICIES_SEARCH_FOREST_H
#define GW_MODELS_POLICIES_SEARCH_FOREST_H

#include "models/policies/search/regtree.h"

struct gw_forest_cfg {
    uint32_t trees;
    struct gw_regtree_cfg tree;
};

/* A zeroed struct is empty. */
struct gw_forest {
    struct gw_regtree *tree;
    uint32_t n;
};

/* x[n][features], y[n], n >= 1; what self held before is ended. False when memory is out; self is then empty.
 */
bool gw_forest_fit(struct gw_forest *self, const struct gw_forest_cfg *cfg, const double *x, const double *y,
                   uint32_t n, uint32_t features, struct gw_rng *rng);
void gw_forest_fini(struct gw_forest *self);

/* self is not empty. */
double gw_forest_at(const struct gw_forest *self, const double *x);

#endif
