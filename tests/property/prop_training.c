/* Trainings drawn at random: what more work, more accelerators, more failures and other intervals may do. */
#include "tests/support/entries.h"

#include <gsl/gsl_rng.h>

#include "models/training/training.h"
#include "sim/core/rng.h"

enum { TRIALS = 2000 };

static double between(gsl_rng *r, double low, double high)
{
    return low + (high - low) * gsl_rng_uniform(r);
}

/* Sizes over orders of magnitude. */
static double spread(gsl_rng *r, double low, double high)
{
    return low * pow(high / low, gsl_rng_uniform(r));
}

static struct gw_training_cfg drawn(struct entries *w, gsl_rng *r)
{
    static const char *const llms[] = {"llama-2-7b", "llama-3.1-70b", "mixtral-8x7b", "llama-3.1-405b"};
    static const char *const nodes[] = {"a100x8", "h100x8", "v100x8", "h100x4"};
    struct gw_training_cfg cfg;
    assert_int_equal(gw_training_defaults(&cfg, &w->arena, NULL), GW_OK);
    cfg.llm = entry(w, "llm", llms[gsl_rng_uniform_int(r, 4)]);
    cfg.node = entry(w, "node", nodes[gsl_rng_uniform_int(r, 4)]);
    cfg.efficiency = entry(w, "efficiency", "megatron-a100");
    cfg.accelerators = (int64_t)spread(r, 8.0, 32768.0);
    cfg.tokens = spread(r, 1e9, 1e13);
    cfg.sequence_tok = spread(r, 512.0, 32768.0);
    cfg.recompute = (int32_t)gsl_rng_uniform_int(r, GW_FLOPS_RECOMPUTES);
    cfg.tuning = (struct gw_tuning_cfg){.method = (int32_t)gsl_rng_uniform_int(r, GW_TUNING_METHODS),
                                        .frac = between(r, 0.01, 1.0),
                                        .kept_frac = between(r, 0.5, 1.0)};
    cfg.failures.per_node_day = spread(r, 1e-4, 2e-2);
    cfg.failures.restart_s = between(r, 0.0, 1800.0);
    cfg.failures.spares = (int64_t)gsl_rng_uniform_int(r, 8);
    cfg.failures.repair_h = between(r, 0.0, 12.0);
    cfg.checkpoint.stall_s = between(r, 0.0, 60.0);
    return cfg;
}

static struct gw_training estimate(const struct gw_training_cfg *cfg, int trial)
{
    struct gw_training t;
    struct gw_error err;
    if (gw_training_estimate(cfg, &t, &err) != GW_OK) {
        fail_msg("trial %d: %s", trial, err.why);
    }
    return t;
}

static void shares_and_rates_stay_within_their_bounds(void **state)
{
    gsl_rng *r = gw_rng_create(20240607, 0, "prop/training/bounds");
    for (int trial = 0; trial < TRIALS; trial++) {
        const struct gw_training_cfg cfg = drawn(*state, r);
        const struct gw_training t = estimate(&cfg, trial);
        const struct gw_failures_cost *f = &t.failures;
        assert_near(f->ettr_exact + f->checkpoint_frac + f->lost_frac + f->recover_frac, 1.0, 1e-9, 0.0);
        if (!(t.mfu > 0.0 && t.mfu <= t.hfu && t.hfu <= 1.0 && t.wall_s >= t.ideal_s && f->lost_frac >= 0.0 &&
              f->recover_frac >= 0.0 && t.mean_w <= t.compute_w && t.mean_w >= t.recover_w)) {
            fail_msg("trial %d: MFU %.17g of HFU %.17g, wall %.17g of %.17g s, %.17g W", trial, t.mfu, t.hfu,
                     t.wall_s, t.ideal_s, t.mean_w);
        }
    }
    gsl_rng_free(r);
}

/* Twice the tokens, twice the time; more failures or a longer recovery, never less. */
static void more_work_or_trouble_takes_longer(void **state)
{
    gsl_rng *r = gw_rng_create(20240607, 0, "prop/training/longer");
    for (int trial = 0; trial < TRIALS; trial++) {
        struct gw_training_cfg cfg = drawn(*state, r);
        cfg.interval_s = spread(r, 60.0, 7200.0);
        const struct gw_training t = estimate(&cfg, trial);
        cfg.tokens *= 2.0;
        assert_near(estimate(&cfg, trial).wall_s, 2.0 * t.wall_s, 1e-9, 0.0);
        cfg.tokens *= 0.5;
        cfg.failures.per_node_day *= 1.5;
        const double frailer_s = estimate(&cfg, trial).wall_s;
        cfg.failures.restart_s += 300.0;
        const double slower_s = estimate(&cfg, trial).wall_s;
        if (!(frailer_s > t.wall_s && slower_s > frailer_s)) {
            fail_msg("trial %d: %.17g, %.17g, %.17g s", trial, t.wall_s, frailer_s, slower_s);
        }
    }
    gsl_rng_free(r);
}

/* Without failures twice the accelerators are faster, but never twice as fast. */
static void more_accelerators_are_faster_and_less_efficient(void **state)
{
    gsl_rng *r = gw_rng_create(20240607, 0, "prop/training/accelerators");
    for (int trial = 0; trial < TRIALS; trial++) {
        struct gw_training_cfg cfg = drawn(*state, r);
        const double few_s = estimate(&cfg, trial).ideal_s;
        cfg.accelerators *= 2;
        const double many_s = estimate(&cfg, trial).ideal_s;
        if (!(many_s < few_s && many_s >= 0.5 * few_s * (1.0 - 1e-12))) {
            fail_msg("trial %d: %.17g s on n, %.17g s on 2 n", trial, few_s, many_s);
        }
    }
    gsl_rng_free(r);
}

/* Daly's interval costs at most 0.2 % of the time more than the best of a fine scan, wherever training is
 * worth its name: ETTR above one half. */
static void dalys_interval_is_nearly_the_best(void **state)
{
    (void)state;
    gsl_rng *r = gw_rng_create(20240607, 0, "prop/training/daly");
    for (int trial = 0; trial < 300; trial++) {
        const struct gw_failures_cfg cfg = {.per_node_day = spread(r, 1e-4, 2e-2),
                                            .restart_s = between(r, 0.0, 1200.0)};
        const double nodes = spread(r, 1.0, 2048.0), w = between(r, 1.0, 60.0);
        const double daly_s = gw_checkpoint_daly_s(w, gw_failures_mttf_s(&cfg, nodes));
        const double ours = gw_failures_cost(&cfg, nodes, daly_s, w).ettr_exact;
        double best = 0.0;
        for (double x = 0.2; x < 5.0; x *= 1.02) {
            best = fmax(best, gw_failures_cost(&cfg, nodes, daly_s * x, w).ettr_exact);
        }
        if (best > 0.5 && !(ours >= best * (1.0 - 0.002))) {
            fail_msg("trial %d: ETTR %.17g at Daly's %.17g s, best %.17g", trial, ours, daly_s, best);
        }
    }
    gsl_rng_free(r);
}

/* Energy is that of the watts over the time: without failures the waveform of the node says the same. */
static void energy_agrees_with_the_waveform(void **state)
{
    gsl_rng *r = gw_rng_create(20240607, 0, "prop/training/energy");
    for (int trial = 0; trial < TRIALS; trial++) {
        struct gw_training_cfg cfg = drawn(*state, r);
        cfg.failures = (struct gw_failures_cfg){0};
        cfg.interval_s = cfg.power.step_s * (double)(1 + gsl_rng_uniform_int(r, 200));
        const struct gw_training t = estimate(&cfg, trial);
        const double cycle_s = t.interval_s + t.checkpoint.blocking_s;
        const double cycles_j = t.interval_s * t.compute_w + t.checkpoint.blocking_s * t.checkpoint_w;
        assert_near(t.it_kwh, t.nodes * cycles_j / cycle_s * t.wall_s / 3.6e6, 1e-9, 0.0);
        assert_near(gw_waveform_mean_w(&t.waveform) * cycle_s, gw_waveform_j(&t.waveform, cycle_s), 1e-9,
                    0.0);
    }
    gsl_rng_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_and_rates_stay_within_their_bounds),
        cmocka_unit_test(more_work_or_trouble_takes_longer),
        cmocka_unit_test(more_accelerators_are_faster_and_less_efficient),
        cmocka_unit_test(dalys_interval_is_nearly_the_best),
        cmocka_unit_test(energy_agrees_with_the_waveform),
    };
    return cmocka_run_group_tests_name("training", tests, entries_load, entries_unload);
}
