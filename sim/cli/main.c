/* The command. Results go to standard output or into files; progress, notes and errors to standard error. */
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/base/version.h"
#include "sim/cli/command.h"
#include "sim/cli/help.h"

static int unknown_command(const char *name)
{
    const char *names[64];
    size_t n = 0;
    for (const struct gw_command *c = gw_command_table; c->name != NULL && n < 64; c++) {
        names[n++] = c->name;
    }
    const char *nearest = gw_text_nearest(name, names, n);
    fprintf(stderr, "geowatt: there is no command \"%s\"%s; see geowatt --help\n", name,
            gw_text_hint(nearest).text);
    return gw_status_exit(GW_ERR_USAGE);
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

static int run_command(const struct gw_command *command, int argc, char **argv)
{
    if (wants_help(argc, argv)) {
        const struct gw_subject *subject = gw_command_subject(command, argv[0]);
        if (subject != NULL) {
            gw_help_subject(command, subject, stdout);
        } else {
            gw_help_command(command, stdout);
        }
        return 0;
    }
    struct gw_arguments arguments;
    const enum gw_status s = gw_command_parse(command, argc, argv, &arguments);
    int status = gw_status_exit(s);
    if (s == GW_OK) {
        status = arguments.subject != NULL ? arguments.subject->main(&arguments) : command->main(&arguments);
    }
    gw_command_arguments_fini(&arguments);
    return status;
}

/* A full disk or a closed pipe shows when the last bytes of standard output are written. */
static int close_stdout(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "geowatt: standard output could not be written\n");
        return gw_status_exit(GW_ERR_OUTPUT);
    }
    return status;
}

int main(int argc, char **argv)
{
    gsl_set_error_handler_off();
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is then a failed write, which gets a sentence */
    signal(SIGPIPE, SIG_IGN);

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        if (argc > 2 && gw_command_find(argv[2]) != NULL) {
            gw_help_command(gw_command_find(argv[2]), stdout);
        } else if (argc > 2 && argv[2][0] != '-') {
            return unknown_command(argv[2]);
        } else {
            gw_help_overview(argc < 2 ? stderr : stdout);
        }
        return close_stdout(argc < 2 ? gw_status_exit(GW_ERR_USAGE) : 0);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("geowatt %s (%s)\n", gw_version_number(), gw_version_commit());
        return close_stdout(0);
    }
    if (strcmp(argv[1], "--man") == 0) {
        gw_help_man(stdout);
        return close_stdout(0);
    }
    if (strcmp(argv[1], "--completion") == 0) {
        return close_stdout(gw_help_completion(argc > 2 ? argv[2] : "", stdout));
    }
    const struct gw_command *command = gw_command_find(argv[1]);
    return close_stdout(command != NULL ? run_command(command, argc - 2, argv + 2)
                                        : unknown_command(argv[1]));
}
