#include "models/training/training.h"

#include <math.h>

#include "sim/base/check.h"
#include "sim/base/units.h"

/* An H100 draws 85 % of its limit while it trains and 15 % while a checkpoint is written (OLMo 2, 2025).
 * Steps are taken as smooth: what an exchange draws is not published. */
static const struct gw_training_power measured_power = {
    .compute_frac = 0.85,
    .exchange_frac = 0.85,
    .checkpoint_frac = 0.15,
    .exposed_frac = 0.0,
    .step_s = 10.0,
};

enum gw_status gw_training_defaults(struct gw_training_cfg *cfg, struct gw_arena *arena,
                                    struct gw_errors *errs)
{
    *cfg = (struct gw_training_cfg){
        .accelerators = 8,
        .sequence_tok = 4096.0,
        .attention_frac = 1.0,
        .precision_bits = 16,
        .mfu = NAN,
        .tflops = NAN,
        .tuning = gw_tuning_full(),
        .interval_s = NAN,
        .power = measured_power,
        .overhead = 1.0,
        .air_c = NAN,
    };
    const enum gw_status status = gw_bind_defaults(&gw_checkpoint_type, &cfg->checkpoint, arena, errs);
    return status != GW_OK ? status : gw_bind_defaults(&gw_failures_type, &cfg->failures, arena, errs);
}

static enum gw_status check(const struct gw_training_cfg *cfg, struct gw_error *err)
{
    if (!isnan(cfg->mfu) && !isnan(cfg->tflops)) {
        return gw_fail(err, GW_ERR_RANGE, "training", "an MFU and a rate say the same: give one of them");
    }
    if (isnan(cfg->mfu) && isnan(cfg->tflops) && cfg->efficiency == NULL) {
        return gw_fail(err, GW_ERR_RANGE, "training", "neither MFU, rate nor table of efficiencies");
    }
    if (!(cfg->tokens > 0.0) || cfg->accelerators < 1) {
        return gw_fail(err, GW_ERR_RANGE, "training", "%g tokens on %lld accelerators", cfg->tokens,
                       (long long)cfg->accelerators);
    }
    return GW_OK;
}

static void count_work(const struct gw_training_cfg *cfg, struct gw_training *out)
{
    out->tuning = gw_tuning_cost(&cfg->tuning);
    struct gw_flops_cfg work = gw_flops_of(cfg->llm, cfg->tokens, cfg->sequence_tok);
    work.per_param = out->tuning.total;
    work.forward = out->tuning.forward;
    work.attention_passes = out->tuning.attention_passes;
    work.attention_frac = cfg->attention_frac;
    work.recompute = cfg->recompute;
    out->flops = gw_flops_count(&work);
}

/* NAN: it has no such numbers. */
static double peak_tflops_of(const struct gw_accelerator *a, int64_t bits)
{
    switch (bits) {
    case 8:
        return a->fp8_tflops > 0.0 ? a->fp8_tflops : NAN;
    case 16:
        return a->dense_tflops;
    case 32:
        return 0.5 * a->dense_tflops;
    default:
        return NAN;
    }
}

/* MFU and HFU differ by what is computed again. */
static enum gw_status rate(const struct gw_training_cfg *cfg, struct gw_training *out, struct gw_error *err)
{
    const struct gw_accelerator *a = cfg->node->accelerator;
    const double peak_tflops = peak_tflops_of(a, cfg->precision_bits);
    const double again = out->flops.hardware / out->flops.model;
    if (isnan(peak_tflops)) {
        return gw_fail(err, GW_ERR_RANGE, "training", "a %s does not multiply numbers of %lld bits", a->name,
                       (long long)cfg->precision_bits);
    }
    if (!isnan(cfg->mfu)) {
        out->hfu = cfg->mfu * again;
    } else if (!isnan(cfg->tflops)) {
        out->hfu = cfg->tflops / peak_tflops;
    } else {
        out->table = gw_efficiency_hfu(cfg->efficiency, a->name, cfg->llm->params, (double)cfg->accelerators);
        out->hfu = out->table.hfu;
    }
    if (!(out->hfu > 0.0 && out->hfu <= 1.0)) {
        return gw_fail(err, GW_ERR_RANGE, "training", "%.3g TFLOP/s are not within the %.4g of a %s",
                       out->hfu * peak_tflops, peak_tflops, a->name);
    }
    if (!isnan(cfg->air_c) && cfg->efficiency != NULL) {
        out->hfu *= gw_efficiency_hot(cfg->efficiency, cfg->air_c);
    }
    out->mfu = out->hfu / again;
    out->tflops = out->hfu * peak_tflops;
    out->ideal_s = out->flops.hardware / ((double)cfg->accelerators * out->tflops * 1e12);
    return GW_OK;
}

/* Not before the last checkpoint is written, not within a step, at the latest at the end. */
static double best_interval_s(const struct gw_training_cfg *cfg, const struct gw_training *t, double mttf_s)
{
    const double least_s = fmax(t->checkpoint.write_s - t->checkpoint.blocking_s, cfg->power.step_s);
    const double daly_s = gw_checkpoint_daly_s(t->checkpoint.blocking_s, mttf_s);
    return fmin(fmax(daly_s, least_s), t->ideal_s);
}

static void add_failures(const struct gw_training_cfg *cfg, struct gw_training *out)
{
    out->nodes = ceil((double)cfg->accelerators / (double)cfg->node->count);
    out->checkpoint = gw_checkpoint_cost(&cfg->checkpoint, cfg->llm->params, out->tuning.trained_frac);
    const double eights = out->nodes * (double)cfg->node->count / 8.0; /* failures are counted by these */
    const double mttf_s = gw_failures_mttf_s(&cfg->failures, eights);
    const double w = out->checkpoint.blocking_s;
    out->interval_s = isnan(cfg->interval_s) ? best_interval_s(cfg, out, mttf_s) : cfg->interval_s;
    out->failures = gw_failures_cost(&cfg->failures, eights, out->interval_s, w);
    out->wall_s = out->ideal_s / out->failures.ettr_exact;
    out->accelerator_h = (double)cfg->accelerators * out->wall_s / 3600.0;
    out->billed_h = out->accelerator_h * cfg->overhead;
}

static void add_power(const struct gw_training_cfg *cfg, struct gw_training *out)
{
    const struct gw_machine *node = cfg->node;
    const struct gw_accelerator *a = node->accelerator;
    const struct gw_training_power *p = &cfg->power;
    out->waveform = (struct gw_waveform){
        .compute_w = p->compute_frac * a->tdp_w,
        .exchange_w = p->exchange_frac * a->tdp_w,
        .checkpoint_w = fmax(p->checkpoint_frac * a->tdp_w, a->loaded_idle_w),
        .step_s = p->step_s,
        .exposed_frac = p->exposed_frac,
        .interval_s = out->interval_s,
        .blocking_s = out->checkpoint.blocking_s,
    };
    out->compute_w = gw_machine_plug_w(node, gw_waveform_training_w(&out->waveform));
    out->checkpoint_w = gw_machine_plug_w(node, out->waveform.checkpoint_w);
    out->recover_w = gw_machine_plug_w(node, a->idle_w);

    /* work that is done again draws what work draws */
    const struct gw_failures_cost *f = &out->failures;
    const double computing = 1.0 - f->checkpoint_frac - f->recover_frac;
    out->mean_w = computing * out->compute_w + f->checkpoint_frac * out->checkpoint_w +
                  f->recover_frac * out->recover_w;
    out->it_kwh = gw_kwh_from_j(out->nodes * out->mean_w * out->wall_s);
    double low_w, high_w;
    gw_waveform_range_w(&out->waveform, &low_w, &high_w);
    out->swing_w = out->nodes * (gw_machine_plug_w(node, high_w) - gw_machine_plug_w(node, low_w));
}

enum gw_status gw_training_estimate(const struct gw_training_cfg *cfg, struct gw_training *out,
                                    struct gw_error *err)
{
    struct gw_training t = {0};
    enum gw_status status = check(cfg, err);
    if (status == GW_OK) {
        count_work(cfg, &t);
        status = rate(cfg, &t, err);
    }
    if (status != GW_OK) {
        return status;
    }
    add_failures(cfg, &t);
    if (!(t.failures.ettr_exact > 0.0)) {
        return gw_fail(err, GW_ERR_RANGE, "training", "with a failure every %.3g s it never ends",
                       t.failures.mttf_s);
    }
    add_power(cfg, &t);
    *out = t;
    return GW_OK;
}

double gw_training_hours(double model_flop, double peak_tflops, double mfu)
{
    GW_REQUIRE(peak_tflops > 0.0 && mfu > 0.0);
    return model_flop / (peak_tflops * 1e12 * mfu) / 3600.0;
}

double gw_training_mfu(double model_flop, double peak_tflops, double hours)
{
    GW_REQUIRE(peak_tflops > 0.0 && hours > 0.0);
    return model_flop / (peak_tflops * 1e12) / (3600.0 * hours);
}
