#include "tests/support/near.h"

#include <string.h>

#include "models/policies/search/hypervolume.h"

enum { POINTS_MAX = 7 };

struct exact {
    uint32_t n, m;
    double f[POINTS_MAX * 4], reference, volume;
};

/* Volumes by inclusion and exclusion, in whole numbers. */
static const struct exact exact[] = {
    {3, 2, {1, 3, 2, 2, 3, 1}, 4, 6},
    {4, 2, {1, 5, 2, 3, 4, 2, 5, 1}, 6, 16},
    {3, 3, {1, 2, 3, 2, 3, 1, 3, 1, 2}, 4, 13},
    {4, 3, {1, 2, 3, 2, 3, 1, 3, 1, 2, 2, 2, 2}, 4, 14},
    {3, 4, {1, 2, 3, 4, 4, 3, 2, 1, 2, 2, 2, 2}, 5, 93},
    {5, 4, {1, 4, 4, 4, 4, 1, 4, 4, 4, 4, 1, 4, 4, 4, 4, 1, 3, 3, 3, 3}, 5, 24},
    {6, 4, {1, 2, 3, 4, 2, 1, 4, 3, 3, 4, 1, 2, 4, 3, 2, 1, 2, 2, 2, 3, 3, 3, 2, 2}, 5, 90},
};

static void small_sets_have_the_volume_that_counting_gives(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        const struct exact *e = &exact[i];
        const double reference[4] = {e->reference, e->reference, e->reference, e->reference};
        assert_near(gw_hypervolume(e->f, e->n, e->m, reference), e->volume, 1e-14, 0);
    }
}

static void points_that_dominate_nothing_add_nothing(void **state)
{
    (void)state;
    const double reference[2] = {4, 4};
    const double f[] = {1, 3, 2, 2, 3, 1, /* dominated, repeated, on the edge, beyond: */ 3,
                        3, 2, 2, 4, 0, 5, 0};
    assert_near(gw_hypervolume(f, 7, 2, reference), 6, 1e-14, 0);
    assert_near(gw_hypervolume(f + 10, 2, 2, reference), 0, 0, 0);
    assert_near(gw_hypervolume(f, 0, 2, reference), 0, 0, 0);
}

/* (2,2) alone covers the unit square up to (3,3); the outer ones a unit each beside it. A repeated point is
 * not missed. */
static void a_contribution_is_what_would_be_lost(void **state)
{
    (void)state;
    const double reference[2] = {4, 4};
    const double f[] = {1, 3, 2, 2, 3, 1};
    double lost[4];
    gw_hypervolume_contributions(f, 3, 2, reference, lost);
    assert_near(lost[0], 1, 1e-14, 0);
    assert_near(lost[1], 1, 1e-14, 0);
    assert_near(lost[2], 1, 1e-14, 0);
    const double twice[] = {1, 3, 2, 2, 2, 2, 5, 0};
    gw_hypervolume_contributions(twice, 4, 2, reference, lost);
    assert_near(lost[0], 1, 1e-14, 0);
    assert_near(lost[1], 0, 0, 0);
    assert_near(lost[2], 0, 0, 0);
    assert_near(lost[3], 0, 0, 0);
}

static void contributions_are_differences_of_volumes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        const struct exact *e = &exact[i];
        const double reference[4] = {e->reference, e->reference, e->reference, e->reference};
        double lost[POINTS_MAX], without[POINTS_MAX * 4];
        gw_hypervolume_contributions(e->f, e->n, e->m, reference, lost);
        for (uint32_t j = 0; j < e->n; j++) {
            memcpy(without, e->f, (size_t)j * e->m * sizeof(double));
            memcpy(without + (size_t)j * e->m, e->f + (size_t)(j + 1) * e->m,
                   (size_t)(e->n - j - 1) * e->m * sizeof(double));
            assert_near(lost[j], e->volume - gw_hypervolume(without, e->n - 1, e->m, reference), 1e-14,
                        1e-12);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_sets_have_the_volume_that_counting_gives),
        cmocka_unit_test(points_that_dominate_nothing_add_nothing),
        cmocka_unit_test(a_contribution_is_what_would_be_lost),
        cmocka_unit_test(contributions_are_differences_of_volumes),
    };
    return cmocka_run_group_tests_name("hypervolume", tests, NULL, NULL);
}
