/* What a program is told: everything at first, then what has changed. */
#include "tests/support/small_view.h"

#include <string.h>

#include <jansson.h>

#include "sim/run/exec_message.h"

static const struct gw_exec_subject subject = {.policy = "mine",
                                               .slots = GW_SLOT_ROUTING | GW_SLOT_BATTERY,
                                               .seed = UINT64_MAX,
                                               .episode = 2,
                                               .episodes = 5};

static json_t *told(struct small_view *view, struct gw_exec_told *told, bool done)
{
    struct gw_text text = {0};
    assert_true(gw_exec_message(&subject, &view->store.public, done, told, &text));
    assert_int_equal(text.at[text.n - 1], '\n');
    assert_ptr_equal(strchr(text.at, '\n'), text.at + text.n - 1); /* one line */
    json_error_t bad;
    json_t *root = json_loadb(text.at, text.n, 0, &bad);
    assert_non_null(root);
    gw_text_fini(&text);
    return root;
}

static double at(json_t *table, size_t i, size_t j)
{
    return json_number_value(json_array_get(json_array_get(table, i), j));
}

static void the_first_message_has_facts_and_all_tables(void **state)
{
    (void)state;
    struct small_view view;
    struct gw_exec_told before = {0};
    small_view_init(&view);
    view.store.value[GW_VIEW_DEMAND_SLO_TTFT][WEST] = INFINITY;
    json_t *root = told(&view, &before, false);
    json_t *facts = json_object_get(root, "facts"), *tables = json_object_get(root, "tables");
    assert_true(json_is_false(json_object_get(root, "done")));
    assert_true(json_is_false(json_object_get(root, "scored")));
    assert_int_equal(json_integer_value(json_object_get(root, "episode")), 2);
    assert_string_equal(json_string_value(json_object_get(facts, "policy")), "mine");
    assert_int_equal(json_integer_value(json_object_get(facts, "episodes")), 5);
    assert_int_equal(json_integer_value(json_object_get(facts, "seed")), (INT64_C(1) << 53) - 1);
    assert_near(json_number_value(json_object_get(facts, "epoch_s")), 3600, 0, 0);
    json_t *slots = json_object_get(facts, "slots");
    assert_int_equal(json_array_size(slots), 2);
    assert_string_equal(json_string_value(json_array_get(slots, 0)), "battery");
    assert_string_equal(json_string_value(json_array_get(slots, 1)), "routing");
    assert_string_equal(json_string_value(json_array_get(json_object_get(facts, "sites"), 1)), "virginia");
    assert_string_equal(json_string_value(json_array_get(json_object_get(facts, "demands"), 0)), "east");
    json_t *orders = json_object_get(facts, "orders");
    assert_non_null(json_object_get(orders, "battery"));
    assert_non_null(json_object_get(orders, "set-point"));
    assert_null(json_object_get(orders, "replicas"));

    assert_int_equal(json_object_size(tables), GW_VIEW_COUNT);
    assert_int_equal(json_object_size(json_object_get(facts, "tables")), GW_VIEW_COUNT);
    assert_near(at(json_object_get(tables, "network.rtt"), 0, VIRGINIA), 10, 0, 0);
    assert_near(at(json_object_get(tables, "site.carbon"), VIRGINIA, 0), 400, 0, 0);
    assert_true(json_is_null(json_array_get(json_object_get(tables, "demand.slo_ttft"), WEST)));
    json_decref(root);
    gw_exec_message_forget(&before);
    small_view_fini(&view);
}

static void later_ones_have_what_has_changed(void **state)
{
    (void)state;
    struct small_view view;
    struct gw_exec_told before = {0};
    small_view_init(&view);
    json_decref(told(&view, &before, false));
    view.store.value[GW_VIEW_SITE_CARBON][OREGON] = 90;
    view.store.value[GW_VIEW_STATE_OBJECTIVE][GW_OBJ_CARBON_KG] = 1.5;
    view.store.value[GW_VIEW_STATE_OBJECTIVE][GW_OBJ_TTFT_MS] = NAN;
    view.store.public.now_us = 3600000000;
    json_t *root = told(&view, &before, true);
    json_t *tables = json_object_get(root, "tables"), *scores = json_object_get(root, "scores");
    assert_null(json_object_get(root, "facts"));
    assert_true(json_is_true(json_object_get(root, "done")));
    assert_near(json_number_value(json_object_get(root, "time_s")), 3600, 0, 0);
    assert_int_equal(json_object_size(tables), 2); /* and state.objective, which the scores repeat by name */
    assert_near(at(json_object_get(tables, "site.carbon"), OREGON, 0), 90, 0, 0);
    assert_near(json_number_value(json_object_get(scores, "carbon_kgco2")), 1.5, 0, 0);
    assert_true(json_is_null(json_object_get(scores, "ttft_ms")));
    json_decref(root);
    gw_exec_message_forget(&before);
    small_view_fini(&view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_message_has_facts_and_all_tables),
        cmocka_unit_test(later_ones_have_what_has_changed),
    };
    return cmocka_run_group_tests_name("exec_message", tests, NULL, NULL);
}
