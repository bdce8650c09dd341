/* Two results side by side: what differs is found and named, what repeats passes. */
#include "tests/support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/run/compare.h"
#include "sim/run/result_pack.h"
#include "sim/run/result_unpack.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/sample_result.h"

static const struct gw_compare_options same = {.same = true, .tolerance = GW_COMPARE_TOLERANCE};
static const struct gw_compare_options differences = {.same = false, .tolerance = GW_COMPARE_TOLERANCE};

static struct gw_result_file file_of(const struct gw_sample_result *sample)
{
    char *bytes = NULL;
    size_t n = 0;
    struct gw_result_file file;
    assert_int_equal(gw_result_pack(&sample->result, &sample->facts, 0, "f", &bytes, &n, NULL), GW_OK);
    assert_int_equal(gw_result_unpack(bytes, n, "f", &file, NULL), GW_OK);
    free(bytes);
    return file;
}

/* What became of comparing the sample with a changed sample. */
struct outcome {
    enum gw_status status;
    struct gw_error err;
    struct gw_compare compare;
};

static struct outcome compare_after(void (*change)(struct gw_sample_result *sample),
                                    const struct gw_compare_options *options)
{
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    struct gw_result_file a = file_of(&sample);
    change(&sample);
    struct gw_result_file b = file_of(&sample);
    struct outcome outcome = {0};
    outcome.status = gw_compare_results(&a, &b, options, &outcome.compare, &outcome.err);
    gw_result_file_fini(&a);
    gw_result_file_fini(&b);
    gw_sample_result_fini(&sample);
    return outcome;
}

static const struct gw_compare_column *column_of(const struct gw_compare *compare,
                                                 enum gw_compare_table table, const char *name)
{
    for (uint32_t i = 0; i < compare->n_columns; i++) {
        if (compare->column[i].table == table && strcmp(compare->column[i].name, name) == 0) {
            return &compare->column[i];
        }
    }
    fail_msg("no column %s", name);
    return NULL;
}

static bool has_note(const struct gw_compare *compare, const char *part)
{
    for (uint32_t i = 0; i < compare->n_notes; i++) {
        if (strstr(compare->note[i], part) != NULL) {
            return true;
        }
    }
    return false;
}

static void nothing(struct gw_sample_result *sample)
{
    (void)sample;
}

static void a_result_repeats_itself(void **state)
{
    (void)state;
    struct outcome o = compare_after(nothing, &same);
    assert_int_equal(o.status, GW_OK);
    assert_int_equal(o.compare.n_rows, 6);
    assert_int_equal(o.compare.n_notes, 0);
    for (uint32_t i = 0; i < o.compare.n_columns; i++) {
        assert_near(o.compare.column[i].worst, 0, 0, 0);
        assert_int_equal(o.compare.column[i].apart, 0);
    }
    gw_compare_fini(&o.compare);
}

/* water_l of policy 1, replication 0 is 1000.01; cost_usd of policy 0, replication 1 is 100.02. */
static void other_water_and_cost(struct gw_sample_result *sample)
{
    gw_sample_result_run(sample, 1, 0)->score[GW_SCORE_WATER] = 1000.01 * 1.25;
    gw_sample_result_run(sample, 0, 1)->score[GW_SCORE_COST] = 100.02 * 0.5;
}

static void differences_are_relative_to_the_first_file(void **state)
{
    (void)state;
    struct outcome o = compare_after(other_water_and_cost, &differences);
    assert_int_equal(o.status, GW_OK); /* the work done is the same: nothing is missed */
    const struct gw_compare_column *water = column_of(&o.compare, GW_COMPARE_SCORES, "water_l");
    assert_near(water->a[2], 1000.01, 0, 0);
    assert_near(water->relative[2], 0.25, 1e-12, 0);
    assert_near(water->relative[0], 0, 0, 0);
    assert_near(water->worst, 0.2, 1e-12, 0); /* of the larger */
    assert_int_equal(water->worst_row, 2);
    assert_int_equal(water->apart, 1);
    assert_near(column_of(&o.compare, GW_COMPARE_SCORES, "cost_usd")->relative[1], -0.5, 1e-12, 0);
    assert_near(column_of(&o.compare, GW_COMPARE_SCORES, "carbon_kgco2")->worst, 0, 0, 0);
    gw_compare_fini(&o.compare);
}

static void what_should_repeat_and_does_not_is_named(void **state)
{
    (void)state;
    struct outcome o = compare_after(other_water_and_cost, &same);
    assert_int_equal(o.status, GW_ERR_MISSED);
    assert_string_equal(o.err.where, "slït, \"quoted\", replication 0: water_l");
    assert_string_equal(o.err.why, "1000.01 and 1250.0125 are further apart than the tolerance of 1e-9");
    gw_compare_fini(&o.compare);
}

static void last_bits(struct gw_sample_result *sample)
{
    gw_sample_result_run(sample, 1, 0)->score[GW_SCORE_WATER] *= 1 + 4e-10;
    gw_sample_result_run(sample, 1, 0)->score[GW_SCORE_RESIDUAL] += 1e-13;
}

static void differences_within_the_tolerance_pass(void **state)
{
    (void)state;
    struct outcome o = compare_after(last_bits, &same);
    assert_int_equal(o.status, GW_OK);
    assert_near(column_of(&o.compare, GW_COMPARE_SCORES, "water_l")->worst, 4e-10, 1e-3, 0);
    gw_compare_fini(&o.compare);

    const struct gw_compare_options strict = {.same = true, .tolerance = 1e-10};
    o = compare_after(last_bits, &strict);
    assert_int_equal(o.status, GW_ERR_MISSED);
    gw_compare_fini(&o.compare);
}

/* Audit residuals of 1e-16 and 3e-16 are the same nothing. */
static void residuals(struct gw_sample_result *sample)
{
    gw_sample_result_run(sample, 0, 0)->score[GW_SCORE_CARBON] = 3e-16; /* 0 before */
}

static void rounding_residuals_count_as_none(void **state)
{
    (void)state;
    struct outcome o = compare_after(residuals, &same);
    assert_int_equal(o.status, GW_OK);
    const struct gw_compare_column *carbon = column_of(&o.compare, GW_COMPARE_SCORES, "carbon_kgco2");
    assert_near(carbon->worst, 0, 0, 0);
    assert_near(carbon->relative[0], 0, 0, 0);
    gw_compare_fini(&o.compare);
}

static void one_account(struct gw_sample_result *sample)
{
    gw_sample_result_run(sample, 1, 1)->site[GW_ACCOUNT_COUNT + GW_ACCOUNT_COOLING] += 1;
}

static void one_cell(struct gw_sample_result *sample)
{
    gw_sample_result_run(sample, 0, 0)->series[GW_ACCOUNT_IMPORT] = 99;
}

static void one_demand_row(struct gw_sample_result *sample)
{
    gw_sample_result_run(sample, 0, 1)->demand[2].arrived++;
}

static void one_bin(struct gw_sample_result *sample)
{
    gw_sample_result_run(sample, 0, 1)->ttft_count[GW_RESULT_TTFT_BINS + 7]++; /* of the second demand row */
}

static void one_hour(struct gw_sample_result *sample)
{
    sample->hour[0][SAMPLE_HOURS + 2] += 1;
}

/* Equal totals may hide it, equal tables do not. */
static void accounts_demand_rows_and_series_have_to_repeat_too(void **state)
{
    (void)state;
    static const struct {
        void (*change)(struct gw_sample_result *sample);
        enum gw_compare_table table;
        const char *column, *where;
    } cases[] = {
        {one_account, GW_COMPARE_SITES, "cooling_kwh",
         "slït, \"quoted\", replication 1, virginia: cooling_kwh"},
        {one_demand_row, GW_COMPARE_DEMANDS, "arrived", "nearest, replication 1, code: arrived"},
        {one_bin, GW_COMPARE_DEMANDS, "ttft_count", "nearest, replication 1, us-west/chat: ttft_count"},
        {one_hour, GW_COMPARE_GRIDS, "price_usd_per_mwh", "grids, virginia: price_usd_per_mwh"},
        {one_cell, GW_COMPARE_TIMELINE, "import_kwh", "nearest, replication 0, oregon: timeline import_kwh"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct outcome o = compare_after(cases[i].change, &same);
        assert_int_equal(o.status, GW_ERR_MISSED);
        assert_string_equal(o.err.where, cases[i].where);
        assert_int_equal(column_of(&o.compare, cases[i].table, cases[i].column)->apart, 1);
        gw_compare_fini(&o.compare);
    }
}

static void less_work(struct gw_sample_result *sample)
{
    gw_sample_result_run(sample, 1, 0)->score[GW_SCORE_COMPLETED] *= 0.99;
}

static void rows_that_did_other_work_miss(void **state)
{
    (void)state;
    struct outcome o = compare_after(less_work, &differences);
    assert_int_equal(o.status, GW_ERR_MISSED);
    assert_string_equal(o.err.where, "slït, \"quoted\", replication 0");
    assert_string_equal(o.err.why, "the work done differs");
    assert_false(o.compare.row[2].comparable);
    assert_true(o.compare.row[3].comparable);
    gw_compare_fini(&o.compare);
}

static void mend(struct gw_sample_result *sample)
{
    struct gw_run_result *run = gw_sample_result_run(sample, 2, 1);
    const struct gw_run_result *twin = gw_sample_result_run(sample, 2, 0);
    run->error.status = GW_OK;
    run->site = twin->site;
    run->series = twin->series;
    run->load = twin->load;
    run->demand = twin->demand;
    run->sent_frac = twin->sent_frac;
    run->ttft_count = twin->ttft_count;
    run->rows = twin->rows;
}

static void a_run_that_failed_in_one_file_only_misses(void **state)
{
    (void)state;
    struct outcome o = compare_after(mend, &same);
    assert_int_equal(o.status, GW_ERR_MISSED);
    assert_string_equal(o.err.where, "lp-carbon, replication 1");
    assert_string_equal(o.err.why, "the run failed in A");
    gw_compare_fini(&o.compare);
}

static void other_origin(struct gw_sample_result *sample)
{
    sample->facts.version = "0.2.0";
    sample->facts.libm_fingerprint = 0x1234;
    sample->facts.seed = 7;
    sample->facts.scenario_yaml = "geowatt: 1\n";
}

static void another_version_libm_seed_and_scenario_are_named(void **state)
{
    (void)state;
    struct outcome o = compare_after(other_origin, &same);
    assert_int_equal(o.status, GW_OK); /* all numbers agree all the same */
    assert_true(has_note(&o.compare, "A was written by geowatt 0.1.0 (3f2a90c41b7e), B by 0.2.0"));
    assert_true(has_note(&o.compare, "fingerprints feedfacecafebeef and 0000000000001234"));
    assert_true(has_note(&o.compare, "the seeds are 18446744073709551574 and 7"));
    assert_true(has_note(&o.compare, "the scenarios differ"));
    assert_int_equal(o.compare.n_notes, 4);
    gw_compare_fini(&o.compare);
}

/* Policies and sites in another order, and one of each renamed. */
static const char *const other_policies[] = {"lp-carbon", "greedy", "nearest"};
static const char *const other_sites[] = {"virginia", "texas"};

static void reorder(struct gw_sample_result *sample)
{
    sample->facts.policy = other_policies;
    sample->facts.site = other_sites;
}

static void things_are_paired_by_name_not_by_place(void **state)
{
    (void)state;
    struct outcome o = compare_after(reorder, &differences);
    assert_int_equal(o.status, GW_ERR_MISSED); /* nearest, replication 1 stands where the failed run did */
    assert_int_equal(o.compare.n_rows, 4);
    assert_string_equal(o.compare.row[0].policy, "nearest");
    assert_string_equal(o.compare.row[2].policy, "lp-carbon");
    const struct gw_compare_column *carbon = column_of(&o.compare, GW_COMPARE_SCORES, "carbon_kgco2");
    assert_near(carbon->a[0], 0, 0, 0);    /* policy 0 of A */
    assert_near(carbon->b[0], 2000, 0, 0); /* policy 2 of B */
    assert_near(carbon->a[2], 2000, 0, 0);
    assert_near(carbon->b[2], 0, 0, 0);
    assert_true(has_note(&o.compare, "policy slït, \"quoted\" stands in A only"));
    assert_true(has_note(&o.compare, "policy greedy stands in B only"));
    assert_true(has_note(&o.compare, "site oregon stands in A only"));
    assert_true(has_note(&o.compare, "site texas stands in B only"));
    gw_compare_fini(&o.compare);
}

static void one_policy_more(struct gw_sample_result *sample)
{
    static const char *const policies[] = {"nearest", "slït, \"quoted\"", "greedy"};
    sample->facts.policy = policies;
}

static void what_stands_in_one_file_only_does_not_repeat(void **state)
{
    (void)state;
    struct outcome o = compare_after(one_policy_more, &same);
    assert_int_equal(o.status, GW_ERR_MISSED);
    assert_string_equal(o.err.why, "policy lp-carbon stands in A only");
    gw_compare_fini(&o.compare);
}

static void all_renamed(struct gw_sample_result *sample)
{
    static const char *const policies[] = {"a", "b", "c"};
    sample->facts.policy = policies;
}

static void files_without_a_run_in_common_miss(void **state)
{
    (void)state;
    struct outcome o = compare_after(all_renamed, &differences);
    assert_int_equal(o.status, GW_ERR_MISSED);
    assert_string_equal(o.err.why, "the files have no run in common");
    gw_compare_fini(&o.compare);
}

static void other_rows(struct gw_sample_result *sample)
{
    sample->result.every_us *= 2;
}

static void timelines_of_other_steps_are_not_compared(void **state)
{
    (void)state;
    struct outcome o = compare_after(other_rows, &same);
    assert_int_equal(o.status, GW_ERR_MISSED);
    assert_string_equal(o.err.why, "the timelines have 6 rows of 900 s and 6 of 1800 s");
    for (uint32_t i = 0; i < o.compare.n_columns; i++) {
        assert_int_not_equal(o.compare.column[i].table, GW_COMPARE_TIMELINE);
    }
    gw_compare_fini(&o.compare);
}

static void files_on_disk_are_compared_and_equal_bytes_are_seen(void **state)
{
    (void)state;
    char folder[] = "/tmp/geowatt-test-XXXXXX", a[64], b[64];
    assert_non_null(mkdtemp(folder));
    snprintf(a, sizeof a, "%s/a.h5", folder);
    snprintf(b, sizeof b, "%s/b.h5", folder);
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    assert_int_equal(gw_result_file_write(a, &sample.result, &sample.facts, NULL), GW_OK);
    struct gw_compare compare;
    struct gw_error err = {0};
    assert_int_equal(gw_compare_files(a, b, &same, &compare, &err), GW_ERR_IO); /* no B yet */
    assert_string_equal(err.where, b);
    assert_null(compare.arena.chunk);

    assert_int_equal(gw_result_file_write(b, &sample.result, &sample.facts, NULL), GW_OK);
    assert_int_equal(gw_compare_files(a, b, &same, &compare, &err), GW_OK);
    assert_true(compare.identical);
    gw_compare_fini(&compare);

    sample.facts.commit = "000000000000";
    assert_int_equal(gw_result_file_write(b, &sample.result, &sample.facts, NULL), GW_OK);
    assert_int_equal(gw_compare_files(a, b, &same, &compare, &err), GW_OK);
    assert_false(compare.identical);
    gw_compare_fini(&compare);
    gw_sample_result_fini(&sample);
    unlink(a);
    unlink(b);
    rmdir(folder);
}

static void whichever_allocation_fails_is_reported_and_nothing_leaks(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    struct gw_result_file a = file_of(&sample);
    reorder(&sample);
    struct gw_result_file b = file_of(&sample);
    size_t n_failed = 0;
    for (bool went_short = true; went_short; n_failed += went_short) {
        struct gw_compare compare;
        gw_failing_malloc_arm(n_failed + 1);
        const enum gw_status s = gw_compare_results(&a, &b, &same, &compare, NULL);
        went_short = gw_failing_malloc_disarm();
        assert_true(s == GW_ERR_NOMEM || s == GW_ERR_MISSED);
        assert_true(went_short || s == GW_ERR_MISSED);
        gw_compare_fini(&compare);
    }
    assert_true(n_failed > 5);
    gw_result_file_fini(&a);
    gw_result_file_fini(&b);
    gw_sample_result_fini(&sample);
}

static const char *other_grids[] = {"of-oregon", "another"};

static void on_another_grid(struct gw_sample_result *sample)
{
    sample->facts.grids.name = other_grids;
}

static void fewer_hours(struct gw_sample_result *sample)
{
    sample->facts.grids.hours = 1;
}

static void a_site_on_another_grid_is_seen(void **state)
{
    (void)state;
    struct outcome o = compare_after(on_another_grid, &same);
    assert_int_equal(o.status, GW_ERR_MISSED);
    assert_string_equal(o.err.where, "grids");
    assert_true(has_note(&o.compare, "site virginia is on grid "));
    gw_compare_fini(&o.compare);
    o = compare_after(on_another_grid, &differences);
    assert_int_equal(o.status, GW_OK);
    gw_compare_fini(&o.compare);
    o = compare_after(fewer_hours, &same);
    assert_int_equal(o.status, GW_ERR_MISSED);
    assert_true(has_note(&o.compare, "the grids have 3 and 1 hours"));
    gw_compare_fini(&o.compare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_repeats_itself),
        cmocka_unit_test(differences_are_relative_to_the_first_file),
        cmocka_unit_test(what_should_repeat_and_does_not_is_named),
        cmocka_unit_test(differences_within_the_tolerance_pass),
        cmocka_unit_test(rounding_residuals_count_as_none),
        cmocka_unit_test(accounts_demand_rows_and_series_have_to_repeat_too),
        cmocka_unit_test(a_site_on_another_grid_is_seen),
        cmocka_unit_test(rows_that_did_other_work_miss),
        cmocka_unit_test(a_run_that_failed_in_one_file_only_misses),
        cmocka_unit_test(another_version_libm_seed_and_scenario_are_named),
        cmocka_unit_test(things_are_paired_by_name_not_by_place),
        cmocka_unit_test(what_stands_in_one_file_only_does_not_repeat),
        cmocka_unit_test(files_without_a_run_in_common_miss),
        cmocka_unit_test(timelines_of_other_steps_are_not_compared),
        cmocka_unit_test(files_on_disk_are_compared_and_equal_bytes_are_seen),
        cmocka_unit_test(whichever_allocation_fails_is_reported_and_nothing_leaks),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
