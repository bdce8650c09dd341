/* Bills that a person can redo: every kind of price and charge, on days when clocks change and at the end of
 * a month; and how a wrong tariff is refused. Tariffs are of Dallas, six hours behind UTC, unless said. */
#include "tests/support/bound.h"

#include <stdio.h>

#include "models/supply/tariff.h"
#include "sim/base/units.h"

static gw_time_us at(const char *text)
{
    gw_time_us unix_us;
    assert_int_equal(gw_clock_parse(text, &unix_us, NULL), GW_OK);
    return unix_us;
}

static const gw_time_us quarter_us = GW_US_PER_H / 4;

struct desk {
    struct bound b;
    struct gw_tariff tariff;
    struct gw_tariff_bill bill;
};

static void open_bill(struct desk *d, const char *yaml, const struct gw_tariff_before *before,
                      const char *from, const char *to)
{
    bound_read(&d->b, &gw_tariff_type, yaml, &d->tariff);
    assert_true(gw_tariff_open(&d->bill, &d->tariff, -6.0, before, at(from), at(to), &d->b.arena));
}

static void add(struct gw_tariff_charge *sum, const struct gw_tariff_charge *charge)
{
    sum->energy_usd += charge->energy_usd;
    sum->demand_usd += charge->demand_usd;
    sum->coincident_usd += charge->coincident_usd;
    sum->fixed_usd += charge->fixed_usd;
    sum->owed_usd += charge->owed_usd;
}

/* An even load from one instant to another, in steps. */
static struct gw_tariff_charge draw(struct desk *d, const char *from, const char *to, gw_time_us step_us,
                                    double kw, double wholesale)
{
    struct gw_tariff_charge sum = {0};
    for (gw_time_us t = at(from); t < at(to); t += step_us) {
        const struct gw_tariff_charge charge =
            gw_tariff_add(&d->bill, t, t + step_us, kw * gw_h_from_us(step_us), wholesale);
        add(&sum, &charge);
    }
    return sum;
}

static const char day[] = "2023-06-01T06:00:00Z",
                  next_day[] = "2023-06-02T06:00:00Z"; /* a Thursday in Dallas */

static void threshold_is(const struct desk *d, const char *from, double kw, double usd_per_kw)
{
    struct gw_tariff_threshold out[4];
    assert_int_equal(gw_tariff_thresholds(&d->bill, at(from), at(from) + GW_US_PER_H, 4, out), 1);
    assert_near(out[0].kw, kw, 1e-12, 0);
    assert_near(out[0].usd_per_kw, usd_per_kw, 1e-12, 0);
}

/* 10 USD per kW and month, three days of June's thirty scored; 80 kW before the run, then 100 kW. In July
 * nothing is scored, and half of 100 kW is billed whatever happens. */
static void what_a_new_peak_would_cost_is_told_beforehand(void **state)
{
    (void)state;
    struct desk d;
    const struct gw_tariff_before before = {.month_kw = 80};
    open_bill(&d,
              "{ demand: [ { name: all, price: 10, ratchet: 0.5 }, { name: noon, price: 7, when: [ { from: "
              "11, to: 13 } ] } ] }",
              &before, day, "2023-06-04T06:00:00Z");
    threshold_is(&d, day, 80, 1.0);
    (void)draw(&d, day, "2023-06-01T07:00:00Z", GW_US_PER_H, 100, 0);
    threshold_is(&d, "2023-06-01T07:00:00Z", 100, 1.0);
    threshold_is(&d, "2023-07-01T06:00:00Z", 50, 0.0);
    struct gw_tariff_threshold out[4];
    assert_int_equal(
        gw_tariff_thresholds(&d.bill, at("2023-06-01T17:00:00Z"), at("2023-06-01T18:00:00Z"), 4, out), 2);
    assert_near(out[1].kw, 80, 0, 0);
    assert_near(out[1].usd_per_kw, 0.7, 1e-12, 0);
    bound_fini(&d.b);
}

/* --- energy ------------------------------------------------------------------------------------ */

/* 1 MW for a day at 80 + 5 USD/MWh */
static void a_flat_price_is_paid_for_each_kwh(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, "{ energy: 80 USD/MWh, adder: 5 USD/MWh }", NULL, day, next_day);
    assert_near(draw(&d, day, next_day, quarter_us, 1000, 999).energy_usd, 24 * 85, 1e-12, 0);
    bound_fini(&d.b);
}

/* 24 MWh at 40 USD/MWh, 5 % of losses, 30 USD/MWh of networks */
static void a_wholesale_price_comes_with_losses_and_an_adder(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, "{ energy: wholesale, loss: 5 %, adder: 30 USD/MWh }", NULL, day, next_day);
    assert_near(draw(&d, day, next_day, quarter_us, 1000, 40).energy_usd, 24 * (42 + 30), 1e-12, 0);
    bound_fini(&d.b);
}

static const char by_the_clock[] =
    "{ daylight_saving: us, energy: { tou: [\n"
    "  { name: peak, price: 200, when: [ { days: weekday, from: 14 h, to: 20 h } ] },\n"
    "  { name: night, price: 30, when: [ { days: weekday, from: 22 h, to: 6 h } ] },\n"
    "  { name: rest, price: 80 } ] } }";

/* A weekday: 6 h peak, 8 h night, 10 h rest. */
static void prices_follow_the_local_clock(void **state)
{
    (void)state;
    struct desk d;
    /* in June the clock of Dallas is five hours behind UTC */
    open_bill(&d, by_the_clock, NULL, "2023-06-01T05:00:00Z", "2023-06-02T05:00:00Z");
    assert_near(draw(&d, "2023-06-01T05:00:00Z", "2023-06-02T05:00:00Z", quarter_us, 1000, 0).energy_usd,
                6 * 200 + 8 * 30 + 10 * 80, 1e-12, 0);
    bound_fini(&d.b);
}

/* Sunday 12 March 2023 has 23 hours and no periods by day; Monday begins an hour earlier by UTC than before.
 */
static void a_day_of_23_hours_is_billed_for_23(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, by_the_clock, NULL, "2023-03-12T06:00:00Z", "2023-03-14T05:00:00Z");
    assert_near(draw(&d, "2023-03-12T06:00:00Z", "2023-03-13T05:00:00Z", quarter_us, 1000, 0).energy_usd,
                23 * 80, 1e-12, 0);
    assert_near(draw(&d, "2023-03-13T05:00:00Z", "2023-03-14T05:00:00Z", quarter_us, 1000, 0).energy_usd,
                6 * 200 + 8 * 30 + 10 * 80, 1e-12, 0);
    bound_fini(&d.b);
}

static void steps_of_an_hour_and_of_five_minutes_cost_the_same(void **state)
{
    (void)state;
    static const gw_time_us steps[] = {GW_US_PER_H, GW_US_PER_H / 12, 24 * GW_US_PER_H};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct desk d;
        open_bill(&d, by_the_clock, NULL, day, next_day);
        assert_near(draw(&d, day, next_day, steps[i], 1000, 0).energy_usd, 6 * 200 + 8 * 30 + 10 * 80, 1e-12,
                    0);
        bound_fini(&d.b);
    }
}

/* A run of a tenth of June (3 of 30 days): the first block ends at 10 of 100 MWh. 72 MWh: 10 at 100, 62
 * at 60. */
static void blocks_are_pro_rated_to_the_runs_part_of_the_month(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, "{ energy: { block: [ { up_to: 100 MWh, price: 100 }, { price: 60 } ] } }", NULL, day,
              "2023-06-04T06:00:00Z");
    assert_near(draw(&d, day, "2023-06-04T06:00:00Z", quarter_us, 1000, 0).energy_usd, 10 * 100 + 62 * 60,
                1e-12, 0);
    bound_fini(&d.b);
}

/* --- power -------------------------------------------------------------------------------------- */

/* One interval of 15 minutes with 1500 kW in a day of 1000 kW; 10 USD/kW a month, a day of 30. */
static void the_highest_interval_is_charged_for_the_runs_part_of_the_month(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, "{ energy: 0, demand: [ { name: d, price: 10 USD/kW/month } ] }", NULL, day, next_day);
    struct gw_tariff_charge sum = draw(&d, day, "2023-06-01T12:00:00Z", GW_US_PER_H / 12, 1000, 0);
    struct gw_tariff_charge more =
        draw(&d, "2023-06-01T12:00:00Z", "2023-06-01T12:15:00Z", GW_US_PER_H / 12, 1500, 0);
    add(&sum, &more);
    more = draw(&d, "2023-06-01T12:15:00Z", next_day, GW_US_PER_H / 12, 1000, 0);
    add(&sum, &more);
    assert_near(sum.demand_usd, 10 * 1500 / 30.0, 1e-12, 0);
    assert_true(sum.owed_usd == 0);
    bound_fini(&d.b);
}

/* The same quarter of an hour within half an hour: (1500 + 1000) / 2. */
static void a_longer_interval_flattens_the_peak(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, "{ energy: 0, demand: [ { name: d, price: 10 USD/kW/month, interval: 30 min } ] }", NULL,
              day, next_day);
    struct gw_tariff_charge sum = draw(&d, day, "2023-06-01T12:00:00Z", quarter_us, 1000, 0);
    struct gw_tariff_charge more =
        draw(&d, "2023-06-01T12:00:00Z", "2023-06-01T12:15:00Z", quarter_us, 1500, 0);
    add(&sum, &more);
    more = draw(&d, "2023-06-01T12:15:00Z", next_day, quarter_us, 1000, 0);
    add(&sum, &more);
    assert_near(sum.demand_usd, 10 * 1250 / 30.0, 1e-12, 0);
    bound_fini(&d.b);
}

/* Peaks count from 8 to 12 h only: 600 kW then, 1000 kW before. */
static void power_out_of_hours_is_not_charged(void **state)
{
    (void)state;
    struct desk d;
    open_bill(
        &d,
        "{ energy: 0, demand: [ { name: d, price: 30 USD/kW/month, when: [ { from: 8 h, to: 12 h } ] } ] }",
        NULL, day, next_day);
    struct gw_tariff_charge sum = draw(&d, day, "2023-06-01T14:00:00Z", quarter_us, 1000, 0); /* 0 to 8 h */
    struct gw_tariff_charge more = draw(&d, "2023-06-01T14:00:00Z", next_day, quarter_us, 600, 0);
    add(&sum, &more);
    assert_near(sum.demand_usd, 30 * 600 / 30.0, 1e-12, 0);
    bound_fini(&d.b);
}

/* A peak of 800 kW stood in the month before the run: only what lies above it is the run's. */
static void a_peak_from_before_the_run_is_owed_but_not_caused(void **state)
{
    (void)state;
    struct desk d;
    const struct gw_tariff_before before = {.month_kw = 800};
    open_bill(&d, "{ energy: 0, demand: [ { name: d, price: 30 USD/kW/month } ] }", &before, day, next_day);
    const struct gw_tariff_charge sum = draw(&d, day, next_day, quarter_us, 1000, 0);
    assert_near(sum.demand_usd, 30 * 200 / 30.0, 1e-12, 0);
    assert_near(sum.owed_usd, 30 * 800 / 30.0, 1e-12, 0);
    bound_fini(&d.b);
}

/* 1000 kW last winter, a ratchet of 80 %: 800 kW are billed though 500 are drawn; with 900 drawn 900 are. */
static void a_ratchet_bills_part_of_the_years_peak(void **state)
{
    (void)state;
    const struct gw_tariff_before before = {.year_kw = 1000};
    static const char tariff[] =
        "{ energy: 0, demand: [ { name: d, price: 30 USD/kW/month, ratchet: 0.8 } ] }";
    static const struct {
        double drawn_kw, billed_kw;
    } cases[] = {{500, 800}, {800, 800}, {900, 900}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk d;
        open_bill(&d, tariff, &before, day, next_day);
        const struct gw_tariff_charge sum = draw(&d, day, next_day, quarter_us, cases[i].drawn_kw, 0);
        assert_near(sum.owed_usd + sum.demand_usd, 30 * cases[i].billed_kw / 30.0, 1e-12, 0);
        assert_near(sum.owed_usd, 30 * 800 / 30.0, 1e-12, 0);
        bound_fini(&d.b);
    }
}

/* June and July whole: 1000 kW in June, 500 in July, of which the ratchet makes 800. All of it is the run's.
 */
static void a_month_of_the_run_ratchets_the_next(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, "{ energy: 0, demand: [ { name: d, price: 30 USD/kW/month, ratchet: 0.8 } ] }", NULL, day,
              "2023-08-01T06:00:00Z");
    const struct gw_tariff_charge june = draw(&d, day, "2023-07-01T06:00:00Z", GW_US_PER_H, 1000, 0);
    const struct gw_tariff_charge july =
        draw(&d, "2023-07-01T06:00:00Z", "2023-08-01T06:00:00Z", GW_US_PER_H, 500, 0);
    assert_near(june.demand_usd, 30 * 1000, 1e-12, 0);
    assert_near(july.demand_usd, 30 * 800, 1e-12, 0);
    bound_fini(&d.b);
}

/* The last day of June and the first of July, by the clock of the place: a peak in each. */
static void a_new_month_begins_a_new_peak_at_local_midnight(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, "{ energy: 0, demand: [ { name: d, price: 30 USD/kW/month } ] }", NULL,
              "2023-06-30T06:00:00Z", "2023-07-02T06:00:00Z");
    const struct gw_tariff_charge june =
        draw(&d, "2023-06-30T06:00:00Z", "2023-07-01T06:00:00Z", quarter_us, 700, 0);
    const struct gw_tariff_charge july =
        draw(&d, "2023-07-01T06:00:00Z", "2023-07-02T06:00:00Z", quarter_us, 300, 0);
    assert_near(june.demand_usd, 30 * 700 / 30.0, 1e-12, 0);
    assert_near(july.demand_usd, 30 * 300 / 31.0, 1e-12, 0);
    bound_fini(&d.b);
}

static void a_contract_bills_a_least_power(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, "{ energy: 0, demand: [ { name: d, price: 30 USD/kW/month, least: 2 MW } ] }", NULL, day,
              next_day);
    const struct gw_tariff_charge sum = draw(&d, day, next_day, quarter_us, 1000, 0);
    assert_near(sum.owed_usd, 30 * 2000 / 30.0, 1e-12, 0);
    assert_true(sum.demand_usd == 0);
    bound_fini(&d.b);
}

/* The system peaks twice in the run: 400 kW are drawn in the one interval, 1000 in the other, 5 USD/kW each.
 * A third peak lies outside. */
static void coincident_peaks_charge_the_power_of_their_intervals(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d,
              "{ energy: 0, coincident: { price: 5 USD/kW, interval: 15 min, at: [ 2023-06-01T10:00:00Z, "
              "2023-06-01T22:00:00Z, 2023-06-09T22:00:00Z ] } }",
              NULL, day, next_day);
    struct gw_tariff_charge sum = draw(&d, day, "2023-06-01T12:00:00Z", GW_US_PER_H / 12, 400, 0);
    const struct gw_tariff_charge more =
        draw(&d, "2023-06-01T12:00:00Z", next_day, GW_US_PER_H / 12, 1000, 0);
    add(&sum, &more);
    assert_near(sum.coincident_usd, 5 * (400 + 1000), 1e-12, 0);
    bound_fini(&d.b);
}

static void a_fixed_charge_is_pro_rated(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, "{ energy: 0, fixed: 3000 USD/month }", NULL, day, next_day);
    assert_near(draw(&d, day, next_day, quarter_us, 1000, 0).fixed_usd, 3000 / 30.0, 1e-12, 0);
    /* what is drawn after the scored time costs energy, no further part of the month */
    assert_true(draw(&d, next_day, "2023-06-03T06:00:00Z", quarter_us, 1000, 0).fixed_usd == 0);
    bound_fini(&d.b);
}

/* --- what policies see --------------------------------------------------------------------------- */

static void the_price_of_an_interval_is_the_mean_over_the_clock(void **state)
{
    (void)state;
    struct desk d;
    open_bill(&d, by_the_clock, NULL, day, next_day);
    /* 13:30 to 14:30 in Dallas: half rest, half peak */
    assert_near(gw_tariff_price(&d.tariff, -6, at("2023-06-01T18:30:00Z"), at("2023-06-01T19:30:00Z"), 1),
                140, 1e-12, 0);
    bound_fini(&d.b);
}

/* --- the catalogue and wrong tariffs -------------------------------------------------------------- */

static void the_catalogue_has_the_tariffs_of_the_literature(void **state)
{
    (void)state;
    static const struct {
        const char *name, *at;
        double usd_per_mwh;
    } cases[] = {
        {"eskom-megaflex-2023", "2023-07-05T06:00:00Z", 303.9}, /* a Wednesday in July, 8 h */
        {"eskom-megaflex-2023", "2023-07-09T10:00:00Z", 50.0},  /* a Sunday in July */
        {"eskom-megaflex-2023", "2023-01-04T06:00:00Z", 99.1},  /* a Wednesday in January, 8 h */
        {"eskom-megaflex-2023", "2023-01-07T06:00:00Z", 68.2},  /* a Saturday in January, 8 h */
        {"eskom-megaflex-2024", "2024-07-03T06:00:00Z", 342.6}, /* 6321 ZAR at 0.0542 */
        {"eskom-megaflex-2024", "2024-01-03T06:00:00Z", 111.8}, /* 2063 ZAR */
        {"dominion-gs5-25mw", "2027-01-06T06:00:00Z", 50},
        {"industrial-de-2023", "2023-01-07T06:00:00Z", 220},
        {"template-rtp", "2023-01-07T06:00:00Z", 50 * 1.05 + 30},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bound b;
        struct {
            struct gw_pick tariff;
        } root;
        static const struct gw_field fields[] = {{"tariff", &gw_tariff_pick, 0, NULL, "A tariff", NULL},
                                                 GW_FIELD_END};
        static const struct gw_type type = {
            .kind = GW_OBJ, .size = sizeof(struct gw_pick), .of = fields, .doc = "A site"};
        char yaml[80];
        snprintf(yaml, sizeof yaml, "tariff: %s\n", cases[i].name);
        bound_read(&b, &type, yaml, &root);
        const gw_time_us t = at(cases[i].at);
        assert_near(gw_tariff_price(gw_tariff_of(&root.tariff), 2, t, t + quarter_us, 50),
                    cases[i].usd_per_mwh, 1e-12, 0);
        bound_fini(&b);
    }
}

static void wrong_tariffs_say_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *why;
    } cases[] = {
        {"{ energy: { tou: [ { name: a, price: 1, when: [ { from: 8, to: 12 } ] }, { name: b, price: 2, "
         "when: [ { from: "
         "11, to: 8 } ] } ] } }",
         "\"a\" and \"b\" both cover Mondays at 11 h in month 1"},
        {"{ energy: { tou: [ { name: a, price: 1, when: [ { from: 8, to: 12 } ] }, { name: b, price: 2, "
         "when: [ { from: "
         "13, to: 8 } ] } ] } }",
         "no period covers Mondays at 12 h in month 1"},
        {"{ energy: { tou: [ { name: a, price: 1 }, { name: b, price: 2 } ] } }", "2 periods have no hours"},
        {"{ energy: { tou: [ { name: a, price: 1, when: [ { from: 8.25, to: 12 } ] } ] } }",
         "full and half hours"},
        {"{ energy: { tou: [ { name: a, price: 1, when: [ { from: 8, to: 8 } ] } ] } }", "no time at all"},
        {"{ energy: { block: [ { up_to: 10, price: 1 } ] } }", "the last block has no `up_to`"},
        {"{ energy: { block: [ { up_to: 10, price: 1 }, { up_to: 10, price: 1 }, { price: 1 } ] } }",
         "rising"},
        {"{ energy: { block: [ { price: 1 }, { price: 1 } ] } }", "ends at an `up_to`"},
        {"{ demand: [ { name: d, price: 1, interval: 20 min } ] }", "15, 30 or 60 min"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bound b;
        struct gw_tariff tariff;
        bound_fails(&b, &gw_tariff_type, cases[i].yaml, &tariff, cases[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flat_price_is_paid_for_each_kwh),
        cmocka_unit_test(a_wholesale_price_comes_with_losses_and_an_adder),
        cmocka_unit_test(prices_follow_the_local_clock),
        cmocka_unit_test(a_day_of_23_hours_is_billed_for_23),
        cmocka_unit_test(steps_of_an_hour_and_of_five_minutes_cost_the_same),
        cmocka_unit_test(blocks_are_pro_rated_to_the_runs_part_of_the_month),
        cmocka_unit_test(the_highest_interval_is_charged_for_the_runs_part_of_the_month),
        cmocka_unit_test(a_longer_interval_flattens_the_peak),
        cmocka_unit_test(power_out_of_hours_is_not_charged),
        cmocka_unit_test(a_peak_from_before_the_run_is_owed_but_not_caused),
        cmocka_unit_test(a_ratchet_bills_part_of_the_years_peak),
        cmocka_unit_test(a_month_of_the_run_ratchets_the_next),
        cmocka_unit_test(what_a_new_peak_would_cost_is_told_beforehand),
        cmocka_unit_test(a_new_month_begins_a_new_peak_at_local_midnight),
        cmocka_unit_test(a_contract_bills_a_least_power),
        cmocka_unit_test(coincident_peaks_charge_the_power_of_their_intervals),
        cmocka_unit_test(a_fixed_charge_is_pro_rated),
        cmocka_unit_test(the_price_of_an_interval_is_the_mean_over_the_clock),
        cmocka_unit_test(the_catalogue_has_the_tariffs_of_the_literature),
        cmocka_unit_test(wrong_tariffs_say_what_is_wrong),
    };
    return cmocka_run_group_tests_name("tariff", tests, NULL, NULL);
}
