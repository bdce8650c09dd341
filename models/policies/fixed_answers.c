/* The two ends between which directives move: full-answers never gives one, shortest-answers always gives the
 * one whose answers have the fewest tokens, whatever they are worth (Sprout's "CO2-opt"). Both need no view.
 * docs/policies/sprout.md. */
#include "models/policies/answer_levels.h"
#include "models/policies/registry.h"

/* All requests of row d at level `at`. */
static void order_level(struct gw_plan *plan, uint32_t d, uint32_t n, uint32_t at)
{
    double x[GW_ANSWER_LEVELS_MAX] = {0};
    x[at] = 1.0;
    gw_answer_levels_order(plan, d, n, x);
}

static int full_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                     struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        order_level(plan, d, gw_answer_levels_n(view, d), 0);
    }
    return 0;
}

static int shortest_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                         struct gw_policy_error *error)
{
    (void)self;
    (void)error;
    const struct gw_table *output = view->table(view, "directives.output");
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        const uint32_t n = gw_answer_levels_n(view, d);
        const double *of = output->v + (size_t)d * output->dim[1];
        uint32_t best = 0;
        for (uint32_t l = 1; l < n; l++) {
            best = of[l] < of[best] ? l : best;
        }
        order_level(plan, d, n, best);
    }
    return 0;
}

const struct gw_policy_ops gw_policy_fixed_answers_full = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_DIRECTIVES,
    .name = "full-answers",
    .summary = "Answers are as long as they are",
    .plan = full_plan,
};

const struct gw_policy_ops gw_policy_fixed_answers_shortest = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_DIRECTIVES,
    .name = "shortest-answers",
    .summary = "The directive with the fewest tokens for every request",
    .plan = shortest_plan,
};
