/* Curtailment: a client trains while its signal lies below a threshold, and goes on until it has lain above
 * another one for a while. With a marginal signal the low hours are those in which plants are curtailed. What
 * a run across three grids was steered by. */
#include <math.h>
#include <stdlib.h>

#include "models/policies/registry.h"
#include "models/policies/rounds.h"

struct cfg {
    double join, leave;
    double hold_s;
};

static const struct gw_policy_param params[] = {
    {"join", "gCO2/kWh", GW_PARAM_NUMBER, offsetof(struct cfg, join), 100.0, 0.0, 1e4, NULL,
     "Below it a client joins"},
    {"leave", "gCO2/kWh", GW_PARAM_NUMBER, offsetof(struct cfg, leave), 100.0, 0.0, 1e4, NULL,
     "Above it a client leaves, once it has been so for `hold`"},
    {"hold", "s", GW_PARAM_NUMBER, offsetof(struct cfg, hold_s), 600.0, 0.0, 1e6, NULL,
     "Time without break above `leave`"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct watcher {
    struct cfg cfg;
    struct gw_rounds_memory above_us; /* since when a client's signal lies above; NaN: it does not */
};

static void curtailment_destroy(void *self)
{
    struct watcher *p = self;
    if (p != NULL) {
        gw_rounds_forget(&p->above_us);
        free(p);
    }
}

static int curtailment_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                              struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct watcher *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

static int curtailment_select(void *self, const struct gw_view *view, const struct gw_round *round,
                              struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct watcher *p = self;
    if (!gw_rounds_remember(&p->above_us, round, (double)NAN)) {
        return 1;
    }
    for (uint32_t c = 0; c < round->clients; c++) {
        double *above_us = &p->above_us.v[c];
        if (round->carbon[c][0] <= p->cfg.leave) {
            *above_us = (double)NAN;
        } else if (isnan(*above_us)) {
            *above_us = (double)round->now_us;
        }
        if (out->in[c] == 0) {
            out->in[c] = round->carbon[c][0] < p->cfg.join && round->may[c] != 0 ? 1 : 0;
        } else if ((double)round->now_us - *above_us >= p->cfg.hold_s * 1e6) {
            out->in[c] = 0;
        }
    }
    return 0;
}

const struct gw_policy_ops gw_policy_curtailment = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .name = "curtailment",
    .summary = "Clients while their signal is below a threshold, with a hold",
    .reference = "Wiesner et al., Distributed LLM pretraining during renewable curtailment windows, 2026",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = curtailment_create,
    .destroy = curtailment_destroy,
    .select = curtailment_select,
};
