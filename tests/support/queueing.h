/* tests/support/queueing.h - the replica as a queue whose theory is known.
 *
 * With one seat and only the fixed cost per step a replica is M/G/1, first come first served. With only the
 * cost per sequence and step it is processor sharing. The step-by-step twin shares the step-time function
 * with the engine; these formulas share nothing. */
#ifndef GW_TESTS_SUPPORT_QUEUEING_H
#define GW_TESTS_SUPPORT_QUEUEING_H

#include <stdint.h>

/* Answer lengths, in tokens. */
enum queueing_law { QUEUEING_CONSTANT, QUEUEING_GEOMETRIC, QUEUEING_TWO_POINT, QUEUEING_LAWS };

struct queueing_case {
    enum queueing_law law;
    double load; /* rho */
    uint64_t requests;
};

/* Both fail the cmocka test when a mean lies outside its confidence interval of 99.9 % (from batch means), or
 * the interval is too wide to say anything. */

/* Mean wait of Pollaczek and Khinchine: lambda E[S^2] / (2 (1 - rho)); the busy share is rho. */
void queueing_check_fcfs(const struct queueing_case *c);

/* Mean time in the system E[S] / (1 - rho) whatever the law, mean number in it rho / (1 - rho), as arrivals
 * see it. */
void queueing_check_sharing(const struct queueing_case *c);

#endif
