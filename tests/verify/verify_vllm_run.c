/* A real vLLM run with queueing, replayed request by request: Llama-3.1-8B on one RTX PRO 6000, 300 requests
 * at 10.3 per second, 128 sequences at most (LLMServingSim's measurements). Two coefficients of this card
 * were fitted to the run's means; that the quantiles meet as well shows that the rules of the engine are the
 * right ones.
 *
 * Needs the published log:
 * GEOWATT_REFERENCE_DATA/llm/measured_perf/vllm_requests_RTXPRO6000_Llama-3.1-8B.csv. */
#include "tests/support/entries.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/serving/serving.h"

enum { REQUESTS = 300 };

struct log {
    size_t n;
    double ttft_s[REQUESTS], e2e_s[REQUESTS], tpot_s[REQUESTS];
};

static void served(void *to, const struct gw_served *s)
{
    struct log *log = to;
    const size_t i = s->request.number;
    log->ttft_s[i] = gw_step_time_s(s->first_token);
    log->e2e_s[i] = gw_step_time_s(s->finish);
    log->tpot_s[i] = (log->e2e_s[i] - log->ttft_s[i]) / (s->request.out_tok - 1.0);
    log->n++;
}

static void refused(void *to, const struct gw_serve_request *request)
{
    (void)to;
    fail_msg("request %llu was refused", (unsigned long long)request->number);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double mean(const double *x, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

static double quantile(double *x, size_t n, double q)
{
    qsort(x, n, sizeof *x, by_value);
    return x[(size_t)(q * (double)(n - 1) + 0.5)];
}

/* Replays the rows of the log into `replica`; fills what was measured. */
static void replay(FILE *file, struct gw_replica *replica, const struct gw_serve_sink *sink,
                   struct log *measured)
{
    char line[400];
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL && measured->n < REQUESTS) {
        double arrival_s, ttft_s, queue_s, e2e_s;
        unsigned in_tok, out_tok;
        assert_int_equal(sscanf(line, "%*[^,],%lf,%u,%u,%lf,%lf,%lf", &arrival_s, &in_tok, &out_tok, &ttft_s,
                                &queue_s, &e2e_s),
                         6);
        const size_t i = measured->n++;
        measured->ttft_s[i] = ttft_s;
        measured->e2e_s[i] = e2e_s;
        measured->tpot_s[i] = (e2e_s - ttft_s) / (out_tok - 1.0);
        const struct gw_serve_request request = {
            .arrival_us = (gw_time_us)(arrival_s * 1e6), .in_tok = in_tok, .out_tok = out_tok, .number = i};
        gw_replica_run(replica, request.arrival_us * GW_TICKS_PER_US, sink);
        assert_true(gw_replica_arrive(replica, &request, sink));
    }
    gw_replica_run(replica, INT64_C(1000000000) * GW_TICKS_PER_US, sink);
}

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
    FILE *file = fopen(path, "r");
    if (file == NULL) {
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
    assert_int_equal(gw_serving_cfg(&setup, &cfg, NULL), GW_OK);

    static struct log measured, simulated;
    const struct gw_serve_sink sink = {.served = served, .refused = refused, .to = &simulated};
    struct gw_replica *replica = gw_replica_create(&cfg, 1, 0);
    assert_non_null(replica);
    replay(file, replica, &sink, &measured);
    gw_replica_destroy(replica);
    (void)fclose(file);
    assert_int_equal(simulated.n, measured.n);

    const size_t n = measured.n;
    compare("TTFT mean", mean(simulated.ttft_s, n), mean(measured.ttft_s, n), 0.20);
    compare("TPOT mean", mean(simulated.tpot_s, n), mean(measured.tpot_s, n), 0.10);
    compare("E2E mean", mean(simulated.e2e_s, n), mean(measured.e2e_s, n), 0.10);
    static const double quantiles[] = {0.5, 0.9, 0.99};
    for (size_t i = 0; i < 3; i++) {
        char what[32];
        (void)snprintf(what, sizeof what, "TTFT p%.0f", 100.0 * quantiles[i]);
        compare(what, quantile(simulated.ttft_s, n, quantiles[i]), quantile(measured.ttft_s, n, quantiles[i]),
                0.15);
    }
    compare("E2E p99", quantile(simulated.e2e_s, n, 0.99), quantile(measured.e2e_s, n, 0.99), 0.10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_replay_meets_the_run),
    };
    return cmocka_run_group_tests_name("vllm_run", tests, entries_load, entries_unload);
}
