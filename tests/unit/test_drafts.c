/* Drafted tokens: the law of how many are emitted, its limits, and what a draw depends on. */
#include "tests/support/near.h"

#include <math.h>

#include "models/serving/drafts.h"

static struct gw_drafts drafts_of(int32_t tokens, double accept)
{
    return (struct gw_drafts){
        .tokens = tokens, .accept = (uint32_t)(accept * 4294967296.0), .key = gw_rng_seed(7, 0, "drafts")};
}

/* Seven tokens, three of four accepted: 1 + i or more come out with probability 0.75^i; mean 3.5995
 * (Leviathan et al., eq. 1). A million draws: deviations below five standard ones. */
static void tokens_are_accepted_up_to_the_first_that_is_not(void **state)
{
    (void)state;
    enum { DRAWS = 1000000 };
    const struct gw_drafts d = drafts_of(7, 0.75);
    double count[9] = {0}, sum = 0.0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        const uint32_t n = gw_drafts_emit(&d, i % 1000, i / 1000, UINT32_MAX);
        assert_in_range(n, 1, 8);
        count[n]++;
        sum += n;
    }
    assert_near(sum / DRAWS, (1.0 - pow(0.75, 8)) / 0.25, 0.0, 0.013);
    double at_least = DRAWS;
    for (int i = 0; i <= 7; i++) {
        const double p = pow(0.75, i);
        assert_near(at_least / DRAWS, p, 0.0, 5.0 * sqrt(p * (1.0 - p) / DRAWS) + 1e-9);
        at_least -= count[1 + i];
    }
}

static void a_bad_draft_still_gives_the_models_own_token_and_a_good_one_all(void **state)
{
    (void)state;
    const struct gw_drafts bad = drafts_of(5, 0.0), none = drafts_of(0, 0.9);
    struct gw_drafts good = drafts_of(5, 0.0);
    good.accept = UINT32_MAX;
    for (uint32_t emitted = 1; emitted < 1000; emitted++) {
        assert_int_equal(gw_drafts_emit(&bad, 3, emitted, 100), 1);
        assert_int_equal(gw_drafts_emit(&none, 3, emitted, 100), 1);
        assert_int_equal(gw_drafts_emit(&good, 3, emitted, 100), 6);
        assert_int_equal(gw_drafts_emit(&good, 3, emitted, 4), 4); /* the answer is over */
    }
}

static void a_draw_belongs_to_its_request_and_place(void **state)
{
    (void)state;
    const struct gw_drafts d = drafts_of(31, 0.9);
    struct gw_drafts other = d;
    other.key = gw_rng_seed(8, 0, "drafts");
    int by_request = 0, by_place = 0, by_key = 0;
    for (uint32_t i = 1; i < 200; i++) {
        const uint32_t n = gw_drafts_emit(&d, 1, i, 100);
        assert_int_equal(n, gw_drafts_emit(&d, 1, i, 100));
        by_request += n != gw_drafts_emit(&d, 2, i, 100);
        by_place += n != gw_drafts_emit(&d, 1, i + 1, 100);
        by_key += n != gw_drafts_emit(&other, 1, i, 100);
    }
    assert_true(by_request > 150 && by_place > 150 && by_key > 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_accepted_up_to_the_first_that_is_not),
        cmocka_unit_test(a_bad_draft_still_gives_the_models_own_token_and_a_good_one_all),
        cmocka_unit_test(a_draw_belongs_to_its_request_and_place),
    };
    return cmocka_run_group_tests_name("drafts", tests, NULL, NULL);
}
