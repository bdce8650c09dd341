#include "models/serving/island.h"

static gw_time_us next_of(struct gw_fleet *const *fleet, uint32_t n)
{
    gw_time_us first_us = GW_NEVER_US;
    for (uint32_t i = 0; i < n; i++) {
        const gw_time_us next_us = gw_fleet_next(fleet[i]);
        first_us = next_us < first_us ? next_us : first_us;
    }
    return first_us;
}

bool gw_island_advance(struct gw_fleet *const *fleet, uint32_t n, gw_time_us least_us, gw_time_us until_us)
{
    gw_time_us to_us;
    do {
        const gw_time_us next_us = next_of(fleet, n);
        to_us = next_us < until_us - least_us ? next_us + least_us + 1 : until_us;
        for (uint32_t i = 0; i < n; i++) {
            if (!gw_fleet_advance(fleet[i], to_us)) {
                return false;
            }
        }
    } while (to_us < until_us);
    return true;
}
