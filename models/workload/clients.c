#include "models/workload/clients.h"

#include <stdio.h>

#include "models/serving/winner.h"
#include "sim/base/check.h"

struct clients {
    struct gw_request_source public;
    uint32_t n;
    struct gw_arrivals *arrivals; /* [n] */
    struct gw_winner first;       /* whose next request comes first */
};

bool gw_clients_make(const struct gw_arrivals_cfg *cfg, uint64_t seed, uint32_t replication, const char *name,
                     struct gw_arrivals_client **out, struct gw_arena *arena)
{
    const struct gw_burst *burst = &cfg->burst;
    struct gw_arrivals_client *client = gw_arena_array(arena, burst->count, sizeof *client);
    double *share = gw_arena_array(arena, burst->count, sizeof *share);
    if (client == NULL || share == NULL) {
        return false;
    }
    gw_burst_shares(burst, share);
    for (uint32_t i = 0; i < burst->count; i++) {
        char stream[GW_ARRIVALS_NAME_MAX + 32];
        const int n = snprintf(stream, sizeof stream, "clients/%s/%u", name, (unsigned)i);
        GW_REQUIRE(n > 0 && (size_t)n < sizeof stream);
        struct gw_rng rng;
        gw_rng_init(&rng, gw_rng_seed(seed, replication, stream));
        client[i] = (struct gw_arrivals_client){
            .index = i,
            .count = burst->count,
            .share = share[i],
            .cv = gw_burst_client_cv(burst, gw_rng_normal(&rng)),
            .own = burst->own_lengths,
            .prompt_z = gw_rng_normal(&rng),
            .output_z = gw_rng_normal(&rng),
        };
    }
    *out = client;
    return true;
}

static bool next(struct gw_request_source *self, gw_time_us until_us, struct gw_ask *out)
{
    struct clients *clients = (struct clients *)self;
    const uint32_t i = gw_winner_best(&clients->first);
    if (gw_winner_best_key(&clients->first) == GW_WINNER_NEVER ||
        !gw_arrivals_next(&clients->arrivals[i], until_us, out)) {
        return false;
    }
    gw_winner_set(&clients->first, i, clients->arrivals[i].next.t_us);
    return true;
}

static const struct gw_arrivals *of(const struct gw_request_source *self, uint64_t number)
{
    const struct clients *clients = (const struct clients *)self;
    return &clients->arrivals[number % clients->n];
}

static uint64_t turn_key(const struct gw_request_source *self, uint64_t number, uint32_t turn)
{
    return gw_arrivals_key(of(self, number), number, turn);
}

static void turn_lengths(const struct gw_request_source *self, uint64_t number, uint64_t key,
                         uint32_t *in_tok, uint32_t *out_tok)
{
    gw_arrivals_lengths(of(self, number), key, in_tok, out_tok);
}

static void scale(struct gw_request_source *self, gw_time_us now_us, double to)
{
    struct clients *clients = (struct clients *)self;
    for (uint32_t i = 0; i < clients->n; i++) {
        gw_arrivals_scale(&clients->arrivals[i], now_us, to);
        gw_winner_set(&clients->first, i, clients->arrivals[i].next.t_us);
    }
}

static void close(struct gw_request_source *self)
{
    gw_winner_fini(&((struct clients *)self)->first);
}

struct gw_request_source *gw_clients_open(const struct gw_arrivals_cfg *cfg, uint64_t seed,
                                          uint32_t replication, const char *name, struct gw_arena *arena,
                                          struct gw_error *err)
{
    static const struct gw_request_source_ops ops = {
        .next = next, .turn_key = turn_key, .turn_lengths = turn_lengths, .scale = scale, .close = close};
    const uint32_t n = cfg->burst.count;
    struct clients *self = gw_arena_array(arena, 1, sizeof *self);
    struct gw_arrivals *arrivals = gw_arena_array(arena, n, sizeof *arrivals);
    struct gw_arrivals_client *client;
    if (self == NULL || arrivals == NULL || !gw_clients_make(cfg, seed, replication, name, &client, arena) ||
        !gw_winner_init(&self->first, n)) {
        (void)gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
        return NULL;
    }
    self->public.ops = &ops;
    self->n = n;
    self->arrivals = arrivals;
    for (uint32_t i = 0; i < n; i++) {
        gw_arrivals_init_client(&arrivals[i], cfg, &client[i], seed, replication, name);
        gw_winner_set(&self->first, i, arrivals[i].next.t_us);
    }
    return &self->public;
}
