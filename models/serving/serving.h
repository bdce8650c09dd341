/* models/serving/serving.h - from catalogue entries to a replica's integers, and the mean-field estimate beside it.
 *
 * gw_serving_cfg derives gw_replica_cfg from (llm, engine, accelerator, tensor parallel); gw_serving_estimate predicts
 * batch, inter-token latency, TTFT, power and energy per request at a given arrival rate without simulating:
 * the fixed point B = lambda E2E(B), ITL = t(B) / (1 - rho_p) of inference.md 2.4. The view, replica sizing, `check`
 * and `probe serving` use only these two. */
#ifndef GW_MODELS_SERVING_SERVING_H
#define GW_MODELS_SERVING_SERVING_H

#include "models/hardware/hardware.h"
#include "models/serving/replica.h"

struct gw_serving_setup {
    const struct gw_llm *llm;
    const struct gw_engine *engine;
    const struct gw_machine *node;
    int64_t tensor_parallel;
    double cap_w; /* per accelerator; INFINITY for none */
};

/* Fails when the weights do not fit, tensor_parallel does not divide the node, the engine has no fit for the
 * accelerator: err->why is a sentence; err->where is left to the caller. */
GW_MUST_USE enum gw_status gw_serving_cfg(const struct gw_serving_setup *setup, struct gw_replica_cfg *out,
                                          struct gw_error *err);

/* Mean load of one replica. */
struct gw_serving_load {
    double rate_per_s;             /* requests */
    double in_tok, out_tok;        /* means */
    double in_tok_sq;              /* mean square of the prompt length, for attention and waiting */
};

struct gw_serving_estimate {
    bool stable;            /* false beyond capacity: times are then infinite */
    double utilisation;     /* of the replica's capacity at this mix, 0.. */
    double batch;           /* mean running sequences */
    double itl_s, ttft_s, e2e_s; /* engine only: no network, no API overhead */
    double power_w;         /* mean of the replica's accelerators, idle gaps included */
    double busy_frac;       /* share of time with a step running */
    double request_j;       /* accelerator energy per request above idle gaps: busy power / rate */
    double marginal_j;      /* d power / d rate at this operating point: what one more request adds */
};

void gw_serving_estimate(const struct gw_replica_cfg *cfg, const struct gw_serving_load *load,
                         struct gw_serving_estimate *out);

/* Requests per second at which one replica saturates with this mix (batch or KV limited). */
double gw_serving_capacity(const struct gw_replica_cfg *cfg, const struct gw_serving_load *mix);

#endif
