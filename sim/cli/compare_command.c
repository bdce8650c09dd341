#include "sim/cli/compare_command.h"

#include <math.h>
#include <stdio.h>

#include "sim/base/number.h"
#include "sim/cli/command.h"
#include "sim/cli/terminal.h"
#include "sim/run/compare.h"

static const char *table_name(enum gw_compare_table table)
{
    switch (table) {
    case GW_COMPARE_SITES:
        return "sites";
    case GW_COMPARE_DEMANDS:
        return "demand";
    case GW_COMPARE_TIMELINE:
        return "timeline";
    case GW_COMPARE_GRIDS:
        return "grids";
    default:
        return "scores";
    }
}

static void print_percent(double relative)
{
    if (isnan(relative)) {
        printf(" %14s", "-");
    } else {
        printf(" %+12.4g %%", 100.0 * relative);
    }
}

/* Every score that differs in some row: one line per score and row. */
static void print_differences(const struct gw_compare *c)
{
    printf("%-24s %-22s %4s %14s %14s %14s\n", "score", "policy", "rep", "A", "B", "B against A");
    unsigned equal = 0;
    for (uint32_t i = 0; i < c->n_columns; i++) {
        const struct gw_compare_column *column = &c->column[i];
        if (column->table != GW_COMPARE_SCORES) {
            continue;
        }
        for (uint32_t r = 0; r < c->n_rows; r++) {
            if (column->relative[r] == 0.0) {
                equal++;
                continue;
            }
            printf("%-24.24s %-22.22s %4u %14.6g %14.6g", column->name, c->row[r].policy,
                   (unsigned)c->row[r].replication, column->a[r], column->b[r]);
            print_percent(column->relative[r]);
            printf("%s\n", c->row[r].comparable ? "" : "  n/c");
        }
    }
    printf("%u values are equal\n", equal);
}

static void print_same(const struct gw_compare *c, double tolerance)
{
    for (uint32_t i = 0; i < c->n_columns; i++) {
        const struct gw_compare_column *column = &c->column[i];
        if (column->apart > 0) {
            printf("%s %s: %llu values apart, the worst by %.3g\n", table_name(column->table), column->name,
                   (unsigned long long)column->apart, column->worst);
        }
    }
    printf("%s\n", c->identical ? "the files are equal byte for byte" : "the files differ in some bytes");
    printf("tolerance %.3g\n", tolerance);
}

static void print_csv(const struct gw_compare *c)
{
    printf("table,score,policy,replication,a,b,relative\n");
    for (uint32_t i = 0; i < c->n_columns; i++) {
        const struct gw_compare_column *column = &c->column[i];
        for (uint32_t r = 0; column->table == GW_COMPARE_SCORES && r < c->n_rows; r++) {
            char a[GW_NUMBER_MAX], b[GW_NUMBER_MAX], relative[GW_NUMBER_MAX];
            gw_number_print(column->a[r], a);
            gw_number_print(column->b[r], b);
            gw_number_print(column->relative[r], relative);
            printf("scores,%s,%s,%u,%s,%s,%s\n", column->name, c->row[r].policy,
                   (unsigned)c->row[r].replication, a, b, relative);
        }
    }
}

int gw_compare_command(const struct gw_arguments *arguments)
{
    struct gw_compare_options options = {.same = gw_command_value(arguments, "--same") != NULL,
                                         .tolerance = GW_COMPARE_TOLERANCE};
    const char *tolerance = gw_command_value(arguments, "--tolerance");
    if (tolerance != NULL &&
        (!gw_number_parse(tolerance, &options.tolerance) || !(options.tolerance >= 0.0))) {
        fprintf(stderr, "geowatt compare: --tolerance takes a number from 0, not \"%s\"\n", tolerance);
        return gw_status_exit(GW_ERR_USAGE);
    }
    struct gw_compare c;
    struct gw_error err;
    const enum gw_status s =
        gw_compare_files(arguments->operand[0], arguments->operand[1], &options, &c, &err);
    if (s != GW_OK && s != GW_ERR_MISSED) {
        return gw_terminal_error(&err);
    }
    if (gw_command_value(arguments, "--csv") != NULL) {
        print_csv(&c);
    } else {
        for (uint32_t i = 0; i < c.n_notes; i++) {
            printf("note: %s\n", c.note[i]);
        }
        if (options.same) {
            print_same(&c, options.tolerance);
        } else {
            print_differences(&c);
        }
    }
    gw_compare_fini(&c);
    return s == GW_OK ? 0 : gw_terminal_error(&err);
}
