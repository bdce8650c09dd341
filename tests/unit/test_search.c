#include "tests/support/near.h"

#include <string.h>

#include "models/policies/search/hypervolume.h"
#include "models/policies/search/search.h"
#include "sim/validate/test_problems.h"

static gw_search_fn *const searches[] = {gw_nsga2_run,         gw_nsga3_run,  gw_moead_run, gw_sms_emoa_run,
                                         gw_random_search_run, gw_anneal_run, gw_ga_run};
enum { SEARCHES = sizeof searches / sizeof searches[0] };

static uint64_t calls;
static void counted(const void *context, const double *x, double *f)
{
    const struct gw_problem *problem = context;
    calls++;
    problem->eval(problem->context, x, f);
}

static void no_search_spends_more_than_its_evaluations_and_each_counts_them(void **state)
{
    (void)state;
    const struct gw_problem *zdt1 = gw_test_problems_at(GW_TEST_ZDT1);
    struct gw_problem problem = *zdt1;
    problem.eval = counted;
    problem.context = zdt1;
    for (size_t i = 0; i < SEARCHES; i++) {
        struct gw_front found;
        calls = 0;
        const struct gw_search how = {.seed = 1, .evaluations = 1003, .population = 20};
        assert_true(searches[i](&problem, &how, &found));
        assert_int_equal(found.evaluations, calls);
        assert_true(calls <= 1003 && calls > 1003 - 100);
        gw_front_fini(&found);
    }
}

static void the_same_seed_finds_the_same_front_and_another_another(void **state)
{
    (void)state;
    const struct gw_problem *problem = gw_test_problems_at(GW_TEST_DTLZ2);
    for (size_t i = 0; i < SEARCHES; i++) {
        struct gw_front a, b, c;
        struct gw_search how = {.seed = 1, .evaluations = 600, .population = 20};
        assert_true(searches[i](problem, &how, &a));
        assert_true(searches[i](problem, &how, &b));
        how.seed = 2;
        assert_true(searches[i](problem, &how, &c));
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.f, b.f, a.n * a.objectives * sizeof *a.f);
        assert_true(a.n != c.n || memcmp(a.f, c.f, a.n * a.objectives * sizeof *a.f) != 0);
        gw_front_fini(&a);
        gw_front_fini(&b);
        gw_front_fini(&c);
    }
}

static void what_is_found_does_not_dominate_itself_and_has_its_own_objectives(void **state)
{
    (void)state;
    const struct gw_problem *problem = gw_test_problems_at(GW_TEST_ZDT3);
    for (size_t i = 0; i < SEARCHES; i++) {
        struct gw_front found;
        const struct gw_search how = {.seed = 4, .evaluations = 800, .population = 20};
        assert_true(searches[i](problem, &how, &found));
        assert_true(found.n > 0);
        for (uint32_t a = 0; a < found.n; a++) {
            double f[2];
            problem->eval(NULL, gw_front_x(&found, a), f);
            assert_memory_equal(f, gw_front_f(&found, a), sizeof f);
            for (uint32_t b = 0; b < found.n; b++) {
                assert_false(gw_front_dominates(gw_front_f(&found, a), gw_front_f(&found, b), 2));
            }
        }
        gw_front_fini(&found);
    }
}

static void too_few_evaluations_for_a_first_population_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < SEARCHES; i++) {
        struct gw_front found;
        const struct gw_search how = {.seed = 4, .evaluations = 19, .population = 20};
        assert_false(searches[i](gw_test_problems_at(GW_TEST_ZDT1), &how, &found));
        gw_front_fini(&found);
    }
}

/* Four rows of ten places. The first objective costs the place's number, the second that number shuffled:
 * each is 0 in one vertex only. */
enum { PLACES = 10, VARS = 4 * PLACES };
static void corners(const void *context, const double *x, double *f)
{
    (void)context;
    f[0] = 0;
    f[1] = 0;
    for (int i = 0; i < VARS; i++) {
        f[0] += x[i] * (i % PLACES);
        f[1] += x[i] * ((7 * (i % PLACES) + 3) % PLACES);
    }
}

static void evolution_over_rows_reaches_the_corners(void **state)
{
    (void)state;
    const struct gw_problem problem = {.n = VARS, .objectives = 2, .row = PLACES, .eval = corners};
    gw_search_fn *const evolving[] = {gw_nsga2_run, gw_nsga3_run, gw_moead_run, gw_sms_emoa_run, gw_ga_run};
    for (size_t i = 0; i < sizeof evolving / sizeof evolving[0]; i++) {
        struct gw_front found;
        double low[2], high[2];
        const struct gw_search how = {.seed = 1, .evaluations = 16000, .population = 20};
        assert_true(evolving[i](&problem, &how, &found));
        gw_front_range(&found, low, high);
        assert_near(low[0], 0, 0, 1e-9);
        assert_near(low[1], 0, 0, 1e-9);
        gw_front_fini(&found);
    }
}

static void a_search_that_starts_from_the_optimum_keeps_it(void **state)
{
    (void)state;
    const struct gw_problem *problem = gw_test_problems_at(GW_TEST_ZDT4);
    double x[10] = {0.25}, f[2];
    struct gw_front start;
    assert_true(gw_front_init(&start, 10, 2, 1));
    problem->eval(NULL, x, f);
    assert_true(gw_front_append(&start, x, f));
    struct gw_front found;
    const struct gw_search how = {.seed = 1, .evaluations = 2000, .population = 20, .start = &start};
    assert_true(gw_nsga2_run(problem, &how, &found));
    const double reference[2] = {1.1, 1.1};
    assert_true(gw_hypervolume(found.f, found.n, 2, reference) >= (1.1 - 0.25) * (1.1 - 0.5) - 1e-12);
    gw_front_fini(&found);
    gw_front_fini(&start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_search_spends_more_than_its_evaluations_and_each_counts_them),
        cmocka_unit_test(the_same_seed_finds_the_same_front_and_another_another),
        cmocka_unit_test(what_is_found_does_not_dominate_itself_and_has_its_own_objectives),
        cmocka_unit_test(too_few_evaluations_for_a_first_population_are_refused),
        cmocka_unit_test(evolution_over_rows_reaches_the_corners),
        cmocka_unit_test(a_search_that_starts_from_the_optimum_keeps_it),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
