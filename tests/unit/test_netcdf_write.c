/* netCDF-4 files built in memory, seen through netcdf_read.h; programs of others open one in
 * tests/tools/open_result.sh. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sim/run/netcdf_read.h"
#include "sim/run/netcdf_write.h"

struct written {
    struct gw_arena *arena;
    char *bytes;
    size_t n;
    struct gw_netcdf_read *in;
    int64_t root;
};

/* Ends the writing and opens what was written. */
static struct written finish(struct gw_netcdf_write *out)
{
    struct written w = {.arena = calloc(1, sizeof(struct gw_arena))};
    assert_non_null(w.arena);
    assert_int_equal(gw_netcdf_write_finish(out, 0, "f", &w.bytes, &w.n, NULL), GW_OK);
    gw_netcdf_write_destroy(out);
    assert_int_equal(gw_netcdf_read_open(w.bytes, w.n, "f", w.arena, &w.in, NULL), GW_OK);
    w.root = gw_netcdf_read_root(w.in);
    return w;
}

static void end(struct written *w)
{
    struct gw_error err = {0};
    if (gw_netcdf_read_status(w->in, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    gw_netcdf_read_close(w->in);
    gw_arena_fini(w->arena);
    free(w->arena);
    free(w->bytes);
}

/* A variable of [50][40][30] doubles whose values tell their place. */
static struct gw_netcdf_write *cube(size_t *n)
{
    struct gw_netcdf_write *out = gw_netcdf_write_create();
    assert_non_null(out);
    const int64_t root = gw_netcdf_write_root(out);
    const struct gw_netcdf_dim dims[] = {gw_netcdf_write_bare_dim(out, root, "x", 50),
                                         gw_netcdf_write_bare_dim(out, root, "y", 40),
                                         gw_netcdf_write_bare_dim(out, root, "z", 30)};
    *n = 50 * 40 * 30;
    double *values = malloc(*n * sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < *n; i++) {
        values[i] = i % 7 == 0 ? NAN : (double)i;
    }
    gw_netcdf_write_variable(out, root, "cube", GW_NETCDF_F64, 3, dims, values);
    free(values);
    return out;
}

static void large_variables_are_compressed_and_come_back_exactly(void **state)
{
    (void)state;
    size_t n;
    struct written w = finish(cube(&n));
    assert_true(w.n < n * sizeof(double) / 2);
    const struct gw_netcdf_variable variable = gw_netcdf_read_find(w.in, w.root, "cube");
    assert_int_equal(variable.rank, 3);
    assert_int_equal(variable.size[0], 50);
    assert_int_equal(variable.size[1], 40);
    assert_int_equal(variable.size[2], 30);
    const double *values = gw_netcdf_read_numbers(w.in, &variable);
    for (size_t i = 0; i < n; i++) {
        assert_true(i % 7 == 0 ? isnan(values[i]) : values[i] == (double)i);
    }
    end(&w);
}

static void equal_calls_give_equal_bytes(void **state)
{
    (void)state;
    size_t n;
    struct written first = finish(cube(&n)), second = finish(cube(&n));
    assert_int_equal(first.n, second.n);
    assert_memory_equal(first.bytes, second.bytes, first.n);
    end(&first);
    end(&second);
}

static void objects_stand_in_the_order_of_writing_not_of_their_names(void **state)
{
    (void)state;
    static const char *const names[] = {"zebra", "apple", "mango", "apple2"};
    struct gw_netcdf_write *out = gw_netcdf_write_create();
    assert_non_null(out);
    const double value = 1;
    for (size_t i = 0; i < 4; i++) {
        gw_netcdf_write_variable(out, gw_netcdf_write_root(out), names[i], GW_NETCDF_F64, 0, NULL, &value);
    }
    struct written w = finish(out);
    assert_int_equal(gw_netcdf_read_count(w.in, w.root), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(gw_netcdf_read_at(w.in, w.root, i).name, names[i]);
    }
    end(&w);
}

static void every_type_of_value_and_attribute_comes_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "plain", "Zürich \xe2\x9c\x93"};
    static const int64_t integers[] = {INT64_C(-9007199254740992), 0, 7};
    static const int8_t flags[] = {0, 1, 1};
    static const uint8_t raw[] = {0, 255, 10};
    struct gw_netcdf_write *out = gw_netcdf_write_create();
    assert_non_null(out);
    const int64_t root = gw_netcdf_write_root(out);
    const struct gw_netcdf_dim dim = gw_netcdf_write_scale(out, root, "name", GW_NETCDF_TEXT, 3, texts);
    gw_netcdf_write_variable(out, root, "integers", GW_NETCDF_I64, 1, &dim, integers);
    gw_netcdf_write_variable(out, root, "flags", GW_NETCDF_I8, 1, &dim, flags);
    const int64_t group = gw_netcdf_write_group(out, root, "inner");
    const int64_t bytes = gw_netcdf_write_variable(out, group, "raw", GW_NETCDF_U8, 1, &dim, raw);
    gw_netcdf_write_text(out, bytes, "empty", "");
    gw_netcdf_write_text(out, group, "unit", "L/kWh");
    gw_netcdf_write_int(out, root, "negative", -5);
    gw_netcdf_write_uint(out, root, "large", UINT64_MAX);

    struct written w = finish(out);
    const struct gw_netcdf_variable name = gw_netcdf_read_find(w.in, w.root, "name");
    const char **names = gw_netcdf_read_texts(w.in, &name);
    const struct gw_netcdf_variable whole = gw_netcdf_read_find(w.in, w.root, "integers");
    const double *numbers = gw_netcdf_read_numbers(w.in, &whole);
    const struct gw_netcdf_variable flag = gw_netcdf_read_find(w.in, w.root, "flags");
    const uint8_t *set = gw_netcdf_read_bytes(w.in, &flag);
    const int64_t inner = gw_netcdf_read_group(w.in, w.root, "inner");
    const struct gw_netcdf_variable raws = gw_netcdf_read_find(w.in, inner, "raw");
    const uint8_t *back = gw_netcdf_read_bytes(w.in, &raws);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(names[i], texts[i]);
        assert_true(numbers[i] == (double)integers[i]);
        assert_int_equal(set[i], flags[i]);
        assert_int_equal(back[i], raw[i]);
    }
    assert_string_equal(gw_netcdf_read_text(w.in, raws.id, "empty"), "");
    assert_string_equal(gw_netcdf_read_text(w.in, inner, "unit"), "L/kWh");
    assert_int_equal(gw_netcdf_read_int(w.in, w.root, "negative"), -5);
    assert_true(gw_netcdf_read_uint(w.in, w.root, "large") == UINT64_MAX);
    end(&w);
}

/* The second "a" cannot be written; what follows is passed over and the end reports it. */
static void the_first_failure_is_reported_at_the_end(void **state)
{
    (void)state;
    struct gw_netcdf_write *out = gw_netcdf_write_create();
    assert_non_null(out);
    const int64_t root = gw_netcdf_write_root(out);
    const double value = 1;
    gw_netcdf_write_variable(out, root, "a", GW_NETCDF_F64, 0, NULL, &value);
    const int64_t again = gw_netcdf_write_variable(out, root, "a", GW_NETCDF_F64, 0, NULL, &value);
    gw_netcdf_write_text(out, again, "units", "s");
    const int64_t group = gw_netcdf_write_group(out, root, "g");
    gw_netcdf_write_bare_dim(out, group, "x", 5);
    char *bytes = NULL;
    size_t n = 0;
    struct gw_error err = {0};
    assert_int_equal(gw_netcdf_write_finish(out, 0, "f.h5", &bytes, &n, &err), GW_ERR_OUTPUT);
    assert_string_equal(err.where, "f.h5");
    assert_non_null(strstr(err.why, "could not be built by HDF5: "));
    assert_null(bytes);
    gw_netcdf_write_destroy(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_variables_are_compressed_and_come_back_exactly),
        cmocka_unit_test(equal_calls_give_equal_bytes),
        cmocka_unit_test(objects_stand_in_the_order_of_writing_not_of_their_names),
        cmocka_unit_test(every_type_of_value_and_attribute_comes_back),
        cmocka_unit_test(the_first_failure_is_reported_at_the_end),
    };
    return cmocka_run_group_tests_name("netcdf_write", tests, NULL, NULL);
}
