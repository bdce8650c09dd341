#include "sim/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/array.h"

/* What the system says about an errno, into a buffer of our own: strerror() shares one between threads. */
struct reason {
    char text[120];
};

static struct reason reason_of(int number)
{
    struct reason r;
    if (strerror_r(number, r.text, sizeof r.text) != 0) {
        snprintf(r.text, sizeof r.text, "error %d", number);
    }
    return r;
}

static enum gw_status fail_read(const char *path, int number, struct gw_error *err)
{
    return gw_fail(err, GW_ERR_IO, path, "cannot be read: %s", reason_of(number).text);
}

static enum gw_status fail_output(const char *path, const char *what, int number, struct gw_error *err)
{
    return gw_fail(err, GW_ERR_OUTPUT, path, "%s: %s", what, reason_of(number).text);
}

static enum gw_status fail_memory(const char *path, struct gw_error *err)
{
    return gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
}

static enum gw_status fail_too_large(const char *path, size_t max_bytes, struct gw_error *err)
{
    return gw_fail(err, GW_ERR_IO, path, "has more than the %zu bytes that are read at most", max_bytes);
}

/* Everything up to the end of fd, which may also be a pipe; *bytes belongs to the caller even on failure. */
static enum gw_status read_all(int fd, const char *path, size_t hint, size_t max_bytes, char **bytes,
                               size_t *n, struct gw_error *err)
{
    void *at = NULL;
    size_t cap = 0, used = 0, want = hint + 1;
    for (;;) {
        const bool grown = gw_array_reserve(&at, &cap, want + 1, 1);
        *bytes = at;
        if (!grown) {
            return fail_memory(path, err);
        }
        const ssize_t got = read(fd, *bytes + used, want - used);
        if (got < 0 && errno != EINTR) {
            return fail_read(path, errno, err);
        }
        if (got == 0) {
            (*bytes)[used] = '\0';
            *n = used;
            return GW_OK;
        }
        used += got > 0 ? (size_t)got : 0;
        if (used > max_bytes) {
            return fail_too_large(path, max_bytes, err);
        }
        if (used == want) {
            want = cap - 1 > used ? cap - 1 : used + 65536;
        }
    }
}

enum gw_status gw_file_read(const char *path, size_t max_bytes, char **bytes, size_t *n, struct gw_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail_read(path, errno, err);
    }
    struct stat info;
    enum gw_status s = GW_OK;
    char *at = NULL;
    size_t used = 0;
    if (fstat(fd, &info) != 0) {
        s = fail_read(path, errno, err);
    } else if (S_ISDIR(info.st_mode)) {
        s = gw_fail(err, GW_ERR_IO, path, "is a folder, and a file is due here");
    } else if (S_ISREG(info.st_mode) && (uintmax_t)info.st_size > max_bytes) {
        s = fail_too_large(path, max_bytes, err);
    } else {
        const size_t hint = S_ISREG(info.st_mode) ? (size_t)info.st_size : 0;
        s = read_all(fd, path, hint, max_bytes, &at, &used, err);
    }
    close(fd);
    if (s != GW_OK) {
        free(at);
        return s;
    }
    *bytes = at;
    *n = used;
    return GW_OK;
}

/* a + b on the heap */
static char *joined(const char *a, size_t na, const char *b)
{
    const size_t nb = strlen(b);
    char *text = malloc(na + nb + 1);
    if (text != NULL) {
        memcpy(text, a, na);
        memcpy(text + na, b, nb + 1);
    }
    return text;
}

/* The process id keeps two processes that write the same result apart. */
char *gw_file_temp_name(const char *path)
{
    char suffix[40];
    snprintf(suffix, sizeof suffix, ".tmp-%ld", (long)getpid());
    return joined(path, strlen(path), suffix);
}

static bool sync_path(const char *path, int flags)
{
    const int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    /* EINVAL: a file system that has nothing to flush for this kind of file */
    const bool synced = fsync(fd) == 0 || errno == EINVAL;
    const int number = errno;
    const bool closed = close(fd) == 0;
    errno = synced ? errno : number;
    return synced && closed;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return joined(".", 1, "");
    }
    return joined(path, slash == path ? 1 : (size_t)(slash - path), "");
}

enum gw_status gw_file_commit(const char *temp, const char *path, struct gw_error *err)
{
    char *folder = folder_of(path);
    enum gw_status s = GW_OK;
    if (folder == NULL) {
        s = fail_memory(path, err);
    } else if (!sync_path(temp, O_RDONLY)) {
        s = fail_output(path, "cannot be flushed to the disk", errno, err);
    } else if (rename(temp, path) != 0) {
        s = fail_output(path, "cannot take its final name", errno, err);
    } else if (!sync_path(folder, O_RDONLY | O_DIRECTORY)) {
        s = fail_output(path, "folder cannot be flushed to the disk", errno, err);
    }
    if (s != GW_OK) {
        unlink(temp); /* already gone when only the folder failed */
    }
    free(folder);
    return s;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        const ssize_t put = write(fd, bytes + done, n - done);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        if (put == 0) {
            errno = ENOSPC;
            return false;
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return true;
}

static enum gw_status write_temp(const char *temp, const char *path, const char *bytes, size_t n,
                                 struct gw_error *err)
{
    const int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        return fail_output(path, "cannot be created", errno, err);
    }
    const bool written = write_all(fd, bytes, n);
    const int number = errno;
    const bool closed = close(fd) == 0;
    if (!written || !closed) {
        const int why = written ? errno : number;
        unlink(temp);
        return fail_output(path, "cannot be written", why, err);
    }
    return GW_OK;
}

enum gw_status gw_file_write(const char *path, const char *bytes, size_t n, struct gw_error *err)
{
    char *temp = gw_file_temp_name(path);
    if (temp == NULL) {
        return fail_memory(path, err);
    }
    enum gw_status s = write_temp(temp, path, bytes, n, err);
    if (s == GW_OK) {
        s = gw_file_commit(temp, path, err);
    }
    free(temp);
    return s;
}

static enum gw_status make_one_folder(const char *path, struct gw_error *err)
{
    if (mkdir(path, 0777) == 0) {
        return GW_OK;
    }
    const int number = errno;
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        return GW_OK;
    }
    return fail_output(path, "folder cannot be created", number, err);
}

enum gw_status gw_file_make_folder(const char *path, struct gw_error *err)
{
    char *part = joined(path, strlen(path), "");
    if (part == NULL) {
        return fail_memory(path, err);
    }
    enum gw_status s = GW_OK;
    for (char *p = part + strspn(part, "/"); s == GW_OK && *p != '\0';) {
        p += strcspn(p, "/");
        const char end = *p;
        *p = '\0';
        s = make_one_folder(part, err);
        *p = end;
        p += strspn(p, "/");
    }
    free(part);
    return s;
}

enum gw_status gw_file_check_folder(const char *path, struct gw_error *err)
{
    if (path[0] == '\0') {
        return gw_fail(err, GW_ERR_OUTPUT, "\"\"", "a folder needs a name");
    }
    char *there = joined(path, strlen(path), ""); /* the part of the path that exists */
    enum gw_status s = there != NULL ? GW_OK : fail_memory(path, err);
    struct stat info;
    while (s == GW_OK && stat(there, &info) != 0) {
        char *above = errno == ENOENT ? folder_of(there) : NULL;
        if (above == NULL) {
            s = errno == ENOENT ? fail_memory(path, err)
                                : fail_output(path, "folder cannot be created", errno, err);
        } else {
            free(there);
            there = above;
        }
    }
    if (s == GW_OK && !S_ISDIR(info.st_mode)) {
        s = fail_output(there, "folder cannot be created", ENOTDIR, err);
    } else if (s == GW_OK && access(there, W_OK | X_OK) != 0) {
        s = fail_output(there, "files cannot be created in this folder", errno, err);
    }
    free(there);
    return s;
}

char *gw_file_resolve(const char *base, const char *relative)
{
    const char *slash = strrchr(base, '/');
    if (relative[0] == '/' || slash == NULL) {
        return joined(relative, strlen(relative), "");
    }
    return joined(base, (size_t)(slash - base) + 1, relative);
}
