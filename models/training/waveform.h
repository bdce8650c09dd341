/* models/training/waveform.h - watts of one accelerator over the time of a training.
 *
 *   a cycle = interval_s of steps, then blocking_s of checkpoint
 *   a step  = (1 - c) step_s of computing, then c step_s of exchange that nothing hides
 *
 * All accelerators of a job move together, so these dips and rises appear at the site's meter many times
 * over. A failure is a gap at idle watts that the caller puts in. The integral is exact: energy between two
 * times is that of the steps and dips between them. docs/models/training.md, eq. 15. Pure functions. */
#ifndef GW_MODELS_TRAINING_WAVEFORM_H
#define GW_MODELS_TRAINING_WAVEFORM_H

struct gw_waveform {
    double compute_w, exchange_w, checkpoint_w; /* per accelerator */
    double step_s, exposed_frac;                /* c */
    double interval_s, blocking_s;              /* interval_s INFINITY: no checkpoints */
};

/* At t_s >= 0 since the job began to compute. An edge belongs to what begins there. */
double gw_waveform_w(const struct gw_waveform *self, double t_s);

/* Energy from the beginning to t_s; of a stretch, the difference of two. */
double gw_waveform_j(const struct gw_waveform *self, double t_s);

/* Over a whole cycle, and while no checkpoint is written. */
double gw_waveform_mean_w(const struct gw_waveform *self);
double gw_waveform_training_w(const struct gw_waveform *self);

/* Lowest and highest of a cycle: the supply of n accelerators sees their difference n times. */
void gw_waveform_range_w(const struct gw_waveform *self, double *low_w, double *high_w);

#endif
