/* models/hardware/hardware.h - what stands in a site, accelerators and nodes; and what runs on it, llms and
 * engines.
 *
 * Plain structs bound from models/catalogue/{accelerators,nodes,llms,engines}.yaml, each number with its
 * source. docs/models/hardware.md. */
#ifndef GW_MODELS_HARDWARE_HARDWARE_H
#define GW_MODELS_HARDWARE_HARDWARE_H

#include <stdbool.h>

#include "models/hardware/power_cap.h"
#include "models/hardware/power_law.h"
#include "sim/tree/bind.h"

struct gw_accelerator {
    const char *name, *title;
    double tdp_w, idle_w, loaded_idle_w;  /* deep idle; weights resident and context open */
    double memory_gb, bandwidth_gb_per_s; /* 1e9 bytes: a device sold as 80 GB has 80 GiB = 85.9 */
    double dense_tflops;                  /* BF16/FP16, dense */
    double fp8_tflops;                    /* 0: no units for it, weights of eight bits are widened first */
    struct gw_named power;                /* its power law and parameters */
    struct gw_power_cap cap;              /* speed under a power cap or at a locked clock */
    double clock_mhz;                     /* highest, NAN: not known */
    const char *hardwired_llm;            /* the only model it can run, its weights being wires; NULL: any */
    double embodied_kgco2;
};

/* A node of the catalogue. (struct gw_node is a node of an input tree.) */
struct gw_machine {
    const char *name, *title;
    const struct gw_accelerator *accelerator;
    int64_t count;            /* accelerators in the node */
    double host_idle_w;       /* everything but the accelerators, on and idle */
    double host_dynamic_frac; /* extra host watts (fans, CPU, NIC) per accelerator watt above idle */
    double psu_efficiency;    /* wall power = DC power / this */
    double sleep_w;           /* whole node asleep, at the wall */
    double off_w;             /* switched off, management controller on */
    double load_gb_per_s;     /* at which weights come into its accelerators */
    double wake_s, boot_s;    /* from sleep, from off */
};

/* What the number of weights can be counted from (llm_shape.h); heads 0: not known. */
struct gw_llm_shape {
    int64_t heads;             /* of queries */
    double attention_params;   /* per layer, NAN: counted from heads */
    int64_t ffn, ffn_matrices; /* width of a dense feed-forward part; 3 matrices when gated, else 2 */
    int64_t dense_layers;      /* of a mixture of experts: leading layers without experts */
    int64_t expert_ffn, shared_experts; /* width of one expert; experts that every token passes through */
    int64_t vocab;
    bool tied; /* one matrix for input and output embedding */
};

struct gw_llm {
    const char *name, *title;
    double params,
        active_params; /* all weights; those a token passes through: less in a mixture of experts */
    int64_t layers, hidden, kv_heads, head_dim;
    double bytes_per_weight, bytes_per_kv;
    double fp8_frac;       /* of the products with weights, by arithmetic: both factors in FP8 */
    int64_t kv_latent;     /* values cached per token and layer where they are compressed, 0: whole heads */
    int64_t experts;       /* routed experts per layer, 1: dense */
    int64_t top_experts;   /* of them a token passes through */
    int64_t window_layers; /* layers whose tokens attend to the last window_tok only, themselves included */
    int64_t window_tok;
    struct gw_llm_shape shape;
};

/* An engine's overheads and efficiencies on one accelerator: the step-time equation of
 * docs/models/hardware.md, eq. 1. The set belongs together: an efficiency above 1 is paid for by another
 * term. */
struct gw_engine_fit {
    double step_us;             /* fixed per step */
    double layer_us;            /* c_L, per layer and step */
    double layer_parallel_us;   /* c_tp, per layer and step when tensor parallel > 1 */
    double seq_us;              /* c_s, per running sequence and step */
    double weight_inv_eff;      /* 1/eta_w */
    double kv_inv_eff;          /* 1/eta_k */
    double decode_flop_inv_eff; /* 1/eta_f */
    double prompt_flop_eff;     /* eta_p */
    int32_t quality;            /* enum gw_fit_quality */
};
enum gw_fit_quality { GW_FIT_MEASURED, GW_FIT_TRANSFERRED };
extern const char *const gw_fit_quality_names[]; /* "measured", "transferred", NULL */

extern const char *const gw_admission_names[]; /* "fcfs", "priority", "shortest-first", NULL */

struct gw_engine {
    const char *name, *title;
    int64_t max_seqs, token_budget, block_tok;
    double memory_frac;    /* share of device memory the engine may use */
    double activation_gb;  /* per accelerator, not available to the KV cache */
    double api_ms;         /* per request, before it reaches the scheduler */
    double api_us_per_tok; /* per output token, at the response side */
    double start_s;        /* from loaded weights to the first request: memory, graphs, warm-up */
    int32_t admission;     /* enum gw_admission of serving/replica.h */
    double priority_ms;    /* waiting that a level of priority makes up for */
    double length_ms;      /* waiting that a prompt token costs when the shortest go first */
    double stage_us;       /* between two stages of a pipeline, per step */
    double prefix_frac;    /* share of the KV memory set aside for prefixes of earlier prompts */
    int64_t prefix_unit_tok;
    struct gw_names fits; /* accelerator name -> struct gw_engine_fit */
};

extern const struct gw_type gw_accelerator_type, gw_machine_type, gw_llm_type, gw_engine_type;

/* Bytes of all weights. */
static inline double gw_llm_weight_bytes(const struct gw_llm *llm)
{
    return llm->params * llm->bytes_per_weight;
}

/* Bytes of the keys and values of one token, over all layers. */
static inline double gw_llm_kv_bytes(const struct gw_llm *llm)
{
    const int64_t values = llm->kv_latent > 0 ? llm->kv_latent : 2 * llm->kv_heads * llm->head_dim;
    return (double)(llm->layers * values) * llm->bytes_per_kv;
}

/* Time of the products with weights at the accelerator's peak rates, over that in BF16. */
static inline double gw_llm_arithmetic(const struct gw_llm *llm, const struct gw_accelerator *a)
{
    return a->fp8_tflops > 0.0 ? 1.0 - llm->fp8_frac * (1.0 - a->dense_tflops / a->fp8_tflops) : 1.0;
}

/* At the plug, with every accelerator of the node at these watts: docs/models/hardware.md, eq. 3. */
static inline double gw_machine_plug_w(const struct gw_machine *node, double accelerator_w)
{
    const double n = (double)node->count, above_w = accelerator_w - node->accelerator->loaded_idle_w;
    const double host_w = node->host_idle_w + node->host_dynamic_frac * n * (above_w > 0.0 ? above_w : 0.0);
    return (n * accelerator_w + host_w) / node->psu_efficiency;
}

/* The engine's fit for an accelerator; NULL when the catalogue has none (an error for the scenario). */
const struct gw_engine_fit *gw_engine_fit_for(const struct gw_engine *engine,
                                              const struct gw_accelerator *accelerator);

#endif
