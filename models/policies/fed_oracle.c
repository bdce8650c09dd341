/* Oracle of clients: the cleanest clients by the carbon that will really be, and only in the cleanest part of
 * the time ahead. It knows what no policy can: a ceiling for those that select by carbon. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"
#include "models/policies/rounds.h"

struct cfg {
    double clients, share, round_s;
};

static const struct gw_policy_param params[] = {
    {"clients", "1", GW_PARAM_NUMBER, offsetof(struct cfg, clients), 10.0, 1.0, 1e6, NULL, "Of a round"},
    {"share", "1", GW_PARAM_NUMBER, offsetof(struct cfg, share), 1.0, 0.01, 1.0, NULL,
     "Of the time ahead in which it trains, the cleanest; 1: always"},
    {"round", "s", GW_PARAM_NUMBER, offsetof(struct cfg, round_s), 0.0, 0.0, 1e7, NULL,
     "Time over which a round's carbon is averaged; 0: the step it begins in"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct seer {
    struct cfg cfg;
    struct gw_rounds_memory score;
};

static void oracle_destroy(void *self)
{
    struct seer *p = self;
    if (p != NULL) {
        gw_rounds_forget(&p->score);
        free(p);
    }
}

static int oracle_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                         struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct seer *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

/* Carbon of the cleanest clients together in a round that begins h steps ahead; out->in says who they are. */
static double carbon_at(struct seer *p, const struct gw_round *round, uint32_t h, uint8_t *in)
{
    struct gw_round later = *round;
    later.horizon = round->horizon - h;
    for (uint32_t c = 0; c < round->clients; c++) {
        p->score.v[c] = gw_rounds_mean(&later, &round->truth[c][h], p->cfg.round_s);
    }
    gw_rounds_pick(round, p->score.v, p->cfg.clients, in);
    double sum = 0.0;
    for (uint32_t c = 0; c < round->clients; c++) {
        sum += in[c] != 0 ? p->score.v[c] : 0.0;
    }
    return sum;
}

static int oracle_select(void *self, const struct gw_view *view, const struct gw_round *round,
                         struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    struct seer *p = self;
    if (round->truth == NULL) {
        snprintf(error->why, sizeof error->why, "nobody shows it the truth");
        return 1;
    }
    if (round->running != 0) {
        return 0;
    }
    if (!gw_rounds_remember(&p->score, round, 0.0)) {
        return 1;
    }
    const double now = carbon_at(p, round, 0, out->in);
    double cleaner = 0.0;
    for (uint32_t h = 1; h < round->horizon && p->cfg.share < 1.0; h++) {
        cleaner += carbon_at(p, round, h, out->in) < now ? 1.0 : 0.0;
    }
    if (cleaner >= p->cfg.share * (double)round->horizon) {
        memset(out->in, 0, round->clients);
    } else {
        carbon_at(p, round, 0, out->in);
    }
    return 0;
}

const struct gw_policy_ops gw_policy_fed_oracle = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .flags = GW_POLICY_ORACLE,
    .name = "fed-oracle",
    .summary = "The cleanest clients at the cleanest times, by the carbon that will be",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = oracle_create,
    .destroy = oracle_destroy,
    .select = oracle_select,
};
