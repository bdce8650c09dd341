/* Every routing policy that neither searches nor solves geowatt's own program, in random worlds: its shares
 * keep the contract, at loads from nothing to twice what there is; and the greedy policy for an objective is
 * never worse in it than floors, where room is not scarce and the world as simple as greed believes. */
#include "tests/support/policy_run.h"
#include "tests/support/random_view.h"

#include "models/policies/spread.h"

enum { WORLDS = 200, SITES = 6, DEMANDS = 5, CELLS = SITES * DEMANDS };

static const struct gw_policy_ops *const policies[] = {
    &gw_policy_nearest,      &gw_policy_round_robin,    &gw_policy_uniform,       &gw_policy_random_site,
    &gw_policy_least_loaded, &gw_policy_most_available, &gw_policy_greedy_carbon, &gw_policy_greedy_water,
    &gw_policy_greedy_cost,  &gw_policy_greedy_ttft,    &gw_policy_greedy_energy, &gw_policy_greedy_weighted,
    &gw_policy_carbonmin,    &gw_policy_casper,         &gw_policy_waterwise,     &gw_policy_eglb,
    &gw_policy_helix_geo,    &gw_policy_splitwise_geo,
};
enum { POLICIES = sizeof policies / sizeof policies[0] };

static void shares_keep_the_contract_at_any_load(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 11);
    for (uint32_t world = 0; world < WORLDS; world++) {
        struct random_view v;
        random_view_init(&v, &rng, SITES, DEMANDS, 1 + world % 2, world % 10 == 0 ? 0.0 : 0.01 * world);
        for (uint32_t d = 0; d < DEMANDS; d++) { /* limits that some sites miss, some rows at all */
            v.store.value[GW_VIEW_DEMAND_SLO_TTFT][d] = random_between(&rng, 20, 600);
        }
        for (uint32_t i = 0; i < POLICIES; i++) {
            double share[CELLS];
            policy_run_once(policies[i], &v.store, NULL, share); /* checks the plan */
        }
        random_view_fini(&v);
    }
}

static void routes_lead_to_allowed_sites(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 12);
    for (uint32_t world = 0; world < WORLDS; world++) {
        struct random_view v;
        random_view_init(&v, &rng, SITES, DEMANDS, 1, 0.5);
        for (uint32_t i = 0; i < POLICIES; i++) {
            struct policy_run run;
            policy_run_open(&run, policies[i], &v.store, NULL);
            for (uint32_t k = 0; policies[i]->route != NULL && k < 50; k++) {
                v.store.value[GW_VIEW_STATE_IN_FLIGHT][k % SITES] = random_between(&rng, 0, 100);
                const struct gw_req req = {.bytes = sizeof req, .demand = k % DEMANDS, .number = k};
                const uint32_t s = policies[i]->route(run.self, &v.store.public, &req);
                assert_true(s < SITES);
                assert_true(v.store.value[GW_VIEW_DEMAND_ALLOWED][req.demand * SITES + s] != 0.0);
            }
            policy_run_close(&run);
        }
        random_view_fini(&v);
    }
}

/* Power in proportion to load, the same energy per request that the view states, and so much capacity that
 * nobody waits. */
static void make_simple(struct random_view *v)
{
    const struct gw_dims *dims = &v->store.dims;
    double **t = v->store.value;
    for (uint32_t m = 0; m < dims->models; m++) {
        for (uint32_t s = 0; s < dims->sites; s++) {
            double *power = t[GW_VIEW_SERVING_POWER] + ((size_t)m * dims->sites + s) * GW_VIEW_LOADS;
            const double most = 1e4 * power[GW_VIEW_LOADS - 1];
            for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) {
                power[u] = most * u / (GW_VIEW_LOADS - 1);
            }
        }
    }
    for (uint32_t d = 0; d < dims->demands; d++) {
        t[GW_VIEW_DEMAND_SLO_TTFT][d] = INFINITY;
        for (uint32_t s = 0; s < dims->sites; s++) {
            const size_t cell = (size_t)d * dims->sites + s;
            const size_t m = (size_t)t[GW_VIEW_DEMAND_MODEL][d];
            const double kw =
                t[GW_VIEW_SERVING_POWER][(m * dims->sites + s) * GW_VIEW_LOADS + GW_VIEW_LOADS - 1];
            t[GW_VIEW_SERVING_CAPACITY][cell] *= 1e4;
            t[GW_VIEW_SERVING_REQUEST_KWH][cell] = kw / t[GW_VIEW_SERVING_CAPACITY][cell] / 3600.0;
        }
    }
}

static const struct {
    const struct gw_policy_ops *ops;
    enum gw_objective objective;
} greedy[] = {
    {&gw_policy_greedy_carbon, GW_OBJ_CARBON_KG},  {&gw_policy_greedy_water, GW_OBJ_WATER_L},
    {&gw_policy_greedy_cost, GW_OBJ_COST_USD},     {&gw_policy_greedy_ttft, GW_OBJ_TTFT_MS},
    {&gw_policy_greedy_energy, GW_OBJ_ENERGY_KWH},
};

static void never_worse_than_floors(const struct random_view *v, uint32_t world, uint32_t objectives)
{
    double even[CELLS], uniform[CELLS], floor_a[GW_OBJECTIVES], floor_b[GW_OBJECTIVES];
    gw_spread_even(&v->store.public, even);
    gw_spread_by_capacity(&v->store.public, uniform);
    gw_eval_plan(&v->store, even, floor_a);
    gw_eval_plan(&v->store, uniform, floor_b);
    for (uint32_t i = 0; i < objectives; i++) {
        const enum gw_objective k = greedy[i].objective;
        double share[CELLS], mine[GW_OBJECTIVES];
        policy_run_once(greedy[i].ops, &v->store, NULL, share);
        gw_eval_plan(&v->store, share, mine);
        const double floor = fmin(floor_a[k], floor_b[k]);
        if (!(mine[k] <= floor * (1.0 + 1e-9))) {
            fail_msg("world %u, %s: %.17g, floors %.17g", world, greedy[i].ops->name, mine[k], floor);
        }
    }
}

static void greed_is_never_worse_than_uniform_while_room_is_not_scarce(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 13);
    for (uint32_t world = 0; world < WORLDS; world++) {
        struct random_view v;
        random_view_init(&v, &rng, SITES, DEMANDS, 1 + world % 2, 0.5);
        make_simple(&v);
        for (uint32_t s = 0; s < SITES; s++) { /* own power is scarce room, too */
            v.store.value[GW_VIEW_SITE_ONSITE][s] = 0.0;
        }
        never_worse_than_floors(&v, world, sizeof greedy / sizeof greedy[0]);
        random_view_fini(&v);
    }
}

/* One row alone has nobody to take own power from. */
static void nor_where_one_row_has_the_sites_own_power_to_itself(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 14);
    for (uint32_t world = 0; world < WORLDS; world++) {
        struct random_view v;
        random_view_init(&v, &rng, SITES, 1, 1, 0.5);
        make_simple(&v);
        never_worse_than_floors(&v, world, sizeof greedy / sizeof greedy[0]);
        random_view_fini(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_keep_the_contract_at_any_load),
        cmocka_unit_test(routes_lead_to_allowed_sites),
        cmocka_unit_test(greed_is_never_worse_than_uniform_while_room_is_not_scarce),
        cmocka_unit_test(nor_where_one_row_has_the_sites_own_power_to_itself),
    };
    return cmocka_run_group_tests_name("routing_policies", tests, NULL, NULL);
}
