/* A split model in a run: what its link costs in time and energy, that the books balance whatever the
 * windows, and what planners take each phase for. Llama 2 70B keeps 2 x 80 layers x 8 heads x 128 x 2 B =
 * 327680 B per token. */
#include "tests/support/near.h"

#include "sim/run/phases.h"
#include "tests/support/experiment.h"

#define SET(...)   ((const char *const[]){__VA_ARGS__, NULL})
#define SPLIT(how) "serving.models[0].replicas={split: {prefill: 1, decode: 1, " how "}}"
#define NEAREST    "policies=[nearest]"

static const double kv_gb_per_tok = 327680e-9;

static const struct gw_demand_result *east(const struct experiment *e)
{
    return &e->result.run[0].demand[0];
}

static double per_request(const struct experiment *e, uint64_t n)
{
    return (double)n / (double)east(e)->completed;
}

static void every_request_is_answered_and_the_books_balance_whatever_the_windows(void **state)
{
    (void)state;
    struct experiment a, b;
    experiment_run(&a, experiment_two_sites, SET(SPLIT("link: 10 Gbit/s, link_energy: 5 J/GB"), NEAREST), 0);
    experiment_run(&b, experiment_two_sites,
                   SET(SPLIT("link: 10 Gbit/s, link_energy: 5 J/GB"), NEAREST, "time.window=10s"), 0);
    experiment_assert_same(&a, &b);
    assert_true(experiment_score(&a, "nearest", GW_SCORE_RESIDUAL) < 1e-12);
    assert_int_equal(east(&a)->completed, east(&a)->arrived);
    experiment_fini(&b);
    experiment_fini(&a);
}

/* 0.026 ms per token of a prompt instead of next to nothing; first tokens do not wait for it. Prompts that
 * wait for the link come on top. */
static void a_slow_link_delays_all_but_the_first_token(void **state)
{
    (void)state;
    struct experiment fast, slow;
    experiment_run(&fast, experiment_two_sites, SET(SPLIT("link: 100000 Gbit/s"), NEAREST), 0);
    experiment_run(&slow, experiment_two_sites, SET(SPLIT("link: 100 Gbit/s"), NEAREST), 0);
    assert_true(east(&fast)->ttft_ms_mean == east(&slow)->ttft_ms_mean);
    const double alone_ms = per_request(&slow, east(&slow)->in_tok) * kv_gb_per_tok * 8.0 / 100.0 * 1e3;
    const double delay_ms = east(&slow)->e2e_ms_mean - east(&fast)->e2e_ms_mean;
    assert_true(delay_ms > 0.9 * alone_ms);
    assert_true(delay_ms < 3.0 * alone_ms);
    experiment_fini(&slow);
    experiment_fini(&fast);
}

/* But for a few: answers of one token are not handed over, and some came before the scored time. */
static void energy_of_the_link_goes_to_the_rows_whose_requests_it_carries(void **state)
{
    (void)state;
    struct experiment with, without;
    experiment_run(&with, experiment_two_sites, SET(SPLIT("link_energy: 1000 J/GB"), NEAREST), 0);
    experiment_run(&without, experiment_two_sites, SET(SPLIT("link_energy: 0 J/GB"), NEAREST), 0);
    const double all_kwh = (double)east(&with)->in_tok * kv_gb_per_tok * 1000.0 / 3.6e6;
    const double kwh = east(&with)->busy_kwh - east(&without)->busy_kwh;
    assert_near(kwh, all_kwh, 0.01, 0.0);
    assert_true(east(&with)->e2e_ms_mean == east(&without)->e2e_ms_mean);
    experiment_fini(&without);
    experiment_fini(&with);
}

static void planners_take_the_phase_with_less_room_for_the_whole(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites, SET(SPLIT("link: 10 Gbit/s"), NEAREST), 0);
    const struct gw_site *site = &e.sc.site[0];
    assert_int_equal(site->n_groups, 2);
    assert_int_equal(site->group[0].phase, GW_PHASE_PREFILL);
    assert_int_equal(site->group[1].phase, GW_PHASE_DECODE);
    assert_true(site->group[0].cfg.prefill_only);
    assert_false(site->group[1].cfg.prefill_only);

    const struct gw_serving_load mix = {.in_tok = 1000, .out_tok = 200};
    const double whole = gw_serving_capacity(&site->group[1].cfg, &mix);
    assert_true(gw_phases_capacity(&site->group[0], &mix) > whole);
    assert_true(gw_phases_capacity(&site->group[1], &mix) > whole);
    assert_near(gw_phases_least((const double[GW_PHASES]){1.0, 5.0, 3.0}), 4.0, 0.0, 0.0);
    experiment_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_is_answered_and_the_books_balance_whatever_the_windows),
        cmocka_unit_test(a_slow_link_delays_all_but_the_first_token),
        cmocka_unit_test(energy_of_the_link_goes_to_the_rows_whose_requests_it_carries),
        cmocka_unit_test(planners_take_the_phase_with_less_room_for_the_whole),
    };
    return cmocka_run_group_tests_name("phases", tests, NULL, NULL);
}
