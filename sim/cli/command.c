#include "sim/cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/base/text.h"
#include "sim/cli/bench_command.h"
#include "sim/cli/check_command.h"
#include "sim/cli/cite_command.h"
#include "sim/cli/compare_command.h"
#include "sim/cli/explain_command.h"
#include "sim/cli/list_command.h"
#include "sim/cli/new_command.h"
#include "sim/cli/plot_command.h"
#include "sim/cli/probe_command.h"
#include "sim/cli/run_command.h"
#include "sim/cli/trace_command.h"
#include "sim/cli/validate_command.h"

#define SET_OPTION                                                                                           \
    {                                                                                                        \
        "--set", NULL, "KEY=VALUE",                                                                          \
            "Change a key of the scenario, as sites[oregon].pools[0].count=12; repeatable"                   \
    }
#define POLICY_OPTION                                                                                        \
    {                                                                                                        \
        "--policy", NULL, "NAMES", "Only these policies, separated by commas"                                \
    }
#define SEED_OPTION                                                                                          \
    {                                                                                                        \
        "--seed", NULL, "N", "Another seed"                                                                  \
    }
#define JSON_OPTION                                                                                          \
    {                                                                                                        \
        "--json", NULL, NULL, "Print JSON"                                                                   \
    }
#define CSV_OPTION                                                                                           \
    {                                                                                                        \
        "--csv", NULL, NULL, "Print comma-separated values"                                                  \
    }

static const struct gw_option run_options[] = {
    {"--output", "-o", "FOLDER",
     "Write result.h5, scores.csv, timing.json, scenario.resolved.yaml and figures there"},
    SET_OPTION,
    POLICY_OPTION,
    SEED_OPTION,
    {"--threads", "-j", "N", "Threads; the results do not depend on it (default: one per core)"},
    {"--quiet", "-q", NULL, "Print neither table nor progress"},
    JSON_OPTION,
    CSV_OPTION,
    {0},
};
static const struct gw_option check_options[] = {
    SET_OPTION, {"--quiet", "-q", NULL, "Print errors only"}, JSON_OPTION, {0}};
static const struct gw_option explain_options[] = {
    {"--markdown", NULL, NULL, "Print all keys as the page docs/reference/scenario.md"},
    {"--yaml", NULL, NULL, "Print all keys as scenarios/explained.yaml"},
    {0},
};
static const struct gw_option list_options[] = {{"--quiet", "-q", NULL, "Names only"}, JSON_OPTION, {0}};
static const struct gw_option new_options[] = {{"--output", "-o", "FILE", "Write there instead of NAME.yaml"},
                                               {0}};
static const struct gw_option probe_options[] = {CSV_OPTION, {0}};
static const struct gw_option trace_options[] = {
    {"--output", "-o", "FILE", "import, generate: where the series go; HDF5 when the name ends in .h5"},
    {"--area", NULL, "NAME", "The zone, balancing authority or node to take, when the file holds several"},
    {"--clock", NULL, "ZONE",
     "The clock of times without a zone, as UTC, +05:30 or Europe/Berlin; also where noon is looked for"},
    {"--unit", NULL, "UNIT", "Of columns that name none: g/kWh, kg/kWh, lb/MWh, EUR/MWh, MW, ..."},
    {"--longest-gap", NULL, "HOURS", "The longest gap that is filled (default 48)"},
    {"--format", NULL, "NAME",
     "Of a request trace: azure, burstgpt, splitwise, mooncake, servegen or generic (default: by its names)"},
    {"--year", NULL, "YEAR", "generate: the calendar year (default 2023)"},
    {"--seed", NULL, "N", "generate: the seed (default 42)"},
    {"--five-minutes", NULL, NULL, "generate: five-minute steps instead of hours"},
    {"--bad-rows", NULL, "POLICY",
     "Of a request trace: strict stops at the first (default), skip counts them"},
    {0},
};
static const struct gw_option bench_options[] = {
    {"--repeat", NULL, "N", "Repeats of each; the best counts (default 5)"},
    {0},
};
static const struct gw_option validate_options[] = {
    {"--data", NULL, "FOLDER",
     "Folder with the public files that some rows need (default: GEOWATT_REFERENCE_DATA; see "
     "traces/README.md)"},
    {"--all", "-a", NULL, "Also the single rows of a criterion that hold"},
    {"--output", "-o", "FOLDER", "Also write SUBJECT.csv and the figure SUBJECT.svg, .pdf and .png there"},
    CSV_OPTION,
    {0},
};
static const struct gw_option plot_options[] = {
    {"--output", "-o", "FOLDER", "Where the figures go (default: figures beside the result)"},
    {"--figures", NULL, "NAMES", "Which, separated by commas (default: those of the scenario)"},
    {"--format", NULL, "NAMES", "svg, pdf, png, separated by commas (default: all)"},
    {"--list", NULL, NULL, "The figures there are"},
    {0},
};
static const struct gw_option compare_options[] = {
    {"--same", NULL, NULL, "Exit 1 unless every score is the same within the tolerance"},
    {"--tolerance", NULL, "FRACTION", "Relative tolerance of --same (default 1e-9)"},
    CSV_OPTION,
    {0},
};

const struct gw_command gw_command_table[] = {
    {"run", "Run a scenario and print its scores", "FILE",
     "FILE is a scenario (YAML), a result.h5 to be repeated, or the name of a scenario that came with "
     "geowatt "
     "(teaching/NAME). Prints one row per policy. With -o everything is also written to a folder; files "
     "appear whole or "
     "not at all.",
     "geowatt run scenarios/quickstart.yaml -o out/quickstart", run_options, 1, 1, gw_run_command, NULL},
    {"check", "Read a scenario, report every mistake, and say what it can show", "FILE",
     "Reports up to 20 mistakes at once. For a good scenario: fleet, demand, peak utilisation of each site, "
     "and the share "
     "of carbon, water and cost that routing can move at all.",
     "geowatt check scenarios/quickstart.yaml", check_options, 1, 1, gw_check_command, NULL},
    {"explain", "Say what a key of the scenario means", "[KEY]",
     "KEY is a path such as sites.cooling or time.epoch. Without one: the sections.",
     "geowatt explain time.epoch", explain_options, 0, 1, gw_explain_command, NULL},
    {"list", "List what can be named in a scenario", "[KIND]",
     "KIND is policies, slots, orders, scores, accounts, tables, figures, or a kind of the catalogue: "
     "accelerators, nodes, "
     "llms, engines, "
     "regions, places, lengths, shapes. Without one: the kinds.",
     "geowatt list policies", list_options, 0, 1, gw_list_command, NULL},
    {"new", "Write a commented scenario to start from", "NAME",
     "Writes NAME.yaml; an existing file is left alone.", "geowatt new my-study", new_options, 1, 1,
     gw_new_command, NULL},
    {"probe", "Ask one model directly, without a scenario", "MODEL",
     "Prints every intermediate quantity. geowatt probe MODEL --help says what a model takes.",
     "geowatt probe serving --llm llama-3.1-70b --node h100x8 --tp 4 --batch 1,8,64,256 --context 700",
     probe_options, 1, 1, NULL, gw_probe_command_subjects},
    {"plot", "Draw figures from a result", "RESULT", "Reads result.h5; never runs anything.",
     "geowatt plot out/quickstart/result.h5 --figures scores", plot_options, 0, 1, gw_plot_command, NULL},
    {"compare", "Compare the scores of two results", "RESULT RESULT",
     "Prints the relative difference of every score. Exit status 1 when --same does not hold or a row is not "
     "comparable.",
     "geowatt compare out/a/result.h5 out/b/result.h5 --same", compare_options, 2, 2, gw_compare_command,
     NULL},
    {"cite", "List the works behind the numbers a scenario or result uses", "FILE",
     "One line per work: its key in the catalogue and how to cite it; then the policies' own references.",
     "geowatt cite scenarios/quickstart.yaml", NULL, 1, 1, gw_cite_command, NULL},
    {"trace", "Look into other people's data, import it, or generate a year of a grid", "VERB FILE",
     "VERB is inspect, import or generate. Inspect and import recognise the formats of "
     "docs/models/grid-traces.md by their headers, check times, units and values, repair what they can, and "
     "say what they did; inspect takes request traces, too (docs/models/request-traces.md). Import writes a "
     "file for a scenario's grid. Generate makes one for a region, named in place of the file. Exit status "
     "2 for data that cannot be repaired.",
     "geowatt trace inspect traces/samples/electricity-maps.csv", trace_options, 2, 2, gw_trace_command,
     NULL},
    {"validate", "Hold the models against published measurements", "[SUBJECT...]",
     "One row per check: what was published, what geowatt computes, what is allowed. Only predicted rows, "
     "whose numbers "
     "chose none of our coefficients, prove that a model is right; rows that need public files which are not "
     "there are "
     "skipped and say so. Exit status 1 when a criterion is missed. Without SUBJECT: the subjects.",
     "geowatt validate network", validate_options, 0, 16, gw_validate_command, NULL},
    {"bench", "Measure the speed budgets on this machine", "[TEXT]",
     "Prints CSV: name, value, unit, budget, ratio (1 and more meets the budget), repeats, peak memory. TEXT "
     "selects the "
     "benchmarks whose name contains it. Exit status 1 when a budget is missed.",
     "geowatt bench event", bench_options, 0, 1, gw_bench_command, NULL},
    {0},
};

const struct gw_command *gw_command_find(const char *name)
{
    for (const struct gw_command *c = gw_command_table; c->name != NULL; c++) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

const struct gw_subject *gw_command_subject(const struct gw_command *command, const char *name)
{
    for (const struct gw_subject *const *at = command->subjects; at != NULL && *at != NULL; at++) {
        if (strcmp((*at)->name, name) == 0) {
            return *at;
        }
    }
    return NULL;
}

static const struct gw_option *find_in(const struct gw_option *options, const char *text, size_t n)
{
    for (const struct gw_option *o = options; o != NULL && o->name != NULL; o++) {
        if ((strncmp(o->name, text, n) == 0 && o->name[n] == '\0') ||
            (o->brief != NULL && strncmp(o->brief, text, n) == 0 && o->brief[n] == '\0')) {
            return o;
        }
    }
    return NULL;
}

static const struct gw_option *find_option(const struct gw_arguments *a, const char *text, size_t n)
{
    const struct gw_option *own = a->subject != NULL ? find_in(a->subject->options, text, n) : NULL;
    return own != NULL ? own : find_in(a->command->options, text, n);
}

static size_t add_names(const struct gw_option *options, const char **names, size_t n, size_t room)
{
    for (const struct gw_option *o = options; o != NULL && o->name != NULL && n < room; o++) {
        names[n++] = o->name;
    }
    return n;
}

static enum gw_status unknown_option(const struct gw_arguments *a, const char *text)
{
    const char *names[64];
    const char *subject = a->subject != NULL ? a->subject->name : "";
    size_t n = add_names(a->subject != NULL ? a->subject->options : NULL, names, 0, 64);
    n = add_names(a->command->options, names, n, 64);
    fprintf(stderr, "geowatt %s%s%s: there is no option \"%s\"%s; see geowatt %s%s%s --help\n",
            a->command->name, a->subject != NULL ? " " : "", subject, text,
            gw_text_hint(gw_text_nearest(text, names, n)).text, a->command->name,
            a->subject != NULL ? " " : "", subject);
    return GW_ERR_USAGE;
}

/* "--seed 7", "--seed=7", "-o out", "-j4"; *at moves over a value taken from the next word. */
static enum gw_status parse_option(int argc, char **argv, int *at, struct gw_arguments *out)
{
    const struct gw_command *command = out->command;
    const char *word = argv[*at];
    const char *equals = strchr(word, '=');
    const bool brief = word[1] != '-';
    size_t n = brief ? 2 : equals != NULL ? (size_t)(equals - word) : strlen(word);
    const struct gw_option *option = find_option(out, word, n);
    if (option == NULL) {
        return unknown_option(out, word);
    }
    const char *value = option->name;
    const bool attached = brief ? word[2] != '\0' : equals != NULL;
    if (option->value == NULL && attached) {
        fprintf(stderr, "geowatt %s: %s takes no value\n", command->name, option->name);
        return GW_ERR_USAGE;
    }
    if (option->value != NULL) {
        if (attached) {
            value = brief ? word + 2 : equals + 1;
        } else if (*at + 1 < argc) {
            value = argv[++*at];
        } else {
            fprintf(stderr, "geowatt %s: %s needs a value: %s %s\n", command->name, option->name,
                    option->name, option->value);
            return GW_ERR_USAGE;
        }
    }
    out->given[out->n_given++] = (struct gw_given){option, value};
    return GW_OK;
}

static enum gw_status check_operands(const struct gw_arguments *a)
{
    const struct gw_command *c = a->command;
    if (a->n_operands >= c->min_operands && a->n_operands <= c->max_operands) {
        return GW_OK;
    }
    fprintf(stderr, "geowatt %s: %s; usage: geowatt %s %s\n", c->name,
            a->n_operands < c->min_operands ? "something is missing" : "too many words", c->name,
            c->operands);
    return GW_ERR_USAGE;
}

/* The first word that is no option. */
static enum gw_status parse_subject(int argc, char **argv, struct gw_arguments *out)
{
    const struct gw_command *c = out->command;
    const char *word = NULL, *names[64];
    size_t n = 0;
    for (int i = 0; i < argc && word == NULL; i++) {
        word = argv[i][0] != '-' ? argv[i] : NULL;
    }
    for (; c->subjects[n] != NULL && n < 64; n++) {
        names[n] = c->subjects[n]->name;
    }
    if (word == NULL) {
        fprintf(stderr, "geowatt %s: %s is missing; see geowatt %s --help\n", c->name, c->operands, c->name);
        return GW_ERR_USAGE;
    }
    out->subject = gw_command_subject(c, word);
    if (out->subject == NULL) {
        fprintf(stderr, "geowatt %s: there is no \"%s\"%s; see geowatt %s --help\n", c->name, word,
                gw_text_hint(gw_text_nearest(word, names, n)).text, c->name);
        return GW_ERR_USAGE;
    }
    return GW_OK;
}

enum gw_status gw_command_parse(const struct gw_command *command, int argc, char **argv,
                                struct gw_arguments *out)
{
    *out = (struct gw_arguments){.command = command};
    out->operand = calloc((size_t)argc + 1, sizeof *out->operand);
    out->given = calloc((size_t)argc + 1, sizeof *out->given);
    if (out->operand == NULL || out->given == NULL) {
        fprintf(stderr, "geowatt: out of memory\n");
        return GW_ERR_NOMEM;
    }
    if (command->subjects != NULL) {
        const enum gw_status s = parse_subject(argc, argv, out);
        if (s != GW_OK) {
            return s;
        }
    }
    bool operands_only = false;
    for (int i = 0; i < argc; i++) {
        if (!operands_only && strcmp(argv[i], "--") == 0) {
            operands_only = true;
        } else if (!operands_only && argv[i][0] == '-' && argv[i][1] != '\0') {
            const enum gw_status s = parse_option(argc, argv, &i, out);
            if (s != GW_OK) {
                return s;
            }
        } else {
            out->operand[out->n_operands++] = argv[i];
        }
    }
    return check_operands(out);
}

void gw_command_arguments_fini(struct gw_arguments *self)
{
    free(self->operand);
    free(self->given);
    *self = (struct gw_arguments){0};
}

const char *gw_command_value(const struct gw_arguments *self, const char *option)
{
    const char *value = NULL;
    for (unsigned i = 0; i < self->n_given; i++) {
        if (strcmp(self->given[i].option->name, option) == 0) {
            value = self->given[i].value;
        }
    }
    return value;
}

/* Splits in place: the words of argv may be written to. */
static size_t split_commas(const char *value, const char **out)
{
    size_t n = 0;
    char *at = (char *)(uintptr_t)value;
    for (char *comma = strchr(at, ','); comma != NULL; comma = strchr(at, ',')) {
        *comma = '\0';
        out[n++] = at;
        at = comma + 1;
    }
    out[n++] = at;
    return n;
}

const char **gw_command_values(const struct gw_arguments *self, const char *option, bool split)
{
    size_t room = 1;
    for (unsigned i = 0; i < self->n_given; i++) {
        room += 1 + strlen(self->given[i].value);
    }
    const char **values = calloc(room, sizeof *values);
    size_t n = 0;
    for (unsigned i = 0; values != NULL && i < self->n_given; i++) {
        if (strcmp(self->given[i].option->name, option) == 0) {
            if (split) {
                n += split_commas(self->given[i].value, values + n);
            } else {
                values[n++] = self->given[i].value;
            }
        }
    }
    return values;
}

bool gw_command_number(const struct gw_arguments *self, const char *option, long long min, long long max,
                       long long otherwise, long long *out)
{
    const char *text = gw_command_value(self, option);
    int64_t x = otherwise;
    if (text != NULL && (!gw_number_parse_int(text, &x) || x < min || x > max)) {
        fprintf(stderr, "geowatt %s: %s takes a whole number from %lld to %lld, not \"%s\"\n",
                self->command->name, option, min, max, text);
        return false;
    }
    *out = x;
    return true;
}
