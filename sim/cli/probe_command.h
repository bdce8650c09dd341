/* sim/cli/probe_command.h - `geowatt probe`: one model asked directly. Each subject is a file
 * probe_<subject>.c with its options, a row in probe_command.c, and what all of them need stands here. */
#ifndef GW_SIM_CLI_PROBE_COMMAND_H
#define GW_SIM_CLI_PROBE_COMMAND_H

#include "sim/cli/command.h"
#include "sim/tree/tree.h"

extern const struct gw_subject *const gw_probe_command_subjects[]; /* ended by NULL */
extern const struct gw_subject gw_probe_serving, gw_probe_power, gw_probe_network, gw_probe_cooling,
    gw_probe_supply, gw_probe_workload, gw_probe_grid, gw_probe_weather, gw_probe_training,
    gw_probe_federation;

enum { GW_PROBE_VALUES_MAX = 64 }; /* of one option */

/* An asked question: the command line, the catalogue, and memory that lives as long as the answer. */
struct gw_question {
    const struct gw_arguments *arguments;
    struct gw_tree catalogue;
    struct gw_arena arena;
    bool csv;
};

/* Opens the catalogue, calls `answer`, closes it. Returns the exit status. */
int gw_probe_command_ask(const struct gw_arguments *arguments, int (*answer)(struct gw_question *q));

const char *gw_probe_command_given(const struct gw_question *q, const char *option, const char *otherwise);

/* A catalogue entry by name; prints the sentence and returns NULL when there is none. */
const void *gw_probe_command_entry(struct gw_question *q, const char *kind, const char *name);

/* The values of an option such as "--dry-bulb 10C,20C,30C", or of `otherwise` when it was not given, each
 * read in `unit` and within [min, max]. Returns how many, 0 after printing a sentence. */
size_t gw_probe_command_numbers(const struct gw_question *q, const char *option, const char *unit,
                                const char *otherwise, double min, double max,
                                double value[GW_PROBE_VALUES_MAX]);

/* The same for exactly one value. */
GW_MUST_USE bool gw_probe_command_number(const struct gw_question *q, const char *option, const char *unit,
                                         const char *otherwise, double min, double max, double *value);

#endif
