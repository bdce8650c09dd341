/* A real vLLM run with queueing, replayed request by request (sim/validate/vllm_run.h).
 *
 * Needs the published log:
 * GEOWATT_REFERENCE_DATA/llm/measured_perf/vllm_requests_RTXPRO6000_Llama-3.1-8B.csv. */
#include "tests/support/entries.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/validate/vllm_run.h"

static void compare(const char *what, double simulated, double measured, double rtol)
{
    print_message("%-12s measured %7.3f simulated %7.3f  %+.1f %%\n", what, measured, simulated,
                  100.0 * (simulated / measured - 1.0));
    assert_near(simulated, measured, rtol, 0.0);
}

static void the_replay_meets_the_run(void **state)
{
    const char *folder = getenv("GEOWATT_REFERENCE_DATA");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/llm/measured_perf/vllm_requests_RTXPRO6000_Llama-3.1-8B.csv",
                   folder == NULL ? "" : folder);
    if (access(path, R_OK) != 0) {
        skip();
        return;
    }
    struct gw_engine engine = *(const struct gw_engine *)entry(*state, "engine", "vllm-0.15");
    engine.max_seqs = 128;
    const struct gw_serving_setup setup = {.llm = entry(*state, "llm", "llama-3.1-8b"),
                                           .engine = &engine,
                                           .node = entry(*state, "node", "rtx-pro-6000x1"),
                                           .tensor_parallel = 1,
                                           .cap_w = INFINITY};
    struct gw_replica_cfg cfg;
    struct gw_error err;
    assert_int_equal(gw_serving_cfg(&setup, &cfg, &err), GW_OK);
    static struct gw_vllm_run_times measured, simulated;
    if (gw_vllm_run_replay(path, &cfg, &measured, &simulated, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }

    const size_t n = measured.n;
    compare("TTFT mean", gw_vllm_run_mean(simulated.ttft_s, n), gw_vllm_run_mean(measured.ttft_s, n), 0.20);
    compare("TPOT mean", gw_vllm_run_mean(simulated.tpot_s, n), gw_vllm_run_mean(measured.tpot_s, n), 0.10);
    compare("E2E mean", gw_vllm_run_mean(simulated.e2e_s, n), gw_vllm_run_mean(measured.e2e_s, n), 0.10);
    static const double quantiles[] = {0.5, 0.9, 0.99};
    for (size_t i = 0; i < 3; i++) {
        char what[32];
        (void)snprintf(what, sizeof what, "TTFT p%.0f", 100.0 * quantiles[i]);
        compare(what, gw_vllm_run_quantile(simulated.ttft_s, n, quantiles[i]),
                gw_vllm_run_quantile(measured.ttft_s, n, quantiles[i]), 0.15);
    }
    compare("E2E p99", gw_vllm_run_quantile(simulated.e2e_s, n, 0.99),
            gw_vllm_run_quantile(measured.e2e_s, n, 0.99), 0.10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_replay_meets_the_run),
    };
    return cmocka_run_group_tests_name("vllm_run", tests, entries_load, entries_unload);
}
