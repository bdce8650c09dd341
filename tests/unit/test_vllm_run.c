/* A log replayed: a request alone takes its prompt's step and then one step per token; what is no log says
 * where. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/validate/vllm_run.h"

static const char path[] = "test_vllm_run.csv";
static struct gw_vllm_run_times measured, simulated;

static enum gw_status replay(const struct gw_replica_cfg *cfg, const char *log, struct gw_error *err)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(log, file);
    assert_int_equal(fclose(file), 0);
    const enum gw_status status = gw_vllm_run_replay(path, cfg, &measured, &simulated, err);
    assert_int_equal(unlink(path), 0);
    return status;
}

/* A step takes 1 ms, a prompt token 10 us. */
static struct gw_replica_cfg one_ms_a_step(void)
{
    static const struct gw_power_states watts = {300.0, 200.0};
    return (struct gw_replica_cfg){
        .time = {.step = 1000 * GW_TICKS_PER_US, .prompt = 10 * GW_TICKS_PER_US},
        .power = {.law = gw_power_law_find("states"),
                  .law_cfg = &watts,
                  .cap_w = INFINITY,
                  .idle_w = 100.0,
                  .n_accelerators = 1.0},
        .max_seqs = 8,
        .token_budget = 2048,
        .block_tok = 16,
        .kv_blocks = 1000,
    };
}

static void a_lone_request_takes_its_steps(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = one_ms_a_step();
    struct gw_error err;
    assert_int_equal(replay(&cfg,
                            "request,arrival_s,in_tok,out_tok,ttft_s,queue_s,e2e_s\n"
                            "a,0.0,100,11,0.003,0.0,0.013\n"
                            "b,5.0,200,3,0.004,0.0,0.006\n",
                            &err),
                     GW_OK);
    assert_int_equal(measured.n, 2);
    assert_near(simulated.ttft_s[0], 0.002, 1e-9, 0.0); /* 1 ms + 100 * 10 us */
    assert_near(simulated.e2e_s[0], 0.012, 1e-9, 0.0);
    assert_near(simulated.tpot_s[1], 0.001, 1e-9, 0.0);
    assert_near(measured.tpot_s[0], 0.001, 1e-9, 0.0);
    assert_near(gw_vllm_run_mean(simulated.ttft_s, 2), 0.0025, 1e-9, 0.0);
    assert_near(gw_vllm_run_quantile(simulated.ttft_s, 2, 1.0), 0.003, 1e-9, 0.0);
}

static void what_is_no_log_says_where(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = one_ms_a_step();
    static const struct {
        const char *log;
        enum gw_status status;
        const char *why;
    } cases[] = {
        {"", GW_ERR_TYPE, "line 2 is"},
        {"head\na,0.0,100,11,0.003,0.0,0.013\nb,x,200,3,0.004,0.0,0.006\n", GW_ERR_TYPE, "line 3 is"},
        {"head\na,0.0,100,1,0.003,0.0,0.003\n", GW_ERR_TYPE, "line 2 is"},
        {"head\na,0.0,20000,5,0.003,0.0,0.003\n", GW_ERR_RANGE, "0 of 1 requests"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_error err;
        assert_int_equal(replay(&cfg, cases[i].log, &err), cases[i].status);
        assert_string_equal(err.where, path);
        assert_non_null(strstr(err.why, cases[i].why));
    }
    struct gw_error err;
    assert_int_equal(gw_vllm_run_replay("no/such/file", &cfg, &measured, &simulated, &err), GW_ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lone_request_takes_its_steps),
        cmocka_unit_test(what_is_no_log_says_where),
    };
    return cmocka_run_group_tests_name("vllm_run", tests, NULL, NULL);
}
