/* Geowatt's own CSV form: what is read, and that each fault is named with line and column. */
#include "tests/support/failing_malloc.h"
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/base/units.h"
#include "traces/csv.h"

#define JUNE_2023_US (INT64_C(1685577600) * GW_US_PER_S) /* 2023-06-01T00:00:00Z */

struct read {
    enum gw_status status;
    struct gw_csv csv;
    struct gw_error err;
    struct gw_arena arena;
};

static struct read *parse(struct read *self, bool allow_gaps, const char *text)
{
    *self = (struct read){0};
    self->status =
        gw_csv_parse(text, strlen(text), "t.csv", allow_gaps, &self->csv, &self->arena, &self->err);
    return self;
}

static void expect_two_hours(const char *text)
{
    struct read r;
    assert_int_equal(parse(&r, false, text)->status, GW_OK);
    assert_int_equal(r.csv.columns, 2);
    assert_string_equal(r.csv.name[0], "ci_gco2_per_kwh");
    assert_string_equal(r.csv.name[1], "price_usd_per_mwh");
    for (uint32_t c = 0; c < 2; c++) {
        assert_int_equal(r.csv.series[c].start_unix_us, JUNE_2023_US);
        assert_int_equal(r.csv.series[c].step_us, GW_US_PER_H);
        assert_int_equal(r.csv.series[c].n, 2);
        assert_int_equal(r.csv.series[c].missing, 0);
    }
    assert_true(r.csv.series[0].value[0] == 412.5);
    assert_true(r.csv.series[0].value[1] == 390);
    assert_true(r.csv.series[1].value[0] == 31.2);
    assert_true(r.csv.series[1].value[1] == -0.75);
    gw_arena_fini(&r.arena);
}

#define HEAD "time_utc,ci_gco2_per_kwh,price_usd_per_mwh\n"

static void every_accepted_spelling_reads_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {
        HEAD "2023-06-01T00:00:00Z,412.5,31.2\n2023-06-01T01:00:00Z,390,-0.75\n",
        HEAD "2023-06-01T00:00:00Z,412.5,31.2\n2023-06-01T01:00:00Z,390,-0.75", /* no newline at the end */
        "time_utc,ci_gco2_per_kwh,price_usd_per_mwh\r\n2023-06-01T00:00:00Z,412.5,31.2\r\n"
        "2023-06-01T01:00:00Z,390,-0.75\r\n",
        "\xef\xbb\xbf" HEAD "2023-06-01 00:00:00,412.5,31.2\n2023-06-01 01:00:00,390,-0.75\n",
        HEAD "2023-06-01T00:00Z,4.125e2,3_1.2\n2023-06-01T03:00+02:00,+390.0,-7.5e-1\n",
        HEAD "2023-06-01T00:00:00Z,412.5,31.2\n2023-06-01T01:00:00Z,390,-0.75\n\n \t\r\n\n",
        "# made by hand\n\n" HEAD
        "# first\n2023-06-01T00:00:00Z,412.5,31.2\n# second\n2023-06-01T01:00:00Z,390,-0.75\n#",
        "\"time_utc\" , \"ci_gco2_per_kwh\",price_usd_per_mwh\n \"2023-06-01T00:00:00Z\",\"412.5\", 31.2 \n"
        "\t2023-06-01T01:00:00Z ,390,-0.75\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        expect_two_hours(texts[i]);
    }
}

static void numbers_round_as_the_standard_library_does(void **state)
{
    (void)state;
    static const char *const numbers[] = {"0.1",
                                          "31.2",
                                          "-0.001",
                                          "123456789.123456",
                                          "999999999999999",
                                          "0.000000000000001",
                                          "9007199254740993",
                                          "1e-320",
                                          "5e-1",
                                          "0.30000000000000004",
                                          "-0",
                                          "00012.50"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "time_utc,x\n2023-06-01,%s\n2023-06-02,1\n", numbers[i]);
        struct read r;
        assert_int_equal(parse(&r, false, text)->status, GW_OK);
        double expected;
        sscanf(numbers[i], "%lf", &expected);
        assert_memory_equal(&r.csv.series[0].value[0], &expected, sizeof expected);
        gw_arena_fini(&r.arena);
    }
}

static void gaps_are_read_as_nan_where_they_are_allowed(void **state)
{
    (void)state;
    const char *text =
        "time_utc,a,b\n2023-06-01T00:00Z,,1\n2023-06-01T01:00Z,nan,\n2023-06-01T02:00Z, NaN ,3\n";
    struct read r;
    assert_int_equal(parse(&r, true, text)->status, GW_OK);
    assert_int_equal(r.csv.series[0].missing, 3);
    assert_int_equal(r.csv.series[1].missing, 1);
    assert_true(isnan(r.csv.series[0].value[1]) && isnan(r.csv.series[1].value[1]));
    assert_true(r.csv.series[1].value[2] == 3);
    gw_arena_fini(&r.arena);

    assert_int_equal(parse(&r, false, text)->status, GW_ERR_SYNTAX);
    assert_string_equal(r.err.where, "t.csv:2:19");
    assert_non_null(strstr(r.err.why, "missing"));
    gw_arena_fini(&r.arena);
}

/* Every fault of a file: what stands there, where it is said to be, and a part of the sentence. */
static void each_fault_is_named_with_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *why;
        enum gw_status status;
    } cases[] = {
        {"", "t.csv:1:1", "empty", GW_ERR_SYNTAX},
        {"\n# nothing\n", "t.csv:3:1", "empty", GW_ERR_SYNTAX},
        {"time,a\n", "t.csv:1:1", "must be time_utc", GW_ERR_SYNTAX},
        {"time_utc\n2023-06-01\n", "t.csv:1:9", "no column beside", GW_ERR_SYNTAX},
        {"time_utc,a,\n", "t.csv:1:12", "without a name", GW_ERR_SYNTAX},
        {"time_utc,a,b,a\n", "t.csv:1:14", "a stands twice", GW_ERR_SYNTAX},
        {"time_utc,\"a,b\"\n", "t.csv:1:15", "comma inside", GW_ERR_SYNTAX},
        {"time_utc,\xff\n", "t.csv:1:10", "UTF-8", GW_ERR_SYNTAX},
        {"time_utc,\"a\n", "t.csv:1:10", "not closed", GW_ERR_SYNTAX},
        {"time_utc,\"a\"b\n", "t.csv:1:13", "behind a closing quote", GW_ERR_SYNTAX},
        {"time_utc,a\n", "t.csv:2:1", "no row", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-06-01,1\n", "t.csv:3:1", "single row", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-06-01\n", "t.csv:2:11", "ends before column a", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-06-01,1,2\n", "t.csv:2:13", "more fields", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-06-01,1x\n", "t.csv:2:12", "\"1x\" is not a number", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-06-01,0x10\n", "t.csv:2:12", "is not a number", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-06-01,inf\n", "t.csv:2:12", "is not a number", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-06-01,1e999\n", "t.csv:2:12", "too large", GW_ERR_RANGE},
        {"time_utc,a\n2023-06-01,1\r2\n", "t.csv:2:12", "\"1?2\" is not a number", GW_ERR_SYNTAX},
        {"time_utc,a\n,1\n", "t.csv:2:1", "time is missing", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-02-30,1\n", "t.csv:2:1", "\"2023-02-30\"", GW_ERR_RANGE},
        {"time_utc,a\n2023-02-30T00:00:00Z,1\n", "t.csv:2:1", "\"2023-02-30T00:00:00Z\"", GW_ERR_RANGE},
        {"time_utc,a\n6/1/2023,1\n", "t.csv:2:1", "not a time", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-06-01,1\n\n2023-06-02,1\n", "t.csv:4:1", "blank line", GW_ERR_SYNTAX},
        {"time_utc,a\n2023-06-02,1\n2023-06-02,1\n", "t.csv:3:1", "does not lie after", GW_ERR_RANGE},
        {"time_utc,a\n2023-06-01,1\n2023-06-02,1\n2023-06-04,1\n", "t.csv:4:1",
         "2023-06-04T00:00:00Z where 2023-06-03T00:00:00Z is due", GW_ERR_RANGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct read r;
        parse(&r, false, cases[i].text);
        if (r.status != cases[i].status || strcmp(r.err.where, cases[i].where) != 0 ||
            strstr(r.err.why, cases[i].why) == NULL) {
            fail_msg("case %zu: %s: %s: %s", i, gw_status_name(r.status), r.err.where, r.err.why);
        }
        assert_null(r.csv.series);
        assert_int_equal(r.csv.columns, 0);
        gw_arena_fini(&r.arena);
    }
}

static void a_column_is_found_by_its_name(void **state)
{
    (void)state;
    struct read r;
    assert_int_equal(parse(&r, false, HEAD "2023-06-01,1,2\n2023-06-02,3,4\n")->status, GW_OK);
    const struct gw_series *price = gw_csv_column(&r.csv, "price_usd_per_mwh", "t.csv", &r.err);
    assert_ptr_equal(price, &r.csv.series[1]);

    assert_null(gw_csv_column(&r.csv, "price_usd_per_mw", "t.csv", &r.err));
    assert_int_equal(r.err.status, GW_ERR_UNKNOWN);
    assert_string_equal(r.err.where, "t.csv");
    assert_string_equal(r.err.why, "no column price_usd_per_mw; did you mean price_usd_per_mwh?");
    gw_arena_fini(&r.arena);
}

static void the_sample_is_two_days_of_hours(void **state)
{
    (void)state;
    char *bytes;
    size_t n;
    struct read r = {0};
    assert_int_equal(gw_file_read("traces/samples/two-days.csv", 1 << 20, &bytes, &n, &r.err), GW_OK);
    assert_int_equal(gw_csv_parse(bytes, n, "two-days.csv", false, &r.csv, &r.arena, &r.err), GW_OK);
    const struct gw_series *carbon = gw_csv_column(&r.csv, "ci_gco2_per_kwh", "two-days.csv", &r.err);
    assert_non_null(carbon);
    assert_int_equal(carbon->start_unix_us, JUNE_2023_US);
    assert_int_equal(carbon->step_us, GW_US_PER_H);
    assert_int_equal(carbon->n, 48);
    assert_true(gw_series_at(carbon, JUNE_2023_US + 12 * GW_US_PER_H) == 150); /* the cleanest hour is noon */
    gw_arena_fini(&r.arena);
    free(bytes);
}

/* Rows enough that names, series and values each need memory of their own. */
static void running_out_of_memory_is_reported(void **state)
{
    (void)state;
    static char text[200000];
    size_t n = (size_t)snprintf(text, sizeof text, "time_utc,a\n");
    for (int row = 0; row < 8000; row++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "2023-06-01T%02d:%02d:%02d,1\n", row / 3600,
                              row / 60 % 60, row % 60);
    }
    for (size_t fail_at = 1;; fail_at++) {
        struct read r = {0};
        gw_failing_malloc_arm(fail_at);
        r.status = gw_csv_parse(text, n, "t.csv", false, &r.csv, &r.arena, &r.err);
        const bool failed = gw_failing_malloc_disarm();
        assert_int_equal(r.status, failed ? GW_ERR_NOMEM : GW_OK);
        assert_int_equal(r.csv.columns, failed ? 0 : 1);
        gw_arena_fini(&r.arena);
        if (!failed) {
            assert_true(fail_at > 1);
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_accepted_spelling_reads_the_same),
        cmocka_unit_test(numbers_round_as_the_standard_library_does),
        cmocka_unit_test(gaps_are_read_as_nan_where_they_are_allowed),
        cmocka_unit_test(each_fault_is_named_with_line_and_column),
        cmocka_unit_test(a_column_is_found_by_its_name),
        cmocka_unit_test(the_sample_is_two_days_of_hours),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
