#include "sim/cli/cite_command.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/command.h"
#include "sim/cli/locate.h"
#include "sim/cli/terminal.h"
#include "sim/run/cite.h"

static int print_works(const struct gw_scenario *sc)
{
    struct gw_arena arena = {0};
    const char *const *line;
    uint32_t n;
    const bool good = gw_cite_list(sc, &line, &n, &arena);
    for (uint32_t i = 0; good && i < n; i++) {
        printf("%s\n", line[i]);
    }
    gw_arena_fini(&arena);
    return good ? 0 : gw_status_exit(GW_ERR_NOMEM);
}

int gw_cite_command(const struct gw_arguments *arguments)
{
    char *path = gw_locate_scenario(arguments->operand[0]);
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    int status = gw_status_exit(GW_ERR_NOMEM);
    if (path != NULL && gw_scenario_load(path, NULL, &sc, &errs) != GW_OK) {
        status = gw_terminal_errors(&errs);
    } else if (path != NULL) {
        status = print_works(&sc);
        gw_scenario_fini(&sc);
    }
    free(path);
    return status;
}
