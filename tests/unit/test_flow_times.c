/* Times of requests at places of the unit cube: their means are those of the state they met. */
#include "tests/support/near.h"

#include <math.h>

#include "models/serving/flow_times.h"

static const struct gw_flow_point point = {
    .busy_frac = 0.8,
    .met_s = 0.05,
    .prompt_s = 0.1,
    .in_tok = 1000.0,
    .plain_s = 0.02,
    .room_tok = 1e9,
    .queue_s = 0.03,
    .lump_s = 0.2,
    .wait_frac = 0.1,
    .wait_s = 0.5,
    .itl_s = 0.025,
    .jitter_s2_per_s = 0.001,
};
static const struct gw_flow_times_law prompt = {.mean = 1000.0, .mean_sq = 2e6};
static const struct gw_flow_times_law output = {.mean = 200.0, .mean_sq = 8e4};

enum { PLACES = 1 << 16 };

static void places_fill_the_cube_evenly(void **state)
{
    (void)state;
    double mean[GW_FLOW_TIMES_DIMS] = {0}, below[GW_FLOW_TIMES_DIMS] = {0};
    for (uint64_t i = 0; i < PLACES; i++) {
        double u[GW_FLOW_TIMES_DIMS];
        gw_flow_times_place(i, u);
        for (int j = 0; j < GW_FLOW_TIMES_DIMS; j++) {
            assert_true(u[j] > 0.0 && u[j] < 1.0);
            mean[j] += u[j] / PLACES;
            below[j] += u[j] < 0.01 && u[(j + 1) % GW_FLOW_TIMES_DIMS] < 0.5;
        }
    }
    for (int j = 0; j < GW_FLOW_TIMES_DIMS; j++) {
        assert_near(mean[j], 0.5, 0.0, 1e-3);
        assert_near(below[j] / PLACES, 0.005, 0.05, 0.0);
    }
}

static void means_over_all_places_are_those_of_the_state(void **state)
{
    (void)state;
    const struct gw_flow_batch batch = {
        .to_us = 1000000, .delay_from_s = 3.0, .delay_to_s = 5.0, .point = &point};
    double first_s = 0.0, decode_s = 0.0, in_tok = 0.0, out_tok = 0.0, waited = 0.0;
    for (uint64_t i = 0; i < PLACES; i++) {
        double u[GW_FLOW_TIMES_DIMS];
        struct gw_flow_times t;
        gw_flow_times_place(i, u);
        gw_flow_times_at(&batch, &prompt, &output, u, &t);
        first_s += t.first_s / PLACES;
        decode_s += (t.finish_s - t.first_s) / PLACES;
        in_tok += t.in_tok / PLACES;
        out_tok += t.out_tok / PLACES;
        waited += t.first_s > 5.0 + 1.0 ? 1.0 / PLACES : 0.0;
    }
    assert_near(in_tok, 1000.0, 5e-3, 0.0);
    assert_near(out_tok, 200.0, 5e-3, 0.0);
    /* delay 4, half a met step for 80 %, prompt and step, queue, place */
    assert_near(first_s, 4.0 + 0.8 * 0.025 + 0.1 + 0.02 + 0.03 + 0.5, 2e-3, 0.0);
    assert_near(decode_s, 199.0 * 0.025, 5e-3, 0.0);
    assert_true(waited > 0.05 && waited < 0.1);
}

static void who_meets_nobody_waits_for_nothing(void **state)
{
    (void)state;
    const struct gw_flow_point rest = {
        .prompt_s = 0.1, .in_tok = 1000.0, .plain_s = 0.02, .room_tok = 1500.0, .lump_s = 0.2, .itl_s = 0.02};
    const struct gw_flow_batch batch = {.from_us = 10, .to_us = 30, .point = &rest};
    const struct gw_flow_times_law fixed = {.mean = 1000.0, .mean_sq = 1e6},
                                   one = {.mean = 1.0, .mean_sq = 1.0};
    const double u[GW_FLOW_TIMES_DIMS] = {0.5, 0.5, 0.5, 0.99, 0.99, 0.5};
    struct gw_flow_times t;
    gw_flow_times_at(&batch, &fixed, &one, u, &t);
    assert_int_equal(t.arrival_us, 20);
    assert_near(t.first_s, 0.1 + 0.02, 1e-12, 0.0); /* one step has room for all of the prompt */
    assert_near(t.finish_s, t.first_s, 1e-12, 0.0); /* one token */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_fill_the_cube_evenly),
        cmocka_unit_test(means_over_all_places_are_those_of_the_state),
        cmocka_unit_test(who_meets_nobody_waits_for_nothing),
    };
    return cmocka_run_group_tests_name("flow_times", tests, NULL, NULL);
}
