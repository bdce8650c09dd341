/* models/training/tuning.h - what is trained of a model, and what that saves.
 *
 * Per token and active weight a forward pass costs 2 FLOP, the gradient of the activations 2, the gradient of
 * the weights 2:
 *
 *   full      2 + 2 + 2
 *   lora      2 (1 + f) + 2 (1 + f) + 2 f        adapters of f times the weights
 *   top       2 + 2 f + 2 f                      the last f of the layers, the gradient stops below them
 *   budget    max(6 f, 2), the backward pass in equal parts   as GreenTrainer: f of the FLOP of full tuning
 *
 * Attention has no weights: its backward pass costs twice its forward one wherever gradients pass through.
 * A distilled student adds 2 FLOP per token and weight of its teacher. docs/models/training.md, eq. 4. */
#ifndef GW_MODELS_TRAINING_TUNING_H
#define GW_MODELS_TRAINING_TUNING_H

#include <stdint.h>

enum gw_tuning_method { GW_TUNING_FULL, GW_TUNING_LORA, GW_TUNING_TOP, GW_TUNING_BUDGET, GW_TUNING_METHODS };
extern const char *const gw_tuning_method_names[]; /* "full", "lora", "top", "budget", NULL */

struct gw_tuning_cfg {
    int32_t method;
    double frac;          /* f, 0 to 1; of no meaning for full */
    double teacher_ratio; /* active weights of the teacher over the student's; 0: not distilled */
    double kept_frac;     /* of the weights that pruning leaves and the hardware multiplies; 1: all */
};

/* FLOP per token and active weight of the unpruned model. */
struct gw_tuning_cost {
    double forward, activation_gradient, weight_gradient, teacher;
    double total;
    double attention_passes; /* forward 1, and 2 for the layers that gradients pass through */
    double of_full;          /* over full training of the same model */
    double trained_frac;     /* weights with gradients and optimiser state, over all */
};

struct gw_tuning_cfg gw_tuning_full(void);
struct gw_tuning_cost gw_tuning_cost(const struct gw_tuning_cfg *cfg);

#endif
