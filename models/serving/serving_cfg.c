/* From catalogue entries to the integers of a replica. */
#include <math.h>
#include <string.h>

#include "models/hardware/llm_shape.h"
#include "models/hardware/power_cap.h"
#include "models/serving/serving.h"

/* --- terms -------------------------------------------------------------------------------------- */

/* Of the power above loaded idle what a locked clock and the techniques take away. A clock is a cap seen from
 * the other side: work at the limit keeps the share of its power at which it would be as fast. */
static double saved_frac(const struct gw_serving_setup *s, const struct gw_technique_effect *e)
{
    const struct gw_accelerator *a = s->node->accelerator;
    if (!(s->clock_frac > 0.0)) {
        return 1.0 - e->power;
    }
    const double left_w = gw_power_cap_power(&a->cap, s->clock_frac) * a->tdp_w - a->loaded_idle_w;
    return 1.0 - e->power * fmax(left_w, 0.0) / (a->tdp_w - a->loaded_idle_w);
}

/* eq. 1, 5 and 6 of docs/models/hardware.md. A step under drafting emits several tokens of each sequence: its
 * times are those per token emitted, unless the tokens are drawn. */
static void fill_terms(const struct gw_serving_setup *s, const struct gw_engine_fit *fit,
                       struct gw_serving_terms *out)
{
    const struct gw_accelerator *a = s->node->accelerator;
    const struct gw_llm *llm = s->llm;
    const struct gw_technique_effect none = gw_technique_compose(NULL, 0);
    const struct gw_technique_effect *e = s->effect != NULL ? s->effect : &none;
    const double n = (double)s->tensor_parallel;
    const double stages = (double)gw_serving_stages(s);
    const double bytes_per_s = n * a->bandwidth_gb_per_s * 1e9;
    const double flop_per_s = n * a->dense_tflops * 1e12;
    const double slower = s->clock_frac > 0.0 ? 1.0 / s->clock_frac : 1.0;
    const double layers = (double)llm->layers * e->layers;
    const double layer_us = fit->layer_us + (s->tensor_parallel > 1 ? fit->layer_parallel_us : 0.0);
    const double tok_s = 2.0 * llm->active_params * e->params * e->arithmetic * gw_llm_arithmetic(llm, a) /
                         flop_per_s / stages;
    const double pair_s = 4.0 * layers * (double)llm->hidden / flop_per_s / stages;
    const double weight_bytes =
        a->hardwired_llm != NULL ? 0.0 : gw_llm_weight_bytes(llm) * e->params * e->weight_bytes;
    const double kv_bytes = gw_llm_kv_bytes(llm) * e->layers * e->kv_bytes;
    const bool drawn = s->drawn && e->draft_tokens > 0.0;
    const double emitted = drawn ? 1.0 : e->tokens_per_step, drafting = e->step_time - 1.0;
    const double step_time = drawn ? 1.0 : e->step_time;
    const double step = e->decode_time * step_time / emitted;
    const double token = e->decode_time / emitted;
    const double fixed_us = stages * (fit->step_us + (stages > 1.0 ? s->engine->stage_us : 0.0));
    const double read_s = weight_bytes / bytes_per_s;
    *out = (struct gw_serving_terms){
        .fixed_s = fixed_us * 1e-6 * step,
        .layers_s = layers * layer_us * 1e-6 * step,
        .weights_s = read_s * fit->weight_inv_eff * step,
        .read_draft_s = drawn ? read_s * drafting : 0.0,
        .draft_s =
            drawn ? ((fixed_us + layers * layer_us) * 1e-6 + read_s * fit->weight_inv_eff) * step * drafting
                  : 0.0,
        .seq_s = fit->seq_us * 1e-6 * token,
        .seq_flop_s = tok_s * e->verified * fit->decode_flop_inv_eff * token * slower,
        .kv_s = kv_bytes / bytes_per_s / stages * fit->kv_inv_eff * token,
        .prompt_s = tok_s / fit->prompt_flop_eff * slower,
        .pair_s = pair_s / fit->prompt_flop_eff * slower,
        .window_tok = llm->window_tok,
        .window_frac = (double)llm->window_layers / (double)llm->layers,
        .experts_frac = gw_llm_shape_expert_params(llm) / llm->params,
        .missed_frac = pow(1.0 - (double)llm->top_experts / (double)llm->experts, 1.0 / stages),
        .verify_s = tok_s * (e->verified / emitted - 1.0),
        .saved_frac = saved_frac(s, e),
        .read_s = read_s * step_time / emitted,
        .read_kv_s = kv_bytes / bytes_per_s / stages / emitted,
        .tok_s = tok_s,
        .attend_s = pair_s,
        .weight_bytes = weight_bytes,
        .kv_bytes_per_tok = kv_bytes,
        .memory_bytes = n * stages * (s->engine->memory_frac * a->memory_gb - s->engine->activation_gb) * 1e9,
        .bytes_per_s = bytes_per_s * stages,
        .flop_per_s = flop_per_s * stages,
        .quality = (enum gw_fit_quality)fit->quality,
    };
}

enum gw_status gw_serving_cfg_terms(const struct gw_serving_setup *setup, struct gw_serving_terms *out,
                                    struct gw_error *err)
{
    const struct gw_machine *node = setup->node;
    const struct gw_accelerator *a = node->accelerator;
    const struct gw_engine *engine = setup->engine;
    const struct gw_llm *llm = setup->llm;
    const int64_t tp = setup->tensor_parallel;
    const int64_t stages = gw_serving_stages(setup);
    if (stages > llm->layers) {
        return gw_fail(err, GW_ERR_RANGE, "",
                       "pipeline_parallel %lld needs a layer for each stage; %s has %lld", (long long)stages,
                       llm->name, (long long)llm->layers);
    }
    if (tp >= 1 && stages > 1 && node->count % (tp * stages) != 0) {
        return gw_fail(
            err, GW_ERR_RANGE, "",
            "a node %s has %lld accelerators, which is not a multiple of tensor_parallel %lld times "
            "pipeline_parallel %lld",
            node->name, (long long)node->count, (long long)tp, (long long)stages);
    }
    if (tp < 1 || node->count % tp != 0) {
        return gw_fail(err, GW_ERR_RANGE, "",
                       "a node %s has %lld accelerators, which is not a multiple of tensor_parallel %lld",
                       node->name, (long long)node->count, (long long)tp);
    }
    const struct gw_engine_fit *fit = gw_engine_fit_for(engine, a);
    if (fit == NULL) {
        return gw_fail(err, GW_ERR_UNKNOWN, "", "the engine %s has no coefficients for the accelerator %s",
                       engine->name, a->name);
    }

    if (a->hardwired_llm != NULL && strcmp(a->hardwired_llm, llm->name) != 0) {
        return gw_fail(err, GW_ERR_RANGE, "", "the accelerator %s is wired for %s and cannot run %s", a->name,
                       a->hardwired_llm, llm->name);
    }
    if (setup->clock_frac > 0.0 && setup->clock_frac < gw_power_cap_lowest_speed(&a->cap)) {
        return gw_fail(err, GW_ERR_RANGE, "",
                       "a clock at %.2f of the highest is below %.2f: what a lower one saves is not known",
                       setup->clock_frac, gw_power_cap_lowest_speed(&a->cap));
    }
    fill_terms(setup, fit, out);
    return GW_OK;
}

static double ticks(double s)
{
    return s * 1e6 * (double)GW_TICKS_PER_US;
}

static gw_tick whole_ticks(double s)
{
    return (gw_tick)llrint(ticks(s));
}

static uint32_t missed_of(const struct gw_serving_terms *t)
{
    return (uint32_t)(t->missed_frac * 4294967296.0);
}

/* Times longer by a factor each for what decodes and for what reads prompts. */
static struct gw_step_time time_of(const struct gw_serving_terms *t, double decode_times, double prompt_times)
{
    const double full = 1.0 - t->window_frac;
    return (struct gw_step_time){
        .step = whole_ticks((t->fixed_s + t->layers_s + t->weights_s) * decode_times),
        .seq = whole_ticks((t->seq_s + t->seq_flop_s) * decode_times),
        .kv = whole_ticks(t->kv_s * full * decode_times),
        .prompt = whole_ticks(t->prompt_s * prompt_times),
        .pair = whole_ticks(t->pair_s * full * prompt_times),
        .window_kv = whole_ticks(t->kv_s * t->window_frac * decode_times),
        .window_pair = whole_ticks(t->pair_s * t->window_frac * prompt_times),
        .window = t->window_tok,
        .expert = t->missed_frac > 0.0 ? whole_ticks(t->weights_s * t->experts_frac * decode_times) : 0,
        .missed = missed_of(t),
        .draft = whole_ticks(t->draft_s * decode_times),
    };
}

static struct gw_step_power power_of(const struct gw_serving_setup *s, const struct gw_serving_terms *t)
{
    const struct gw_accelerator *a = s->node->accelerator;
    return (struct gw_step_power){
        .law = gw_power_law_find(a->power.name),
        .law_cfg = a->power.cfg,
        .mem_step_ticks = ticks(t->read_s),
        .mem_kv_ticks = ticks(t->read_kv_s * (1.0 - t->window_frac)),
        .flop_tok_ticks = ticks(t->tok_s),
        .flop_pair_ticks = ticks(t->attend_s * (1.0 - t->window_frac)),
        .flop_verify_ticks = ticks(t->verify_s),
        .saved_frac = t->saved_frac,
        .cap_w = fmin(s->cap_w, a->tdp_w),
        .idle_w = a->loaded_idle_w,
        .n_accelerators = (double)(s->tensor_parallel * gw_serving_stages(s)),
        .has_shape =
            t->window_frac > 0.0 || t->missed_frac > 0.0 || gw_serving_stages(s) > 1 || t->read_draft_s > 0.0,
        .mem_draft_ticks = ticks(t->read_draft_s),
        .stages = (double)gw_serving_stages(s),
        .mem_window_ticks = ticks(t->read_kv_s * t->window_frac),
        .flop_window_ticks = ticks(t->attend_s * t->window_frac),
        .mem_expert_ticks = t->missed_frac > 0.0 ? ticks(t->read_s * t->experts_frac) : 0.0,
        .missed = missed_of(t),
    };
}

struct gw_step_load gw_serving_cfg_load(const struct gw_replica_cfg *cfg, int64_t batch, int64_t context_tok,
                                        int64_t prompt_tok)
{
    const int64_t w = cfg->time.window;
    return (struct gw_step_load){
        .batch = batch,
        .context = batch * context_tok,
        .prompt_tok = prompt_tok,
        .pairs = prompt_tok * (prompt_tok + 1) / 2,
        .prompt_kv = prompt_tok,
        .prompts = prompt_tok > 0,
        .window = batch * (context_tok < w ? context_tok : w),
        .growing = context_tok < w ? batch : 0,
        .window_pairs = gw_step_time_window_pairs(0, prompt_tok, w),
        .window_kv = w > 0 ? prompt_tok : 0,
    };
}

/* --- power caps --------------------------------------------------------------------------------- */

/* How many times longer such a step takes under the cap than at the accelerator's own limit. */
static enum gw_status slowdown(const struct gw_replica_cfg *cfg, const struct gw_accelerator *a,
                               const struct gw_step_load *load, double *times, struct gw_error *err)
{
    struct gw_step_power uncapped = cfg->power;
    uncapped.cap_w = a->tdp_w;
    const double wanted_w =
        gw_step_power_w(&uncapped, load, gw_step_time_of(&cfg->time, load)) / uncapped.n_accelerators;
    const double lowest_w = gw_power_cap_lowest(&a->cap) * wanted_w;
    if (cfg->power.cap_w < lowest_w) {
        return gw_fail(
            err, GW_ERR_RANGE, "",
            "a cap of %g W is below %.0f W: what a lower one does to a step that wants %.0f W is not "
            "known",
            cfg->power.cap_w, lowest_w, wanted_w);
    }
    *times = 1.0 / gw_power_cap_speed(&a->cap, cfg->power.cap_w, wanted_w);
    return GW_OK;
}

/* A cap slows prompts by what it takes from a step full of prompt tokens, and decoding by what it takes from
 * a full batch with half of the KV cache in use: hungry steps, so that no energy is won for nothing. */
static enum gw_status apply_cap(const struct gw_accelerator *a, const struct gw_serving_terms *terms,
                                struct gw_replica_cfg *cfg, struct gw_error *err)
{
    if (cfg->power.cap_w >= a->tdp_w) {
        return GW_OK;
    }
    const int64_t n = cfg->token_budget;
    const struct gw_step_load prompt = gw_serving_cfg_load(cfg, 0, 0, n);
    const int64_t half_tok = (int64_t)cfg->kv_blocks * cfg->block_tok / 2;
    struct gw_step_load decode = gw_serving_cfg_load(cfg, cfg->max_seqs, half_tok / cfg->max_seqs, 0);
    decode.context = half_tok;
    double decode_times = 1.0, prompt_times = 1.0;
    enum gw_status status = slowdown(cfg, a, &decode, &decode_times, err);
    if (status == GW_OK) {
        status = slowdown(cfg, a, &prompt, &prompt_times, err);
    }
    cfg->time = time_of(terms, decode_times, prompt_times);
    cfg->time.drafted = cfg->drafts.tokens;
    return status;
}

/* --- the whole ---------------------------------------------------------------------------------- */

static enum gw_status fill_blocks(const struct gw_serving_setup *s, const struct gw_serving_terms *t,
                                  struct gw_replica_cfg *cfg, struct gw_error *err)
{
    const double block_bytes = t->kv_bytes_per_tok * (double)s->engine->block_tok;
    const double blocks = floor((t->memory_bytes - t->weight_bytes) / block_bytes);
    if (!(blocks >= 1.0)) {
        return gw_fail(err, GW_ERR_RANGE, "",
                       "the weights of %s take %.1f GB, but %s may fill only %.1f GB on %lld %s",
                       s->llm->name, t->weight_bytes / 1e9, s->engine->name, fmax(t->memory_bytes / 1e9, 0.0),
                       (long long)(s->tensor_parallel * gw_serving_stages(s)), s->node->accelerator->name);
    }
    const double held = fmin(blocks, (double)(INT32_MAX / s->engine->block_tok));
    const double unit_tok = (double)s->engine->prefix_unit_tok;
    const double units = floor(s->engine->prefix_frac * held * (double)s->engine->block_tok / unit_tok);
    cfg->prefix_units = (int32_t)units;
    cfg->prefix_unit_tok = (int32_t)unit_tok;
    cfg->kv_blocks = (int32_t)fmax(held - ceil(units * unit_tok / (double)s->engine->block_tok), 1.0);
    return GW_OK;
}

static int64_t rank_us(const struct gw_engine *e)
{
    return llrint(1e3 * (e->admission == GW_ADMISSION_PRIORITY ? e->priority_ms : e->length_ms));
}

/* A day; the engine's ticks hold three, and a cap does not double a step. */
static const double longest_step_s = 86400.0;

/* Every sequence running, the KV cache full, the whole budget one chunk at the end of the cache. */
static double full_step_s(const struct gw_serving_terms *t, const struct gw_replica_cfg *cfg)
{
    const double context = (double)cfg->kv_blocks * cfg->block_tok;
    return t->fixed_s + t->layers_s + t->weights_s + t->draft_s + cfg->max_seqs * (t->seq_s + t->seq_flop_s) +
           context * t->kv_s + cfg->token_budget * (t->prompt_s + (context + cfg->token_budget) * t->pair_s);
}

static struct gw_drafts drafts_of(const struct gw_serving_setup *s)
{
    if (!s->drawn || s->effect == NULL || !(s->effect->draft_tokens > 0.0)) {
        return (struct gw_drafts){0};
    }
    return (struct gw_drafts){.tokens = (int32_t)lrint(s->effect->draft_tokens),
                              .accept = (uint32_t)(s->effect->accept * 4294967296.0)};
}

enum gw_status gw_serving_cfg(const struct gw_serving_setup *setup, struct gw_replica_cfg *out,
                              struct gw_error *err)
{
    struct gw_serving_terms terms;
    enum gw_status status = gw_serving_cfg_terms(setup, &terms, err);
    if (status != GW_OK) {
        return status;
    }
    const struct gw_engine *engine = setup->engine;
    struct gw_replica_cfg cfg = {
        .power = power_of(setup, &terms),
        .max_seqs = (int32_t)engine->max_seqs,
        .token_budget = (int32_t)engine->token_budget,
        .block_tok = (int32_t)engine->block_tok,
        .admission = (enum gw_admission)engine->admission,
        .rank_us = rank_us(engine),
        .drafts = drafts_of(setup),
    };
    status = fill_blocks(setup, &terms, &cfg, err);
    if (status == GW_OK && full_step_s(&terms, &cfg) > longest_step_s) {
        status = gw_fail(err, GW_ERR_RANGE, "", "a full step of %s would take days", setup->llm->name);
    }
    if (status == GW_OK) {
        cfg.time = time_of(&terms, 1.0, 1.0);
        cfg.time.drafted = cfg.power.drafted = cfg.drafts.tokens;
        status = apply_cap(setup->node->accelerator, &terms, &cfg, err);
    }
    if (status == GW_OK) {
        *out = cfg;
    }
    return status;
}
