/* Whole files in and out: refusals are sentences, and a failed write leaves neither target nor temporary
 * behind. */
#include "tests/support/near.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "tests/support/failing_malloc.h"

enum { PATH_SIZE = 200 };

/* A folder of this test's own; its names are joined into the caller's buffers. */
static char folder[PATH_SIZE / 2];

static const char *path_in_folder(char out[PATH_SIZE], const char *name)
{
    snprintf(out, PATH_SIZE, "%s/%s", folder, name);
    return out;
}

static int make_own_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/gw_test_file_XXXXXX",
             base != NULL && strlen(base) < 60 ? base : "/tmp");
    return mkdtemp(folder) == NULL;
}

static void remove_tree(const char *path)
{
    DIR *dir = opendir(path);
    if (dir != NULL) {
        for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
                char inner[2 * PATH_SIZE];
                snprintf(inner, sizeof inner, "%.180s/%.180s", path, entry->d_name);
                remove_tree(inner);
            }
        }
        closedir(dir);
    }
    remove(path);
}

static int remove_own_folder(void **state)
{
    (void)state;
    remove_tree(folder);
    return 0;
}

static size_t names_in_folder(void)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        n += entry->d_name[0] != '.';
    }
    closedir(dir);
    return n;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    path_in_folder(path, "a.bin");
    struct gw_error err;
    assert_int_equal(gw_file_write(path, "one\0two", 7, &err), GW_OK);
    assert_int_equal(names_in_folder(), 1); /* no temporary is left */

    char *bytes = NULL;
    size_t n = 0;
    assert_int_equal(gw_file_read(path, 7, &bytes, &n, &err), GW_OK);
    assert_int_equal(n, 7);
    assert_memory_equal(bytes, "one\0two", 8); /* with a NUL behind */
    free(bytes);

    assert_int_equal(gw_file_write(path, "", 0, &err), GW_OK); /* replaces */
    assert_int_equal(gw_file_read(path, 0, &bytes, &n, &err), GW_OK);
    assert_int_equal(n, 0);
    assert_string_equal(bytes, "");
    free(bytes);
    remove(path);
}

static void large_files_and_pipes_are_read_whole(void **state)
{
    (void)state;
    enum { SIZE = 300000 };
    char path[PATH_SIZE];
    path_in_folder(path, "fifo");
    char *sent = malloc(SIZE);
    assert_non_null(sent);
    for (size_t i = 0; i < SIZE; i++) {
        sent[i] = (char)(i % 251);
    }
    assert_int_equal(mkfifo(path, 0600), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const int fd = open(path, O_WRONLY);
        for (size_t done = 0; done < SIZE;) {
            const ssize_t put = write(fd, sent + done, SIZE - done);
            done += put > 0 ? (size_t)put : 0;
        }
        _exit(0);
    }
    char *bytes = NULL;
    size_t n = 0;
    assert_int_equal(gw_file_read(path, SIZE, &bytes, &n, NULL), GW_OK);
    assert_int_equal(n, SIZE);
    assert_memory_equal(bytes, sent, SIZE);
    free(bytes);
    free(sent);
    remove(path);
}

static void what_cannot_be_read_is_refused_with_a_sentence(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    char *bytes = NULL;
    size_t n = 99;
    struct gw_error err;

    path_in_folder(path, "missing");
    assert_int_equal(gw_file_read(path, 100, &bytes, &n, &err), GW_ERR_IO);
    assert_string_equal(err.where, path);
    assert_non_null(strstr(err.why, "cannot be read: No such file"));

    assert_int_equal(gw_file_read(folder, 100, &bytes, &n, &err), GW_ERR_IO);
    assert_string_equal(err.why, "is a folder, and a file is due here");

    path_in_folder(path, "long");
    assert_int_equal(gw_file_write(path, "0123456789", 10, NULL), GW_OK);
    assert_int_equal(gw_file_read(path, 9, &bytes, &n, &err), GW_ERR_IO);
    assert_string_equal(err.why, "has more than the 9 bytes that are read at most");
    remove(path);

    /* a file whose size nobody knows beforehand */
    assert_int_equal(gw_file_read("/dev/zero", 100000, &bytes, &n, &err), GW_ERR_IO);
    assert_string_equal(err.why, "has more than the 100000 bytes that are read at most");

    assert_null(bytes);
    assert_int_equal(n, 99);
}

static void a_write_without_a_folder_is_refused(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    path_in_folder(path, "nowhere/a.txt");
    struct gw_error err;
    assert_int_equal(gw_file_write(path, "x", 1, &err), GW_ERR_OUTPUT);
    assert_string_equal(err.where, path);
    assert_non_null(strstr(err.why, "cannot be created: No such file"));
}

/* A limit on the size of files acts like a full disk: a short write first, then an error. */
static void a_full_disk_leaves_the_old_file_and_no_temporary(void **state)
{
    (void)state;
    enum { LIMIT = 4096 };
    char path[PATH_SIZE];
    path_in_folder(path, "kept");
    assert_int_equal(gw_file_write(path, "old", 3, NULL), GW_OK);

    char *big = calloc(1, 3 * LIMIT);
    assert_non_null(big);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {LIMIT, before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    struct gw_error err;
    const enum gw_status s = gw_file_write(path, big, 3 * LIMIT, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    free(big);

    assert_int_equal(s, GW_ERR_OUTPUT);
    assert_non_null(strstr(err.why, "cannot be written: "));
    assert_int_equal(names_in_folder(), 1);
    char *bytes;
    size_t n;
    assert_int_equal(gw_file_read(path, 100, &bytes, &n, NULL), GW_OK);
    assert_string_equal(bytes, "old");
    free(bytes);
    remove(path);
}

static void a_name_that_cannot_be_taken_leaves_no_temporary(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    path_in_folder(path, "is-folder");
    assert_int_equal(mkdir(path, 0700), 0);
    struct gw_error err;
    assert_int_equal(gw_file_write(path, "x", 1, &err), GW_ERR_OUTPUT);
    assert_non_null(strstr(err.why, "cannot take its final name: "));
    assert_int_equal(names_in_folder(), 1);
    remove(path);

    char *temp = gw_file_temp_name(path);
    assert_non_null(temp);
    assert_int_equal(gw_file_commit(temp, path, &err), GW_ERR_OUTPUT); /* there is none */
    assert_non_null(strstr(err.why, "cannot be flushed to the disk: "));
    free(temp);
}

static void a_file_of_the_current_folder_needs_no_path(void **state)
{
    (void)state;
    char before[1000];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder), 0);
    const enum gw_status s = gw_file_write("here", "x", 1, NULL);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(s, GW_OK);
    char path[PATH_SIZE];
    assert_int_equal(remove(path_in_folder(path, "here")), 0);
}

static void a_temporary_lies_beside_its_target(void **state)
{
    (void)state;
    char *temp = gw_file_temp_name("out/result.h5");
    assert_non_null(temp);
    assert_memory_equal(temp, "out/result.h5.", 14);
    free(temp);
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    char path[PATH_SIZE], inner[PATH_SIZE];
    struct stat info;
    struct gw_error err;
    path_in_folder(path, "a");
    path_in_folder(inner, "a//b/c/");
    assert_int_equal(gw_file_make_folder(inner, &err), GW_OK);
    assert_int_equal(stat(inner, &info), 0);
    assert_true(S_ISDIR(info.st_mode));
    assert_int_equal(gw_file_make_folder(inner, &err), GW_OK); /* again is fine */
    remove_tree(path);

    assert_int_equal(gw_file_write(path, "x", 1, NULL), GW_OK);
    path_in_folder(inner, "a/b");
    assert_int_equal(gw_file_make_folder(inner, &err), GW_ERR_OUTPUT);
    assert_string_equal(err.where, path);
    remove(path);
}

/* Nothing is created, and what stands in the way is named. */
static void a_folder_can_be_checked_before_it_is_made(void **state)
{
    (void)state;
    char below[400], file[300];
    snprintf(below, sizeof below, "%s/not/yet/there", folder);
    snprintf(file, sizeof file, "%s/a-file", folder);
    struct gw_error err;
    assert_int_equal(gw_file_check_folder(folder, &err), GW_OK);
    assert_int_equal(gw_file_check_folder(below, &err), GW_OK);
    assert_int_equal(gw_file_check_folder("here", &err), GW_OK);
    assert_int_equal(names_in_folder(), 0);

    assert_int_equal(gw_file_write(file, "x", 1, &err), GW_OK);
    assert_int_equal(gw_file_check_folder(file, &err), GW_ERR_OUTPUT);
    assert_string_equal(err.where, file);
    snprintf(below, sizeof below, "%s/below", file);
    assert_int_equal(gw_file_check_folder(below, &err), GW_ERR_OUTPUT);
    assert_string_equal(err.where, below);
    assert_string_equal(err.why, "folder cannot be created: Not a directory");
    assert_int_equal(gw_file_check_folder("", &err), GW_ERR_OUTPUT);
    assert_string_equal(err.why, "a folder needs a name");
    remove(file);
}

static void names_are_resolved_against_the_file_that_holds_them(void **state)
{
    (void)state;
    static const struct {
        const char *base, *relative, *resolved;
    } cases[] = {
        {"scenarios/a.yaml", "trace.csv", "scenarios/trace.csv"},
        {"scenarios/a.yaml", "../traces/t.csv", "scenarios/../traces/t.csv"},
        {"a.yaml", "trace.csv", "trace.csv"},
        {"scenarios/a.yaml", "/data/t.csv", "/data/t.csv"},
        {"/a.yaml", "t.csv", "/t.csv"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *resolved = gw_file_resolve(cases[i].base, cases[i].relative);
        assert_non_null(resolved);
        assert_string_equal(resolved, cases[i].resolved);
        free(resolved);
    }
}

static void out_of_memory_is_reported(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    path_in_folder(path, "memory");
    assert_int_equal(gw_file_write(path, "old", 3, NULL), GW_OK);
    for (size_t n = 1;; n++) {
        gw_failing_malloc_arm(n);
        char *bytes = NULL;
        size_t size = 0;
        const enum gw_status written = gw_file_write(path, "new", 3, NULL);
        const enum gw_status read = gw_file_read(path, 100, &bytes, &size, NULL);
        const enum gw_status made = gw_file_make_folder(folder, NULL);
        const enum gw_status checked = gw_file_check_folder(folder, NULL);
        char *temp = gw_file_temp_name("a"), *resolved = gw_file_resolve("a/b", "c");
        const int refused = (written == GW_ERR_NOMEM) + (read == GW_ERR_NOMEM) + (made == GW_ERR_NOMEM) +
                            (checked == GW_ERR_NOMEM) + (temp == NULL) + (resolved == NULL);
        const bool failed = gw_failing_malloc_disarm();
        assert_int_equal(refused, failed);
        assert_int_equal(names_in_folder(), 1);
        free(bytes);
        free(temp);
        free(resolved);
        if (!failed) {
            break;
        }
    }
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(large_files_and_pipes_are_read_whole),
        cmocka_unit_test(what_cannot_be_read_is_refused_with_a_sentence),
        cmocka_unit_test(a_write_without_a_folder_is_refused),
        cmocka_unit_test(a_full_disk_leaves_the_old_file_and_no_temporary),
        cmocka_unit_test(a_name_that_cannot_be_taken_leaves_no_temporary),
        cmocka_unit_test(a_file_of_the_current_folder_needs_no_path),
        cmocka_unit_test(a_temporary_lies_beside_its_target),
        cmocka_unit_test(folders_are_made_with_their_parents),
        cmocka_unit_test(a_folder_can_be_checked_before_it_is_made),
        cmocka_unit_test(names_are_resolved_against_the_file_that_holds_them),
        cmocka_unit_test(out_of_memory_is_reported),
    };
    return cmocka_run_group_tests_name("file", tests, make_own_folder, remove_own_folder);
}
