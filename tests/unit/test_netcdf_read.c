/* Reading: the first thing that is wrong is remembered with a sentence, and nothing is read after it. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sim/run/netcdf_read.h"
#include "sim/run/netcdf_write.h"

struct fixture {
    struct gw_arena arena;
    char *bytes;
    struct gw_netcdf_read *in;
    int64_t root;
};

/* A file with numbers [3], texts [3], a group, an integer and a text attribute. */
static int open_file(void **state)
{
    static struct fixture f;
    static const char *const texts[] = {"a", "b", "c"};
    static const double numbers[] = {1, 2, 3};
    f = (struct fixture){0};
    struct gw_netcdf_write *out = gw_netcdf_write_create();
    const int64_t root = gw_netcdf_write_root(out);
    const struct gw_netcdf_dim dim = gw_netcdf_write_scale(out, root, "texts", GW_NETCDF_TEXT, 3, texts);
    gw_netcdf_write_variable(out, root, "numbers", GW_NETCDF_F64, 1, &dim, numbers);
    gw_netcdf_write_group(out, root, "group");
    gw_netcdf_write_int(out, root, "integer", 7);
    gw_netcdf_write_text(out, root, "text", "seven");
    size_t n;
    enum gw_status s = gw_netcdf_write_finish(out, 0, "f", &f.bytes, &n, NULL);
    gw_netcdf_write_destroy(out);
    if (s == GW_OK) {
        s = gw_netcdf_read_open(f.bytes, n, "f.h5", &f.arena, &f.in, NULL);
    }
    f.root = s == GW_OK ? gw_netcdf_read_root(f.in) : -1;
    *state = &f;
    return s == GW_OK ? 0 : -1;
}

static int close_file(void **state)
{
    struct fixture *f = *state;
    gw_netcdf_read_close(f->in);
    gw_arena_fini(&f->arena);
    free(f->bytes);
    return 0;
}

static void assert_failed(const struct fixture *f, const char *sentence)
{
    struct gw_error err = {0};
    assert_int_equal(gw_netcdf_read_status(f->in, &err), GW_ERR_SYNTAX);
    assert_false(gw_netcdf_read_going(f->in));
    assert_string_equal(err.where, "f.h5");
    assert_string_equal(err.why, sentence);
}

static void what_is_there_is_read(void **state)
{
    struct fixture *f = *state;
    assert_true(gw_netcdf_read_has(f->in, f->root, "numbers"));
    assert_false(gw_netcdf_read_has(f->in, f->root, "number"));
    assert_true(gw_netcdf_read_has_attribute(f->in, f->root, "integer"));
    assert_false(gw_netcdf_read_has_attribute(f->in, f->root, "numbers"));
    const struct gw_netcdf_variable numbers = gw_netcdf_read_find(f->in, f->root, "numbers");
    const double *values = gw_netcdf_read_numbers(f->in, &numbers);
    assert_near(values[2], 3, 0, 0);
    assert_int_equal(gw_netcdf_read_find(f->in, f->root, "group").kind, GW_NETCDF_OTHER);
    assert_int_equal(gw_netcdf_read_status(f->in, NULL), GW_OK);
}

static void a_missing_variable_fails(void **state)
{
    struct fixture *f = *state;
    const struct gw_netcdf_variable none = gw_netcdf_read_find(f->in, f->root, "absent");
    assert_null(gw_netcdf_read_numbers(f->in, &none));
    assert_failed(f, "absent is not in the file");
}

static void texts_are_not_read_as_numbers_nor_numbers_as_texts(void **state)
{
    struct fixture *f = *state;
    const struct gw_netcdf_variable texts = gw_netcdf_read_find(f->in, f->root, "texts");
    assert_null(gw_netcdf_read_numbers(f->in, &texts));
    assert_failed(f, "texts holds no numbers");
    close_file(state);
    assert_int_equal(open_file(state), 0);
    const struct gw_netcdf_variable numbers = gw_netcdf_read_find(f->in, f->root, "numbers");
    assert_null(gw_netcdf_read_texts(f->in, &numbers));
    assert_failed(f, "numbers holds no texts");
}

static void attributes_that_are_missing_or_of_another_kind_fail(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(gw_netcdf_read_int(f->in, f->root, "absent"), 0);
    assert_failed(f, "attribute absent is not in the file");
    close_file(state);
    assert_int_equal(open_file(state), 0);
    assert_int_equal(gw_netcdf_read_int(f->in, f->root, "text"), 0);
    assert_failed(f, "attribute text is not of the expected kind");
    close_file(state);
    assert_int_equal(open_file(state), 0);
    assert_string_equal(gw_netcdf_read_text(f->in, f->root, "integer"), "");
    assert_failed(f, "attribute integer is not of the expected kind");
}

static void after_a_failure_nothing_is_read_and_the_first_reason_stays(void **state)
{
    struct fixture *f = *state;
    gw_netcdf_read_refuse(f->in, "the %s reason", "first");
    gw_netcdf_read_refuse(f->in, "the second reason");
    assert_int_equal(gw_netcdf_read_int(f->in, f->root, "integer"), 0);
    assert_string_equal(gw_netcdf_read_text(f->in, f->root, "text"), "");
    assert_false(gw_netcdf_read_has(f->in, f->root, "numbers"));
    assert_int_equal(gw_netcdf_read_count(f->in, f->root), 0);
    const struct gw_netcdf_variable numbers = gw_netcdf_read_find(f->in, f->root, "numbers");
    assert_null(gw_netcdf_read_numbers(f->in, &numbers));
    assert_failed(f, "the first reason");
}

static void bytes_that_are_no_file_do_not_open(void **state)
{
    (void)state;
    char bytes[] = "not HDF5 at all";
    struct gw_arena arena = {0};
    struct gw_netcdf_read *in = NULL;
    struct gw_error err = {0};
    assert_int_equal(gw_netcdf_read_open(bytes, sizeof bytes, "f.h5", &arena, &in, &err), GW_ERR_SYNTAX);
    assert_null(in);
    assert_string_equal(err.where, "f.h5");
    assert_non_null(strstr(err.why, "the HDF5 file cannot be read: "));
}

#define WITH_FILE(f) cmocka_unit_test_setup_teardown(f, open_file, close_file)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(what_is_there_is_read),
        WITH_FILE(a_missing_variable_fails),
        WITH_FILE(texts_are_not_read_as_numbers_nor_numbers_as_texts),
        WITH_FILE(attributes_that_are_missing_or_of_another_kind_fail),
        WITH_FILE(after_a_failure_nothing_is_read_and_the_first_reason_stays),
        cmocka_unit_test(bytes_that_are_no_file_do_not_open),
    };
    return cmocka_run_group_tests_name("netcdf_read", tests, NULL, NULL);
}
