#include "sim/cli/bench_command.h"

#include <stdio.h>

#include "sim/cli/command.h"
#include "tests/bench/bench.h"

int gw_bench_command(const struct gw_arguments *arguments)
{
    long long repeats;
    if (!gw_command_number(arguments, "--repeat", 1, 1000, 5, &repeats)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    struct gw_bench b = {.out = stdout,
                         .repeats = (unsigned)repeats,
                         .filter = arguments->n_operands > 0 ? arguments->operand[0] : NULL};
    gw_bench_all(&b);
    if (b.rows == 0) {
        fprintf(stderr, "geowatt bench: no benchmark has \"%s\" in its name\n", b.filter);
        return gw_status_exit(GW_ERR_USAGE);
    }
    return b.missed > 0 ? gw_status_exit(GW_ERR_MISSED) : 0;
}
