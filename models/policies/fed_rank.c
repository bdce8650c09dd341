/* Clients by rank: everybody, one alone, a draw, or those with the least carbon, cost or water at the moment
 * or over a while ahead. The floors of every comparison of federated learning. A round that has begun goes on
 * with whom it has. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"
#include "models/policies/rounds.h"
#include "sim/core/rng.h"

enum per { PER_KWH, PER_TOKEN };

struct cfg {
    double clients;
    double ahead_s;
    int32_t per;
};

static const char *const pers[] = {"kwh", "token", NULL};

#define CLIENTS                                                                                              \
    {                                                                                                        \
        "clients", "1", GW_PARAM_NUMBER, offsetof(struct cfg, clients), 10.0, 0.0, 1e6, NULL,                \
            "Of a round; 0: all"                                                                             \
    }
#define END                                                                                                  \
    {                                                                                                        \
        NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL                                                                \
    }
static const struct gw_policy_param draw_params[] = {CLIENTS, END};
static const struct gw_policy_param rank_params[] = {
    CLIENTS,
    {"ahead", "s", GW_PARAM_NUMBER, offsetof(struct cfg, ahead_s), 0.0, 0.0, 1e7, NULL,
     "Time over which the forecast is averaged; 0: what holds now"},
    {"per", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, per), PER_KWH, 0, 0, pers,
     "What is compared: a kWh, or what it takes to train a token there"},
    END,
};

struct ranker {
    struct cfg cfg;
    uint64_t seed;
    struct gw_rounds_memory score;
};

static void rank_destroy(void *self)
{
    struct ranker *p = self;
    if (p != NULL) {
        gw_rounds_forget(&p->score);
        free(p);
    }
}

static int rank_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                       struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    struct ranker *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    p->seed = seed;
    *self = p;
    return 0;
}

/* The clients of the least score; forecast NULL: of the least draw. */
static int pick(struct ranker *p, const struct gw_round *round, const double *const *forecast,
                struct gw_round_choice *out)
{
    if (round->running != 0) {
        return 0;
    }
    if (!gw_rounds_remember(&p->score, round, 0.0)) {
        return 1;
    }
    for (uint32_t c = 0; c < round->clients; c++) {
        if (forecast == NULL) {
            const uint64_t key = gw_rng_mix(p->seed ^ gw_rng_mix((uint64_t)round->number << 32 | c));
            p->score.v[c] = gw_rng_unit(key);
        } else {
            p->score.v[c] = gw_rounds_mean(round, forecast[c], p->cfg.ahead_s) *
                            (p->cfg.per == PER_TOKEN ? gw_rounds_kwh_per_tok(round, c) : 1.0);
        }
    }
    gw_rounds_pick(round, p->score.v, p->cfg.clients, out->in);
    return 0;
}

static int all_select(void *self, const struct gw_view *view, const struct gw_round *round,
                      struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)self;
    (void)view;
    (void)error;
    memcpy(out->in, round->may, round->clients);
    return 0;
}

/* One site alone, from the first round to the last: what learning together is compared with. */
struct central_cfg {
    double client;
};
static const struct gw_policy_param central_params[] = {
    {"client", "1", GW_PARAM_NUMBER, offsetof(struct central_cfg, client), -1.0, -1.0, 1e6, NULL,
     "Counted from 0 as the job lists them; -1: the fastest"},
    END,
};

static int central_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                          struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct central_cfg *p = malloc(sizeof *p);
    if (p == NULL) {
        return 1;
    }
    *p = *(const struct central_cfg *)cfg;
    *self = p;
    return 0;
}

static int central_select(void *self, const struct gw_view *view, const struct gw_round *round,
                          struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    const struct central_cfg *p = self;
    uint32_t at = p->client >= 0.0 ? (uint32_t)p->client : 0;
    for (uint32_t c = 0; c < round->clients && p->client < 0.0; c++) {
        const double speed = round->steps_per_s[c] * round->tok_per_step[c];
        at = speed > round->steps_per_s[at] * round->tok_per_step[at] ? c : at;
    }
    if (at >= round->clients) {
        (void)snprintf(error->why, sizeof error->why, "client %u is beyond the job's %u", (unsigned)at,
                       (unsigned)round->clients);
        return 1;
    }
    memset(out->in, 0, round->clients);
    out->in[at] = 1;
    return 0;
}

static int random_select(void *self, const struct gw_view *view, const struct gw_round *round,
                         struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    return pick(self, round, NULL, out);
}

#define SELECT(name, forecast)                                                                               \
    static int name##_select(void *self, const struct gw_view *view, const struct gw_round *round,           \
                             struct gw_round_choice *out, struct gw_policy_error *error)                     \
    {                                                                                                        \
        (void)view;                                                                                          \
        (void)error;                                                                                         \
        return pick(self, round, round->forecast, out);                                                      \
    }
SELECT(lowest_ci, carbon)
SELECT(lowest_cost, price)
SELECT(lowest_water, water)
#undef SELECT

const struct gw_policy_ops gw_policy_fed_rank_all = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .name = "all",
    .summary = "Every client in every round",
    .select = all_select,
};

const struct gw_policy_ops gw_policy_fed_rank_central = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .name = "central",
    .summary = "One client alone: training at one site, the baseline of learning together",
    .params = central_params,
    .cfg_size = sizeof(struct central_cfg),
    .create = central_create,
    .destroy = free,
    .select = central_select,
};

#define RANK(symbol, label, text, table)                                                                     \
    const struct gw_policy_ops gw_policy_fed_rank_##symbol = {                                               \
        .abi = GW_POLICY_ABI,                                                                                \
        .bytes = sizeof(struct gw_policy_ops),                                                               \
        .slots = GW_SLOT_FEDERATION,                                                                         \
        .name = label,                                                                                       \
        .summary = text,                                                                                     \
        .params = table,                                                                                     \
        .cfg_size = sizeof(struct cfg),                                                                      \
        .create = rank_create,                                                                               \
        .destroy = rank_destroy,                                                                             \
        .select = symbol##_select,                                                                           \
    }
RANK(random, "random", "So many clients, drawn anew for every round", draw_params);
RANK(lowest_ci, "lowest-ci", "The clients whose grid is cleanest", rank_params);
RANK(lowest_cost, "lowest-cost", "The clients whose electricity is cheapest", rank_params);
RANK(lowest_water, "lowest-water", "The clients whose electricity takes least water", rank_params);
