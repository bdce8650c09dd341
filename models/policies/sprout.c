/* Sprout: how many requests of each row get a directive to answer briefly, or very briefly. At every plan a
 * small linear program takes the mix of levels with the least carbon whose quality is at or above a floor;
 * the floor falls as the grid becomes dirty, by `tolerance` at its dirtiest. The qualities are what the last
 * offline assessment of `samples` answers found, and an assessment waits for a clean hour (assessment.h).
 *
 * sprout-static solves the same program once, for the mean intensity of the hours it sees at the beginning,
 * and keeps the mix: what is left of Sprout without following the grid.
 *
 * Li et al., Sprout, EMNLP 2024. Its embodied term is left out: embodied carbon is the fleet's whatever the
 * policy. docs/policies/sprout.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/answer_levels.h"
#include "models/policies/assessment.h"
#include "models/policies/registry.h"

struct cfg {
    double tolerance, low, high, samples, decay_per_h, grace_h, longest_h;
};

#define NUMBER(key, unit, field, def, min, max, doc)                                                         \
    {                                                                                                        \
        key, unit, GW_PARAM_NUMBER, offsetof(struct cfg, field), def, min, max, NULL, doc                    \
    }
#define FLOOR_ROWS                                                                                           \
    NUMBER("tolerance", "1", tolerance, 0.1, 0.0, 1.0, "Quality given up at the dirtiest hour"),             \
        NUMBER("low", "gCO2/kWh", low, 0.0, 0.0, 1e5, "Intensity up to which nothing is given up"),          \
        NUMBER(                                                                                              \
            "high", "gCO2/kWh", high, 0.0, 0.0, 1e5,                                                         \
            "Intensity of the dirtiest hour; 0: it and `low` are the extremes of what was seen or forecast")
#define END                                                                                                  \
    {                                                                                                        \
        NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                                \
    }
static const struct gw_policy_param params[] = {
    FLOOR_ROWS,
    NUMBER("samples", "1", samples, 1000.0, 0.0, 1e6, "Answers judged in an assessment; 0: it knows"),
    NUMBER("decay", "1/h", decay_per_h, 0.029, 0.0, 10.0, "How fast an assessment ages"),
    NUMBER("grace", "h", grace_h, 6.0, 0.0, 1e4, "Time after an assessment without another"),
    NUMBER("longest", "h", longest_h, 72.0, 0.0, 1e4, "Time after which there is another in any case"),
    END,
};
static const struct gw_policy_param static_params[] = {FLOOR_ROWS, END};

/* One demand row. */
struct row {
    struct gw_assessment assessment;
    double low, high; /* intensities seen or forecast so far */
    double quality[GW_ANSWER_LEVELS_MAX];
    bool settled; /* sprout-static: it has its mix */
};

struct sprout {
    struct cfg cfg;
    struct gw_rng rng;
    struct row *row;
    double *weight; /* [sites] */
};

static void sprout_destroy(void *self)
{
    struct sprout *p = self;
    if (p != NULL) {
        free(p->row);
        free(p->weight);
        free(p);
    }
}

static int create(void **self, const struct cfg *cfg, const struct gw_view *view, uint64_t seed)
{
    struct sprout *p = calloc(1, sizeof *p);
    struct row *row = calloc((size_t)view->dims->demands + 1, sizeof *row);
    double *weight = calloc((size_t)view->dims->sites + 1, sizeof *weight);
    if (p == NULL || row == NULL || weight == NULL) {
        free(p);
        free(row);
        free(weight);
        return 1;
    }
    *p = (struct sprout){.cfg = *cfg, .row = row, .weight = weight};
    gw_rng_init(&p->rng, seed);
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        row[d].low = INFINITY;
        row[d].high = -INFINITY;
    }
    *self = p;
    return 0;
}

static int sprout_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                         struct gw_policy_error *error)
{
    (void)error;
    return create(self, cfg, view, seed);
}

static int static_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                         struct gw_policy_error *error)
{
    (void)error;
    const struct cfg *given = cfg;
    const struct cfg known = {.tolerance = given->tolerance, .low = given->low, .high = given->high};
    return create(self, &known, view, seed);
}

/* The mean over the horizon; what is forecast widens the range that the floor is scaled by. */
static double look_ahead(const struct sprout *p, const struct gw_view *view, struct row *row)
{
    double mean = 0.0;
    for (uint32_t h = 0; h < view->dims->horizon; h++) {
        const double carbon = gw_answer_levels_carbon(view, p->weight, h);
        row->low = fmin(row->low, carbon);
        row->high = fmax(row->high, carbon);
        mean += carbon / view->dims->horizon;
    }
    return mean;
}

static double floor_at(const struct sprout *p, const struct row *row, double carbon)
{
    const bool given = p->cfg.high > 0.0;
    return gw_answer_levels_floor(p->cfg.tolerance, carbon, given ? p->cfg.low : row->low,
                                  given ? p->cfg.high : row->high);
}

static void assess(struct sprout *p, const struct gw_view *view, uint32_t d, uint32_t n)
{
    const struct gw_table *quality = view->table(view, "directives.quality");
    gw_assessment_sample(&p->rng, (uint32_t)p->cfg.samples, n, quality->v + (size_t)d * quality->dim[1],
                         p->row[d].quality);
}

static void order_mix(struct sprout *p, const struct gw_view *view, uint32_t d, uint32_t n, double carbon,
                      struct gw_plan *plan)
{
    double cost[GW_ANSWER_LEVELS_MAX], x[GW_ANSWER_LEVELS_MAX] = {1.0};
    gw_answer_levels_cost(view, d, p->weight, cost);
    if (gw_answer_levels_solve(n, cost, p->row[d].quality, floor_at(p, &p->row[d], carbon), x)) {
        gw_answer_levels_order(plan, d, n, x);
    }
}

static int sprout_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                       struct gw_policy_error *error)
{
    (void)error;
    struct sprout *p = self;
    const struct gw_assessment_cfg when = {p->cfg.decay_per_h, p->cfg.grace_h, p->cfg.longest_h};
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        const uint32_t n = gw_answer_levels_n(view, d);
        if (n > 1) {
            gw_answer_levels_sites(view, d, p->weight);
            (void)look_ahead(p, view, &p->row[d]);
            const double carbon = gw_answer_levels_carbon(view, p->weight, 0);
            if (gw_assessment_due(&p->row[d].assessment, &when, view->now_us, carbon)) {
                assess(p, view, d, n);
            }
            order_mix(p, view, d, n, carbon, plan);
        }
    }
    return 0;
}

/* The first plan may be for the burn-in; the mix is for the hours from there on. */
static int static_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                       struct gw_policy_error *error)
{
    (void)error;
    struct sprout *p = self;
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        const uint32_t n = gw_answer_levels_n(view, d);
        if (n > 1 && !p->row[d].settled) {
            p->row[d].settled = true;
            gw_answer_levels_sites(view, d, p->weight);
            assess(p, view, d, n);
            order_mix(p, view, d, n, look_ahead(p, view, &p->row[d]), plan);
        }
    }
    return 0;
}

const struct gw_policy_ops gw_policy_sprout = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_DIRECTIVES,
    .name = "sprout",
    .summary = "Shorter answers when the grid is dirty, above a floor of quality, by linear programming",
    .reference = "sprout-2024",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = sprout_create,
    .destroy = sprout_destroy,
    .plan = sprout_plan,
};

const struct gw_policy_ops gw_policy_sprout_static = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_DIRECTIVES,
    .name = "sprout-static",
    .summary = "Sprout's mix for the mean carbon intensity, all the time",
    .reference = "sprout-2024",
    .params = static_params,
    .cfg_size = sizeof(struct cfg),
    .create = static_create,
    .destroy = sprout_destroy,
    .plan = static_plan,
};
