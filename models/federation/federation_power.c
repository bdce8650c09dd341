#include <math.h>

#include "models/federation/federation_private.h"
#include "models/federation/power_share.h"
#include "sim/base/units.h"

static const double forever_s = 1e11; /* what takes longer never ends */

/* ---- books ---- */

static void book_energy(struct gw_federation *self, uint32_t c, double it_kwh)
{
    const struct gw_fed_now *now = &self->now[c];
    struct gw_fed_books *books = &self->books[c];
    const double facility_kwh = it_kwh * now->pue;
    const double grid_kwh = facility_kwh * self->member[c].grid_frac;
    books->facility_kwh += facility_kwh;
    books->grid_kwh += grid_kwh;
    books->excess_kwh += facility_kwh - grid_kwh;
    books->carbon_g += grid_kwh * now->carbon_g_per_kwh;
    books->cost_usd += grid_kwh * now->price_usd_per_kwh;
    books->water_onsite_l += it_kwh * now->water_onsite_l_per_kwh;
    books->water_offsite_l += grid_kwh * now->water_offsite_l_per_kwh;
}

void gw_federation_power_settle(struct gw_federation *self, uint32_t c)
{
    struct gw_fed_member *m = &self->member[c];
    const gw_time_us span_us = self->now_us - m->since_us;
    m->since_us = self->now_us;
    if (span_us == 0 || (m->phase == FED_OFF && !self->cfg.always_on)) {
        return;
    }
    const double it_kwh = m->power_kw * gw_h_from_us(span_us);
    struct gw_fed_books *books = &self->books[c];
    books->on_h += m->phase != FED_OFF ? gw_h_from_us(span_us) : 0.0;
    switch (m->phase) {
    case FED_OFF:
        books->standby_kwh += it_kwh;
        break;
    case FED_TRAIN:
        books->pending_kwh += it_kwh;
        m->steps += m->speed * gw_s_from_us(span_us);
        m->trained_s += m->speed > 0.0 ? gw_s_from_us(span_us) : 0.0;
        break;
    case FED_READY:
        books->idle_kwh += it_kwh;
        break;
    case FED_DONE:
        *(self->stage == FED_CLOSING ? &books->gap_kwh : &books->idle_kwh) += it_kwh;
        break;
    default:
        books->gap_kwh += it_kwh;
    }
    book_energy(self, c, it_kwh);
}

void gw_federation_power_send(struct gw_federation *self, uint32_t from, uint32_t to, double bytes)
{
    if (from == to) {
        return;
    }
    const double gb = bytes / 1e9, kwh = gb * self->cfg.kwh_per_gb / 2.0;
    self->books[from].sent_gb += gb;
    self->books[to].received_gb += gb;
    const uint32_t ends[] = {from, to};
    for (int i = 0; i < 2; i++) {
        self->books[ends[i]].network_kwh += kwh;
        self->books[ends[i]].network_carbon_g += kwh * self->now[ends[i]].carbon_g_per_kwh;
    }
    if (self->links->usd_per_gb != NULL) {
        self->books[from].egress_usd += gb * self->links->usd_per_gb[(size_t)from * self->clients + to];
    }
}

/* ---- power ---- */

void gw_federation_power_touch(struct gw_federation *self, uint32_t c)
{
    self->stale[self->client[c].domain] = 1;
    self->any_stale = true;
}

/* Facility power that the job's share of client c can draw at most in this phase. */
static double wanted_kw(const struct gw_federation *self, uint32_t c)
{
    const struct gw_fed_client *client = &self->client[c];
    const struct gw_fed_now *now = &self->now[c];
    double it_kw = 0.0;
    if (self->member[c].phase == FED_TRAIN) {
        it_kw = client->train_kw * now->spare_frac;
    } else if (self->member[c].phase != FED_OFF || self->cfg.always_on) {
        it_kw = client->idle_kw;
    }
    return fmin(it_kw * now->pue, now->limit_kw);
}

/* Facility power still needed to come to so many steps, in kWh. */
static double needed_kwh(const struct gw_federation *self, uint32_t c, double steps)
{
    const struct gw_fed_client *client = &self->client[c];
    return fmax(steps - self->member[c].steps, 0.0) / client->steps_per_s * client->train_kw *
           self->now[c].pue;
}

/* Excess among those who train: first who has not done enough to count. */
static void share_training(struct gw_federation *self, const uint32_t *at, uint32_t n, double supply_kw)
{
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < n; i++) {
            const struct gw_fed_member *m = &self->member[at[i]];
            const bool short_of = m->steps < self->cfg.least_steps;
            const bool now = m->phase == FED_TRAIN && short_of == (turn == 0);
            self->most_kw[i] = now ? wanted_kw(self, at[i]) : 0.0;
            self->weight[i] =
                now ? needed_kwh(self, at[i], turn == 0 ? self->cfg.least_steps : m->goal) : 0.0;
        }
        supply_kw = gw_power_share(supply_kw, n, self->most_kw, self->weight, self->give_kw);
        for (uint32_t i = 0; i < n; i++) {
            if (self->weight[i] > 0.0) {
                self->member[at[i]].power_kw = self->give_kw[i] / self->now[at[i]].pue;
            }
        }
    }
}

/* IT power of every member by what its phase wants, and in mode excess-only by what there is. */
static void allot(struct gw_federation *self, const uint32_t *at, uint32_t n, double excess_kw)
{
    double waiting_kw = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        const double kw = wanted_kw(self, at[i]);
        self->member[at[i]].power_kw = kw / self->now[at[i]].pue;
        waiting_kw += self->member[at[i]].phase != FED_TRAIN ? kw : 0.0;
    }
    if (self->cfg.power != GW_FED_EXCESS_ONLY) {
        return;
    }
    const double part = waiting_kw > excess_kw ? excess_kw / waiting_kw : 1.0;
    for (uint32_t i = 0; i < n; i++) {
        struct gw_fed_member *m = &self->member[at[i]];
        m->power_kw = m->phase != FED_TRAIN ? m->power_kw * part : 0.0;
    }
    share_training(self, at, n, fmax(excess_kw - waiting_kw, 0.0));
}

/* Speed and end of training from power; whole accelerators only. */
static void pace(struct gw_federation *self, uint32_t c)
{
    const struct gw_fed_client *client = &self->client[c];
    struct gw_fed_member *m = &self->member[c];
    if (m->phase != FED_TRAIN) {
        m->speed = 0.0;
        return;
    }
    static const double slack = 1e-9; /* of a division, so that ten tenths are ten accelerators */
    double part = m->power_kw / client->train_kw;
    if (client->accelerators > 0.0) {
        part = floor(part * client->accelerators + slack) / client->accelerators;
        m->power_kw = part * client->train_kw;
    }
    m->speed = part * client->steps_per_s;
    const double left = fmax(fmin(m->goal, m->fails_at) - m->steps, 0.0);
    if (left == 0.0) {
        m->due_us = self->now_us;
    } else if (left / m->speed < forever_s) {
        m->due_us = self->now_us + (gw_time_us)ceil(left / m->speed * 1e6);
    } else {
        m->due_us = GW_NEVER_US;
    }
}

static void set_domain(struct gw_federation *self, uint32_t d)
{
    const uint32_t *at = &self->order[self->first[d]];
    const uint32_t n = self->first[d + 1] - self->first[d];
    for (uint32_t i = 0; i < n; i++) {
        gw_federation_power_settle(self, at[i]);
    }
    const double excess_kw = n > 0 ? fmax(self->now[at[0]].excess_kw, 0.0) : 0.0;
    allot(self, at, n, excess_kw);
    double drawn_kw = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        pace(self, at[i]);
        drawn_kw += self->member[at[i]].power_kw * self->now[at[i]].pue;
    }
    const bool all_excess = self->cfg.power == GW_FED_EXCESS_ONLY || drawn_kw <= excess_kw;
    for (uint32_t i = 0; i < n; i++) {
        self->member[at[i]].grid_frac = all_excess ? 0.0 : 1.0 - excess_kw / drawn_kw;
    }
}

void gw_federation_power_set(struct gw_federation *self)
{
    if (!self->any_stale) {
        return;
    }
    self->any_stale = false;
    for (uint32_t d = 0; d < self->clients; d++) {
        if (self->stale[d] != 0) {
            self->stale[d] = 0;
            set_domain(self, d);
        }
    }
}
