/* sim/validate/validators.h - what can be validated: one file validate_<subject>.c each. */
#ifndef GW_SIM_VALIDATE_VALIDATORS_H
#define GW_SIM_VALIDATE_VALIDATORS_H

#include "sim/validate/validation.h"

struct gw_validator {
    const char *name, *summary;
    /* Adds rows. Fails only on what is no matter of numbers: memory, or a public file that is broken. */
    enum gw_status (*run)(struct gw_validation *out, struct gw_error *err);
};

extern const struct gw_validator gw_validators[]; /* ended by a NULL name */

/* Each in its own file. */
enum gw_status gw_validate_cooling(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_cooling_zones(struct gw_validation *out, struct gw_error *err); /* part of it */
enum gw_status gw_validate_federation(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_federation_runs(struct gw_validation *out, struct gw_error *err); /* part of it */
enum gw_status gw_validate_flow(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_grid(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_weather(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_network(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_workload(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_power(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_serving(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_training(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_training_runs(struct gw_validation *out, struct gw_error *err); /* part of it */
enum gw_status gw_validate_training_zeus(struct gw_validation *out, struct gw_error *err); /* part of it */
enum gw_status gw_validate_training_jobs(struct gw_validation *out, struct gw_error *err); /* part of it */
enum gw_status gw_validate_search(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_shield(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_slit(struct gw_validation *out, struct gw_error *err);
enum gw_status gw_validate_sprout(struct gw_validation *out, struct gw_error *err);

#endif
