/* models/serving/flow_times.h - times of single requests from the state that many of them met.
 *
 * A request is a place u in the unit cube; its coordinates are quantiles of what a request differs by:
 *
 *   arrival   when within its batch it came; the delay is linear in it
 *   prompt    length n by the class's law
 *   output    length m
 *   met       how much is left of the step it comes into: evenly, 0 for those who meet an engine at rest
 *   wait      for prompts before and beside it (for 1 - exp(-queue / lump) of the requests), and for a place:
 *             exponential each
 *   jitter    prompts that come between its tokens: normal
 *
 *   first token = delay + met + prompt n / E[n] + ceil(n / room) plain step + wait
 *   finish      = first token + (m - 1) itl + sqrt(jitter (m - 1) itl) z
 *
 * Places are taken from a sequence that fills the cube evenly (Roberts' additive recurrence), so few of them
 * stand for many requests. */
#ifndef GW_MODELS_SERVING_FLOW_TIMES_H
#define GW_MODELS_SERVING_FLOW_TIMES_H

#include "models/serving/flow.h"
#include "models/workload/length.h"

enum gw_flow_times_dim {
    GW_FLOW_TIMES_ARRIVAL,
    GW_FLOW_TIMES_PROMPT,
    GW_FLOW_TIMES_OUTPUT,
    GW_FLOW_TIMES_MET,
    GW_FLOW_TIMES_WAIT,
    GW_FLOW_TIMES_JITTER,
    GW_FLOW_TIMES_DIMS
};

/* A law of lengths: its table, or where only moments are known (a trace) a lognormal with these. */
struct gw_flow_times_law {
    const struct gw_length *table; /* NULL: by its moments */
    double mean, mean_sq;
};

struct gw_flow_times {
    gw_time_us arrival_us; /* at the site */
    double in_tok, out_tok;
    double first_s, finish_s; /* since then */
};

/* The index-th place of the sequence; coordinates in (0, 1). */
void gw_flow_times_place(uint64_t index, double u[GW_FLOW_TIMES_DIMS]);

void gw_flow_times_at(const struct gw_flow_batch *batch, const struct gw_flow_times_law *prompt,
                      const struct gw_flow_times_law *output, const double u[GW_FLOW_TIMES_DIMS],
                      struct gw_flow_times *out);

#endif
