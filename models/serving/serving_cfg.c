/* From catalogue entries to the integers of a replica. */
#include <math.h>

#include "models/hardware/power_cap.h"
#include "models/serving/serving.h"

/* --- terms -------------------------------------------------------------------------------------- */

enum gw_status gw_serving_cfg_terms(const struct gw_serving_setup *setup, struct gw_serving_terms *out,
                                    struct gw_error *err)
{
    const struct gw_machine *node = setup->node;
    const struct gw_accelerator *a = node->accelerator;
    const struct gw_engine *engine = setup->engine;
    const struct gw_llm *llm = setup->llm;
    const int64_t tp = setup->tensor_parallel;
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

    /* eq. 1 of docs/models/hardware.md */
    const double n = (double)tp;
    const double bytes_per_s = n * a->bandwidth_gb_per_s * 1e9;
    const double flop_per_s = n * a->dense_tflops * 1e12;
    const double layers = (double)llm->layers;
    const double layer_us = fit->layer_us + (tp > 1 ? fit->layer_parallel_us : 0.0);
    const double token_flop = 2.0 * llm->active_params;
    const double pair_flop = 4.0 * layers * (double)llm->hidden;
    *out = (struct gw_serving_terms){
        .fixed_s = fit->step_us * 1e-6,
        .layers_s = layers * layer_us * 1e-6,
        .weights_s = gw_llm_weight_bytes(llm) / bytes_per_s * fit->weight_inv_eff,
        .seq_s = fit->seq_us * 1e-6,
        .seq_flop_s = token_flop / flop_per_s * fit->decode_flop_inv_eff,
        .kv_s = gw_llm_kv_bytes(llm) / bytes_per_s * fit->kv_inv_eff,
        .prompt_s = token_flop / (flop_per_s * fit->prompt_flop_eff),
        .pair_s = pair_flop / (flop_per_s * fit->prompt_flop_eff),
        .weight_bytes = gw_llm_weight_bytes(llm),
        .kv_bytes_per_tok = gw_llm_kv_bytes(llm),
        .memory_bytes = n * (engine->memory_frac * a->memory_gb - engine->activation_gb) * 1e9,
        .bytes_per_s = bytes_per_s,
        .flop_per_s = flop_per_s,
        .quality = (enum gw_fit_quality)fit->quality,
    };
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

/* Times longer by a factor each for what decodes and for what reads prompts. */
static struct gw_step_time time_of(const struct gw_serving_terms *t, double decode_times, double prompt_times)
{
    return (struct gw_step_time){
        .step = whole_ticks((t->fixed_s + t->layers_s + t->weights_s) * decode_times),
        .seq = whole_ticks((t->seq_s + t->seq_flop_s) * decode_times),
        .kv = whole_ticks(t->kv_s * decode_times),
        .prompt = whole_ticks(t->prompt_s * prompt_times),
        .pair = whole_ticks(t->pair_s * prompt_times),
    };
}

static struct gw_step_power power_of(const struct gw_serving_setup *s, const struct gw_serving_terms *t)
{
    const struct gw_llm *llm = s->llm;
    const struct gw_accelerator *a = s->node->accelerator;
    return (struct gw_step_power){
        .law = gw_power_law_find(a->power.name),
        .law_cfg = a->power.cfg,
        .mem_step_ticks = ticks(t->weight_bytes / t->bytes_per_s),
        .mem_kv_ticks = ticks(t->kv_bytes_per_tok / t->bytes_per_s),
        .flop_tok_ticks = ticks(2.0 * llm->active_params / t->flop_per_s),
        .flop_pair_ticks = ticks(4.0 * (double)(llm->layers * llm->hidden) / t->flop_per_s),
        .cap_w = fmin(s->cap_w, a->tdp_w),
        .idle_w = a->loaded_idle_w,
        .n_accelerators = (double)s->tensor_parallel,
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
    const double lowest_w = gw_power_cap_lowest(a->cap_static_frac) * wanted_w;
    if (cfg->power.cap_w < lowest_w) {
        return gw_fail(
            err, GW_ERR_RANGE, "",
            "a cap of %g W is below %.0f W: what a lower one does to a step that wants %.0f W is not "
            "known",
            cfg->power.cap_w, lowest_w, wanted_w);
    }
    *times = 1.0 / gw_power_cap_speed(a->cap_static_frac, a->cap_exponent, cfg->power.cap_w, wanted_w);
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
    const struct gw_step_load prompt = {
        .prompt_tok = n, .pairs = n * (n + 1) / 2, .prompt_kv = n, .prompts = 1};
    const struct gw_step_load decode = {.batch = cfg->max_seqs,
                                        .context = (int64_t)cfg->kv_blocks * cfg->block_tok / 2};
    double decode_times = 1.0, prompt_times = 1.0;
    enum gw_status status = slowdown(cfg, a, &decode, &decode_times, err);
    if (status == GW_OK) {
        status = slowdown(cfg, a, &prompt, &prompt_times, err);
    }
    cfg->time = time_of(terms, decode_times, prompt_times);
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
                       (long long)s->tensor_parallel, s->node->accelerator->name);
    }
    cfg->kv_blocks = (int32_t)fmin(blocks, (double)(INT32_MAX / s->engine->block_tok));
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
    return t->fixed_s + t->layers_s + t->weights_s + cfg->max_seqs * (t->seq_s + t->seq_flop_s) +
           context * t->kv_s + cfg->token_budget * (t->prompt_s + (context + cfg->token_budget) * t->pair_s);
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
    };
    status = fill_blocks(setup, &terms, &cfg, err);
    if (status == GW_OK && full_step_s(&terms, &cfg) > longest_step_s) {
        status = gw_fail(err, GW_ERR_RANGE, "", "a full step of %s would take days", setup->llm->name);
    }
    if (status == GW_OK) {
        cfg.time = time_of(&terms, 1.0, 1.0);
        status = apply_cap(setup->node->accelerator, &terms, &cfg, err);
    }
    if (status == GW_OK) {
        *out = cfg;
    }
    return status;
}
