/* Throughput over nodes: powers, measured points, what one more node adds. */
#include "tests/support/entries.h"

#include "models/training/scaling.h"

static void a_power_of_the_nodes(void **state)
{
    (void)state;
    const struct gw_scaling half = {.exponent = 0.5};
    assert_near(gw_scaling_throughput(&half, 16.0), 4.0, 1e-12, 0.0);
    assert_near(gw_scaling_throughput(&half, 0.0), 0.0, 0.0, 0.0);
    assert_near(gw_scaling_marginal(&half, 1), 1.0, 1e-12, 0.0);
    assert_near(gw_scaling_marginal(&half, 4), 2.0 - 1.7320508, 1e-6, 0.0);
}

/* 1, 2 and 8 nodes: 1, 2, 4. At 4 the geometric mean of 2 and 4; beyond 8 as from 2 to 8: 32 gives 8. */
static void measured_points_are_joined_in_logarithms(void **state)
{
    (void)state;
    struct gw_scaling_point points[] = {{1.0, 1.0}, {2.0, 2.0}, {8.0, 4.0}};
    const struct gw_scaling s = {.exponent = 1.0, .points = {.n = 3, .at = points}};
    assert_near(gw_scaling_throughput(&s, 2.0), 2.0, 1e-12, 0.0);
    assert_near(gw_scaling_throughput(&s, 4.0), 2.8284271, 1e-7, 0.0);
    assert_near(gw_scaling_throughput(&s, 8.0), 4.0, 1e-12, 0.0);
    assert_near(gw_scaling_throughput(&s, 32.0), 8.0, 1e-12, 0.0);
}

/* Square root: the second node adds 0.41, the third 0.32, the fourth 0.27. */
static void nodes_that_add_too_little_are_left_out(void **state)
{
    (void)state;
    const struct gw_scaling half = {.exponent = 0.5};
    assert_int_equal(gw_scaling_useful(&half, 0.3, 100), 3);
    assert_int_equal(gw_scaling_useful(&half, 0.5, 100), 1);
    assert_int_equal(gw_scaling_useful(&half, 0.0, 100), 100);
}

/* Throughput at eight nodes as its profile has it. */
static void the_catalogues_curves_meet_their_profiles(void **state)
{
    static const struct {
        const char *name;
        double nodes, throughput;
    } cases[] = {{"densenet121", 8, 7.67},     {"resnet50", 8, 7.56},     {"resnet18", 8, 7.32},
                 {"efficientnet-b1", 8, 7.25}, {"mobilenet-v2", 8, 5.99}, {"vgg16", 8, 3.14},
                 {"nbody-100k", 7, 6.11},      {"resnet50-v100", 4, 2.15}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_scaling *s = entry(*state, "scaling", cases[i].name);
        assert_near(gw_scaling_throughput(s, cases[i].nodes), cases[i].throughput, 5e-3, 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_of_the_nodes),
        cmocka_unit_test(measured_points_are_joined_in_logarithms),
        cmocka_unit_test(nodes_that_add_too_little_are_left_out),
        cmocka_unit_test(the_catalogues_curves_meet_their_profiles),
    };
    return cmocka_run_group_tests_name("scaling", tests, entries_load, entries_unload);
}
