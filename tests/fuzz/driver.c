/* Replays a corpus without libFuzzer, so that every compiler runs the fuzz targets as ordinary tests: each
 * file as it is, cut short at many places, and with bytes changed. The same inputs on every run. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CUTS = 200, CHANGES = 400, LARGEST_BYTES = 1 << 20 };

/* A copy of exactly n bytes, so that a read beyond them is seen by the address sanitizer. */
static void try(const char *bytes, size_t n)
{
    uint8_t *copy = malloc(n > 0 ? n : 1);
    if (copy == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    if (n > 0) {
        memcpy(copy, bytes, n);
    }
    (void)LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * UINT32_C(1664525) + UINT32_C(1013904223); /* Numerical Recipes' generator */
    return *state >> 8;
}

static void try_variants(char *bytes, size_t n)
{
    try(bytes, n);

    const size_t stride = n / CUTS + 1;
    for (size_t cut = 0; cut < n; cut += stride) {
        try(bytes, cut);
    }

    /* what readers trip over: structure characters, digits, NUL, bytes that are no UTF-8 */
    static const char tricky[] = "\n\t ,:;-#\"'{}[]&*!|>.0e9\0\xff\xc3";
    uint32_t state = 1;
    for (int i = 0; i < CHANGES && n > 0; i++) {
        const size_t at = next_random(&state) % n;
        const char kept = bytes[at];
        bytes[at] = tricky[next_random(&state) % (sizeof tricky - 1)];
        try(bytes, n);
        bytes[at] = kept;
    }
}

static int try_file(const char *path)
{
    char *bytes;
    size_t n;
    struct gw_error err;
    if (gw_file_read(path, LARGEST_BYTES, &bytes, &n, &err) != GW_OK) {
        fprintf(stderr, "%s: %s\n", err.where, err.why);
        return 1;
    }
    try_variants(bytes, n);
    free(bytes);
    return 0;
}

/* usage: fuzz_x CORPUS_FOLDER */
int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
        return 2;
    }
    int files = 0, failed = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char path[1024];
        const int n = snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        failed |= n < 0 || (size_t)n >= sizeof path || try_file(path) != 0;
        files++;
    }
    closedir(folder);
    try("", 0);
    printf("%d files and their variants\n", files);
    return failed || files == 0;
}
