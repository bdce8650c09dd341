/* Each comma-separated format: that it is recognised, which column a value lands in, at which time, in which
 * unit; and where bad input is said to be bad. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/trace_text.h"

#define DIRECT    "ci_direct_gco2_per_kwh"
#define LIFECYCLE "ci_lifecycle_gco2_per_kwh"
#define MARGINAL  "ci_marginal_direct_gco2_per_kwh"
#define USD       "price_usd_per_mwh"

/* One file per format, two or more rows; one value that can be checked by hand. */
static const struct sample {
    const char *format, *area, *start, *column;
    size_t at;
    double value;
    gw_time_us step_min;
    const char *text;
} samples[] = {
    {"electricity-maps", "SE", "2023-01-01T00:00:00Z", LIFECYCLE, 1, 30.5, 60,
     "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity gCO₂eq/kWh (direct),Carbon Intensity "
     "gCO₂eq/kWh (LCA),Low Carbon Percentage,Renewable Percentage,Data Source,Data Estimated,Data Estimation "
     "Method\n"
     "2023-01-01 00:00:00,Sweden,Sweden,SE,2.5,30.25,99.5,60,svk.se,false,\n"
     "2023-01-01 01:00:00,Sweden,Sweden,SE,2.5,30.5,99.5,60, svk.se; entsoe.eu,true,ESTIMATED\n"},
    {"electricity-maps", "SE", "2024-01-01T00:00:00Z", "carbon_free_frac", 0, 0.5, 60,
     "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO₂eq/kWh (direct),Carbon intensity "
     "gCO₂eq/kWh (Life cycle),Carbon-free energy percentage (CFE%),Renewable energy percentage (RE%),Data "
     "source,Data estimated,Data estimation method\r\n"
     "2024-01-01 00:00:00,Sweden,Sweden,SE,2.5,30.25,50,60,svk.se,false,\r\n"
     "2024-01-01 01:00:00,Sweden,Sweden,SE,2.5,30.5,50,60,svk.se,false\r\n"},
    {"electricity-maps-full", "US-X", "2020-01-01T00:00:00Z", "generation_coal_mw", 1, 13, 60,
     "datetime,timestamp,zone_name,carbon_intensity_avg,power_production_percent_fossil_avg,"
     "power_production_coal_avg\n"
     "2020-01-01T00:00:00+00:00,1577836800,US-X,332.5,61,12\n"
     "2020-01-01T01:00:00+00:00,1577840400,US-X,,61,13\n"
     "2020-01-01T02:00:00+00:00,1577844000,US-X,331.5,61,14\n"},
    {"watttime", "CAISO_NORTH", "2026-04-01T00:00:00Z", MARGINAL, 0, 45.359237, 5,
     "point_time,value,region,signal_type\n2026-04-01T00:00:00+00:00,100,CAISO_NORTH,co2_moer\n"
     "2026-04-01T00:05:00+00:00,200,CAISO_NORTH,co2_moer\n"},
    {"sgip", NULL, "2023-06-08T07:00:00Z", MARGINAL, 1, 425, 5,
     "timestamp,MOER version 2.0,MOER version 1.0\n2023-06-08T00:00:00-07:00,0.375,0.3\n"
     "2023-06-08T00:05:00-07:00,0.425,0.3\n"},
    {"vessim-moer", NULL, "2023-06-08T00:00:00Z", MARGINAL, 0, 425.25, 5,
     "oootime,Caiso_North\n2023-06-08 00:00:00,425.25\n2023-06-08 00:05:00,432\n"},
    {"sustaindc", NULL, "2022-01-01T00:00:00Z", "generation_wind_mw", 1, 3140, 60,
     "timestamp,WND,SUN,WAT,OIL,NG,COL,NUC,OTH,avg_CI\n"
     "2022-01-01 00:00:00+00:00,3130.0,1367.0,2304.0,44.0,6764.0,19.0,2265.0,189.0,222.25\n"
     "2022-01-01 01:00:00+00:00,3140.0,1367.0,2304.0,44.0,6764.0,19.0,2265.0,189.0,222.5\n"},
    {"carboncast", NULL, "2020-01-01T00:00:00Z", "forecast_wind_mw", 1, 8, 60,
     "UTC time,coal,nat_gas,wind,forecast_avg_wind_speed_wMean,avg_wind_production_forecast\n"
     "2020-01-01 00:00:00,12,7290,225,3.5,7\n2020-01-01 01:00:00,12,7290,225,3.5,8\n"},
    {"carboncast-forecast", NULL, "2020-01-01T00:00:00Z", "forecast_nat_gas_mw", 0, 5, 60,
     "datetime,avg_coal_production_forecast,avg_nat_gas_production_forecast\n"
     "2020-01-01 00:00:00,7,5\n2020-01-01 01:00:00,8,6\n"},
    {"eia-930", "AEC", "2020-07-01T11:00:00Z", "load_forecast_mw", 0, 1060, 60,
     "\"Balancing Authority\",\"Data Date\",\"Hour Number\",\"Local Time at End of Hour\",\"UTC Time at End "
     "of Hour\",\"Demand Forecast (MW)\",\"Demand (MW)\",\"Demand (MW) (Imputed)\",\"Net Generation (MW) "
     "from "
     "Natural Gas\",\"Net Generation (MW) from Natural Gas (Adjusted)\"\n"
     "AEC,07/01/2020,7,07/01/2020 7:00:00 AM,07/01/2020 12:00:00 PM,\"1,060\",497,1,536,2\n"
     "AEC,07/01/2020,8,07/01/2020 8:00:00 AM,07/01/2020 1:00:00 PM,990,488,1,500,2\n"},
    {"eia-v2", "PJM", "2022-01-01T00:00:00Z", "generation_sun_mw", 1, 25, 60,
     "period,respondent,fueltype,value,value-units\n2022-01-01T01,PJM,SUN,25,megawatthours\n"
     "2022-01-01T00,PJM,SUN,15,megawatthours\n2022-01-01T00,PJM,COL,1500,megawatthours\n"
     "2022-01-01T01,PJM,COL,1600,megawatthours\n"},
    {"entsoe-generation", "Germany (DE)", "2024-01-01T00:00:00Z", "generation_fossil_brown_coal_lignite_mw",
     1, 4100, 60,
     "\"Area\",\"MTU\",\"Fossil Brown coal/Lignite  - Actual Aggregated [MW]\",\"Hydro Pumped Storage  - "
     "Actual Consumption [MW]\"\n"
     "\"Germany (DE)\",\"01.01.2024 00:00 - 01.01.2024 01:00 (UTC)\",\"4000\",\"n/e\"\n"
     "\"Germany (DE)\",\"01.01.2024 01:00 - 01.01.2024 02:00 (UTC)\",\"4100\",\"n/e\"\n"},
    {"entsoe-price", NULL, "2023-12-31T23:00:00Z", "price_eur_per_mwh", 1, -3.5, 60,
     "\"MTU (CET/CEST)\",\"Day-ahead Price [EUR/MWh]\",\"Currency\",\"BZN|DE-LU\"\n"
     "\"01.01.2024 00:00 - 01.01.2024 01:00\",\"0.5\",\"EUR\"\n"
     "\"01.01.2024 01:00 - 01.01.2024 02:00\",\"-3.5\",\"EUR\"\n"},
    {"entsoe-price", "BZN|GB", "2024-02-01T00:00:00Z", "price_gbp_per_mwh", 1, 51, 15,
     "\"MTU (UTC)\",\"Area\",\"Sequence\",\"Day-ahead Price (GBP/MWh)\",\"Intraday Period (UTC)\"\n"
     "\"01/02/2024 00:00:00 - 01/02/2024 00:15:00\",\"BZN|GB\",\"Sequence Sequence 1\",\"50\",\"\"\n"
     "\"01/02/2024 00:00:00 - 01/02/2024 00:15:00\",\"BZN|GB\",\"Sequence Sequence 2\",\"70\",\"\"\n"
     "\"01/02/2024 00:15:00 - 01/02/2024 00:30:00\",\"BZN|GB\",\"Sequence Sequence 1\",\"51\",\"\"\n"},
    {"entsoe-load", NULL, "2024-07-01T22:00:00Z", "load_mw", 0, 3000, 60,
     "\"Time (CET/CEST)\",\"Day-ahead Total Load Forecast [MW] - BZN|DK1\",\"Actual Total Load [MW] - "
     "BZN|DK1\"\n"
     "\"02.07.2024 00:00 - 02.07.2024 01:00\",\"3100\",\"3000\"\n"
     "\"02.07.2024 01:00 - 02.07.2024 02:00\",\"3100\",\"2900\"\n"},
    {"entsoe-py", NULL, "2023-01-01T00:00:00Z", "consumption_hydro_pumped_storage_mw", 1, 8, 60,
     ",Biomass_Actual Aggregated,Hydro Pumped Storage_Actual Consumption\n"
     "2023-01-01 01:00:00+01:00,4000,7\n2023-01-01 02:00:00+01:00,4100,8\n"},
    {"caiso-lmp", "N1", "2022-02-01T15:00:00Z", USD, 0, 74.5, 60,
     "INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,NODE,MARKET_RUN_ID,LMP_TYPE,MW,GROUP\n"
     "2022-02-01T16:00:00-00:00,2022-02-01T17:00:00-00:00,N1,DAM,LMP,75,1\n"
     "2022-02-01T15:00:00-00:00,2022-02-01T16:00:00-00:00,N1,DAM,MCC,-1,1\n"
     "2022-02-01T15:00:00-00:00,2022-02-01T16:00:00-00:00,N1,DAM,LMP,74.5,1\n"},
    {"ercot-dam", "HB_X", "2025-08-05T05:00:00Z", USD, 1, -5, 60,
     "DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag\n"
     "08/05/2025,01:00,HB_X, 23.94,N\n08/05/2025,02:00,HB_X, -5,N\n"},
    {"ercot-rtm", "HB_X", "2025-08-06T04:45:00Z", USD, 0, 20, 15,
     "DeliveryDate,DeliveryHour,DeliveryInterval,SettlementPointName,SettlementPointType,"
     "SettlementPointPrice,DSTFlag\n"
     "08/05/2025,24,4,HB_X,HU,20,N\n08/06/2025,1,1,HB_X,HU,21,N\n"},
    {"pjm-lmp", "WESTERN HUB", "2024-01-15T05:00:00Z", USD, 1, 26, 60,
     "datetime_beginning_utc,datetime_beginning_ept,pnode_id,pnode_name,total_lmp_da,row_is_current,"
     "version_nbr\n"
     "1/15/2024 5:00:00 AM,1/15/2024 12:00:00 AM,51288,WESTERN HUB,25,True,1\n"
     "1/15/2024 6:00:00 AM,1/15/2024 1:00:00 AM,51288,WESTERN HUB,99,False,1\n"
     "1/15/2024 6:00:00 AM,1/15/2024 1:00:00 AM,51288,WESTERN HUB,26,True,2\n"},
    {"nyiso-lbmp", "N.Y.C.", "2024-01-15T05:00:00Z", USD, 1, 31, 60,
     "\"Time Stamp\",\"Name\",\"PTID\",\"LBMP ($/MWHr)\",\"Marginal Cost Losses ($/MWHr)\",\"Marginal Cost "
     "Congestion ($/MWHr)\"\n"
     "\"01/15/2024 00:00\",\"N.Y.C.\",61761,30,1,0\n\"01/15/2024 01:00\",\"N.Y.C.\",61761,31,1,0\n"},
    {"sustaincluster-standard", NULL, "2023-01-01T00:00:00Z", USD, 0, 12, 60,
     "Datetime (UTC),Datetime (Local),Price (USD/MWh)\n2023-01-01 00:00:00,2023-01-01 01:00:00,12\n"
     "2023-01-01 01:00:00,2023-01-01 02:00:00,13\n"},
    {"sustaincluster", NULL, "2023-01-01T06:00:00Z", USD, 0, 10.5, 60,
     "Datetime,Price (USD/MWh)\n2023-01-01 00:00:00-06:00,10.5\n2023-01-01 01:00:00-06:00,9.5\n"},
    {"sustaincluster", NULL, "2023-01-01T00:00:00Z", "price_brl_per_mwh", 0, 69, 60,
     "Datetime,Price (R$/MWh)\n2023-01-01 00:00:00,69\n2023-01-01 01:00:00,70\n"},
    {"generic", NULL, "2023-06-01T00:00:00Z", "ci_gco2_per_kwh", 1, 390, 60,
     "time_utc,ci_gco2_per_kwh,price_usd_per_mwh\n2023-06-01T00:00:00Z,412.5,31.2\n"
     "2023-06-01T01:00:00Z,390,-0.75\n"},
    {"generic", NULL, "2020-01-01T00:00:00Z", "ci_carbon_intensity_gco2_per_kwh", 1, 210, 30,
     "Time;Carbon Intensity (kgCO2/kWh)\n1577836800;0.2\n1577838600;0.21\n"},
};

static void each_format_is_recognised_and_read(void **state)
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
        assert_true(r.trace.step_us == s->step_min * 60000000);
        assert_near(trace_text_at(&r, s->column, s->at), s->value, 1e-12, 0);
        assert_true((r.trace.area == NULL) == (s->area == NULL));
        if (s->area != NULL) {
            assert_string_equal(r.trace.area, s->area);
        }
        assert_int_equal(gw_trace_accept(&r.trace, NULL), GW_OK);
        gw_arena_fini(&r.arena);
    }
}

static void carboncast_says_in_the_name_of_the_file_what_its_intensity_is(void **state)
{
    (void)state;
    static const char text[] = ",UTC time,carbon_intensity,coal\n0,2020-01-01 00:00:00,242.5,12\n"
                               "1,2020-01-01 01:00:00,243,13\n";
    const struct gw_trace_options options = {0};
    struct trace_text r = {0};
    r.status = gw_trace_read(text, sizeof text - 1, "CISO_direct_emissions.csv", &options, &r.trace, &r.arena,
                             &r.err);
    assert_string_equal(r.trace.format, "carboncast-ci");
    assert_true(trace_text_at(&r, DIRECT, 0) == 242.5);
    r.status = gw_trace_read(text, sizeof text - 1, "CISO_lifecycle_emissions.csv", &options, &r.trace,
                             &r.arena, &r.err);
    assert_true(trace_text_at(&r, LIFECYCLE, 1) == 243);
    assert_int_equal(gw_trace_read(text, sizeof text - 1, "ciso.csv", &options, &r.trace, &r.arena, &r.err),
                     GW_ERR_SYNTAX);
    gw_arena_fini(&r.arena);
}

/* Of 2 November 2025 in Texas: 01:00 and 02:00 end the hours from 0 and 1 o'clock, and the one from 1 o'clock
 * comes twice. A flag on a day in February means nothing. */
static void the_repeated_hour_of_texas_lies_behind_the_first(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r,
                    "DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag\n"
                    "11/02/2025,01:00,H,1,N\n11/02/2025,02:00,H,2,N\n11/02/2025,02:00,H,3,Y\n"
                    "11/02/2025,03:00,H,4,N\n",
                    NULL);
    for (size_t i = 0; i < 4; i++) {
        assert_true(trace_text_at(&r, USD, i) == (double)(i + 1));
    }
    assert_int_equal(r.trace.findings, 0);
    gw_arena_fini(&r.arena);
    trace_text_read(&r,
                    "DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag\n"
                    "02/02/2025,01:00,H,1,Y\n02/02/2025,02:00,H,2,N\n",
                    NULL);
    assert_true(trace_text_at(&r, USD, 1) == 2);
    gw_arena_fini(&r.arena);
}

/* New York prints 01:00 twice without a flag. */
static void a_clock_put_back_is_followed_by_the_order_of_rows(void **state)
{
    (void)state;
    struct trace_text r;
    trace_text_read(&r,
                    "Time Stamp,Name,LBMP ($/MWHr)\n11/03/2024 00:00,N,1\n11/03/2024 01:00,N,2\n"
                    "11/03/2024 01:00,N,3\n11/03/2024 02:00,N,4\n",
                    NULL);
    assert_int_equal(r.trace.n, 4);
    assert_true(trace_text_at(&r, USD, 2) == 3);
    gw_arena_fini(&r.arena);
}

static void an_area_must_be_chosen_when_there_are_several(void **state)
{
    (void)state;
    static const char text[] = "Time Stamp,Name,LBMP ($/MWHr)\n01/15/2024 00:00,A,1\n01/15/2024 00:00,B,5\n"
                               "01/15/2024 01:00,A,2\n01/15/2024 01:00,B,6\n";
    struct trace_text r;
    assert_int_equal(trace_text_read(&r, text, NULL)->status, GW_ERR_SYNTAX);
    assert_string_equal(r.err.where, "t.csv:3:18");
    gw_arena_fini(&r.arena);
    trace_text_read(&r, text, &(struct gw_trace_options){.area = "B"});
    assert_true(trace_text_at(&r, USD, 1) == 6);
    gw_arena_fini(&r.arena);
    assert_int_equal(trace_text_read(&r, text, &(struct gw_trace_options){.area = "C"})->status,
                     GW_ERR_UNKNOWN);
    gw_arena_fini(&r.arena);
}

static void a_unit_that_the_header_lacks_must_be_given(void **state)
{
    (void)state;
    static const char text[] = "time,AT\n2022-01-01T00:00:00Z,100\n2022-01-01T01:00:00Z,200\n";
    struct trace_text r;
    assert_int_equal(trace_text_read(&r, text, NULL)->status, GW_ERR_SYNTAX);
    assert_non_null(strstr(r.err.why, "unit"));
    gw_arena_fini(&r.arena);
    trace_text_read(&r, text, &(struct gw_trace_options){.unit = "lb/MWh"});
    assert_near(trace_text_at(&r, "ci_at_gco2_per_kwh", 0), 45.359237, 1e-12, 0);
    gw_arena_fini(&r.arena);
}

static void times_without_a_zone_take_the_clock_that_is_given(void **state)
{
    (void)state;
    static const char text[] = "Datetime,Price (EUR/MWh)\n2023-07-01 00:00:00,1\n2023-07-01 01:00:00,2\n";
    struct trace_text r;
    char start[GW_CLOCK_TEXT_MAX];
    trace_text_read(&r, text, NULL);
    assert_non_null(trace_text_finding(&r, GW_TRACE_TIME_BASE));
    gw_arena_fini(&r.arena);
    trace_text_read(&r, text, &(struct gw_trace_options){.clock = "Europe/Berlin"});
    gw_clock_print(r.trace.start_unix_us, start);
    assert_string_equal(start, "2023-06-30T22:00:00Z");
    assert_null(trace_text_finding(&r, GW_TRACE_TIME_BASE));
    gw_arena_fini(&r.arena);
}

#define HEAD "time_utc,ci_gco2_per_kwh\n2023-06-01T00:00:00Z,1\n"

static void faults_are_named_with_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *why;
    } cases[] = {
        {"", "t.csv:1:1", "header"},
        {"time_utc\n", "t.csv:1:1", "header"},
        {HEAD "2023-06-01T01:00:00Z,x1\n", "t.csv:3:22", "\"x1\" is not a number"},
        {HEAD "2023-06-01T01:00:00Z,1e999\n", "t.csv:3:22", "too large"},
        {HEAD "yesterday,1\n", "t.csv:3:1", "\"yesterday\" is not a time"},
        {HEAD ",1\n", "t.csv:3:1", "a time is missing"},
        {HEAD "2023-06-01T01:00:00Z\n", "t.csv:3:21", "ends after 1 field"},
        {HEAD "\"2023-06-01T01:00:00Z,1\n", "t.csv:3:1", "not closed"},
        {HEAD, "t.csv", "a single row"},
        {"time_utc,a\xff (MW)\n", "t.csv:1:1", "UTF-8"},
        {"time_utc,ci_gco2_per_kwh,ci_gco2_per_kwh\n", "t.csv:1:1", "two columns"},
        {"DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice\n08/05/2025,25:00,H,1\n", "t.csv:2:12",
         "from 1 to 24"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trace_text r;
        trace_text_read(&r, cases[i].text, NULL);
        assert_int_not_equal(r.status, GW_OK);
        assert_string_equal(r.err.where, cases[i].where);
        if (strstr(r.err.why, cases[i].why) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", r.err.why, cases[i].why);
        }
        assert_int_equal(r.trace.n, 0);
        gw_arena_fini(&r.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_is_recognised_and_read),
        cmocka_unit_test(carboncast_says_in_the_name_of_the_file_what_its_intensity_is),
        cmocka_unit_test(the_repeated_hour_of_texas_lies_behind_the_first),
        cmocka_unit_test(a_clock_put_back_is_followed_by_the_order_of_rows),
        cmocka_unit_test(an_area_must_be_chosen_when_there_are_several),
        cmocka_unit_test(a_unit_that_the_header_lacks_must_be_given),
        cmocka_unit_test(times_without_a_zone_take_the_clock_that_is_given),
        cmocka_unit_test(faults_are_named_with_line_and_column),
    };
    return cmocka_run_group_tests_name("trace_csv", tests, NULL, NULL);
}
