/* Each JSON form: that it is recognised, which column, time and unit its values get; and what is refused. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/trace_text.h"

static const struct sample {
    const char *format, *area, *start, *column;
    size_t at;
    double value;
    const char *text;
} samples[] = {
    {"electricity-maps-api", "DE", "2024-01-01T00:00:00Z", "ci_lifecycle_gco2_per_kwh", 1, 310,
     "{\"zone\":\"DE\",\"history\":[{\"zone\":\"DE\",\"carbonIntensity\":300,\"datetime\":"
     "\"2024-01-01T00:00:00.000Z\",\"emissionFactorType\":\"lifecycle\",\"isEstimated\":false},"
     "{\"zone\":\"DE\",\"carbonIntensity\":310,\"datetime\":\"2024-01-01T01:00:00.000Z\","
     "\"emissionFactorType\":\"lifecycle\",\"isEstimated\":true}]}"},
    {"electricity-maps-api", "DE", "2024-01-01T00:00:00Z", "ci_direct_gco2_per_kwh", 0, 250,
     "{\"zone\":\"DE\",\"emissionFactorType\":\"direct\",\"data\":[{\"carbonIntensity\":250,\"datetime\":"
     "\"2024-01-01T00:00:00Z\"},{\"carbonIntensity\":251,\"datetime\":\"2024-01-01T01:00:00Z\"}]}"},
    {"watttime-api", "CAISO_NORTH", "2026-04-01T00:00:00Z", "ci_marginal_direct_gco2_per_kwh", 0, 45.359237,
     "{\"data\":[{\"point_time\":\"2026-04-01T00:00:00+00:00\",\"value\":100,\"version\":\"v\"},"
     "{\"point_time\":\"2026-04-01T00:05:00+00:00\",\"value\":200}],\"meta\":{\"region\":\"CAISO_NORTH\","
     "\"signal_type\":\"co2_moer\",\"units\":\"lbs_co2_per_mwh\"}}"},
    {"watttime-api", "CAISO_NORTH", "2021-04-01T00:00:00Z", "ci_marginal_direct_gco2_per_kwh", 1, 90.718474,
     "[{\"ba\":\"CAISO_NORTH\",\"datatype\":\"MOER\",\"point_time\":\"2021-04-01T00:05:00Z\",\"value\":200},"
     "{\"ba\":\"CAISO_NORTH\",\"datatype\":\"MOER\",\"point_time\":\"2021-04-01T00:00:00Z\",\"value\":100}]"},
    {"carbon-aware-sdk", "eastus", "2021-10-25T14:00:00Z", "ci_gco2_per_kwh", 1, 90.5,
     "\xef\xbb\xbf[{\"Location\":\"eastus\",\"Time\":\"2021-10-25T14:00:00+00:00\",\"Rating\":90},"
     "{\"Location\":\"eastus\",\"Time\":\"2021-10-25T15:00:00+00:00\",\"Rating\":\"90.5\"}]"},
    {"carbon-aware-sdk", "Sydney", "2021-01-01T00:00:01Z", "ci_gco2_per_kwh", 0, 0.5,
     "{\"Date\":\"x\",\"Emissions\":[{\"Location\":\"Sydney\",\"Rating\":\"0.5\",\"Time\":"
     "\"2021-01-01T00:00:01\"},{\"Location\":\"Sydney\",\"Rating\":\"0.6\",\"Time\":"
     "\"2021-01-01T01:00:01\"}]}"},
    {"carbon-aware-sdk-forecast", "eastus", "2022-07-17T23:00:00Z", "ci_gco2_per_kwh", 1, 412.5,
     "[{\"generatedAt\":\"2022-07-17T22:50:00Z\",\"location\":\"eastus\",\"forecastData\":[{\"location\":"
     "\"eastus\",\"timestamp\":\"2022-07-17T23:00:00Z\",\"duration\":5,\"value\":410},{\"location\":"
     "\"eastus\",\"timestamp\":\"2022-07-17T23:05:00Z\",\"duration\":5,\"value\":412.5}]}]"},
    {"uk-neso", NULL, "2018-01-20T12:00:00Z", "forecast_ci_direct_gco2_per_kwh", 1, 260,
     "{\"data\":[{\"from\":\"2018-01-20T12:00Z\",\"to\":\"2018-01-20T12:30Z\",\"intensity\":{\"forecast\":"
     "266,"
     "\"actual\":263}},{\"from\":\"2018-01-20T12:30Z\",\"to\":\"2018-01-20T13:00Z\",\"intensity\":{"
     "\"forecast\":260,\"actual\":null}},{\"from\":\"2018-01-20T13:00Z\",\"to\":\"2018-01-20T13:30Z\","
     "\"intensity\":{\"forecast\":255,\"actual\":253}}]}"},
};

static void each_form_is_recognised_and_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        const struct sample *s = &samples[i];
        struct trace_text r;
        char start[GW_CLOCK_TEXT_MAX];
        trace_text_read(&r, s->text, NULL);
        if (r.status != GW_OK) {
            fail_msg("%s: %s: %s", s->format, r.err.where, r.err.why);
        }
        gw_clock_print(r.trace.start_unix_us, start);
        assert_string_equal(r.trace.format, s->format);
        assert_string_equal(start, s->start);
        assert_near(trace_text_at(&r, s->column, s->at), s->value, 1e-12, 0);
        assert_true((r.trace.area == NULL) == (s->area == NULL));
        if (s->area != NULL) {
            assert_string_equal(r.trace.area, s->area);
        }
        gw_arena_fini(&r.arena);
    }
}

/* 263 and 253 around a null: half way. */
static void null_is_a_gap(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r, samples[sizeof samples / sizeof samples[0] - 1].text, NULL);
    assert_near(trace_text_at(&r, "ci_direct_gco2_per_kwh", 1), 258, 1e-12, 0);
    assert_int_equal(trace_text_finding(&r, GW_TRACE_GAP)->count, 1);
    gw_arena_fini(&r.arena);
}

static void estimates_are_counted(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r, samples[0].text, NULL);
    assert_int_equal(r.trace.estimated, 1);
    gw_arena_fini(&r.arena);
}

static void faults_are_named_with_their_item(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *why;
    } cases[] = {
        {"{\"data\": [", "t.csv:1:10", "end of file"},
        {"[]", "t.csv", "no service"},
        {"[1]", "t.csv", "no service"},
        {"{\"data\":[{\"point_time\":\"2026-04-01T00:00:00Z\",\"value\":1}]}", "t.csv", "unit"},
        {"{\"data\":[{\"point_time\":\"2026-04-01T00:00:00Z\",\"value\":1}],\"meta\":{\"units\":\"kg\"}}",
         "t.csv", "\"kg\""},
        {"{\"data\":[{\"point_time\":\"2026-04-01T00:00:00Z\",\"value\":1}],\"meta\":{\"units\":"
         "\"lbs_co2_per_mwh\",\"signal_type\":\"health_damage\"}}",
         "t.csv", "health_damage"},
        {"[{\"Location\":\"a\",\"Time\":\"2021-10-25T14:00\",\"Rating\":90},{\"Location\":\"a\",\"Time\":"
         "\"2021-10-25T15:00\",\"Rating\":\"x\"}]",
         "t.csv: item 2", "not a number"},
        {"[{\"Location\":\"a\",\"Time\":\"2021-10-25T14:00\",\"Rating\":90},{\"Location\":\"a\",\"Time\":"
         "\"soon\",\"Rating\":1}]",
         "t.csv: item 2", "not a time"},
        {"[{\"Location\":\"a\",\"Time\":\"2021-10-25T14:00\",\"Rating\":90},{\"Location\":\"a\"}]",
         "t.csv: item 2", "Time is missing"},
        {"[{\"Location\":\"a\",\"Time\":\"2021-10-25T14:00\",\"Rating\":90},{\"Location\":\"b\",\"Time\":"
         "\"2021-10-25T14:00\",\"Rating\":90}]",
         "t.csv: item 2", "choose an area"},
        {"[{\"forecastData\":[]},{\"forecastData\":[]}]", "t.csv", "more than one"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trace_text r;
        trace_text_read(&r, cases[i].text, NULL);
        assert_int_not_equal(r.status, GW_OK);
        assert_string_equal(r.err.where, cases[i].where);
        if (strstr(r.err.why, cases[i].why) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", r.err.why, cases[i].why);
        }
        gw_arena_fini(&r.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_recognised_and_read),
        cmocka_unit_test(null_is_a_gap),
        cmocka_unit_test(estimates_are_counted),
        cmocka_unit_test(faults_are_named_with_their_item),
    };
    return cmocka_run_group_tests_name("trace_json", tests, NULL, NULL);
}
