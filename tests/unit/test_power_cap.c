/* Speed under power caps: the law against the measurements it was fitted to, curves by hand and in their
 * shape, and both read the other way round for locked clocks. */
#include "tests/support/entries.h"

#include <math.h>

#include "models/hardware/hardware.h"

static const struct gw_power_cap v100_law = {.static_frac = 0.41, .exponent = 4.9};
static const struct gw_power_cap a40_law = {.static_frac = 0.40, .exponent = 3.3};

/* Zeus (NSDI'23), means over workloads that draw more than 80 % of the limit: power drawn and throughput,
 * both relative to no cap. V100 s = 0.41, a = 4.9: every point within 0.03. A40 s = 0.40, a = 3.3: within
 * 0.14, mean 0.06. */
static void the_law_meets_measured_throughput(void **state)
{
    (void)state;
    static const struct {
        double power, throughput;
    } v100[] = {{0.446, 0.566}, {0.546, 0.723}, {0.650, 0.845}, {0.746, 0.911}, {0.837, 0.952}, {1.0, 1.0}},
      a40[] = {{0.480, 0.428}, {0.563, 0.637}, {0.645, 0.816},
               {0.726, 0.914}, {0.806, 0.962}, {0.886, 0.976}};
    for (size_t i = 0; i < sizeof v100 / sizeof v100[0]; i++) {
        assert_near(gw_power_cap_speed(&v100_law, v100[i].power * 250.0, 250.0), v100[i].throughput, 0.0,
                    0.03);
    }
    double sum = 0.0;
    for (size_t i = 0; i < sizeof a40 / sizeof a40[0]; i++) {
        const double speed = gw_power_cap_speed(&a40_law, a40[i].power * 300.0, 300.0);
        assert_near(speed, a40[i].throughput, 0.0, 0.12);
        sum += fabs(speed - a40[i].throughput);
    }
    assert_true(sum / 6.0 < 0.07);
}

static void work_below_the_cap_is_not_slowed(void **state)
{
    (void)state;
    assert_near(gw_power_cap_speed(&v100_law, 400.0, 399.0), 1.0, 0.0, 0.0);
    assert_near(gw_power_cap_speed(&v100_law, INFINITY, 700.0), 1.0, 0.0, 0.0);
}

static void the_law_ends_where_it_was_measured(void **state)
{
    (void)state;
    assert_near(gw_power_cap_lowest(&v100_law), 0.4454, 1e-12, 0.0); /* 0.41 + 0.06 * 0.59 */
    assert_near(gw_power_cap_lowest_speed(&v100_law), 0.5632, 1e-4, 0.0);
}

static struct gw_power_cap with_curve(struct gw_power_cap_point *points, uint32_t n)
{
    return (struct gw_power_cap){.static_frac = 0.41, .exponent = 4.9, .curve = {.n = n, .at = points}};
}

/* Lines from (0.4, 0.2) to (0.6, 0.8) to (1, 1). */
static void a_curve_is_followed_by_straight_lines(void **state)
{
    (void)state;
    struct gw_power_cap_point points[] = {{0.4, 0.2}, {0.6, 0.8}};
    const struct gw_power_cap cap = with_curve(points, 2);
    static const struct {
        double allowed_w, speed;
    } cases[] = {{40.0, 0.2}, {50.0, 0.5}, {60.0, 0.8}, {80.0, 0.9}, {100.0, 1.0}, {120.0, 1.0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_near(gw_power_cap_speed(&cap, cases[i].allowed_w, 100.0), cases[i].speed, 1e-12, 0.0);
    }
    assert_near(gw_power_cap_power(&cap, 0.5), 0.5, 1e-12, 0.0);
    assert_near(gw_power_cap_power(&cap, 0.9), 0.8, 1e-12, 0.0);
    assert_near(gw_power_cap_lowest(&cap), 0.4, 0.0, 0.0);
    assert_near(gw_power_cap_lowest_speed(&cap), 0.2, 0.0, 0.0);
}

static void points_that_do_not_rise_are_found(void **state)
{
    (void)state;
    struct gw_power_cap_point points[] = {{0.4, 0.2}, {0.6, 0.8}, {0.7, 0.8}};
    struct gw_power_cap cap = with_curve(points, 3);
    assert_int_equal(gw_power_cap_out_of_order(&cap), 2);
    points[2].speed = 0.9;
    assert_int_equal(gw_power_cap_out_of_order(&cap), 3);
    points[1].power = 0.3;
    assert_int_equal(gw_power_cap_out_of_order(&cap), 1);
}

/* For every accelerator of the catalogue: a tighter cap is never faster, its energy per work is never below
 * the share of power it leaves, and power read back from a speed is that of the cap. */
static void a_tighter_cap_is_never_faster(void **state)
{
    struct entries *w = *state;
    const struct gw_node *accelerators = gw_node_get(w->catalogue.root, "accelerators");
    for (uint32_t k = 0; k < accelerators->n; k++) {
        const struct gw_accelerator *a = entry(w, "accelerator", accelerators->entry[k].key);
        const double lowest = gw_power_cap_lowest(&a->cap);
        double previous = 0.0;
        for (int i = 0; i <= 200; i++) {
            const double p = fmin(lowest + (1.0 - lowest) * i / 200.0 + 1e-9, 1.0);
            const double speed = gw_power_cap_speed(&a->cap, p * a->tdp_w, a->tdp_w);
            if (!(speed > previous) || speed > 1.0) {
                fail_msg("%s: speed %.17g after %.17g at %g of the power", a->name, speed, previous, p);
            }
            assert_near(gw_power_cap_power(&a->cap, speed), p, 1e-6, 0.0);
            previous = speed;
        }
        assert_near(previous, 1.0, 0.0, 0.0);
    }
}

/* A40 at half of its limit: 0.637 of the speed for 0.564 of the power costs less energy per work than no cap;
 * at a third 0.286 for 0.416 costs half as much again. The law, which does not know the collapse, would say
 * 0.34 for 0.416. */
static void below_about_half_of_the_limit_speed_collapses(void **state)
{
    const struct gw_accelerator *a = entry(*state, "accelerator", "a40");
    const double half = gw_power_cap_speed(&a->cap, 0.5644 * 300.0, 300.0);
    const double third = gw_power_cap_speed(&a->cap, 0.4161 * 300.0, 300.0);
    assert_near(half, 0.637, 1e-9, 0.0);
    assert_near(third, 0.2861, 1e-9, 0.0);
    assert_true(0.5644 / half < 0.9);
    assert_true(0.4161 / third > 1.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_law_meets_measured_throughput),
        cmocka_unit_test(work_below_the_cap_is_not_slowed),
        cmocka_unit_test(the_law_ends_where_it_was_measured),
        cmocka_unit_test(a_curve_is_followed_by_straight_lines),
        cmocka_unit_test(points_that_do_not_rise_are_found),
        cmocka_unit_test(a_tighter_cap_is_never_faster),
        cmocka_unit_test(below_about_half_of_the_limit_speed_collapses),
    };
    return cmocka_run_group_tests_name("power_cap", tests, entries_load, entries_unload);
}
