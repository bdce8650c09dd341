/* result.h5: what goes in comes out, equal results are equal bytes, a broken file is refused before it can do
 * harm, and a full disk leaves nothing behind. What stands inside is the matter of test_result_pack.c. */
#include "tests/support/near.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/run/seal.h"
#include "tests/support/sample_result.h"

struct fixture {
    char folder[64], path[96];
    struct gw_sample_result sample;
};

static int make_folder(void **state)
{
    static struct fixture fixture;
    snprintf(fixture.folder, sizeof fixture.folder, "/tmp/geowatt-test-XXXXXX");
    if (mkdtemp(fixture.folder) == NULL) {
        return -1;
    }
    snprintf(fixture.path, sizeof fixture.path, "%s/result.h5", fixture.folder);
    gw_sample_result_make(&fixture.sample);
    *state = &fixture;
    return 0;
}

static size_t files_in(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t n = 0;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        n += entry->d_name[0] != '.';
    }
    closedir(dir);
    return n;
}

static int remove_folder(void **state)
{
    struct fixture *f = *state;
    gw_sample_result_fini(&f->sample);
    unlink(f->path);
    return rmdir(f->folder); /* fails when a test left something else behind */
}

static void write_sample(struct fixture *f)
{
    struct gw_error err;
    if (gw_result_file_write(f->path, &f->sample.result, &f->sample.facts, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
}

static char *read_sample(struct fixture *f, size_t *n)
{
    char *bytes = NULL;
    assert_int_equal(gw_file_read(f->path, SIZE_MAX, &bytes, n, NULL), GW_OK);
    return bytes;
}

static void what_stands_beside_the_numbers_comes_back(void **state)
{
    struct fixture *f = *state;
    write_sample(f);
    struct gw_result_file file;
    struct gw_error err;
    if (gw_result_file_read(f->path, &file, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    const struct gw_result_facts *facts = &f->sample.facts;
    assert_string_equal(file.scenario_name, facts->scenario_name);
    assert_string_equal(file.version, facts->version);
    assert_string_equal(file.commit, facts->commit);
    assert_string_equal(file.scenario_yaml, facts->scenario_yaml);
    assert_true(file.seed == facts->seed);
    assert_true(file.libm_fingerprint == facts->libm_fingerprint);
    assert_true(file.start_unix_us == facts->start_unix_us);
    assert_true(file.duration_us == facts->duration_us);
    assert_true(file.step_us == facts->step_us);
    assert_true(file.epoch_us == facts->epoch_us);
    assert_true(file.every_us == f->sample.result.every_us);
    assert_int_equal(file.baseline, 0);
    for (uint32_t i = 0; i < SAMPLE_POLICIES; i++) {
        assert_string_equal(file.policy[i], facts->policy[i]);
    }
    for (uint32_t i = 0; i < SAMPLE_SITES; i++) {
        assert_string_equal(file.site[i], facts->site[i]);
    }
    for (uint32_t i = 0; i < SAMPLE_DEMANDS; i++) {
        assert_string_equal(file.demand[i], facts->demand[i]);
    }
    gw_result_file_fini(&file);
}

static void embedded_files_come_back_byte_for_byte_others_by_name_and_checksum(void **state)
{
    struct fixture *f = *state;
    write_sample(f);
    struct gw_result_file file;
    assert_int_equal(gw_result_file_read(f->path, &file, NULL), GW_OK);
    assert_int_equal(file.n_inputs, 2);
    for (uint32_t i = 0; i < 2; i++) {
        assert_string_equal(file.input[i].path, f->sample.input[i].path);
        assert_true(file.input[i].checksum == f->sample.input[i].checksum);
        assert_int_equal(file.input[i].n, f->sample.input[i].n);
    }
    assert_memory_equal(file.input[0].bytes, f->sample.input[0].bytes, f->sample.input[0].n);
    assert_null(file.input[1].bytes);
    gw_result_file_fini(&file);
}

static void equal_results_are_equal_bytes(void **state)
{
    struct fixture *f = *state;
    size_t n_first, n_second;
    write_sample(f);
    char *first = read_sample(f, &n_first);
    gw_sample_result_fini(&f->sample);
    gw_sample_result_make(&f->sample); /* at other addresses */
    write_sample(f);
    char *second = read_sample(f, &n_second);
    assert_int_equal(n_first, n_second);
    assert_memory_equal(first, second, n_first);
    free(first);
    free(second);
}

static void times_of_the_runs_never_reach_the_file(void **state)
{
    struct fixture *f = *state;
    size_t n_first, n_second;
    write_sample(f);
    char *first = read_sample(f, &n_first);
    struct gw_run_result *run = gw_sample_result_run(&f->sample, 0, 0);
    run->wall_s = 99;
    run->plan_s = 98;
    run->events = 97;
    write_sample(f);
    char *second = read_sample(f, &n_second);
    assert_int_equal(n_first, n_second);
    assert_memory_equal(first, second, n_first);
    free(first);
    free(second);
}

/* Not gw_file_write(): hundreds of flushes to the disk take their time. */
static void put_file(const char *path, const char *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* Reads `n` bytes as a result file; they must be refused with a sentence, and nothing be left to free. */
static void assert_refused(struct fixture *f, const char *bytes, size_t n, const char *sentence)
{
    put_file(f->path, bytes, n);
    struct gw_result_file file;
    struct gw_error err = {0};
    assert_int_equal(gw_result_file_read(f->path, &file, &err), GW_ERR_SYNTAX);
    assert_string_equal(err.where, f->path);
    if (strstr(err.why, sentence) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", err.why, sentence);
    }
    assert_null(file.arena.chunk);
}

static void a_file_cut_off_anywhere_is_refused(void **state)
{
    struct fixture *f = *state;
    write_sample(f);
    size_t n;
    char *bytes = read_sample(f, &n);
    for (size_t i = 1; i <= 60; i++) {
        assert_refused(f, bytes, n * i / 61, i * n / 61 < 8 ? "no result" : "cut off");
    }
    assert_refused(f, bytes, n - 1, "cut off");
    assert_refused(f, bytes, 0, "no result");
    free(bytes);
}

/* One bit, at places all over the file: FNV-1a sees any change of a single byte. */
static void a_file_with_one_bit_flipped_is_refused(void **state)
{
    struct fixture *f = *state;
    write_sample(f);
    size_t n;
    char *bytes = read_sample(f, &n);
    const size_t content = n - GW_SEAL_BYTES;
    for (size_t i = 0; i < 150; i++) {
        const size_t at = 8 + i * (content - 9) / 149;
        bytes[at] = (char)(bytes[at] ^ (1 << i % 8));
        assert_refused(f, bytes, n, "damaged or changed");
        bytes[at] = (char)(bytes[at] ^ (1 << i % 8));
    }
    free(bytes);
}

static void a_foreign_file_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char yaml[] = "geowatt: 1\n";
    assert_refused(f, yaml, sizeof yaml - 1, "is no result");
    static const char hdf5[] =
        "\x89HDF\r\n\x1a\n and then something else altogether, long enough to hold a seal";
    assert_refused(f, hdf5, sizeof hdf5 - 1, "does not end as a geowatt result ends");
}

static void a_missing_file_is_an_input_error(void **state)
{
    struct fixture *f = *state;
    struct gw_result_file file;
    struct gw_error err = {0};
    assert_int_equal(gw_result_file_read(f->path, &file, &err), GW_ERR_IO);
    assert_string_equal(err.where, f->path);
    assert_int_equal(gw_result_file_read(f->folder, &file, &err), GW_ERR_IO);
}

static void a_result_is_known_by_its_first_bytes(void **state)
{
    struct fixture *f = *state;
    assert_false(gw_result_file_is(f->path)); /* not there */
    put_file(f->path, "geowatt: 1\n", 11);
    assert_false(gw_result_file_is(f->path));
    put_file(f->path, "\x89HD", 3);
    assert_false(gw_result_file_is(f->path));
    write_sample(f);
    assert_true(gw_result_file_is(f->path));
}

static void columns_are_found_by_name(void **state)
{
    struct fixture *f = *state;
    write_sample(f);
    struct gw_result_file file;
    assert_int_equal(gw_result_file_read(f->path, &file, NULL), GW_OK);
    const struct gw_result_column *water = gw_result_file_score(&file, "water_l");
    assert_non_null(water);
    assert_string_equal(water->name, "water_l");
    assert_null(gw_result_file_score(&file, "water"));
    gw_result_file_fini(&file);
}

/* The system refuses to let the file grow beyond half of what is needed, as a full disk would. */
static void a_full_disk_leaves_nothing_behind_and_the_older_result_alone(void **state)
{
    struct fixture *f = *state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small = {.rlim_cur = 10000, .rlim_max = before.rlim_max};

    for (int with_older = 0; with_older <= 1; with_older++) {
        if (with_older) {
            put_file(f->path, "older", 5);
        }
        struct gw_error err = {0};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        const enum gw_status s = gw_result_file_write(f->path, &f->sample.result, &f->sample.facts, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(s, GW_ERR_OUTPUT);
        assert_string_equal(err.where, f->path);
        assert_int_equal(files_in(f->folder), with_older);
    }
    signal(SIGXFSZ, handler);
    size_t n;
    char *bytes = read_sample(f, &n);
    assert_int_equal(n, 5);
    assert_memory_equal(bytes, "older", 5);
    free(bytes);
}

static void a_folder_that_is_not_there_is_an_output_error(void **state)
{
    struct fixture *f = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/absent/result.h5", f->folder);
    struct gw_error err = {0};
    assert_int_equal(gw_result_file_write(path, &f->sample.result, &f->sample.facts, &err), GW_ERR_OUTPUT);
    assert_string_equal(err.where, path);
}

#define WITH_FOLDER(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(what_stands_beside_the_numbers_comes_back),
        WITH_FOLDER(embedded_files_come_back_byte_for_byte_others_by_name_and_checksum),
        WITH_FOLDER(equal_results_are_equal_bytes),
        WITH_FOLDER(times_of_the_runs_never_reach_the_file),
        WITH_FOLDER(a_file_cut_off_anywhere_is_refused),
        WITH_FOLDER(a_file_with_one_bit_flipped_is_refused),
        WITH_FOLDER(a_foreign_file_is_refused),
        WITH_FOLDER(a_missing_file_is_an_input_error),
        WITH_FOLDER(a_result_is_known_by_its_first_bytes),
        WITH_FOLDER(columns_are_found_by_name),
        WITH_FOLDER(a_full_disk_leaves_nothing_behind_and_the_older_result_alone),
        WITH_FOLDER(a_folder_that_is_not_there_is_an_output_error),
    };
    return cmocka_run_group_tests_name("result_file", tests, NULL, NULL);
}
