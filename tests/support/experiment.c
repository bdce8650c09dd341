#include "tests/support/experiment.h"

#include "tests/support/near.h"

#include <string.h>

const char *const experiment_two_sites =
    "geowatt: 1\n"
    "name: two-sites\n"
    "seed: 42\n"
    "time: { start: 2023-06-01T00:00:00Z, duration: 2 h, epoch: 15 min, step: 5 min }\n"
    "sites:\n"
    "  - { name: oregon, place: the-dalles, grid: { constant: { carbon: 100 g/kWh, price: 40 USD/MWh, water: "
    "2 L/kWh } },\n"
    "      cooling: { plant: constant, pue: 1.1, wue: 0.4 }, spare: sleep, pools: [ { node: h100x8, count: 3 "
    "} ] }\n"
    "  - { name: virginia, place: ashburn, grid: { constant: { carbon: 400 g/kWh, price: 30 USD/MWh, water: "
    "1 L/kWh } },\n"
    "      cooling: { plant: constant, pue: 1.2, wue: 0.2 }, spare: sleep, pools: [ { node: h100x8, count: 3 "
    "} ] }\n"
    "serving:\n"
    "  models:\n"
    "    - { llm: llama-2-70b, engine: vllm-0.15, tensor_parallel: 8, replicas: 2 }\n"
    "  demand:\n"
    "    - { name: east, origin: us-east, model: llama-2-70b, rate: 6 /s, lengths: azure-conversation,\n"
    "        slo: { ttft: 1 s, tpot: 60 ms } }\n"
    "    - { name: west, origin: us-west, model: llama-2-70b, rate: 4 /s, lengths: azure-code }\n"
    "policies: [ nearest, round-robin, greedy-carbon ]\n";

void experiment_run(struct experiment *self, const char *yaml, const char *const *set, unsigned threads)
{
    *self = (struct experiment){0};
    const struct gw_scenario_options options = {.set = set};
    struct gw_errors errs = {0};
    if (gw_scenario_parse(yaml, strlen(yaml), "test.yaml", &options, &self->sc, &errs) != GW_OK) {
        fail_msg("%s: %s", errs.item[0].where, errs.item[0].why);
    }
    struct gw_pool *pool = threads > 0 ? gw_pool_create(threads) : NULL;
    struct gw_error err = {0};
    if (gw_run_all(&self->sc, pool, NULL, &self->result, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    gw_pool_destroy(pool);
}

void experiment_fini(struct experiment *self)
{
    gw_result_fini(&self->result);
    gw_scenario_fini(&self->sc);
}

static uint64_t bits(double x)
{
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

static void assert_same_run(const struct experiment *e, const struct gw_run_result *a,
                            const struct gw_run_result *b)
{
    for (size_t i = 0; i < GW_SCORE_COUNT; i++) {
        if (bits(a->score[i]) != bits(b->score[i])) {
            fail_msg("%s of %s: %.17g against %.17g", gw_score_doc((enum gw_score)i).name,
                     e->sc.variant_name[a->policy], a->score[i], b->score[i]);
        }
    }
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->end_us, b->end_us);
    const size_t n = a->rows * e->sc.n_sites * GW_ACCOUNT_COUNT;
    for (size_t i = 0; i < n; i++) {
        if (i % GW_ACCOUNT_COUNT != GW_ACCOUNT_ENGINE_EVENTS && bits(a->series[i]) != bits(b->series[i])) {
            fail_msg("row %zu, %s: %.17g against %.17g", i / (e->sc.n_sites * GW_ACCOUNT_COUNT),
                     gw_ledger_account((enum gw_account)(i % GW_ACCOUNT_COUNT)).name, a->series[i],
                     b->series[i]);
        }
    }
}

void experiment_assert_same(const struct experiment *a, const struct experiment *b)
{
    assert_int_equal(a->result.policies, b->result.policies);
    assert_int_equal(a->result.replications, b->result.replications);
    for (size_t i = 0; i < (size_t)a->result.policies * a->result.replications; i++) {
        assert_same_run(a, &a->result.run[i], &b->result.run[i]);
    }
}

static const struct gw_run_result *run_of(const struct experiment *self, const char *policy)
{
    for (uint32_t p = 0; p < self->sc.n_variants; p++) {
        if (strcmp(self->sc.variant_name[p], policy) == 0) {
            return &self->result.run[(size_t)p * self->result.replications];
        }
    }
    fail_msg("there is no policy %s", policy);
    return NULL;
}

double experiment_score(const struct experiment *self, const char *policy, enum gw_score score)
{
    return run_of(self, policy)->score[score];
}

double experiment_account(const struct experiment *self, const char *policy, const char *site,
                          enum gw_account account)
{
    const struct gw_run_result *run = run_of(self, policy);
    double sum = 0.0;
    for (uint32_t s = 0; s < self->sc.n_sites; s++) {
        if (site == NULL || strcmp(self->sc.site_name[s], site) == 0) {
            sum += run->site[(size_t)s * GW_ACCOUNT_COUNT + account];
        }
    }
    return sum;
}
