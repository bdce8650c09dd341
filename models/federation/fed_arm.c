#include "models/federation/fed_arm.h"

#include <string.h>

#include "sim/base/units.h"

/* ---- one site ---- */

static int central_select(void *self, const struct gw_view *view, const struct gw_round *round,
                          struct gw_round_choice *out, struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    memset(out->in, 0, round->clients);
    out->in[*(const uint32_t *)self] = 1;
    return 0;
}

static const struct gw_policy_ops central = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_FEDERATION,
    .name = "central",
    .summary = "One site alone",
    .select = central_select,
};

enum gw_status gw_fed_arm_central(const struct gw_fed_stage *stage, uint32_t client, struct gw_fed_arm *out,
                                  struct gw_error *err)
{
    const struct gw_fed_selector selector = {.ops = &central, .self = &client};
    return gw_fed_arm_run(stage, &selector, out, err);
}

/* ---- any ---- */

struct gw_fed_books gw_fed_arm_sum(struct gw_federation *job, uint32_t clients)
{
    struct gw_fed_books sum = {0};
    for (uint32_t c = 0; c < clients; c++) {
        const struct gw_fed_books b = gw_federation_books(job, c);
        sum.compute_kwh += b.compute_kwh;
        sum.gap_kwh += b.gap_kwh;
        sum.idle_kwh += b.idle_kwh;
        sum.wasted_kwh += b.wasted_kwh;
        sum.pending_kwh += b.pending_kwh;
        sum.standby_kwh += b.standby_kwh;
        sum.network_kwh += b.network_kwh;
        sum.facility_kwh += b.facility_kwh;
        sum.grid_kwh += b.grid_kwh;
        sum.excess_kwh += b.excess_kwh;
        sum.carbon_g += b.carbon_g;
        sum.network_carbon_g += b.network_carbon_g;
        sum.cost_usd += b.cost_usd;
        sum.egress_usd += b.egress_usd;
        sum.water_onsite_l += b.water_onsite_l;
        sum.water_offsite_l += b.water_offsite_l;
        sum.sent_gb += b.sent_gb;
        sum.received_gb += b.received_gb;
        sum.steps += b.steps;
        sum.wasted_steps += b.wasted_steps;
        sum.on_h += b.on_h;
        sum.joined += b.joined;
        sum.dropped += b.dropped;
    }
    return sum;
}

static struct gw_fed_arm read_arm(const struct gw_fed_stage *stage, struct gw_federation *job)
{
    struct gw_fed_arm out = {.sum = gw_fed_arm_sum(job, stage->clients), .state = gw_federation_state(job)};
    const double hours = gw_h_from_us((gw_time_us)stage->series->n * stage->series->step_us);
    for (uint32_t c = 0; c < stage->clients; c++) {
        out.embodied_kg += stage->embodied_kg_per_h != NULL ? stage->embodied_kg_per_h[c] * hours : 0.0;
    }
    return out;
}

enum gw_status gw_fed_arm_run(const struct gw_fed_stage *stage, const struct gw_fed_selector *selector,
                              struct gw_fed_arm *out, struct gw_error *err)
{
    struct gw_federation_cfg cfg = stage->cfg;
    cfg.always_on = true;
    *out = (struct gw_fed_arm){0};
    enum gw_status s = gw_federation_check(&cfg, stage->clients, stage->client, err);
    if (s != GW_OK) {
        return s;
    }
    struct gw_federation *job =
        gw_federation_create(&cfg, stage->clients, stage->client, stage->links, selector);
    if (job == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "federated", "out of memory");
    }
    s = gw_fed_series_run(job, stage->clients, stage->series, stage->decide_us, stage->horizon, true, err);
    if (s == GW_OK) {
        *out = read_arm(stage, job);
    }
    gw_federation_destroy(job);
    return s;
}

bool gw_fed_arm_comparable(const struct gw_fed_arm *a, const struct gw_fed_arm *b)
{
    return a->state.reached && b->state.reached;
}
