#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "sim/validate/validators.h"

static struct gw_validation_row row(enum gw_validation_rule rule, double published, double ours,
                                    double tolerance)
{
    return (struct gw_validation_row){.group = "g",
                                      .name = "n",
                                      .kind = GW_VALIDATION_PREDICTED,
                                      .rule = rule,
                                      .published = published,
                                      .ours = ours,
                                      .tolerance = tolerance,
                                      .unit = "ms",
                                      .source = "s"};
}

static enum gw_verdict verdict(struct gw_validation_row r)
{
    struct gw_validation v = {0};
    gw_validation_add(&v, &r);
    const enum gw_verdict judged = v.row[0].verdict;
    gw_validation_fini(&v);
    return judged;
}

static void each_rule_passes_at_its_edge_and_misses_beyond(void **state)
{
    (void)state;
    assert_int_equal(verdict(row(GW_VALIDATION_REL, 200, 212, 0.0625)), GW_VERDICT_PASS);
    assert_int_equal(verdict(row(GW_VALIDATION_REL, 200, 213, 0.0625)), GW_VERDICT_MISS);
    assert_int_equal(verdict(row(GW_VALIDATION_REL, 200, 187, 0.0625)), GW_VERDICT_MISS);
    assert_int_equal(verdict(row(GW_VALIDATION_ABS, -1, -1.25, 0.25)), GW_VERDICT_PASS);
    assert_int_equal(verdict(row(GW_VALIDATION_ABS, -1, -1.26, 0.25)), GW_VERDICT_MISS);
    assert_int_equal(verdict(row(GW_VALIDATION_AT_MOST, 15, 15, 0)), GW_VERDICT_PASS);
    assert_int_equal(verdict(row(GW_VALIDATION_AT_MOST, 15, 15.1, 0)), GW_VERDICT_MISS);
    assert_int_equal(verdict(row(GW_VALIDATION_AT_LEAST, 0.9, 0.9, 0)), GW_VERDICT_PASS);
    assert_int_equal(verdict(row(GW_VALIDATION_AT_LEAST, 0.9, 0.89, 0)), GW_VERDICT_MISS);
    struct gw_validation_row band = row(GW_VALIDATION_BAND, 0, 1.2, 0);
    band.low = 1.2;
    band.high = 1.4;
    assert_int_equal(verdict(band), GW_VERDICT_PASS);
    band.ours = 1.41;
    assert_int_equal(verdict(band), GW_VERDICT_MISS);
}

static void what_is_no_number_is_a_miss(void **state)
{
    (void)state;
    for (int rule = GW_VALIDATION_REL; rule <= GW_VALIDATION_AT_LEAST; rule++) {
        struct gw_validation_row r = row((enum gw_validation_rule)rule, 1, NAN, 1e9);
        r.low = -INFINITY;
        r.high = INFINITY;
        assert_int_equal(verdict(r), GW_VERDICT_MISS);
    }
}

static void details_decide_nothing_and_skipped_rows_are_counted_apart(void **state)
{
    (void)state;
    struct gw_validation v = {0};
    struct gw_validation_row r = row(GW_VALIDATION_ABS, 1, 3, 1);
    r.detail = true;
    gw_validation_add(&v, &r);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_KINDS, GW_VERDICT_MISS), 0);
    r.detail = false;
    gw_validation_add(&v, &r);
    r.note = "no such file";
    gw_validation_skip(&v, &r);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_PREDICTED, GW_VERDICT_MISS), 1);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_PREDICTED, GW_VERDICT_SKIPPED), 1);
    assert_int_equal(gw_validation_count(&v, GW_VALIDATION_FITTED, GW_VERDICT_MISS), 0);
    assert_true(isnan(gw_validation_off(&v.row[2])));
    gw_validation_fini(&v);
}

static void distance_is_measured_in_what_is_allowed(void **state)
{
    (void)state;
    struct gw_validation_row r = row(GW_VALIDATION_REL, 100, 110, 0.05);
    assert_near(gw_validation_off(&r), 2, 1e-12, 0);
    r = row(GW_VALIDATION_ABS, 10, 9, 4);
    assert_near(gw_validation_off(&r), -0.25, 1e-12, 0);
    r = row(GW_VALIDATION_BAND, 0, 3, 0);
    r.low = 1;
    r.high = 3;
    assert_near(gw_validation_off(&r), 1, 1e-12, 0);
}

static void the_csv_has_a_line_per_row_and_quotes_texts(void **state)
{
    (void)state;
    struct gw_validation v = {0};
    struct gw_text csv = {0};
    struct gw_validation_row r = row(GW_VALIDATION_ABS, 1, 1.5, 1);
    r.name = "a \"quoted\", name";
    gw_validation_add(&v, &r);
    gw_validation_print_csv(&v, &csv);
    assert_string_equal(strchr(csv.at, '\n') + 1,
                        "\"g\",\"a \"\"quoted\"\", name\",predicted,ms,1,1.5,± 1,0.5,pass,0,\"s\",\"\"\n");
    gw_text_fini(&csv);
    gw_validation_fini(&v);
}

/* Every validator, as far as it comes without public files. */
static void every_subject_adds_rows_with_sources(void **state)
{
    (void)state;
    for (const struct gw_validator *validator = gw_validators; validator->name != NULL; validator++) {
        if (strcmp(validator->name, "grid") == 0) {
            continue; /* hundreds of years: verify_grid */
        }
        struct gw_validation v;
        struct gw_error err = {0};
        assert_int_equal(gw_validation_init(&v, NULL, NULL), GW_OK);
        v.quick = true;
        if (validator->run(&v, &err) != GW_OK) {
            fail_msg("%s: %s: %s", validator->name, err.where, err.why);
        }
        assert_false(v.failed);
        assert_true(v.n > 0);
        for (size_t i = 0; i < v.n; i++) {
            assert_true(v.row[i].source[0] != '\0' && v.row[i].name[0] != '\0');
            assert_true(v.row[i].verdict != GW_VERDICT_SKIPPED || v.row[i].note != NULL);
        }
        gw_validation_fini(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_passes_at_its_edge_and_misses_beyond),
        cmocka_unit_test(what_is_no_number_is_a_miss),
        cmocka_unit_test(details_decide_nothing_and_skipped_rows_are_counted_apart),
        cmocka_unit_test(distance_is_measured_in_what_is_allowed),
        cmocka_unit_test(the_csv_has_a_line_per_row_and_quotes_texts),
        cmocka_unit_test(every_subject_adds_rows_with_sources),
    };
    return cmocka_run_group_tests_name("validation", tests, NULL, NULL);
}
