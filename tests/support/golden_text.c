#include "tests/support/golden_text.h"

#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"

enum { BYTES_MAX = 1 << 24 };

/* Where two texts part: the number of the line, from 1, and where it starts. */
static size_t first_difference(const char *a, const char *b, const char **line_a, const char **line_b)
{
    size_t line = 1;
    *line_a = a;
    *line_b = b;
    for (; *a == *b && *a != '\0'; a++, b++) {
        if (*a == '\n') {
            line++;
            *line_a = a + 1;
            *line_b = b + 1;
        }
    }
    return line;
}

void gw_golden_text_compare(const char *path, const char *text)
{
    struct gw_error err;
    if (getenv("GEOWATT_UPDATE_GOLDEN") != NULL) {
        if (gw_file_write(path, text, strlen(text), &err) != GW_OK) {
            fail_msg("%s: %s", err.where, err.why);
        }
        return;
    }
    char *golden = NULL;
    size_t n;
    if (gw_file_read(path, BYTES_MAX, &golden, &n, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
        return;
    }
    if (strcmp(golden, text) != 0) {
        const char *is, *was;
        const size_t line = first_difference(text, golden, &is, &was);
        print_error("%s:%zu differs\n  is:  %.*s\n  was: %.*s\n", path, line, (int)strcspn(is, "\n"), is,
                    (int)strcspn(was, "\n"), was);
        free(golden);
        fail();
        return;
    }
    free(golden);
}
