#include "sim/run/tally.h"

#include <math.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/run/audit.h"
#include "sim/run/indicators.h"

static void fini_row(struct gw_tally_row *row)
{
    gw_sketch_fini(&row->ttft_us);
    gw_sketch_fini(&row->tpot_us);
    gw_sketch_fini(&row->e2e_us);
}

bool gw_tally_init(struct gw_tally *self, const struct gw_scenario *sc, uint32_t site,
                   struct gw_record_sample sample, struct gw_arena *arena)
{
    *self = (struct gw_tally){.sc = sc, .site = site, .record.sample = sample};
    self->row = gw_arena_array(arena, sc->n_demands, sizeof *self->row);
    return self->row != NULL;
}

void gw_tally_fini(struct gw_tally *self)
{
    for (uint32_t d = 0; self->row != NULL && d < self->sc->n_demands; d++) {
        fini_row(&self->row[d]);
    }
    gw_record_fini(&self->record);
    *self = (struct gw_tally){0};
}

/* One request into the record, when it is in the sample. Times as in struct gw_record_row. */
static void record(struct gw_tally *self, uint32_t d, gw_time_us sent_us,
                   const struct gw_serve_request *request, enum gw_record_state state, int64_t ttft_us,
                   int64_t tpot_us, int64_t e2e_us)
{
    if (gw_record_wants(&self->record, d, request->number)) {
        gw_record_add(&self->record, &(struct gw_record_row){
                                         .sent_us = sent_us,
                                         .number = request->number,
                                         .ttft_us = ttft_us,
                                         .tpot_us = tpot_us,
                                         .e2e_us = e2e_us,
                                         .in_tok = request->in_tok,
                                         .out_tok = request->out_tok,
                                         .demand = (uint16_t)d,
                                         .site = (uint16_t)self->site,
                                         .state = (uint8_t)state,
                                     });
    }
}

static int64_t us_from_ticks(gw_tick ticks)
{
    return (ticks + GW_TICKS_PER_US / 2) >> GW_TICK_BITS;
}

void gw_tally_sent(struct gw_tally *self, uint32_t d, gw_time_us sent_us)
{
    if (sent_us >= 0) {
        self->row[d].sent++;
        self->sent_in_step++;
    }
}

void gw_tally_level(struct gw_tally *self, uint32_t d, gw_time_us sent_us, uint32_t level)
{
    if (sent_us >= 0) {
        self->row[d].level[level]++;
    }
}

void gw_tally_served(struct gw_tally *self, uint32_t d, gw_time_us sent_us, gw_time_us held_us,
                     gw_time_us late_us, const struct gw_served *served)
{
    if (sent_us < 0) {
        return;
    }
    const struct gw_demand *demand = &self->sc->demand[d];
    const struct gw_model *model = &self->sc->model[demand->model];
    struct gw_tally_row *row = &self->row[d];
    const uint32_t out_tok = served->request.out_tok;
    const gw_time_us around_us = demand->rtt_us[self->site] + late_us + model->api_us;
    const gw_time_us ttft_us = us_from_ticks(served->first_token) + around_us;
    const gw_time_us e2e_us =
        us_from_ticks(served->finish) + around_us + (gw_time_us)(model->api_us_per_tok * out_tok + 0.5);
    /* one token has no time between tokens: it meets any limit on that and adds nothing to the mean */
    const double tpot_us = out_tok > 1
                               ? (double)us_from_ticks(served->finish - served->first_token) / (out_tok - 1) +
                                     model->api_us_per_tok
                               : 0.0;

    row->completed++;
    row->late += demand->cfg->class == GW_CLASS_BATCH && held_us + e2e_us > demand->cfg->deadline_us;
    row->in_tok += served->request.in_tok;
    row->out_tok += out_tok;
    self->finished_in_step++;
    self->ttft_us_in_step += ttft_us;
    bool good = gw_sketch_add(&row->ttft_us, ttft_us) && gw_sketch_add(&row->e2e_us, e2e_us);
    const int64_t whole_tpot_us = out_tok > 1 ? (int64_t)(tpot_us + 0.5) : GW_RECORD_UNKNOWN;
    if (out_tok > 1) {
        good = good && gw_sketch_add(&row->tpot_us, whole_tpot_us);
    }
    record(self, d, sent_us, &served->request, GW_RECORD_ANSWERED, ttft_us, whole_tpot_us, e2e_us);
    self->failed = self->failed || !good;
    row->slo_met += ttft_us <= demand->slo_ttft_us && tpot_us <= demand->slo_tpot_us;
}

void gw_tally_passed_on(struct gw_tally *from, struct gw_tally *to, uint32_t d, gw_time_us sent_us)
{
    if (sent_us >= 0) {
        from->row[d].passed_on++;
        from->spilled_in_step++;
        to->row[d].taken_over++;
    }
}

void gw_tally_refused(struct gw_tally *self, uint32_t d, gw_time_us sent_us,
                      const struct gw_serve_request *request)
{
    if (sent_us >= 0) {
        self->row[d].dropped++;
        record(self, d, sent_us, request, GW_RECORD_DROPPED, GW_RECORD_UNKNOWN, GW_RECORD_UNKNOWN,
               GW_RECORD_UNKNOWN);
    }
}

void gw_tally_timed_out(struct gw_tally *self, uint32_t d, gw_time_us sent_us, gw_time_us late_us,
                        const struct gw_served *served)
{
    if (sent_us < 0) {
        return;
    }
    const struct gw_demand *demand = &self->sc->demand[d];
    const gw_time_us around_us = demand->rtt_us[self->site] + late_us + self->sc->model[demand->model].api_us;
    const gw_tick answered = served->emitted > 0 ? served->first_token : served->finish;
    struct gw_tally_row *row = &self->row[d];
    row->timed_out++;
    const int64_t ttft_us = us_from_ticks(answered) + around_us;
    const int64_t e2e_us = us_from_ticks(served->finish) + around_us;
    const bool good = gw_sketch_add(&row->ttft_us, ttft_us) && gw_sketch_add(&row->e2e_us, e2e_us);
    self->failed = self->failed || !good;
    record(self, d, sent_us, &served->request, GW_RECORD_TIMED_OUT, ttft_us, GW_RECORD_UNKNOWN, e2e_us);
}

void gw_tally_unfinished(struct gw_tally *self, uint32_t d, gw_time_us sent_us, gw_time_us end_us,
                         const struct gw_serve_request *request, bool answered_first)
{
    if (sent_us < 0) {
        return;
    }
    struct gw_tally_row *row = &self->row[d];
    row->unfinished++;
    bool good = gw_sketch_add(&row->e2e_us, end_us - sent_us);
    if (!answered_first) {
        good = good && gw_sketch_add(&row->ttft_us, end_us - sent_us);
    }
    self->failed = self->failed || !good;
    record(self, d, sent_us, request, GW_RECORD_UNFINISHED,
           answered_first ? GW_RECORD_UNKNOWN : end_us - sent_us, GW_RECORD_UNKNOWN, end_us - sent_us);
}

bool gw_tally_record(const struct gw_tally *tally, const struct gw_scenario *sc, struct gw_run_result *out)
{
    bool good = true;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        out->n_record += tally[s].record.n;
        good = good && !tally[s].record.failed;
    }
    if (!good || out->n_record == 0) {
        return good;
    }
    out->record = gw_arena_array(&out->arena, out->n_record, sizeof *out->record);
    if (out->record == NULL) {
        return false;
    }
    size_t n = 0;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (tally[s].record.n > 0) {
            memcpy(out->record + n, tally[s].record.row, tally[s].record.n * sizeof *out->record);
            n += tally[s].record.n;
        }
    }
    gw_record_sort(out->record, n);
    return true;
}

/* ---- flow mode ---- */

void gw_tally_sent_many(struct gw_tally *self, uint32_t d, gw_time_us sent_us, uint64_t n)
{
    if (sent_us >= 0) {
        self->row[d].sent += n;
        self->sent_in_step += n;
    }
}

void gw_tally_done(struct gw_tally *self, uint32_t d, const struct gw_tally_done *done)
{
    struct gw_tally_row *row = &self->row[d];
    row->completed += done->completed;
    row->in_tok += done->in_tok;
    row->out_tok += done->out_tok;
    row->near += done->near;
    self->finished_in_step += done->completed;
}

void gw_tally_lot(struct gw_tally *self, uint32_t d, gw_time_us late_us, const struct gw_tally_lot *lot)
{
    const struct gw_demand *demand = &self->sc->demand[d];
    const struct gw_model *model = &self->sc->model[demand->model];
    struct gw_tally_row *row = &self->row[d];
    const double around_us = (double)(demand->rtt_us[self->site] + late_us + model->api_us);
    const double ttft_us = lot->first_s * 1e6 + around_us;
    const double e2e_us = lot->finish_s * 1e6 + around_us + model->api_us_per_tok * lot->out_tok;
    const bool decodes = lot->out_tok >= 2.0;
    const double tpot_us =
        decodes ? (lot->finish_s - lot->first_s) * 1e6 / (lot->out_tok - 1.0) + model->api_us_per_tok : 0.0;

    bool good = gw_sketch_add_many(&row->ttft_us, llround(ttft_us), lot->n) &&
                gw_sketch_add_many(&row->e2e_us, llround(e2e_us), lot->n);
    if (decodes) {
        good = good && gw_sketch_add_many(&row->tpot_us, llround(tpot_us), lot->n);
    }
    self->failed = self->failed || !good;
    row->slo_met += ttft_us <= (double)demand->slo_ttft_us && tpot_us <= demand->slo_tpot_us ? lot->n : 0;
}

void gw_tally_unfinished_many(struct gw_tally *self, uint32_t d, gw_time_us sent_us, gw_time_us end_us,
                              uint64_t n)
{
    struct gw_tally_row *row = &self->row[d];
    row->unfinished += n;
    const bool good = gw_sketch_add_many(&row->e2e_us, end_us - sent_us, n) &&
                      gw_sketch_add_many(&row->ttft_us, end_us - sent_us, n);
    self->failed = self->failed || !good;
}

/* ---- merged over sites ---- */

void gw_tally_ttft_edges(int64_t edge_us[GW_RESULT_TTFT_BINS + 1])
{
    edge_us[0] = 0;
    for (int i = 0; i <= 26 * 8; i++) {
        edge_us[1 + i] = (INT64_C(8) + i % 8) << (10 - 3 + i / 8);
    }
    edge_us[GW_RESULT_TTFT_BINS] = INT64_MAX;
}

static bool merge_row(struct gw_tally_row *into, const struct gw_tally_row *from)
{
    into->sent += from->sent;
    into->completed += from->completed;
    into->dropped += from->dropped;
    into->timed_out += from->timed_out;
    into->unfinished += from->unfinished;
    into->near += from->near;
    into->slo_met += from->slo_met;
    into->late += from->late;
    into->in_tok += from->in_tok;
    into->out_tok += from->out_tok;
    for (size_t l = 0; l < GW_DIRECTIVE_LEVELS_MAX; l++) {
        into->level[l] += from->level[l];
    }
    return gw_sketch_merge(&into->ttft_us, &from->ttft_us) &&
           gw_sketch_merge(&into->tpot_us, &from->tpot_us) && gw_sketch_merge(&into->e2e_us, &from->e2e_us);
}

static bool has_limit(const struct gw_demand *demand)
{
    return demand->slo_ttft_us != GW_NEVER_US || isfinite(demand->slo_tpot_us);
}

static void fill_demand(const struct gw_scenario *sc, const struct gw_ledger *ledger, uint32_t d,
                        const struct gw_tally_row *row, struct gw_demand_result *out)
{
    *out = (struct gw_demand_result){
        .arrived = row->sent,
        .completed = row->completed,
        .dropped = row->dropped,
        .timed_out = row->timed_out,
        .unfinished = row->unfinished,
        .slo_met = has_limit(&sc->demand[d]) ? row->slo_met : 0,
        .slo_of = has_limit(&sc->demand[d]) ? row->sent : 0,
        .in_tok = row->in_tok,
        .out_tok = row->out_tok,
        .busy_kwh = gw_ledger_demand(ledger, d, GW_SHARE_BUSY_KWH),
        .import_kwh = gw_ledger_demand(ledger, d, GW_SHARE_IMPORT_KWH),
        .carbon_kg = gw_ledger_demand(ledger, d, GW_SHARE_CARBON_KG),
        .water_l = gw_ledger_demand(ledger, d, GW_SHARE_WATER_L),
        .cost_usd = gw_ledger_demand(ledger, d, GW_SHARE_COST_USD),
        .ttft_ms_mean = gw_ms_from_us(gw_sketch_mean(&row->ttft_us)),
        .ttft_ms_p50 = gw_ms_from_us(gw_sketch_quantile(&row->ttft_us, 0.50)),
        .ttft_ms_p99 = gw_ms_from_us(gw_sketch_quantile(&row->ttft_us, 0.99)),
        .tpot_ms_mean = gw_ms_from_us(gw_sketch_mean(&row->tpot_us)),
        .e2e_ms_mean = gw_ms_from_us(gw_sketch_mean(&row->e2e_us)),
    };
}

/* mean, p50, p95, p99 of a sketch into four neighbouring columns */
static void fill_latency(const struct gw_sketch *us, double *column)
{
    column[0] = gw_ms_from_us(gw_sketch_mean(us));
    column[1] = gw_ms_from_us(gw_sketch_quantile(us, 0.50));
    column[2] = gw_ms_from_us(gw_sketch_quantile(us, 0.95));
    column[3] = gw_ms_from_us(gw_sketch_quantile(us, 0.99));
}
_Static_assert(GW_SCORE_TTFT_P99 == GW_SCORE_TTFT_MEAN + 3 && GW_SCORE_TPOT_P99 == GW_SCORE_TPOT_MEAN + 3 &&
                   GW_SCORE_E2E_P99 == GW_SCORE_E2E_MEAN + 3,
               "fill_latency writes neighbours");

static void fill_requests(const struct gw_scenario *sc, const struct gw_tally_row *all, uint64_t slo_met,
                          uint64_t slo_of, double *score)
{
    fill_latency(&all->ttft_us, score + GW_SCORE_TTFT_MEAN);
    fill_latency(&all->tpot_us, score + GW_SCORE_TPOT_MEAN);
    fill_latency(&all->e2e_us, score + GW_SCORE_E2E_MEAN);
    score[GW_SCORE_SLO] = slo_of > 0 ? (double)slo_met / (double)slo_of : NAN;
    score[GW_SCORE_ARRIVED] = (double)all->sent;
    score[GW_SCORE_COMPLETED] = (double)all->completed;
    score[GW_SCORE_DROPPED] = (double)all->dropped;
    score[GW_SCORE_TIMED_OUT] = (double)all->timed_out;
    score[GW_SCORE_UNSERVED] = all->sent > 0 ? (double)(all->sent - all->completed) / (double)all->sent : 0.0;
    const bool flow = sc->cfg.serving.mode == GW_MODE_FLOW && all->sent > 0;
    score[GW_SCORE_NEAR_SATURATION] = flow ? (double)all->near / (double)all->sent : NAN;
    score[GW_SCORE_TOKENS_OUT] = (double)all->out_tok;
}

static double quotient(double a, double b)
{
    return b > 0.0 ? a / b : NAN;
}

/* IT energy that flows without work. Power supplies lose the same part of all that passes them. */
static double idle_kwh(const struct gw_ledger *l)
{
    const double rest = gw_ledger_sum(l, GW_ACCOUNT_IDLE) + gw_ledger_sum(l, GW_ACCOUNT_HOST_IDLE);
    const double work = gw_ledger_sum(l, GW_ACCOUNT_BUSY) + gw_ledger_sum(l, GW_ACCOUNT_HOST) +
                        gw_ledger_sum(l, GW_ACCOUNT_LOADING);
    const double lost = rest + work > 0.0 ? gw_ledger_sum(l, GW_ACCOUNT_PSU) / (rest + work) : 0.0;
    return rest * (1.0 + lost) + gw_ledger_sum(l, GW_ACCOUNT_SPARE);
}

/* At the nodes' plugs. */
static double it_kwh(const struct gw_ledger *l)
{
    static const enum gw_account parts[] = {
        GW_ACCOUNT_BUSY,      GW_ACCOUNT_IDLE,          GW_ACCOUNT_HOST,
        GW_ACCOUNT_HOST_IDLE, GW_ACCOUNT_SPARE,         GW_ACCOUNT_LOADING,
        GW_ACCOUNT_TRAINING,  GW_ACCOUNT_TRAINING_HELD, GW_ACCOUNT_PSU};
    double it = 0.0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        it += gw_ledger_sum(l, parts[i]);
    }
    return it;
}

static void fill_supply(const struct gw_ledger *l, double *score)
{
    const double given = gw_ledger_sum(l, GW_ACCOUNT_PV) + gw_ledger_sum(l, GW_ACCOUNT_WIND);
    const double curtailed = gw_ledger_sum(l, GW_ACCOUNT_CURTAILED);
    score[GW_SCORE_ONSITE] = given - curtailed - gw_ledger_sum(l, GW_ACCOUNT_EXPORT);
    score[GW_SCORE_CURTAILED] = curtailed;
    score[GW_SCORE_MISSING] = gw_ledger_sum(l, GW_ACCOUNT_UNSERVED);
}

static void fill_books(const struct gw_scenario *sc, const struct gw_ledger *l, double *score)
{
    const double import = gw_ledger_sum(l, GW_ACCOUNT_IMPORT) + gw_ledger_sum(l, GW_ACCOUNT_SETTLED);
    const double it = it_kwh(l);
    const double facility = it + gw_ledger_sum(l, GW_ACCOUNT_COOLING) + gw_ledger_sum(l, GW_ACCOUNT_CHAIN);
    const double onsite = gw_ledger_sum(l, GW_ACCOUNT_WATER_ONSITE);
    const double completed = score[GW_SCORE_COMPLETED], ktok = score[GW_SCORE_TOKENS_OUT] / 1e3;
    const double carbon =
        gw_ledger_sum(l, sc->cfg.score.signal == GW_CARBON_AVERAGE_LIFECYCLE ? GW_ACCOUNT_CARBON_LIFECYCLE
                                                                             : GW_ACCOUNT_CARBON_DIRECT);
    score[GW_SCORE_CARBON] = carbon;
    score[GW_SCORE_WATER] = onsite + gw_ledger_sum(l, GW_ACCOUNT_WATER_OFFSITE);
    score[GW_SCORE_COST] = gw_ledger_sum(l, GW_ACCOUNT_COST) + gw_ledger_sum(l, GW_ACCOUNT_DEMAND_CHARGE) +
                           gw_ledger_sum(l, GW_ACCOUNT_COINCIDENT) +
                           gw_ledger_sum(l, GW_ACCOUNT_FIXED_CHARGE) + gw_ledger_sum(l, GW_ACCOUNT_TRANSFER);
    score[GW_SCORE_TRANSFER] = gw_ledger_sum(l, GW_ACCOUNT_TRANSFER);
    score[GW_SCORE_NETWORK] = gw_ledger_sum(l, GW_ACCOUNT_NETWORK);
    score[GW_SCORE_ENERGY] = import;
    score[GW_SCORE_IT] = it;
    score[GW_SCORE_IDLE_FRAC] = quotient(idle_kwh(l), it);
    score[GW_SCORE_PUE] = quotient(facility, it);
    score[GW_SCORE_WUE] = quotient(onsite, it);
    score[GW_SCORE_WATER_WITHDRAWN] = gw_ledger_sum(l, GW_ACCOUNT_WATER_WITHDRAWN);
    score[GW_SCORE_CARBON_PER_REQUEST] = quotient(carbon * 1e3, completed);
    score[GW_SCORE_CARBON_PER_KTOK] = quotient(carbon * 1e3, ktok);
    score[GW_SCORE_ENERGY_PER_REQUEST] = quotient(import * 1e3, completed);
    score[GW_SCORE_ENERGY_PER_KTOK] = quotient(import * 1e3, ktok);
    score[GW_SCORE_WATER_PER_REQUEST] = quotient(score[GW_SCORE_WATER] * 1e3, completed);
    score[GW_SCORE_MEAN_BATCH] =
        quotient(gw_ledger_sum(l, GW_ACCOUNT_BATCH_S), gw_ledger_sum(l, GW_ACCOUNT_BUSY_S));
    score[GW_SCORE_BUSY_FRAC] =
        quotient(gw_ledger_sum(l, GW_ACCOUNT_BUSY_S), gw_ledger_sum(l, GW_ACCOUNT_REPLICA_S));
}

/* Of the requests of one row, by the levels they were sent with. */
static void add_quality(const struct gw_directive *directives, const struct gw_tally_row *row, double *sum,
                        double *n)
{
    for (uint32_t l = 0; directives != NULL && l < gw_directive_levels(directives); l++) {
        *sum += (double)row->level[l] * gw_directive_quality(directives, l);
        *n += (double)row->level[l];
    }
}

bool gw_tally_score(struct gw_tally *tally, const struct gw_scenario *sc, const struct gw_ledger *ledger,
                    struct gw_run_result *out)
{
    out->demand = gw_arena_array(&out->arena, sc->n_demands, sizeof *out->demand);
    out->sent_frac = gw_arena_array(&out->arena, (size_t)sc->n_demands * sc->n_sites, sizeof *out->sent_frac);
    out->ttft_count =
        gw_arena_array(&out->arena, (size_t)sc->n_demands * GW_RESULT_TTFT_BINS, sizeof *out->ttft_count);
    int64_t edge_us[GW_RESULT_TTFT_BINS + 1];
    gw_tally_ttft_edges(edge_us);
    bool good = out->demand != NULL && out->sent_frac != NULL && out->ttft_count != NULL;
    struct gw_tally_row all = {0};
    uint64_t slo_met = 0, slo_of = 0, missed = 0, batch = 0;
    double quality = 0.0, directed = 0.0;
    for (uint32_t d = 0; d < sc->n_demands && good; d++) {
        struct gw_tally_row row = {0};
        for (uint32_t s = 0; s < sc->n_sites && good; s++) {
            good = !tally[s].failed && merge_row(&row, &tally[s].row[d]);
        }
        if (good) {
            fill_demand(sc, ledger, d, &row, &out->demand[d]);
            gw_sketch_histogram(&row.ttft_us, edge_us, GW_RESULT_TTFT_BINS,
                                out->ttft_count + (size_t)d * GW_RESULT_TTFT_BINS);
            slo_met += out->demand[d].slo_met;
            slo_of += out->demand[d].slo_of;
            if (sc->demand[d].cfg->class == GW_CLASS_BATCH) {
                missed += row.sent - row.completed + row.late;
                batch += row.sent;
            }
            add_quality(sc->demand[d].cfg->directives, &row, &quality, &directed);
            good = merge_row(&all, &row);
        }
        for (uint32_t s = 0; s < sc->n_sites && good; s++) {
            const double sent = (double)tally[s].row[d].sent;
            out->sent_frac[(size_t)d * sc->n_sites + s] = row.sent > 0 ? sent / (double)row.sent : NAN;
        }
        fini_row(&row);
    }
    if (good) {
        fill_requests(sc, &all, slo_met, slo_of, out->score);
        out->score[GW_SCORE_DEADLINE_MISS] = batch > 0 ? (double)missed / (double)batch : NAN;
        out->score[GW_SCORE_QUALITY] = quotient(quality, directed);
        fill_books(sc, ledger, out->score);
        fill_supply(ledger, out->score);
        gw_indicators_fill(sc, ledger, out->score);
        out->score[GW_SCORE_RESIDUAL] =
            gw_audit_residual(sc, ledger, tally, sc->variant[out->policy].staged || sc->n_outages > 0);
    }
    fini_row(&all);
    return good;
}
