#include "sim/run/station.h"

void gw_station_close(struct gw_station *self)
{
    gw_fleet_destroy(self->fleet);
    gw_flow_destroy(self->flow);
    *self = (struct gw_station){0};
}

bool gw_station_advance(struct gw_station *self, gw_time_us until_us)
{
    return self->flow != NULL ? gw_flow_advance(self->flow, until_us)
                              : gw_fleet_advance(self->fleet, until_us);
}

void gw_station_meter(struct gw_station *self, gw_time_us at_us, struct gw_replica_meter *group,
                      double *class_j)
{
    if (self->flow != NULL) {
        gw_flow_meter(self->flow, group, class_j);
    } else {
        gw_fleet_meter(self->fleet, at_us, group, class_j);
    }
}

const struct gw_fleet_load *gw_station_load(const struct gw_station *self, uint32_t model)
{
    return self->flow != NULL ? gw_flow_load(self->flow, model) : gw_fleet_load(self->fleet, model);
}

double gw_station_in_flight(const struct gw_station *self, uint32_t model)
{
    return self->flow != NULL ? gw_flow_in_flight(self->flow, model) : gw_fleet_in_flight(self->fleet, model);
}

gw_time_us gw_station_next(const struct gw_station *self)
{
    if (self->flow != NULL) {
        return gw_flow_empty(self->flow) ? GW_NEVER_US : 0;
    }
    return gw_fleet_next(self->fleet);
}

uint64_t gw_station_ties(const struct gw_station *self)
{
    return self->flow != NULL ? 0 : gw_fleet_ties(self->fleet);
}
