/* models/training/efficiency.h - the share of the peak rate that training reaches.
 *
 *   HFU(P, n) = table(P) (1 - d log2(n / n0(P)))+ k     n above n0; k: the accelerator, over the table's
 *   MFU       = HFU model / hardware                    FLOP counted as in flops.h
 *
 * The table has measured rows: weights, accelerators, HFU; between its rows lines over log P, beyond its ends
 * their values. Growing n at a fixed batch costs d per doubling. A pipeline of p stages with v chunks each
 * and m micro-batches idles for (p - 1) / (v m) of the time it computes; it is inside a measured HFU and
 * counts when one layout is held against another. docs/models/training.md, eq. 5 to 7. */
#ifndef GW_MODELS_TRAINING_EFFICIENCY_H
#define GW_MODELS_TRAINING_EFFICIENCY_H

#include "sim/tree/bind.h"

struct gw_efficiency_row {
    double params;       /* weights of the model */
    double accelerators; /* n0 */
    double hfu;
};

/* An accelerator beside the one of the table. */
struct gw_efficiency_factor {
    double factor;
};

struct gw_efficiency {
    const char *name, *title;
    struct gw_slice rows;              /* of struct gw_efficiency_row, params rising */
    double loss_per_doubling;          /* d */
    struct gw_names accelerators;      /* name -> struct gw_efficiency_factor */
    double hot_from_c, hot_loss_per_k; /* of throughput, per kelvin of outdoor air above */
};

extern const struct gw_type gw_efficiency_type; /* the catalogue's `efficiencies` */

struct gw_efficiency_at {
    double table;        /* HFU of the table's accelerator at its own number of them */
    double accelerators; /* n0 */
    double doublings;    /* log2(n / n0), at least 0 */
    double factor;       /* k */
    bool known;          /* the table says something about this accelerator; else k = 1 */
    double hfu;
};

/* params and n positive; accelerator: its name in the catalogue, NULL for the table's own. */
struct gw_efficiency_at gw_efficiency_hfu(const struct gw_efficiency *self, const char *accelerator,
                                          double params, double n);

/* Throughput in hot weather over that in cool: eq. 6. */
double gw_efficiency_hot(const struct gw_efficiency *self, double air_c);

/* (p - 1) / (v m), all at least 1. */
double gw_efficiency_bubble(double stages, double chunks, double micro_batches);

/* HFU of one layout out of another's: their bubbles alone differ. */
double gw_efficiency_relayout(double hfu, double bubble_from, double bubble_to);

/* The polynomials of LLMCarbon over the same table, in TFLOP/s of an A100 (reproduced as published). */
double gw_efficiency_llmcarbon_tflops(double params, bool pipeline);

#endif
