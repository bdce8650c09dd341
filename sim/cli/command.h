/* sim/cli/command.h - the commands of `geowatt` and their options, as tables.
 *
 * From them come parsing, `--help`, the man page and shell completions (help.h). A command is one file with
 * one function; to add one: the file, a row in command.c. */
#ifndef GW_SIM_CLI_COMMAND_H
#define GW_SIM_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/status.h"

struct gw_option {
    const char *name;  /* "--set"; NULL ends a table */
    const char *brief; /* "-o", or NULL */
    const char *value; /* what follows, "KEY=VALUE"; NULL for a switch */
    const char *doc;
};

struct gw_arguments;

/* What a command is asked about, as its first word: `geowatt probe serving`. */
struct gw_subject {
    const char *name, *summary;
    const char *example;
    const struct gw_option *options; /* beside the command's own; NULL for none */
    int (*main)(const struct gw_arguments *arguments);
};

struct gw_command {
    const char *name, *summary;
    const char *operands;            /* "FILE", "[KIND]"; "" for none */
    const char *about;               /* a paragraph for --help and the man page */
    const char *example;             /* a line that works as it stands in the source tree */
    const struct gw_option *options; /* beside --help; NULL for none */
    unsigned min_operands, max_operands;
    int (*main)(const struct gw_arguments *arguments); /* the exit status; NULL when there are subjects */
    const struct gw_subject *const *subjects;          /* ended by NULL; NULL for none */
};

extern const struct gw_command gw_command_table[]; /* ended by a NULL name */

/* NULL when unknown. */
const struct gw_command *gw_command_find(const char *name);
const struct gw_subject *gw_command_subject(const struct gw_command *command, const char *name);

/* What stood on the command line behind the command's name. */
struct gw_arguments {
    const struct gw_command *command;
    const struct gw_subject *subject; /* NULL when the command has none */
    const char **operand;             /* ended by NULL */
    unsigned n_operands;
    struct gw_given {
        const struct gw_option *option;
        const char *value;
    } * given;
    unsigned n_given;
};

/* Prints a sentence and the nearest known option when something is wrong. */
GW_MUST_USE enum gw_status gw_command_parse(const struct gw_command *command, int argc, char **argv,
                                            struct gw_arguments *out);
void gw_command_arguments_fini(struct gw_arguments *self);

/* The last value given for an option, NULL when it was not. For a switch: its own name. */
const char *gw_command_value(const struct gw_arguments *self, const char *option);

/* Every value given for an option, in order, ended by NULL; the caller frees the array. Commas separate
 * values when `split`. NULL when memory is out. */
const char **gw_command_values(const struct gw_arguments *self, const char *option, bool split);

/* A whole number of an option, or `otherwise` when it was not given; prints a sentence and returns false when
 * it is no number in [min, max]. */
GW_MUST_USE bool gw_command_number(const struct gw_arguments *self, const char *option, long long min,
                                   long long max, long long otherwise, long long *out);

#endif
