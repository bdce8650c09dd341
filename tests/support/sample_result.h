/* tests/support/sample_result.h - a small result whose numbers can be told from where they stand:
 *
 *   score          1000 p + 100 r + column / 100
 *   site account   1000 p + 100 r + 10 s + account / 100
 *   series         1000 p + 100 r + 10 s + account / 100 + t / 10000
 *   load           1000 p + 100 r + 10 s + m + column / 100 + t / 10000
 *   demand row     busy_kwh = 1000 p + 100 r + d, arrived = 7 d, the rest 0
 *   ttft_count     1000 p + 100 r + d bins + bin
 *   sent_frac      1 for site d % sites
 *   grids          10 s + hour of two columns, the second NaN at site 1; three hours
 *
 * 3 policies x 2 replications, 2 sites, 2 models, 3 demand rows, rows of 15 min; policy p drains for p rows
 * beyond 4. The last run failed. All rows did the same work, but for policy 1, replication 1. */
#ifndef GW_TESTS_SUPPORT_SAMPLE_RESULT_H
#define GW_TESTS_SUPPORT_SAMPLE_RESULT_H

#include "sim/run/result_file.h"

enum {
    SAMPLE_POLICIES = 3,
    SAMPLE_REPLICATIONS = 2,
    SAMPLE_SITES = 2,
    SAMPLE_DEMANDS = 3,
    SAMPLE_ROWS = 4,
    SAMPLE_MODELS = 2,
    SAMPLE_HOURS = 3
};

struct gw_sample_result {
    struct gw_result result;
    struct gw_result_facts facts;
    struct gw_result_input input[2]; /* the first embedded, with NUL bytes in it */
    struct gw_result_column column[2];
    double hour[2][SAMPLE_SITES * SAMPLE_HOURS], utc_offset_h[SAMPLE_SITES];
};

/* Ends the test when memory is out. */
void gw_sample_result_make(struct gw_sample_result *self);
void gw_sample_result_fini(struct gw_sample_result *self);

/* The run of policy p, replication r. */
struct gw_run_result *gw_sample_result_run(struct gw_sample_result *self, uint32_t p, uint32_t r);

#endif
