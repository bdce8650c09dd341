/* sim/validate/vllm_run.h - a log of a real vLLM run replayed request by request.
 *
 * Llama-3.1-8B on one RTX PRO 6000, vLLM 0.19, 300 requests at 10.3 per second, at most 128 sequences, as
 * published with LLMServingSim. Two coefficients of the catalogue were fitted to the run's means; that the
 * quantiles meet as well shows that the rules of the engine are the right ones. */
#ifndef GW_SIM_VALIDATE_VLLM_RUN_H
#define GW_SIM_VALIDATE_VLLM_RUN_H

#include <stddef.h>

#include "models/serving/serving.h"

enum { GW_VLLM_RUN_REQUESTS = 300 };

/* In the order of the log; seconds. */
struct gw_vllm_run_times {
    size_t n;
    double ttft_s[GW_VLLM_RUN_REQUESTS], e2e_s[GW_VLLM_RUN_REQUESTS], tpot_s[GW_VLLM_RUN_REQUESTS];
};

/* Reads the log at `path` and replays it on `cfg`. Fails when the log is not what it should be or memory is
 * out. */
GW_MUST_USE enum gw_status gw_vllm_run_replay(const char *path, const struct gw_replica_cfg *cfg,
                                              struct gw_vllm_run_times *measured,
                                              struct gw_vllm_run_times *simulated, struct gw_error *err);

double gw_vllm_run_mean(const double *x, size_t n);
double gw_vllm_run_quantile(double *x, size_t n, double q); /* sorts x */

#endif
