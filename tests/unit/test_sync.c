/* Volumes and times of a round's synchronisation, by hand. */
#include "tests/support/near.h"

#include "models/federation/sync.h"

/* 10^9 parameters of 16 bits are 2 GB; 16 Gbit at 8 Gbit/s take 2 s, and a round trip of 100 ms. */
static void a_star_sends_every_copy_up_and_down(void **state)
{
    (void)state;
    const struct gw_sync_cfg cfg = gw_sync_default(1e9);
    assert_near(gw_sync_bytes(&cfg), 2e9, 0, 0);
    assert_near(gw_sync_way_s(&cfg, 100.0, 8.0), 2.1, 1e-12, 0);
    assert_near(gw_sync_way_s(&cfg, 100.0, (double)INFINITY), 0.1, 1e-12, 0);
    assert_near(gw_sync_sent_bytes(&cfg, 5.0), 2e9, 0, 0);
}

/* Four clients: 2 x 3/4 x 2 s and 3 x 100 ms. */
static void a_ring_sends_parts_along_its_slowest_link(void **state)
{
    (void)state;
    struct gw_sync_cfg cfg = gw_sync_default(1e9);
    cfg.topology = GW_SYNC_RING;
    assert_near(gw_sync_ring_s(&cfg, 4.0, 100.0, 8.0), 3.3, 1e-12, 0);
    assert_near(gw_sync_sent_bytes(&cfg, 4.0), 3e9, 1e-12, 0);
}

static void who_is_alone_sends_nothing(void **state)
{
    (void)state;
    struct gw_sync_cfg cfg = gw_sync_default(1e9);
    cfg.fix_s = 133.0;
    assert_true(gw_sync_sent_bytes(&cfg, 1.0) == 0.0);
    assert_true(gw_sync_close_s(&cfg, 1.0) == 0.0);
    cfg.topology = GW_SYNC_RING;
    assert_true(gw_sync_ring_s(&cfg, 1.0, 100.0, 8.0) == 0.0);
}

/* Eight fragments of 0.5 s each: of 4 s, steps of 0.1 s hide 0.8 s when one step may be late, all at 5. */
static void overlap_hides_a_step_per_fragment(void **state)
{
    (void)state;
    struct gw_sync_cfg cfg = gw_sync_default(1e9);
    cfg.fragments = 8.0;
    assert_near(gw_sync_shown_s(&cfg, 4.0, 0.1), 4.0, 0, 0);
    cfg.overlap_steps = 1.0;
    assert_near(gw_sync_shown_s(&cfg, 4.0, 0.1), 3.2, 1e-12, 0);
    cfg.overlap_steps = 5.0;
    assert_true(gw_sync_shown_s(&cfg, 4.0, 0.1) == 0.0);
    assert_near(gw_sync_way_s(&cfg, 100.0, 8.0), 2.8, 1e-12, 0); /* every fragment has its round trip */
}

/* Ten copies of 2 GB at 5 GB/s, and what is fixed. */
static void adding_up_takes_time_at_the_aggregator_alone(void **state)
{
    (void)state;
    struct gw_sync_cfg cfg = gw_sync_default(1e9);
    cfg.fix_s = 10.0;
    assert_near(gw_sync_close_s(&cfg, 10.0), 14.0, 1e-12, 0);
    cfg.topology = GW_SYNC_RING;
    assert_near(gw_sync_close_s(&cfg, 10.0), 10.0, 1e-12, 0);
}

static void twice_the_steps_or_half_the_bits_halve_what_is_sent(void **state)
{
    (void)state;
    struct gw_sync_cfg cfg = gw_sync_default(1e9);
    assert_near(gw_sync_reduction(&cfg, 500.0, 16.0), 500.0, 0, 0);
    assert_near(gw_sync_reduction(&cfg, 1000.0, 16.0), 1000.0, 0, 0);
    cfg.bits = 8.0;
    assert_near(gw_sync_reduction(&cfg, 500.0, 16.0), 1000.0, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_star_sends_every_copy_up_and_down),
        cmocka_unit_test(a_ring_sends_parts_along_its_slowest_link),
        cmocka_unit_test(who_is_alone_sends_nothing),
        cmocka_unit_test(overlap_hides_a_step_per_fragment),
        cmocka_unit_test(adding_up_takes_time_at_the_aggregator_alone),
        cmocka_unit_test(twice_the_steps_or_half_the_bits_halve_what_is_sent),
    };
    return cmocka_run_group_tests_name("sync", tests, NULL, NULL);
}
