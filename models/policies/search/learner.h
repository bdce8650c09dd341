/* models/policies/search/learner.h - learns from searches that were made where a search from a point would
 * end: the value function of J. Boyan and A. Moore, "Learning evaluation functions to improve optimization by
 * local search", J. Mach. Learn. Res. 1, 2001 (STAGE).
 *
 * A row is what is known of a point (its features) and the value at which the search through it ended. The
 * newest rows are kept, as many as there is room for. */
#ifndef GW_MODELS_POLICIES_SEARCH_LEARNER_H
#define GW_MODELS_POLICIES_SEARCH_LEARNER_H

#include "models/policies/search/boost.h"
#include "models/policies/search/forest.h"

enum gw_learner_kind { GW_LEARNER_NONE, GW_LEARNER_RANDOM_FOREST, GW_LEARNER_GBDT };

struct gw_learner {
    enum gw_learner_kind kind;
    uint32_t features, trees;
    double *x, *y; /* [cap][features], [cap]: a ring */
    uint32_t n, cap, next;
    struct gw_forest forest;
    struct gw_boost boost;
    bool fitted;
};

/* Room for `cap` rows; GW_LEARNER_NONE takes none. False when memory is out, and then there is nothing to
 * end. */
bool gw_learner_init(struct gw_learner *self, enum gw_learner_kind kind, uint32_t features, uint32_t trees,
                     uint32_t cap);
void gw_learner_fini(struct gw_learner *self);

/* Where the features of the next row are to be written; it counts once gw_learner_label was called for it.
 * Not for GW_LEARNER_NONE. */
double *gw_learner_row(struct gw_learner *self);

/* The newest `rows` rows ended at `value`. */
void gw_learner_label(struct gw_learner *self, uint32_t rows, double value);
void gw_learner_forget(struct gw_learner *self);

/* Learns from the rows it has; nothing without rows. False when memory is out. */
bool gw_learner_fit(struct gw_learner *self, struct gw_rng *rng);

/* self->fitted. */
double gw_learner_at(const struct gw_learner *self, const double *features);

#endif
