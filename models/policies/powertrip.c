/* PowerTrip: clients in the order of power over distance join while the federation learns faster by it. More
 * clients train more tokens per round; far ones make the round longer, and each of k tokens is worth k^-loss.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"
#include "models/policies/rounds.h"

struct cfg {
    double loss;
};

static const struct gw_policy_param params[] = {
    {"loss", "1", GW_PARAM_NUMBER, offsetof(struct cfg, loss), 0.322, 0.0, 1.0, NULL,
     "How much less a token teaches among k clients: k^-loss"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct tripper {
    struct cfg cfg;
    struct gw_rounds_memory score;
};

static void powertrip_destroy(void *self)
{
    struct tripper *p = self;
    if (p != NULL) {
        gw_rounds_forget(&p->score);
        free(p);
    }
}

static int powertrip_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                            struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct tripper *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

/* What the clients in `in` learn per second: tokens' worth over the slowest one's round. */
static double pace(const struct tripper *p, const struct gw_round *round, const uint8_t *in)
{
    double tokens = 0.0, round_s = 0.0, k = 0.0;
    for (uint32_t c = 0; c < round->clients; c++) {
        if (in[c] != 0) {
            k += 1.0;
            tokens += round->local_steps * round->tok_per_step[c];
            round_s = fmax(round_s, round->local_steps / round->steps_per_s[c] + round->sync_s[c]);
        }
    }
    return k > 0.0 ? tokens * pow(k, -p->cfg.loss) / round_s : 0.0;
}

static int powertrip_select(void *self, const struct gw_view *view, const struct gw_round *round,
                            struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct tripper *p = self;
    if (round->running != 0) {
        return 0;
    }
    if (!gw_rounds_remember(&p->score, round, 0.0)) {
        return 1;
    }
    static const double near_ms = 1.0; /* of a client beside the aggregator */
    for (uint32_t c = 0; c < round->clients; c++) {
        p->score.v[c] = -round->facility_kw[c] / fmax(round->rtt_ms[c], near_ms);
        p->score.v[c] = round->may[c] != 0 ? p->score.v[c] : (double)INFINITY;
    }
    memset(out->in, 0, round->clients);
    for (double best = 0.0;;) {
        uint32_t next = round->clients;
        for (uint32_t c = 0; c < round->clients; c++) {
            const bool open = p->score.v[c] < (double)INFINITY;
            next = open && (next == round->clients || p->score.v[c] < p->score.v[next]) ? c : next;
        }
        if (next == round->clients) {
            return 0;
        }
        p->score.v[next] = (double)INFINITY;
        out->in[next] = 1;
        const double with = pace(p, round, out->in);
        if (with <= best) {
            out->in[next] = 0;
            return 0;
        }
        best = with;
    }
}

const struct gw_policy_ops gw_policy_powertrip = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .name = "powertrip",
    .summary = "Clients by power over round trip, while more of them learn faster",
    .reference = "PowerTrip: exploiting federated heterogeneous datacenter power, arXiv 2507.17904, 2025",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = powertrip_create,
    .destroy = powertrip_destroy,
    .select = powertrip_select,
};
