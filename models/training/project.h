/* models/training/project.h - energy around a final run: what was tried before, what is billed beside, what
 * comes after.
 *
 *   overhead    = final (o - 1)             o: hours billed over hours of the final run: annealing, restarts
 *   development = final d                   experiments and ablations before it
 *   retraining  = final o r f years         r times a year, f: a retraining over the final run
 *   holding     = nodes W (1 - busy) hours  a deployed model that waits for requests
 *
 * docs/models/training.md, eq. 17. */
#ifndef GW_MODELS_TRAINING_PROJECT_H
#define GW_MODELS_TRAINING_PROJECT_H

struct gw_project_cfg {
    double final_kwh;
    double overhead;                      /* o >= 1 */
    double development_frac;              /* d */
    double retrain_per_year, years;       /* r; of the deployment */
    double retrain_frac;                  /* f */
    double held_nodes, held_w, busy_frac; /* loaded and idle, at the plug */
};

struct gw_project {
    double final_kwh, overhead_kwh, development_kwh, retraining_kwh, holding_kwh;
    double total_kwh;
    double of_final; /* total over the final run: what a report of that alone leaves out */
};

struct gw_project gw_project_total(const struct gw_project_cfg *cfg);

#endif
