/* Excess power: the clients that can do their part of a round soonest on power that nobody else uses, after
 * FedZero. The shortest time ahead within which enough clients can do what counts at least, each at its speed
 * and all of a power domain on what the domain has to spare; among those who can by then, the most useful.
 * When there is none such time within the forecasts, nobody trains.
 *
 * FedZero solves an integer program per time; here clients are taken greedily, which finds as many of one
 * domain (least need first) and may find less utility. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"
#include "models/policies/rounds.h"

struct cfg {
    double clients;
};

static const struct gw_policy_param params[] = {
    {"clients", "1", GW_PARAM_NUMBER, offsetof(struct cfg, clients), 10.0, 1.0, 1e6, NULL, "Of a round"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct planner {
    struct cfg cfg;
    struct gw_rounds_memory spare_kwh; /* of each domain within the time looked at */
    struct gw_rounds_memory score, done;
};

static void excess_destroy(void *self)
{
    struct planner *p = self;
    if (p != NULL) {
        gw_rounds_forget(&p->spare_kwh);
        gw_rounds_forget(&p->score);
        gw_rounds_forget(&p->done);
        free(p);
    }
}

static int excess_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
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

/* At least one step, where nothing is the least. */
static double least_steps(const struct gw_round *round)
{
    return round->least_steps > 0.0 ? round->least_steps : round->local_steps;
}

static double need_kwh(const struct gw_round *round, uint32_t c)
{
    return least_steps(round) / round->steps_per_s[c] / 3600.0 * round->facility_kw[c];
}

/* What each domain gives in the first n steps. */
static void look_ahead(struct planner *p, const struct gw_round *round, uint32_t n)
{
    for (uint32_t c = 0; c < round->clients; c++) {
        p->spare_kwh.v[c] = -1.0; /* not summed yet */
    }
    for (uint32_t c = 0; c < round->clients; c++) {
        double *spare_kwh = &p->spare_kwh.v[round->domain[c]];
        if (*spare_kwh < 0.0) {
            double sum = 0.0;
            for (uint32_t h = 0; h < n; h++) {
                sum += round->excess[c][h];
            }
            *spare_kwh = sum * (double)round->step_us / 3.6e9;
        }
    }
}

/* Takes clients in the order of rising score while their domain can still feed them; returns how many. */
static uint32_t take(struct planner *p, const struct gw_round *round, uint32_t n, double most, uint8_t *in)
{
    const double span_s = (double)n * (double)round->step_us / 1e6;
    uint32_t taken = 0;
    look_ahead(p, round, n);
    memset(in, 0, round->clients);
    for (uint32_t c = 0; c < round->clients; c++) {
        const bool can = round->may[c] != 0 && least_steps(round) <= round->steps_per_s[c] * span_s;
        p->done.v[c] = can ? 0.0 : 1.0;
    }
    for (;;) {
        uint32_t best = round->clients;
        for (uint32_t c = 0; c < round->clients; c++) {
            const bool open = p->done.v[c] == 0.0;
            best = open && (best == round->clients || p->score.v[c] < p->score.v[best]) ? c : best;
        }
        if (best == round->clients || (double)taken >= most) {
            return taken;
        }
        p->done.v[best] = 1.0;
        double *spare_kwh = &p->spare_kwh.v[round->domain[best]];
        if (need_kwh(round, best) <= *spare_kwh) {
            *spare_kwh -= need_kwh(round, best);
            in[best] = 1;
            taken++;
        }
    }
}

static uint32_t feasible(struct planner *p, const struct gw_round *round, uint32_t n, uint8_t *in)
{
    for (uint32_t c = 0; c < round->clients; c++) {
        p->score.v[c] = need_kwh(round, c);
    }
    return take(p, round, n, (double)round->clients, in);
}

static int excess_select(void *self, const struct gw_view *view, const struct gw_round *round,
                         struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct planner *p = self;
    if (round->running != 0) {
        return 0;
    }
    if (!gw_rounds_remember(&p->spare_kwh, round, 0.0) || !gw_rounds_remember(&p->score, round, 0.0) ||
        !gw_rounds_remember(&p->done, round, 0.0)) {
        return 1;
    }
    const double most = fmin(p->cfg.clients, (double)round->clients);
    uint32_t low = 1, high = round->horizon;
    if ((double)feasible(p, round, high, out->in) < most) {
        memset(out->in, 0, round->clients);
        return 0;
    }
    while (low < high) { /* more time never feeds fewer */
        const uint32_t n = low + (high - low) / 2;
        if ((double)feasible(p, round, n, out->in) >= most) {
            high = n;
        } else {
            low = n + 1;
        }
    }
    for (uint32_t c = 0; c < round->clients; c++) {
        p->score.v[c] = -round->utility[c] * round->tok_per_step[c] * round->steps_per_s[c];
    }
    if ((double)take(p, round, low, most, out->in) < most) {
        feasible(p, round, low, out->in); /* the useful ones starve each other */
    }
    return 0;
}

const struct gw_policy_ops gw_policy_excess_power = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .name = "excess-power",
    .summary = "The clients that excess power feeds soonest",
    .reference = "Wiesner et al., FedZero, e-Energy 2024",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = excess_create,
    .destroy = excess_destroy,
    .select = excess_select,
};
