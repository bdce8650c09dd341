/* models/policies/routing_problem.h - "shares over sites, so that carbon, water, cost and TTFT are low" as a
 * problem for the searches.
 *
 *   full      what gw_eval_plan says; a move is priced from the two sites it touches
 *   linear    SHIELD's world: energy per request as it is at this load, no waiting, no bargain of one's own
 *             panels
 *
 *   f_k  + penalty_k over,   over = sum over sites and models of max(u / fill - 1, 0)
 *
 * in both: a site's utilisation is held at or below `fill`, since requests that pile up behind a full site
 * draw no power in the epoch that is valued and would look like savings. penalty_k is twice what the dearest
 * exchange of room could save (linear.h), in full with every curve as steep as it gets. Where no site is
 * above `fill`, full agrees with view->eval to rounding. Objectives are the first four of enum gw_objective.
 */
#ifndef GW_MODELS_POLICIES_ROUTING_PROBLEM_H
#define GW_MODELS_POLICIES_ROUTING_PROBLEM_H

#include "models/policies/policy.h"
#include "models/policies/purchase.h"
#include "models/policies/search/linear.h"

enum { GW_ROUTING_PROBLEM_OBJECTIVES = 4 };
enum gw_routing_problem_eval { GW_ROUTING_PROBLEM_LINEAR, GW_ROUTING_PROBLEM_FULL };

struct gw_routing_problem {
    const struct gw_view *view;
    struct gw_linear linear;
    struct gw_problem_moves moves;
    struct gw_problem problem;                     /* of the coming epoch; points at this struct */
    double fill, hours, rate;                      /* requests per second, all rows */
    double penalty[GW_ROUTING_PROBLEM_OBJECTIVES]; /* of full */
    /* tables of the view, found once */
    const double *demand_rate, *model, *origin, *may, *rtt_ms, *transfer_usd, *request_kwh, *capacity,
        *ttft_ms, *power_kw;
    const double *carbon, *price, *water, *marginal, *water_onsite, *fixed_it_kw, *fixed_facility_kw,
        *onsite_kw;
    struct gw_purchase purchase;
};

/* `view` stays the same for the run. False when memory is out; self must not move after. */
bool gw_routing_problem_init(struct gw_routing_problem *self, const struct gw_view *view, double fill,
                             struct gw_arena *arena);

/* The problem as the view stands now: once per epoch. */
const struct gw_problem *gw_routing_problem_now(struct gw_routing_problem *self,
                                                enum gw_routing_problem_eval eval);

#endif
