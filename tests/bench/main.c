/* gw_bench - prints the benchmarks as CSV: gw_bench [--repeats N] [--filter TEXT]. Exit status 1 when a
 * budget was missed, 2 for a wrong option. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/number.h"
#include "tests/bench/bench.h"

static int usage(void)
{
    fputs("usage: gw_bench [--repeats N] [--filter TEXT]\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct gw_bench b = {.out = stdout, .repeats = 5};
    for (int i = 1; i < argc; i += 2) {
        int64_t repeats;
        if (i + 1 == argc) {
            return usage();
        }
        if (strcmp(argv[i], "--filter") == 0) {
            b.filter = argv[i + 1];
        } else if (strcmp(argv[i], "--repeats") == 0 && gw_number_parse_int(argv[i + 1], &repeats) &&
                   repeats >= 1 && repeats <= 1000) {
            b.repeats = (unsigned)repeats;
        } else {
            return usage();
        }
    }
    gw_bench_all(&b);
    return b.missed > 0;
}
