#include "models/serving/probe.h"

#include <math.h>

#include "sim/base/check.h"

static void take_apart(struct gw_probe *p, const struct gw_step_load *load)
{
    const struct gw_serving_terms *t = &p->terms;
    const double batch = (double)load->batch;
    p->fixed_s = t->fixed_s;
    p->layers_s = t->layers_s;
    const double missed = t->missed_frac > 0.0 ? pow(t->missed_frac, batch + (double)load->prompt_tok) : 0.0;
    const double window = t->window_frac;
    p->weights_s = t->weights_s * (1.0 - t->experts_frac * missed);
    p->seqs_s = batch * t->seq_s;
    p->flops_s = batch * t->seq_flop_s;
    p->kv_s = ((double)load->context * (1.0 - window) + (double)load->window * window) * t->kv_s;
    p->prompt_s = (double)load->prompt_tok * t->prompt_s;
    p->attention_s = ((double)load->pairs * (1.0 - window) + (double)load->window_pairs * window) * t->pair_s;
}

static double uncapped_s(const struct gw_probe *p)
{
    return p->fixed_s + p->layers_s + p->weights_s + p->seqs_s + p->flops_s + p->kv_s + p->prompt_s +
           p->attention_s;
}

static void add_power(struct gw_probe *p, const struct gw_step_load *load, gw_tick ticks)
{
    const struct gw_step_power *power = &p->cfg.power;
    const struct gw_power_state state = gw_step_power_state(power, load, ticks);
    p->mem_frac = state.mem_frac;
    p->flop_frac = state.flop_frac;
    p->replica_w = gw_step_power_w(power, load, ticks);
    p->accelerator_w = p->replica_w / power->n_accelerators;
}

static void add_memory(struct gw_probe *p, const struct gw_step_load *load)
{
    const struct gw_replica_cfg *cfg = &p->cfg;
    p->kv_tok_max = (double)cfg->kv_blocks * cfg->block_tok;
    p->kv_frac = (double)(load->context + load->prompt_kv) / p->kv_tok_max;
    p->within_limits = load->batch + load->prompts <= cfg->max_seqs &&
                       load->batch + load->prompt_tok <= cfg->token_budget && p->kv_frac <= 1.0;
}

enum gw_status gw_probe_step(const struct gw_serving_setup *setup, const struct gw_probe_point *point,
                             struct gw_probe *out, struct gw_error *err)
{
    GW_REQUIRE(point->batch >= 0 && point->context_tok >= 0 && point->prompt_tok >= 0);
    struct gw_probe p = {0};
    enum gw_status status = gw_serving_cfg_terms(setup, &p.terms, err);
    if (status == GW_OK) {
        status = gw_serving_cfg(setup, &p.cfg, err);
    }
    if (status != GW_OK) {
        return status;
    }
    const struct gw_step_load load =
        gw_serving_cfg_load(&p.cfg, point->batch, point->context_tok, point->prompt_tok);
    const gw_tick ticks = gw_step_time_of(&p.cfg.time, &load);
    take_apart(&p, &load);
    p.step_s = gw_step_time_s(ticks);
    p.capped_times = p.step_s / uncapped_s(&p);
    add_power(&p, &load, ticks);
    add_memory(&p, &load);
    p.tok_per_s = (double)point->batch / p.step_s;
    p.j_per_tok = point->batch > 0 ? p.replica_w / p.tok_per_s : INFINITY;
    *out = p;
    return GW_OK;
}
