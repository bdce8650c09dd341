/* Programs as policies of a run: their plans, orders, episodes and failures. They are shell scripts, but for
 * the example of the documentation. */
#include "tests/support/near.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/run/exec_policy.h"
#include "sim/run/external.h"
#include "tests/support/experiment.h"

#define LINE_OF_EACH(answer)                                                                                 \
    "while read -r line; do case $line in *done??true*) ;; *) echo ''" answer "''; esac; done"
#define TO_VIRGINIA "{\"share\":[[0,1],[0,1]]}"

/* A row that runs a script; more: further keys. */
static const char *row(const char *script, const char *more, char out[1200])
{
    snprintf(out, 1200, "policies=[ nearest, { name: mine, exec: [sh, -c, '%s']%s } ]", script, more);
    return out;
}

static void run_with(struct experiment *e, const char *script, const char *more)
{
    char policies[1200];
    experiment_run(e, experiment_two_sites,
                   (const char *const[]){row(script, more, policies), "time.duration=1 h", NULL}, 0);
}

static void a_program_plans_and_the_result_names_it(void **state)
{
    (void)state;
    struct experiment e;
    run_with(&e, LINE_OF_EACH(TO_VIRGINIA), "");
    assert_near(experiment_account(&e, "mine", "oregon", GW_ACCOUNT_ARRIVED), 0, 0, 0);
    assert_near(experiment_account(&e, "mine", "virginia", GW_ACCOUNT_ARRIVED),
                experiment_account(&e, "nearest", NULL, GW_ACCOUNT_ARRIVED), 0, 0);
    struct gw_text external = {0};
    gw_external_print(&e.sc, &external);
    assert_int_equal(strncmp(external.at, "mine: sh -c while read", 22), 0);
    gw_text_fini(&external);
    experiment_fini(&e);
}

/* 10 kW into Oregon's battery for the hour, from the process that routes as well. */
static void one_process_fills_several_slots_and_gives_orders(void **state)
{
    (void)state;
    static const char script[] = LINE_OF_EACH(
        "{\"share\":[[1,0],[1,0]],\"orders\":[{\"order\":\"battery\",\"at\":[\"oregon\"],\"value\":10}]}");
    char policies[1200];
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   (const char *const[]){row(script, ", slots: [routing, battery]", policies),
                                         "time.duration=1 h",
                                         "sites[oregon].battery={energy: 1 MWh, initial: 50 %}", NULL},
                   0);
    assert_near(experiment_account(&e, "mine", "oregon", GW_ACCOUNT_CHARGE), 10.0, 1e-9, 0);
    assert_near(experiment_account(&e, "mine", "virginia", GW_ACCOUNT_ARRIVED), 0, 0, 0);
    experiment_fini(&e);
}

/* The script sends everything to Virginia once it has heard the end of two episodes, to Oregon before. */
static void a_program_lives_through_its_episodes_and_is_scored_on_its_own_draws(void **state)
{
    (void)state;
    static const char script[] = "n=0; while read -r line; do case $line in *done??true*) n=$((n+1));; "
                                 "*) if [ $n -ge 2 ]; then echo ''" TO_VIRGINIA
                                 "''; else echo ''{\"share\":[[1,0],[1,0]]}''; fi;; esac; done";
    struct experiment trained, raw;
    run_with(&trained, script, ", episodes: 2");
    run_with(&raw, script, ", episodes: 1");
    assert_near(experiment_account(&trained, "mine", "oregon", GW_ACCOUNT_ARRIVED), 0, 0, 0);
    assert_near(experiment_account(&raw, "mine", "virginia", GW_ACCOUNT_ARRIVED), 0, 0, 0);
    assert_near(experiment_account(&trained, "mine", NULL, GW_ACCOUNT_ARRIVED),
                experiment_account(&trained, "nearest", NULL, GW_ACCOUNT_ARRIVED), 0, 0);
    experiment_fini(&trained);
    experiment_fini(&raw);
}

static void no_episode_has_the_draws_of_a_scored_run_or_of_another_episode(void **state)
{
    (void)state;
    const uint32_t first = gw_exec_policy_replication(0, 1, 3);
    assert_true(first > 1000000);
    assert_int_equal(gw_exec_policy_replication(0, 3, 3), first + 2);
    assert_int_equal(gw_exec_policy_replication(1, 1, 3), first + 3);
}

/* Runs the program alone; the sentence it fails with. */
static void fails_with(const char *script, const char *more, const char *why)
{
    char policies[1200];
    const char *const set[] = {row(script, more, policies), "time.duration=1 h", NULL};
    const struct gw_scenario_options options = {.set = set};
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    struct gw_error err = {0};
    assert_int_equal(gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "test.yaml",
                                       &options, &sc, &errs),
                     GW_OK);
    struct gw_run_result result = {0};
    assert_int_equal(gw_run_exec(&sc, 1, 0, NULL, NULL, &result, &err), GW_ERR_POLICY);
    assert_int_equal(result.error.status, GW_ERR_POLICY);
    if (strcmp(err.where, "mine") != 0 || strstr(err.why, why) == NULL) {
        fail_msg("expected \"mine: %s\", found \"%s: %s\"", why, err.where, err.why);
    }
    gw_arena_fini(&result.arena);
    gw_scenario_fini(&sc);
}

static void what_breaks_the_contract_stops_the_run_with_policy_and_line(void **state)
{
    (void)state;
    fails_with(LINE_OF_EACH("oops"), "", "its plan failed: line 1 of its answers: not JSON");
    fails_with("read -r line; echo ''" TO_VIRGINIA
               "''; read -r line; echo ''{\"share\":[[1,0],[0.5,0.25]]}''; read -r line",
               "", "line 2 of its answers: the shares of demand \"west\" sum to 0.75, not to 1");
    fails_with(LINE_OF_EACH("{}"), "", "its plan's shares of demand \"east\" sum to 0, not to 1");
    fails_with("read -r line; exit 3", "", "no line 1 of its answers: it ended, with status 3");
    fails_with("read -r line; sleep 100", ", timeout: 50 ms", "no line 1 of its answers within 0.05 s");
    /* both in one piece, so that the second is there when the next plan is due */
    fails_with("read -r line; printf ''%s\\n%s\\n'' ''" TO_VIRGINIA "'' ''" TO_VIRGINIA
               "''; read -r line; read -r line",
               "", "after line 1");
    fails_with("exit 1", ", episodes: 4", "in training episode 1: its plan failed: no line 1 of its answers");
}

static void a_site_that_may_not_serve_is_named_by_the_decider(void **state)
{
    (void)state;
    char policies[1200];
    const char *const set[] = {row(LINE_OF_EACH(TO_VIRGINIA), "", policies), "time.duration=1 h",
                               "serving.demand[west].allowed_sites=[oregon]", NULL};
    const struct gw_scenario_options options = {.set = set};
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    struct gw_error err = {0};
    assert_int_equal(gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "test.yaml",
                                       &options, &sc, &errs),
                     GW_OK);
    struct gw_run_result result = {0};
    assert_int_equal(gw_run_exec(&sc, 1, 0, NULL, NULL, &result, &err), GW_ERR_POLICY);
    assert_non_null(strstr(err.why, "demand \"west\" to site \"virginia\""));
    gw_arena_fini(&result.arena);
    gw_scenario_fini(&sc);
}

/* The program of docs/policies/exec.md, taken out of the page, goes to the cleaner site and repeats itself.
 */
static void the_example_of_the_page_learns(void **state)
{
    (void)state;
    if (system("python3 -c 'import json' >/dev/null 2>&1") != 0) {
        skip();
    }
    char *page;
    size_t n;
    struct gw_error err;
    assert_int_equal(gw_file_read("docs/policies/exec.md", 1 << 20, &page, &n, &err), GW_OK);
    char *from = strstr(page, "```python\n");
    assert_non_null(from);
    from += strlen("```python\n");
    char *to = strstr(from, "```");
    assert_non_null(to);
    size_t lines = 0;
    for (const char *at = from; at < to; at++) {
        lines += *at == '\n';
    }
    assert_true(lines <= 40);
    char path[] = "/tmp/geowatt-exec-XXXXXX", set[200];
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, from, (size_t)(to - from)), to - from);
    close(fd);
    free(page);

    snprintf(set, sizeof set, "policies=[ uniform, { name: learner, exec: [python3, %s], episodes: 3 } ]",
             path);
    struct experiment first, again;
    experiment_run(&first, experiment_two_sites, (const char *const[]){set, "time.duration=1 h", NULL}, 0);
    experiment_run(&again, experiment_two_sites, (const char *const[]){set, "time.duration=1 h", NULL}, 0);
    assert_true(experiment_score(&first, "learner", GW_SCORE_CARBON) <
                0.9 * experiment_score(&first, "uniform", GW_SCORE_CARBON));
    experiment_assert_same(&first, &again);
    experiment_fini(&first);
    experiment_fini(&again);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_plans_and_the_result_names_it),
        cmocka_unit_test(one_process_fills_several_slots_and_gives_orders),
        cmocka_unit_test(a_program_lives_through_its_episodes_and_is_scored_on_its_own_draws),
        cmocka_unit_test(no_episode_has_the_draws_of_a_scored_run_or_of_another_episode),
        cmocka_unit_test(what_breaks_the_contract_stops_the_run_with_policy_and_line),
        cmocka_unit_test(a_site_that_may_not_serve_is_named_by_the_decider),
        cmocka_unit_test(the_example_of_the_page_learns),
    };
    return cmocka_run_group_tests_name("exec_policy", tests, NULL, NULL);
}
