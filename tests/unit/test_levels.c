/* Directives in whole runs: tokens, quality, common draws, threads, and orders that break the contract. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "sim/run/levels.h"
#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

/* One level half as long and three quarters as good. */
static const char scenario[] =
    "geowatt: 1\n"
    "name: answers\n"
    "seed: 3\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 6 h, epoch: 1 h, initial: cold }\n"
    "catalogue:\n"
    "  directives:\n"
    "    half:\n"
    "      title: As they are, or half as long\n"
    "      levels: [ { output: 1, preference: 0.4 }, { output: 0.5, preference: 0.3 } ]\n"
    "      sources: { \"*\": \"A round-number\" }\n"
    "sites:\n"
    "  - { name: cal, place: san-jose, grid: { generated: { region: US-CAL-CISO } }, pools: [ { node: "
    "h100x8, "
    "count: 1 } ] }\n"
    "  - { name: gb, place: london, grid: { generated: { region: GB } }, pools: [ { node: h100x8, count: 1 } "
    "] "
    "}\n"
    "serving:\n"
    "  models: [ { llm: llama-3.1-8b, tensor_parallel: 1, replicas: 2 } ]\n"
    "  demand:\n"
    "    - { name: west, origin: us-west, model: llama-3.1-8b, rate: 1 /s, directives: half }\n"
    "    - { name: east, origin: us-east, model: llama-3.1-8b, rate: 1 /s }\n"
    "defaults: { routing: greedy-carbon }\n"
    "policies:\n"
    "  - full-answers\n"
    "  - shortest-answers\n"
    "  - { name: plain, routing: greedy-carbon }\n"
    "  - { name: sprout, directives: { policy: sprout, samples: 0 } }\n"
    "  - sprout-static\n";

static double of(const struct experiment *e, const char *policy, enum gw_score score)
{
    return experiment_score(e, policy, score);
}

/* An order for the first level is none; an order for the other halves each answer of the row that has it, and
 * leaves the other row's to the token. */
static void a_level_shortens_answers_and_nothing_else(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, scenario, NULL, 0);
    assert_true(of(&e, "full-answers", GW_SCORE_QUALITY) == 1.0);
    assert_true(of(&e, "plain", GW_SCORE_QUALITY) == 1.0);
    assert_near(of(&e, "shortest-answers", GW_SCORE_QUALITY), 0.75, 1e-15, 0.0);
    const struct gw_demand_result *full = e.result.run[0].demand, *half = e.result.run[1].demand;
    const struct gw_demand_result *plain = e.result.run[2].demand;
    assert_int_equal(full[0].out_tok, plain[0].out_tok);
    assert_int_equal(full[0].completed, half[0].completed);
    assert_int_equal(full[1].out_tok, half[1].out_tok);
    assert_int_equal(full[0].in_tok, half[0].in_tok);
    /* halves are rounded up */
    assert_true(half[0].out_tok >= full[0].out_tok / 2 &&
                (double)half[0].out_tok <= 0.5 * (double)(full[0].out_tok + full[0].completed));
    assert_true(of(&e, "shortest-answers", GW_SCORE_IT) < of(&e, "full-answers", GW_SCORE_IT));
    assert_true(of(&e, "shortest-answers", GW_SCORE_E2E_MEAN) < of(&e, "full-answers", GW_SCORE_E2E_MEAN));
    experiment_fini(&e);
}

/* Sprout gives up at most its tolerance and lies between the ends, with the books in balance; tokens are its
 * decision, so the rows are comparable. */
static void sprout_lies_between_the_ends(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, scenario, NULL, 0);
    static const char *const names[] = {"sprout", "sprout-static"};
    for (size_t i = 0; i < 2; i++) {
        const double quality = of(&e, names[i], GW_SCORE_QUALITY);
        assert_true(quality > 0.89 && quality < 1.0);
        assert_true(of(&e, names[i], GW_SCORE_CARBON) < of(&e, "full-answers", GW_SCORE_CARBON));
        assert_true(of(&e, names[i], GW_SCORE_CARBON) > of(&e, "shortest-answers", GW_SCORE_CARBON));
        assert_true(of(&e, names[i], GW_SCORE_RESIDUAL) <= 1e-9);
    }
    assert_true(gw_score_comparable(e.result.run[3].score, e.result.run[0].score));
    experiment_fini(&e);
}

/* Without tolerance, and with a judge who knows, nothing is given up. */
static void no_tolerance_gives_up_nothing(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, scenario,
                   SET("policies=[{name: sprout, directives: {policy: sprout, tolerance: 0, samples: 0}}]"),
                   0);
    assert_true(e.result.run[0].score[GW_SCORE_QUALITY] == 1.0);
    experiment_fini(&e);
}

static void threads_change_no_byte(void **state)
{
    (void)state;
    struct experiment serial, parallel;
    experiment_run(&serial, scenario, NULL, 0);
    experiment_run(&parallel, scenario, NULL, 8);
    experiment_assert_same(&serial, &parallel);
    experiment_fini(&serial);
    experiment_fini(&parallel);
}

/* ---- the parts of the unit interval ---- */

struct world {
    struct gw_scenario sc;
    struct gw_arena arena;
    double order[4]; /* [demands][levels] */
    struct gw_levels levels;
};

static void open_world(struct world *w)
{
    struct gw_errors errs = {0};
    *w = (struct world){.order = {(double)NAN, (double)NAN, (double)NAN, (double)NAN}};
    assert_int_equal(gw_scenario_parse(scenario, strlen(scenario), "levels.yaml", NULL, &w->sc, &errs),
                     GW_OK);
    assert_true(gw_levels_init(&w->levels, &w->sc, 0, w->order, &w->arena));
    assert_int_equal(w->levels.levels, 2);
}

static void close_world(struct world *w)
{
    gw_arena_fini(&w->arena);
    gw_scenario_fini(&w->sc);
}

/* A third gets the short level, and whoever is short at a third stays so at two thirds. */
static void a_larger_share_keeps_those_who_had_it(void **state)
{
    (void)state;
    struct world w;
    struct gw_error err;
    bool changed;
    enum { N = 30000 };
    static uint8_t third[N];
    open_world(&w);
    w.order[0] = 2.0 / 3.0;
    w.order[1] = 1.0 / 3.0;
    assert_int_equal(gw_levels_update(&w.levels, "p", &changed, &err), GW_OK);
    assert_true(changed);
    assert_near(w.levels.effect[0].tok, 2.0 / 3.0 + 1.0 / 6.0, 1e-15, 0.0);
    assert_near(w.levels.effect[0].tok_sq, 2.0 / 3.0 + 1.0 / 12.0, 1e-15, 0.0);
    int n = 0;
    for (uint64_t i = 0; i < N; i++) {
        third[i] = (uint8_t)gw_levels_of(&w.levels, 0, i);
        n += third[i];
    }
    assert_near(n, N / 3.0, 0.03, 0.0); /* three standard deviations are 245 */
    w.order[0] = 1.0 / 3.0;
    w.order[1] = 2.0 / 3.0;
    assert_int_equal(gw_levels_update(&w.levels, "p", &changed, &err), GW_OK);
    for (uint64_t i = 0; i < N; i++) {
        assert_true(gw_levels_of(&w.levels, 0, i) >= third[i]);
    }
    assert_int_equal(gw_levels_update(&w.levels, "p", &changed, &err), GW_OK);
    assert_false(changed);
    close_world(&w);
}

static void orders_that_do_not_sum_to_one_are_refused(void **state)
{
    (void)state;
    struct world w;
    struct gw_error err;
    bool changed;
    open_world(&w);
    w.order[1] = 0.5;
    assert_int_equal(gw_levels_update(&w.levels, "mine", &changed, &err), GW_ERR_POLICY);
    assert_string_equal(err.where, "mine");
    assert_string_equal(err.why, "its orders directives of demand \"west\" sum to 0.5, not to 1");
    w.order[0] = 0.5;
    w.order[3] = 0.25; /* the other row has one level */
    assert_int_equal(gw_levels_update(&w.levels, "mine", &changed, &err), GW_ERR_POLICY);
    assert_non_null(strstr(err.why, "demand \"east\" a share of 0.25 at level 1; it has only 1"));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_shortens_answers_and_nothing_else),
        cmocka_unit_test(sprout_lies_between_the_ends),
        cmocka_unit_test(no_tolerance_gives_up_nothing),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(a_larger_share_keeps_those_who_had_it),
        cmocka_unit_test(orders_that_do_not_sum_to_one_are_refused),
    };
    return cmocka_run_group_tests_name("levels", tests, NULL, NULL);
}
