/* A result file that HDF5 can open but that is not as geowatt packs it is refused with a sentence. Each test
 * changes one thing in the packed file, with HDF5's own functions. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hdf5.h>

#include "sim/base/file.h"
#include "sim/run/result_pack.h"
#include "sim/run/result_unpack.h"
#include "tests/support/sample_result.h"

static enum gw_status unpack(char *bytes, size_t n, struct gw_error *err)
{
    struct gw_result_file file;
    const enum gw_status s = gw_result_unpack(bytes, n, "result.h5", &file, err);
    if (s != GW_OK) {
        assert_null(file.arena.chunk); /* nothing is left to free */
    }
    gw_result_file_fini(&file);
    return s;
}

static char *pack(size_t *n)
{
    struct gw_sample_result sample;
    char *bytes = NULL;
    gw_sample_result_make(&sample);
    assert_int_equal(gw_result_pack(&sample.result, &sample.facts, 0, "result.h5", &bytes, n, NULL), GW_OK);
    gw_sample_result_fini(&sample);
    return bytes;
}

/* The sample's file after the change; the caller frees. */
static char *pack_and_change(void (*change)(hid_t file), size_t *n)
{
    char path[] = "/tmp/geowatt-test-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    char *bytes = pack(n);
    assert_int_equal(write(fd, bytes, *n), (ssize_t)*n);
    close(fd);
    free(bytes);

    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(file >= 0);
    change(file);
    assert_true(H5Fclose(file) >= 0);
    assert_int_equal(gw_file_read(path, SIZE_MAX, &bytes, n, NULL), GW_OK);
    unlink(path);
    return bytes;
}

static void assert_refused(void (*change)(hid_t file), const char *sentence)
{
    size_t n;
    char *bytes = pack_and_change(change, &n);
    struct gw_error err = {0};
    const enum gw_status s = unpack(bytes, n, &err);
    free(bytes);
    assert_int_equal(s, GW_ERR_SYNTAX);
    assert_string_equal(err.where, "result.h5");
    if (strstr(err.why, sentence) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", err.why, sentence);
    }
}

static void set_schema(hid_t file)
{
    const int64_t schema = GW_RESULT_SCHEMA + 1;
    const hid_t attribute = H5Aopen(file, "schema_version", H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_INT64, &schema) >= 0);
    H5Aclose(attribute);
}

static void a_later_schema_is_refused_with_the_version_that_wrote_it(void **state)
{
    (void)state;
    assert_refused(set_schema,
                   "was written by geowatt 0.1.0 with result schema 2; this version reads up to schema 1");
}

static void drop_seed(hid_t file)
{
    assert_true(H5Adelete(file, "seed") >= 0);
}

static void a_missing_attribute_is_named(void **state)
{
    (void)state;
    assert_refused(drop_seed, "attribute seed is not in the file");
}

static void seed_as_text(hid_t file)
{
    drop_seed(file);
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(file, "seed", H5T_C_S1, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_C_S1, "7") >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
}

static void an_attribute_of_another_kind_is_named(void **state)
{
    (void)state;
    assert_refused(seed_as_text, "attribute seed is not of the expected kind");
}

static void drop_scenario(hid_t file)
{
    assert_true(H5Ldelete(file, "scenario_yaml", H5P_DEFAULT) >= 0);
}

static void a_missing_variable_is_named(void **state)
{
    (void)state;
    assert_refused(drop_scenario, "scenario_yaml is not in the file");
}

/* Another variable takes the place of `name`. */
static void replace(hid_t file, const char *name, const char *by)
{
    assert_true(H5Ldelete(file, name, H5P_DEFAULT) >= 0);
    assert_true(H5Lcreate_hard(file, by, file, name, H5P_DEFAULT, H5P_DEFAULT) >= 0);
}

static void flags_by_account(hid_t file)
{
    replace(file, "run_ok", "site_busy_kwh");
}

static void account_by_score(hid_t file)
{
    replace(file, "site_busy_kwh", "run_end_s");
}

static void series_by_account(hid_t file)
{
    replace(file, "timeline/busy_kwh", "site_busy_kwh");
}

static void hours_by_scores(hid_t file)
{
    replace(file, "grids/price_usd_per_mwh", "run_end_s"); /* 3 x 2 instead of 2 x 3 */
}

static void a_variable_of_another_shape_is_named(void **state)
{
    (void)state;
    assert_refused(flags_by_account, "run_ok does not have the shape");
    assert_refused(account_by_score, "site_busy_kwh does not have the shape");
    assert_refused(series_by_account, "busy_kwh does not have the shape");
    assert_refused(hours_by_scores, "grids/price_usd_per_mwh does not have the shape");
}

static void names_by_numbers(hid_t file)
{
    replace(file, "policy", "replication");
}

static void names_that_are_numbers_are_refused(void **state)
{
    (void)state;
    assert_refused(names_by_numbers, "policy holds no texts");
}

static void policies_by_sites(hid_t file)
{
    replace(file, "policy", "site");
}

static void a_baseline_that_is_no_policy_is_refused(void **state)
{
    (void)state;
    assert_refused(policies_by_sites, "baseline nearest is none of its policies");
}

/* A data set may state any size without storing it; reading it would ask for as much memory. */
static void huge_variable(hid_t file)
{
    const hsize_t size[] = {SAMPLE_POLICIES, SAMPLE_REPLICATIONS, (hsize_t)1 << 40};
    const hid_t space = H5Screate_simple(3, size, NULL);
    assert_true(H5Ldelete(file, "site_busy_kwh", H5P_DEFAULT) >= 0);
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk[] = {1, 1, 1024};
    H5Pset_chunk(plist, 3, chunk);
    const hid_t variable =
        H5Dcreate2(file, "site_busy_kwh", H5T_IEEE_F64LE, space, H5P_DEFAULT, plist, H5P_DEFAULT);
    assert_true(variable >= 0);
    H5Dclose(variable);
    H5Pclose(plist);
    H5Sclose(space);
}

static void a_variable_larger_than_the_file_can_hold_is_refused(void **state)
{
    (void)state;
    assert_refused(huge_variable, "site_busy_kwh states more values than the file can hold");
}

static void bytes_that_are_no_hdf5_are_refused(void **state)
{
    (void)state;
    char text[] = "policy,replication\n";
    struct gw_error err = {0};
    assert_int_equal(unpack(text, sizeof text - 1, &err), GW_ERR_SYNTAX);
    assert_non_null(strstr(err.why, "HDF5"));
}

static void add_column(hid_t file)
{
    assert_true(H5Lcreate_hard(file, "water_l", file, "lava_l", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}

/* Columns are found by name: a file that has more of them reads as well. */
static void a_further_column_is_no_error(void **state)
{
    (void)state;
    size_t n;
    char *bytes = pack_and_change(add_column, &n);
    struct gw_result_file file;
    assert_int_equal(gw_result_unpack(bytes, n, "result.h5", &file, NULL), GW_OK);
    free(bytes);
    assert_int_equal(file.n_scores, GW_SCORE_COUNT + 1);
    const struct gw_result_column *lava = gw_result_file_score(&file, "lava_l");
    assert_non_null(lava);
    assert_near(lava->value[1], gw_result_file_score(&file, "water_l")->value[1], 0, 0);
    gw_result_file_fini(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_schema_is_refused_with_the_version_that_wrote_it),
        cmocka_unit_test(a_missing_attribute_is_named),
        cmocka_unit_test(an_attribute_of_another_kind_is_named),
        cmocka_unit_test(a_missing_variable_is_named),
        cmocka_unit_test(a_variable_of_another_shape_is_named),
        cmocka_unit_test(names_that_are_numbers_are_refused),
        cmocka_unit_test(a_baseline_that_is_no_policy_is_refused),
        cmocka_unit_test(a_variable_larger_than_the_file_can_hold_is_refused),
        cmocka_unit_test(bytes_that_are_no_hdf5_are_refused),
        cmocka_unit_test(a_further_column_is_no_error),
    };
    return cmocka_run_group_tests_name("result_unpack", tests, NULL, NULL);
}
