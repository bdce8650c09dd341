/* The content of result.h5: every number stands where its dimensions say, what is missing is NaN. Values of
 * the sample are told by their place, see sample_result.h. */
#include "tests/support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/run/load.h"
#include "sim/run/result_pack.h"
#include "sim/run/result_unpack.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/sample_result.h"

static void pack(const struct gw_sample_result *sample, struct gw_result_file *out)
{
    char *bytes = NULL;
    size_t n = 0;
    struct gw_error err;
    if (gw_result_pack(&sample->result, &sample->facts, 0, "result.h5", &bytes, &n, &err) != GW_OK ||
        gw_result_unpack(bytes, n, "result.h5", out, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    free(bytes);
}

static void assert_same(double a, double b, const char *what)
{
    if (!(a == b || (isnan(a) && isnan(b)))) {
        fail_msg("%s: %.17g, not %.17g", what, a, b);
    }
}

static bool is_failed(uint32_t p, uint32_t r)
{
    return p == 2 && r == 1;
}

static void every_score_of_every_run_comes_back_with_its_unit_and_sentence(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    pack(&sample, &file);
    assert_int_equal(file.n_scores, GW_SCORE_COUNT);
    for (int i = 0; i < GW_SCORE_COUNT; i++) {
        const struct gw_score_doc doc = gw_score_doc((enum gw_score)i);
        assert_string_equal(file.score[i].name, doc.name);
        assert_string_equal(file.score[i].unit, doc.unit);
        assert_string_equal(file.score[i].doc, doc.doc);
        for (uint32_t p = 0; p < SAMPLE_POLICIES; p++) {
            for (uint32_t r = 0; r < SAMPLE_REPLICATIONS; r++) {
                const double score = gw_sample_result_run(&sample, p, r)->score[i];
                assert_same(file.score[i].value[p * SAMPLE_REPLICATIONS + r], is_failed(p, r) ? NAN : score,
                            doc.name);
            }
        }
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

static void every_account_of_every_site_comes_back(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    pack(&sample, &file);
    assert_int_equal(file.n_accounts, GW_ACCOUNT_COUNT);
    for (int a = 0; a < GW_ACCOUNT_COUNT; a++) {
        assert_string_equal(file.account[a].name, gw_ledger_account((enum gw_account)a).name);
        for (uint32_t p = 0; p < SAMPLE_POLICIES; p++) {
            for (uint32_t r = 0; r < SAMPLE_REPLICATIONS; r++) {
                for (uint32_t s = 0; s < SAMPLE_SITES; s++) {
                    const size_t at = (p * SAMPLE_REPLICATIONS + r) * SAMPLE_SITES + s;
                    assert_same(file.account[a].value[at],
                                is_failed(p, r) ? NAN : 1000.0 * p + 100.0 * r + 10.0 * s + a / 100.0,
                                file.account[a].name);
                }
            }
        }
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

static void hours_of_the_grids_come_back(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    pack(&sample, &file);
    assert_int_equal(file.grids.hours, SAMPLE_HOURS);
    assert_int_equal(file.grids.n_columns, 2);
    assert_string_equal(file.grids.name[0], "US-NW-BPAT");
    assert_string_equal(file.grids.name[1], "constant");
    assert_same(file.grids.utc_offset_h[1], -8, "utc_offset_h");
    assert_string_equal(file.grids.column[1].name, "renewable_frac");
    assert_string_equal(file.grids.column[0].unit, "USD/MWh");
    assert_string_equal(file.grids.column[0].doc, "Wholesale price");
    for (size_t s = 0; s < SAMPLE_SITES; s++) {
        for (size_t h = 0; h < SAMPLE_HOURS; h++) {
            const size_t at = s * SAMPLE_HOURS + h;
            assert_same(file.grids.column[0].value[at], 10.0 * (double)s + (double)h, "price");
            assert_same(file.grids.column[1].value[at], s == 0 ? (double)h : NAN, "renewables");
        }
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

/* Policy 2 drained longest, 6 rows; the others have fewer. */
static void a_series_is_padded_with_nan_to_the_longest_drain(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    pack(&sample, &file);
    assert_int_equal(file.rows, SAMPLE_ROWS + 2);
    assert_int_equal(file.n_series, GW_ACCOUNT_COUNT);
    for (int a = 0; a < GW_ACCOUNT_COUNT; a++) {
        for (uint32_t p = 0; p < SAMPLE_POLICIES; p++) {
            for (uint32_t r = 0; r < SAMPLE_REPLICATIONS; r++) {
                for (uint32_t s = 0; s < SAMPLE_SITES; s++) {
                    const double *row =
                        file.series[a].value +
                        ((p * SAMPLE_REPLICATIONS + r) * SAMPLE_SITES + s) * (size_t)file.rows;
                    const double first = 1000.0 * p + 100.0 * r + 10.0 * s + a / 100.0;
                    for (uint32_t t = 0; t < file.rows; t++) {
                        const bool there = !is_failed(p, r) && t < SAMPLE_ROWS + p;
                        assert_same(row[t], there ? first + t / 10000.0 : NAN, file.series[a].name);
                    }
                }
            }
        }
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

static void load_comes_back_by_site_and_model(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    pack(&sample, &file);
    assert_int_equal(file.models, SAMPLE_MODELS);
    assert_string_equal(file.model[1], "llama-2-70b");
    assert_int_equal(file.n_load, GW_LOAD_COUNT);
    assert_string_equal(file.load[GW_LOAD_KV_FRAC].name, "kv_frac");
    assert_string_equal(file.load[GW_LOAD_KV_TOK].unit, "tok");
    for (uint32_t c = 0; c < file.n_load; c++) {
        const double *value = file.load[c].value;
        for (uint32_t i = 0; i < SAMPLE_POLICIES * SAMPLE_REPLICATIONS * SAMPLE_SITES * SAMPLE_MODELS; i++) {
            const uint32_t m = i % SAMPLE_MODELS, s = i / SAMPLE_MODELS % SAMPLE_SITES;
            const uint32_t run = i / (SAMPLE_MODELS * SAMPLE_SITES);
            const uint32_t p = run / SAMPLE_REPLICATIONS, r = run % SAMPLE_REPLICATIONS;
            const double first = 1000.0 * p + 100.0 * r + 10.0 * s + m + c / 100.0;
            for (uint32_t t = 0; t < file.rows; t++) {
                const bool there = !is_failed(p, r) && t < SAMPLE_ROWS + p;
                assert_same(*value++, there ? first + t / 10000.0 : NAN, file.load[c].name);
            }
        }
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

static void times_to_first_token_come_back_by_bin(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    pack(&sample, &file);
    assert_int_equal(file.ttft_bins, GW_RESULT_TTFT_BINS);
    assert_near(file.ttft_from_ms[0], 0.0, 0.0, 0.0);
    assert_near(file.ttft_from_ms[1], 1.024, 1e-12, 0.0);
    assert_near(file.ttft_from_ms[2], 1.152, 1e-12, 0.0); /* 9/8 of it */
    assert_near(file.ttft_from_ms[9], 2.048, 1e-12, 0.0);
    const uint32_t per_run = SAMPLE_DEMANDS * GW_RESULT_TTFT_BINS;
    for (uint32_t i = 0; i < SAMPLE_POLICIES * SAMPLE_REPLICATIONS * per_run; i++) {
        const uint32_t p = i / per_run / SAMPLE_REPLICATIONS, r = i / per_run % SAMPLE_REPLICATIONS;
        const double count = 1000.0 * p + 100.0 * r + i % per_run;
        assert_same(file.ttft_count[i], is_failed(p, r) ? (double)NAN : count, "ttft_count");
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

static const double *demand_column(const struct gw_result_file *file, const char *name)
{
    for (uint32_t i = 0; i < file->n_per_demand; i++) {
        if (strcmp(file->per_demand[i].name, name) == 0) {
            return file->per_demand[i].value;
        }
    }
    fail_msg("no column %s of demand rows", name);
    return NULL;
}

static void demand_rows_come_back_counts_and_values_alike(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    pack(&sample, &file);
    const double *busy_kwh = demand_column(&file, "busy_kwh"), *arrived = demand_column(&file, "arrived");
    const double *e2e_ms = demand_column(&file, "e2e_ms_mean");
    for (uint32_t run = 0; run < SAMPLE_POLICIES * SAMPLE_REPLICATIONS; run++) {
        const uint32_t p = run / SAMPLE_REPLICATIONS, r = run % SAMPLE_REPLICATIONS;
        for (uint32_t d = 0; d < SAMPLE_DEMANDS; d++) {
            const size_t at = run * SAMPLE_DEMANDS + d;
            assert_same(busy_kwh[at], is_failed(p, r) ? NAN : 1000.0 * p + 100.0 * r + d, "busy_kwh");
            assert_same(arrived[at], is_failed(p, r) ? NAN : 7.0 * d, "arrived");
            assert_same(e2e_ms[at], is_failed(p, r) ? NAN : 0, "e2e_ms_mean");
            for (uint32_t s = 0; s < SAMPLE_SITES; s++) {
                const double sent = d % SAMPLE_SITES == s;
                assert_same(file.sent_frac[at * SAMPLE_SITES + s], is_failed(p, r) ? NAN : sent, "sent_frac");
            }
        }
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

static void a_failed_run_says_why(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    pack(&sample, &file);
    for (uint32_t run = 0; run < SAMPLE_POLICIES * SAMPLE_REPLICATIONS; run++) {
        const bool last = run == SAMPLE_POLICIES * SAMPLE_REPLICATIONS - 1;
        assert_int_equal(file.ok[run], !last);
        assert_string_equal(file.error[run], last ? "shares of \"code\" sum to 1.2" : "");
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

static void infinities_and_extremes_survive(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    double *score = gw_sample_result_run(&sample, 0, 0)->score;
    score[0] = INFINITY;
    score[1] = -INFINITY;
    score[2] = NAN;
    score[3] = 5e-324;
    score[4] = 1.7976931348623157e308;
    pack(&sample, &file);
    for (size_t i = 0; i < 5; i++) {
        assert_same(file.score[i].value[0], score[i], file.score[i].name);
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

/* Nothing to show but that it happened: neither demand rows nor time series nor inputs. */
static void a_result_without_demand_rows_and_with_failed_runs_only_is_a_result(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    for (uint32_t run = 0; run < SAMPLE_POLICIES * SAMPLE_REPLICATIONS; run++) {
        sample.result.run[run].error.status = GW_ERR_POLICY;
    }
    sample.result.demands = sample.result.models = 0;
    sample.facts.n_inputs = 0;
    sample.facts.n_citations = 0;
    pack(&sample, &file);
    assert_int_equal(file.demands, 0);
    assert_int_equal(file.rows, 0);
    assert_int_equal(file.n_series, 0);
    assert_int_equal(file.n_inputs, 0);
    assert_int_equal(file.n_scores, GW_SCORE_COUNT);
    assert_null(file.sent_frac);
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

static void the_baseline_is_found_by_its_name(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    sample.facts.baseline = 1;
    pack(&sample, &file);
    assert_int_equal(file.baseline, 1);
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
}

/* A large scenario and a long list of sources: HDF5 stores texts beyond 64 KiB in another way. */
static void texts_of_any_length_survive(void **state)
{
    (void)state;
    enum { LONG = 3000000 };
    char *yaml = malloc(LONG + 1);
    assert_non_null(yaml);
    memset(yaml, 'y', LONG);
    yaml[LONG] = '\0';
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    sample.facts.scenario_yaml = yaml;
    sample.facts.scenario_name = "";
    const char *const citation[] = {yaml + LONG - 200000};
    sample.facts.citation = citation;
    sample.facts.n_citations = 1;
    pack(&sample, &file);
    assert_string_equal(file.scenario_yaml, yaml);
    assert_string_equal(file.scenario_name, "");
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
    free(yaml);
}

/* "| `name` | unit |", for scores what is better, then the sentence. */
static void assert_in_page(const char *page, const struct gw_result_column *column, const char *better)
{
    char row[400];
    snprintf(row, sizeof row, "| `%s` | %s |%s %s |\n", column->name, column->unit, better, column->doc);
    if (strstr(page, row) == NULL) {
        fail_msg("docs/results-format.md has no line %s", row);
    }
}

static void the_page_of_the_format_has_every_column(void **state)
{
    (void)state;
    static const char *const better[] = {" neither |", " low |", " high |"};
    char *page = NULL;
    size_t n;
    assert_int_equal(gw_file_read("docs/results-format.md", 1 << 20, &page, &n, NULL), GW_OK);
    struct gw_sample_result sample;
    struct gw_result_file file;
    gw_sample_result_make(&sample);
    pack(&sample, &file);
    for (uint32_t i = 0; i < file.n_scores; i++) {
        assert_in_page(page, &file.score[i], better[gw_score_doc((enum gw_score)i).better]);
    }
    for (uint32_t i = 0; i < file.n_accounts; i++) {
        assert_in_page(page, &file.account[i], "");
    }
    for (uint32_t i = 0; i < file.n_per_demand; i++) {
        assert_in_page(page, &file.per_demand[i], "");
    }
    gw_result_file_fini(&file);
    gw_sample_result_fini(&sample);
    free(page);
}

static void whichever_allocation_fails_is_reported_and_nothing_leaks(void **state)
{
    (void)state;
    struct gw_sample_result sample;
    gw_sample_result_make(&sample);
    size_t n_failed = 0;
    for (bool went_short = true; went_short; n_failed += went_short) {
        char *bytes = NULL;
        size_t n = 0;
        struct gw_result_file file = {0};
        gw_failing_malloc_arm(n_failed + 1);
        enum gw_status s = gw_result_pack(&sample.result, &sample.facts, 0, "result.h5", &bytes, &n, NULL);
        s = s == GW_OK ? gw_result_unpack(bytes, n, "result.h5", &file, NULL) : s;
        went_short = gw_failing_malloc_disarm();
        assert_int_equal(s, went_short ? GW_ERR_NOMEM : GW_OK);
        gw_result_file_fini(&file);
        free(bytes);
    }
    assert_true(n_failed > 10); /* there were some to fail */
    gw_sample_result_fini(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_score_of_every_run_comes_back_with_its_unit_and_sentence),
        cmocka_unit_test(every_account_of_every_site_comes_back),
        cmocka_unit_test(hours_of_the_grids_come_back),
        cmocka_unit_test(a_series_is_padded_with_nan_to_the_longest_drain),
        cmocka_unit_test(times_to_first_token_come_back_by_bin),
        cmocka_unit_test(load_comes_back_by_site_and_model),
        cmocka_unit_test(demand_rows_come_back_counts_and_values_alike),
        cmocka_unit_test(a_failed_run_says_why),
        cmocka_unit_test(infinities_and_extremes_survive),
        cmocka_unit_test(a_result_without_demand_rows_and_with_failed_runs_only_is_a_result),
        cmocka_unit_test(the_baseline_is_found_by_its_name),
        cmocka_unit_test(texts_of_any_length_survive),
        cmocka_unit_test(the_page_of_the_format_has_every_column),
        cmocka_unit_test(whichever_allocation_fails_is_reported_and_nothing_leaks),
    };
    return cmocka_run_group_tests_name("result_pack", tests, NULL, NULL);
}
