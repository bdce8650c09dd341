/* Grid traces as HDF5: what comes back, equal bytes for equal traces, and what is not such a file. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sim/run/trace_hdf5.h"
#include "tests/support/requests_text.h"
#include "tests/support/trace_text.h"
#include "traces/csv.h"

enum { BYTES_MAX = 1 << 20 };

static const char sample[] = "time,ci_lifecycle_gco2_per_kwh,price_usd_per_mwh,load_mw\n"
                             "2023-06-01T00:00Z,412.5,31.2,\n2023-06-01T01:00Z,,30.1,5\n"
                             "2023-06-01T02:00Z,0.1,-28.75,6\n2023-06-01T03:00Z,222.29592090536002,1,7\n";

static char *packed(size_t *n)
{
    struct trace_text t;
    char *bytes = NULL;
    const struct gw_trace_options options = {0};
    assert_int_equal(trace_text_read(&t, sample, &options)->status, GW_OK);
    assert_int_equal(gw_trace_hdf5_pack(&t.trace, "t.h5", &bytes, n, NULL), GW_OK);
    gw_arena_fini(&t.arena);
    return bytes;
}

static void a_trace_comes_back_as_geowatts_csv(void **state)
{
    (void)state;
    size_t n;
    char *bytes = packed(&n);
    assert_int_equal(gw_trace_hdf5_plain(&bytes, &n, BYTES_MAX, "t.h5", NULL), GW_OK);
    struct gw_csv csv;
    struct gw_arena arena = {0};
    assert_int_equal(gw_csv_parse(bytes, n, "t.h5", true, &csv, &arena, NULL), GW_OK);
    assert_int_equal(csv.columns, 3);
    assert_string_equal(csv.name[1], "price_usd_per_mwh");
    assert_true(csv.series[0].value[3] == 222.29592090536002);
    assert_true(csv.series[0].value[1] == (412.5 + 0.1) / 2); /* the gap was filled, and that is said: */
    assert_non_null(strstr(bytes, "# repair: gap, ci_lifecycle_gco2_per_kwh"));
    assert_int_equal(csv.series[2].missing, 1);
    gw_arena_fini(&arena);
    free(bytes);
}

static void equal_traces_give_equal_bytes(void **state)
{
    (void)state;
    size_t n, again_n;
    char *bytes = packed(&n), *again = packed(&again_n);
    assert_int_equal(n, again_n);
    assert_memory_equal(bytes, again, n);
    free(bytes);
    free(again);
}

static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    size_t n;
    char *bytes = packed(&n);
    for (size_t at = 8; at < n; at += 97) {
        struct gw_error err;
        size_t damaged_n = n;
        char *damaged = malloc(n);
        assert_non_null(damaged);
        memcpy(damaged, bytes, n);
        damaged[at] = (char)(damaged[at] ^ 1);
        assert_int_not_equal(gw_trace_hdf5_plain(&damaged, &damaged_n, BYTES_MAX, "t.h5", &err), GW_OK);
        assert_string_equal(err.where, "t.h5");
        assert_int_equal(damaged_n, n);
        free(damaged);
    }
    free(bytes);
}

static void compressed_text_is_unpacked_and_other_text_left_alone(void **state)
{
    (void)state;
    size_t n;
    char *bytes = requests_text_gz(sample, sizeof sample - 1, 2, &n);
    assert_int_equal(gw_trace_hdf5_plain(&bytes, &n, BYTES_MAX, "t.csv.gz", NULL), GW_OK);
    assert_int_equal(n, sizeof sample - 1);
    assert_memory_equal(bytes, sample, n);
    char *const before = bytes;
    assert_int_equal(gw_trace_hdf5_plain(&bytes, &n, BYTES_MAX, "t.csv", NULL), GW_OK);
    assert_ptr_equal(bytes, before);
    free(bytes);

    struct gw_error err;
    bytes = requests_text_gz(sample, sizeof sample - 1, 1, &n);
    assert_int_equal(gw_trace_hdf5_plain(&bytes, &n, 100, "t.csv.gz", &err), GW_ERR_IO);
    assert_non_null(strstr(err.why, "unpacks to more than the 100 bytes"));
    free(bytes);
}

static void the_name_asks_for_the_form(void **state)
{
    (void)state;
    assert_true(gw_trace_hdf5_is_name("a/b.h5"));
    assert_false(gw_trace_hdf5_is_name("a/b.csv") || gw_trace_hdf5_is_name(".h5"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trace_comes_back_as_geowatts_csv),
        cmocka_unit_test(equal_traces_give_equal_bytes),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(compressed_text_is_unpacked_and_other_text_left_alone),
        cmocka_unit_test(the_name_asks_for_the_form),
    };
    return cmocka_run_group_tests_name("trace_hdf5", tests, NULL, NULL);
}
