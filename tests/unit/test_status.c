/* Statuses have a name, a sentence and an exit code; errors say where and why, up to twenty at once. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/status.h"
#include "sim/base/text.h"

static void statuses_have_names_and_sentences(void **state)
{
    (void)state;
    assert_string_equal(gw_status_name(GW_ERR_RANGE), "GW_ERR_RANGE");
    assert_string_equal(gw_status_text(GW_ERR_RANGE), "value outside its documented range");
    assert_string_equal(gw_status_text(GW_OK), "success");
}

/* The table of `geowatt --help`. */
static void exit_codes_tell_input_output_and_bugs_apart(void **state)
{
    (void)state;
    assert_int_equal(gw_status_exit(GW_OK), 0);
    assert_int_equal(gw_status_exit(GW_ERR_MISSED), 1);
    assert_int_equal(gw_status_exit(GW_ERR_IO), 2);
    assert_int_equal(gw_status_exit(GW_ERR_SYNTAX), 2);
    assert_int_equal(gw_status_exit(GW_ERR_TYPE), 2);
    assert_int_equal(gw_status_exit(GW_ERR_RANGE), 2);
    assert_int_equal(gw_status_exit(GW_ERR_UNKNOWN), 2);
    assert_int_equal(gw_status_exit(GW_ERR_USAGE), 2);
    assert_int_equal(gw_status_exit(GW_ERR_POLICY), 2);
    assert_int_equal(gw_status_exit(GW_ERR_NOMEM), 70);
    assert_int_equal(gw_status_exit(GW_ERR_OUTPUT), 74);
    assert_int_equal(gw_status_exit(GW_ERR_INTERRUPTED), 75);
}

static void a_failure_says_where_and_why(void **state)
{
    (void)state;
    struct gw_error err;
    assert_int_equal(gw_fail(&err, GW_ERR_RANGE, "sites[2].pue", "%g lies outside [1, %d]", 0.5, 3),
                     GW_ERR_RANGE);
    assert_int_equal(err.status, GW_ERR_RANGE);
    assert_string_equal(err.where, "sites[2].pue");
    assert_string_equal(err.why, "0.5 lies outside [1, 3]");

    assert_int_equal(gw_fail(&err, GW_ERR_NOMEM, NULL, "no memory"), GW_ERR_NOMEM);
    assert_string_equal(err.where, "");
}

static void nobody_need_listen(void **state)
{
    (void)state;
    assert_int_equal(gw_fail(NULL, GW_ERR_IO, "a.csv", "gone"), GW_ERR_IO);
    gw_errors_add(NULL, GW_ERR_IO, "a.csv", "gone");
    assert_int_equal(gw_errors_status(NULL), GW_OK);
}

/* Callers put their own place in front of an error they were given. */
static void an_error_may_be_wrapped_in_itself(void **state)
{
    (void)state;
    struct gw_error err;
    (void)gw_fail(&err, GW_ERR_TYPE, "power", "\"30 kg\" is a mass");
    (void)gw_fail(&err, err.status, err.where, "in sites[0]: %s", err.why);
    assert_string_equal(err.where, "power");
    assert_string_equal(err.why, "in sites[0]: \"30 kg\" is a mass");
}

static void long_messages_are_cut_between_characters(void **state)
{
    (void)state;
    char name[sizeof(struct gw_error) + 1];
    struct gw_error err;
    for (size_t lead = 0; lead < 2;
         lead++) { /* "é" takes two bytes: one of the two leads has the cut inside it */
        memset(name, 'x', lead);
        for (size_t i = lead; i + 2 < sizeof name; i += 2) {
            memcpy(name + i, "é", 3);
        }
        (void)gw_fail(&err, GW_ERR_UNKNOWN, name, "%s", name);
        assert_true(gw_text_is_utf8(err.where, strlen(err.where), NULL));
        assert_true(gw_text_is_utf8(err.why, strlen(err.why), NULL));
        assert_true(strlen(err.where) >= sizeof err.where - 3);
        assert_true(strlen(err.why) >= sizeof err.why - 3);
    }
}

static void the_twenty_first_error_is_only_counted(void **state)
{
    (void)state;
    struct gw_errors *errs = calloc(1, sizeof *errs);
    assert_non_null(errs);
    assert_int_equal(gw_errors_status(errs), GW_OK);
    for (int i = 0; i < 23; i++) {
        gw_errors_add(errs, i == 0 ? GW_ERR_TYPE : GW_ERR_RANGE, "a.yaml", "error %d", i);
    }
    assert_int_equal(errs->n, 20);
    assert_int_equal(errs->dropped, 3);
    assert_string_equal(errs->item[19].why, "error 19");
    assert_int_equal(gw_errors_status(errs), GW_ERR_TYPE);
    free(errs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_have_names_and_sentences),
        cmocka_unit_test(exit_codes_tell_input_output_and_bugs_apart),
        cmocka_unit_test(a_failure_says_where_and_why),
        cmocka_unit_test(nobody_need_listen),
        cmocka_unit_test(an_error_may_be_wrapped_in_itself),
        cmocka_unit_test(long_messages_are_cut_between_characters),
        cmocka_unit_test(the_twenty_first_error_is_only_counted),
    };
    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
