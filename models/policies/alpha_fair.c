/* Alpha-fair: which client trains in which slot ahead, so that the sum of (what each client saved)^alpha is
 * as large as the carbon allowed permits. A slot saves the difference to the worst slot of all; clients and
 * slots are taken greedily by gain per gram, and who has a slot now trains now. alpha = 1 takes the cleanest,
 * a small alpha gives everybody something. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"
#include "models/policies/rounds.h"

struct cfg {
    double alpha, share, slot_s;
};

static const struct gw_policy_param params[] = {
    {"alpha", "1", GW_PARAM_NUMBER, offsetof(struct cfg, alpha), 0.5, 0.01, 1.0, NULL,
     "1 cares for the sum alone, towards 0 for everybody"},
    {"share", "1", GW_PARAM_NUMBER, offsetof(struct cfg, share), 0.3, 0.0, 1.0, NULL,
     "Carbon allowed, of what all clients would emit in all slots ahead"},
    {"slot", "s", GW_PARAM_NUMBER, offsetof(struct cfg, slot_s), 3600.0, 1.0, 1e6, NULL, "Length of a slot"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

/* A client's best open slot of a plan. */
struct offer {
    size_t slot;  /* SIZE_MAX: none left */
    double worth; /* gain over grams */
};

struct planner {
    struct cfg cfg;
    struct gw_rounds_memory saved; /* by each client so far, g per kW and slot */
    struct gw_rounds_memory sum;   /* the same, this plan included */
    struct offer *offer;           /* [clients] */
    double *slot;                  /* [clients][slots] gCO2/kWh; NaN: taken */
    size_t room;
    int64_t until_us; /* the present slot's end */
};

static void fair_destroy(void *self)
{
    struct planner *p = self;
    if (p != NULL) {
        gw_rounds_forget(&p->saved);
        gw_rounds_forget(&p->sum);
        free(p->slot);
        free(p->offer);
        free(p);
    }
}

static int fair_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                       struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct planner *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

static bool make_room(struct planner *p, const struct gw_round *round, uint32_t slots)
{
    const size_t cells = (size_t)round->clients * slots;
    if (cells > p->room) {
        free(p->slot);
        free(p->offer);
        p->slot = calloc(cells, sizeof *p->slot);
        p->offer = calloc(round->clients, sizeof *p->offer);
        p->room = p->slot != NULL && p->offer != NULL ? cells : 0;
    }
    return p->room >= cells && gw_rounds_remember(&p->saved, round, 0.0) &&
           gw_rounds_remember(&p->sum, round, 0.0);
}

/* Of a client's open slots the cleanest has the largest gain and the fewest grams. */
static struct offer offer_of(const struct planner *p, uint32_t c, uint32_t slots, double worst)
{
    struct offer out = {.slot = SIZE_MAX};
    double g = INFINITY;
    for (size_t i = (size_t)c * slots; i < ((size_t)c + 1) * slots; i++) {
        if (p->slot[i] < g) {
            g = p->slot[i];
            out.slot = i;
        }
    }
    if (out.slot != SIZE_MAX) {
        const double sum = p->sum.v[c];
        out.worth = (pow(sum + worst - g, p->cfg.alpha) - pow(sum, p->cfg.alpha)) / fmax(g, 1e-9);
    }
    return out;
}

static uint32_t best_of(const struct planner *p, uint32_t clients)
{
    uint32_t best = clients;
    double most = 0.0;
    for (uint32_t c = 0; c < clients; c++) {
        if (p->offer[c].slot != SIZE_MAX && p->offer[c].worth > most) {
            most = p->offer[c].worth;
            best = c;
        }
    }
    return best;
}

/* Carbon of every slot ahead; returns what all of them emit together. */
static double look_ahead(struct planner *p, const struct gw_round *round, uint32_t slots, uint32_t steps,
                         double *worst)
{
    double sum = 0.0;
    *worst = 0.0;
    for (uint32_t c = 0; c < round->clients; c++) {
        for (uint32_t k = 0; k < slots; k++) {
            const double g = gw_rounds_mean(round, &round->carbon[c][(size_t)k * steps], p->cfg.slot_s);
            p->slot[(size_t)c * slots + k] = round->may[c] != 0 ? g : (double)NAN;
            *worst = fmax(*worst, g);
            sum += g;
        }
    }
    return sum;
}

static int fair_select(void *self, const struct gw_view *view, const struct gw_round *round,
                       struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct planner *p = self;
    const uint32_t steps = (uint32_t)fmax(p->cfg.slot_s * 1e6 / (double)round->step_us, 1.0);
    const uint32_t slots = round->horizon > steps ? round->horizon / steps : 1;
    if (round->now_us < p->until_us) {
        return 0;
    }
    if (!make_room(p, round, slots)) {
        return 1;
    }
    p->until_us = round->now_us + (int64_t)(p->cfg.slot_s * 1e6);
    double worst;
    double left_g = p->cfg.share * look_ahead(p, round, slots, steps, &worst);
    for (uint32_t c = 0; c < round->clients; c++) {
        p->sum.v[c] = p->saved.v[c];
        p->offer[c] = offer_of(p, c, slots, worst);
    }
    memset(out->in, 0, round->clients);
    for (;;) {
        const uint32_t c = best_of(p, round->clients);
        if (c == round->clients || p->slot[p->offer[c].slot] > left_g) {
            return 0;
        }
        const size_t taken = p->offer[c].slot;
        const double saved = worst - p->slot[taken];
        left_g -= p->slot[taken];
        p->sum.v[c] += saved;
        if (taken % slots == 0) {
            out->in[c] = 1;
            p->saved.v[c] += saved;
        }
        p->slot[taken] = (double)NAN;
        p->offer[c] = offer_of(p, c, slots, worst);
    }
}

const struct gw_policy_ops gw_policy_alpha_fair = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .name = "alpha-fair",
    .summary = "Clients and hours so that all save their part of the carbon",
    .reference = "Green federated learning via carbon-aware client and time slot scheduling, "
                 "arXiv 2509.08980, 2025",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = fair_create,
    .destroy = fair_destroy,
    .select = fair_select,
};
