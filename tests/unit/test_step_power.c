/* Watts of a step by hand; joules of many steps against the sum over them. */
#include "tests/support/near.h"

#include <math.h>

#include "models/serving/step_power.h"

static double two_util_w(const void *cfg, const struct gw_power_state *s)
{
    const double *c = cfg;
    return c[0] + c[1] * pow(s->mem_frac, c[2]) + c[3] * pow(s->flop_frac, c[4]);
}

/* `cfg` counts the calls. */
static double by_batch_w(const void *cfg, const struct gw_power_state *s)
{
    int *const *calls = cfg;
    ++**calls;
    return s->has_prompt ? 650.0 : 400.0 + s->batch;
}

static const struct gw_power_law two_util = {.name = "two-util", .watts = two_util_w};
static const struct gw_power_law by_batch = {
    .name = "by-batch", .constant_in_regime = true, .watts = by_batch_w};

static void utilisation_is_a_ratio_of_ticks(void **state)
{
    (void)state;
    const double linear[] = {50.0, 200.0, 1.0, 1000.0, 1.0};
    const struct gw_step_power power = {
        .law = &two_util,
        .law_cfg = linear,
        .mem_step_ticks = 300.0,
        .mem_kv_ticks = 2.0,
        .flop_tok_ticks = 4.0,
        .flop_pair_ticks = 0.5,
        .cap_w = INFINITY,
        .n_accelerators = 8.0,
    };
    /* memory 300 + 2 (40 + 10) = 400, arithmetic 4 (5 + 5) + 0.5 (40 + 20) = 70, of 1000 ticks */
    const struct gw_step_load load = {
        .batch = 5, .context = 40, .prompt_tok = 5, .pairs = 20, .prompt_kv = 10, .prompts = 1};
    assert_near(gw_step_power_w(&power, &load, 1000), 8.0 * (50.0 + 200.0 * 0.4 + 1000.0 * 0.07), 1e-14, 0.0);
}

static void the_cap_holds_per_accelerator(void **state)
{
    (void)state;
    const double constant[] = {500.0, 0.0, 1.0, 0.0, 1.0};
    const struct gw_step_power power = {
        .law = &two_util, .law_cfg = constant, .cap_w = 350.0, .n_accelerators = 4.0};
    const struct gw_step_load load = {.batch = 1, .context = 2};
    assert_near(gw_step_power_w(&power, &load, 1000), 1400.0, 1e-15, 0.0);
}

static void a_step_without_duration_has_a_finite_power_and_no_energy(void **state)
{
    (void)state;
    const double linear[] = {50.0, 200.0, 1.0, 1000.0, 1.0};
    const struct gw_step_power power = {
        .law = &two_util, .law_cfg = linear, .flop_tok_ticks = 4.0, .cap_w = INFINITY, .n_accelerators = 1.0};
    const struct gw_step_time time = {0};
    const struct gw_step_load load = {.prompt_tok = 5, .pairs = 15, .prompt_kv = 5, .prompts = 1};
    assert_true(isfinite(gw_step_power_w(&power, &load, 0)));
    assert_true(gw_step_power_steps_j(&power, &time, &load, 1) == 0.0);
}

static void a_law_of_the_batch_alone_is_asked_once(void **state)
{
    (void)state;
    int calls = 0;
    int *const cfg = &calls;
    const struct gw_step_power power = {
        .law = &by_batch, .law_cfg = &cfg, .mem_kv_ticks = 1.0, .cap_w = INFINITY, .n_accelerators = 2.0};
    const struct gw_step_time time = {.step = 100 * GW_TICKS_PER_US, .kv = GW_TICKS_PER_US};
    const struct gw_step_load load = {.batch = 2, .context = 10};
    /* steps of 110, 112, ... us: 1000 of them are 1109 ms at 2 x 402 W */
    assert_near(gw_step_power_steps_j(&power, &time, &load, 1000), 804.0 * 1.109, 1e-14, 0.0);
    assert_int_equal(calls, 1);
}

static double sum_j(const struct gw_step_power *power, const struct gw_step_time *time,
                    struct gw_step_load load, int64_t k)
{
    double sum = 0.0;
    for (int64_t i = 0; i < k; i++, load.context += load.batch) {
        const gw_tick ticks = gw_step_time_of(time, &load);
        sum += gw_step_power_w(power, &load, ticks) * gw_step_time_s(ticks);
    }
    return sum;
}

/* A law that levels off by itself. */
static double levelled_w(const void *cfg, const struct gw_power_state *s)
{
    return fmin(two_util_w(cfg, s), 500.0);
}

static double level_w(const void *cfg)
{
    (void)cfg;
    return 500.0;
}

static const struct gw_power_law levelled = {.name = "levelled", .watts = levelled_w, .limit_w = level_w};

/* Laws of docs/models/power.md and a steeper one, caps that cut through them, ramps from a few tokens to
 * thousands of steps on large and small models, without fixed cost, with heavy attention. */
static void joules_of_a_ramp_equal_the_sum_over_its_steps(void **state)
{
    (void)state;
    static const double laws[][5] = {
        {70.0, 201.0, 2.0, 794.0, 0.26}, {140.0, 900.0, 0.84, 1801.0, 0.69}, {50.0, 300.0, 0.5, 10.0, 0.1}};
    static const double caps_w[] = {INFINITY, 700.0, 501.0, 300.0, 200.0};
    static const gw_tick steps[] = {12073500000, 1000000000, 0, 241470000000};
    for (int i = 0; i < 3 * 5 * 4; i++) {
        const gw_tick step = steps[i % 4];
        const struct gw_step_time time = {.step = step, .seq = step > 0 ? 40999321 : 1, .kv = 13000};
        const struct gw_step_power power = {
            .law = caps_w[i / 12] == 501.0 ? &levelled : &two_util,
            .law_cfg = laws[i / 4 % 3],
            .mem_step_ticks = 0.45 * (double)step,
            .mem_kv_ticks = 12800.0,
            .flop_tok_ticks = 18e6,
            .flop_pair_ticks = i % 4 == 3 ? 4000.0 : 347.0,
            .cap_w = caps_w[i / 12],
            .n_accelerators = 8.0,
        };
        for (int64_t batch = 1; batch <= 256; batch *= 16) {
            for (int64_t context = 2; context <= 40000; context *= 9) {
                for (int64_t k = 1; k < 5000; k = k * 5 / 2 + 1) {
                    const struct gw_step_load load = {.batch = batch, .context = batch * context};
                    assert_near(gw_step_power_steps_j(&power, &time, &load, k), sum_j(&power, &time, load, k),
                                1e-10, 0.0);
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utilisation_is_a_ratio_of_ticks),
        cmocka_unit_test(the_cap_holds_per_accelerator),
        cmocka_unit_test(a_step_without_duration_has_a_finite_power_and_no_energy),
        cmocka_unit_test(a_law_of_the_batch_alone_is_asked_once),
        cmocka_unit_test(joules_of_a_ramp_equal_the_sum_over_its_steps),
    };
    return cmocka_run_group_tests_name("step_power", tests, NULL, NULL);
}
