#include "sim/run/wire.h"

#include <math.h>

#include "models/network/egress.h"
#include "models/network/jitter.h"
#include "models/network/payload.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"

bool gw_wire_init(struct gw_wire *self, const struct gw_scenario *sc, uint32_t replication,
                  struct gw_arena *arena)
{
    *self = (struct gw_wire){
        .sc = sc,
        .key = gw_arena_array(arena, sc->n_demands, sizeof *self->key),
        .row = gw_arena_array(arena, (size_t)sc->n_sites * sc->n_demands, sizeof *self->row),
    };
    if (self->key == NULL || self->row == NULL) {
        return false;
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        struct gw_text name = {0};
        gw_text_addf(&name, "requests/%s", sc->demand[d].name);
        self->key[d] = name.failed ? 0 : gw_rng_seed((uint64_t)sc->cfg.seed, replication, name.at);
        const bool failed = name.failed;
        gw_text_fini(&name);
        if (failed) {
            return false;
        }
    }
    return true;
}

gw_time_us gw_wire_late_us(const struct gw_wire *self, uint32_t d, uint32_t s, uint64_t number,
                           uint32_t in_tok)
{
    const struct gw_network_cfg *cfg = &self->sc->cfg.network;
    const gw_time_us rtt_us = self->sc->demand[d].rtt_us[s];
    gw_time_us late_us = 0;
    if (cfg->jitter > 0.0) {
        const uint64_t request = gw_rng_request_key(self->key[d], 0, number, 0);
        late_us += gw_jitter_us(cfg->jitter, rtt_us, gw_rng_draw(request, GW_DRAW_JITTER));
    }
    if (!isnan(cfg->bandwidth.user_gbps)) {
        const double gbps = gw_bandwidth_user(&cfg->bandwidth, gw_ms_from_us((double)rtt_us));
        const double gb = gw_payload_gb(gw_payload_in_bytes(cfg, in_tok));
        late_us += llround(1e6 * gw_bandwidth_transfer_s(gb, gbps, 0.0));
    }
    return late_us;
}

static struct gw_wire_row *row_of(const struct gw_wire *self, uint32_t d, uint32_t s)
{
    return &self->row[(size_t)s * self->sc->n_demands + d];
}

void gw_wire_answered(struct gw_wire *self, uint32_t d, uint32_t s, gw_time_us sent_us, uint32_t out_tok)
{
    if (sent_us >= 0) {
        row_of(self, d, s)->out_bytes += gw_payload_out_bytes(&self->sc->cfg.network, out_tok);
    }
}

void gw_wire_carried(struct gw_wire *self, uint32_t d, uint32_t s, gw_time_us sent_us, uint32_t in_tok,
                     uint32_t out_tok)
{
    if (sent_us >= 0) {
        row_of(self, d, s)->in_bytes += gw_payload_in_bytes(&self->sc->cfg.network, in_tok);
    }
    gw_wire_answered(self, d, s, sent_us, out_tok);
}

void gw_wire_handed_over(struct gw_wire *self, uint32_t d, gw_time_us sent_us, uint32_t in_tok)
{
    const struct gw_model *model = &self->sc->model[self->sc->demand[d].model];
    if (sent_us >= 0) {
        const double kv_bytes = model->kv_bytes_per_tok * in_tok;
        row_of(self, d, model->prefill_site)->in_bytes += gw_payload_in_bytes(&self->sc->cfg.network, in_tok);
        row_of(self, d, model->prefill_site)->kv_bytes += kv_bytes;
        row_of(self, d, model->decode_site)->kv_bytes += kv_bytes;
    }
}

void gw_wire_carried_many(struct gw_wire *self, uint32_t d, uint32_t s, double n, double in_tok,
                          double out_tok)
{
    const struct gw_network_cfg *cfg = &self->sc->cfg.network;
    row_of(self, d, s)->in_bytes += n * gw_payload_in_bytes(cfg, in_tok);
    row_of(self, d, s)->out_bytes += n * gw_payload_out_bytes(cfg, out_tok);
}

static double usd_per_gb(const struct gw_scenario *sc, uint32_t s)
{
    const struct gw_egress *list = sc->cfg.network.egress;
    return list != NULL ? gw_egress_user(list, sc->site[s].place) : 0.0;
}

/* Of keys and values that row d hands over from a site to another one. */
static double kv_usd_per_gb(const struct gw_scenario *sc, uint32_t d)
{
    const struct gw_model *model = &sc->model[sc->demand[d].model];
    const struct gw_egress *list = sc->cfg.network.egress;
    return list != NULL ? gw_egress_sites(list, sc->site[model->prefill_site].place,
                                          sc->site[model->decode_site].place)
                        : 0.0;
}

void gw_wire_read(struct gw_wire *self, uint32_t s, double *entry, double *share)
{
    const double price = usd_per_gb(self->sc, s);
    double in_bytes = 0.0, out_bytes = 0.0, kv_kwh = 0.0, kv_usd = 0.0;
    for (uint32_t d = 0; d < self->sc->n_demands; d++) {
        struct gw_wire_row *row = row_of(self, d, s);
        in_bytes += row->in_bytes;
        out_bytes += row->out_bytes;
        share[(size_t)d * GW_SHARE_COUNT + GW_SHARE_COST_USD] += gw_payload_gb(row->out_bytes) * price;
        if (row->kv_bytes > 0.0) {
            const bool sends = self->sc->model[self->sc->demand[d].model].prefill_site == s;
            const double half_usd = 0.5 * gw_payload_gb(row->kv_bytes) * kv_usd_per_gb(self->sc, d);
            share[(size_t)d * GW_SHARE_COUNT + GW_SHARE_COST_USD] += half_usd;
            kv_usd += half_usd;
            kv_kwh += 0.5 * gw_payload_kwh(&self->sc->cfg.network, row->kv_bytes);
            entry[GW_ACCOUNT_NETWORK_OUT] += sends ? gw_payload_gb(row->kv_bytes) : 0.0;
            entry[GW_ACCOUNT_NETWORK_IN] += sends ? 0.0 : gw_payload_gb(row->kv_bytes);
        }
        *row = (struct gw_wire_row){0};
    }
    entry[GW_ACCOUNT_NETWORK_IN] += gw_payload_gb(in_bytes);
    entry[GW_ACCOUNT_NETWORK_OUT] += gw_payload_gb(out_bytes);
    entry[GW_ACCOUNT_NETWORK] = gw_payload_kwh(&self->sc->cfg.network, in_bytes + out_bytes) + kv_kwh;
    entry[GW_ACCOUNT_TRANSFER] = gw_payload_gb(out_bytes) * price + kv_usd;
}

double gw_wire_answer_usd(const struct gw_scenario *sc, uint32_t s, double out_tok)
{
    return gw_payload_gb(gw_payload_out_bytes(&sc->cfg.network, out_tok)) * usd_per_gb(sc, s);
}
