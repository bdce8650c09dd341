/* models/policies/search/boost.h - gradient-boosted trees for regression with squared loss: each small tree
 * answers what those before it left over, shrunk by a rate (J. Friedman, "Greedy function approximation: a
 * gradient boosting machine", Ann. Statist. 29(5), 2001). */
#ifndef GW_MODELS_POLICIES_SEARCH_BOOST_H
#define GW_MODELS_POLICIES_SEARCH_BOOST_H

#include "models/policies/search/regtree.h"

struct gw_boost_cfg {
    uint32_t trees;
    double rate; /* 0 < rate <= 1 */
    struct gw_regtree_cfg tree;
};

/* A zeroed struct is empty. */
struct gw_boost {
    struct gw_regtree *tree;
    uint32_t n;
    double mean, rate;
};

/* x[n][features], y[n], n >= 1; what self held before is ended. False when memory is out; self is then empty.
 */
bool gw_boost_fit(struct gw_boost *self, const struct gw_boost_cfg *cfg, const double *x, const double *y,
                  uint32_t n, uint32_t features, struct gw_rng *rng);
void gw_boost_fini(struct gw_boost *self);

double gw_boost_at(const struct gw_boost *self, const double *x);

#endif
