/* models/policies/search/regtree.h - one regression tree over binned features: the part that forests and
 * boosting share.
 *
 * Each feature is cut once into at most 32 bins at quantiles of the rows; a tree then splits between bins,
 * which takes one pass over the rows of a node per feature. Splits maximise the drop of the squared error;
 * ties go to the feature with the lower number, then to the lower bin. */
#ifndef GW_MODELS_POLICIES_SEARCH_REGTREE_H
#define GW_MODELS_POLICIES_SEARCH_REGTREE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/rng.h"

enum { GW_REGTREE_BINS = 32 };

/* Rows of features, cut into bins. */
struct gw_regtree_rows {
    uint32_t n, features;
    double *cut;    /* [features][GW_REGTREE_BINS - 1], rising; bin b holds cut[b-1] < x <= cut[b] */
    uint32_t *cuts; /* [features] how many of them there are */
    uint8_t *bin;   /* [features][n] */
};

/* x[n][features], n >= 1. False when memory is out, and then there is nothing to end. */
bool gw_regtree_rows_init(struct gw_regtree_rows *self, const double *x, uint32_t n, uint32_t features);
void gw_regtree_rows_fini(struct gw_regtree_rows *self);

struct gw_regtree_node {
    double at;        /* of a split: x <= at goes to the left; of a leaf: its value */
    uint32_t feature; /* GW_REGTREE_LEAF: none */
    uint32_t left;    /* the right child is the next one */
};
#define GW_REGTREE_LEAF UINT32_MAX

struct gw_regtree {
    struct gw_regtree_node *node;
    uint32_t n;
};

struct gw_regtree_cfg {
    uint32_t depth_max, leaf_min; /* at least 1 each */
    double feature_frac;          /* of the features, tried at each split; 1: all */
};

/* Grows a tree on target[n] over the rows whose numbers stand in row[m] (with repetition), m >= 1; `row`
 * comes back in another order. False when memory is out. */
bool gw_regtree_grow(struct gw_regtree *self, const struct gw_regtree_rows *rows, const double *target,
                     uint32_t *row, uint32_t m, const struct gw_regtree_cfg *cfg, struct gw_rng *rng);
void gw_regtree_fini(struct gw_regtree *self);

double gw_regtree_at(const struct gw_regtree *self, const double *x);

#endif
