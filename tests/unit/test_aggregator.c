/* Where copies come together, on three sites in a row. */
#include "tests/support/near.h"

#include "models/federation/aggregator.h"

/* a --10 ms-- b --30 ms-- c; leaving c is dear. */
static const double rtt_ms[] = {0, 10, 40, 10, 0, 30, 40, 30, 0};
static const double usd_per_gb[] = {0, 0.02, 0.02, 0.02, 0, 0.02, 0.1, 0.1, 0};
static const double carbon[] = {300, 500, 100};
static const struct gw_fed_links links = {.rtt_ms = rtt_ms, .usd_per_gb = usd_per_gb};
static const uint8_t all[] = {1, 1, 1}, ends[] = {1, 0, 1};

static uint32_t place(enum gw_aggregator_rule rule, const uint8_t *in, double worth_g)
{
    const struct gw_aggregator_ask ask = {.links = &links,
                                          .clients = 3,
                                          .in = in,
                                          .carbon = carbon,
                                          .gb = 2.0,
                                          .kwh_per_gb = 0.001,
                                          .worth_g = worth_g,
                                          .now = 0};
    return gw_aggregator_place(rule, &ask);
}

static void it_stays_where_it_was_put(void **state)
{
    (void)state;
    assert_int_equal(place(GW_AGGREGATOR_FIXED, all, 0), 0);
    assert_int_equal(place(GW_AGGREGATOR_RING, all, 0), 0);
}

/* Farthest: 40, 30, 40 ms. */
static void it_stands_in_the_middle(void **state)
{
    (void)state;
    assert_int_equal(place(GW_AGGREGATOR_MIN_MAX_RTT, all, 0), 1);
}

/* Per GB, both ways with the others: a 0.04 + 0.12, b 0.04 + 0.12, c 0.12 + 0.12. With the ends alone a and
 * c cost the same and b, away from both, more. */
static void it_stands_where_sending_is_cheapest(void **state)
{
    (void)state;
    assert_int_equal(place(GW_AGGREGATOR_MIN_EGRESS_COST, all, 0), 0);
    assert_int_equal(place(GW_AGGREGATOR_MIN_EGRESS_COST, ends, 0), 0);
}

/* (300 - 100) g/kWh x 2 GB x 0.001 kWh/GB x 3 clients = 1.2 g. */
static void it_moves_to_clean_power_when_that_is_worth_it(void **state)
{
    (void)state;
    assert_int_equal(place(GW_AGGREGATOR_GREENEST, all, 1.19), 2);
    assert_int_equal(place(GW_AGGREGATOR_GREENEST, all, 1.21), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_stays_where_it_was_put),
        cmocka_unit_test(it_stands_in_the_middle),
        cmocka_unit_test(it_stands_where_sending_is_cheapest),
        cmocka_unit_test(it_moves_to_clean_power_when_that_is_worth_it),
    };
    return cmocka_run_group_tests_name("aggregator", tests, NULL, NULL);
}
