#include "tests/support/near.h"

#include <string.h>

#include "models/policies/search/hypervolume.h"
#include "models/policies/search/linear.h"
#include "models/policies/search/slit.h"
#include "sim/validate/test_problems.h"

static uint64_t calls;
static void counted(const void *context, const double *x, double *f)
{
    const struct gw_problem *problem = context;
    calls++;
    problem->eval(problem->context, x, f);
}

static void every_preset_counts_its_evaluations_and_stays_within_them(void **state)
{
    (void)state;
    const struct gw_problem *zdt1 = gw_test_problems_at(GW_TEST_ZDT1);
    struct gw_problem problem = *zdt1;
    problem.eval = counted;
    problem.context = zdt1;
    for (int preset = 0; preset < GW_SLIT_PRESETS; preset++) {
        struct gw_slit_cfg cfg = gw_slit_presets[preset];
        cfg.trees = 5;
        struct gw_front found;
        calls = 0;
        const struct gw_search how = {.seed = 1, .evaluations = 4001, .population = 20};
        assert_true(gw_slit_run(&problem, &how, &cfg, &found));
        assert_int_equal(calls, 4001);
        assert_int_equal(found.evaluations, 4001);
        gw_front_fini(&found);
    }
}

static void the_same_seed_finds_the_same_front_with_every_learner(void **state)
{
    (void)state;
    for (int learner = GW_LEARNER_NONE; learner <= GW_LEARNER_GBDT; learner++) {
        struct gw_slit_cfg cfg = gw_slit_presets[GW_SLIT_SLIT];
        cfg.learner = (enum gw_learner_kind)learner;
        cfg.trees = 5;
        cfg.early_iterations = 2;
        struct gw_front a, b;
        const struct gw_search how = {.seed = 3, .evaluations = 3000, .population = 20};
        assert_true(gw_slit_run(gw_test_problems_at(GW_TEST_DTLZ2), &how, &cfg, &a));
        assert_true(gw_slit_run(gw_test_problems_at(GW_TEST_DTLZ2), &how, &cfg, &b));
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.f, b.f, a.n * 3 * sizeof *a.f);
        gw_front_fini(&a);
        gw_front_fini(&b);
    }
}

static double toy_volume(const struct gw_linear *toy, const struct gw_front *found)
{
    double reference[4];
    for (uint32_t k = 0; k < 4; k++) {
        reference[k] = 0;
        for (uint32_t i = 0; i < toy->rows * toy->places; i++) {
            reference[k] += toy->cost[i * 4 + k] / toy->places; /* the even plan */
        }
    }
    return gw_hypervolume(found->f, found->n, 4, reference);
}

/* Local search over moves is why the family is good at routing. */
static void on_routing_it_beats_evolution_alone_at_equal_evaluations(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_linear toy;
    struct gw_front slit, nsga2;
    assert_true(gw_linear_toy(&toy, 8, 12, 4, 1.9, 1, &arena));
    const struct gw_search how = {.seed = 1, .evaluations = 20000, .population = 50};
    struct gw_slit_cfg cfg = gw_slit_presets[GW_SLIT_SLIT];
    cfg.learner = GW_LEARNER_NONE;
    assert_true(gw_slit_run(&toy.problem, &how, &cfg, &slit));
    assert_true(gw_nsga2_run(&toy.problem, &how, &nsga2));
    assert_int_equal(slit.evaluations, 20000);
    assert_true(toy_volume(&toy, &slit) > toy_volume(&toy, &nsga2));
    gw_front_fini(&slit);
    gw_front_fini(&nsga2);
    gw_arena_fini(&arena);
}

static void what_it_finds_has_the_objectives_it_says(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_linear toy;
    assert_true(gw_linear_toy(&toy, 8, 12, 4, 1.5, 2, &arena));
    for (int archive = 0; archive < 2; archive++) {
        struct gw_slit_cfg cfg = gw_slit_presets[GW_SLIT_MOSAIC];
        cfg.archive = archive != 0;
        struct gw_front found;
        const struct gw_search how = {.seed = 1, .evaluations = 5000, .population = 20};
        assert_true(gw_slit_run(&toy.problem, &how, &cfg, &found));
        for (uint32_t i = 0; i < found.n; i++) {
            double f[4];
            toy.problem.eval(toy.problem.context, gw_front_x(&found, i), f);
            for (uint32_t k = 0; k < 4; k++) {
                assert_near(gw_front_f(&found, i)[k], f[k], 1e-9, 1e-9);
            }
        }
        gw_front_fini(&found);
    }
    gw_arena_fini(&arena);
}

static void a_front_to_start_from_is_not_lost(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_linear toy;
    struct gw_front first, second;
    assert_true(gw_linear_toy(&toy, 8, 12, 4, 1.5, 2, &arena));
    struct gw_slit_cfg cfg = gw_slit_presets[GW_SLIT_MOSAIC];
    struct gw_search how = {.seed = 1, .evaluations = 20000, .population = 30};
    assert_true(gw_slit_run(&toy.problem, &how, &cfg, &first));
    how.evaluations = 100;
    assert_true(gw_slit_run(&toy.problem, &how, &cfg, &second));
    const double cold = toy_volume(&toy, &second);
    gw_front_fini(&second);
    how.start = &first;
    assert_true(gw_slit_run(&toy.problem, &how, &cfg, &second));
    assert_true(toy_volume(&toy, &second) > 0.95 * toy_volume(&toy, &first));
    assert_true(toy_volume(&toy, &second) > cold);
    gw_front_fini(&first);
    gw_front_fini(&second);
    gw_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preset_counts_its_evaluations_and_stays_within_them),
        cmocka_unit_test(the_same_seed_finds_the_same_front_with_every_learner),
        cmocka_unit_test(on_routing_it_beats_evolution_alone_at_equal_evaluations),
        cmocka_unit_test(what_it_finds_has_the_objectives_it_says),
        cmocka_unit_test(a_front_to_start_from_is_not_lost),
    };
    return cmocka_run_group_tests_name("slit", tests, NULL, NULL);
}
