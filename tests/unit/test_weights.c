#include "tests/support/near.h"

#include "models/policies/search/weights.h"

static void a_lattice_has_as_many_directions_as_the_binomial_says(void **state)
{
    (void)state;
    assert_int_equal(gw_weights_lattice_size(2, 99), 100);
    assert_int_equal(gw_weights_lattice_size(3, 12), 91);
    assert_int_equal(gw_weights_lattice_size(4, 7), 120);
    assert_int_equal(gw_weights_lattice_size(4, 10), 286);
    assert_int_equal(gw_weights_lattice_parts(3, 92), 12);
    assert_int_equal(gw_weights_lattice_parts(3, 2), 0);
}

static void the_lattice_of_two_parts_in_three_objectives(void **state)
{
    (void)state;
    const double wanted[] = {0, 0, 1, 0, .5, .5, 0, 1, 0, .5, 0, .5, .5, .5, 0, 1, 0, 0};
    double out[18];
    gw_weights_lattice(3, 2, out);
    assert_memory_equal(out, wanted, sizeof wanted);
}

static void what_the_lattice_leaves_is_drawn_from_the_simplex(void **state)
{
    (void)state;
    struct gw_rng rng;
    double out[30];
    gw_rng_init(&rng, 1);
    gw_weights_spread(3, 10, &rng, out); /* exactly the lattice of 3 parts */
    assert_near(out[29], 0, 0, 0);
    gw_weights_spread(3, 9, &rng, out); /* the 6 of 2 parts, and 3 more */
    for (int i = 0; i < 9; i++) {
        const double *w = out + 3 * i;
        assert_near(w[0] + w[1] + w[2], 1, 1e-15, 0);
        assert_true(w[0] >= 0 && w[1] >= 0 && w[2] >= 0);
    }
}

static void neighbours_come_nearest_first_and_by_index_when_equally_near(void **state)
{
    (void)state;
    const double weight[] = {0, 1, .25, .75, .5, .5, 1, 0};
    const uint32_t wanted[] = {0, 1, 2, 1, 0, 2, 2, 1, 0, 3, 2, 1};
    uint32_t near[12];
    gw_weights_neighbours(weight, 4, 2, 3, near);
    assert_memory_equal(near, wanted, sizeof wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lattice_has_as_many_directions_as_the_binomial_says),
        cmocka_unit_test(the_lattice_of_two_parts_in_three_objectives),
        cmocka_unit_test(what_the_lattice_leaves_is_drawn_from_the_simplex),
        cmocka_unit_test(neighbours_come_nearest_first_and_by_index_when_equally_near),
    };
    return cmocka_run_group_tests_name("weights", tests, NULL, NULL);
}
