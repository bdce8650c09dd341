/* Sessions: turns, think times and contexts as drawn, the loop through a run, and that the clock of answers
 * decides when the next turn comes and nothing else. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/workload/sessions.h"
#include "sim/base/units.h"
#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})
#define HOUR_US  GW_US_PER_H

/* New text of 10 tokens, answers of 5. */
static const double one[] = {1};
static const uint32_t one_guide[] = {0, 0};
static const struct gw_length ten = {
    .min = 10, .max = 10, .mean = 10, .mean_sq = 100, .cdf = one, .guide = one_guide, .guide_n = 1};
static const struct gw_length five = {
    .min = 5, .max = 5, .mean = 5, .mean_sq = 25, .cdf = one, .guide = one_guide, .guide_n = 1};

static struct gw_sessions_cfg chats(double turns, uint32_t context_tok)
{
    return (struct gw_sessions_cfg){
        .sessions = {.turns = turns, .think_s = 30, .think_sigma = 0, .context_tok = context_tok},
        .starts = {.rate_per_s = 1, .end_us = HOUR_US, .prompt = &ten, .output = &five}};
}

struct opened {
    struct gw_sessions_cfg cfg;
    struct gw_request_law law;
    struct gw_arena arena;
    struct gw_request_source *source;
};

static void open_sessions(struct opened *o, struct gw_sessions_cfg cfg, gw_time_us end_us)
{
    *o = (struct opened){.cfg = cfg};
    o->law = gw_sessions_law(&o->cfg);
    struct gw_error err;
    o->source = o->law.ops->open(&o->law, end_us, 1, 0, "d", &o->arena, &err);
    assert_non_null(o->source);
}

static void close_sessions(struct opened *o)
{
    gw_request_source_close(o->source);
    gw_arena_fini(&o->arena);
}

/* Answered the instant they are sent: prompts 10, 25, 40, ... 30 s apart, all of one text. */
static void a_conversation_grows_by_text_and_answer(void **state)
{
    (void)state;
    struct opened o;
    open_sessions(&o, chats(50, 1000000), HOUR_US);
    struct gw_ask ask, first = {0};
    uint32_t turn = 0;
    gw_time_us last_us = 0;
    while (gw_request_source_next(o.source, GW_NEVER_US, &ask)) {
        if (first.prefix == 0) {
            first = ask;
        }
        if (ask.prefix == first.prefix) {
            assert_int_equal(ask.in_tok, 10 + 15 * turn);
            assert_int_equal(ask.out_tok, 5);
            assert_int_equal(ask.prefix_tok, ask.in_tok);
            assert_int_equal(ask.number, (uint64_t)turn << GW_SESSIONS_TURN_SHIFT | first.number);
            assert_true(turn == 0 || ask.t_us == last_us + 30 * GW_US_PER_S);
            last_us = ask.t_us;
            turn++;
            assert_true(
                o.source->ops->answered(o.source, ask.number, ask.in_tok, ask.out_tok, ask.t_us, ask.t_us));
        }
    }
    assert_true(turn > 1);
    close_sessions(&o);
}

/* Geometric with mean 2.35: P(1) = 1 / 2.35. All are answered at once, so all turns but those past the end
 * come; thinking 0.1 s loses next to none. */
static void turns_are_geometric_and_the_rate_counts_them_all(void **state)
{
    (void)state;
    struct opened o;
    struct gw_sessions_cfg cfg = chats(2.35, 1000000);
    cfg.sessions.think_s = 0.1;
    cfg.starts.rate_per_s = 20;
    open_sessions(&o, cfg, HOUR_US);
    assert_near(gw_request_law_expected(&o.law, 0, HOUR_US), 20 * 3600, 1e-12, 0);
    struct gw_ask ask;
    double n = 0, starts = 0, prompt = 0, prompt_sq = 0;
    while (gw_request_source_next(o.source, GW_NEVER_US, &ask)) {
        n++;
        starts += ask.number >> GW_SESSIONS_TURN_SHIFT == 0;
        prompt += ask.in_tok;
        prompt_sq += (double)ask.in_tok * ask.in_tok;
        assert_true(
            o.source->ops->answered(o.source, ask.number, ask.in_tok, ask.out_tok, ask.t_us, ask.t_us));
    }
    assert_near(n, 20 * 3600, 0.03, 0);
    assert_near(n / starts, 2.35, 0.03, 0);
    double mean, mean_sq;
    gw_sessions_prompt(&cfg.sessions, &ten, &five, &mean, &mean_sq);
    assert_near(mean, 10 + 1.35 * 15, 1e-12, 0); /* 1.35 turns before a request in the mean */
    assert_near(prompt / n, mean, 0.04, 0);
    assert_near(prompt_sq / n, mean_sq, 0.08, 0);
    close_sessions(&o);
}

static void a_turn_comes_at_the_next_edge_at_the_earliest_and_never_after_the_end(void **state)
{
    (void)state;
    struct opened o;
    struct gw_sessions_cfg cfg = chats(400, 1000000);
    cfg.starts.rate_per_s = 400; /* one session a second */
    open_sessions(&o, cfg, 100 * GW_US_PER_S);
    struct gw_ask ask;
    assert_true(gw_request_source_next(o.source, GW_NEVER_US, &ask) && ask.number == 0);
    const uint64_t prefix = ask.prefix;
    assert_true(
        o.source->ops->answered(o.source, 0, 10, 5, 1, 50 * GW_US_PER_S)); /* 30 s after 0, but 50 s */
    do {
        assert_true(gw_request_source_next(o.source, GW_NEVER_US, &ask));
    } while (ask.prefix != prefix);
    assert_int_equal(ask.t_us, 50 * GW_US_PER_S);
    assert_true(o.source->ops->answered(o.source, ask.number, 25, 5, 70 * GW_US_PER_S, 71 * GW_US_PER_S));
    while (gw_request_source_next(o.source, GW_NEVER_US, &ask)) {
        assert_true(ask.prefix != prefix); /* it would come at 100 s */
    }
    close_sessions(&o);
}

static void a_session_ends_where_its_context_is_full(void **state)
{
    (void)state;
    struct opened o;
    open_sessions(&o, chats(4, 30), HOUR_US); /* 10 + 5, then 25 + 5 = 30, then 40 + 5 is too long */
    struct gw_ask ask;
    while (gw_request_source_next(o.source, GW_NEVER_US, &ask)) {
        assert_true(ask.in_tok + ask.out_tok <= 30);
        assert_true(
            o.source->ops->answered(o.source, ask.number, ask.in_tok, ask.out_tok, ask.t_us, ask.t_us));
    }
    close_sessions(&o);
}

/* In a run the loop closes: more requests than sessions began, the same for any number of threads, and a
 * policy that answers at another moment may change when, not what: the first turns are the same. */
static void a_run_answers_and_users_come_back(void **state)
{
    (void)state;
    struct experiment single, chat, again, threads;
    const char *const only = "policies=[nearest]";
    experiment_run(&single, experiment_two_sites, SET(only), 0);
    const char *const session = "serving.demand[east].sessions={ kind: chat, turns: 3, think: 10 s }";
    experiment_run(&chat, experiment_two_sites, SET(only, session), 0);
    experiment_run(&again, experiment_two_sites, SET(only, session), 0);
    experiment_run(&threads, experiment_two_sites, SET(only, session), 2);
    experiment_assert_same(&chat, &again);
    experiment_assert_same(&chat, &threads);
    const double alone = experiment_score(&single, "nearest", GW_SCORE_ARRIVED);
    const double turns = experiment_score(&chat, "nearest", GW_SCORE_ARRIVED);
    assert_near(turns, alone, 0.06, 0); /* the rate counts all turns */
    assert_true(experiment_account(&chat, "nearest", NULL, GW_ACCOUNT_PROMPT_TOK) >
                1.5 * experiment_account(&single, "nearest", NULL, GW_ACCOUNT_PROMPT_TOK));
    experiment_fini(&single);
    experiment_fini(&chat);
    experiment_fini(&again);
    experiment_fini(&threads);
}

static void the_table_of_keys_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_sessions_type, &errs);
    assert_int_equal(errs.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation_grows_by_text_and_answer),
        cmocka_unit_test(turns_are_geometric_and_the_rate_counts_them_all),
        cmocka_unit_test(a_turn_comes_at_the_next_edge_at_the_earliest_and_never_after_the_end),
        cmocka_unit_test(a_session_ends_where_its_context_is_full),
        cmocka_unit_test(a_run_answers_and_users_come_back),
        cmocka_unit_test(the_table_of_keys_is_right),
    };
    return cmocka_run_group_tests_name("sessions", tests, NULL, NULL);
}
