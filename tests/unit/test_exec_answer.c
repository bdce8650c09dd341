/* A line of JSON as a plan: what is taken, and the sentence for each thing that is none. */
#include "tests/support/small_view.h"

#include <string.h>

#include "models/policies/orders.h"
#include "sim/run/exec_answer.h"

static const uint32_t slots = GW_SLOT_ROUTING | GW_SLOT_BATTERY;

struct desk {
    struct gw_plan plan; /* first */
    struct gw_orders orders;
};

static int take(struct gw_plan *plan, const struct gw_order *order)
{
    struct desk *desk = (struct desk *)plan;
    return gw_orders_take(&desk->orders, slots, order, NULL) == GW_OK ? 0 : 1;
}

static int answer(const char *line, double share[4], struct gw_policy_error *error, struct desk *desk,
                  struct small_view *view)
{
    small_view_init(view);
    *desk = (struct desk){.plan = {.bytes = sizeof desk->plan, .share = share, .order = take}};
    assert_true(gw_orders_init(&desk->orders, &view->store.dims, &view->arena));
    *error = (struct gw_policy_error){0};
    return gw_exec_answer(line, strlen(line), 3, &view->store.public, &desk->plan, error);
}

static void shares_and_orders_are_taken(void **state)
{
    (void)state;
    struct small_view view;
    struct gw_policy_error error;
    struct desk desk;
    double share[4] = {0};
    assert_int_equal(
        answer("{\"share\": [[0.25, 0.75], [1, 0]], \"orders\": [{\"order\": \"battery\", \"at\": "
               "[\"virginia\"], \"value\": -20}, {\"order\": \"battery\", \"at\": [0], \"value\": 5.5}]}",
               share, &error, &desk, &view),
        0);
    assert_near(share[0], 0.25, 0, 0);
    assert_near(share[1], 0.75, 0, 0);
    assert_near(share[2], 1, 0, 0);
    assert_near(share[3], 0, 0, 0);
    const double *kw = gw_orders_values(&desk.orders, GW_ORDER_BATTERY);
    assert_near(kw[OREGON], 5.5, 0, 0);
    assert_near(kw[VIRGINIA], -20, 0, 0);
    small_view_fini(&view);
}

static void what_is_left_out_stays(void **state)
{
    (void)state;
    struct small_view view;
    struct gw_policy_error error;
    struct desk desk;
    double share[4] = {0.5, 0.5, 0.5, 0.5};
    assert_int_equal(answer("{}", share, &error, &desk, &view), 0);
    assert_near(share[3], 0.5, 0, 0);
    small_view_fini(&view);
}

static void what_is_no_plan_has_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *line, *why;
    } cases[] = {
        {"", "not JSON: '[' or '{' expected near end of file"},
        {"{\"share\": [[NaN, 1], [1, 0]]}", "not JSON: invalid token near 'NaN'"},
        {"{\"share\": [[1e999, 1], [1, 0]]}", "not JSON: real number overflow"},
        {"{} {}", "not JSON: end of file expected near '{'"},
        {"[1]", "not an object with \"share\" or \"orders\""},
        {"{\"shares\": []}", "\"shares\" is neither \"share\" nor \"orders\""},
        {"{\"share\": [[1, 0]]}", "\"share\" is not a list of 2 rows, one per demand"},
        {"{\"share\": {\"east\": 1}}", "\"share\" is not a list of 2 rows"},
        {"{\"share\": [[1, 0], [1]]}",
         "the share of demand \"west\" is not a row of 2 numbers, one per site"},
        {"{\"share\": [[1, 0], [1, 0, 0]]}", "demand \"west\" is not a row of 2 numbers"},
        {"{\"share\": [[1, null], [1, 0]]}",
         "the share of demand \"east\" at site \"virginia\" is not a number from 0 to 1"},
        {"{\"share\": [[1.5, -0.5], [1, 0]]}", "at site \"virginia\" is not a number from 0 to 1"},
        {"{\"share\": [[0.5, 0.25], [1, 0]]}", "the shares of demand \"east\" sum to 0.75, not to 1"},
        {"{\"orders\": 3}", "\"orders\" is not a list"},
        {"{\"orders\": [3]}", "an order without a name"},
        {"{\"orders\": [{\"order\": \"boil\"}]}", "there is no order \"boil\""},
        {"{\"orders\": [{\"order\": \"battery\", \"at\": [], \"value\": 1}]}",
         "order battery: \"at\" is not a list of 1"},
        {"{\"orders\": [{\"order\": \"battery\", \"at\": [\"texas\"], \"value\": 1}]}",
         "order battery: there is no site \"texas\""},
        {"{\"orders\": [{\"order\": \"battery\", \"at\": [2], \"value\": 1}]}",
         "order battery: there is no site 2"},
        {"{\"orders\": [{\"order\": \"battery\", \"at\": [-1], \"value\": 1}]}",
         "is neither a number from 0 nor a name"},
        {"{\"orders\": [{\"order\": \"battery\", \"at\": [0], \"value\": \"1\"}]}",
         "order battery: \"value\" is not a number"},
        {"{\"orders\": [{\"order\": \"battery\", \"at\": [0], \"value\": 1e7}]}",
         "order battery: 1e+07 lies outside -1e+06 to 1e+06 kW"},
        {"{\"orders\": [{\"order\": \"power-cap\", \"at\": [0, 0], \"value\": 0.5}]}",
         "order power-cap is not for the slots that it fills"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct small_view view;
        struct gw_policy_error error;
        struct desk desk;
        double share[4] = {0};
        const int failed = answer(cases[i].line, share, &error, &desk, &view);
        if (failed == 0 || strncmp(error.why, "line 3 of its answers: ", 23) != 0 ||
            strstr(error.why, cases[i].why) == NULL) {
            fail_msg("%s: expected \"%s\", found \"%s\"", cases[i].line, cases[i].why, error.why);
        }
        small_view_fini(&view);
    }
}

/* Names of theirs may be as long as they like. */
static void a_sentence_is_cut_and_never_too_long(void **state)
{
    (void)state;
    static char line[5000];
    struct small_view view;
    struct gw_policy_error error;
    struct desk desk;
    double share[4] = {0};
    memset(line, 'k', sizeof line - 1);
    memcpy(line, "{\"", 2);
    memcpy(line + sizeof line - 5, "\":1}", 4);
    assert_int_not_equal(answer(line, share, &error, &desk, &view), 0);
    assert_non_null(memchr(error.why, '\0', sizeof error.why));
    assert_true(strlen(error.why) < 120);
    small_view_fini(&view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_and_orders_are_taken),
        cmocka_unit_test(what_is_left_out_stays),
        cmocka_unit_test(what_is_no_plan_has_a_sentence),
        cmocka_unit_test(a_sentence_is_cut_and_never_too_long),
    };
    return cmocka_run_group_tests_name("exec_answer", tests, NULL, NULL);
}
