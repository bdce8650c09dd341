#include "sim/cli/probe_command.h"

#include <stdio.h>
#include <string.h>

#include "models/catalogue/catalogue.h"
#include "sim/base/quantity.h"
#include "sim/cli/terminal.h"
#include "sim/run/scenario.h"

const struct gw_subject *const gw_probe_command_subjects[] = {
    &gw_probe_serving,
    &gw_probe_power,
    &gw_probe_network,
    &gw_probe_cooling,
    &gw_probe_supply,
    &gw_probe_workload,
    &gw_probe_grid,
    &gw_probe_weather,
    &gw_probe_training,
    &gw_probe_federation,
    NULL,
};

int gw_probe_command_ask(const struct gw_arguments *arguments, int (*answer)(struct gw_question *q))
{
    struct gw_question q = {.arguments = arguments, .csv = gw_command_value(arguments, "--csv") != NULL};
    struct gw_errors errs = {0};
    if (gw_catalogue_load(&q.catalogue, &errs) != GW_OK) {
        return gw_terminal_errors(&errs);
    }
    const int status = answer(&q);
    gw_arena_fini(&q.arena);
    gw_tree_fini(&q.catalogue);
    return status;
}

const char *gw_probe_command_given(const struct gw_question *q, const char *option, const char *otherwise)
{
    const char *value = gw_command_value(q->arguments, option);
    return value != NULL ? value : otherwise;
}

const void *gw_probe_command_entry(struct gw_question *q, const char *kind, const char *name)
{
    const struct gw_bind_env env = gw_scenario_env(&q->catalogue);
    const void *object = NULL;
    struct gw_errors errs = {0};
    if (gw_bind_entry(NULL, &env, kind, name, &object, &q->arena, &errs) != GW_OK) {
        (void)gw_terminal_errors(&errs);
        return NULL;
    }
    return object;
}

size_t gw_probe_command_numbers(const struct gw_question *q, const char *option, const char *unit,
                                const char *otherwise, double min, double max,
                                double value[GW_PROBE_VALUES_MAX])
{
    const char *subject = q->arguments->subject->name;
    size_t n = 0;
    for (const char *at = gw_probe_command_given(q, option, otherwise); at != NULL;) {
        const size_t length = strcspn(at, ",");
        char word[80];
        struct gw_error err;
        if (n == GW_PROBE_VALUES_MAX) {
            fprintf(stderr, "geowatt probe %s: %s takes at most %d values\n", subject, option,
                    (int)GW_PROBE_VALUES_MAX);
            return 0;
        }
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), at);
        if (gw_quantity_parse(word, unit, &value[n], &err) != GW_OK) {
            fprintf(stderr, "geowatt probe %s: %s: %s\n", subject, option, err.why);
            return 0;
        }
        if (!(value[n] >= min && value[n] <= max)) {
            fprintf(stderr, "geowatt probe %s: %s takes %g to %g%s%s, not %s\n", subject, option, min, max,
                    strcmp(unit, "1") == 0 ? "" : " ", strcmp(unit, "1") == 0 ? "" : unit, word);
            return 0;
        }
        n++;
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return n;
}

bool gw_probe_command_number(const struct gw_question *q, const char *option, const char *unit,
                             const char *otherwise, double min, double max, double *value)
{
    double all[GW_PROBE_VALUES_MAX];
    const size_t n = gw_probe_command_numbers(q, option, unit, otherwise, min, max, all);
    if (n > 1) {
        fprintf(stderr, "geowatt probe %s: %s takes one value\n", q->arguments->subject->name, option);
    }
    *value = n == 1 ? all[0] : 0.0;
    return n == 1;
}
