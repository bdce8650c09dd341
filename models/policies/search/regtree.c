#include "models/policies/search/regtree.h"

#include <gsl/gsl_sort.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = GW_REGTREE_BINS, CUTS = BINS - 1 };

/* ---- bins ---- */

/* Cuts lie between two values that differ, near the quantiles. `sorted` [n] is the feature's values, rising.
 */
static uint32_t cut_feature(const double *sorted, uint32_t n, double *cut)
{
    uint32_t cuts = 0;
    for (uint32_t b = 1; b < BINS; b++) {
        uint32_t at = (uint32_t)((uint64_t)b * n / BINS);
        while (at > 0 && at < n && sorted[at] == sorted[at - 1]) {
            at++; /* a repeated value stays whole, below the cut */
        }
        if (at == 0 || at >= n) {
            continue;
        }
        const double between = sorted[at - 1] + 0.5 * (sorted[at] - sorted[at - 1]);
        if (cuts == 0 || between > cut[cuts - 1]) {
            cut[cuts++] = between;
        }
    }
    return cuts;
}

static uint8_t bin_of(const double *cut, uint32_t cuts, double x)
{
    uint32_t low = 0, high = cuts;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (x <= cut[middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return (uint8_t)low;
}

bool gw_regtree_rows_init(struct gw_regtree_rows *self, const double *x, uint32_t n, uint32_t features)
{
    *self = (struct gw_regtree_rows){.n = n, .features = features};
    self->cut = malloc((size_t)features * CUTS * sizeof *self->cut);
    self->cuts = malloc(features * sizeof *self->cuts);
    self->bin = malloc((size_t)features * n);
    double *sorted = malloc(n * sizeof *sorted);
    if (self->cut == NULL || self->cuts == NULL || self->bin == NULL || sorted == NULL) {
        free(sorted);
        gw_regtree_rows_fini(self);
        return false;
    }
    for (uint32_t j = 0; j < features; j++) {
        double *cut = self->cut + (size_t)j * CUTS;
        for (uint32_t i = 0; i < n; i++) {
            sorted[i] = x[(size_t)i * features + j];
        }
        gsl_sort(sorted, 1, n);
        self->cuts[j] = cut_feature(sorted, n, cut);
        for (uint32_t i = 0; i < n; i++) {
            self->bin[(size_t)j * n + i] = bin_of(cut, self->cuts[j], x[(size_t)i * features + j]);
        }
    }
    free(sorted);
    return true;
}

void gw_regtree_rows_fini(struct gw_regtree_rows *self)
{
    free(self->cut);
    free(self->cuts);
    free(self->bin);
    *self = (struct gw_regtree_rows){0};
}

/* ---- growing ---- */

struct split {
    uint32_t feature, bin;
    double gain;
};

struct grower {
    const struct gw_regtree_rows *rows;
    const double *target;
    const struct gw_regtree_cfg *cfg;
    struct gw_rng *rng;
    uint32_t cap;
};

/* Best split of one feature: with sums S and counts n, the squared error falls by Sl^2/nl + Sr^2/nr - S^2/n.
 */
static void try_feature(const struct grower *g, uint32_t feature, const uint32_t *row, uint32_t m,
                        double whole, struct split *best)
{
    double sum[BINS] = {0};
    uint32_t count[BINS] = {0};
    const uint8_t *bin = g->rows->bin + (size_t)feature * g->rows->n;
    for (uint32_t i = 0; i < m; i++) {
        sum[bin[row[i]]] += g->target[row[i]];
        count[bin[row[i]]]++;
    }
    double left = 0.0;
    uint32_t n_left = 0;
    for (uint32_t b = 0; b < g->rows->cuts[feature]; b++) {
        left += sum[b];
        n_left += count[b];
        const uint32_t n_right = m - n_left;
        if (n_left < g->cfg->leaf_min || n_right < g->cfg->leaf_min) {
            continue;
        }
        const double right = whole - left;
        const double gain = left * left / n_left + right * right / n_right - whole * whole / m;
        if (gain > best->gain) {
            *best = (struct split){feature, b, gain};
        }
    }
}

static struct split find_split(const struct grower *g, const uint32_t *row, uint32_t m, double whole)
{
    /* what rounding alone could gain is no split */
    struct split best = {.feature = GW_REGTREE_LEAF, .gain = 1e-12 * (1.0 + whole * whole / m)};
    uint32_t tried = 0;
    for (uint32_t j = 0; j < g->rows->features; j++) {
        if (g->cfg->feature_frac >= 1.0 || gw_rng_unit(gw_rng_next(g->rng)) < g->cfg->feature_frac) {
            try_feature(g, j, row, m, whole, &best);
            tried++;
        }
    }
    if (tried == 0) {
        const uint32_t any = (uint32_t)((gw_rng_next(g->rng) >> 32) * g->rows->features >> 32);
        try_feature(g, any, row, m, whole, &best);
    }
    return best;
}

/* Rows of the lower bins to the front; how many they are. */
static uint32_t part(const struct gw_regtree_rows *rows, const struct split *split, uint32_t *row, uint32_t m)
{
    const uint8_t *bin = rows->bin + (size_t)split->feature * rows->n;
    uint32_t left = 0;
    for (uint32_t i = 0; i < m; i++) {
        if (bin[row[i]] <= split->bin) {
            const uint32_t moved = row[i];
            row[i] = row[left];
            row[left++] = moved;
        }
    }
    return left;
}

static bool room_for(struct gw_regtree *self, struct grower *g, uint32_t more)
{
    if (self->n + more <= g->cap) {
        return true;
    }
    const uint32_t cap = 2 * g->cap + more;
    struct gw_regtree_node *node = realloc(self->node, cap * sizeof *node);
    if (node == NULL) {
        return false;
    }
    self->node = node;
    g->cap = cap;
    return true;
}

/* The depth is bounded, so the recursion is. */
static bool grow(struct gw_regtree *self, struct grower *g, uint32_t at, uint32_t *row, uint32_t m,
                 uint32_t depth)
{
    double whole = 0.0;
    for (uint32_t i = 0; i < m; i++) {
        whole += g->target[row[i]];
    }
    self->node[at] = (struct gw_regtree_node){.at = whole / m, .feature = GW_REGTREE_LEAF};
    if (depth == g->cfg->depth_max || m < 2 * g->cfg->leaf_min) {
        return true;
    }
    const struct split split = find_split(g, row, m, whole);
    if (split.feature == GW_REGTREE_LEAF) {
        return true;
    }
    if (!room_for(self, g, 2)) {
        return false;
    }
    const uint32_t children = self->n, left = part(g->rows, &split, row, m);
    self->n += 2;
    self->node[at] = (struct gw_regtree_node){.at = g->rows->cut[(size_t)split.feature * CUTS + split.bin],
                                              .feature = split.feature,
                                              .left = children};
    return grow(self, g, children, row, left, depth + 1) &&
           grow(self, g, children + 1, row + left, m - left, depth + 1);
}

bool gw_regtree_grow(struct gw_regtree *self, const struct gw_regtree_rows *rows, const double *target,
                     uint32_t *row, uint32_t m, const struct gw_regtree_cfg *cfg, struct gw_rng *rng)
{
    *self = (struct gw_regtree){0};
    struct grower g = {.rows = rows, .target = target, .cfg = cfg, .rng = rng};
    if (!room_for(self, &g, 15)) {
        return false;
    }
    self->n = 1;
    if (!grow(self, &g, 0, row, m, 0)) {
        gw_regtree_fini(self);
        return false;
    }
    return true;
}

void gw_regtree_fini(struct gw_regtree *self)
{
    free(self->node);
    *self = (struct gw_regtree){0};
}

double gw_regtree_at(const struct gw_regtree *self, const double *x)
{
    const struct gw_regtree_node *node = self->node;
    while (node->feature != GW_REGTREE_LEAF) {
        node = self->node + node->left + (x[node->feature] <= node->at ? 0 : 1);
    }
    return node->at;
}
