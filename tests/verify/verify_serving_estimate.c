/* The mean-field estimate against the simulated engine over models, accelerators, lengths and loads. Prints
 * the table of docs/models/serving-estimate.md and holds its bounds. */
#include "tests/support/entries.h"

#include <math.h>
#include <stdio.h>

#include "models/serving/serving.h"
#include "tests/support/one_replica.h"

static const struct scene {
    const char *llm, *node;
    int64_t tp;
    const char *lengths;
    double power, itl, ttft; /* largest relative errors allowed up to 80 % of capacity */
    double capacity;
} scenes[] = {
    {"llama-2-70b", "h100x8", 8, "azure-conversation", 0.01, 0.02, 0.04, 0.01},
    {"llama-2-70b", "h100x8", 8, "azure-code", 0.04, 0.06, 0.10, 0.01},
    {"llama-2-70b", "h100x8", 8, "fixed-512-128", 0.015, 0.02, 0.06, 0.01},
    {"llama-3.1-8b", "h100x8", 1, "azure-conversation", 0.01, 0.03, 0.04, 0.01},
    {"llama-3.1-405b-fp8", "h200x8", 8, "azure-conversation", 0.01, 0.04, 0.12, 0.01},
    {"llama-2-70b", "a100x8", 4, "azure-conversation", 0.015, 0.05, 0.10, 0.01},
    {"llama-3.1-70b", "b200x8", 2, "azure-conversation", 0.01, 0.02, 0.08, 0.01},
    {"llama-2-13b", "a100x8", 1, "azure-conversation", 0.015, 0.06, 0.25, 0.03}, /* memory is the limit */
};

static struct gw_replica_cfg cfg_of(struct entries *w, const struct scene *s)
{
    const struct gw_serving_setup setup = {.llm = entry(w, "llm", s->llm),
                                           .engine = entry(w, "engine", "vllm-0.15"),
                                           .node = entry(w, "node", s->node),
                                           .tensor_parallel = s->tp,
                                           .cap_w = INFINITY};
    struct gw_replica_cfg cfg;
    assert_int_equal(gw_serving_cfg(&setup, &cfg, NULL), GW_OK);
    return cfg;
}

static double percent(double estimate, double simulated)
{
    return 100.0 * (estimate / simulated - 1.0);
}

static void hold(const struct scene *s, double utilisation, const char *what, double error, double bound)
{
    if (!(fabs(error) <= 100.0 * bound)) {
        fail_msg("%s on %s, %s, load %g: %s is off by %.1f %%", s->llm, s->node, s->lengths, utilisation,
                 what, error);
    }
}

static void check_load(const struct gw_replica_cfg *cfg, const struct scene *s,
                       const struct gw_length *prompt, const struct gw_length *output,
                       struct gw_serving_load load, double utilisation)
{
    load.rate_per_s = utilisation * gw_serving_capacity(cfg, &load);
    struct gw_one_replica m;
    gw_one_replica_measure(cfg, prompt, output, load.rate_per_s, 400000, 7, &m);
    struct gw_serving_estimate e;
    gw_serving_estimate(cfg, &m.load, &e);
    const double power = percent(e.power_w, m.power_w), itl = percent(e.itl_s, m.itl_s),
                 ttft = percent(e.ttft_s, m.ttft_s), e2e = percent(e.e2e_s, m.e2e_s);
    printf("| %.2f | %.0f | %+.1f | %.1f | %+.1f | %.1f | %+.1f | %.0f | %+.1f | %.2f | %+.1f |\n",
           utilisation, m.power_w, power, m.batch, percent(e.batch, m.batch), m.itl_s * 1e3, itl,
           m.ttft_s * 1e3, ttft, m.e2e_s, e2e);
    if (utilisation <= 0.8) {
        hold(s, utilisation, "power", power, s->power);
        hold(s, utilisation, "time between tokens", itl, s->itl);
        hold(s, utilisation, "time to first token", ttft, s->ttft);
    }
}

static void the_estimate_meets_the_simulated_engine(void **state)
{
    struct entries *w = *state;
    static const double loads[] = {0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95};
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        const struct scene *s = &scenes[i];
        const struct gw_replica_cfg cfg = cfg_of(w, s);
        const struct gw_length_pair_cfg *pair = entry(w, "length", s->lengths);
        struct gw_length prompt, output;
        assert_true(gw_length_build(&pair->prompt, &prompt, &w->arena));
        assert_true(gw_length_build(&pair->output, &output, &w->arena));
        const struct gw_serving_load load = {.in_tok = prompt.mean,
                                             .out_tok = output.mean,
                                             .in_tok_sq = prompt.mean_sq,
                                             .out_tok_sq = output.mean_sq};

        /* twice the capacity shows what the engine really does */
        const double capacity = gw_serving_capacity(&cfg, &load);
        struct gw_one_replica m;
        gw_one_replica_measure(&cfg, &prompt, &output, 2.0 * capacity, 100000, 7, &m);
        printf(
            "\n%s on %lld of %s, %s: capacity %.2f /s, estimate %+.1f %%, %.2f preemptions per request\n\n",
            s->llm, (long long)s->tp, s->node, s->lengths, m.requests_per_s,
            percent(capacity, m.requests_per_s), m.preemptions);
        printf("| load | W | %% | batch | %% | ITL ms | %% | TTFT ms | %% | E2E s | %% |\n");
        hold(s, 2.0, "capacity", percent(capacity, m.requests_per_s), s->capacity);
        for (size_t j = 0; j < sizeof loads / sizeof loads[0]; j++) {
            check_load(&cfg, s, &prompt, &output, load, loads[j]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_estimate_meets_the_simulated_engine),
    };
    return cmocka_run_group_tests_name("serving_estimate", tests, entries_load, entries_unload);
}
