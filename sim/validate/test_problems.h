/* sim/validate/test_problems.h - problems whose Pareto fronts are known, to try searches on.
 *
 *   zdt1..4, zdt6   two objectives; 30, 30, 30, 10 and 10 variables
 *                   E. Zitzler, K. Deb, L. Thiele, "Comparison of multiobjective evolutionary algorithms:
 *                   empirical results", Evol. Comput. 8(2), 2000
 *   dtlz1, dtlz2    three objectives; 7 and 12 variables
 *                   K. Deb, L. Thiele, M. Laumanns, E. Zitzler, "Scalable test problems for evolutionary
 *                   multiobjective optimization", 2005 */
#ifndef GW_SIM_VALIDATE_TEST_PROBLEMS_H
#define GW_SIM_VALIDATE_TEST_PROBLEMS_H

#include "models/policies/search/problem.h"

enum gw_test_problem {
    GW_TEST_ZDT1,
    GW_TEST_ZDT2,
    GW_TEST_ZDT3,
    GW_TEST_ZDT4,
    GW_TEST_ZDT6,
    GW_TEST_DTLZ1,
    GW_TEST_DTLZ2,
    GW_TEST_PROBLEMS
};
extern const char *const gw_test_problems_names[];

/* Static: nothing to end. */
const struct gw_problem *gw_test_problems_at(enum gw_test_problem which);

/* n points of a two-objective front, spread over the first objective; out[n][2]. n >= 2. */
void gw_test_problems_front(enum gw_test_problem which, uint32_t n, double *out);

#endif
