#include "models/federation/federation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/federation/federation_private.h"
#include "sim/base/check.h"
#include "sim/base/hash.h"
#include "sim/core/rng.h"

const char *const gw_federation_power_names[] = {"capacity", "excess-only", NULL};
const char *const gw_federation_straggler_names[] = {"wait", "deadline", "over-select", "async", NULL};

/* ---- input ---- */

struct gw_federation_cfg gw_federation_default(double params, double tokens)
{
    return (struct gw_federation_cfg){.tokens = tokens,
                                      .local_steps = 100.0,
                                      .sync = gw_sync_default(params),
                                      .convergence = gw_convergence_default(GW_CONVERGENCE_NONE),
                                      .over_select = 1.3,
                                      .deadline_s = 3600.0,
                                      .staleness = 10.0,
                                      .quorum_frac = 1.0,
                                      .kwh_per_gb = 0.001};
}

struct gw_fed_now gw_federation_plain(void)
{
    return (struct gw_fed_now){
        .spare_frac = 1.0, .limit_kw = INFINITY, .pue = 1.0, .renewable_frac = 0.0, .buffer_frac = 1.0};
}

static enum gw_status check_client(const struct gw_fed_client *client, uint32_t clients, struct gw_error *err)
{
    if (!(client->steps_per_s > 0.0) || !(client->tok_per_step > 0.0) || !(client->train_kw > 0.0)) {
        return gw_fail(err, GW_ERR_RANGE, client->name, "a client needs speed, tokens and power above 0");
    }
    if (!(client->idle_kw >= 0.0) || !(client->start_s >= 0.0) || !(client->utility >= 0.0)) {
        return gw_fail(err, GW_ERR_RANGE, client->name,
                       "idle power, starting time and utility lie at 0 or above");
    }
    if (client->domain >= clients) {
        return gw_fail(err, GW_ERR_RANGE, client->name, "power domain %u is beyond %u clients",
                       (unsigned)client->domain, (unsigned)clients);
    }
    return GW_OK;
}

enum gw_status gw_federation_check(const struct gw_federation_cfg *cfg, uint32_t clients,
                                   const struct gw_fed_client *client, struct gw_error *err)
{
    if (clients == 0 || cfg->aggregator_site >= clients) {
        return gw_fail(err, GW_ERR_RANGE, "federated", "the aggregator stands at none of %u clients",
                       (unsigned)clients);
    }
    if (!(cfg->tokens > 0.0) || !(cfg->local_steps > 0.0) || !(cfg->sync.params > 0.0)) {
        return gw_fail(err, GW_ERR_RANGE, "federated", "tokens, local steps and parameters lie above 0");
    }
    if (cfg->least_steps > cfg->local_steps) {
        return gw_fail(err, GW_ERR_RANGE, "federated", "%g steps at least are more than %g local steps",
                       cfg->least_steps, cfg->local_steps);
    }
    if (!(cfg->dropout_frac >= 0.0 && cfg->dropout_frac < 1.0)) {
        return gw_fail(err, GW_ERR_RANGE, "federated", "dropout %g lies outside 0 to 1", cfg->dropout_frac);
    }
    enum gw_status s = GW_OK;
    for (uint32_t c = 0; c < clients && s == GW_OK; c++) {
        s = check_client(&client[c], clients, err);
    }
    return s;
}

/* ---- life ---- */

/* Every array of the engine; false when memory is out. */
static bool make_arrays(struct gw_federation *self)
{
    struct gw_arena *arena = &self->arena;
    const size_t n = self->clients;
    bool ok = true;
#define ARRAY(member, count)                                                                                 \
    ok = (self->member = gw_arena_array(arena, (count), sizeof *self->member)) != NULL && ok
    ARRAY(member, n);
    ARRAY(now, n);
    ARRAY(books, n);
    ARRAY(order, n);
    ARRAY(first, n + 1);
    ARRAY(stale, n);
    ARRAY(most_kw, n);
    ARRAY(weight, n);
    ARRAY(give_kw, n);
    ARRAY(chosen, n);
    ARRAY(blocked, n);
    ARRAY(may, n);
    ARRAY(in, n);
    ARRAY(facility_kw, n);
    ARRAY(renewable, n);
    ARRAY(buffer, n);
    ARRAY(steps_per_s, n);
    ARRAY(tok_per_step, n);
    ARRAY(sync_s, n);
    ARRAY(rtt_ms, n);
    ARRAY(utility, n);
    ARRAY(carbon, n);
    ARRAY(domain, n);
    ARRAY(joined, n);
    ARRAY(key, n);
#undef ARRAY
    return ok;
}

/* Members of each power domain, in the order of clients. */
static void sort_domains(struct gw_federation *self)
{
    uint32_t n = 0;
    for (uint32_t d = 0; d < self->clients; d++) {
        self->first[d] = n;
        for (uint32_t c = 0; c < self->clients; c++) {
            if (self->client[c].domain == d) {
                self->order[n++] = c;
            }
        }
    }
    self->first[self->clients] = n;
}

static void fill(struct gw_federation *self)
{
    self->any_stale = true;
    memset(self->stale, 1, self->clients);
    for (uint32_t c = 0; c < self->clients; c++) {
        const struct gw_fed_client *client = &self->client[c];
        self->member[c] = (struct gw_fed_member){.due_us = GW_NEVER_US, .fails_at = INFINITY};
        self->now[c] = gw_federation_plain();
        self->steps_per_s[c] = client->steps_per_s;
        self->tok_per_step[c] = client->tok_per_step;
        self->utility[c] = client->utility;
        self->domain[c] = client->domain;
        self->key[c] =
            gw_rng_mix(self->cfg.seed ^ gw_hash_fnv1a(GW_HASH_START, client->name, strlen(client->name)));
    }
}

struct gw_federation *gw_federation_create(const struct gw_federation_cfg *cfg, uint32_t clients,
                                           const struct gw_fed_client *client,
                                           const struct gw_fed_links *links,
                                           const struct gw_fed_selector *selector)
{
    struct gw_federation *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    *self = (struct gw_federation){
        .cfg = *cfg,
        .clients = clients,
        .links = links,
        .selector = *selector,
        .stage_due_us = GW_NEVER_US,
        .state = {.aggregator = cfg->aggregator_site, .loss_ratio = 1.0, .reached_us = GW_NEVER_US}};
    struct gw_fed_client *copy = gw_arena_array(&self->arena, clients, sizeof *copy);
    if (copy == NULL || !make_arrays(self)) {
        gw_federation_destroy(self);
        return NULL;
    }
    memcpy(copy, client, clients * sizeof *copy);
    self->client = copy;
    if (cfg->aggregator == GW_AGGREGATOR_RING) {
        self->cfg.sync.topology = GW_SYNC_RING;
    }
    sort_domains(self);
    fill(self);
    gw_federation_round_aggregator(self, cfg->aggregator_site);
    return self;
}

void gw_federation_destroy(struct gw_federation *self)
{
    if (self != NULL) {
        gw_arena_fini(&self->arena);
        free(self);
    }
}

/* ---- what holds ---- */

static bool alike(const struct gw_fed_now *a, const struct gw_fed_now *b)
{
    return a->excess_kw == b->excess_kw && a->spare_frac == b->spare_frac && a->limit_kw == b->limit_kw &&
           a->pue == b->pue && a->carbon_g_per_kwh == b->carbon_g_per_kwh &&
           a->price_usd_per_kwh == b->price_usd_per_kwh &&
           a->water_onsite_l_per_kwh == b->water_onsite_l_per_kwh &&
           a->water_offsite_l_per_kwh == b->water_offsite_l_per_kwh &&
           a->renewable_frac == b->renewable_frac && a->buffer_frac == b->buffer_frac;
}

void gw_federation_set(struct gw_federation *self, uint32_t client, const struct gw_fed_now *now)
{
    GW_REQUIRE(client < self->clients);
    if (alike(&self->now[client], now)) {
        return;
    }
    gw_federation_power_settle(self, client);
    self->now[client] = *now;
    gw_federation_power_touch(self, client);
}

/* ---- the policy ---- */

static struct gw_round show(struct gw_federation *self)
{
    for (uint32_t c = 0; c < self->clients; c++) {
        self->may[c] = self->blocked[c] == 0 ? 1 : 0;
        self->facility_kw[c] = self->client[c].train_kw * self->now[c].pue;
        self->renewable[c] = self->now[c].renewable_frac;
        self->buffer[c] = self->now[c].buffer_frac;
        self->sync_s[c] = gw_federation_round_sync_s(self, c);
        const uint32_t at = self->state.aggregator;
        self->rtt_ms[c] = self->links->rtt_ms != NULL && c != at
                              ? self->links->rtt_ms[(size_t)at * self->clients + c]
                              : 0.0;
    }
    const bool oracle = (self->selector.ops->flags & GW_POLICY_ORACLE) != 0;
    return (struct gw_round){
        .bytes = sizeof(struct gw_round),
        .clients = self->clients,
        .horizon = self->outlook.horizon,
        .now_us = self->now_us,
        .step_us = self->outlook.step_us,
        .number = self->state.rounds,
        .running = self->stage != FED_WAITING ? 1 : 0,
        .local_steps = self->cfg.local_steps,
        .least_steps = self->cfg.least_steps,
        .left_frac = fmax(1.0 - self->state.effective_tokens / self->cfg.tokens, 0.0),
        .carbon = self->outlook.carbon,
        .price = self->outlook.price,
        .water = self->outlook.water,
        .excess = self->outlook.excess,
        .truth = oracle ? self->outlook.truth : NULL,
        .renewable_frac = self->renewable,
        .buffer_frac = self->buffer,
        .facility_kw = self->facility_kw,
        .steps_per_s = self->steps_per_s,
        .tok_per_step = self->tok_per_step,
        .sync_s = self->sync_s,
        .rtt_ms = self->rtt_ms,
        .utility = self->utility,
        .domain = self->domain,
        .joined = self->joined,
        .may = self->may,
    };
}

/* Calls who is chosen, lets go who is not. */
static void follow(struct gw_federation *self)
{
    for (uint32_t c = 0; c < self->clients; c++) {
        const struct gw_fed_member *m = &self->member[c];
        if (self->chosen[c] != 0 && m->phase == FED_OFF) {
            const gw_time_us start_us = (gw_time_us)llround(self->client[c].start_s * 1e6);
            gw_federation_round_enter(self, c, FED_STARTING, self->now_us + start_us);
        } else if (self->chosen[c] == 0 && self->cfg.leave_at_once && m->in_round) {
            gw_federation_round_leave(self, c);
        }
        if (self->chosen[c] == 0 && !self->cfg.stay_on && !m->in_round &&
            (m->phase == FED_STARTING || m->phase == FED_READY)) {
            gw_federation_round_enter(self, c, FED_OFF, GW_NEVER_US);
        }
    }
}

static enum gw_status ask_policy(struct gw_federation *self, struct gw_error *err)
{
    const struct gw_policy_ops *ops = self->selector.ops;
    self->ask = false;
    gw_blocklist_open(&self->cfg.blocklist, self->clients, self->joined, self->key,
                      self->draws++ | UINT64_C(1) << 62, self->blocked);
    if (ops == NULL) {
        memset(self->chosen, 1, self->clients);
    } else if (self->outlook.horizon > 0) {
        const struct gw_round round = show(self);
        struct gw_round_choice choice = {.bytes = sizeof choice, .in = self->chosen};
        struct gw_policy_error why = {0};
        if (ops->select(self->selector.self, self->selector.view, &round, &choice, &why) != 0) {
            return gw_fail(err, GW_ERR_POLICY, ops->name, "its selection failed: %s",
                           why.why[0] != '\0' ? why.why : "no reason given");
        }
    }
    follow(self);
    return GW_OK;
}

enum gw_status gw_federation_decide(struct gw_federation *self, const struct gw_fed_outlook *outlook,
                                    struct gw_error *err)
{
    self->outlook = *outlook;
    return self->state.reached ? GW_OK : ask_policy(self, err);
}

/* ---- time ---- */

static void all_off(struct gw_federation *self)
{
    for (uint32_t c = 0; c < self->clients; c++) {
        struct gw_fed_books *books = &self->books[c];
        gw_federation_round_enter(self, c, FED_OFF, GW_NEVER_US);
        books->wasted_kwh += books->pending_kwh; /* of an asynchronous cycle that came too late */
        books->pending_kwh = 0.0;
    }
    gw_federation_power_set(self);
}

static gw_time_us next_client_us(const struct gw_federation *self)
{
    gw_time_us next_us = GW_NEVER_US;
    for (uint32_t c = 0; c < self->clients; c++) {
        next_us = self->member[c].due_us < next_us ? self->member[c].due_us : next_us;
    }
    return next_us;
}

static void fire_clients(struct gw_federation *self)
{
    for (uint32_t c = 0; c < self->clients && !self->state.reached; c++) {
        if (self->member[c].due_us <= self->now_us) {
            gw_federation_round_client_due(self, c);
        }
    }
}

enum gw_status gw_federation_advance(struct gw_federation *self, gw_time_us to_us, struct gw_error *err)
{
    GW_REQUIRE(to_us >= self->now_us);
    while (!self->state.reached) {
        if (self->ask) {
            const enum gw_status s = ask_policy(self, err);
            if (s != GW_OK) {
                return s;
            }
        }
        gw_federation_power_set(self);
        const gw_time_us client_us = next_client_us(self);
        const bool stage_first = self->stage_due_us < client_us;
        const gw_time_us next_us = stage_first ? self->stage_due_us : client_us;
        /* a round begins when everything of this instant has happened */
        if (next_us > self->now_us && gw_federation_round_begin(self)) {
            continue;
        }
        if (next_us > to_us) {
            break;
        }
        self->now_us = next_us > self->now_us ? next_us : self->now_us;
        if (stage_first) {
            gw_federation_round_stage_due(self);
        } else {
            fire_clients(self);
        }
        if (self->state.reached) {
            all_off(self);
        }
    }
    gw_federation_power_set(self); /* of a job that is done, too: its machines may be on */
    self->now_us = to_us;
    return GW_OK;
}

/* ---- answers ---- */

double gw_federation_it_kw(const struct gw_federation *self, uint32_t client)
{
    return self->member[client].power_kw;
}

struct gw_fed_books gw_federation_books(struct gw_federation *self, uint32_t client)
{
    gw_federation_power_settle(self, client);
    return self->books[client];
}

struct gw_fed_state gw_federation_state(struct gw_federation *self)
{
    struct gw_fed_state out = self->state;
    const double closed = (double)(out.rounds + out.failed_rounds);
    out.loss_ratio = out.tokens > 0.0 ? self->ratio_tokens / out.tokens : 1.0;
    out.jain = gw_blocklist_jain(self->joined, self->clients);
    out.round_s = closed > 0.0 ? self->round_total_s / closed : 0.0;
    out.utilisation = self->span_s > 0.0 ? self->busy_s / self->span_s : 0.0;
    return out;
}
