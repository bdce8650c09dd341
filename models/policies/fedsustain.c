/* FedSustain-like: the clients with the largest product of their grid's renewable share and the charge of
 * their own energy buffer. What the abstract says of the published selection; its weights are not public. */
#include <math.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/policies/rounds.h"

struct cfg {
    double clients, least;
};

static const struct gw_policy_param params[] = {
    {"clients", "1", GW_PARAM_NUMBER, offsetof(struct cfg, clients), 10.0, 0.0, 1e6, NULL,
     "Of a round at most; 0: all"},
    {"least", "1", GW_PARAM_NUMBER, offsetof(struct cfg, least), 0.0, 0.0, 1.0, NULL,
     "Product below which a client is left out"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct chooser {
    struct cfg cfg;
    struct gw_rounds_memory score;
};

static void fedsustain_destroy(void *self)
{
    struct chooser *p = self;
    if (p != NULL) {
        gw_rounds_forget(&p->score);
        free(p);
    }
}

static int fedsustain_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                             struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct chooser *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

static int fedsustain_select(void *self, const struct gw_view *view, const struct gw_round *round,
                             struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct chooser *p = self;
    if (round->running != 0) {
        return 0;
    }
    if (!gw_rounds_remember(&p->score, round, 0.0)) {
        return 1;
    }
    for (uint32_t c = 0; c < round->clients; c++) {
        const double product = round->renewable_frac[c] * round->buffer_frac[c];
        p->score.v[c] = product >= p->cfg.least ? -product : (double)INFINITY;
    }
    gw_rounds_pick(round, p->score.v, p->cfg.clients, out->in);
    return 0;
}

const struct gw_policy_ops gw_policy_fedsustain = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .name = "fedsustain",
    .summary = "Clients by renewable share times charge of their buffer",
    .reference = "Iftikhar, Alsamhi, Davy, Enhancing sustainability in LLM training, IEEE T-SUSC 2025",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = fedsustain_create,
    .destroy = fedsustain_destroy,
    .select = fedsustain_select,
};
