/* models/workload/directive.h - how long answers may be: the levels of a generation directive.
 *
 * A directive is a sentence before the prompt, such as "answer briefly". Each level says how many tokens an
 * answer then has, over those without it, and how often readers prefer it; the first level is no directive at
 * all. A request that is answered at level l keeps its own quantile:
 *
 *   output tokens = max(1, round(output_l x tokens without a directive))
 *   quality of an answer = preference_l / preference_0
 *
 * docs/models/directives.md. */
#ifndef GW_MODELS_WORKLOAD_DIRECTIVE_H
#define GW_MODELS_WORKLOAD_DIRECTIVE_H

#include "sim/tree/bind.h"

enum { GW_DIRECTIVE_LEVELS_MAX = 8 };

struct gw_directive_level {
    double output;     /* tokens over those of the first level; 1 of the first one */
    double preference; /* share of readers, or of judged answers, that prefer this level's */
};

struct gw_directive {
    const char *name, *title;
    struct gw_slice levels; /* of struct gw_directive_level, at least one */
};

extern const struct gw_type gw_directive_type;

/* NULL, a row without directives, has one level. */
uint32_t gw_directive_levels(const struct gw_directive *self);

/* Quality of level l relative to the first; level below gw_directive_levels. */
double gw_directive_quality(const struct gw_directive *self, uint32_t level);
double gw_directive_output(const struct gw_directive *self, uint32_t level);

/* Tokens of an answer that would have out_tok without a directive. */
uint32_t gw_directive_tok(const struct gw_directive *self, uint32_t level, uint32_t out_tok);

#endif
