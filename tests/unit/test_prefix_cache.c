/* What an engine still holds of earlier prompts, and what a prompt saves by it. */
#include "tests/support/replica_bench.h"

#include "models/serving/prefix_cache.h"

static const struct gw_prefix_ids mixed = {NULL, NULL};

static void a_prompt_finds_as_many_units_as_match_from_its_start(void **state)
{
    (void)state;
    struct gw_prefix_cache *cache = gw_prefix_cache_create(10, &mixed);
    gw_prefix_cache_use(cache, 7, 4);
    assert_int_equal(gw_prefix_cache_find(cache, 7, 3), 3);
    assert_int_equal(gw_prefix_cache_find(cache, 7, 9), 4);
    assert_int_equal(gw_prefix_cache_find(cache, 8, 9), 0);
    assert_int_equal(gw_prefix_cache_find(NULL, 7, 9), 0);
    gw_prefix_cache_destroy(cache);
}

static void the_longest_unused_goes_first_and_of_one_text_its_end(void **state)
{
    (void)state;
    struct gw_prefix_cache *cache = gw_prefix_cache_create(5, &mixed);
    gw_prefix_cache_use(cache, 1, 3);
    gw_prefix_cache_use(cache, 2, 2);
    gw_prefix_cache_use(cache, 1, 2); /* its third unit is now the oldest */
    gw_prefix_cache_use(cache, 3, 2); /* takes that and the end of text 2 */
    assert_int_equal(gw_prefix_cache_find(cache, 1, 9), 2);
    assert_int_equal(gw_prefix_cache_find(cache, 2, 9), 1);
    assert_int_equal(gw_prefix_cache_find(cache, 3, 9), 2);
    gw_prefix_cache_destroy(cache);
}

static void of_a_text_longer_than_the_memory_the_beginning_stays(void **state)
{
    (void)state;
    struct gw_prefix_cache *cache = gw_prefix_cache_create(3, &mixed);
    gw_prefix_cache_use(cache, 1, 8);
    assert_int_equal(gw_prefix_cache_find(cache, 1, 9), 3);
    gw_prefix_cache_destroy(cache);
}

/* Identities as a trace lists them: `prefix` is where a prompt's list begins. */
static uint64_t listed(const void *from, uint64_t prefix, uint32_t i)
{
    return ((const uint64_t *)from)[prefix + i];
}

static void identities_may_come_from_a_list(void **state)
{
    (void)state;
    static const uint64_t list[] = {0, 40, 41, 42, 40, 41, 99};
    struct gw_prefix_cache *cache = gw_prefix_cache_create(10, &(struct gw_prefix_ids){listed, list});
    gw_prefix_cache_use(cache, 1, 3);
    assert_int_equal(gw_prefix_cache_find(cache, 4, 3), 2);
    gw_prefix_cache_destroy(cache);
}

/* --- in an engine: a step takes 1 ms and 10 us per prompt token ----------------------------------- */

static struct gw_replica_cfg caching_cfg(void)
{
    struct gw_replica_cfg cfg = replica_bench_cfg();
    cfg.time.prompt = 10 * GW_TICKS_PER_US;
    cfg.prefix_units = 100;
    cfg.prefix_unit_tok = 16;
    return cfg;
}

static void the_next_turn_of_a_session_prefills_what_is_new(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = caching_cfg();
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(
        &b, &(struct gw_serve_request){.in_tok = 40, .out_tok = 10, .prefix = 5, .prefix_tok = 50});
    replica_bench_arrive(
        &b, &(struct gw_serve_request){
                .arrival_us = 20000, .in_tok = 60, .out_tok = 1, .prefix = 5, .prefix_tok = 61, .number = 1});
    replica_bench_finish(&b);
    replica_bench_expect_us(&b, 0, 1400, 10400);
    replica_bench_expect_us(&b, 1, 1120, 21120); /* of 49 tokens 48 are whole units: 12 are left */
}

static void the_last_token_of_a_prompt_is_always_processed(void **state)
{
    (void)state;
    const struct gw_replica_cfg cfg = caching_cfg();
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    for (uint64_t i = 0; i < 2; i++) {
        replica_bench_arrive(&b, &(struct gw_serve_request){.arrival_us = (gw_time_us)i * 10000,
                                                            .in_tok = 32,
                                                            .out_tok = 1,
                                                            .prefix = 5,
                                                            .prefix_tok = 32,
                                                            .number = i});
    }
    replica_bench_finish(&b);
    replica_bench_expect_us(&b, 0, 1320, 1320);
    replica_bench_expect_us(&b, 1, 1010, 11010);
}

static void known_hits_need_no_cache(void **state)
{
    (void)state;
    struct gw_replica_cfg cfg = caching_cfg();
    cfg.prefix_units = 0;
    struct replica_bench b;
    replica_bench_init(&b, &cfg);
    replica_bench_arrive(&b, &(struct gw_serve_request){.in_tok = 100, .out_tok = 1, .cached_tok = 70});
    replica_bench_arrive(
        &b, &(struct gw_serve_request){.arrival_us = 9000, .in_tok = 100, .out_tok = 1, .number = 1});
    replica_bench_finish(&b);
    replica_bench_expect_us(&b, 0, 1300, 1300);
    replica_bench_expect_us(&b, 1, 2000, 11000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prompt_finds_as_many_units_as_match_from_its_start),
        cmocka_unit_test(the_longest_unused_goes_first_and_of_one_text_its_end),
        cmocka_unit_test(of_a_text_longer_than_the_memory_the_beginning_stays),
        cmocka_unit_test(identities_may_come_from_a_list),
        cmocka_unit_test(the_next_turn_of_a_session_prefills_what_is_new),
        cmocka_unit_test(the_last_token_of_a_prompt_is_always_processed),
        cmocka_unit_test(known_hits_need_no_cache),
    };
    return cmocka_run_group_tests_name("prefix_cache", tests, NULL, NULL);
}
