#include "tests/support/near.h"

#include <math.h>

#include "models/policies/orders.h"
#include "models/policies/view.h"

static struct gw_orders book(struct gw_arena *arena)
{
    struct gw_orders orders;
    const struct gw_dims dims = {.bytes = sizeof dims, .models = 2, .sites = 3, .horizon = 1};
    assert_true(gw_orders_init(&orders, &dims, arena));
    return orders;
}

static enum gw_status take(struct gw_orders *orders, uint32_t kind, uint32_t site, double value)
{
    const struct gw_order order = {.kind = kind, .at = {site}, .value = value};
    struct gw_error err;
    return gw_orders_take(orders, GW_SLOT_ROUTING, &order, &err);
}

static void an_order_holds_until_the_next_for_the_same_address(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_orders orders = book(&arena);
    const double *shift_k = gw_orders_values(&orders, GW_ORDER_SET_POINT);
    assert_true(shift_k[0] == 0.0 && shift_k[2] == 0.0);
    assert_int_equal(take(&orders, GW_ORDER_SET_POINT, 2, 3.0), GW_OK);
    assert_int_equal(take(&orders, GW_ORDER_SET_POINT, 0, -10.0), GW_OK);
    assert_true(shift_k[0] == -10.0 && shift_k[1] == 0.0 && shift_k[2] == 3.0);
    assert_int_equal(take(&orders, GW_ORDER_SET_POINT, 2, 1.0), GW_OK);
    assert_true(shift_k[2] == 1.0);
    gw_arena_fini(&arena);
}

static void what_breaks_the_contract_is_told_from_what_is_not_there(void **state)
{
    (void)state;
    struct gw_arena arena = {0};
    struct gw_orders orders = book(&arena);
    assert_int_equal(take(&orders, 0, 0, 0.0), GW_ERR_UNKNOWN);
    assert_int_equal(take(&orders, 999, 0, 0.0), GW_ERR_UNKNOWN);
    assert_int_equal(take(&orders, GW_ORDER_SET_POINT, 3, 1.0), GW_ERR_POLICY);
    assert_int_equal(take(&orders, GW_ORDER_SET_POINT, 0, 10.5), GW_ERR_POLICY);
    assert_int_equal(take(&orders, GW_ORDER_SET_POINT, 0, (double)NAN), GW_ERR_POLICY);
    assert_true(gw_orders_values(&orders, GW_ORDER_SET_POINT)[0] == 0.0);
    gw_arena_fini(&arena);
}

static void the_catalogue_is_in_the_order_of_its_kinds(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < GW_ORDER_KINDS; k++) {
        assert_int_equal(gw_orders_docs[k].kind, k + 1);
        assert_true(gw_orders_docs[k].min < gw_orders_docs[k].max);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_holds_until_the_next_for_the_same_address),
        cmocka_unit_test(what_breaks_the_contract_is_told_from_what_is_not_there),
        cmocka_unit_test(the_catalogue_is_in_the_order_of_its_kinds),
    };
    return cmocka_run_group_tests_name("orders", tests, NULL, NULL);
}
