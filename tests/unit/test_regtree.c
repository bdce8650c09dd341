#include "tests/support/near.h"

#include "models/policies/search/boost.h"
#include "models/policies/search/forest.h"

enum { N = 400, FEATURES = 5 };

/* y = 3 where x0 > 0.5, else x1: the other features are noise. */
static void draw(struct gw_rng *rng, double *x, double *y)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < FEATURES; j++) {
            x[i * FEATURES + j] = gw_rng_unit(gw_rng_next(rng));
        }
        y[i] = x[i * FEATURES] > 0.5 ? 3 : x[i * FEATURES + 1];
    }
}

static void a_tree_finds_the_split_that_explains_most(void **state)
{
    (void)state;
    const double x[] = {0, 9, 1, 2, 2, 7, 3, 4}, y[] = {1, 1, 5, 5};
    uint32_t row[] = {0, 1, 2, 3};
    const struct gw_regtree_cfg cfg = {.depth_max = 3, .leaf_min = 1, .feature_frac = 1};
    struct gw_regtree_rows rows;
    struct gw_regtree tree;
    assert_true(gw_regtree_rows_init(&rows, x, 4, 2));
    assert_true(gw_regtree_grow(&tree, &rows, y, row, 4, &cfg, NULL));
    assert_int_equal(tree.n, 3); /* one split leaves nothing to explain */
    assert_int_equal(tree.node[0].feature, 0);
    assert_near(tree.node[0].at, 1.5, 0, 0);
    const double low[] = {1.4, 0}, high[] = {1.6, 0};
    assert_near(gw_regtree_at(&tree, low), 1, 0, 0);
    assert_near(gw_regtree_at(&tree, high), 5, 0, 0);
    gw_regtree_fini(&tree);
    gw_regtree_rows_fini(&rows);
}

static void leaves_hold_the_mean_of_their_rows(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2, 3}, y[] = {1, 3, 10, 20};
    uint32_t row[] = {0, 1, 2, 3};
    const struct gw_regtree_cfg cfg = {.depth_max = 5, .leaf_min = 2, .feature_frac = 1};
    struct gw_regtree_rows rows;
    struct gw_regtree tree;
    assert_true(gw_regtree_rows_init(&rows, x, 4, 1));
    assert_true(gw_regtree_grow(&tree, &rows, y, row, 4, &cfg, NULL));
    assert_near(gw_regtree_at(&tree, &x[0]), 2, 0, 0);
    assert_near(gw_regtree_at(&tree, &x[3]), 15, 0, 0);
    gw_regtree_fini(&tree);
    gw_regtree_rows_fini(&rows);
}

static double rms(const double *x, const double *y, double (*at)(const void *, const double *),
                  const void *model)
{
    double sum = 0;
    for (int i = 0; i < N; i++) {
        const double off = at(model, x + (size_t)i * FEATURES) - y[i];
        sum += off * off;
    }
    return sqrt(sum / N);
}

static double of_forest(const void *model, const double *x)
{
    return gw_forest_at(model, x);
}

static double of_boost(const void *model, const double *x)
{
    return gw_boost_at(model, x);
}

/* The spread of y itself is 1.3. */
static void forests_and_boosting_learn_what_they_have_not_seen(void **state)
{
    (void)state;
    static double x[N * FEATURES], y[N], new_x[N * FEATURES], new_y[N];
    struct gw_rng rng;
    gw_rng_init(&rng, 1);
    draw(&rng, x, y);
    draw(&rng, new_x, new_y);
    struct gw_forest forest = {0};
    struct gw_boost boost = {0};
    const struct gw_forest_cfg forest_cfg = {30, {.depth_max = 10, .leaf_min = 2, .feature_frac = 0.5}};
    const struct gw_boost_cfg boost_cfg = {100, 0.1, {.depth_max = 3, .leaf_min = 3, .feature_frac = 1}};
    assert_true(gw_forest_fit(&forest, &forest_cfg, x, y, N, FEATURES, &rng));
    assert_true(gw_boost_fit(&boost, &boost_cfg, x, y, N, FEATURES, &rng));
    assert_true(rms(new_x, new_y, of_forest, &forest) < 0.35);
    assert_true(rms(new_x, new_y, of_boost, &boost) < 0.35);
    gw_forest_fini(&forest);
    gw_boost_fini(&boost);
}

static void a_constant_is_learnt_as_it_is(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3}, y[] = {7, 7, 7};
    struct gw_rng rng;
    gw_rng_init(&rng, 1);
    struct gw_forest forest = {0};
    struct gw_boost boost = {0};
    const struct gw_regtree_cfg tree = {.depth_max = 3, .leaf_min = 1, .feature_frac = 1};
    assert_true(gw_forest_fit(&forest, &(struct gw_forest_cfg){3, tree}, x, y, 3, 1, &rng));
    assert_true(gw_boost_fit(&boost, &(struct gw_boost_cfg){3, 0.5, tree}, x, y, 3, 1, &rng));
    assert_near(gw_forest_at(&forest, x), 7, 1e-15, 0);
    assert_near(gw_boost_at(&boost, x), 7, 1e-15, 0);
    gw_forest_fini(&forest);
    gw_boost_fini(&boost);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_finds_the_split_that_explains_most),
        cmocka_unit_test(leaves_hold_the_mean_of_their_rows),
        cmocka_unit_test(forests_and_boosting_learn_what_they_have_not_seen),
        cmocka_unit_test(a_constant_is_learnt_as_it_is),
    };
    return cmocka_run_group_tests_name("regtree", tests, NULL, NULL);
}
