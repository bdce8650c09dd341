/* sim/validate/mlenergy.h - steady states of vLLM on H100 and B200, as the ML.ENERGY benchmark measured them.
 *
 * Each row is a window of constant load: so many sequences on average, the median time between their tokens,
 * tokens per second and mean watts of all accelerators, joules per output token. Dense models in BF16 were
 * used to choose coefficients; the others, FP8 and mixtures of experts, were not. Left out: six rows of
 * Qwen3 on B200 at small batches whose times are five times those of a neighbouring table. */
#ifndef GW_SIM_VALIDATE_MLENERGY_H
#define GW_SIM_VALIDATE_MLENERGY_H

#include <stddef.h>

#include "sim/validate/validation.h"

struct gw_mlenergy_row {
    const char *llm;
    int tensor_parallel, batch;
    double out_tok; /* mean of an answer */
    double itl_ms;  /* median; 0: not published */
    double tok_per_s, watts, j_per_tok;
    enum gw_validation_kind kind;
};

struct gw_mlenergy_table {
    const char *node; /* of the catalogue */
    const struct gw_mlenergy_row *row;
    size_t n;
};

extern const char *const gw_mlenergy_source;
extern const struct gw_mlenergy_table gw_mlenergy_h100, gw_mlenergy_b200;

/* Mean context of a sequence: prompts of about 100 tokens, and answers that are longer in flight than when
 * drawn. */
enum { GW_MLENERGY_PROMPT_TOK = 100 };
double gw_mlenergy_context(const struct gw_mlenergy_row *row);

#endif
