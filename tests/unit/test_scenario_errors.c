/* Scenarios that must be refused. Each file of tests/golden/errors begins with the complete messages it has
 * to give, as `#> ` comments; what is too large or too ugly for a file is made here. GEOWATT_UPDATE_GOLDEN=1
 * rewrites the comments. */
#include "tests/support/near.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/base/text.h"
#include "sim/run/scenario.h"
#include "tests/support/failing_malloc.h"

static const char mark[] = "#> ";
static const char good[] = "parts/good.yaml"; /* a good scenario that most files include */
enum { FILES_MAX = 1000, LEAST_FILES = 60, FILE_BYTES_MAX = 1 << 16 };

/* ---- what was said ---- */

/* The messages as the command prints them; the scenario must not have loaded. */
static void add_messages(const struct gw_errors *errs, const char *begin, struct gw_text *out)
{
    for (uint32_t i = 0; i < errs->n; i++) {
        gw_text_addf(out, "%s%s: %s\n", begin, errs->item[i].where, errs->item[i].why);
    }
    if (errs->dropped > 0) {
        gw_text_addf(out, "%sgeowatt: and %u more\n", begin, (unsigned)errs->dropped);
    }
}

static void assert_refused(enum gw_status s, const struct gw_scenario *sc, const struct gw_errors *errs)
{
    assert_int_not_equal(s, GW_OK);
    assert_int_equal(gw_status_exit(s), 2);
    assert_int_not_equal(errs->n, 0);
    assert_null(sc->site);
    assert_null(sc->tree.root);
}

/* Loads a text that must be refused with exactly these messages. */
static void assert_says(const char *bytes, size_t n, const char *expected)
{
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    const enum gw_status s = gw_scenario_parse(bytes, n, "made.yaml", NULL, &sc, &errs);
    assert_refused(s, &sc, &errs);
    struct gw_text said = {0};
    add_messages(&errs, "", &said);
    assert_string_equal(said.at, expected);
    gw_text_fini(&said);
}

/* ---- the files ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t list_files(char *names[FILES_MAX])
{
    DIR *folder = opendir(".");
    assert_non_null(folder);
    size_t n = 0;
    for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
        const char *dot = strrchr(e->d_name, '.');
        if (dot != NULL && strcmp(dot, ".yaml") == 0) {
            assert_true(n < FILES_MAX);
            names[n++] = strdup(e->d_name);
        }
    }
    closedir(folder);
    qsort(names, n, sizeof *names, by_name);
    return n;
}

static char *read_text(const char *path)
{
    char *bytes;
    size_t n;
    struct gw_error err;
    assert_int_equal(gw_file_read(path, FILE_BYTES_MAX, &bytes, &n, &err), GW_OK);
    return bytes;
}

/* Where the `#> ` comments at the head of a file end. */
static size_t end_of_expected(const char *text)
{
    size_t at = 0;
    while (strncmp(text + at, mark, sizeof mark - 1) == 0) {
        at += strcspn(text + at, "\n") + 1;
    }
    return at;
}

/* The comments decide on which lines the mistakes stand, so they are written until they say what they move
 * to. */
static void rewrite_expected(const char *path, const char *said)
{
    char *text = read_text(path);
    struct gw_text fresh = {0};
    struct gw_error err;
    gw_text_addf(&fresh, "%s%s", said, text + end_of_expected(text));
    assert_int_equal(gw_file_write(path, fresh.at, fresh.n, &err), GW_OK);
    gw_text_fini(&fresh);
    free(text);
}

/* False when the file does not give the messages it promises. */
static bool replay(const char *path)
{
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    assert_refused(gw_scenario_load(path, NULL, &sc, &errs), &sc, &errs);
    struct gw_text said = {0};
    add_messages(&errs, mark, &said);

    char *text = read_text(path);
    const size_t n = end_of_expected(text);
    const bool same = n == said.n && memcmp(text, said.at, n) == 0;
    if (!same && getenv("GEOWATT_UPDATE_GOLDEN") != NULL) {
        rewrite_expected(path, said.at);
    } else if (!same) {
        print_error("%s says\n%swhere due is\n%.*s", path, said.at, (int)n, text);
    }
    gw_text_fini(&said);
    free(text);
    return same;
}

static void every_bad_file_says_what_it_promises(void **state)
{
    (void)state;
    char *name[FILES_MAX];
    const size_t n = list_files(name);
    assert_true(n >= LEAST_FILES);
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        wrong += replay(name[i]) ? 0 : 1;
        free(name[i]);
    }
    assert_int_equal(wrong, 0);
}

/* Else the files would be refused for what they share, not for what each spoils. */
static void what_they_include_is_good(void **state)
{
    (void)state;
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    assert_int_equal(gw_scenario_load(good, NULL, &sc, &errs), GW_OK);
    gw_scenario_fini(&sc);
}

/* ---- forms of text ---- */

static void assert_loads(const char *bytes, size_t n)
{
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    if (gw_scenario_parse(bytes, n, good, NULL, &sc, &errs) != GW_OK) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
    assert_string_equal(sc.cfg.name, "good");
    gw_scenario_fini(&sc);
}

static void carriage_returns_and_a_byte_order_mark_are_accepted(void **state)
{
    (void)state;
    char *text = read_text(good);
    struct gw_text other = {0};
    gw_text_add(&other, "\xEF\xBB\xBF");
    for (const char *p = text; *p != '\0'; p++) {
        gw_text_add_n(&other, *p == '\n' ? "\r\n" : p, *p == '\n' ? 2 : 1);
    }
    assert_loads(other.at, other.n);
    gw_text_fini(&other);
    free(text);
}

static void bytes_that_are_no_text_are_refused_where_they_stand(void **state)
{
    (void)state;
    static const char latin1[] = "geowatt: 1\nname: Gr\xFC\xDF"
                                 "e\n",
                      nul[] = "geowatt: 1\nname: a\0b\n";
    static const char cut[] = "name: caf\xC3", surrogate[] = "name: \xED\xA0\x80\n",
                      utf16[] = "\xFF\xFEg\0e\0o\0";
    assert_says(latin1, sizeof latin1 - 1, "made.yaml:2:9: this byte is not UTF-8; save the file as UTF-8\n");
    assert_says(nul, sizeof nul - 1, "made.yaml:2:8: a NUL byte; this is not a text file\n");
    assert_says(cut, sizeof cut - 1, "made.yaml:1:10: this byte is not UTF-8; save the file as UTF-8\n");
    assert_says(surrogate, sizeof surrogate - 1,
                "made.yaml:1:7: this byte is not UTF-8; save the file as UTF-8\n");
    assert_says(utf16, sizeof utf16 - 1, "made.yaml:1:1: this byte is not UTF-8; save the file as UTF-8\n");
}

/* ---- sizes ---- */

/* A hundred megabytes of holes on the disk: the size is seen before anything is read. */
static void a_hundred_megabytes_are_refused_politely(void **state)
{
    (void)state;
    char path[] = "/tmp/geowatt-large-XXXXXX", expected[200];
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, 100000000), 0);
    close(fd);
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    assert_refused(gw_scenario_load(path, NULL, &sc, &errs), &sc, &errs);
    unlink(path);
    struct gw_text said = {0};
    add_messages(&errs, "", &said);
    snprintf(expected, sizeof expected, "%s: has more than the %d bytes that are read at most\n", path,
             (int)GW_TREE_BYTES);
    assert_string_equal(said.at, expected);
    gw_text_fini(&said);
}

static void repeat(struct gw_text *out, const char *text, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        gw_text_add(out, text);
    }
}

static void endless_depth_is_refused_where_it_goes_too_deep(void **state)
{
    (void)state;
    struct gw_text deep = {0};
    char expected[200];
    gw_text_add(&deep, "a: ");
    repeat(&deep, "[", 100000);
    snprintf(expected, sizeof expected, "made.yaml:1:%d: nested deeper than %d levels\n",
             3 + (int)GW_TREE_DEPTH, (int)GW_TREE_DEPTH);
    assert_says(deep.at, deep.n, expected);
    gw_text_fini(&deep);
}

/* The message quotes a part of a key of a megabyte, not all of it. */
static void a_key_of_a_megabyte_gives_a_short_message(void **state)
{
    (void)state;
    struct gw_text text = {0};
    gw_text_add(&text, "\"");
    repeat(&text, "k", 1 << 20);
    gw_text_add(&text, "\": 1\n");
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    assert_refused(gw_scenario_parse(text.at, text.n, "made.yaml", NULL, &sc, &errs), &sc, &errs);
    gw_text_fini(&text);
}

/* ---- memory ---- */

/* Each allocation fails once: a good scenario is then refused with a sentence, and nothing is lost. */
static void running_out_of_memory_anywhere_is_told(void **state)
{
    (void)state;
    static const char yaml[] =
        "geowatt: 1\nname: small\ntime: { start: 2023-06-01T00:00:00Z, duration: 2 h }\n"
        "sites: [ { name: a, place: ashburn, pools: [ { node: h100x8, count: 4 } ],\n"
        "    grid: { file: { path: parts/day.csv, carbon: ci_gco2_per_kwh, price: price_usd_per_mwh, "
        "water_l_per_kwh: 1 } } } ]\n"
        "serving:\n  models: [ { llm: llama-2-7b, tensor_parallel: 1 } ]\n"
        "  demand: [ { origin: us-east, model: llama-2-7b, rate: 5 /s } ]\n"
        "policies: [ nearest ]\n";
    for (size_t n = 1;; n++) {
        struct gw_scenario sc;
        struct gw_errors errs = {0};
        gw_failing_malloc_arm(n);
        const enum gw_status s = gw_scenario_parse(yaml, sizeof yaml - 1, "made.yaml", NULL, &sc, &errs);
        const bool failed = gw_failing_malloc_disarm();
        if (s != GW_OK &&
            (errs.n == 0 || errs.item[0].status != GW_ERR_NOMEM || errs.item[0].why[0] == '\0')) {
            fail_msg("allocation %zu: %s: %s", n, errs.item[0].where, errs.item[0].why);
        }
        assert_int_equal(s == GW_OK, !failed);
        gw_scenario_fini(&sc);
        if (!failed) {
            break;
        }
    }
}

int main(void)
{
    if (chdir("tests/golden/errors") != 0) {
        perror("tests/golden/errors");
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_they_include_is_good),
        cmocka_unit_test(every_bad_file_says_what_it_promises),
        cmocka_unit_test(carriage_returns_and_a_byte_order_mark_are_accepted),
        cmocka_unit_test(bytes_that_are_no_text_are_refused_where_they_stand),
        cmocka_unit_test(a_hundred_megabytes_are_refused_politely),
        cmocka_unit_test(endless_depth_is_refused_where_it_goes_too_deep),
        cmocka_unit_test(a_key_of_a_megabyte_gives_a_short_message),
        cmocka_unit_test(running_out_of_memory_anywhere_is_told),
    };
    return cmocka_run_group_tests_name("scenario errors", tests, NULL, NULL);
}
