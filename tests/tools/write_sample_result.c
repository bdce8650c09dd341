/* write_sample_result FILE - the sample of tests/support as a result file, for programs that are not ours to
 * open. */
#include <stdio.h>

#include "tests/support/sample_result.h"

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: write_sample_result FILE\n");
        return 2;
    }
    struct gw_sample_result sample;
    struct gw_error err;
    gw_sample_result_make(&sample);
    const enum gw_status s = gw_result_file_write(argv[1], &sample.result, &sample.facts, &err);
    if (s != GW_OK) {
        fprintf(stderr, "%s: %s\n", err.where, err.why);
    }
    gw_sample_result_fini(&sample);
    return gw_status_exit(s);
}
