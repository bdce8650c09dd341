/* models/federation/sync.h - what a round of federated learning sends between sites, and how long that takes.
 *
 *   V      = params bits / 8                                        what one copy weighs                 (1)
 *   star   t_way  = P rtt + 8 V / W       each way between a client and the aggregator                   (2)
 *   ring   t_ring = 2 (1 - 1/k) 8 V / W_min + P (k - 1) rtt_max     all-reduce along the slowest link    (3)
 *   shown  = P max(0, t / P - tau t_step)                           what training does not hide          (4)
 *   star   2 V per client,  ring  2 (1 - 1/k) V per client          sent and received, per round         (5)
 *   t_agg  = V k / 5 GB/s                                           star; a ring adds up on its way      (6)
 *
 * P is the number of fragments that travel one by one, tau how many local steps each may be late, k the
 * number of clients. Alone (k = 1) nobody sends anything. Pure functions; docs/models/federation.md. */
#ifndef GW_MODELS_FEDERATION_SYNC_H
#define GW_MODELS_FEDERATION_SYNC_H

#include <stdint.h>

enum gw_sync_topology { GW_SYNC_STAR, GW_SYNC_RING };

struct gw_sync_cfg {
    int32_t topology;       /* enum gw_sync_topology */
    double params;          /* that travel: of the model, or of its adapters alone */
    double bits;            /* of each: 16, 8 (int8), 4 */
    double fragments;       /* P >= 1 */
    double overlap_steps;   /* tau >= 0 */
    double agg_bytes_per_s; /* at which the aggregator adds copies up */
    double fix_s;           /* of every round: stop, start, compile */
};

/* 16 bits, a star, one fragment, no overlap, 5 GB/s, nothing fixed; params must be given. */
struct gw_sync_cfg gw_sync_default(double params);

double gw_sync_bytes(const struct gw_sync_cfg *cfg); /* (1) */

/* (2); infinite bandwidth is allowed. */
double gw_sync_way_s(const struct gw_sync_cfg *cfg, double rtt_ms, double gbps);

/* (3); 0 for k <= 1. */
double gw_sync_ring_s(const struct gw_sync_cfg *cfg, double clients, double rtt_max_ms, double gbps_min);

/* (4), of a synchronisation that takes sync_s in all beside steps of step_s. */
double gw_sync_shown_s(const struct gw_sync_cfg *cfg, double sync_s, double step_s);

/* Bytes that leave a client in one round of k: half of (5). Of a ring this is all; in a star the aggregator
 * sends as much to each. */
double gw_sync_sent_bytes(const struct gw_sync_cfg *cfg, double clients);

/* (6) and the fixed part: what follows the last copy's arrival. */
double gw_sync_close_s(const struct gw_sync_cfg *cfg, double clients);

/* How many times less is sent than by training that synchronises every step with gradients of grad_bits. */
double gw_sync_reduction(const struct gw_sync_cfg *cfg, double local_steps, double grad_bits);

#endif
