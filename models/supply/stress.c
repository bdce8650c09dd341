#include "models/supply/stress.h"

#include <math.h>
#include <stddef.h>

#include "sim/base/check.h"

const char *const gw_stress_names[] = {
    [GW_STRESS_UNKNOWN] = "unknown",
    [GW_STRESS_LOW] = "low",
    [GW_STRESS_LOW_MEDIUM] = "low-medium",
    [GW_STRESS_MEDIUM_HIGH] = "medium-high",
    [GW_STRESS_HIGH] = "high",
    [GW_STRESS_EXTREMELY_HIGH] = "extremely-high",
    [GW_STRESS_ARID] = "arid",
    [GW_STRESS_CLASSES] = NULL,
};

double gw_stress_weight(enum gw_stress class)
{
    static const double middle[] = {
        [GW_STRESS_UNKNOWN] = (double)NAN,
        [GW_STRESS_LOW] = 0.05,
        [GW_STRESS_LOW_MEDIUM] = 0.15,
        [GW_STRESS_MEDIUM_HIGH] = 0.3,
        [GW_STRESS_HIGH] = 0.6,
        [GW_STRESS_EXTREMELY_HIGH] = 1,
        [GW_STRESS_ARID] = 1,
    };
    GW_REQUIRE(class >= 0 && class < GW_STRESS_CLASSES);
    return 1 + middle[class];
}
