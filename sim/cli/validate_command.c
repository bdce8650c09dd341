#include "sim/cli/validate_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/cli/command.h"
#include "sim/cli/figures.h"
#include "sim/cli/terminal.h"
#include "sim/validate/validators.h"

struct validating {
    const struct gw_arguments *arguments;
    const char *data, *folder;
    bool csv, all;
};

static int write_csv(const struct validating *v, const char *subject, const struct gw_validation *done)
{
    struct gw_text path = {0}, csv = {0};
    struct gw_error err;
    gw_text_addf(&path, "%s/%s.csv", v->folder, subject);
    gw_validation_print_csv(done, &csv);
    enum gw_status s = path.failed || csv.failed ? gw_fail(&err, GW_ERR_NOMEM, subject, "out of memory")
                                                 : gw_file_make_folder(v->folder, &err);
    if (s == GW_OK) {
        s = gw_file_write(path.at, csv.at, csv.n, &err);
    }
    gw_text_fini(&path);
    gw_text_fini(&csv);
    return s == GW_OK ? 0 : gw_terminal_error(&err);
}

static int report(const struct validating *v, const char *subject, const struct gw_validation *done)
{
    struct gw_text out = {0};
    if (v->csv) {
        gw_validation_print_csv(done, &out);
    } else {
        gw_text_addf(&out, "%s\n", subject);
        gw_validation_print(done, v->all, &out);
    }
    if (!out.failed) {
        fputs(out.at, stdout);
    }
    const bool failed = out.failed || done->failed;
    gw_text_fini(&out);
    if (failed) {
        fprintf(stderr, "geowatt: out of memory\n");
        return gw_status_exit(GW_ERR_NOMEM);
    }
    int status = 0;
    if (v->folder != NULL) {
        status = write_csv(v, subject, done);
        if (status == 0) {
            status = gw_figures_draw_validation(done, subject, v->folder);
        }
    }
    if (status == 0 && gw_validation_count(done, GW_VALIDATION_KINDS, GW_VERDICT_MISS) > 0) {
        status = gw_status_exit(GW_ERR_MISSED);
    }
    return status;
}

static int validate(const struct validating *v, const struct gw_validator *validator)
{
    struct gw_validation validation;
    struct gw_errors errs = {0};
    if (gw_validation_init(&validation, v->data, &errs) != GW_OK) {
        return gw_terminal_errors(&errs);
    }
    struct gw_error err = {0};
    const int status = validator->run(&validation, &err) == GW_OK ? report(v, validator->name, &validation)
                                                                  : gw_terminal_error(&err);
    gw_validation_fini(&validation);
    return status;
}

static const struct gw_validator *find(const char *name)
{
    const char *names[64] = {0};
    size_t n = 0;
    for (; gw_validators[n].name != NULL && n < 64; n++) {
        names[n] = gw_validators[n].name;
        if (strcmp(names[n], name) == 0) {
            return &gw_validators[n];
        }
    }
    fprintf(stderr, "geowatt validate: there is no subject \"%s\"%s; there are", name,
            gw_text_hint(gw_text_nearest(name, names, n)).text);
    for (const struct gw_validator *v = gw_validators; v->name != NULL; v++) {
        fprintf(stderr, "%s %s", v > gw_validators ? "," : "", v->name);
    }
    fputc('\n', stderr);
    return NULL;
}

static int list(void)
{
    for (const struct gw_validator *v = gw_validators; v->name != NULL; v++) {
        printf("%-12s %s\n", v->name, v->summary);
    }
    return 0;
}

int gw_validate_command(const struct gw_arguments *arguments)
{
    const char *data = gw_command_value(arguments, "--data");
    const struct validating v = {
        .arguments = arguments,
        .data = data != NULL ? data : getenv("GEOWATT_REFERENCE_DATA"),
        .folder = gw_command_value(arguments, "--output"),
        .csv = gw_command_value(arguments, "--csv") != NULL,
        .all = gw_command_value(arguments, "--all") != NULL,
    };
    if (arguments->n_operands == 0) {
        return list();
    }
    int worst = 0;
    for (unsigned i = 0; i < arguments->n_operands; i++) {
        if (find(arguments->operand[i]) == NULL) {
            return gw_status_exit(GW_ERR_USAGE);
        }
    }
    for (unsigned i = 0; i < arguments->n_operands; i++) {
        const int status = validate(&v, find(arguments->operand[i]));
        worst = status > worst ? status : worst;
    }
    return worst;
}
