/* scores.csv: one row per policy and replication, numbers that read back, RFC 4180 quotes. */
#include "tests/support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/base/number.h"
#include "sim/run/result_csv.h"
#include "tests/support/sample_result.h"

enum { LINES_MAX = 16 };

struct csv {
    char *bytes;
    char *line[LINES_MAX];
    size_t n_lines;
};

static struct csv write_csv(const struct gw_sample_result *sample)
{
    char path[] = "/tmp/geowatt-test-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct gw_error err;
    if (gw_result_csv_write(path, &sample->result, &sample->facts, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    struct csv csv = {0};
    size_t n;
    assert_int_equal(gw_file_read(path, SIZE_MAX, &csv.bytes, &n, NULL), GW_OK);
    unlink(path);
    for (char *at = csv.bytes; *at != '\0' && csv.n_lines < LINES_MAX;) {
        csv.line[csv.n_lines++] = at;
        at += strcspn(at, "\n");
        assert_int_equal(*at, '\n'); /* the last line ends, too */
        *at++ = '\0';
    }
    return csv;
}

/* The i-th field of a line without quoted ones. */
static const char *field(const char *line, size_t i, char out[64])
{
    for (; i > 0; i--) {
        line += strcspn(line, ",");
        assert_int_equal(*line, ',');
        line++;
    }
    snprintf(out, 64, "%.*s", (int)strcspn(line, ","), line);
    return out;
}

static void the_header_names_every_column(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    struct csv csv = write_csv(&sample);
    char out[64];
    static const char *const first[] = {"policy", "replication", "status", "comparable"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(field(csv.line[0], i, out), first[i]);
    }
    for (size_t i = 0; i < GW_SCORE_COUNT; i++) {
        assert_string_equal(field(csv.line[0], 4 + i, out), gw_score_doc((enum gw_score)i).name);
    }
    free(csv.bytes);
    gw_sample_result_fini(&sample);
}

static void each_run_has_a_row_in_the_order_of_policies_then_replications(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    struct csv csv = write_csv(&sample);
    static const char *const start[] = {
        "nearest,0,ok,true,0,0.01,0.02,",
        "nearest,1,ok,true,100,100.01,100.02,",
        "\"slït, \"\"quoted\"\"\",0,ok,true,1000,1000.01,",
        "\"slït, \"\"quoted\"\"\",1,ok,false,1100,1100.01,", /* answered 900 of 1000 requests */
        "lp-carbon,0,ok,true,2000,",
        "lp-carbon,1,policy broke its contract,false,,,,",
    };
    assert_int_equal(csv.n_lines, 7);
    for (size_t i = 0; i < 6; i++) {
        if (strncmp(csv.line[i + 1], start[i], strlen(start[i])) != 0) {
            fail_msg("row %zu is %s", i, csv.line[i + 1]);
        }
    }
    free(csv.bytes);
    gw_sample_result_fini(&sample);
}

static void numbers_read_back_as_they_were(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    double *score = gw_sample_result_run(&sample, 0, 0)->score;
    static const double values[] = {0.1, 1.0 / 3.0, 1e300, 5e-324, -12345678.9, 1e15};
    memcpy(score, values, sizeof values);
    struct csv csv = write_csv(&sample);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char out[64];
        double value;
        assert_true(gw_number_parse(field(csv.line[1], 4 + i, out), &value));
        assert_true(value == values[i]);
    }
    free(csv.bytes);
    gw_sample_result_fini(&sample);
}

static void an_unknown_score_is_an_empty_field(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    gw_sample_result_run(&sample, 0, 0)->score[1] = NAN;
    struct csv csv = write_csv(&sample);
    char out[64];
    assert_string_equal(field(csv.line[1], 5, out), "");
    assert_string_equal(field(csv.line[1], 6, out), "0.02");
    free(csv.bytes);
    gw_sample_result_fini(&sample);
}

static void a_file_that_cannot_be_written_is_an_output_error(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    struct gw_error err;
    assert_int_equal(gw_result_csv_write("/absent/scores.csv", &sample.result, &sample.facts, &err),
                     GW_ERR_OUTPUT);
    assert_string_equal(err.where, "/absent/scores.csv");
    gw_sample_result_fini(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_names_every_column),
        cmocka_unit_test(each_run_has_a_row_in_the_order_of_policies_then_replications),
        cmocka_unit_test(numbers_read_back_as_they_were),
        cmocka_unit_test(an_unknown_score_is_an_empty_field),
        cmocka_unit_test(a_file_that_cannot_be_written_is_an_output_error),
    };
    return cmocka_run_group_tests_name("result_csv", tests, NULL, NULL);
}
