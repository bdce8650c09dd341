/* Notes go to the sink that was given, and nowhere without one. */
#include "tests/support/near.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/log.h"

struct heard {
    int n;
    enum gw_log_level level;
    char text[2000];
};

static void listen(void *to, enum gw_log_level level, const char *text)
{
    struct heard *heard = to;
    heard->n++;
    heard->level = level;
    snprintf(heard->text, sizeof heard->text, "%s", text);
}

static void the_sink_hears_level_and_text(void **state)
{
    (void)state;
    struct heard heard = {0};
    const struct gw_log log = {listen, &heard};
    gw_log_line(&log, GW_LOG_WARNING, "%d of %s", 3, "seven");
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.level, GW_LOG_WARNING);
    assert_string_equal(heard.text, "3 of seven");
}

static void without_a_sink_there_is_silence(void **state)
{
    (void)state;
    const struct gw_log deaf = {0};
    gw_log_line(NULL, GW_LOG_NOTE, "nobody");
    gw_log_line(&deaf, GW_LOG_NOTE, "nobody");
}

static void a_long_line_is_cut(void **state)
{
    (void)state;
    struct heard heard = {0};
    const struct gw_log log = {listen, &heard};
    gw_log_line(&log, GW_LOG_NOTE, "%01500d", 7);
    assert_int_equal(heard.n, 1);
    assert_int_equal(strlen(heard.text), 1023);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sink_hears_level_and_text),
        cmocka_unit_test(without_a_sink_there_is_silence),
        cmocka_unit_test(a_long_line_is_cut),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
