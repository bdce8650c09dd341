#include "models/policies/search/slit.h"

#include <math.h>
#include <string.h>

#include "models/policies/search/weights.h"
#include "sim/base/arena.h"
#include "sim/base/check.h"

enum { M = GW_PROBLEM_OBJECTIVES_MAX, KMEANS_ROUNDS = 20, FAIL_LEAST = 5, FAIL_MOST = 120 };

/* MOELA's numbers are those of its authors' code; what SHIELD's paper leaves out is taken from there. */
#define ENGINE                                                                                               \
    .neighbours = 15, .mating_neighbour_prob = 0.9, .clusters = 6, .early_iterations = 10,                   \
    .starts_early_per_cluster = 2, .ls_max_fail = 15, .ls_max_improve = 15, .trees = 100, .rows_max = 2000,  \
    .replace_max = 1
const struct gw_slit_cfg gw_slit_presets[GW_SLIT_PRESETS] = {
    [GW_SLIT_SLIT] = {ENGINE, .learner = GW_LEARNER_RANDOM_FOREST, .retrain_every = 60,
                      .pick = GW_SLIT_PICK_GAIN, .scalarisation = GW_SCALAR_WEIGHTED_SUM, .children = 1,
                      .priority_points = true, .scale = GW_SLIT_SCALE_POPULATION},
    [GW_SLIT_SHIELD] = {ENGINE, .learner = GW_LEARNER_RANDOM_FOREST, .retrain_every = 30, .forget = true,
                        .pick = GW_SLIT_PICK_GAIN, .scalarisation = GW_SCALAR_WEIGHTED_SUM,
                        .mating = GW_SLIT_MATING_SEARCHED, .children = 1, .priority_points = true,
                        .scale = GW_SLIT_SCALE_POPULATION},
    [GW_SLIT_MOELA] = {ENGINE, .learner = GW_LEARNER_RANDOM_FOREST, .retrain_every = 1,
                       .pick = GW_SLIT_PICK_LOWEST, .scalarisation = GW_SCALAR_TCHEBYCHEFF, .children = 4},
    [GW_SLIT_MOSAIC] = {ENGINE, .learner = GW_LEARNER_NONE, .retrain_every = 1, .ls_adaptive = true,
                        .scalarisation = GW_SCALAR_WEIGHTED_SUM, .children = 1, .priority_points = true,
                        .scale = GW_SLIT_SCALE_POPULATION},
};
#undef ENGINE

struct slit {
    const struct gw_problem *problem;
    const struct gw_slit_cfg *cfg;
    struct gw_variation variation;
    struct gw_rng rng;
    uint64_t budget;
    struct gw_front members; /* one per direction, then two places for what is tried */
    struct gw_front archive;
    struct gw_scalar scalar;
    double worst[M]; /* of the first population, or of the present one */
    double *weight;  /* [n][m] */
    uint32_t n, clusters, neighbours;
    uint32_t *near;     /* [n][neighbours] */
    uint32_t *cluster;  /* [n] */
    uint8_t *searched;  /* [n] in this iteration */
    uint32_t *order;    /* [n] scratch */
    uint32_t *fail_max; /* [n] failures that a search from there may have in a row */
    double *gain;       /* [n] what the learner says */
    double *features;
    void *state; /* of problem->moves */
    struct gw_learner learner;
    bool failed; /* memory is out */
};

/* ---- values ---- */

/* Between the best seen and the worst of a population. */
static void observe(struct slit *s, const double *f)
{
    for (uint32_t k = 0; k < s->problem->objectives; k++) {
        s->scalar.ideal[k] = fmin(s->scalar.ideal[k], f[k]);
        const double span = s->worst[k] - s->scalar.ideal[k];
        s->scalar.span[k] = span > 0.0 ? span : 1.0;
    }
}

/* A first population is drawn at random, and much of it overloads sites: scaled by its worst, objectives that
 * overload spoils most would hardly count afterwards. */
static void rescale(struct slit *s)
{
    double best[M];
    if (s->cfg->scale == GW_SLIT_SCALE_POPULATION) {
        s->members.n = s->n;
        gw_front_range(&s->members, best, s->worst);
        observe(s, best);
    }
}

static const double *weight_of(const struct slit *s, uint32_t i)
{
    return s->weight + (size_t)i * s->problem->objectives;
}

static double value(const struct slit *s, uint32_t direction, const double *f)
{
    return gw_scalar_of(&s->scalar, weight_of(s, direction), f);
}

static bool left(const struct slit *s)
{
    return s->members.evaluations < s->budget && !s->failed;
}

static void remember(struct slit *s, uint32_t i)
{
    bool added = false;
    if (s->cfg->archive &&
        !gw_front_insert(&s->archive, gw_front_x(&s->members, i), gw_front_f(&s->members, i), &added)) {
        s->failed = true;
    }
}

/* ---- beginning ---- */

/* Directions by k-means: who is near whom. Starts from members an equal number apart. */
static void make_clusters(struct slit *s, double *centre)
{
    const uint32_t m = s->problem->objectives;
    for (uint32_t c = 0; c < s->clusters; c++) {
        memcpy(centre + (size_t)c * m, weight_of(s, c * s->n / s->clusters), m * sizeof *centre);
    }
    for (int round = 0; round < KMEANS_ROUNDS; round++) {
        for (uint32_t i = 0; i < s->n; i++) {
            double nearest = INFINITY;
            for (uint32_t c = 0; c < s->clusters; c++) {
                double d = 0.0;
                for (uint32_t k = 0; k < m; k++) {
                    const double off = weight_of(s, i)[k] - centre[(size_t)c * m + k];
                    d += off * off;
                }
                if (d < nearest) {
                    nearest = d;
                    s->cluster[i] = c;
                }
            }
        }
        for (uint32_t c = 0; c < s->clusters; c++) {
            double sum[M] = {0};
            uint32_t members = 0;
            for (uint32_t i = 0; i < s->n; i++) {
                for (uint32_t k = 0; k < m && s->cluster[i] == c; k++) {
                    sum[k] += weight_of(s, i)[k];
                }
                members += s->cluster[i] == c;
            }
            for (uint32_t k = 0; k < m && members > 0; k++) {
                centre[(size_t)c * m + k] = sum[k] / members;
            }
        }
    }
}

/* Each direction in turn takes the member that serves it best of those that are left. */
static void assign(struct slit *s)
{
    for (uint32_t i = 0; i + 1 < s->n; i++) {
        uint32_t best = i;
        for (uint32_t j = i + 1; j < s->n; j++) {
            best = value(s, i, gw_front_f(&s->members, j)) < value(s, i, gw_front_f(&s->members, best))
                       ? j
                       : best;
        }
        gw_front_copy(&s->members, s->n, &s->members, i);
        gw_front_copy(&s->members, i, &s->members, best);
        gw_front_copy(&s->members, best, &s->members, s->n);
        s->members.n = s->n;
    }
}

/* Unit vectors first, then a lattice and draws. */
static void make_weights(struct slit *s)
{
    const uint32_t m = s->problem->objectives, units = s->n > m ? m : 0;
    for (uint32_t i = 0; i < units; i++) {
        s->weight[(size_t)i * m + i] = 1.0;
    }
    gw_weights_spread(m, s->n - units, &s->rng, s->weight + (size_t)units * m);
    gw_weights_neighbours(s->weight, s->n, m, s->neighbours, s->near);
}

static bool allocate(struct slit *s, struct gw_arena *arena, double **centre)
{
    const uint32_t m = s->problem->objectives, features = s->problem->n + 2 * m;
    s->weight = gw_arena_array(arena, (size_t)s->n * m, sizeof *s->weight);
    s->near = gw_arena_array(arena, (size_t)s->n * s->neighbours, sizeof *s->near);
    s->cluster = gw_arena_array(arena, s->n, sizeof *s->cluster);
    s->searched = gw_arena_array(arena, s->n, sizeof *s->searched);
    s->order = gw_arena_array(arena, s->n, sizeof *s->order);
    s->fail_max = gw_arena_array(arena, s->n, sizeof *s->fail_max);
    s->gain = gw_arena_array(arena, s->n, sizeof *s->gain);
    s->features = gw_arena_array(arena, features, sizeof *s->features);
    s->state = gw_arena_alloc(arena, s->problem->moves != NULL ? s->problem->moves->bytes : 1);
    *centre = gw_arena_array(arena, (size_t)s->clusters * m, sizeof **centre);
    return s->weight != NULL && s->near != NULL && s->cluster != NULL && s->searched != NULL &&
           s->order != NULL && s->fail_max != NULL && s->gain != NULL && s->features != NULL &&
           s->state != NULL && *centre != NULL &&
           gw_learner_init(&s->learner, s->cfg->learner, features, s->cfg->trees, s->cfg->rows_max);
}

static bool begin(struct slit *s, const struct gw_search *how, struct gw_arena *arena)
{
    double *centre = NULL;
    if (!allocate(s, arena, &centre) || !gw_search_begin(s->problem, how, s->n + 2, &s->rng, &s->members) ||
        !gw_front_init(&s->archive, s->problem->n, s->problem->objectives, s->n)) {
        return false;
    }
    s->scalar.kind = s->cfg->scalarisation;
    s->scalar.objectives = s->problem->objectives;
    gw_front_range(&s->members, s->scalar.ideal, s->worst);
    observe(s, s->scalar.ideal);
    make_weights(s);
    make_clusters(s, centre);
    assign(s);
    for (uint32_t i = 0; i < s->n; i++) {
        s->fail_max[i] = s->cfg->ls_max_fail;
        remember(s, i);
    }
    return !s->failed;
}

/* ---- local search ---- */

static void describe(const struct slit *s, uint32_t direction, const double *x, const double *f, double *out)
{
    const uint32_t m = s->problem->objectives;
    for (uint32_t k = 0; k < m; k++) {
        out[k] = (f[k] - s->scalar.ideal[k]) / s->scalar.span[k];
        out[m + k] = weight_of(s, direction)[k];
    }
    memcpy(out + 2 * m, x, s->problem->n * sizeof *x);
}

/* One change at member `at`, made when it lowers the value `now` of its direction; whether it did. */
static bool step(struct slit *s, uint32_t at, double *now)
{
    const struct gw_problem *p = s->problem;
    double *x = gw_front_x(&s->members, at), *f = gw_front_f(&s->members, at), tried[M];
    if (p->moves == NULL) {
        const uint32_t place = s->n;
        memcpy(gw_front_x(&s->members, place), x, p->n * sizeof *x);
        gw_variation_step(p, &s->variation, &s->rng, gw_front_x(&s->members, place));
        gw_search_value(p, &s->members, place);
        const double then = value(s, at, gw_front_f(&s->members, place));
        if (then < *now) {
            *now = then;
            gw_front_copy(&s->members, at, &s->members, place);
            return true;
        }
        return false;
    }
    const struct gw_move move = gw_variation_move(p, &s->rng, x);
    if (move.amount <= 0.0) {
        return false;
    }
    p->moves->price(p->context, s->state, &move, tried);
    s->members.evaluations++;
    const double then = value(s, at, tried);
    if (!(then < *now)) {
        return false;
    }
    *now = then;
    p->moves->make(p->context, s->state, &move);
    gw_variation_make(x, &move);
    memcpy(f, tried, p->objectives * sizeof *f);
    return true;
}

/* Descends from member i; the member ends where the search does. */
static void descend(struct slit *s, uint32_t i)
{
    const struct gw_slit_cfg *cfg = s->cfg;
    double *x = gw_front_x(&s->members, i), *f = gw_front_f(&s->members, i), now = value(s, i, f);
    uint32_t fails = 0, improved = 0;
    if (s->problem->moves != NULL) {
        double same[M];
        s->problem->moves->start(s->problem->context, s->state, x, same);
    }
    if (cfg->learner != GW_LEARNER_NONE) {
        describe(s, i, x, f, gw_learner_row(&s->learner));
    }
    while (fails < s->fail_max[i] && improved < cfg->ls_max_improve && left(s)) {
        const bool better = step(s, i, &now);
        fails = better ? 0 : fails + 1;
        improved += better;
        if (better && cfg->learner != GW_LEARNER_NONE) {
            describe(s, i, x, f, gw_learner_row(&s->learner));
        }
    }
    if (s->problem->moves != NULL && improved > 0 && left(s)) {
        gw_search_value(s->problem, &s->members, i); /* sums of changes drift */
    }
    observe(s, f);
    remember(s, i);
    if (cfg->learner != GW_LEARNER_NONE) {
        gw_learner_label(&s->learner, improved + 1, value(s, i, f));
    }
    if (cfg->ls_adaptive) {
        const uint32_t limit = s->fail_max[i];
        s->fail_max[i] = improved == cfg->ls_max_improve ? limit + limit / 2 : limit - limit / 10;
        s->fail_max[i] = s->fail_max[i] < FAIL_LEAST  ? FAIL_LEAST
                         : s->fail_max[i] > FAIL_MOST ? FAIL_MOST
                                                      : s->fail_max[i];
    }
    s->searched[i] = 1;
}

/* ---- where to start from ---- */

/* A member of the cluster by chance that was not searched yet in this iteration; n when there is none. */
static uint32_t anyone(struct slit *s, uint32_t cluster)
{
    uint32_t found = s->n, seen = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->cluster[i] == cluster && s->searched[i] == 0 && gw_variation_below(&s->rng, ++seen) == 0) {
            found = i;
        }
    }
    return found;
}

/* What the learner expects of each member: a small value is a good place to start. */
static void appraise(struct slit *s)
{
    for (uint32_t i = 0; i < s->n; i++) {
        const double *f = gw_front_f(&s->members, i);
        describe(s, i, gw_front_x(&s->members, i), f, s->features);
        const double end = gw_learner_at(&s->learner, s->features);
        s->gain[i] = s->cfg->pick == GW_SLIT_PICK_LOWEST ? end : end - value(s, i, f);
    }
}

static uint32_t promising(const struct slit *s, uint32_t cluster)
{
    uint32_t best = s->n;
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->cluster[i] == cluster && s->searched[i] == 0 && (best == s->n || s->gain[i] < s->gain[best])) {
            best = i;
        }
    }
    return best;
}

static void search(struct slit *s, uint32_t iteration)
{
    const struct gw_slit_cfg *cfg = s->cfg;
    const bool early = iteration < cfg->early_iterations, guided = !early && s->learner.fitted;
    memset(s->searched, 0, s->n);
    if (guided) {
        appraise(s);
    }
    for (uint32_t c = 0; c < s->clusters; c++) {
        for (uint32_t start = 0; start < (early ? cfg->starts_early_per_cluster : 1) && left(s); start++) {
            const uint32_t i = guided ? promising(s, c) : anyone(s, c);
            if (i < s->n) {
                descend(s, i);
            }
        }
    }
    /* the first directions are the unit vectors */
    for (uint32_t k = 0; k < s->problem->objectives && k < s->n && cfg->priority_points && !early; k++) {
        if (s->searched[k] == 0 && left(s)) {
            descend(s, k);
        }
    }
}

static void train(struct slit *s, uint32_t iteration)
{
    const uint32_t next = iteration + 1;
    if (s->cfg->learner == GW_LEARNER_NONE || next < s->cfg->early_iterations ||
        (next - s->cfg->early_iterations) % s->cfg->retrain_every != 0) {
        return;
    }
    s->failed = s->failed || !gw_learner_fit(&s->learner, &s->rng);
    if (s->cfg->forget) {
        gw_learner_forget(&s->learner);
    }
}

/* ---- evolution ---- */

static void shuffle(struct slit *s, uint32_t n)
{
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t j = gw_variation_below(&s->rng, i), moved = s->order[j];
        s->order[j] = s->order[i - 1];
        s->order[i - 1] = moved;
    }
}

/* Who may mate with member i, and be replaced: its neighbours, or all; in random order. */
static uint32_t pool_of(struct slit *s, uint32_t i)
{
    const bool local = s->cfg->mating == GW_SLIT_MATING_NEIGHBOURS &&
                       gw_variation_unit(&s->rng) < s->cfg->mating_neighbour_prob;
    const uint32_t n = local ? s->neighbours : s->n;
    for (uint32_t j = 0; j < n; j++) {
        s->order[j] = local ? s->near[(size_t)i * s->neighbours + j] : j;
    }
    shuffle(s, n);
    GW_REQUIRE(n > 0); /* a population has at least four members, a neighbourhood itself */
    return n;
}

/* A member that was searched or was not, as asked, the first of the pool; its first one when there is none.
 */
static uint32_t first_that(const struct slit *s, uint32_t pool, uint8_t searched)
{
    for (uint32_t j = 0; j < pool; j++) {
        if (s->searched[s->order[j]] == searched) {
            return s->order[j];
        }
    }
    return s->order[0];
}

static void breed(struct slit *s, uint32_t i)
{
    const uint32_t pool = pool_of(s, i), child = s->n;
    const bool across = s->cfg->mating == GW_SLIT_MATING_SEARCHED;
    const uint32_t a = across ? first_that(s, pool, 1) : s->order[0],
                   b = across ? first_that(s, pool, 0) : s->order[1 % pool];
    gw_variation_cross(s->problem, &s->variation, &s->rng, gw_front_x(&s->members, a),
                       gw_front_x(&s->members, b), gw_front_x(&s->members, child),
                       gw_front_x(&s->members, child + 1));
    gw_variation_mutate(s->problem, &s->variation, &s->rng, gw_front_x(&s->members, child));
    gw_search_value(s->problem, &s->members, child);
    const double *f = gw_front_f(&s->members, child);
    observe(s, f);
    remember(s, child);
    for (uint32_t j = 0, replaced = 0; j < pool && replaced < s->cfg->replace_max; j++) {
        const uint32_t other = s->order[j];
        if (value(s, other, f) < value(s, other, gw_front_f(&s->members, other))) {
            gw_front_copy(&s->members, other, &s->members, child);
            replaced++;
        }
    }
}

static void evolve(struct slit *s)
{
    for (uint32_t i = 0; i < s->n; i++) {
        for (uint32_t c = 0; c < s->cfg->children && left(s); c++) {
            breed(s, i);
        }
    }
}

bool gw_slit_run(const struct gw_problem *problem, const struct gw_search *how, const struct gw_slit_cfg *cfg,
                 struct gw_front *found)
{
    const uint32_t n = how->population;
    struct gw_arena arena = {0};
    struct slit s = {.problem = problem,
                     .cfg = cfg,
                     .variation = gw_search_variation(how),
                     .budget = how->evaluations,
                     .n = n,
                     .clusters = cfg->clusters < n ? cfg->clusters : n,
                     .neighbours = cfg->neighbours < n ? cfg->neighbours : n};
    gw_rng_init(&s.rng, how->seed);
    const bool begun = begin(&s, how, &arena);
    for (uint32_t iteration = 0; begun && left(&s); iteration++) {
        search(&s, iteration);
        train(&s, iteration);
        evolve(&s);
        rescale(&s);
    }
    struct gw_front *best = cfg->archive ? &s.archive : &s.members,
                    *other = cfg->archive ? &s.members : &s.archive;
    best->evaluations = s.members.evaluations;
    gw_front_reduce(best);
    *found = *best;
    gw_front_fini(other);
    gw_learner_fini(&s.learner);
    gw_arena_fini(&arena);
    return begun && !s.failed;
}
