/* timing.json is well-formed JSON with what each run took. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "sim/run/timing.h"
#include "tests/support/sample_result.h"

static json_t *write_timing(const struct gw_sample_result *sample)
{
    char path[] = "/tmp/geowatt-test-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(gw_timing_write(path, &sample->result, &sample->facts, NULL), GW_OK);
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    unlink(path);
    if (root == NULL) {
        fail_msg("line %d: %s", error.line, error.text);
    }
    return root;
}

static void each_run_says_what_it_took(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    json_t *root = write_timing(&sample);
    const json_t *runs = json_object_get(root, "runs");
    assert_int_equal(json_array_size(runs), SAMPLE_POLICIES * SAMPLE_REPLICATIONS);
    const json_t *run = json_array_get(runs, 3);
    assert_string_equal(json_string_value(json_object_get(run, "policy")), "slït, \"quoted\"");
    assert_int_equal(json_integer_value(json_object_get(run, "replication")), 1);
    assert_near(json_number_value(json_object_get(run, "wall_s")), 1.5, 0, 0);
    assert_near(json_number_value(json_object_get(run, "plan_s")), 0.25, 0, 0);
    assert_int_equal(json_integer_value(json_object_get(run, "events")), 12345);
    json_decref(root);
    gw_sample_result_fini(&sample);
}

static void it_says_what_ran_and_in_how_much_memory(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    json_t *root = write_timing(&sample);
    assert_string_equal(json_string_value(json_object_get(root, "scenario")), "two-sites");
    assert_string_equal(json_string_value(json_object_get(root, "geowatt_version")), "0.1.0");
    assert_string_equal(json_string_value(json_object_get(root, "libm_fingerprint")), "feedfacecafebeef");
    assert_true(strlen(json_string_value(json_object_get(root, "compiler"))) > 4);
    /* this very process: more than a megabyte, less than a gigabyte */
    const json_int_t peak_bytes = json_integer_value(json_object_get(root, "peak_memory_bytes"));
    assert_true(peak_bytes > 1 << 20 && peak_bytes < 1 << 30);
    json_decref(root);
    gw_sample_result_fini(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_run_says_what_it_took),
        cmocka_unit_test(it_says_what_ran_and_in_how_much_memory),
    };
    return cmocka_run_group_tests_name("timing", tests, NULL, NULL);
}
