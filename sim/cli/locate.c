#include "sim/cli/locate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/text.h"

/* Where scenarios lie, seen from the program's folder: installed, in a bundle, in the build folder of the
 * sources. */
static const char *const folders[] = {"../share/geowatt/scenarios", "share/geowatt/scenarios",
                                      "../scenarios"};

static char *copy_of(const char *text)
{
    struct gw_text copy = {0};
    gw_text_add(&copy, text);
    return copy.failed ? NULL : copy.at;
}

/* The folder of the running program, without its last slash; empty when the system does not say. */
static size_t program_folder(char *out, size_t size)
{
    const ssize_t n = readlink("/proc/self/exe", out, size - 1);
    out[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(out, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    return strlen(out);
}

char *gw_locate_scenario(const char *name)
{
    char program[4096];
    if (access(name, F_OK) == 0 || program_folder(program, sizeof program) == 0) {
        return copy_of(name);
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        struct gw_text path = {0};
        gw_text_addf(&path, "%s/%s/%s.yaml", program, folders[i], name);
        if (!path.failed && access(path.at, R_OK) == 0) {
            return path.at;
        }
        gw_text_fini(&path);
    }
    return copy_of(name);
}
