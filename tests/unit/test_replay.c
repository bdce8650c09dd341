/* A request trace as the requests of a demand row: where it lies in the run, how it is scaled, what is
 * expected of it, and that cutting a run into windows does not show. */
#include "tests/support/near.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/workload/replay.h"
#include "sim/base/units.h"
#include "sim/tree/bind.h"

#define START_US (INT64_C(1700157600) * GW_US_PER_S) /* 2023-11-16T18:00:00Z */

enum { ASKS_MAX = 4000 };

struct played {
    size_t n;
    struct gw_ask ask[ASKS_MAX];
};

static struct gw_replay replay_of(const char *text, struct gw_replay_cfg *cfg)
{
    cfg->file = "t.csv";
    return (struct gw_replay){.cfg = cfg, .bytes = text, .n = strlen(text), .start_unix_us = START_US};
}

static struct gw_replay_cfg usual(void)
{
    return (struct gw_replay_cfg){.epoch_unix_us = START_US, .utc_offset_us = GW_ABSENT, .scale = 1};
}

/* The whole run in windows of the given length. */
static void play(const struct gw_replay *replay, gw_time_us end_us, gw_time_us window_us,
                 uint32_t replication, struct played *out)
{
    struct gw_arena arena = {0};
    struct gw_error err;
    const struct gw_request_law law = gw_replay_law(replay);
    struct gw_request_source *source = law.ops->open(&law, end_us, 42, replication, "d", &arena, &err);
    assert_non_null(source);
    out->n = 0;
    for (gw_time_us until_us = window_us; until_us < end_us + window_us; until_us += window_us) {
        while (out->n < ASKS_MAX && gw_request_source_next(source, until_us, &out->ask[out->n])) {
            assert_true(out->ask[out->n].t_us < until_us);
            assert_true(out->n == 0 || out->ask[out->n - 1].t_us <= out->ask[out->n].t_us);
            assert_int_equal(out->ask[out->n].number, out->n);
            out->n++;
        }
    }
    assert_int_equal(source->error.status, GW_OK);
    gw_request_source_close(source);
    gw_arena_fini(&arena);
}

static void only_requests_within_the_run_are_played(void **state)
{
    (void)state;
    /* the run begins 10 s after count 0 and takes 60 s */
    const char *const text =
        "time_s,in_tok,out_tok\n0,1,1\n9.5,2,1\n10,3,1\n69.999999,4,7\n70,5,1\n400,6,1\n";
    struct gw_replay_cfg cfg = usual();
    cfg.epoch_unix_us = START_US - 10 * GW_US_PER_S;
    struct gw_replay replay = replay_of(text, &cfg);
    struct gw_arena arena = {0};
    assert_int_equal(gw_replay_load(&replay, 60 * GW_US_PER_S, (double)NAN, &arena, NULL), GW_OK);
    assert_int_equal(replay.requests, 2);
    assert_near(replay.in_mean, 3.5, 1e-15, 0);
    assert_near(replay.in_sq, (9 + 16) / 2.0, 1e-15, 0);
    static struct played all;
    play(&replay, 60 * GW_US_PER_S, 7 * GW_US_PER_S, 0, &all);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.ask[0].t_us, 0);
    assert_int_equal(all.ask[0].in_tok, 3);
    assert_int_equal(all.ask[1].t_us, 59999999);
    assert_int_equal(all.ask[1].out_tok, 7);

    /* forecasts look beyond the run: bins of five minutes, 3 requests in the first and one in the second */
    const struct gw_request_law law = gw_replay_law(&replay);
    assert_near(gw_request_law_expected(&law, 0, 300 * GW_US_PER_S), 3, 1e-12, 0);
    assert_near(gw_request_law_expected(&law, 0, 450 * GW_US_PER_S), 3.5, 1e-12, 0);
    assert_near(gw_request_law_peak_rate(&law, 0, 60 * GW_US_PER_S), 3 / 300.0, 1e-12, 0);
    gw_arena_fini(&arena);
}

/* 600 requests, one each second. */
static const char *each_second(char *text, size_t cap)
{
    size_t n = (size_t)snprintf(text, cap, "time_s,in_tok,out_tok\n");
    for (int i = 0; i < 600; i++) {
        n += (size_t)snprintf(text + n, cap - n, "%d,%d,1\n", i, i + 1);
    }
    return text;
}

static void scaling_multiplies_requests_and_keeps_those_of_the_trace(void **state)
{
    (void)state;
    static const struct {
        double scale, n, tolerance;
    } cases[] = {
        {1, 600, 0},
        {3, 1800 - 2 * 30, 2 * 8}, /* copies within the last minute may come after the end */
        {0.25, 150, 43},           /* binomial */
        {2.5, 1500 - 1.5 * 30, 61},
    };
    static char text[20000];
    static struct played once, cut;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_replay_cfg cfg = usual();
        cfg.scale = cases[i].scale;
        struct gw_replay replay = replay_of(each_second(text, sizeof text), &cfg);
        struct gw_arena arena = {0};
        assert_int_equal(gw_replay_load(&replay, 600 * GW_US_PER_S, (double)NAN, &arena, NULL), GW_OK);
        play(&replay, 600 * GW_US_PER_S, 600 * GW_US_PER_S, 0, &once);
        assert_near((double)once.n, cases[i].n, 0, cases[i].tolerance);
        play(&replay, 600 * GW_US_PER_S, 777777, 0, &cut);
        assert_int_equal(cut.n, once.n);
        assert_memory_equal(cut.ask, once.ask, once.n * sizeof once.ask[0]);

        /* whole scales hold every request at its own time */
        size_t own = 0;
        for (size_t k = 0; k < once.n; k++) {
            own += once.ask[k].t_us == (once.ask[k].in_tok - 1) * GW_US_PER_S;
        }
        assert_true(cases[i].scale < 1 ? own == once.n : own >= 600);
        gw_arena_fini(&arena);
    }
}

static void a_rate_sets_the_scale(void **state)
{
    (void)state;
    static char text[20000];
    struct gw_replay_cfg cfg = usual();
    struct gw_replay replay = replay_of(each_second(text, sizeof text), &cfg);
    struct gw_arena arena = {0};
    assert_int_equal(gw_replay_load(&replay, 300 * GW_US_PER_S, 2.5, &arena, NULL), GW_OK);
    assert_near(replay.scale, 2.5, 1e-15, 0); /* 300 requests in 300 s are 1 /s */
    gw_arena_fini(&arena);
}

static void what_cannot_be_played_is_refused_when_it_is_loaded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *why;
    } cases[] = {
        {"time_s,in_tok,out_tok\n5000,1,1\n", "t.csv", "no request lies within the run"},
        {"time_s,in_tok,out_tok\n", "t.csv", "there is no request in it"},
        {"time_s,in_tok,out_tok\n0,1,1\n1,x,1\n", "t.csv:3:3", "\"x\" is not"},
        {"TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:00:00,1,1\n", "t.csv:2:1",
         "give utc_offset"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_replay_cfg cfg = usual();
        struct gw_replay replay = replay_of(cases[i].text, &cfg);
        struct gw_arena arena = {0};
        struct gw_error err;
        assert_int_not_equal(gw_replay_load(&replay, 60 * GW_US_PER_S, (double)NAN, &arena, &err), GW_OK);
        assert_string_equal(err.where, cases[i].where);
        assert_non_null(strstr(err.why, cases[i].why));
        gw_arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_requests_within_the_run_are_played),
        cmocka_unit_test(scaling_multiplies_requests_and_keeps_those_of_the_trace),
        cmocka_unit_test(a_rate_sets_the_scale),
        cmocka_unit_test(what_cannot_be_played_is_refused_when_it_is_loaded),
    };
    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
