#include "tests/support/near.h"

#include "models/policies/search/learner.h"

static void add(struct gw_learner *learner, double x, double y)
{
    *gw_learner_row(learner) = x;
    gw_learner_label(learner, 1, y);
}

static void the_newest_rows_are_kept(void **state)
{
    (void)state;
    struct gw_learner learner;
    assert_true(gw_learner_init(&learner, GW_LEARNER_GBDT, 1, 10, 3));
    for (int i = 0; i < 5; i++) {
        add(&learner, i, 10.0 * i);
    }
    assert_int_equal(learner.n, 3);
    const double x[] = {3, 4, 2}, y[] = {30, 40, 20};
    assert_memory_equal(learner.x, x, sizeof x);
    assert_memory_equal(learner.y, y, sizeof y);
    gw_learner_fini(&learner);
}

static void a_search_labels_all_its_points_even_over_the_ring_s_end(void **state)
{
    (void)state;
    struct gw_learner learner;
    assert_true(gw_learner_init(&learner, GW_LEARNER_GBDT, 1, 10, 3));
    add(&learner, 0, 1);
    add(&learner, 1, 1);
    *gw_learner_row(&learner) = 2;
    *gw_learner_row(&learner) = 3;
    gw_learner_label(&learner, 2, 9);
    const double y[] = {9, 1, 9};
    assert_memory_equal(learner.y, y, sizeof y);
    gw_learner_fini(&learner);
}

static void without_rows_nothing_is_learnt_and_without_a_kind_nothing_ever(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 1);
    const enum gw_learner_kind kinds[] = {GW_LEARNER_RANDOM_FOREST, GW_LEARNER_GBDT, GW_LEARNER_NONE};
    for (size_t i = 0; i < 3; i++) {
        struct gw_learner learner;
        assert_true(gw_learner_init(&learner, kinds[i], 1, 10, 20));
        assert_true(gw_learner_fit(&learner, &rng));
        assert_false(learner.fitted);
        for (int k = 0; k < 20 && kinds[i] != GW_LEARNER_NONE; k++) {
            add(&learner, k, k < 10 ? 1 : 2);
        }
        assert_true(gw_learner_fit(&learner, &rng));
        assert_int_equal(learner.fitted, kinds[i] != GW_LEARNER_NONE);
        if (learner.fitted) {
            const double low = 0, high = 19;
            assert_true(gw_learner_at(&learner, &low) < 1.3 && gw_learner_at(&learner, &high) > 1.7);
        }
        gw_learner_fini(&learner);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_rows_are_kept),
        cmocka_unit_test(a_search_labels_all_its_points_even_over_the_ring_s_end),
        cmocka_unit_test(without_rows_nothing_is_learnt_and_without_a_kind_nothing_ever),
    };
    return cmocka_run_group_tests_name("learner", tests, NULL, NULL);
}
