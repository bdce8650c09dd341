/* models/federation/blocklist.h - fairness by holding back who has just trained (FedZero).
 *
 *   after a round   of its clients those are blocked whose utility lies at or below the quantile
 *   before a round  each is let go with probability  min(1, alpha / (p_c - w)),  at once if p_c <= w     (15)
 *
 * p_c is how many rounds client c joined, w the mean of all. Draws are keyed by the client's own key and the
 * round, so the order of clients decides nothing. */
#ifndef GW_MODELS_FEDERATION_BLOCKLIST_H
#define GW_MODELS_FEDERATION_BLOCKLIST_H

#include <stdint.h>

struct gw_blocklist_cfg {
    double alpha;         /* > 0; 0: nobody is ever blocked */
    double quantile_frac; /* of the utilities of a round's clients, 0..1 */
};

/* blocked[c] of those with in[c] is set; scratch has room for `clients` numbers. */
void gw_blocklist_close(const struct gw_blocklist_cfg *cfg, uint32_t clients, const uint8_t *in,
                        const double *utility, uint8_t *blocked, double *scratch);

/* Lets clients go. key[c] names client c, round counts from 0. */
void gw_blocklist_open(const struct gw_blocklist_cfg *cfg, uint32_t clients, const uint32_t *joined,
                       const uint64_t *key, uint64_t round, uint8_t *blocked);

/* Jain's index of how often clients joined: 1 all alike, 1/K one alone; 1 when nobody did. */
double gw_blocklist_jain(const uint32_t *joined, uint32_t clients);

#endif
