#include <math.h>

#include "models/federation/federation_private.h"
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

static gw_time_us us_from_s(double s)
{
    return (gw_time_us)llround(s * 1e6);
}

void gw_federation_round_enter(struct gw_federation *self, uint32_t c, enum gw_fed_phase phase,
                               gw_time_us due_us)
{
    struct gw_fed_member *m = &self->member[c];
    gw_federation_power_settle(self, c);
    m->phase = phase;
    m->due_us = due_us;
    gw_federation_power_touch(self, c);
}

/* ---- times ---- */

static double between(const double *table, const struct gw_federation *self, uint32_t from, uint32_t to,
                      double otherwise)
{
    return table != NULL && from != to ? table[(size_t)from * self->clients + to] : otherwise;
}

/* Each way between client and aggregator, whose sending is shared by `clients` of them, (2). */
static double way_s(const struct gw_federation *self, uint32_t from, uint32_t to, double clients)
{
    if (from == to) {
        return 0.0;
    }
    double gbps = between(self->links->gbps, self, from, to, (double)INFINITY);
    if (from == self->state.aggregator) {
        gbps = fmin(gbps, self->egress_gbps / fmax(clients - 1.0, 1.0));
    }
    return gw_sync_way_s(&self->cfg.sync, between(self->links->rtt_ms, self, from, to, 0.0), gbps);
}

void gw_federation_round_aggregator(struct gw_federation *self, uint32_t site)
{
    self->state.aggregator = site;
    self->egress_gbps = self->links->gbps != NULL ? 0.0 : (double)INFINITY;
    for (uint32_t c = 0; c < self->clients; c++) {
        self->egress_gbps = fmax(self->egress_gbps, between(self->links->gbps, self, site, c, 0.0));
    }
}

double gw_federation_round_sync_s(const struct gw_federation *self, uint32_t c)
{
    const uint32_t at = self->state.aggregator;
    const double clients = fmax((double)self->asked, 2.0);
    const double ways_s = self->cfg.sync.topology == GW_SYNC_STAR
                              ? way_s(self, at, c, clients) + way_s(self, c, at, clients)
                              : 0.0;
    return ways_s + gw_sync_close_s(&self->cfg.sync, clients);
}

/* (3) over those whose copies are in, what overlap does not hide. */
static double ring_s(const struct gw_federation *self)
{
    double rtt_ms = 0.0, gbps = INFINITY, step_s = 0.0;
    for (uint32_t a = 0; a < self->clients; a++) {
        for (uint32_t b = 0; b < self->clients; b++) {
            if (self->member[a].phase == FED_DONE && self->member[b].phase == FED_DONE) {
                rtt_ms = fmax(rtt_ms, between(self->links->rtt_ms, self, a, b, 0.0));
                gbps = fmin(gbps, between(self->links->gbps, self, a, b, (double)INFINITY));
                step_s = fmax(step_s, 1.0 / self->client[a].steps_per_s);
            }
        }
    }
    const double sync_s = gw_sync_ring_s(&self->cfg.sync, (double)self->done, rtt_ms, gbps);
    return gw_sync_shown_s(&self->cfg.sync, sync_s, step_s);
}

static void send_ring(struct gw_federation *self)
{
    const double bytes = gw_sync_sent_bytes(&self->cfg.sync, (double)self->done);
    uint32_t first = UINT32_MAX, last = UINT32_MAX;
    for (uint32_t c = 0; c < self->clients; c++) {
        if (self->member[c].phase == FED_DONE) {
            if (last != UINT32_MAX) {
                gw_federation_power_send(self, last, c, bytes);
            }
            first = first == UINT32_MAX ? c : first;
            last = c;
        }
    }
    gw_federation_power_send(self, last, first, bytes);
}

/* ---- begin ---- */

/* In [0, 1), of one client in one round. */
enum draw { DRAW_FAILS, DRAW_WHERE };
static double drawn(const struct gw_federation *self, uint32_t c, enum draw what)
{
    const uint64_t round = (uint64_t)self->state.rounds + self->state.failed_rounds;
    return gw_rng_unit(gw_rng_mix(self->key[c] ^ gw_rng_mix(round << 8 | (uint64_t)what)));
}

static bool counts_tokens(const struct gw_federation *self)
{
    return self->cfg.convergence.model == GW_CONVERGENCE_NONE ||
           self->cfg.convergence.model == GW_CONVERGENCE_DILOCO_LAW;
}

/* Steps of each client in a round of k that train tok_per_step tokens together: no more than is left to do.
 */
static double goal_steps(const struct gw_federation *self, double k, double tok_per_step)
{
    const struct gw_federation_cfg *cfg = &self->cfg;
    if (!counts_tokens(self)) {
        return cfg->local_steps;
    }
    const double factor = gw_convergence_tokens_factor(&cfg->convergence, k, cfg->local_steps, 0.0);
    return fmin(cfg->local_steps, (cfg->tokens - self->state.effective_tokens) * factor / tok_per_step);
}

static void open_member(struct gw_federation *self, uint32_t c, double k, double goal)
{
    struct gw_fed_member *m = &self->member[c];
    const uint32_t at = self->state.aggregator;
    m->sends = self->cfg.sync.topology == GW_SYNC_STAR && k > 1.0;
    m->in_round = true;
    m->steps = m->trained_s = 0.0;
    m->goal = goal;
    m->began_us = self->now_us;
    m->version = self->version;
    m->fails_at = drawn(self, c, DRAW_FAILS) < self->cfg.dropout_frac
                      ? fmax(drawn(self, c, DRAW_WHERE), 1e-6) * goal
                      : (double)INFINITY;
    m->down_s = m->sends ? way_s(self, at, c, k) : 0.0;
    m->up_s = m->sends ? way_s(self, c, at, k) : 0.0;
    const double both_s = m->down_s + m->up_s;
    if (both_s > 0.0) {
        const double shown =
            gw_sync_shown_s(&self->cfg.sync, both_s, 1.0 / self->client[c].steps_per_s) / both_s;
        m->down_s *= shown;
        m->up_s *= shown;
    }
    if (m->sends) {
        gw_federation_power_send(self, at, c, gw_sync_bytes(&self->cfg.sync));
    }
    gw_federation_round_enter(self, c, FED_DOWN, self->now_us + us_from_s(m->down_s));
}

static bool can_join(const struct gw_federation *self, uint32_t c)
{
    return self->member[c].phase == FED_READY && self->chosen[c] != 0 && self->blocked[c] == 0;
}

static void place_aggregator(struct gw_federation *self)
{
    for (uint32_t c = 0; c < self->clients; c++) {
        self->in[c] = can_join(self, c) ? 1 : 0;
        self->carbon[c] = self->now[c].carbon_g_per_kwh;
    }
    const struct gw_aggregator_ask ask = {.links = self->links,
                                          .clients = self->clients,
                                          .in = self->in,
                                          .carbon = self->carbon,
                                          .gb = gw_sync_bytes(&self->cfg.sync) / 1e9,
                                          .kwh_per_gb = self->cfg.kwh_per_gb,
                                          .worth_g = self->cfg.aggregator_worth_g,
                                          .now = self->state.aggregator};
    const uint32_t site = gw_aggregator_place((enum gw_aggregator_rule)self->cfg.aggregator, &ask);
    if (site != self->state.aggregator) {
        gw_federation_round_aggregator(self, site);
    }
}

bool gw_federation_round_begin(struct gw_federation *self)
{
    if (self->stage != FED_WAITING) {
        return false;
    }
    uint32_t chosen = 0, ready = 0, busy = 0;
    double tok_per_step = 0.0;
    for (uint32_t c = 0; c < self->clients; c++) {
        chosen += self->chosen[c] != 0 && self->blocked[c] == 0 ? 1u : 0u;
        ready += can_join(self, c) ? 1u : 0u;
        busy += self->member[c].in_round ? 1u : 0u;
        tok_per_step += can_join(self, c) ? self->client[c].tok_per_step : 0.0;
    }
    const bool async = gw_federation_is_async(self);
    if (ready == 0 || (!async && (double)ready < self->cfg.quorum_frac * (double)chosen)) {
        return false;
    }
    place_aggregator(self);
    const double k = (double)(ready + (async ? busy : 0));
    const double goal = goal_steps(self, k, tok_per_step);
    self->asked = self->out = ready;
    self->done = self->failed = 0;
    self->began_us = self->now_us;
    for (uint32_t c = 0; c < self->clients; c++) {
        if (self->in[c] != 0) {
            open_member(self, c, k, goal);
        }
    }
    if (!async) {
        self->stage = FED_RUNNING;
        self->stage_due_us = self->cfg.straggler == GW_FED_DEADLINE
                                 ? self->now_us + us_from_s(self->cfg.deadline_s)
                                 : GW_NEVER_US;
    }
    return true;
}

/* ---- end ---- */

static void count_span(struct gw_federation *self, uint32_t c)
{
    const struct gw_fed_member *m = &self->member[c];
    self->busy_s += self->client[c].train_kw * m->trained_s;
    self->span_s += self->client[c].train_kw * gw_s_from_us(self->now_us - m->began_us);
}

static void lose(struct gw_federation *self, uint32_t c)
{
    struct gw_fed_books *books = &self->books[c];
    gw_federation_power_settle(self, c);
    books->wasted_kwh += books->pending_kwh;
    books->pending_kwh = 0.0;
    books->wasted_steps += self->member[c].steps;
    books->dropped++;
    count_span(self, c);
    self->member[c].in_round = false;
    self->failed++;
    self->out--;
    gw_federation_round_enter(self, c, FED_READY, GW_NEVER_US);
}

static double keep(struct gw_federation *self, uint32_t c)
{
    struct gw_fed_books *books = &self->books[c];
    const double steps = self->member[c].steps;
    gw_federation_power_settle(self, c);
    books->compute_kwh += books->pending_kwh;
    books->pending_kwh = 0.0;
    books->steps += steps;
    books->joined++;
    self->joined[c]++;
    count_span(self, c);
    self->member[c].in_round = false;
    gw_federation_round_enter(self, c, FED_READY, GW_NEVER_US);
    return steps * self->client[c].tok_per_step;
}

/* Work of k clients joins the model. */
static void progress(struct gw_federation *self, double tokens, double k, double lost_frac)
{
    struct gw_fed_state *state = &self->state;
    const struct gw_federation_cfg *cfg = &self->cfg;
    state->tokens += tokens;
    state->effective_tokens +=
        tokens / gw_convergence_tokens_factor(&cfg->convergence, k, cfg->local_steps, lost_frac);
    self->ratio_tokens +=
        tokens * gw_convergence_loss_ratio(&cfg->convergence, k, cfg->local_steps, lost_frac);
    state->rounds++;
    state->spread =
        cfg->unbiased ? gw_convergence_spread(self->joined, self->clients, (double)state->rounds) : 0.0;

    static const double rest = 1e-9; /* of rounding, over what was asked for */
    state->reached = counts_tokens(self)
                         ? state->effective_tokens >= cfg->tokens * (1.0 - rest)
                         : (double)state->rounds >= gw_convergence_rounds(&cfg->convergence, state->spread);
    state->reached_us = state->reached ? self->now_us : GW_NEVER_US;
}

static void close_round(struct gw_federation *self)
{
    const double k = (double)self->done;
    double tokens = 0.0;
    for (uint32_t c = 0; c < self->clients; c++) {
        self->in[c] = self->member[c].phase == FED_DONE ? 1 : 0;
        tokens += self->in[c] != 0 ? keep(self, c) : 0.0;
    }
    self->stage = FED_WAITING;
    self->stage_due_us = GW_NEVER_US;
    self->round_total_s += gw_s_from_us(self->now_us - self->began_us);
    self->ask = true;
    if (self->done == 0) {
        self->state.failed_rounds++;
        return;
    }
    progress(self, tokens, k, (double)self->failed / (double)self->asked);
    gw_blocklist_close(&self->cfg.blocklist, self->clients, self->in, self->utility, self->blocked,
                       self->weight);
}

/* All copies are in, or enough of them: what is left is adding them up. */
static void close_when_in(struct gw_federation *self)
{
    if (self->stage != FED_RUNNING) {
        return;
    }
    if (self->cfg.straggler == GW_FED_OVER_SELECT &&
        (double)self->done * self->cfg.over_select >= (double)self->asked) {
        for (uint32_t c = 0; c < self->clients; c++) {
            if (self->member[c].in_round && self->member[c].phase != FED_DONE) {
                lose(self, c);
            }
        }
    }
    if (self->out > 0) {
        return;
    }
    const bool ring = self->cfg.sync.topology == GW_SYNC_RING && self->done > 1;
    const double shown_s = ring ? ring_s(self) : 0.0;
    const double close_s = gw_sync_close_s(&self->cfg.sync, (double)self->done);
    if (ring) {
        send_ring(self);
    }
    for (uint32_t c = 0; c < self->clients; c++) {
        gw_federation_power_settle(self, c); /* until here they waited for others */
    }
    self->stage = FED_CLOSING;
    self->stage_due_us = self->now_us + us_from_s(shown_s + close_s);
}

static void take_async(struct gw_federation *self, uint32_t c)
{
    const double late = (double)(self->version - self->member[c].version);
    uint32_t busy = 0;
    for (uint32_t i = 0; i < self->clients; i++) {
        busy += self->member[i].in_round ? 1u : 0u;
    }
    if (late > self->cfg.staleness) {
        lose(self, c);
    } else {
        self->version++;
        self->round_total_s += gw_s_from_us(self->now_us - self->member[c].began_us);
        progress(self, keep(self, c), (double)busy, 0.0);
    }
    self->ask = true;
}

static void send_copy(struct gw_federation *self, uint32_t c)
{
    struct gw_fed_member *m = &self->member[c];
    double up_s = m->up_s;
    if (m->sends) {
        gw_federation_power_send(self, c, self->state.aggregator, gw_sync_bytes(&self->cfg.sync));
        up_s += gw_federation_is_async(self) ? gw_sync_close_s(&self->cfg.sync, 2.0) / 2.0 : 0.0;
    }
    gw_federation_round_enter(self, c, FED_UP, self->now_us + us_from_s(up_s));
}

/* What has been trained so far is all that comes of it, if it is enough. */
static void stop_training(struct gw_federation *self, uint32_t c)
{
    struct gw_fed_member *m = &self->member[c];
    gw_federation_power_settle(self, c);
    const bool lone = self->asked == 1 && !gw_federation_is_async(self);
    const bool enough = lone || m->steps >= fmin(self->cfg.least_steps, m->goal);
    if (m->phase == FED_TRAIN && enough && m->steps > 0.0) {
        m->goal = m->steps;
        send_copy(self, c);
    } else {
        lose(self, c);
    }
}

void gw_federation_round_leave(struct gw_federation *self, uint32_t c)
{
    if (self->member[c].phase == FED_DOWN || self->member[c].phase == FED_TRAIN) {
        stop_training(self, c);
        close_when_in(self);
    }
}

/* What it has done counts; a round in which nothing was done yet has not been. */
static void end_lone_round(struct gw_federation *self)
{
    for (uint32_t c = 0; c < self->clients; c++) {
        struct gw_fed_member *m = &self->member[c];
        gw_federation_power_settle(self, c);
        if (m->in_round && m->phase == FED_TRAIN && m->steps > 0.0) {
            stop_training(self, c);
        } else if (m->in_round && (m->phase == FED_DOWN || m->phase == FED_TRAIN)) {
            m->in_round = false;
            gw_federation_round_enter(self, c, FED_READY, GW_NEVER_US);
            self->stage = FED_WAITING;
            self->stage_due_us = GW_NEVER_US;
        }
    }
    close_when_in(self);
}

/* ---- events ---- */

void gw_federation_round_client_due(struct gw_federation *self, uint32_t c)
{
    struct gw_fed_member *m = &self->member[c];
    switch (m->phase) {
    case FED_STARTING:
        gw_federation_round_enter(self, c, FED_READY, GW_NEVER_US);
        if (self->stage == FED_RUNNING && self->asked == 1) {
            end_lone_round(self);
        }
        break;
    case FED_DOWN:
        gw_federation_round_enter(self, c, FED_TRAIN, GW_NEVER_US);
        break;
    case FED_TRAIN:
        gw_federation_power_settle(self, c);
        m->steps = fmin(m->goal, m->fails_at);
        if (m->fails_at < m->goal) {
            lose(self, c);
            close_when_in(self);
        } else {
            send_copy(self, c);
        }
        break;
    case FED_UP:
        gw_federation_round_enter(self, c, FED_DONE, GW_NEVER_US);
        if (gw_federation_is_async(self)) {
            take_async(self, c);
        } else {
            self->done++;
            self->out--;
            close_when_in(self);
        }
        break;
    default:
        GW_REQUIRE(m->due_us == GW_NEVER_US);
    }
}

void gw_federation_round_stage_due(struct gw_federation *self)
{
    if (self->stage == FED_CLOSING) {
        close_round(self);
        return;
    }
    self->stage_due_us = GW_NEVER_US; /* the deadline */
    for (uint32_t c = 0; c < self->clients; c++) {
        const enum gw_fed_phase phase = self->member[c].phase;
        if (self->member[c].in_round && (phase == FED_DOWN || phase == FED_TRAIN)) {
            stop_training(self, c);
        }
    }
    close_when_in(self);
}
