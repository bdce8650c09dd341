#include "models/serving/flow_times.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* 2^64 / g^(j + 1) with g^7 = g + 1: the recurrence in integers never loses precision. */
static const uint64_t stride[GW_FLOW_TIMES_DIMS] = {
    UINT64_C(16577235047750545131), UINT64_C(14897193820779620591), UINT64_C(13387418534792924005),
    UINT64_C(12030653368805922879), UINT64_C(10811391315226410874), UINT64_C(9715696944109890331)};

void gw_flow_times_place(uint64_t index, double u[GW_FLOW_TIMES_DIMS])
{
    for (int j = 0; j < GW_FLOW_TIMES_DIMS; j++) {
        const uint64_t x = (UINT64_C(1) << 63) + (index + 1) * stride[j];
        u[j] = ((double)(x >> 12) + 0.5) * 0x1p-52;
    }
}

static double length_at(const struct gw_flow_times_law *law, double u)
{
    if (law->table != NULL) {
        return gw_length_at(law->table, u);
    }
    const double var_ln = log(fmax(law->mean_sq / (law->mean * law->mean), 1.0));
    const double z = gsl_cdf_ugaussian_Pinv(u);
    return fmax(law->mean * exp(sqrt(var_ln) * z - 0.5 * var_ln), 1.0);
}

/* Exponential with that mean for `frac` of the requests, beginning with the highest quantiles; 0 for others.
 */
static double exponential_at(double u, double frac, double mean_over_all)
{
    if (!(frac > 0.0) || u < 1.0 - frac) {
        return 0.0;
    }
    return -mean_over_all / frac * log((1.0 - u) / frac);
}

void gw_flow_times_at(const struct gw_flow_batch *batch, const struct gw_flow_times_law *prompt,
                      const struct gw_flow_times_law *output, const double u[GW_FLOW_TIMES_DIMS],
                      struct gw_flow_times *out)
{
    const struct gw_flow_point *p = batch->point;
    const double part = u[GW_FLOW_TIMES_ARRIVAL];
    const double span_us = (double)(batch->to_us - batch->from_us);
    const double delay_s = batch->delay_from_s + part * (batch->delay_to_s - batch->delay_from_s);
    const double in_tok = length_at(prompt, u[GW_FLOW_TIMES_PROMPT]);
    const double out_tok = length_at(output, u[GW_FLOW_TIMES_OUTPUT]);

    const double met = u[GW_FLOW_TIMES_MET] / p->busy_frac;
    const double met_s = met < 1.0 ? met * p->met_s : 0.0;
    const double own_s = p->prompt_s * in_tok / p->in_tok + ceil(in_tok / p->room_tok) * p->plain_s;
    const double wait = u[GW_FLOW_TIMES_WAIT];
    const double some_frac = fmin(-expm1(-p->queue_s / p->lump_s), p->busy_frac);
    const double wait_s =
        exponential_at(wait, some_frac, p->queue_s) + exponential_at(wait, p->wait_frac, p->wait_s);
    const double first_s = delay_s + met_s + own_s + wait_s;

    const double even_s = (out_tok - 1.0) * p->itl_s;
    const double z = gsl_cdf_ugaussian_Pinv(u[GW_FLOW_TIMES_JITTER]);
    const double decode_s = even_s + z * sqrt(p->jitter_s2_per_s * even_s);
    *out = (struct gw_flow_times){
        .arrival_us = batch->from_us + (gw_time_us)(part * span_us),
        .in_tok = in_tok,
        .out_tok = out_tok,
        .first_s = first_s,
        .finish_s = first_s + fmax(decode_s, 0.5 * even_s), /* a step takes what it takes without prompts */
    };
}
