#include "sim/cli/explain_command.h"

#include <stdio.h>

#include "sim/base/text.h"
#include "sim/cli/command.h"
#include "sim/run/schema.h"
#include "sim/tree/explain.h"

static int explain_key(const char *key, struct gw_text *out)
{
    struct gw_text nearest = {0};
    const bool known = gw_explain_key(&gw_schema_scenario, key, out, &nearest);
    if (!known) {
        fprintf(stderr, "geowatt explain: there is no key \"%s\"%s\n", key, gw_text_hint(nearest.at).text);
    }
    gw_text_fini(&nearest);
    return known ? 0 : gw_status_exit(GW_ERR_USAGE);
}

static void explain_sections(struct gw_text *out)
{
    gw_text_add(out, "Sections of a scenario; geowatt explain KEY says more.\n\n");
    for (const struct gw_field *f = gw_schema_scenario.of; f->key != NULL; f++) {
        gw_text_addf(out, "  %-14s %s\n", f->key, f->doc);
    }
}

int gw_explain_command(const struct gw_arguments *arguments)
{
    struct gw_text out = {0};
    int status = 0;
    if (gw_command_value(arguments, "--markdown") != NULL) {
        gw_explain_markdown(&gw_schema_scenario, "Scenario keys", &out);
    } else if (gw_command_value(arguments, "--yaml") != NULL) {
        gw_text_add(&out,
                    "# Every key of a scenario, with its default or an example where one is required.\n"
                    "# Printed by `geowatt explain --yaml` from the tables that also read scenarios.\n\n");
        gw_explain_yaml(&gw_schema_scenario, gw_schema_example, &out);
    } else if (arguments->n_operands > 0) {
        status = explain_key(arguments->operand[0], &out);
    } else {
        explain_sections(&out);
    }
    if (out.at != NULL && status == 0) {
        fputs(out.at, stdout);
    }
    gw_text_fini(&out);
    return status;
}
