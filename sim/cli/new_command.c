#include "sim/cli/new_command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/base/text.h"
#include "sim/cli/command.h"
#include "sim/cli/terminal.h"
#include "sim/run/schema.h"

static const char *const starter[] = {
    "# A scenario of geowatt. `geowatt explain KEY` says what a key means; `geowatt check FILE` reads it.",
    "geowatt: 1",
    NULL, /* name */
    "seed: 1",
    "",
    "# One summer day. Policies plan every epoch; weather, grid and books advance every step.",
    "time: { start: 2023-06-01T00:00:00Z, duration: 24 h, epoch: 15 min, step: 5 min }",
    "",
    "# Two datacenters: where, on which grid, with which cooling, with which nodes (geowatt list grids, "
    "nodes, ...).",
    "sites:",
    "  - { name: west, place: the-dalles, grid: US-NW-BPAT, cooling: ae-dec,",
    "      pools: [ { node: h100x8, count: 12 } ] }",
    "  - { name: east, place: ashburn, grid: US-MIDA-PJM, cooling: wc-wse,",
    "      pools: [ { node: h100x8, count: 12 } ] }",
    "",
    "# One model, and people on both coasts who ask it.",
    "serving:",
    "  models:",
    "    - { llm: llama-2-70b, engine: vllm-0.15, tensor_parallel: 8, replicas: 8 }",
    "  demand:",
    "    - { origin: us-east, model: llama-2-70b, rate: 30 /s, shape: business, lengths: azure-conversation,",
    "        slo: { ttft: 2 s, tpot: 100 ms } }",
    "    - { origin: us-west, model: llama-2-70b, rate: 20 /s, shape: business, lengths: azure-conversation,",
    "        slo: { ttft: 2 s, tpot: 100 ms } }",
    "",
    "# What is compared (geowatt list policies).",
    "policies:",
    "  - nearest",
    "  - round-robin",
    "  - greedy-carbon",
};

/* The last part of the path without ".yaml" is the experiment's name. */
static void write_starter(const char *name, struct gw_text *out)
{
    const char *slash = strrchr(name, '/');
    const char *stem = slash != NULL ? slash + 1 : name;
    for (size_t i = 0; i < sizeof starter / sizeof starter[0]; i++) {
        if (starter[i] == NULL) {
            gw_text_add(out, "name: ");
            gw_text_add_json(out, stem);
            gw_text_add(out, "\n");
        } else {
            gw_text_addf(out, "%s\n", starter[i]);
        }
    }
}

int gw_new_command(const struct gw_arguments *arguments)
{
    const char *name = arguments->operand[0];
    const char *output = gw_command_value(arguments, "--output");
    const char *slash = strrchr(name, '/');
    const char *stem = slash != NULL ? slash + 1 : name;
    if (stem[0] == '\0' || strlen(stem) > GW_NAME_BYTES_MAX || gw_text_has_control(stem)) {
        fprintf(stderr,
                "geowatt new: the scenario needs a name of 1 to %d bytes without control characters\n",
                (int)GW_NAME_BYTES_MAX);
        return gw_status_exit(GW_ERR_USAGE);
    }
    struct gw_text path = {0}, text = {0};
    if (output != NULL) {
        gw_text_add(&path, output);
    } else {
        gw_text_addf(&path, "%s.yaml", name);
    }
    write_starter(name, &text);
    int status = gw_status_exit(GW_ERR_NOMEM);
    if (!path.failed && !text.failed) {
        struct gw_error err;
        if (access(path.at, F_OK) == 0) {
            fprintf(stderr, "geowatt new: %s is there already; it was left alone\n", path.at);
            status = gw_status_exit(GW_ERR_USAGE);
        } else if (gw_file_write(path.at, text.at, text.n, &err) != GW_OK) {
            status = gw_terminal_error(&err);
        } else {
            printf("wrote %s; next: geowatt check %s, geowatt run %s\n", path.at, path.at, path.at);
            status = 0;
        }
    }
    gw_text_fini(&path);
    gw_text_fini(&text);
    return status;
}
