/* Another program beside us: asked, answering, late, gone, ended. */
#include "tests/support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/run/child.h"

enum { PATIENCE_US = 20000000, SHORT_US = 50000 };

static void start(struct gw_child *child, const char *script, const _Atomic int *stop)
{
    char name[] = "sh", option[] = "-c", text[400];
    snprintf(text, sizeof text, "%s", script);
    char *const words[] = {name, option, text, NULL};
    struct gw_error err = {0};
    assert_int_equal(gw_child_start(child, words, stop, &err), GW_OK);
}

static void hears(struct gw_child *child, const char *expected)
{
    char *line;
    size_t n;
    struct gw_error err = {0};
    assert_int_equal(gw_child_hear(child, PATIENCE_US, &line, &n, &err), GW_OK);
    assert_string_equal(line, expected);
    assert_int_equal(n, strlen(expected));
}

static void fails_to_hear(struct gw_child *child, int64_t patience_us, enum gw_status status, const char *why)
{
    char *line;
    size_t n;
    struct gw_error err = {0};
    assert_int_equal(gw_child_hear(child, patience_us, &line, &n, &err), status);
    assert_string_equal(err.why, why);
}

static void lines_go_there_and_come_back(void **state)
{
    (void)state;
    struct gw_child child;
    struct gw_error err = {0};
    start(&child, "while read -r line; do echo \"heard $line\"; echo and more; done", NULL);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(gw_child_tell(&child, "tick\n", 5, PATIENCE_US, &err), GW_OK);
        hears(&child, "heard tick");
        hears(&child, "and more");
        assert_false(gw_child_has_more(&child));
    }
    assert_int_equal(child.lines, 6);
    gw_child_end(&child, PATIENCE_US);
}

static void a_line_longer_than_any_pipe_passes_both_ways(void **state)
{
    (void)state;
    enum { N = 1 << 17 };
    char *line = test_malloc(N + 1), *back;
    memset(line, 'x', N);
    line[N] = '\n';
    struct gw_child child;
    struct gw_error err = {0};
    size_t n;
    start(&child, "read -r line; echo $line$line", NULL);
    assert_int_equal(gw_child_tell(&child, line, N + 1, PATIENCE_US, &err), GW_OK);
    assert_int_equal(gw_child_hear(&child, PATIENCE_US, &back, &n, &err), GW_OK);
    assert_int_equal(n, 2 * N);
    gw_child_end(&child, PATIENCE_US);
    test_free(line);
}

static void who_is_late_is_said_to_be_late(void **state)
{
    (void)state;
    struct gw_child child;
    start(&child, "sleep 100", NULL);
    fails_to_hear(&child, SHORT_US, GW_ERR_POLICY, "too late");
    gw_child_end(&child, 0);
}

static void how_a_program_ended_is_told(void **state)
{
    (void)state;
    struct gw_child child;
    struct gw_error err = {0};
    start(&child, "exit 7", NULL);
    fails_to_hear(&child, PATIENCE_US, GW_ERR_POLICY, "it ended, with status 7");
    gw_child_end(&child, 0);
    start(&child, "kill -9 $$", NULL);
    fails_to_hear(&child, PATIENCE_US, GW_ERR_POLICY, "it was ended by signal 9");
    /* telling it something raises no signal here: this test goes on */
    assert_int_equal(gw_child_tell(&child, "tick\n", 5, PATIENCE_US, &err), GW_ERR_POLICY);
    assert_string_equal(err.why, "it was ended by signal 9");
    gw_child_end(&child, 0);

    char name[] = "no-such-program-here";
    char *const words[] = {name, NULL};
    assert_int_equal(gw_child_start(&child, words, NULL, &err), GW_ERR_POLICY);
    assert_string_equal(err.why, "cannot be started: No such file or directory");
    gw_child_end(&child, 0);
}

static void a_wait_ends_when_the_run_is_to_stop(void **state)
{
    (void)state;
    _Atomic int stop = 1;
    struct gw_child child;
    start(&child, "sleep 100", &stop);
    fails_to_hear(&child, PATIENCE_US, GW_ERR_INTERRUPTED, "stopped before its end");
    gw_child_end(&child, PATIENCE_US);
}

/* What the program has started writes on and on, until it does not. */
static void nothing_stays_of_a_program_that_does_not_end(void **state)
{
    (void)state;
    char path[] = "/tmp/geowatt-child-XXXXXX", script[300];
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    snprintf(script, sizeof script,
             "trap '' TERM; while :; do echo alive >> %s; sleep 0.01; done & echo ready; wait", path);
    struct gw_child child;
    start(&child, script, NULL);
    hears(&child, "ready");
    gw_child_end(&child, SHORT_US);
    assert_true(lseek(fd, 0, SEEK_END) > 0);
    assert_int_equal(ftruncate(fd, 0), 0);
    const struct timespec nap = {.tv_nsec = 60000000};
    nanosleep(&nap, NULL);
    assert_int_equal(lseek(fd, 0, SEEK_END), 0);
    close(fd);
    unlink(path);
    gw_child_end(&child, 0); /* nothing to end */
}

/* What it writes on its way out does not keep it. */
static void at_its_end_it_has_time_to_finish(void **state)
{
    (void)state;
    char path[] = "/tmp/geowatt-child-XXXXXX", script[200];
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    snprintf(script, sizeof script, "while read -r line; do :; done; echo farewell; echo saved > %s", path);
    struct gw_child child;
    start(&child, script, NULL);
    gw_child_end(&child, PATIENCE_US);
    char saved[8] = {0};
    assert_int_equal(read(fd, saved, sizeof saved - 1), 6);
    assert_string_equal(saved, "saved\n");
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_go_there_and_come_back),
        cmocka_unit_test(a_line_longer_than_any_pipe_passes_both_ways),
        cmocka_unit_test(who_is_late_is_said_to_be_late),
        cmocka_unit_test(how_a_program_ended_is_told),
        cmocka_unit_test(a_wait_ends_when_the_run_is_to_stop),
        cmocka_unit_test(nothing_stays_of_a_program_that_does_not_end),
        cmocka_unit_test(at_its_end_it_has_time_to_finish),
    };
    return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
