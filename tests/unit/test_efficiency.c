/* Shares of the peak: the table at its rows and between them, doublings, other accelerators, bubbles. */
#include "tests/support/entries.h"

#include "models/training/efficiency.h"

static struct gw_efficiency_row two_rows[] = {{1e9, 64.0, 0.40}, {16e9, 1024.0, 0.60}};

static const struct gw_efficiency table = {
    .rows = {.n = 2, .at = two_rows}, .loss_per_doubling = 0.02, .hot_from_c = 20.0, .hot_loss_per_k = 0.002};

/* 4e9 lies half way between 1e9 and 16e9 in logarithms: 0.5, measured on 256. */
static void between_rows_it_is_a_line_over_the_logarithm(void **state)
{
    (void)state;
    const struct gw_efficiency_at at = gw_efficiency_hfu(&table, NULL, 4e9, 256.0);
    assert_near(at.table, 0.5, 1e-12, 0.0);
    assert_near(at.accelerators, 256.0, 1e-12, 0.0);
    assert_near(at.hfu, 0.5, 1e-12, 0.0);
    assert_near(gw_efficiency_hfu(&table, NULL, 1e8, 8.0).hfu, 0.40, 1e-12, 0.0);
    assert_near(gw_efficiency_hfu(&table, NULL, 1e12, 8.0).hfu, 0.60, 1e-12, 0.0);
}

/* Four times the accelerators: two doublings, 4 %. Fewer cost nothing. */
static void a_doubling_costs_its_share(void **state)
{
    (void)state;
    assert_near(gw_efficiency_hfu(&table, NULL, 4e9, 1024.0).hfu, 0.48, 1e-12, 0.0);
    assert_near(gw_efficiency_hfu(&table, NULL, 4e9, 1024.0).doublings, 2.0, 1e-12, 0.0);
    assert_near(gw_efficiency_hfu(&table, NULL, 4e9, 8.0).hfu, 0.5, 1e-12, 0.0);
}

static void an_accelerator_that_is_not_listed_is_said_to_be_unknown(void **state)
{
    const struct gw_efficiency *megatron = entry(*state, "efficiency", "megatron-a100");
    const struct gw_efficiency_at v100 = gw_efficiency_hfu(megatron, "v100", 39.1e9, 512.0);
    assert_true(v100.known);
    assert_near(v100.hfu, 138.0 / 312.0 * 0.768, 1e-3, 0.0);
    const struct gw_efficiency_at other = gw_efficiency_hfu(megatron, "t4", 39.1e9, 512.0);
    assert_false(other.known);
    assert_near(other.factor, 1.0, 0.0, 0.0);
}

/* Rows of Megatron-LM's table 1: TFLOP/s of 312. The factor of the H100 makes 430 TFLOP/s out of 8192. */
static void the_catalogues_table_is_the_published_one(void **state)
{
    const struct gw_efficiency *megatron = entry(*state, "efficiency", "megatron-a100");
    static const struct {
        double params, accelerators, tflops;
    } rows[] = {{1.7e9, 32, 137}, {18.4e9, 256, 135}, {145.6e9, 1536, 148}, {1008e9, 3072, 163}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct gw_efficiency_at at =
            gw_efficiency_hfu(megatron, NULL, rows[i].params, rows[i].accelerators);
        assert_near(at.hfu * 312.0, rows[i].tflops, 2e-4, 0.0);
    }
    assert_near(gw_efficiency_hfu(megatron, "h100-sxm", 405.85e9, 8192.0).hfu * 989.4, 430.0, 2e-3, 0.0);
}

/* 8 stages, 4 micro-batches: 7 of them idle for 4 that compute; two chunks each halve that. */
static void bubbles_are_those_of_the_pipeline(void **state)
{
    (void)state;
    assert_near(gw_efficiency_bubble(8.0, 1.0, 4.0), 1.75, 1e-12, 0.0);
    assert_near(gw_efficiency_bubble(8.0, 2.0, 4.0), 0.875, 1e-12, 0.0);
    assert_near(gw_efficiency_bubble(1.0, 1.0, 1.0), 0.0, 0.0, 0.0);
    /* 0.4 with a bubble of 1 is 0.8 without one, 0.64 with a quarter */
    assert_near(gw_efficiency_relayout(0.4, 1.0, 0.0), 0.8, 1e-12, 0.0);
    assert_near(gw_efficiency_relayout(0.4, 1.0, 0.25), 0.64, 1e-12, 0.0);
}

static void hot_air_slows_only_above_its_threshold(void **state)
{
    (void)state;
    assert_near(gw_efficiency_hot(&table, 15.0), 1.0, 0.0, 0.0);
    assert_near(gw_efficiency_hot(&table, 30.0), 0.98, 1e-12, 0.0);
}

/* Constants of the published code at 39.1e9 weights with a pipeline: 137.8 TFLOP/s, measured 138. */
static void llmcarbons_polynomials_are_reproduced(void **state)
{
    (void)state;
    assert_near(gw_efficiency_llmcarbon_tflops(39.1e9, true), 137.766, 1e-5, 0.0);
    assert_near(gw_efficiency_llmcarbon_tflops(7.5e9, false), 141.637, 1e-5, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(between_rows_it_is_a_line_over_the_logarithm),
        cmocka_unit_test(a_doubling_costs_its_share),
        cmocka_unit_test(an_accelerator_that_is_not_listed_is_said_to_be_unknown),
        cmocka_unit_test(the_catalogues_table_is_the_published_one),
        cmocka_unit_test(bubbles_are_those_of_the_pipeline),
        cmocka_unit_test(hot_air_slows_only_above_its_threshold),
        cmocka_unit_test(llmcarbons_polynomials_are_reproduced),
    };
    return cmocka_run_group_tests_name("efficiency", tests, entries_load, entries_unload);
}
