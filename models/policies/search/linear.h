/* models/policies/search/linear.h - routing as a linear problem: rows of shares over places, costs per share,
 * limited room.
 *
 *   f_k    = fixed_k + sum_i cost_ik x_i + penalty_k over
 *   used   = sum of load_i x_i over the rows of a group at a place
 *   over   = sum over groups and places of max(used - room, 0)
 *
 * penalty_k is twice what the dearest exchange of room for cost could save, so an overloaded place never pays
 * in any objective: where the load finds room the optimum of a weighted sum is that of the linear programme.
 * A move costs a handful of operations whatever the size. */
#ifndef GW_MODELS_POLICIES_SEARCH_LINEAR_H
#define GW_MODELS_POLICIES_SEARCH_LINEAR_H

#include <stdbool.h>

#include "models/policies/search/problem.h"
#include "sim/base/arena.h"

struct gw_linear {
    uint32_t rows, places, groups, objectives;
    double *cost;     /* [rows][places][objectives] of a whole row there */
    double *load;     /* [rows][places] room that a whole row takes there */
    uint8_t *allowed; /* [rows][places] */
    uint32_t *group;  /* [rows] who shares room */
    double room;
    double fixed[GW_PROBLEM_OBJECTIVES_MAX], penalty[GW_PROBLEM_OBJECTIVES_MAX];
    struct gw_problem_moves moves;
    struct gw_problem problem; /* what searches take; points at this struct */
};

/* Zeroed arrays in the arena, everything allowed, room 1; false when memory is out. */
bool gw_linear_init(struct gw_linear *self, uint32_t rows, uint32_t places, uint32_t groups,
                    uint32_t objectives, struct gw_arena *arena);

/* To be called when costs, loads and places are written: sets penalties and problem. self must not move
 * after. */
void gw_linear_ready(struct gw_linear *self);

/* How much of the room the load exceeds; 0 for a plan that finds room everywhere. */
double gw_linear_over(const struct gw_linear *self, const double *x);

/* A made instance for comparisons: random costs that are loosely coupled (a clean place may be dear), rows of
 * unequal weight, one group, places of unequal size with `slack` times the room that all rows need on
 * average. */
bool gw_linear_toy(struct gw_linear *self, uint32_t rows, uint32_t places, uint32_t objectives, double slack,
                   uint64_t seed, struct gw_arena *arena);

#endif
