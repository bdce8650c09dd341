#include "models/hardware/power_law.h"

#include <math.h>
#include <string.h>

#include "sim/base/check.h"

static const struct gw_type watts = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "W", .min = 0.0, .max = 50e3};
static const struct gw_type exponent = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.05, .max = 4.0};

/* x^a for a share x. The two exponents that fits use most need no pow. */
static double share_power(double x, double a)
{
    if (a == 2.0) {
        return x * x;
    }
    return a == 1.0 ? x : pow(x, a);
}

/* --- states ------------------------------------------------------------------------------------- */

static double states_watts(const void *cfg, const struct gw_power_state *state)
{
    const struct gw_power_states *c = cfg;
    return state->has_prompt ? c->prefill_w : c->decode_w;
}

#define F(field, type, doc) GW_FIELD(struct gw_power_states, field, type, NULL, doc, NULL)
static const struct gw_field states_fields[] = {
    F(prefill_w, &watts, "Power of a step that processes prompt tokens"),
    F(decode_w, &watts, "Power of a step that only decodes"),
    GW_FIELD_END,
};
#undef F
static const struct gw_type states_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_power_states),
    .of = states_fields,
    .doc = "One power for steps with prompt tokens and one for steps without",
};

/* --- logistic ----------------------------------------------------------------------------------- */

static double logistic_watts(const void *cfg, const struct gw_power_state *state)
{
    const struct gw_power_logistic *c = cfg;
    GW_CHECK(state->batch >= 0.0);
    /* batch 0: log2 is -inf, the exponential +inf, the rise 0 */
    return c->base_w + c->rise_w / (1.0 + exp(c->slope * (c->mid_log2_batch - log2(state->batch))));
}

static const struct gw_type slope = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.05, .max = 20.0};
static const struct gw_type log2_batch = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.0, .max = 16.0};

#define F(field, type, doc) GW_FIELD(struct gw_power_logistic, field, type, NULL, doc, NULL)
static const struct gw_field logistic_fields[] = {
    F(base_w, &watts, "Power at very small batches (b0)"),
    F(rise_w, &watts, "Further power at very large batches (A)"),
    F(slope, &slope, "Steepness of the rise per doubling of the batch (k)"),
    F(mid_log2_batch, &log2_batch, "Base-2 logarithm of the batch at which half of the rise is reached (x0)"),
    GW_FIELD_END,
};
#undef F
static const struct gw_type logistic_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_power_logistic),
    .of = logistic_fields,
    .doc = "A logistic curve over the logarithm of the batch, fitted to one model on one accelerator",
};

/* --- two-util ----------------------------------------------------------------------------------- */

static double two_util_watts(const void *cfg, const struct gw_power_state *state)
{
    const struct gw_power_two_util *c = cfg;
    GW_CHECK(state->mem_frac >= 0.0);
    GW_CHECK(state->flop_frac >= 0.0);
    const double p = c->idle_w + c->mem_w * share_power(state->mem_frac, c->mem_exponent) +
                     c->flop_w * share_power(state->flop_frac, c->flop_exponent);
    return p > c->limit_w ? c->limit_w : p; /* an absent limit is NAN: never exceeded */
}

static double two_util_limit_w(const void *cfg)
{
    const struct gw_power_two_util *c = cfg;
    return c->limit_w;
}

#define F(field, type, def, doc) GW_FIELD(struct gw_power_two_util, field, type, def, doc, NULL)
static const struct gw_field two_util_fields[] = {
    F(idle_w, &watts, NULL, "Power at zero utilisation, as the fit extrapolates it"),
    F(mem_w, &watts, NULL, "Further power at the full memory bandwidth (pm)"),
    F(mem_exponent, &exponent, NULL, "Exponent of the memory utilisation (a)"),
    F(flop_w, &watts, NULL, "Further power at the full dense FLOP rate (pf)"),
    F(flop_exponent, &exponent, NULL, "Exponent of the arithmetic utilisation (c)"),
    F(limit_w, &watts, "~", "Highest power the accelerator was seen to sustain"),
    GW_FIELD_END,
};
#undef F
static const struct gw_type two_util_type = {
    .kind = GW_OBJ,
    .size = sizeof(struct gw_power_two_util),
    .of = two_util_fields,
    .doc = "Powers of the memory and the arithmetic utilisation, fitted over models and batches",
};

/* --- the registry ------------------------------------------------------------------------------- */

static const struct gw_power_law laws[] = {
    {"states", "one power for steps with prompt tokens, one for steps without", &states_type, true,
     states_watts, NULL},
    {"logistic", "logistic in log2 of the batch, for one model on one accelerator", &logistic_type, true,
     logistic_watts, NULL},
    {"two-util", "memory and arithmetic utilisation, for any model on one accelerator", &two_util_type, false,
     two_util_watts, two_util_limit_w},
};
enum { LAWS = sizeof laws / sizeof laws[0] };

static const char *const law_names[] = {"states", "logistic", "two-util", NULL};
_Static_assert(sizeof law_names / sizeof law_names[0] == LAWS + 1, "a name for each law");

const struct gw_power_law *gw_power_law_find(const char *name)
{
    for (size_t i = 0; i < LAWS; i++) {
        if (strcmp(laws[i].name, name) == 0) {
            return &laws[i];
        }
    }
    return NULL;
}

const char *const *gw_power_law_names(void)
{
    return law_names;
}

const struct gw_type *gw_power_law_type(const char *name)
{
    const struct gw_power_law *law = gw_power_law_find(name);
    return law == NULL ? NULL : law->type;
}
