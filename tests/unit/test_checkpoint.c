/* Checkpoints: bytes, pauses, intervals, moves, by hand. */
#include "tests/support/near.h"

#include "models/training/checkpoint.h"

static const struct gw_checkpoint_cfg blocking = {.state_bytes = 14.0, .weight_bytes = 2.0, .gb_per_s = 50.0};

/* BLOOM: 176e9 x 14 = 2.46 TB, 49 s at 50 GB/s. Its own 2.3 TB took 40 s. */
static void a_checkpoint_holds_fourteen_bytes_per_weight(void **state)
{
    (void)state;
    const struct gw_checkpoint_cost c = gw_checkpoint_cost(&blocking, 176e9, 1.0);
    assert_near(c.bytes, 2.464e12, 1e-12, 0.0);
    assert_near(c.write_s, 49.28, 1e-12, 0.0);
    assert_near(c.blocking_s, 49.28, 1e-12, 0.0);
}

/* Adapters of a hundredth: 0.14 + 1.98 bytes per weight. */
static void frozen_weights_have_no_optimiser_state(void **state)
{
    (void)state;
    assert_near(gw_checkpoint_cost(&blocking, 1e9, 0.01).bytes, 2.12e9, 1e-12, 0.0);
}

static void an_asynchronous_one_stalls_at_most_as_long_as_it_writes(void **state)
{
    (void)state;
    struct gw_checkpoint_cfg cfg = blocking;
    cfg.stall_s = 20.0;
    assert_near(gw_checkpoint_cost(&cfg, 176e9, 1.0).blocking_s, 20.0, 0.0, 0.0);
    assert_near(gw_checkpoint_cost(&cfg, 1e9, 1.0).blocking_s, 0.28, 1e-12, 0.0);
}

/* w 40 s, a failure a week: sqrt(2 x 40 x 604800) = 6956 s = 116 min, of which 1.15 % is lost. */
static void youngs_interval_of_bloom(void **state)
{
    (void)state;
    assert_near(gw_checkpoint_young_s(40.0, 604800.0), 6955.9, 1e-5, 0.0);
    assert_near(gw_checkpoint_daly_s(40.0, 604800.0), 6915.9, 1e-5, 0.0);
    assert_near(gw_checkpoint_least_loss(40.0, 604800.0), 0.011501, 1e-4, 0.0);
    assert_near(gw_checkpoint_daly_s(40.0, 20.0), 40.0, 0.0, 0.0); /* no shorter than the pause */
    assert_true(isinf(gw_checkpoint_young_s(40.0, INFINITY)));
}

/* 70e9 x 14 = 0.98 TB over 10 Gbit/s: 784 s = 13 min. */
static void a_move_takes_as_long_as_the_link_needs(void **state)
{
    (void)state;
    assert_near(gw_checkpoint_move_s(0.98e12, 10.0, 100.0), 784.1, 1e-12, 0.0);
}

static void another_layout_costs_more_than_another_number_of_copies(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_checkpoint_cfg cfg;
    assert_int_equal(gw_bind_defaults(&gw_checkpoint_type, &cfg, &arena, NULL), GW_OK);
    assert_near(gw_checkpoint_reshape_s(&cfg, false), 2700.0, 0.0, 0.0);
    assert_near(gw_checkpoint_reshape_s(&cfg, true), 120.0, 0.0, 0.0);
    gw_arena_fini(&arena);
}

static void the_table_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_checkpoint_type, &errs);
    assert_int_equal(errs.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checkpoint_holds_fourteen_bytes_per_weight),
        cmocka_unit_test(frozen_weights_have_no_optimiser_state),
        cmocka_unit_test(an_asynchronous_one_stalls_at_most_as_long_as_it_writes),
        cmocka_unit_test(youngs_interval_of_bloom),
        cmocka_unit_test(a_move_takes_as_long_as_the_link_needs),
        cmocka_unit_test(another_layout_costs_more_than_another_number_of_copies),
        cmocka_unit_test(the_table_is_right),
    };
    return cmocka_run_group_tests_name("checkpoint", tests, NULL, NULL);
}
