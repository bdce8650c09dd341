#include "sim/cli/help.h"

#include <string.h>

#include "sim/base/text.h"
#include "sim/base/version.h"
#include "sim/cli/command.h"

enum { COLUMNS = 80 };

static const struct gw_option help_option[] = {{"--help", "-h", NULL, "Print this page"}, {0}};

static const struct {
    int status;
    const char *meaning;
} exits[] = {
    {0, "good"},
    {1, "a comparison or validation missed"},
    {2, "wrong use or bad input; nothing was written"},
    {3, "some of the runs failed, the others are in the result"},
    {70, "a bug of geowatt; the line says how to repeat it"},
    {74, "the output could not be written"},
    {75, "interrupted; run again"},
};

/* Words of `text` in lines of at most COLUMNS, each behind `indent` blanks; the first line starts at column
 * `at`. */
static void wrap(FILE *to, const char *text, size_t indent, size_t at)
{
    size_t column = at;
    for (const char *word = text; *word != '\0';) {
        const size_t n = strcspn(word, " ");
        char copy[200];
        snprintf(copy, sizeof copy, "%.*s", (int)n, word);
        const size_t width = gw_text_columns(copy);
        if (column + 1 + width > COLUMNS && column > indent) {
            fprintf(to, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', to);
            column++;
        }
        while (column < indent) {
            fputc(' ', to);
            column++;
        }
        fputs(copy, to);
        column += width;
        word += n + strspn(word + n, " ");
    }
    fputc('\n', to);
}

static void print_row(FILE *to, const char *left, const char *right, size_t indent)
{
    fprintf(to, "  %s", left);
    const size_t at = 2 + strlen(left);
    if (at + 2 > indent) {
        fputc('\n', to);
        wrap(to, right, indent, 0);
    } else {
        wrap(to, right, indent, at);
    }
}

static void option_left(const struct gw_option *o, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s%s%s", o->brief != NULL ? o->brief : "", o->brief != NULL ? ", " : "", o->name,
             o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
}

void gw_help_overview(FILE *to)
{
    fprintf(to,
            "geowatt %s: geo-distributed datacenters that serve and train language models,\n"
            "simulated and scored on carbon, water, cost and time to first token\n\n"
            "usage: geowatt COMMAND ...\n\n",
            gw_version_number());
    for (const struct gw_command *c = gw_command_table; c->name != NULL; c++) {
        print_row(to, c->name, c->summary, 12);
    }
    fprintf(to, "\nFirst steps:\n"
                "  geowatt run scenarios/quickstart.yaml -o out/quickstart\n"
                "  geowatt COMMAND --help\n\n"
                "Exit status:\n");
    for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++) {
        fprintf(to, "  %2d  %s\n", exits[i].status, exits[i].meaning);
    }
}

static void print_options(const struct gw_option *options, FILE *to)
{
    char left[80];
    for (const struct gw_option *o = options; o != NULL && o->name != NULL; o++) {
        option_left(o, left, sizeof left);
        print_row(to, left, o->doc, 26);
    }
}

void gw_help_command(const struct gw_command *c, FILE *to)
{
    fprintf(to, "usage: geowatt %s%s%s%s\n\n", c->name, c->options != NULL ? " [OPTION...]" : "",
            c->operands[0] != '\0' ? " " : "", c->operands);
    wrap(to, c->summary, 0, 0);
    fputc('\n', to);
    wrap(to, c->about, 0, 0);
    if (c->subjects != NULL) {
        fprintf(to, "\n%s:\n", c->operands);
        for (const struct gw_subject *const *at = c->subjects; *at != NULL; at++) {
            print_row(to, (*at)->name, (*at)->summary, 14);
        }
    }
    fprintf(to, "\nOptions:\n");
    print_options(c->options, to);
    print_options(help_option, to);
    fprintf(to, "\nExample:\n  %s\n", c->example);
}

void gw_help_subject(const struct gw_command *c, const struct gw_subject *subject, FILE *to)
{
    fprintf(to, "usage: geowatt %s %s [OPTION...]\n\n", c->name, subject->name);
    wrap(to, subject->summary, 0, 0);
    fprintf(to, "\nOptions:\n");
    print_options(subject->options, to);
    print_options(c->options, to);
    print_options(help_option, to);
    fprintf(to, "\nExample:\n  %s\n", subject->example);
}

/* ---- every option of a command ---- */

/* The k-th table of options of a command: its own, then those of its subjects. NULL beyond the last. */
static const struct gw_option *table(const struct gw_command *c, size_t k)
{
    static const struct gw_option none[] = {{0}};
    if (k == 0) {
        return c->options != NULL ? c->options : none;
    }
    for (size_t i = 0; c->subjects != NULL && c->subjects[i] != NULL; i++) {
        if (i + 1 == k) {
            return c->subjects[i]->options != NULL ? c->subjects[i]->options : none;
        }
    }
    return NULL;
}

static bool named_before(const struct gw_command *c, size_t before, const char *name)
{
    for (size_t k = 0; k < before; k++) {
        for (const struct gw_option *o = table(c, k); o->name != NULL; o++) {
            if (strcmp(o->name, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Calls `print` for every option, once when several subjects take one of that name. */
static void each_option(const struct gw_command *c,
                        void (*print)(FILE *to, const struct gw_command *c, const struct gw_option *o),
                        FILE *to)
{
    for (size_t k = 0; table(c, k) != NULL; k++) {
        for (const struct gw_option *o = table(c, k); o->name != NULL; o++) {
            if (!named_before(c, k, o->name)) {
                print(to, c, o);
            }
        }
    }
}

/* ---- manual ---- */

/* Text as troff wants it: hyphens of options stay hyphens, a leading dot is no request. */
static void troff(FILE *to, const char *text)
{
    if (*text == '.' || *text == '\'') {
        fputs("\\&", to);
    }
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == '\\') {
            fputc('\\', to);
        }
        fputc(*text == '\\' ? 'e' : *text, to);
    }
}

static void man_option(FILE *to, const struct gw_command *c, const struct gw_option *o)
{
    (void)c;
    char left[80];
    option_left(o, left, sizeof left);
    fputs(".TP\n.B ", to);
    troff(to, left);
    fputc('\n', to);
    troff(to, o->doc);
    fputc('\n', to);
}

void gw_help_man(FILE *to)
{
    fprintf(
        to,
        ".TH GEOWATT 1 \"\" \"geowatt %s\" \"User Commands\"\n"
        ".SH NAME\ngeowatt \\- simulate geo\\-distributed datacenters that serve and train language models\n"
        ".SH SYNOPSIS\n.B geowatt\n.I COMMAND\n.RI [ OPTION... ]\n.RI [ OPERAND... ]\n"
        ".SH DESCRIPTION\ngeowatt runs scenarios (YAML) of datacenters on several grids and scores the "
        "policies that "
        "decide where, when and how their work runs: on carbon, water, cost and time to first token.\n",
        gw_version_number());
    for (const struct gw_command *c = gw_command_table; c->name != NULL; c++) {
        fprintf(to, ".SH GEOWATT %s\n.B geowatt %s\n.I ", c->name, c->name);
        troff(to, c->operands);
        fputs("\n.PP\n", to);
        troff(to, c->summary);
        fputs(".\n", to);
        troff(to, c->about);
        fputc('\n', to);
        each_option(c, man_option, to);
        fputs(".PP\nExample:\n.PP\n.EX\n", to);
        troff(to, c->example);
        fputs("\n.EE\n", to);
    }
    fputs(".SH EXIT STATUS\n", to);
    for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++) {
        fprintf(to, ".TP\n.B %d\n%s\n", exits[i].status, exits[i].meaning);
    }
    fputs(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours, also on a terminal\n"
          ".TP\n.B GEOWATT_REFERENCE_DATA\nfolder with public data for checks that need it\n",
          to);
}

/* ---- completions ---- */

static void bash_option(FILE *to, const struct gw_command *c, const struct gw_option *o)
{
    (void)c;
    fprintf(to, " %s", o->name);
}

static void bash(FILE *to)
{
    fputs("_geowatt()\n{\n    local current=${COMP_WORDS[COMP_CWORD]} words=\"\"\n    COMPREPLY=()\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words=\"",
          to);
    for (const struct gw_command *c = gw_command_table; c->name != NULL; c++) {
        fprintf(to, "%s ", c->name);
    }
    fputs("--help --version\"\n    else\n        case ${COMP_WORDS[1]} in\n", to);
    for (const struct gw_command *c = gw_command_table; c->name != NULL; c++) {
        fprintf(to, "        %s) words=\"--help", c->name);
        for (size_t i = 0; c->subjects != NULL && c->subjects[i] != NULL; i++) {
            fprintf(to, " %s", c->subjects[i]->name);
        }
        each_option(c, bash_option, to);
        fputs("\" ;;\n", to);
    }
    fputs("        esac\n    fi\n    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n"
          "complete -o default -F _geowatt geowatt\n",
          to);
}

/* In single quotes for a shell. */
static void quoted(FILE *to, const char *text)
{
    fputc('\'', to);
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            fputs("'\\''", to);
        } else {
            fputc(*text, to);
        }
    }
    fputc('\'', to);
}

static void zsh_option(FILE *to, const struct gw_command *c, const struct gw_option *o)
{
    (void)c;
    char row[300];
    snprintf(row, sizeof row, "%s:%s", o->name, o->doc);
    fputc(' ', to);
    quoted(to, row);
}

static void zsh(FILE *to)
{
    fputs("#compdef geowatt\n_geowatt()\n{\n    local -a commands options\n    commands=(\n", to);
    for (const struct gw_command *c = gw_command_table; c->name != NULL; c++) {
        char row[300];
        snprintf(row, sizeof row, "%s:%s", c->name, c->summary);
        fputs("        ", to);
        quoted(to, row);
        fputc('\n', to);
    }
    fputs(
        "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n        return\n    fi\n"
        "    case $words[2] in\n",
        to);
    for (const struct gw_command *c = gw_command_table; c->name != NULL; c++) {
        fprintf(to, "    %s) options=(", c->name);
        for (size_t i = 0; c->subjects != NULL && c->subjects[i] != NULL; i++) {
            fprintf(to, " '%s'", c->subjects[i]->name);
        }
        each_option(c, zsh_option, to);
        fputs(" '--help:Print help' ) ;;\n", to);
    }
    fputs("    esac\n    _describe option options\n    _files\n}\n_geowatt \"$@\"\n", to);
}

static void fish_option(FILE *to, const struct gw_command *c, const struct gw_option *o)
{
    fprintf(to, "complete -c geowatt -n '__fish_seen_subcommand_from %s' -l %s", c->name, o->name + 2);
    if (o->brief != NULL) {
        fprintf(to, " -s %s", o->brief + 1);
    }
    fprintf(to, "%s -d ", o->value != NULL ? " -r" : "");
    quoted(to, o->doc);
    fputc('\n', to);
}

static void fish(FILE *to)
{
    for (const struct gw_command *c = gw_command_table; c->name != NULL; c++) {
        fprintf(to, "complete -c geowatt -n __fish_use_subcommand -a %s -d ", c->name);
        quoted(to, c->summary);
        fputc('\n', to);
        for (size_t i = 0; c->subjects != NULL && c->subjects[i] != NULL; i++) {
            fprintf(to, "complete -c geowatt -n '__fish_seen_subcommand_from %s' -a %s -d ", c->name,
                    c->subjects[i]->name);
            quoted(to, c->subjects[i]->summary);
            fputc('\n', to);
        }
        each_option(c, fish_option, to);
    }
}

int gw_help_completion(const char *shell, FILE *to)
{
    static const struct {
        const char *name;
        void (*print)(FILE *to);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].print(to);
            return 0;
        }
    }
    fprintf(stderr, "geowatt: --completion takes bash, zsh or fish\n");
    return gw_status_exit(GW_ERR_USAGE);
}
