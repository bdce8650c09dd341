#include "tests/bench/conversation.h"

#include <math.h>
#include <stdlib.h>

#include "models/catalogue/catalogue.h"
#include "models/serving/serving.h"
#include "models/workload/length.h"
#include "sim/base/check.h"
#include "sim/core/rng.h"

/* An entry of the catalogue; it must be there. */
static const void *entry(struct conversation *self, const char *kind, const char *name)
{
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &self->catalogue};
    const void *object = NULL;
    GW_REQUIRE(gw_bind_entry(NULL, &env, kind, name, &object, &self->arena, NULL) == GW_OK);
    return object;
}

void conversation_init(struct conversation *self, uint32_t n, uint32_t replicas, double load,
                       uint32_t prompt_times)
{
    *self = (struct conversation){.n = n};
    GW_REQUIRE(gw_catalogue_load(&self->catalogue, NULL) == GW_OK);
    const struct gw_serving_setup setup = {.llm = entry(self, "llm", "llama-2-70b"),
                                           .engine = entry(self, "engine", "vllm-0.15"),
                                           .node = entry(self, "node", "h100x8"),
                                           .tensor_parallel = 8,
                                           .cap_w = INFINITY};
    GW_REQUIRE(gw_serving_cfg(&setup, &self->cfg, NULL) == GW_OK);

    const struct gw_length_pair_cfg *pair = entry(self, "length", "azure-conversation");
    struct gw_length prompt, output;
    GW_REQUIRE(gw_length_build(&pair->prompt, &prompt, &self->arena));
    GW_REQUIRE(gw_length_build(&pair->output, &output, &self->arena));
    const double times = prompt_times;
    const struct gw_serving_load mix = {.in_tok = prompt.mean * times,
                                        .out_tok = output.mean,
                                        .in_tok_sq = prompt.mean_sq * times * times,
                                        .out_tok_sq = output.mean_sq};
    self->capacity_per_s = gw_serving_capacity(&self->cfg, &mix);

    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/conversation"));
    self->request = malloc(n * sizeof *self->request);
    GW_REQUIRE(self->request != NULL);
    const double gap_us = 1e6 / (load * self->capacity_per_s * replicas);
    double at_us = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        at_us += gap_us * gw_rng_exponential(&rng);
        self->request[i] = (struct gw_serve_request){
            .arrival_us = (gw_time_us)at_us,
            .in_tok = prompt_times * gw_length_at(&prompt, gw_rng_unit(gw_rng_next(&rng))),
            .out_tok = gw_length_at(&output, gw_rng_unit(gw_rng_next(&rng))),
            .class = (uint16_t)(i % CONVERSATION_CLASSES),
            .number = i,
        };
    }
    self->end_us = (gw_time_us)at_us + 1;
}

void conversation_fini(struct conversation *self)
{
    free(self->request);
    gw_arena_fini(&self->arena);
    gw_tree_fini(&self->catalogue);
}
