/* models/policies/search/slit.h - local search of scalarised objectives, guided by a learner, and a
 * decomposition EA: the engine behind MOELA, SHIELD, MOSAIC and SLIT, with all that differs between them as
 * settings.
 *
 * One member per direction. In each iteration
 *
 *   1. members are chosen to start from: at random per cluster of directions while it is early or without a
 * learner, else those for which the learner predicts the lowest end or the largest gain; in any case one per
 * objective when `priority_points` says so
 *   2. from each, small random changes are accepted when they lower the direction's scalarised value, until
 * too many in a row did not or enough did; the end replaces the start, and the points on the way train the
 * learner
 *   3. members breed, and a child replaces at most `replace_max` members whose value it beats
 *
 * MOELA: S. Qi, Y. Li, S. Pasricha, R. Kim, DATE 2023, arXiv 2303.06169. SHIELD: S. Qi, D. Milojicic, C.
 * Bash, S. Pasricha, arXiv 2308.13086. MOSAIC: the same, arXiv 2311.08583. SLIT: the same group, GLSVLSI
 * 2025, arXiv 2505.23554, whose algorithm we know from its abstract and its ancestors only: the preset `slit`
 * is our reconstruction, and so is what `mosaic` makes of an abstract. docs/policies/slit.md */
#ifndef GW_MODELS_POLICIES_SEARCH_SLIT_H
#define GW_MODELS_POLICIES_SEARCH_SLIT_H

#include "models/policies/search/learner.h"
#include "models/policies/search/scalar.h"
#include "models/policies/search/search.h"

enum gw_slit_mating { GW_SLIT_MATING_NEIGHBOURS, GW_SLIT_MATING_SEARCHED };
enum gw_slit_scale { GW_SLIT_SCALE_FIRST, GW_SLIT_SCALE_POPULATION };
enum gw_slit_pick { GW_SLIT_PICK_LOWEST, GW_SLIT_PICK_GAIN };

struct gw_slit_cfg {
    uint32_t neighbours;               /* nearest directions that mate */
    double mating_neighbour_prob;      /* else all */
    uint32_t clusters;                 /* of directions */
    uint32_t early_iterations;         /* before the learner is asked */
    uint32_t starts_early_per_cluster; /* afterwards one */
    uint32_t ls_max_fail, ls_max_improve;
    bool ls_adaptive; /* the failures allowed grow by half after a search that found enough, else shrink by a
                         tenth */
    enum gw_learner_kind learner;
    uint32_t trees, retrain_every, rows_max;
    bool forget; /* rows after each training */
    enum gw_slit_pick pick;
    enum gw_scalar_kind scalarisation;
    enum gw_slit_scale scale;   /* of objectives: the worst of the first population, or of the present one */
    enum gw_slit_mating mating; /* neighbours, or a searched member with one that was not */
    uint32_t children;          /* per member and iteration */
    uint32_t replace_max;
    bool priority_points, archive;
};

enum gw_slit_preset { GW_SLIT_SLIT, GW_SLIT_SHIELD, GW_SLIT_MOELA, GW_SLIT_MOSAIC, GW_SLIT_PRESETS };
extern const struct gw_slit_cfg gw_slit_presets[GW_SLIT_PRESETS];

/* As searches do (search.h): `how` gives seed, evaluations, population, start. Prices of moves count as
 * evaluations. With `archive`, found holds whatever was met and is not dominated, else the last population's.
 */
bool gw_slit_run(const struct gw_problem *problem, const struct gw_search *how, const struct gw_slit_cfg *cfg,
                 struct gw_front *found);

#endif
