/* models/workload/burst.h - how requests crowd within the hour: the laws of arrivals.
 *
 *   arrivals: poisson
 *   arrivals: { law: gamma, cv: 2 }                        a renewal process, gaps with that variation
 *   arrivals: { law: mmpp, ratio: 0, high: 9.1 s, low: 36.5 s }     two rates in turn, exponential dwells
 *   arrivals: { law: clients, count: 100 }                          many clients, each bursty in its own way
 *
 * Whatever the law, the expected rate is the demand row's at every instant: gamma gaps are drawn in the
 * integrated rate (and the first one in equilibrium), mmpp and clients split a rate whose mean factor is 1.
 *
 *   mmpp:    high / low rate = 1 / ratio;  high factor = (T_h + T_l) / (T_h + ratio T_l)
 *            IDC(t) = 1 + (IDC_inf - 1) (1 - (1 - exp(-t/tau)) / (t/tau)),   1/tau = 1/T_h + 1/T_l
 *            IDC_inf = 1 + 2 Var(rate) tau / mean rate
 *   clients: share of client i = exp(share_spread z_i) / sum, z_i the normal quantile of 1 - (i + 1/2) /
 * count; or (i + 1)^-skew / sum;  ln cv of a client normal about ln cv, sigma cv_spread
 *
 * IDC(t) is the variance over the mean of the number of requests in a window of length t. */
#ifndef GW_MODELS_WORKLOAD_BURST_H
#define GW_MODELS_WORKLOAD_BURST_H

#include "sim/core/clock.h"
#include "sim/tree/bind.h"

enum gw_burst_law { GW_BURST_POISSON, GW_BURST_GAMMA, GW_BURST_MMPP, GW_BURST_CLIENTS };

/* Zeroed: Poisson. */
struct gw_burst {
    enum gw_burst_law law;
    double cv;                  /* GAMMA; of CLIENTS the median */
    double ratio;               /* MMPP: low over high rate */
    gw_time_us high_us, low_us; /* MMPP: mean dwell times */
    uint32_t count;             /* CLIENTS */
    double share_spread;        /* CLIENTS: sigma of lognormal shares; 0: a power law of rank, */
    double skew;                /* with this exponent */
    double cv_spread;
    double own_lengths; /* CLIENTS: share of the variance of the lengths' ranks that lies between them */
};

extern const struct gw_type gw_burst_type; /* NAMED; key `law` */

struct gw_burst gw_burst_of(const struct gw_named *cfg);

/* Factors of the mean rate in the two states of MMPP. */
double gw_burst_high_factor(const struct gw_burst *self);

/* Index of dispersion of counts about a constant mean rate; of POISSON 1. Of GAMMA nearly:
 * cv^2 - (cv^2 - 1) exp(-2 y / (cv^2 - 1)), y = q / (1 - q) the clump that follows a request, q the chance of
 * a gap within the window. Not of CLIENTS. */
double gw_burst_idc(const struct gw_burst *self, double rate_per_s, double window_s);

/* The time within which the phases of MMPP are forgotten: tau. */
double gw_burst_memory_s(const struct gw_burst *self);

/* Shares of all clients, largest first, into share[count]; they sum to 1. */
void gw_burst_shares(const struct gw_burst *self, double *share);

/* The variation of a client whose standard normal draw is z, kept within 0.1 and 20. */
double gw_burst_client_cv(const struct gw_burst *self, double z);

#endif
