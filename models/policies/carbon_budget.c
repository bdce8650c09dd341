/* Carbon budget: the clients of a round by drift plus penalty, after CAFE. A queue holds what has been
 * emitted beyond the budget's even share per round; the set of a round is the best of  V U(S) - Q g(S),  g
 * what it emits. U(S) = ln(1 + sum of utilities) stands for the published coreset utility, which needs
 * gradients; the set is found by double greedy, as there: each client in turn joins the growing set or leaves
 * the shrinking one, by which gains more. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"
#include "models/policies/rounds.h"

struct cfg {
    double budget_kg, slots, slot_s, weight;
};

static const struct gw_policy_param params[] = {
    {"budget", "1", GW_PARAM_NUMBER, offsetof(struct cfg, budget_kg), 100.0, 0.0, 1e12, NULL,
     "kgCO2 that training may emit in all slots"},
    {"slots", "1", GW_PARAM_NUMBER, offsetof(struct cfg, slots), 100.0, 1.0, 1e9, NULL,
     "Over which the budget is spread"},
    {"slot", "s", GW_PARAM_NUMBER, offsetof(struct cfg, slot_s), 3600.0, 1.0, 1e7, NULL, "Length of a slot"},
    {"weight", "1", GW_PARAM_NUMBER, offsetof(struct cfg, weight), 1.0, 0.0, 1e9, NULL,
     "V: how much utility counts against the queue"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct treasurer {
    struct cfg cfg;
    double queue;   /* Q, in slots' shares of the budget */
    uint32_t round; /* rounds closed when it was last asked */
    int64_t at_us;  /* and when that was */
    double owed;    /* what the set chosen then emits in a round */
};

static int budget_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                         struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct treasurer *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

/* What a round of client c emits, over the budget's share of a slot. */
static double emitted(const struct treasurer *p, const struct gw_round *round, uint32_t c)
{
    const double kwh = gw_rounds_kwh_per_tok(round, c) * round->tok_per_step[c] * round->local_steps;
    const double share_g = fmax(p->cfg.budget_kg, 1e-9) * 1e3 / p->cfg.slots;
    return kwh * round->carbon[c][0] / share_g;
}

static void double_greedy(const struct treasurer *p, const struct gw_round *round, uint8_t *in)
{
    double growing = 0.0, shrinking = 0.0; /* sums of utilities of both sets */
    for (uint32_t c = 0; c < round->clients; c++) {
        shrinking += round->may[c] != 0 ? round->utility[c] : 0.0;
        in[c] = 0;
    }
    for (uint32_t c = 0; c < round->clients; c++) {
        if (round->may[c] == 0) {
            continue;
        }
        const double price = p->queue * emitted(p, round, c), u = round->utility[c];
        const double join = p->cfg.weight * (log1p(growing + u) - log1p(growing)) - price;
        const double leave = p->cfg.weight * (log1p(fmax(shrinking - u, 0.0)) - log1p(shrinking)) + price;
        if (join >= leave) {
            in[c] = 1;
            growing += u;
        } else {
            shrinking -= u;
        }
    }
}

static int budget_select(void *self, const struct gw_view *view, const struct gw_round *round,
                         struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct treasurer *p = self;
    if (round->running != 0) {
        return 0;
    }
    const double paid = (double)(round->now_us - p->at_us) / 1e6 / p->cfg.slot_s;
    p->queue = fmax(p->queue + (round->number != p->round ? p->owed : 0.0) - paid, 0.0);
    double_greedy(p, round, out->in);
    p->owed = 0.0;
    for (uint32_t c = 0; c < round->clients; c++) {
        p->owed += out->in[c] != 0 ? emitted(p, round, c) : 0.0;
    }
    p->round = round->number;
    p->at_us = round->now_us;
    return 0;
}

const struct gw_policy_ops gw_policy_carbon_budget = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .name = "carbon-budget",
    .summary = "Clients by drift plus penalty, so that a budget of carbon lasts",
    .reference = "Bian et al., CAFE: carbon-aware federated learning in geographically distributed data "
                 "centers, e-Energy 2024",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = budget_create,
    .destroy = free,
    .select = budget_select,
};
