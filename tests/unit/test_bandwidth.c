/* Throughput over distance, and how long a volume takes, by hand. */
#include "tests/support/bound.h"

#include <math.h>

#include "models/network/bandwidth.h"

static const struct gw_bandwidth_cfg cfg = {
    .vm_gbps = 6.60, .vm_gbps_per_ms = 0.0109, .gateways = 8, .link_gbps = 100, .user_gbps = NAN};

/* 6.60 - 0.0109 * 100 = 5.51 Gbit/s; eight of them stay below the link of 100, twenty do not. */
static void machines_lose_with_the_round_trip_and_gateways_add_up_to_the_link(void **state)
{
    (void)state;
    assert_near(gw_bandwidth_vm(&cfg, 0), 6.60, 1e-12, 0);
    assert_near(gw_bandwidth_vm(&cfg, 100), 5.51, 1e-12, 0);
    assert_near(gw_bandwidth_sites(&cfg, 100), 44.08, 1e-12, 0);
    struct gw_bandwidth_cfg many = cfg;
    many.gateways = 20;
    assert_near(gw_bandwidth_sites(&many, 100), 100, 1e-12, 0);
}

/* Beyond the pairs behind the line: as at 343 ms, 2.86 Gbit/s, and never nothing. */
static void the_line_ends_where_its_pairs_do(void **state)
{
    (void)state;
    assert_near(gw_bandwidth_vm(&cfg, 343), 2.8613, 1e-12, 0);
    assert_near(gw_bandwidth_vm(&cfg, 900), 2.8613, 1e-12, 0);
    struct gw_bandwidth_cfg steep = cfg;
    steep.vm_gbps_per_ms = 1;
    assert_near(gw_bandwidth_vm(&steep, 200), 0.01, 1e-12, 0);
}

static void users_have_links_of_their_own(void **state)
{
    (void)state;
    assert_near(gw_bandwidth_user(&cfg, 100), 5.51, 1e-12, 0);
    struct gw_bandwidth_cfg home = cfg;
    home.user_gbps = 0.02;
    assert_near(gw_bandwidth_user(&home, 100), 0.02, 1e-12, 0);
}

/* 1 TB at 40 Gbit/s: 200 s, and half of a round trip of 100 ms before the first bit is there. */
static void a_volume_takes_its_bits_over_the_rate(void **state)
{
    (void)state;
    assert_near(gw_bandwidth_transfer_s(1000, 40, 100), 200.05, 1e-12, 0);
    assert_near(gw_bandwidth_transfer_s(0, 40, 100), 0.05, 1e-12, 0);
}

static void its_table_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_bandwidth_type, &errs);
    assert_int_equal(errs.n, 0);
    struct bound b;
    struct gw_bandwidth_cfg read;
    bound_read(&b, &gw_bandwidth_type, "link: 400 Gbit/s\nuser_link: 20 Mbit/s\n", &read);
    assert_true(read.vm_gbps == cfg.vm_gbps && read.vm_gbps_per_ms == cfg.vm_gbps_per_ms &&
                read.gateways == 8);
    assert_near(read.link_gbps, 400, 1e-12, 0);
    assert_near(read.user_gbps, 0.02, 1e-12, 0);
    bound_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines_lose_with_the_round_trip_and_gateways_add_up_to_the_link),
        cmocka_unit_test(the_line_ends_where_its_pairs_do),
        cmocka_unit_test(users_have_links_of_their_own),
        cmocka_unit_test(a_volume_takes_its_bits_over_the_rate),
        cmocka_unit_test(its_table_is_right),
    };
    return cmocka_run_group_tests_name("bandwidth", tests, NULL, NULL);
}
