/* models/federation/convergence.h - how much more work learning apart takes, or how much worse it ends.
 *
 *   none           work is work: only the total counts
 *   diloco-law     r(N, M) = L_M(N) / L_1(N),  L_M(N) = A_M N^-a_M nats,  between counts along ln M      (7)
 *                  r      += ln(1.029) log20(H / 50) / L_1     for H > 50                                (8)
 *                  r      += ln(1.021) (p / 0.5) / L_1         updates lost with probability p           (9)
 *                  kappa   = max(1, r)^(1 / 0.036)     tokens for the loss that r = 1 would have reached (10)
 *   power-rounds   err(R)  = floor + a R^-b,  R / (1 + rho) counts of R rounds                           (11)
 *                  rho     = (1/K) sum (1 - pi_c) / pi_c   pi_c how often client c takes part            (12)
 *   table          metric over rounds as given, straight over ln R between two rows                      (13)
 *
 * The law's constants are those of "Scaling laws for DiLoCo" (separate fits, one round every 30 steps), the
 * others from DiLoCo's and Streaming DiLoCo's tables: there rare rounds and lost updates raise the perplexity
 * by 2.9 and 2.1 %, which are nats added to the loss. Pure functions; docs/models/federation.md. */
#ifndef GW_MODELS_FEDERATION_CONVERGENCE_H
#define GW_MODELS_FEDERATION_CONVERGENCE_H

#include <stdint.h>

enum gw_convergence_model {
    GW_CONVERGENCE_NONE,
    GW_CONVERGENCE_DILOCO_LAW,
    GW_CONVERGENCE_POWER_ROUNDS,
    GW_CONVERGENCE_TABLE
};
extern const char *const gw_convergence_names[]; /* ended by NULL */

/* A row of a table: what was measured after so many rounds. */
struct gw_convergence_row {
    double rounds, metric;
};

struct gw_convergence_cfg {
    int32_t model;                        /* enum gw_convergence_model */
    double params;                        /* N, diloco-law */
    double floor, a, b, target;           /* power-rounds: err is to fall to target > floor */
    const struct gw_convergence_row *row; /* table: rounds rising; metric is to reach target */
    uint32_t n_rows;
};

/* power-rounds as fitted to FedAvg on MNIST over 7 clients (5 local steps, Dirichlet 0.5), target 2 %. */
struct gw_convergence_cfg gw_convergence_default(int32_t model);

/* (7) to (9): final loss over that of one site with the same tokens; 1 for the other models. */
double gw_convergence_loss_ratio(const struct gw_convergence_cfg *cfg, double clients, double local_steps,
                                 double lost_frac);

/* (10): tokens for the same loss over tokens of one site. */
double gw_convergence_tokens_factor(const struct gw_convergence_cfg *cfg, double clients, double local_steps,
                                    double lost_frac);

/* (12). joined[c] of `rounds` rounds; a client that never joined counts as if it had half a time. */
double gw_convergence_spread(const uint32_t *joined, uint32_t clients, double rounds);

/* Error or metric after so many rounds, (11) and (13); NAN for models without one. */
double gw_convergence_metric(const struct gw_convergence_cfg *cfg, double rounds, double spread);

/* Rounds until the target; INFINITY when it is out of reach, NAN for models that count tokens. */
double gw_convergence_rounds(const struct gw_convergence_cfg *cfg, double spread);

#endif
