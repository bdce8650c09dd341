/* A site's physics per step: weather -> cooling -> supply -> grid -> ledger, everything above the nodes, with
 * panels, a turbine and a battery that looks a day ahead. */
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/run/air.h"
#include "sim/run/meter.h"
#include "tests/bench/bench.h"

#include <string.h>

void gw_bench_site_steps(struct gw_bench *b);

#define DAYS    365
#define STEP_US (300 * GW_US_PER_S)

static const char scenario[] =
    "geowatt: 1\n"
    "name: site-steps\n"
    "time: { start: 2023-01-01T00:00:00Z, duration: 365 d, drain: none, initial: cold }\n"
    "sites:\n"
    "  - { name: bare, place: ashburn, grid: { generated: { region: US-MIDA-PJM } }, cooling: ae-dec,\n"
    "      pools: [ { node: h100x8, count: 100 } ] }\n"
    "  - { name: full, place: ashburn, grid: { generated: { region: US-MIDA-PJM } }, cooling: ae-dec,\n"
    "      pools: [ { node: h100x8, count: 100 } ], pv: 2 MW, wind: 1 MW, import_limit: 1 MW,\n"
    "      battery: { energy: 2 MWh, policy: price-arbitrage } }\n"
    "serving:\n"
    "  models: [ { llm: llama-3.1-8b, tensor_parallel: 1, replicas: 1 } ]\n"
    "  demand: [ { name: none, origin: us-east, model: llama-3.1-8b, rate: 0 /s } ]\n"
    "output: { every: 1 h }\n"
    "policies: [ nearest ]\n";

struct steps {
    struct gw_scenario sc;
    uint32_t site;
    struct gw_air air;
    struct gw_onsite *onsite;
    double carbon[96], price[96];
    double share[GW_SHARE_COUNT];
};

/* A load that goes up and down through the day by a third. */
static double busy_kwh(gw_time_us t)
{
    const double hour = gw_h_from_us(t % (24 * GW_US_PER_H));
    return 50 + 20 * (hour < 12 ? hour / 12 : 2 - hour / 12);
}

static double advance(void *context)
{
    struct steps *steps = context;
    const struct gw_scenario *sc = &steps->sc;
    struct gw_arena arena = {0};
    struct gw_ledger ledger;
    GW_REQUIRE(gw_ledger_init(&ledger, sc->n_sites, 1, STEP_US, GW_US_PER_H, &arena));
    struct gw_onsite *onsite = &steps->onsite[steps->site];
    struct gw_meter meter = {.share = steps->share,
                             .onsite = gw_supply_exists(&onsite->site->cfg->supply) ? onsite : NULL,
                             .billing =
                                 gw_billing_open(sc, steps->site, &steps->air.grid[steps->site], &arena)};
    GW_REQUIRE(meter.billing != NULL);
    const gw_time_us start = sc->cfg.time.start_unix_us, epoch = sc->cfg.time.epoch_us;
    double n = 0;
    for (gw_time_us t = 0; t < DAYS * 24 * GW_US_PER_H; t += STEP_US, n++) {
        if (meter.onsite != NULL && t % epoch == 0) {
            gw_onsite_look(onsite, start + t, epoch, 96, steps->carbon, steps->price);
        }
        memset(meter.entry, 0, sizeof meter.entry);
        meter.entry[GW_ACCOUNT_BUSY] = busy_kwh(t);
        GW_REQUIRE(gw_ledger_open_step(&ledger, t));
        GW_REQUIRE(gw_meter_site(sc, steps->site, t, t + STEP_US, true, &steps->air, &meter, NULL) == GW_OK);
        gw_ledger_enter(&ledger, t, steps->site, meter.entry, steps->share);
    }
    gw_bench_keep(gw_ledger_site(&ledger, steps->site, GW_ACCOUNT_COST));
    gw_ledger_fini(&ledger);
    gw_arena_fini(&arena);
    return n;
}

void gw_bench_site_steps(struct gw_bench *b)
{
    static const char *const names[] = {"site steps, grid alone", "site steps, PV, wind and battery"};
    if (!gw_bench_wanted(b, names[0]) && !gw_bench_wanted(b, names[1])) {
        return;
    }
    struct steps steps = {0};
    struct gw_arena arena = {0};
    GW_REQUIRE(gw_scenario_parse(scenario, sizeof scenario - 1, "bench.yaml", NULL, &steps.sc, NULL) ==
               GW_OK);
    GW_REQUIRE(gw_air_make(&steps.sc, 0, &steps.air, &arena, NULL) == GW_OK);
    GW_REQUIRE(gw_onsite_make(&steps.sc, &steps.air, &steps.onsite, &arena, NULL) == GW_OK);
    for (int h = 0; h < 96; h++) {
        steps.carbon[h] = 300 + (h * 37) % 100;
        steps.price[h] = 1e-3 * (20 + (h * 61) % 80);
    }
    for (steps.site = 0; steps.site < 2; steps.site++) {
        gw_bench_run(b, names[steps.site], "site steps/s", 2e6, advance, &steps);
    }
    gw_arena_fini(&arena);
    gw_scenario_fini(&steps.sc);
}
