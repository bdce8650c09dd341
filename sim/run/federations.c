#include "sim/run/federations.h"

#include <math.h>

#include "sim/base/units.h"
#include "sim/core/rng.h"
#include "sim/run/score.h"

struct gw_federations_job {
    const struct gw_federated_ready *ready;
    struct gw_federation *engine;
    void *policy;
    struct gw_fed_books *last; /* [clients] as they were read */
    struct gw_fed_now *now;    /* [clients] what holds next */
    double *excess_kw;         /* [clients][horizon] forecast */
    const double **carbon, **price, **water, **excess;
};

/* ---- begin and end ---- */

static bool make_arrays(struct gw_federations_job *job, uint32_t horizon, struct gw_arena *arena)
{
    const uint32_t n = job->ready->clients;
    job->last = gw_arena_array(arena, n, sizeof *job->last);
    job->now = gw_arena_array(arena, n, sizeof *job->now);
    job->excess_kw = gw_arena_array(arena, (size_t)n * horizon, sizeof *job->excess_kw);
    job->carbon = gw_arena_array(arena, n, sizeof *job->carbon);
    job->price = gw_arena_array(arena, n, sizeof *job->price);
    job->water = gw_arena_array(arena, n, sizeof *job->water);
    job->excess = gw_arena_array(arena, n, sizeof *job->excess);
    return job->last != NULL && job->now != NULL && job->excess_kw != NULL && job->carbon != NULL &&
           job->price != NULL && job->water != NULL && job->excess != NULL;
}

static uint32_t site_of(const struct gw_federations_job *job, uint32_t c)
{
    return ((const struct gw_federated_client_cfg *)job->ready->cfg->clients.at)[c].site;
}

/* Tables of the view stay where they are: a client's forecasts are its site's row. */
static void point(struct gw_federations *self, struct gw_federations_job *job)
{
    const uint32_t horizon = self->view->dims.horizon;
    for (uint32_t c = 0; c < job->ready->clients; c++) {
        const size_t row = (size_t)site_of(job, c) * horizon;
        job->carbon[c] = self->view->value[GW_VIEW_SITE_CARBON] + row;
        job->price[c] = self->view->value[GW_VIEW_SITE_PRICE] + row;
        job->water[c] = self->view->value[GW_VIEW_SITE_WATER] + row;
        job->excess[c] = job->excess_kw + (size_t)c * horizon;
        job->now[c] = gw_federation_plain();
    }
}

static enum gw_status open_job(struct gw_federations *self, uint32_t i, uint32_t replication,
                               struct gw_arena *arena, struct gw_error *err)
{
    struct gw_federations_job *job = &self->job[i];
    job->ready = &self->sc->federated[i];
    if (!make_arrays(job, self->view->dims.horizon, arena)) {
        return gw_fail(err, GW_ERR_NOMEM, job->ready->cfg->name, "out of memory");
    }
    point(self, job);
    struct gw_fed_selector selector = {.view = &self->view->public};
    const uint64_t seed = gw_rng_seed((uint64_t)self->sc->cfg.seed, replication, job->ready->cfg->name);
    if (self->choice != NULL) {
        struct gw_policy_error why = {0};
        selector.ops = self->choice->ops;
        if (selector.ops->create != NULL &&
            selector.ops->create(&job->policy, self->choice->cfg, selector.view, seed, &why) != 0) {
            job->policy = NULL;
            return gw_fail(err, GW_ERR_POLICY, selector.ops->name, "could not be created: %s",
                           why.why[0] != '\0' ? why.why : "no reason given");
        }
        selector.self = job->policy;
    }
    struct gw_federation_cfg cfg = job->ready->job;
    cfg.seed = seed;
    job->engine =
        gw_federation_create(&cfg, job->ready->clients, job->ready->client, &job->ready->links, &selector);
    return job->engine != NULL ? GW_OK : gw_fail(err, GW_ERR_NOMEM, job->ready->cfg->name, "out of memory");
}

enum gw_status gw_federations_open(struct gw_federations *self, const struct gw_scenario *sc,
                                   uint32_t replication, const struct gw_deciders *deciders,
                                   const struct gw_view_store *view, struct gw_arena *arena,
                                   struct gw_error *err)
{
    *self = (struct gw_federations){.sc = sc, .view = view};
    for (uint32_t i = 0; i < deciders->n; i++) {
        if ((deciders->decider[i].slots & GW_SLOT_FEDERATION) != 0) {
            self->choice = deciders->decider[i].choice;
        }
    }
    self->job = gw_arena_array(arena, sc->n_federated, sizeof *self->job);
    if (self->job == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
    }
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; i < sc->n_federated && s == GW_OK; i++) {
        s = open_job(self, i, replication, arena, err);
    }
    return s;
}

void gw_federations_close(struct gw_federations *self)
{
    for (uint32_t i = 0; self->job != NULL && i < self->sc->n_federated; i++) {
        struct gw_federations_job *job = &self->job[i];
        gw_federation_destroy(job->engine);
        if (job->policy != NULL && self->choice->ops->destroy != NULL) {
            self->choice->ops->destroy(job->policy);
        }
    }
    *self = (struct gw_federations){0};
}

/* ---- a step ---- */

/* IT power of all clients at the site, of one job or (NULL) of all. */
static double train_kw(const struct gw_federations *self, const struct gw_federations_job *of, uint32_t site)
{
    double kw = 0.0;
    for (uint32_t i = 0; i < self->sc->n_federated; i++) {
        const struct gw_federations_job *job = &self->job[i];
        for (uint32_t c = 0; c < job->ready->clients && (of == NULL || of == job); c++) {
            kw += site_of(job, c) == site ? job->ready->client[c].train_kw : 0.0;
        }
    }
    return kw;
}

static double mean_of(const struct gw_signal *signal, gw_time_us from_unix_us, gw_time_us to_unix_us)
{
    const double mean = gw_region_has(signal) ? gw_signal_mean(signal, from_unix_us, to_unix_us) : 0.0;
    return isfinite(mean) ? mean : 0.0;
}

void gw_federations_set(struct gw_federations *self, uint32_t site, gw_time_us from_us, gw_time_us to_us,
                        bool idle_counts, const struct gw_air *air, struct gw_meter *meter)
{
    const double all_kw = train_kw(self, NULL, site);
    if (all_kw == 0.0) {
        return;
    }
    const struct gw_meter_spare spare =
        gw_meter_spare(self->sc, site, from_us, to_us, idle_counts, all_kw, air, meter);
    const gw_time_us start_us = self->sc->cfg.time.start_unix_us;
    const struct gw_grid *grid = &air->grid[site];
    const double own_frac = fmin(spare.kw / (all_kw * spare.pue), 1.0);
    const double grid_frac = mean_of(&grid->renewable_frac, start_us + from_us, start_us + to_us);
    meter->entry[GW_ACCOUNT_FED_SURPLUS] = spare.kw * gw_h_from_us(to_us - from_us);
    const struct gw_onsite *onsite = meter->onsite;
    const bool stores = onsite != NULL && onsite->policy != NULL;
    for (uint32_t i = 0; i < self->sc->n_federated; i++) {
        struct gw_federations_job *job = &self->job[i];
        const double excess_kw = spare.kw * train_kw(self, job, site) / all_kw;
        for (uint32_t c = 0; c < job->ready->clients; c++) {
            struct gw_fed_now *now = &job->now[c];
            if (site_of(job, c) == site) {
                now->pue = spare.pue;
                now->excess_kw = excess_kw;
                now->limit_kw = meter->dark ? 0.0 : (double)INFINITY;
                now->renewable_frac = own_frac + (1.0 - own_frac) * grid_frac;
                now->buffer_frac =
                    stores ? onsite->stored_kwh / onsite->site->cfg->supply.battery->energy_kwh : 1.0;
            }
        }
    }
}

/* What the sites' plants are expected to give beyond what flows at no routed load; the present step as it is.
 */
static void look_ahead(struct gw_federations *self, struct gw_federations_job *job)
{
    const uint32_t horizon = self->view->dims.horizon;
    for (uint32_t c = 0; c < job->ready->clients; c++) {
        const uint32_t site = site_of(job, c);
        const size_t row = (size_t)site * horizon;
        const double part = train_kw(self, job, site) / train_kw(self, NULL, site);
        double *excess_kw = job->excess_kw + (size_t)c * horizon;
        for (uint32_t h = 0; h < horizon; h++) {
            excess_kw[h] = part * fmax(self->view->value[GW_VIEW_SITE_ONSITE][row + h] -
                                           self->view->value[GW_VIEW_SITE_FIXED_FACILITY][row + h],
                                       0.0);
        }
        excess_kw[0] = job->now[c].excess_kw;
        job->now[c].carbon_g_per_kwh = job->carbon[c][0];
        job->now[c].price_usd_per_kwh = job->price[c][0];
        job->now[c].water_offsite_l_per_kwh = job->water[c][0];
    }
}

static enum gw_status advance_job(struct gw_federations *self, struct gw_federations_job *job,
                                  gw_time_us to_us, struct gw_error *err)
{
    look_ahead(self, job);
    for (uint32_t c = 0; c < job->ready->clients; c++) {
        gw_federation_set(job->engine, c, &job->now[c]);
    }
    const struct gw_fed_outlook outlook = {.horizon = self->view->dims.horizon,
                                           .step_us = self->sc->cfg.time.epoch_us,
                                           .carbon = job->carbon,
                                           .price = job->price,
                                           .water = job->water,
                                           .excess = job->excess,
                                           .truth = job->carbon};
    const enum gw_status s = gw_federation_decide(job->engine, &outlook, err);
    return s == GW_OK ? gw_federation_advance(job->engine, to_us, err) : s;
}

enum gw_status gw_federations_advance(struct gw_federations *self, gw_time_us to_us, struct gw_error *err)
{
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; i < self->sc->n_federated && s == GW_OK; i++) {
        s = advance_job(self, &self->job[i], to_us, err);
    }
    return s;
}

/* ---- books ---- */

static double work_kwh(const struct gw_fed_books *b)
{
    return b->compute_kwh + b->wasted_kwh + b->pending_kwh;
}

void gw_federations_read(struct gw_federations *self, uint32_t site, bool idle_counts,
                         double entry[GW_ACCOUNT_COUNT])
{
    for (uint32_t i = 0; i < self->sc->n_federated; i++) {
        struct gw_federations_job *job = &self->job[i];
        for (uint32_t c = 0; c < job->ready->clients; c++) {
            if (site_of(job, c) != site) {
                continue;
            }
            const struct gw_fed_books b = gw_federation_books(job->engine, c), *last = &job->last[c];
            const double gap_kwh = b.gap_kwh - last->gap_kwh, idle_kwh = b.idle_kwh - last->idle_kwh;
            const double rest_kwh = idle_counts ? b.standby_kwh - last->standby_kwh : 0.0;
            /* a round that closes moves energy from sum to sum: rounding must not make a step draw less than
             * 0 */
            entry[GW_ACCOUNT_TRAINING] += fmax(work_kwh(&b) - work_kwh(last), 0.0);
            entry[GW_ACCOUNT_TRAINING_HELD] += gap_kwh + idle_kwh + rest_kwh;
            entry[GW_ACCOUNT_TRAINING_GAP] += gap_kwh;
            entry[GW_ACCOUNT_TRAINING_LOST] += b.wasted_kwh - last->wasted_kwh;
            entry[GW_ACCOUNT_FED_UPDATES] += (double)(b.joined - last->joined);
        }
    }
}

void gw_federations_sent(struct gw_federations *self, uint32_t site, double entry[GW_ACCOUNT_COUNT])
{
    for (uint32_t i = 0; i < self->sc->n_federated; i++) {
        struct gw_federations_job *job = &self->job[i];
        for (uint32_t c = 0; c < job->ready->clients; c++) {
            if (site_of(job, c) == site) {
                const struct gw_fed_books b = gw_federation_books(job->engine, c), *last = &job->last[c];
                entry[GW_ACCOUNT_NETWORK_OUT] += b.sent_gb - last->sent_gb;
                entry[GW_ACCOUNT_NETWORK_IN] += b.received_gb - last->received_gb;
                entry[GW_ACCOUNT_NETWORK] += b.network_kwh - last->network_kwh;
                entry[GW_ACCOUNT_TRANSFER] += b.egress_usd - last->egress_usd;
                job->last[c] = b;
            }
        }
    }
}

bool gw_federations_left(const struct gw_federations *self)
{
    for (uint32_t i = 0; i < self->sc->n_federated; i++) {
        if (!gw_federation_state(self->job[i].engine).reached) {
            return true;
        }
    }
    return false;
}

void gw_federations_score(const struct gw_federations *self, gw_time_us end_us, double *score)
{
    const double n = (double)self->sc->n_federated;
    double rounds = 0.0, learnt = 0.0, tokens = 0.0, loss = 0.0, hours = 0.0;
    for (uint32_t i = 0; i < self->sc->n_federated; i++) {
        const struct gw_fed_state state = gw_federation_state(self->job[i].engine);
        rounds += (double)state.rounds;
        learnt += state.effective_tokens;
        tokens += state.tokens;
        loss += state.tokens * state.loss_ratio;
        hours += gw_h_from_us(state.reached ? state.reached_us : end_us);
    }
    score[GW_SCORE_ROUNDS] = rounds;
    score[GW_SCORE_LEARNT] = learnt;
    score[GW_SCORE_LOSS_RATIO] = tokens > 0.0 ? loss / tokens : (double)NAN;
    score[GW_SCORE_LEARNT_H] = n > 0.0 ? hours / n : (double)NAN;
    if (self->sc->n_federated > 0) {
        score[GW_SCORE_TRAINING_CARBON] = (double)NAN; /* that of the other jobs alone would be read as all */
    }
}
