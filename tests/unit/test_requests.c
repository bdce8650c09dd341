/* Request traces: every format, what is wrong with a row and where, times and their zones, compressed files.
 */
#include "tests/support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/units.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/requests_text.h"
#include "traces/requests_survey.h"

#define AZURE    "TIMESTAMP,ContextTokens,GeneratedTokens\n"
#define EVENING  (INT64_C(1700157600) * GW_US_PER_S) /* 2023-11-16T18:00:00Z */
#define MOONCAKE "{\"timestamp\": 0, \"input_length\": 9, \"output_length\": 2, \"hash_ids\": [7]}\n"

static void read_text(struct requests_text *t, const char *text, const struct gw_requests_cfg *cfg)
{
    requests_text_read(t, text, strlen(text), cfg);
}

/* Two requests each; of the second its distance from the first and its tokens. */
static void each_format_is_known_by_its_names(void **state)
{
    (void)state;
    static const struct {
        const char *format, *text;
        gw_time_us after_us;
        uint32_t in_tok, out_tok;
    } cases[] = {
        {"azure", AZURE "2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319609,3180,8\n", 52000,
         3180, 8},
        {"azure",
         "TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n2024-10-15 00:00:01.5+00:00,0,9,9\n"
         "2024-10-15 00:00:02.75+00:00,1,1200,77\n",
         1250000, 1200, 77},
        {"burstgpt",
         "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
         "5,ChatGPT,472,18,490,Conversation log\n45.5,ChatGPT,1087,230,1317,Conversation log\n",
         40500000, 1087, 230},
        {"burstgpt",
         "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
         "5,1,2,GPT-4,472,18,490,API log\n6,2,1,GPT-4,10,3,13,API log\n",
         1000000, 10, 3},
        {"splitwise",
         "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n"
         "0,2,0,0.25,1,100,10\n1,2,0,1.75,1,200,20\n",
         1500000, 200, 20},
        {"mooncake",
         MOONCAKE "{\"hash_ids\":[7,8],\"output_length\":3,\"input_length\":600,\"timestamp\":3000}", 3000000,
         600, 3},
        {"generic", "time_utc;in_tok;out_tok\n2023-06-01T00:00:00Z;5;6\n2023-06-01T00:00:01Z;7;8\n", 1000000,
         7, 8},
        {"generic", "id,arrived_at,num_prefill_tokens,num_decode_tokens\n0,0.5,5,6\n1,0.75,7,8.0\n", 250000,
         7, 8},
        {"generic", "time_ms\tinput_tokens\toutput_tokens\n1\t5\t6\n3\t7\t8\n", 2000, 7, 8},
        {"generic",
         "{\"time\": \"2023-06-01 00:00:00\", \"user\": {\"a\": [1, \"}\"]}, \"prompt_tokens\": 5, "
         "\"completion_tokens\": 6}\n"
         "{\"time\": \"2023-06-01 00:00:01\", \"user\": null, \"prompt_tokens\": 7, \"completion_tokens\": "
         "8}",
         1000000, 7, 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct requests_text t;
        read_text(&t, cases[i].text, NULL);
        assert_int_equal(t.status, GW_OK);
        assert_string_equal(t.format, cases[i].format);
        assert_int_equal(t.n, 2);
        assert_int_equal(t.row[1].t_unix_us - t.row[0].t_unix_us, cases[i].after_us);
        assert_int_equal(t.row[1].in_tok, cases[i].in_tok);
        assert_int_equal(t.row[1].out_tok, cases[i].out_tok);
    }
}

/* The second of three rows is wrong: strict stops there and says where, skip leaves it out and counts it. */
static void a_bad_row_stops_the_stream_or_is_counted(void **state)
{
    (void)state;
    static const struct {
        const char *row, *where, *why;
    } cases[] = {
        {"2023-11-16 18:00:01,5", "t.csv:3:22", "ends after 2 of 3 fields"},
        {"2023-11-16 18:00:01,5,x", "t.csv:3:23", "\"x\" is not a number of tokens"},
        {"2023-11-16 18:00:01,5.5,2", "t.csv:3:21", "\"5.5\" is not a number of tokens"},
        {"2023-11-16 18:00:01,-5,2", "t.csv:3:21", "\"-5\" is not a number of tokens"},
        {"2023-11-16 18:00:01,,2", "t.csv:3:21", "\"\" is not a number of tokens"},
        {"2023-11-16 18:00:01,1000000000,2", "t.csv:3:21", "1000000000 tokens"},
        {"2023-11-16 18:00:01,0,2", "t.csv:3:21", "a prompt of no tokens"},
        {"2023-11-16 17:59:59,5,2", "t.csv:3:1", "1 s before that of a row above: sort"},
        {"2023-02-30 18:00:01,5,2", "t.csv:3:1", "\"2023-02-30 18:00:01\" is not a time"},
        {",5,2", "t.csv:3:1", "a time is missing"},
        {"\"2023-11-16 18:00:01,5,2", "t.csv:3:1", "a quote that is not closed"},
    };
    const struct gw_requests_cfg skip = {.relative = true, .bad_rows = GW_REQUESTS_SKIP};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[400];
        snprintf(text, sizeof text, AZURE "2023-11-16 18:00:00,1,1\n%s\n2023-11-16 18:00:02,3,3\n",
                 cases[i].row);
        struct requests_text t;
        read_text(&t, text, NULL);
        assert_int_not_equal(t.status, GW_OK);
        assert_int_equal(gw_status_exit(t.status), 2);
        assert_int_equal(t.n, 1);
        assert_string_equal(t.err.where, cases[i].where);
        assert_non_null(strstr(t.err.why, cases[i].why));

        read_text(&t, text, &skip);
        assert_int_equal(t.status, GW_OK);
        assert_int_equal(t.n, 2);
        assert_int_equal(t.row[1].in_tok, 3);
        assert_int_equal(t.counts.bad, 1);
        assert_int_equal(t.counts.bad_line, 3);
        assert_non_null(strstr(t.counts.bad_why, cases[i].why));
    }
}

static void a_bad_line_of_json_is_named_by_its_column(void **state)
{
    (void)state;
    static const struct {
        const char *row, *where, *why;
    } cases[] = {
        {"{\"timestamp\": 1, \"input_length\": 9}", "t.csv:2:1", "no output tokens in this object"},
        {"{\"timestamp\": 1, \"input_length\": 9, \"input_length\": 9}", "t.csv:2:37", "says again"},
        {"{\"timestamp\": 1, \"input_length\": 9.5, \"output_length\": 1}", "t.csv:2:34", "\"9.5\" is not"},
        {"{\"timestamp\": 1, \"input_length\": , \"output_length\": 1}", "t.csv:2:34", "a value is missing"},
        {"{\"timestamp\": \"x\", \"input_length\": 9, \"output_length\": 1}", "t.csv:2:16",
         "\"x\" is not a time"},
        {"{\"timestamp\": 1 \"input_length\": 9}", "t.csv:2:17", "'}' is due here"},
        {"{\"timestamp\": 1, \"input_length\": 9, \"output_length\": 1} x", "t.csv:2:57",
         "behind the object"},
        {"{\"timestamp\": 1, \"other\": {\"a\": [1, 2}", "t.csv:2:39", "not closed on its line"},
        {"{\"timestamp\": 1, \"hash_ids\": [1, -2]}", "t.csv:2:34", "a block's id is a whole number"},
        {"{\"timestamp\": 1, \"input_leng", "t.csv:2:18", "a text that is not closed"},
        {"[1]", "t.csv:2:1", "'{' is due here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[400];
        snprintf(text, sizeof text, MOONCAKE "%s\n" MOONCAKE, cases[i].row);
        struct requests_text t;
        read_text(&t, text, NULL);
        assert_int_not_equal(t.status, GW_OK);
        assert_string_equal(t.err.where, cases[i].where);
        assert_non_null(strstr(t.err.why, cases[i].why));
    }
}

static void requests_without_an_answer_are_counted_apart(void **state)
{
    (void)state;
    struct requests_text t;
    read_text(&t, AZURE "2023-11-16 18:00:00,5,0\n2023-11-16 18:00:00,6,1\n", NULL);
    assert_int_equal(t.status, GW_OK);
    assert_int_equal(t.n, 1);
    assert_int_equal(t.counts.unanswered, 1);
    assert_int_equal(t.counts.bad, 0);
}

static void a_clock_is_asked_for_where_the_file_does_not_say(void **state)
{
    (void)state;
    const char *const stamps = AZURE "2023-11-16 18:00:00,5,1\n2023-11-16 18:00:01,6,1\n";
    const char *const zoned = AZURE "2023-11-16 18:00:00Z,5,1\n2023-11-16 20:00:01+02:00,6,1\n";
    struct gw_requests_cfg cfg = {0};
    struct requests_text t;
    read_text(&t, stamps, &cfg);
    assert_int_equal(t.status, GW_ERR_USAGE);
    assert_string_equal(t.err.where, "t.csv:2:1");
    assert_non_null(strstr(t.err.why, "give utc_offset"));
    read_text(&t, MOONCAKE, &cfg);
    assert_int_equal(t.status, GW_ERR_USAGE);
    assert_non_null(strstr(t.err.why, "give epoch"));

    read_text(&t, zoned, &cfg);
    assert_int_equal(t.status, GW_OK);
    assert_int_equal(t.row[0].t_unix_us, EVENING);
    assert_int_equal(t.row[1].t_unix_us, EVENING + GW_US_PER_S);

    /* clocks two hours ahead show 18:00 when it is 16:00 UTC */
    cfg = (struct gw_requests_cfg){.has_utc_offset = true, .utc_offset_us = 2 * GW_US_PER_H};
    read_text(&t, stamps, &cfg);
    assert_int_equal(t.row[0].t_unix_us, EVENING - 2 * GW_US_PER_H);

    /* with an epoch the first stamp moves there and the others with it */
    cfg.has_epoch = true;
    cfg.epoch_unix_us = 1000;
    read_text(&t, stamps, &cfg);
    assert_int_equal(t.row[0].t_unix_us, 1000);
    assert_int_equal(t.row[1].t_unix_us, 1000 + GW_US_PER_S);
    read_text(&t, MOONCAKE, &cfg);
    assert_int_equal(t.row[0].t_unix_us, 1000);
}

static void ends_of_lines_marks_and_compression_change_nothing(void **state)
{
    (void)state;
    const char *const plain = AZURE "2023-11-16 18:00:00.25,5,1\n2023-11-16 18:00:01,6,1\n";
    static const char *const same[] = {
        "\xef\xbb\xbf" AZURE "2023-11-16 18:00:00.25,5,1\n2023-11-16 18:00:01,6,1",
        "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:00:00.25,5,1\r\n2023-11-16 "
        "18:00:01,6,1\r\n",
        "# a comment\n\n" AZURE "\n\"2023-11-16 18:00:00.25\", 5 ,\"1\"\n\n2023-11-16T18:00:01,6,1\n\n",
    };
    struct requests_text want, t;
    read_text(&want, plain, NULL);
    assert_int_equal(want.n, 2);
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        read_text(&t, same[i], NULL);
        assert_int_equal(t.n, want.n);
        for (size_t k = 0; k < t.n; k++) {
            assert_int_equal(t.row[k].t_unix_us, want.row[k].t_unix_us);
            assert_int_equal(t.row[k].in_tok, want.row[k].in_tok);
        }
    }
    for (unsigned members = 1; members <= 3; members++) {
        size_t n;
        char *packed = requests_text_gz(plain, strlen(plain), members, &n);
        requests_text_read(&t, packed, n, NULL);
        assert_int_equal(t.status, GW_OK);
        assert_memory_equal(t.row, want.row, want.n * sizeof want.row[0]);

        requests_text_read(&t, packed, n - 5, NULL); /* cut off */
        assert_int_equal(t.status, GW_ERR_SYNTAX);
        assert_non_null(strstr(t.err.why, "ends early"));
        free(packed);
    }
}

static void what_is_no_request_trace_is_refused_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *text, *format, *why;
    } cases[] = {
        {"", NULL, "empty"},
        {"# only\n", NULL, "empty"},
        {"time,ci (g/kWh)\n2023-06-01,5\n", NULL, "not those of any request trace"},
        {AZURE, "splitwise", "not those of the format splitwise"},
        {AZURE, "azur", "there is no format \"azur\""},
        {"{\"a\": 1}\n", NULL, "not those of any"},
        {"{\"a\": \n", NULL, "not closed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gw_requests_cfg cfg = {.relative = true, .format = cases[i].format};
        struct requests_text t;
        read_text(&t, cases[i].text, &cfg);
        assert_int_not_equal(t.status, GW_OK);
        assert_non_null(strstr(t.err.why, cases[i].why));
    }
}

/* Blocks of 512 tokens, the ids of the sample: 0 1 | 0 2 | 0 1 3 | 0 1 3 4. */
static void prompts_that_continue_one_another_share_a_text(void **state)
{
    (void)state;
    const char *const text =
        "{\"timestamp\": 0, \"input_length\": 1024, \"output_length\": 1, \"hash_ids\": [0, 1]}\n"
        "{\"timestamp\": 1, \"input_length\": 700, \"output_length\": 1, \"hash_ids\": [0, 2]}\n"
        "{\"timestamp\": 2, \"input_length\": 1536, \"output_length\": 1, \"hash_ids\": [0, 1, 3]}\n"
        "{\"timestamp\": 3, \"input_length\": 1024, \"output_length\": 1, \"hash_ids\": [0, 7]}\n"
        "{\"timestamp\": 4, \"input_length\": 1536, \"output_length\": 1, \"hash_ids\": [0, 8, 9]}\n";
    struct requests_text t;
    read_text(&t, text, NULL);
    assert_int_equal(t.status, GW_OK);
    assert_int_equal(t.row[0].prefix, 1);
    assert_int_equal(t.row[0].prefix_tok, 1024);
    assert_int_equal(t.row[0].known_tok, 0);
    /* the second has one full block, the beginning of the first */
    assert_int_equal(t.row[1].prefix, 1);
    assert_int_equal(t.row[1].prefix_tok, 512);
    /* the third goes on where the first ended */
    assert_int_equal(t.row[2].prefix, 1);
    assert_int_equal(t.row[2].prefix_tok, 1536);
    assert_int_equal(t.row[2].known_tok, 1024);
    /* half of the fourth is the first's beginning: that text, up to there; the fifth has more of its own */
    assert_int_equal(t.row[3].prefix, 1);
    assert_int_equal(t.row[3].prefix_tok, 512);
    assert_int_equal(t.row[4].prefix, 3);
    assert_int_equal(t.row[4].prefix_tok, 1536);
    assert_int_equal(t.row[4].known_tok, 512);
}

/* Two windows of 100 s at 20 and 0 requests/s, then one at 10: 3000 requests expected, none in the middle. */
static void clients_send_as_many_requests_as_their_table_says(void **state)
{
    (void)state;
    const char *const text = "client,window_start_s,requests_per_s,iat_cv,pattern,shape,scale_s\n"
                             "1,100,0,1,Gamma,1,1\n1,0,20,2,Gamma,0.25,1\n1,200,10,0.5,Weibull,2.1,1\n"
                             "2,0,5,1,Exponential,,1\n2,100,5,1,Exponential,0,1\n";
    struct gw_requests_cfg cfg = {
        .relative = true, .seed = 7, .from = {.path = "t.csv", .bytes = text, .n = strlen(text)}};
    struct gw_requests *requests;
    struct gw_error err;
    /* an empty shape is no number */
    assert_int_equal(gw_requests_open(&cfg, &requests, &err), GW_ERR_SYNTAX);
    assert_string_equal(err.where, "t.csv:5:21");

    cfg.bad_rows = GW_REQUESTS_SKIP;
    assert_int_equal(gw_requests_open(&cfg, &requests, &err), GW_OK);
    struct gw_requests_row row;
    gw_time_us last_us = 0;
    size_t n = 0, second = 0;
    while (gw_requests_next(requests, &row)) {
        assert_true(row.t_unix_us >= last_us && row.out_tok == 0);
        last_us = row.t_unix_us;
        second += row.t_unix_us >= 100 * GW_US_PER_S && row.t_unix_us < 200 * GW_US_PER_S;
        n++;
    }
    assert_int_equal(gw_requests_counted(requests)->bad, 1);
    gw_requests_close(requests);
    /* 3000 of the first client; 500 of the second in its one window. Counts of a Gamma process of CV 2 vary
     * by CV * sqrt(n), about 90 for 2000 */
    assert_near((double)n, 3500, 0, 4 * 90);
    assert_near((double)second, 500, 0, 4 * sqrt(500));
}

static void a_survey_says_what_can_be_counted_by_hand(void **state)
{
    (void)state;
    /* times 0, 1, 3 s: gaps 1 and 2; whole windows of 1 s hold 1, 1, 0 requests */
    const char *const text = "time_s,in_tok,out_tok\n0,10,1\n1,20,1\n3,60,4\n";
    const struct gw_requests_cfg cfg = {.relative = true,
                                        .from = {.path = "t.csv", .bytes = text, .n = strlen(text)}};
    struct gw_requests *requests;
    struct gw_requests_survey s;
    assert_int_equal(gw_requests_open(&cfg, &requests, NULL), GW_OK);
    assert_int_equal(gw_requests_survey_run(&s, requests, UINT64_MAX, NULL), GW_OK);
    assert_int_equal(s.n, 3);
    assert_near(gw_requests_survey_rate_per_s(&s), 2.0 / 3, 1e-12, 0);
    assert_near(gw_requests_survey_gap_cv(&s), sqrt(0.5) / 1.5, 1e-12, 0);
    assert_int_equal(s.window[0].windows, 3);
    assert_near(gw_requests_survey_dispersion(&s, 0), (2 - 4.0 / 3) / 2 / (2.0 / 3), 1e-12, 0);
    assert_near(gw_sketch_mean(&s.in_tok), 30, 1e-12, 0);
    assert_int_equal(s.file_bytes, strlen(text));
    gw_requests_survey_fini(&s);
    gw_requests_close(requests);
}

/* Whichever allocation fails: an error that says so, also under skip, and nothing is left behind. */
static void running_out_of_memory_is_no_fault_of_a_row(void **state)
{
    (void)state;
    static const char *const texts[] = {
        AZURE "2023-11-16 18:00:00,5,1\n",
        MOONCAKE,
        "client,window_start_s,requests_per_s,pattern,shape\n1,0,2,Gamma,0.3\n1,10,1,Weibull,2\n",
    };
    const struct gw_requests_cfg skip = {.relative = true, .bad_rows = GW_REQUESTS_SKIP};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (size_t fail_at = 1;; fail_at++) {
            struct requests_text t;
            gw_failing_malloc_arm(fail_at);
            read_text(&t, texts[i], &skip);
            const bool failed = gw_failing_malloc_disarm();
            assert_int_equal(t.status, failed ? GW_ERR_NOMEM : GW_OK);
            if (!failed) {
                assert_true(fail_at > 3 && t.n > 0);
                break;
            }
        }
    }
}

/* What is published of the real files, when they are there: rows, rate, CV, percentiles. */
static void real_traces_have_the_published_figures(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        uint64_t n;
        double rate_per_s, gap_cv, in_mean, out_mean;
    } cases[] = {
        {"llm/azure2023/AzureLLMInferenceTrace_code.csv", 8819, 2.57, 13.15, 2048, 27.9},
        {"llm/azure2023/AzureLLMInferenceTrace_conv.csv", 19366, 5.53, 1.09, 1155, 211},
        {"llm/mooncake/conversation_trace.jsonl.gz", 12031, 3.40, 3.03, 12035, 343},
        {"llm/mooncake/synthetic_trace.jsonl.gz", 3993, 3.91, 1.01, 15326, 149},
    };
    const char *const root = getenv("GEOWATT_REFERENCE_DATA");
    if (root == NULL) {
        skip();
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", root, cases[i].file);
        const struct gw_requests_cfg cfg = {.relative = true, .from.path = path};
        struct gw_requests *requests;
        struct gw_requests_survey s;
        assert_int_equal(gw_requests_open(&cfg, &requests, NULL), GW_OK);
        assert_int_equal(gw_requests_survey_run(&s, requests, UINT64_MAX, NULL), GW_OK);
        assert_int_equal(s.n, cases[i].n);
        assert_near(gw_requests_survey_rate_per_s(&s), cases[i].rate_per_s, 2e-3, 0);
        assert_near(gw_requests_survey_gap_cv(&s), cases[i].gap_cv, 4e-3, 0);
        assert_near(gw_sketch_mean(&s.in_tok), cases[i].in_mean, 1e-3, 0);
        assert_near(gw_sketch_mean(&s.out_tok), cases[i].out_mean, 2e-3, 0);
        gw_requests_survey_fini(&s);
        gw_requests_close(requests);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_is_known_by_its_names),
        cmocka_unit_test(a_bad_row_stops_the_stream_or_is_counted),
        cmocka_unit_test(a_bad_line_of_json_is_named_by_its_column),
        cmocka_unit_test(requests_without_an_answer_are_counted_apart),
        cmocka_unit_test(a_clock_is_asked_for_where_the_file_does_not_say),
        cmocka_unit_test(ends_of_lines_marks_and_compression_change_nothing),
        cmocka_unit_test(what_is_no_request_trace_is_refused_at_once),
        cmocka_unit_test(prompts_that_continue_one_another_share_a_text),
        cmocka_unit_test(clients_send_as_many_requests_as_their_table_says),
        cmocka_unit_test(a_survey_says_what_can_be_counted_by_hand),
        cmocka_unit_test(running_out_of_memory_is_no_fault_of_a_row),
        cmocka_unit_test(real_traces_have_the_published_figures),
    };
    return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
