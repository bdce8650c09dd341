#include "models/federation/power_share.h"

#include <stdbool.h>

double gw_power_share(double supply, uint32_t n, const double *most, const double *weight, double *give)
{
    double weights = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        give[i] = -1.0; /* open */
        weights += weight[i];
    }
    /* each pass closes whoever reaches his most at the present rate, which only raises it for the others */
    for (bool closed = true; closed && weights > 0.0;) {
        const double rate = supply / weights;
        closed = false;
        for (uint32_t i = 0; i < n; i++) {
            if (give[i] < 0.0 && weight[i] > 0.0 && most[i] <= rate * weight[i]) {
                give[i] = most[i];
                supply -= most[i];
                weights -= weight[i];
                closed = true;
            }
        }
        supply = supply > 0.0 ? supply : 0.0;
    }
    const double rate = weights > 0.0 ? supply / weights : 0.0;
    bool open = false;
    for (uint32_t i = 0; i < n; i++) {
        if (give[i] < 0.0) {
            give[i] = weight[i] > 0.0 ? rate * weight[i] : 0.0;
            open = open || weight[i] > 0.0;
        }
    }
    return open ? 0.0 : supply;
}
