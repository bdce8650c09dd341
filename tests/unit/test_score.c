/* The score table, and when two rows may be compared. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/base/quantity.h"
#include "sim/run/score.h"

static void every_column_is_found_by_its_own_name(void **state)
{
    (void)state;
    for (int column = 0; column < GW_SCORE_COUNT; column++) {
        const struct gw_score_doc doc = gw_score_doc((enum gw_score)column);
        assert_int_equal(gw_score_find(doc.name), column);
    }
}

static void a_name_that_is_no_column_is_not_found(void **state)
{
    (void)state;
    static const char *const names[] = {"", "carbon", "carbon_kgco2 ", "CARBON", "watts"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(gw_score_find(names[i]), GW_SCORE_COUNT);
    }
}

static void the_table_says_what_is_better(void **state)
{
    (void)state;
    assert_int_equal(gw_score_doc(GW_SCORE_CARBON).better, GW_BETTER_LOW);
    assert_int_equal(gw_score_doc(GW_SCORE_SLO).better, GW_BETTER_HIGH);
    assert_int_equal(gw_score_doc(GW_SCORE_ARRIVED).better, GW_BETTER_NEITHER);
}

/* "docs" are sentences of a table: one line each, no full stop; units are ones that input may use, too. */
static void every_column_has_a_readable_unit_and_a_sentence(void **state)
{
    (void)state;
    for (int column = 0; column < GW_SCORE_COUNT; column++) {
        const struct gw_score_doc doc = gw_score_doc((enum gw_score)column);
        if (!gw_quantity_unit_ok(doc.unit)) {
            fail_msg("%s: unit \"%s\" cannot be read", doc.name, doc.unit);
        }
        assert_true(strlen(doc.doc) > 10);
        assert_int_not_equal(doc.doc[strlen(doc.doc) - 1], '.');
    }
}

/* Two rows with the given work done: completed requests and output tokens. */
static bool comparable(double completed_a, double tokens_a, double completed_b, double tokens_b)
{
    double a[GW_SCORE_COUNT] = {[GW_SCORE_COMPLETED] = completed_a, [GW_SCORE_TOKENS_OUT] = tokens_a};
    double b[GW_SCORE_COUNT] = {[GW_SCORE_COMPLETED] = completed_b, [GW_SCORE_TOKENS_OUT] = tokens_b};
    return gw_score_comparable(a, b);
}

static void rows_within_a_thousandth_of_each_others_work_are_comparable(void **state)
{
    (void)state;
    assert_true(comparable(1000, 5e5, 1000, 5e5));
    assert_true(comparable(1000, 5e5, 999, 5e5)); /* 1 of 1000: exactly at the limit */
    assert_true(comparable(999, 5e5, 1000, 5e5));
    assert_false(comparable(1000, 5e5, 998, 5e5));
    assert_false(comparable(998, 5e5, 1000, 5e5));
    assert_false(comparable(1000, 5e5, 1000, 5.01e5)); /* as many requests, but longer answers */
}

static void rows_without_any_work_are_comparable_with_each_other_only(void **state)
{
    (void)state;
    assert_true(comparable(0, 0, 0, 0));
    assert_false(comparable(0, 0, 1, 1));
    assert_false(comparable(1, 1, 0, 0));
}

/* A run that failed has NaN scores. */
static void unknown_work_is_comparable_with_nothing(void **state)
{
    (void)state;
    assert_false(comparable(NAN, 5e5, 1000, 5e5));
    assert_false(comparable(1000, 5e5, 1000, NAN));
    assert_false(comparable(NAN, NAN, NAN, NAN));
}

/* Where users answer to the service more work is no fault, a smaller share of it answered is. */
static void rows_of_closed_loops_compare_by_the_share_they_answered(void **state)
{
    (void)state;
    double a[GW_SCORE_COUNT] = {[GW_SCORE_ARRIVED] = 1000, [GW_SCORE_COMPLETED] = 990};
    double b[GW_SCORE_COUNT] = {[GW_SCORE_ARRIVED] = 2000, [GW_SCORE_COMPLETED] = 1980};
    assert_true(gw_score_comparable_per_request(a, b));
    assert_false(gw_score_comparable(a, b));
    b[GW_SCORE_COMPLETED] = 1970; /* 98.5 % after 99 % */
    assert_false(gw_score_comparable_per_request(a, b));
    assert_false(gw_score_comparable_per_request(b, a));
    a[GW_SCORE_COMPLETED] = b[GW_SCORE_COMPLETED] = 0; /* nothing to divide by */
    assert_false(gw_score_comparable_per_request(a, b));
    a[GW_SCORE_ARRIVED] = 0;
    assert_false(gw_score_comparable_per_request(a, a));
}

static void amounts_are_totals_and_quotients_are_not(void **state)
{
    (void)state;
    assert_true(gw_score_is_total(GW_SCORE_CARBON));
    assert_true(gw_score_is_total(GW_SCORE_WATER));
    assert_true(gw_score_is_total(GW_SCORE_COST));
    assert_true(gw_score_is_total(GW_SCORE_ENERGY));
    assert_false(gw_score_is_total(GW_SCORE_TTFT_MEAN));
    assert_false(gw_score_is_total(GW_SCORE_PUE));
    assert_false(gw_score_is_total(GW_SCORE_CARBON_PER_REQUEST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_is_found_by_its_own_name),
        cmocka_unit_test(a_name_that_is_no_column_is_not_found),
        cmocka_unit_test(the_table_says_what_is_better),
        cmocka_unit_test(every_column_has_a_readable_unit_and_a_sentence),
        cmocka_unit_test(rows_within_a_thousandth_of_each_others_work_are_comparable),
        cmocka_unit_test(rows_without_any_work_are_comparable_with_each_other_only),
        cmocka_unit_test(unknown_work_is_comparable_with_nothing),
        cmocka_unit_test(rows_of_closed_loops_compare_by_the_share_they_answered),
        cmocka_unit_test(amounts_are_totals_and_quotients_are_not),
    };
    return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
