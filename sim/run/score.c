#include "sim/run/score.h"

#include <math.h>
#include <string.h>

#include "sim/base/check.h"

#define GW_SCORE_ROW(id, name, unit, better, doc) {name, unit, doc, GW_BETTER_##better},
static const struct gw_score_doc docs[] = {GW_SCORES(GW_SCORE_ROW)};
#undef GW_SCORE_ROW

struct gw_score_doc gw_score_doc(enum gw_score column)
{
    GW_REQUIRE(column >= 0 && column < GW_SCORE_COUNT);
    return docs[column];
}

enum gw_score gw_score_find(const char *name)
{
    int column = 0;
    while (column < GW_SCORE_COUNT && strcmp(docs[column].name, name) != 0) {
        column++;
    }
    return (enum gw_score)column;
}

const char *const gw_score_objective_names[] = {"carbon", "water", "cost", "ttft", NULL};

struct gw_score_objective gw_score_objective(enum gw_objective objective)
{
    static const struct gw_score_objective of[GW_SCORE_OBJECTIVES] = {
        [GW_OBJ_CARBON_KG] = {"lp-carbon", GW_SCORE_CARBON, GW_SCORE_PLAN_GAP_CARBON,
                              GW_SCORE_SIM_GAP_CARBON},
        [GW_OBJ_WATER_L] = {"lp-water", GW_SCORE_WATER, GW_SCORE_PLAN_GAP_WATER, GW_SCORE_SIM_GAP_WATER},
        [GW_OBJ_COST_USD] = {"lp-cost", GW_SCORE_COST, GW_SCORE_PLAN_GAP_COST, GW_SCORE_SIM_GAP_COST},
        [GW_OBJ_TTFT_MS] = {"lp-ttft", GW_SCORE_TTFT_MEAN, GW_SCORE_PLAN_GAP_TTFT, GW_SCORE_SIM_GAP_TTFT},
    };
    GW_REQUIRE((int)objective >= 0 && (int)objective < GW_SCORE_OBJECTIVES);
    return of[objective];
}

/* Written so that a NaN on either side is not near anything. */
static bool same_work(double a, double b)
{
    return fabs(a - b) <= GW_SCORE_WORK_TOLERANCE * fmax(fabs(a), fabs(b));
}

/* Missing energy was not bought, so such a row looks better than it is. */
static bool supplied(const double *score)
{
    return !(score[GW_SCORE_MISSING] > GW_SCORE_WORK_TOLERANCE * fmax(score[GW_SCORE_ENERGY], 0));
}

bool gw_score_comparable(const double *score, const double *baseline)
{
    const bool directed = score[GW_SCORE_QUALITY] > 0.0 && baseline[GW_SCORE_QUALITY] > 0.0;
    return supplied(score) && supplied(baseline) &&
           same_work(score[GW_SCORE_COMPLETED], baseline[GW_SCORE_COMPLETED]) &&
           same_work(score[GW_SCORE_TRAINING_WORK], baseline[GW_SCORE_TRAINING_WORK]) &&
           same_work(score[GW_SCORE_LEARNT], baseline[GW_SCORE_LEARNT]) &&
           (directed || same_work(score[GW_SCORE_TOKENS_OUT], baseline[GW_SCORE_TOKENS_OUT]));
}

bool gw_score_comparable_per_request(const double *score, const double *baseline)
{
    const double share = score[GW_SCORE_COMPLETED] / score[GW_SCORE_ARRIVED];
    const double baseline_share = baseline[GW_SCORE_COMPLETED] / baseline[GW_SCORE_ARRIVED];
    return supplied(score) && supplied(baseline) && share > 0.0 && same_work(share, baseline_share);
}

bool gw_score_is_total(enum gw_score column)
{
    static const char *const amounts[] = {"kgCO2", "L", "USD", "kWh"};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        if (strcmp(gw_score_doc(column).unit, amounts[i]) == 0) {
            return true;
        }
    }
    return false;
}
