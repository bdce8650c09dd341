/* tests/support/replica_bench.h - one replica with round numbers, and what became of its requests.
 *
 * Steps of 1 ms whatever they hold, room for everything, 100 W while stepping: a test changes what it is
 * about. Requests are known by their number, below REPLICA_BENCH_MAX. */
#ifndef GW_TESTS_SUPPORT_REPLICA_BENCH_H
#define GW_TESTS_SUPPORT_REPLICA_BENCH_H

#include "tests/support/near.h"

#include "models/serving/replica.h"

#define REPLICA_BENCH_MS (1000 * GW_TICKS_PER_US)
enum { REPLICA_BENCH_MAX = 32 };

struct replica_bench {
    struct gw_replica *replica;
    struct gw_served served[REPLICA_BENCH_MAX]; /* finished or gave up */
    bool timed_out[REPLICA_BENCH_MAX];
    int n_served, n_refused, n_timed_out;
    struct gw_serve_sink sink;
};

struct gw_replica_cfg replica_bench_cfg(void);
void replica_bench_init(struct replica_bench *b, const struct gw_replica_cfg *cfg);

/* Runs to its arrival and hands it over. */
void replica_bench_arrive(struct replica_bench *b, const struct gw_serve_request *request);

/* Runs until nothing is left, and lets go of the replica. */
void replica_bench_finish(struct replica_bench *b);

/* Finished, or gave up, at this simulated time; its first token since its arrival. */
void replica_bench_expect_us(const struct replica_bench *b, int number, gw_time_us first_token_us,
                             gw_time_us finish_us);

#endif
