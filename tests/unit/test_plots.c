/* Figures by name: files whole and equal every time, unknown names helped, bad folders said. */
#include "tests/support/near.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plots/plots.h"
#include "sim/base/file.h"
#include "tests/support/figure_result.h"
#include "tests/support/sample_result.h"

enum { PATH_SIZE = 256, FILE_MAX = 1 << 24, ALL = GW_RENDER_SVG | GW_RENDER_PDF | GW_RENDER_PNG };

static struct gw_result_file result;
static char folder[PATH_SIZE / 2];

static int make_result_and_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/gw_test_plots_XXXXXX",
             base != NULL && strlen(base) < 60 ? base : "/tmp");
    return mkdtemp(folder) == NULL || !gw_figure_result_init(&result, 3, 3, 2);
}

/* Files of one folder below ours, and it. */
static void remove_inner(const char *name)
{
    char inner[PATH_SIZE];
    snprintf(inner, sizeof inner, "%s/%s", folder, name);
    DIR *dir = opendir(inner);
    if (dir != NULL) {
        for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
            if (entry->d_name[0] != '.') {
                char path[2 * PATH_SIZE];
                snprintf(path, sizeof path, "%s/%.200s", inner, entry->d_name);
                remove(path);
            }
        }
        closedir(dir);
    }
    remove(inner);
}

static int remove_all(void **state)
{
    (void)state;
    remove_inner("one");
    remove_inner("two");
    remove(folder);
    gw_figure_result_fini(&result);
    return 0;
}

static const char *inner(char out[PATH_SIZE], const char *name)
{
    snprintf(out, PATH_SIZE, "%s/%s", folder, name);
    return out;
}

static char *read_figure(const char *where, const char *figure, const char *ending, size_t *n)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s/%s.%s", folder, where, figure, ending);
    char *bytes = NULL;
    struct gw_error err;
    if (gw_file_read(path, FILE_MAX, &bytes, n, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    return bytes;
}

static void every_figure_is_drawn_twice_to_the_same_bytes(void **state)
{
    (void)state;
    static const char *const ending[] = {"svg", "pdf", "png"};
    char one[PATH_SIZE], two[PATH_SIZE];
    size_t figures;
    const struct gw_plots_figure *figure = gw_plots_names(&figures);
    for (size_t i = 0; i < figures; i++) {
        assert_int_equal(gw_plots_draw(figure[i].name, &result, inner(one, "one"), ALL, NULL), GW_OK);
        assert_int_equal(gw_plots_draw(figure[i].name, &result, inner(two, "two"), ALL, NULL), GW_OK);
        for (size_t e = 0; e < 3; e++) {
            size_t n_first, n_second;
            char *first = read_figure("one", figure[i].name, ending[e], &n_first);
            char *second = read_figure("two", figure[i].name, ending[e], &n_second);
            assert_int_equal(n_first, n_second);
            assert_memory_equal(first, second, n_first);
            free(first);
            free(second);
        }
    }
}

/* What the run writes is what the figures read. */
static void a_result_file_can_be_drawn(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    char path[PATH_SIZE], one[PATH_SIZE];
    gw_sample_result_make(&sample);
    assert_int_equal(gw_file_make_folder(inner(one, "one"), NULL), GW_OK);
    assert_int_equal(gw_result_file_write(inner(path, "one/result.h5"), &sample.result, &sample.facts, NULL),
                     GW_OK);
    assert_int_equal(gw_result_file_read(path, &file, NULL), GW_OK);
    size_t figures;
    const struct gw_plots_figure *figure = gw_plots_names(&figures);
    for (size_t i = 0; i < figures; i++) {
        assert_int_equal(gw_plots_draw(figure[i].name, &file, one, ALL, NULL), GW_OK);
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

static void only_the_formats_asked_for_are_written(void **state)
{
    (void)state;
    char one[PATH_SIZE], path[PATH_SIZE];
    assert_int_equal(gw_plots_draw("scores", &result, inner(one, "one"), GW_RENDER_PDF, NULL), GW_OK);
    assert_int_equal(access(inner(path, "one/scores.pdf"), R_OK), 0);
    assert_int_not_equal(access(inner(path, "one/scores.svg"), F_OK), 0);
    assert_int_not_equal(access(inner(path, "one/scores.png"), F_OK), 0);
}

static void each_figure_has_a_sentence(void **state)
{
    (void)state;
    size_t figures;
    const struct gw_plots_figure *figure = gw_plots_names(&figures);
    assert_true(figures >= 8);
    assert_string_equal(figure[0].name, "scores");
    for (size_t i = 0; i < figures; i++) {
        assert_true(strlen(figure[i].doc) > 20);
    }
}

static void an_unknown_figure_is_told_the_nearest_one(void **state)
{
    (void)state;
    struct gw_error err;
    assert_int_equal(gw_plots_draw("score", &result, folder, ALL, &err), GW_ERR_UNKNOWN);
    assert_string_equal(err.where, "score");
    assert_string_equal(err.why, "is no figure; did you mean scores?");
    assert_int_equal(gw_plots_draw("heat-map", &result, folder, ALL, &err), GW_ERR_UNKNOWN);
    assert_memory_equal(err.why, "is no figure; there are: scores, ", 33);
    size_t figures;
    const struct gw_plots_figure *figure = gw_plots_names(&figures);
    for (size_t i = 0; i < figures; i++) {
        assert_non_null(strstr(err.why, figure[i].name));
    }
}

static void a_result_without_runs_is_refused(void **state)
{
    (void)state;
    struct gw_error err;
    struct gw_result_file empty = {.scenario_name = "empty"};
    assert_int_equal(gw_plots_draw("scores", &empty, folder, ALL, &err), GW_ERR_RANGE);
    assert_string_equal(err.where, "empty");
}

/* A file stands where the folder is due. */
static void a_folder_that_cannot_be_is_said(void **state)
{
    (void)state;
    char one[PATH_SIZE], below[PATH_SIZE];
    struct gw_error err;
    assert_int_equal(gw_file_write(inner(one, "one"), "x", 1, NULL), GW_OK);
    assert_int_equal(gw_plots_draw("scores", &result, inner(below, "one/figures"), ALL, &err), GW_ERR_OUTPUT);
    assert_non_null(strstr(err.where, "one"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_result_and_folder, remove_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_figure_is_drawn_twice_to_the_same_bytes),
        TEST(a_result_file_can_be_drawn),
        TEST(only_the_formats_asked_for_are_written),
        TEST(each_figure_has_a_sentence),
        TEST(an_unknown_figure_is_told_the_nearest_one),
        TEST(a_result_without_runs_is_refused),
        TEST(a_folder_that_cannot_be_is_said),
    };
    return cmocka_run_group_tests_name("plots", tests, NULL, NULL);
}
