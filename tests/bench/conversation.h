/* tests/bench/conversation.h - the workload that serving is measured with: Llama-2-70B on eight H100, lengths
 * of the Azure conversation trace, Poisson arrivals; all from the catalogue. */
#ifndef GW_TESTS_BENCH_CONVERSATION_H
#define GW_TESTS_BENCH_CONVERSATION_H

#include "models/serving/replica.h"
#include "sim/base/arena.h"
#include "sim/tree/node.h"

enum { CONVERSATION_CLASSES = 4 };

struct conversation {
    struct gw_replica_cfg cfg;
    double capacity_per_s; /* of one replica, as serving.h estimates it */
    struct gw_serve_request *request;
    uint32_t n;
    gw_time_us end_us;
    struct gw_tree catalogue;
    struct gw_arena arena;
};

/* n requests for `replicas` replicas at this share of their capacity; prompts `prompt_times` as long. Ends
 * the program when memory is out. */
void conversation_init(struct conversation *self, uint32_t n, uint32_t replicas, double load,
                       uint32_t prompt_times);
void conversation_fini(struct conversation *self);

#endif
