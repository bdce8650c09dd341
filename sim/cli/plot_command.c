#include "sim/cli/plot_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/cli/command.h"
#include "sim/cli/figures.h"

/* "out/a/result.h5" -> "out/a/figures" */
static void default_folder(const char *result, struct gw_text *out)
{
    const char *slash = strrchr(result, '/');
    gw_text_add_n(out, result, slash != NULL ? (size_t)(slash - result) + 1 : 0);
    gw_text_add(out, "figures");
}

int gw_plot_command(const struct gw_arguments *arguments)
{
    if (gw_command_value(arguments, "--list") != NULL) {
        gw_figures_list(stdout);
        return 0;
    }
    if (arguments->n_operands == 0) {
        fprintf(stderr, "geowatt plot: which result? usage: geowatt plot RESULT\n");
        return gw_status_exit(GW_ERR_USAGE);
    }
    const char **figure = gw_command_values(arguments, "--figures", true);
    const char **format = gw_command_values(arguments, "--format", true);
    struct gw_text folder = {0};
    if (gw_command_value(arguments, "--output") != NULL) {
        gw_text_add(&folder, gw_command_value(arguments, "--output"));
    } else {
        default_folder(arguments->operand[0], &folder);
    }
    int status = gw_status_exit(GW_ERR_NOMEM);
    if (figure != NULL && format != NULL && !folder.failed) {
        status = gw_figures_draw(arguments->operand[0], figure, folder.at, format);
    }
    free(figure);
    free(format);
    gw_text_fini(&folder);
    return status;
}
