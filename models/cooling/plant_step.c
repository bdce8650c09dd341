#include "models/cooling/plant_step.h"

#include <math.h>

#include "sim/base/check.h"

static const double longest_part_s = 300.0;

/* Every quantity but shut_s, which is a state. */
#define RATES(X)                                                                                             \
    X(cooling_kw)                                                                                            \
    X(power_chain_kw)                                                                                        \
    X(water_consumed_l_per_h)                                                                                \
    X(water_withdrawn_l_per_h)                                                                               \
    X(fan_kw)                                                                                                \
    X(pump_kw)                                                                                               \
    X(rejection_kw)                                                                                          \
    X(compressor_kw)                                                                                         \
    X(evaporated_l_per_h)                                                                                    \
    X(drift_l_per_h)                                                                                         \
    X(discharged_l_per_h)                                                                                    \
    X(rejected_kw)                                                                                           \
    X(reused_kw)                                                                                             \
    X(shed_kw)                                                                                               \
    X(heat_pump_kw)                                                                                          \
    X(free_frac)

#define COUNT(field) +1
_Static_assert(sizeof(struct gw_plant_out) == (1 RATES(COUNT)) * sizeof(double),
               "every field is a rate, and shut_s beside them");
#undef COUNT

static void add(struct gw_plant_out *sum, const struct gw_plant_out *part)
{
#define ADD(field) sum->field += part->field;
    RATES(ADD)
#undef ADD
    sum->shut_s = part->shut_s;
}

static void divide(struct gw_plant_out *sum, double n)
{
#define DIVIDE(field) sum->field /= n;
    RATES(DIVIDE)
#undef DIVIDE
}

uint32_t gw_plant_step_parts(double step_s)
{
    GW_REQUIRE(step_s > 0.0);
    return (uint32_t)ceil(step_s / longest_part_s);
}

struct gw_plant_out gw_plant_step(const struct gw_plant *plant, const void *cfg, const struct gw_plant_in *in,
                                  const struct gw_plant_step_air *air)
{
    const uint32_t n = gw_plant_step_parts(in->step_s);
    struct gw_plant_in part = *in;
    part.step_s = in->step_s / n;
    if (n == 1) { /* the usual case, at its usual cost */
        air->at(air->from, 0.5 * part.step_s, &part);
        return plant->at(cfg, &part);
    }
    struct gw_plant_out sum = {0};
    for (uint32_t i = 0; i < n; i++) {
        air->at(air->from, (i + 0.5) * part.step_s, &part);
        const struct gw_plant_out out = plant->at(cfg, &part);
        part.shut_s = out.shut_s;
        add(&sum, &out);
    }
    divide(&sum, n);
    return sum;
}
