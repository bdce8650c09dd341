#include "sim/validate/vllm_run.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <stdio.h>
#include <string.h>

struct request {
    double arrival_s, ttft_s, e2e_s;
    unsigned in_tok, out_tok;
};

static void served(void *to, const struct gw_served *s)
{
    struct gw_vllm_run_times *times = to;
    const size_t i = s->request.number;
    times->ttft_s[i] = gw_step_time_s(s->first_token);
    times->e2e_s[i] = gw_step_time_s(s->finish);
    times->tpot_s[i] = (times->e2e_s[i] - times->ttft_s[i]) / (s->request.out_tok - 1.0);
    times->n++;
}

static void refused(void *to, const struct gw_serve_request *request)
{
    (void)to;
    (void)request; /* a run in which one is refused has served too few: the caller sees that */
}

/* "name,arrival,in,out,ttft,queue,e2e" per line, a head line before them. */
static enum gw_status read_log(const char *path, struct request *log, size_t *n, struct gw_error *err)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return gw_fail(err, GW_ERR_IO, path, "cannot be read");
    }
    char line[400];
    bool good = fgets(line, sizeof line, file) != NULL;
    while (good && *n < GW_VLLM_RUN_REQUESTS && fgets(line, sizeof line, file) != NULL) {
        struct request *r = &log[*n];
        good = sscanf(line, "%*[^,],%lf,%u,%u,%lf,%*f,%lf", &r->arrival_s, &r->in_tok, &r->out_tok,
                      &r->ttft_s, &r->e2e_s) == 5 &&
               r->in_tok >= 1 && r->out_tok >= 2 && r->arrival_s >= 0.0 && r->arrival_s < 1e5;
        *n += good ? 1 : 0;
    }
    (void)fclose(file);
    return good ? GW_OK : gw_fail(err, GW_ERR_TYPE, path, "line %zu is not a row of the log", *n + 2);
}

enum gw_status gw_vllm_run_replay(const char *path, const struct gw_replica_cfg *cfg,
                                  struct gw_vllm_run_times *measured, struct gw_vllm_run_times *simulated,
                                  struct gw_error *err)
{
    static const gw_time_us end_us = INT64_C(1000000000);
    struct request log[GW_VLLM_RUN_REQUESTS];
    *measured = *simulated = (struct gw_vllm_run_times){0};
    const enum gw_status status = read_log(path, log, &measured->n, err);
    if (status != GW_OK) {
        return status;
    }
    const struct gw_serve_sink sink = {.served = served, .refused = refused, .to = simulated};
    struct gw_replica *replica = gw_replica_create(cfg, 1, 0);
    bool whole = replica != NULL;
    for (size_t i = 0; whole && i < measured->n; i++) {
        const struct request *r = &log[i];
        measured->ttft_s[i] = r->ttft_s;
        measured->e2e_s[i] = r->e2e_s;
        measured->tpot_s[i] = (r->e2e_s - r->ttft_s) / (r->out_tok - 1.0);
        const struct gw_serve_request request = {.arrival_us = (gw_time_us)(r->arrival_s * 1e6),
                                                 .in_tok = r->in_tok,
                                                 .out_tok = r->out_tok,
                                                 .number = i};
        gw_replica_run(replica, request.arrival_us * GW_TICKS_PER_US, &sink);
        whole = gw_replica_arrive(replica, &request, &sink);
    }
    if (whole) {
        gw_replica_run(replica, end_us * GW_TICKS_PER_US, &sink);
    }
    gw_replica_destroy(replica);
    if (!whole) {
        return gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
    }
    return simulated->n == measured->n ? GW_OK
                                       : gw_fail(err, GW_ERR_RANGE, path, "%zu of %zu requests were served",
                                                 simulated->n, measured->n);
}

double gw_vllm_run_mean(const double *x, size_t n)
{
    return gsl_stats_mean(x, 1, n);
}

double gw_vllm_run_quantile(double *x, size_t n, double q)
{
    gsl_sort(x, 1, n);
    return gsl_stats_quantile_from_sorted_data(x, 1, n, q);
}
