/* The record of requests: what it says of each is what the scores count, whoever asks and in whatever order
 * sites work. */
#include "tests/support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/run/netcdf_read.h"
#include "sim/run/output.h"
#include "sim/run/record.h"
#include "sim/run/record_file.h"
#include "sim/run/seal.h"
#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const all = "output.requests=all";
static const char *const some = "output.requests=10 %";
static const char *const nearest = "policies=[ nearest ]";
static const char *const hour = "time.duration=1 h";

/* Something of every state: Virginia is dark for ten minutes, its users wait for five, the rest is cut. */
static const char *const trouble =
    "events=[ { at: 35 min, for: 10 min, site: virginia, what: site-outage } ]";
static const char *const patience = "serving.demand[east].timeout=5 min";
static const char *const no_drain = "time.drain=none";
static const char *const queue = "serving.models[0].on_overload=reject";
static const char *const short_queue = "serving.models[0].queue_limit=20";

/* ---- read back ---- */

struct file {
    char *bytes;
    struct gw_arena arena;
    struct gw_netcdf_read *in;
    size_t rows;
    const double *policy, *demand, *number, *arrival_us, *state, *ttft_us, *tpot_us, *e2e_us, *in_tok,
        *out_tok, *cached_tok;
};

static const double *column(struct file *file, const char *name)
{
    const struct gw_netcdf_variable v = gw_netcdf_read_find(file->in, gw_netcdf_read_root(file->in), name);
    file->rows = v.n;
    return gw_netcdf_read_numbers(file->in, &v);
}

static void open_file(const struct experiment *e, struct file *file)
{
    struct gw_error err = {0};
    size_t n = 0;
    *file = (struct file){0};
    if (gw_record_file_pack(&e->sc, &e->result, 0, "requests.h5", &file->bytes, &n, &err) != GW_OK ||
        gw_netcdf_read_open(file->bytes, n, "requests.h5", &file->arena, &file->in, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    file->policy = column(file, "policy_index");
    file->demand = column(file, "demand_index");
    file->number = column(file, "number");
    file->arrival_us = column(file, "arrival_us");
    file->state = column(file, "state");
    file->ttft_us = column(file, "ttft_us");
    file->tpot_us = column(file, "tpot_us");
    file->e2e_us = column(file, "e2e_us");
    file->in_tok = column(file, "in_tok");
    file->out_tok = column(file, "out_tok");
    file->cached_tok = column(file, "cached_tok");
    if (gw_netcdf_read_status(file->in, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
}

static void close_file(struct file *file)
{
    gw_netcdf_read_close(file->in);
    gw_arena_fini(&file->arena);
    free(file->bytes);
}

/* Rows of a policy in a state. */
static double count(const struct file *file, uint32_t policy, enum gw_record_state state)
{
    double n = 0.0;
    for (size_t i = 0; i < file->rows; i++) {
        n += file->policy[i] == policy && file->state[i] == (double)state;
    }
    return n;
}

static double mean_ms(const struct file *file, uint32_t policy, const double *us)
{
    double sum = 0.0, n = 0.0;
    for (size_t i = 0; i < file->rows; i++) {
        if (file->policy[i] == policy && us[i] != (double)GW_RECORD_UNKNOWN) {
            sum += us[i];
            n += 1.0;
        }
    }
    return sum / n / 1e3;
}

/* ---- what it says ---- */

static void rows_of_all_requests_add_up_to_the_scores(void **state)
{
    (void)state;
    struct experiment e;
    struct file file;
    experiment_run(&e, experiment_two_sites, SET(all, hour, trouble, patience, no_drain, queue, short_queue),
                   0);
    open_file(&e, &file);
    double n = 0.0, seen[GW_RECORD_STATES] = {0};
    for (uint32_t p = 0; p < e.result.policies; p++) {
        const double *score = e.result.run[p].score;
        assert_true(count(&file, p, GW_RECORD_ANSWERED) == score[GW_SCORE_COMPLETED]);
        assert_true(count(&file, p, GW_RECORD_DROPPED) == score[GW_SCORE_DROPPED]);
        assert_true(count(&file, p, GW_RECORD_TIMED_OUT) == score[GW_SCORE_TIMED_OUT]);
        assert_near(mean_ms(&file, p, file.ttft_us), score[GW_SCORE_TTFT_MEAN], 1e-9, 0);
        assert_near(mean_ms(&file, p, file.tpot_us), score[GW_SCORE_TPOT_MEAN], 1e-9, 0);
        assert_near(mean_ms(&file, p, file.e2e_us), score[GW_SCORE_E2E_MEAN], 1e-9, 0);
        for (int s = 0; s < GW_RECORD_STATES; s++) {
            seen[s] += count(&file, p, (enum gw_record_state)s);
        }
        n += score[GW_SCORE_ARRIVED];
    }
    assert_true((double)file.rows == n);
    for (int s = 0; s < GW_RECORD_STATES; s++) {
        assert_true(seen[s] > 0.0);
    }
    close_file(&file);
    experiment_fini(&e);
}

static void rows_stand_in_the_order_of_arrival_within_a_policy(void **state)
{
    (void)state;
    struct experiment e;
    struct file file;
    experiment_run(&e, experiment_two_sites, SET(some, hour), 0);
    open_file(&e, &file);
    assert_true(file.rows > 1000);
    for (size_t i = 1; i < file.rows; i++) {
        const bool same_policy = file.policy[i] == file.policy[i - 1];
        assert_true(same_policy ? file.arrival_us[i] >= file.arrival_us[i - 1]
                                : file.policy[i] > file.policy[i - 1]);
        assert_true(file.arrival_us[i] >= 0.0 && file.arrival_us[i] < 3600e6);
    }
    close_file(&file);
    experiment_fini(&e);
}

/* Three policies send 10 requests/s for an hour: each records about 3600 of 36000, and the same ones. */
static void every_policy_records_the_same_requests(void **state)
{
    (void)state;
    struct experiment e;
    struct file file;
    experiment_run(&e, experiment_two_sites, SET(some, hour), 0);
    open_file(&e, &file);
    assert_int_equal(e.result.policies, 3);
    assert_int_equal(file.rows % 3, 0);
    const size_t n = file.rows / 3;
    assert_near((double)n, 3600.0, 0.05, 0);
    for (size_t i = 0; i < n; i++) {
        for (size_t p = 1; p < 3; p++) {
            const size_t at = p * n + i;
            assert_true(file.policy[at] == (double)p);
            assert_true(file.demand[at] == file.demand[i] && file.number[at] == file.number[i]);
            assert_true(file.arrival_us[at] == file.arrival_us[i] && file.in_tok[at] == file.in_tok[i] &&
                        file.out_tok[at] == file.out_tok[i]);
        }
    }
    close_file(&file);
    experiment_fini(&e);
}

/* A quarter of each prompt, rounded down. */
static void a_stated_prefix_hit_is_recorded_as_cached(void **state)
{
    (void)state;
    struct experiment e;
    struct file file;
    experiment_run(&e, experiment_two_sites,
                   SET(some, hour, nearest, "serving.demand[east].prefix_hit_frac=0.25"), 0);
    open_file(&e, &file);
    for (size_t i = 0; i < file.rows; i++) {
        const double expected = file.demand[i] == 0.0 ? (double)((int)file.in_tok[i] / 4) : 0.0;
        assert_true(file.cached_tok[i] == expected);
    }
    close_file(&file);
    experiment_fini(&e);
}

static void the_bytes_are_the_same_for_one_and_two_threads(void **state)
{
    (void)state;
    struct experiment e[2];
    char *bytes[2];
    size_t n[2];
    const char *const *const set = SET(some, hour, trouble, patience, "policies=[ nearest, round-robin ]",
                                       "replications=2", "serving.models[0].on_overload=spill", short_queue);
    for (unsigned i = 0; i < 2; i++) {
        struct gw_error err;
        experiment_run(&e[i], experiment_two_sites, set, i + 1);
        assert_int_equal(
            gw_record_file_pack(&e[i].sc, &e[i].result, 0, "requests.h5", &bytes[i], &n[i], &err), GW_OK);
    }
    assert_int_equal(n[1], n[0]);
    assert_memory_equal(bytes[1], bytes[0], n[0]);
    for (unsigned i = 0; i < 2; i++) {
        free(bytes[i]);
        experiment_fini(&e[i]);
    }
}

static void nothing_is_recorded_unless_asked_and_no_score_changes(void **state)
{
    (void)state;
    struct experiment off, on;
    experiment_run(&off, experiment_two_sites, SET(hour, nearest), 0);
    experiment_run(&on, experiment_two_sites, SET(all, hour, nearest), 0);
    assert_int_equal(off.result.run[0].n_record, 0);
    assert_int_not_equal(on.result.run[0].n_record, 0);
    experiment_assert_same(&off, &on);
    experiment_fini(&off);
    experiment_fini(&on);
}

/* One in 10^9 of 36000: nobody. */
static void a_sample_of_nobody_is_a_file_without_rows(void **state)
{
    (void)state;
    struct experiment e;
    char *bytes;
    size_t n;
    struct gw_error err;
    struct gw_arena arena = {0};
    struct gw_netcdf_read *in;
    experiment_run(&e, experiment_two_sites, SET("output.requests={ sample: 1e-9 }", hour, nearest), 0);
    assert_int_equal(gw_record_file_pack(&e.sc, &e.result, 0, "requests.h5", &bytes, &n, &err), GW_OK);
    assert_int_equal(gw_netcdf_read_open(bytes, n, "requests.h5", &arena, &in, &err), GW_OK);
    assert_int_equal(gw_netcdf_read_uint(in, gw_netcdf_read_root(in), "rows"), 0);
    assert_false(gw_netcdf_read_has(in, gw_netcdf_read_root(in), "state"));
    gw_netcdf_read_close(in);
    gw_arena_fini(&arena);
    free(bytes);
    experiment_fini(&e);
}

/* A run that records nothing leaves no record of an earlier one, for it would be taken for its own. */
static void the_file_is_sealed_and_goes_with_its_run(void **state)
{
    (void)state;
    char folder[] = "/tmp/geowatt-record-XXXXXX", path[64], other[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/requests.h5", folder);
    struct experiment with, without;
    struct gw_error err;
    char *bytes;
    size_t n, n_before;
    uint64_t checksum;
    experiment_run(&with, experiment_two_sites, SET("output.requests={ sample: 1 % }", hour, nearest), 0);
    assert_int_equal(gw_output_write(folder, &with.sc, &with.result, &err), GW_OK);
    assert_int_equal(gw_file_read(path, 1 << 24, &bytes, &n, &err), GW_OK);
    assert_int_equal(gw_seal_check(bytes, n, path, &n_before, &checksum, &err), GW_OK);
    bytes[n / 2] ^= 1;
    assert_int_equal(gw_seal_check(bytes, n, path, &n_before, &checksum, &err), GW_ERR_SYNTAX);
    free(bytes);
    experiment_fini(&with);

    experiment_run(&without, experiment_two_sites, SET(hour, nearest), 0);
    for (int i = 0; i < 2; i++) { /* the second time there is none to remove */
        assert_int_equal(gw_output_write(folder, &without.sc, &without.result, &err), GW_OK);
        assert_int_not_equal(access(path, F_OK), 0);
    }
    experiment_fini(&without);
    static const char *const names[] = {"result.h5", "scores.csv", "timing.json", "scenario.resolved.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(other, sizeof other, "%s/%s", folder, names[i]);
        assert_int_equal(unlink(other), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

/* 10 requests/s for 9 days under three policies are 23.3e6 rows of 56 bytes: 1.31 GB. */
static void a_record_too_large_for_memory_is_refused_with_a_share_that_fits(void **state)
{
    (void)state;
    struct gw_scenario sc;
    struct gw_errors errs = {0};
    const struct gw_scenario_options options = {.set = SET("time.duration=9 d", all)};
    assert_int_equal(gw_scenario_parse(experiment_two_sites, strlen(experiment_two_sites), "test.yaml",
                                       &options, &sc, &errs),
                     GW_ERR_RANGE);
    assert_int_equal(errs.n, 1);
    assert_string_equal(errs.item[0].why, "2.33e+07 rows of all runs would take 1.31 GB; at most 0.4 GB are "
                                          "allowed: a sample of 28 % fits");
}

/* Keys: equal arrivals by demand row, then by number. */
static void ties_of_arrival_are_broken_by_demand_row_and_number(void **state)
{
    (void)state;
    struct gw_record_row row[] = {{.sent_us = 5, .demand = 1, .number = 0},
                                  {.sent_us = 5, .demand = 0, .number = 9},
                                  {.sent_us = 5, .demand = 0, .number = 8},
                                  {.sent_us = 4, .demand = 7, .number = 7}};
    gw_record_sort(row, 4);
    assert_int_equal(row[0].number, 7);
    assert_int_equal(row[1].number, 8);
    assert_int_equal(row[2].number, 9);
    assert_int_equal(row[3].demand, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_all_requests_add_up_to_the_scores),
        cmocka_unit_test(rows_stand_in_the_order_of_arrival_within_a_policy),
        cmocka_unit_test(every_policy_records_the_same_requests),
        cmocka_unit_test(a_stated_prefix_hit_is_recorded_as_cached),
        cmocka_unit_test(the_bytes_are_the_same_for_one_and_two_threads),
        cmocka_unit_test(nothing_is_recorded_unless_asked_and_no_score_changes),
        cmocka_unit_test(a_sample_of_nobody_is_a_file_without_rows),
        cmocka_unit_test(the_file_is_sealed_and_goes_with_its_run),
        cmocka_unit_test(a_record_too_large_for_memory_is_refused_with_a_share_that_fits),
        cmocka_unit_test(ties_of_arrival_are_broken_by_demand_row_and_number),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
