/* The built-in policies on the view of small_view.h: what each does, and how ties and overload are decided.
 */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/policies/registry.h"
#include "tests/support/small_view.h"

/* The plan of a policy with its default parameters, or with the first one set. */
static void plan_of(const struct gw_policy_ops *ops, struct small_view *v, double first, double share[4])
{
    double cfg[8] = {0};
    for (const struct gw_policy_param *p = ops->params; p != NULL && p->key != NULL; p++) {
        const double x = p == ops->params && first >= 0.0 ? first : p->def;
        memcpy((char *)cfg + p->offset, &x, sizeof x);
    }
    struct gw_policy_error error = {0};
    void *self = NULL;
    if (ops->create != NULL) {
        assert_int_equal(ops->create(&self, cfg, &v->store.public, 1, &error), 0);
    }
    struct gw_plan plan = {.bytes = sizeof plan, .share = share};
    for (size_t i = 0; i < 4; i++) {
        share[i] = -1.0; /* a policy has to write every cell */
    }
    assert_int_equal(ops->plan(self, &v->store.public, &plan, &error), 0);
    struct gw_error err = {0};
    if (gw_eval_check(&v->store, ops->name, share, &err) != GW_OK) {
        fail_msg("%s", err.why);
    }
    if (ops->destroy != NULL) {
        ops->destroy(self);
        ops->destroy(NULL);
    }
}

static void assert_plan(const double *share, double a, double b, double c, double d)
{
    const double expected[] = {a, b, c, d};
    for (size_t i = 0; i < 4; i++) {
        assert_near(share[i], expected[i], 1e-12, 1e-15);
    }
}

static void nearest_takes_the_shortest_round_trip(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    plan_of(&gw_policy_nearest, &v, -1.0, share);
    assert_plan(share, 0, 1, 1, 0);
    v.store.value[GW_VIEW_DEMAND_ALLOWED][EAST * 2 + VIRGINIA] = 0.0;
    plan_of(&gw_policy_nearest, &v, -1.0, share);
    assert_plan(share, 1, 0, 1, 0);
    v.store.value[GW_VIEW_DEMAND_ALLOWED][EAST * 2 + VIRGINIA] = 1.0;
    v.store.value[GW_VIEW_NETWORK_RTT][0] = 10.0; /* a tie goes to the first site */
    plan_of(&gw_policy_nearest, &v, -1.0, share);
    assert_plan(share, 1, 0, 1, 0);
    small_view_fini(&v);
}

static void round_robin_deals_in_equal_parts(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_DEMAND_ALLOWED][WEST * 2 + OREGON] = 0.0;
    plan_of(&gw_policy_round_robin, &v, -1.0, share);
    assert_plan(share, 0.5, 0.5, 0, 1);
    small_view_fini(&v);
}

/* Oregon is cleaner and holds 8 requests/s at 80 %: all 6 of east, then 2 of west's 4. */
static void greedy_fills_the_cleanest_site_first(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    plan_of(&gw_policy_greedy_carbon, &v, -1.0, share);
    assert_plan(share, 1, 0, 0.5, 0.5);
    plan_of(&gw_policy_greedy_carbon, &v, 1.0, share);
    assert_plan(share, 1, 0, 1, 0);
    small_view_fini(&v);
}

/* Power in proportion to load, 1 kW per request per second. Virginia's own panels give 40 kW, its machines at
 * rest draw 24: 16 kW are left for 6 requests/s of east at 1.2 kW, and for the 2 of west that 80 % leave.
 * With 28 kW they carry 4 kW, 3.33 of east's 6; what would have to be bought is cleaner at Oregon. */
static void greedy_counts_only_what_must_be_bought(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    for (uint32_t i = 0; i < 2 * GW_VIEW_LOADS; i++) {
        v.store.value[GW_VIEW_SERVING_POWER][i] = 0.5 * (i % GW_VIEW_LOADS);
    }
    v.store.value[GW_VIEW_SITE_ONSITE][VIRGINIA] = 40;
    plan_of(&gw_policy_greedy_carbon, &v, -1.0, share);
    assert_plan(share, 0, 1, 0.5, 0.5);
    v.store.value[GW_VIEW_SITE_ONSITE][VIRGINIA] = 28;
    plan_of(&gw_policy_greedy_carbon, &v, -1.0, share);
    assert_plan(share, 1 - 4 / 7.2, 4 / 7.2, 1, 0);
    small_view_fini(&v);
}

/* A row whose limit the clean site cannot meet stays at the fast one. */
static void greedy_prefers_sites_within_the_limit(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_DEMAND_SLO_TTFT][EAST] = 150.0; /* 60 + 100 > 150 >= 10 + 100 */
    plan_of(&gw_policy_greedy_carbon, &v, -1.0, share);
    assert_plan(share, 0, 1, 1, 0);
    small_view_fini(&v);
}

/* 30 requests/s on 16: what finds no room is spread by capacity. East fills oregon to 8 and virginia to 8 of
 * its 26. */
static void greedy_spreads_what_finds_no_room(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 26.0;
    plan_of(&gw_policy_greedy_carbon, &v, -1.0, share);
    assert_plan(share, 0.5, 0.5, 0.5, 0.5);
    small_view_fini(&v);
}

/* An hour in which nobody asks is no division by zero. */
static void no_demand_is_planned_all_the_same(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = v.store.value[GW_VIEW_DEMAND_RATE][WEST] = 0.0;
    plan_of(&gw_policy_greedy_carbon, &v, -1.0, share);
    assert_plan(share, 1, 0, 1, 0);
    small_view_fini(&v);
}

/* The registry: every policy by its name, with a table that binds and a summary for lists. */
static void the_registry_is_whole(void **state)
{
    (void)state;
    size_t n = 0;
    for (const char *const *name = gw_registry_names(); *name != NULL; name++, n++) {
        assert_non_null(gw_registry_type(*name));
        const struct gw_policy_ops *ops = gw_registry_find(*name);
        if (strcmp(*name, "plugin") == 0 || strcmp(*name, "exec") == 0) {
            assert_null(ops);
            continue;
        }
        assert_int_equal(ops->abi, GW_POLICY_ABI);
        assert_int_equal(ops->bytes, sizeof *ops);
        assert_true(strlen(ops->summary) > 20);
        assert_true(ops->plan != NULL || ops->route != NULL || ops->schedule != NULL || ops->select != NULL);
        for (const char *const *other = gw_registry_names(); other != name; other++) {
            assert_string_not_equal(*other, *name); /* one name, one policy, whatever slots they fill */
        }
        struct gw_errors errs = {0};
        gw_bind_verify(gw_registry_type(*name), &errs);
        assert_int_equal(errs.n, 0);
    }
    assert_true(n >= 4);
    assert_null(gw_registry_find("nonsense"));
    assert_null(gw_registry_type("nonsense"));
}

/* The view finds every table by its documented name and nothing else. */
static void tables_are_found_by_name(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    const struct gw_view *view = &v.store.public;
    for (size_t i = 0; i < GW_VIEW_COUNT; i++) {
        const struct gw_view_doc doc = gw_view_doc((enum gw_view_id)i);
        const struct gw_table *table = view->table(view, doc.name);
        assert_ptr_equal(table, &v.store.table[i]);
        assert_int_equal(table->rank, strlen(doc.axes));
        assert_string_equal(table->unit, doc.unit);
    }
    assert_null(view->table(view, "site.nothing"));
    assert_string_equal(view->name(view, "site", VIRGINIA), "virginia");
    assert_string_equal(view->name(view, "objective", GW_OBJ_COST_USD), "cost_usd");
    assert_null(view->name(view, "site", 2));
    assert_null(view->name(view, "planet", 0));
    const double share[] = {0, 1, 1, 0};
    double a[GW_OBJECTIVES], b[GW_OBJECTIVES];
    view->eval(view, share, a);
    gw_eval_plan(&v.store, share, b);
    assert_memory_equal(a, b, sizeof a);
    small_view_fini(&v);
}

/* ---- how many replicas ---- */

struct ordering {
    struct gw_plan plan; /* first: its address comes back */
    double replicas[2];  /* [sites]; NAN: no order */
};

static int take(struct gw_plan *plan, const struct gw_order *order)
{
    struct ordering *o = (struct ordering *)plan;
    assert_int_equal(order->kind, GW_ORDER_REPLICAS);
    assert_int_equal(order->at[0], 0);
    o->replicas[order->at[1]] = order->value;
    return 0;
}

/* A policy for replicas at work, with its default parameters. */
struct scaler {
    const struct gw_policy_ops *ops;
    void *self;
};

static struct scaler scaler_of(const struct gw_policy_ops *ops, struct small_view *v)
{
    double cfg[8] = {0};
    for (const struct gw_policy_param *p = ops->params; p->key != NULL; p++) {
        memcpy((char *)cfg + p->offset, &p->def, sizeof p->def);
    }
    struct scaler s = {ops, NULL};
    struct gw_policy_error error = {0};
    assert_int_equal(ops->create(&s.self, cfg, &v->store.public, 1, &error), 0);
    return s;
}

static void orders(struct scaler *s, struct small_view *v, double oregon, double virginia)
{
    struct ordering o = {{.bytes = sizeof o.plan, .order = take}, {NAN, NAN}};
    struct gw_policy_error error = {0};
    assert_int_equal(s->ops->plan(s->self, &v->store.public, &o.plan, &error), 0);
    const double expected[] = {oregon, virginia};
    for (size_t i = 0; i < 2; i++) {
        assert_true(isnan(expected[i]) ? isnan(o.replicas[i]) : o.replicas[i] == expected[i]);
    }
}

static void forecast_follows_the_demand_ahead_and_last_shares(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    struct scaler s = scaler_of(&gw_policy_forecast, &v);
    orders(&s, &v, 4, 4); /* 5 of 10 requests/s each: two replicas at all, 3.08 at 65 % */
    double *rate = v.store.value[GW_VIEW_STATE_RATE];
    rate[EAST * 2 + VIRGINIA] = 6.0;
    rate[WEST * 2 + VIRGINIA] = 1.0; /* all of it went there */
    orders(&s, &v, 1, 7);
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 60.0;
    orders(&s, &v, 1, 8); /* all the site has room for */
    s.ops->destroy(s.self);
    small_view_fini(&v);
}

static void reactive_adds_at_once_and_takes_away_after_its_hold(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    struct scaler s = scaler_of(&gw_policy_reactive, &v);
    double *rate = v.store.value[GW_VIEW_STATE_RATE];
    rate[EAST * 2 + OREGON] = 9.0;   /* 90 %: 4 x 0.9 / 0.6 */
    rate[EAST * 2 + VIRGINIA] = 5.0; /* between the thresholds */
    orders(&s, &v, 6, NAN);
    rate[EAST * 2 + OREGON] = rate[EAST * 2 + VIRGINIA] = 1.0;
    v.store.public.now_us = INT64_C(1799000000);
    orders(&s, &v, NAN, NAN);
    v.store.public.now_us = INT64_C(1800000000);
    orders(&s, &v, 1, 1); /* 4 x 0.1 / 0.6 */
    s.ops->destroy(s.self);
    small_view_fini(&v);
}

static void scale_to_zero_waits_its_time_and_comes_back(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    struct scaler s = scaler_of(&gw_policy_scale_to_zero, &v);
    orders(&s, &v, 4, 4);
    v.store.public.now_us = INT64_C(900000000);
    v.store.value[GW_VIEW_STATE_IN_FLIGHT][VIRGINIA] = 1.0;
    orders(&s, &v, 0, 4);
    v.store.public.now_us = INT64_C(1000000000);
    v.store.value[GW_VIEW_STATE_RATE][WEST * 2 + OREGON] = 0.1;
    orders(&s, &v, 4, 4);
    s.ops->destroy(s.self);
    small_view_fini(&v);
}

static void static_keeps_what_stood_at_the_beginning(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    struct scaler s = scaler_of(&gw_policy_static, &v);
    v.store.value[GW_VIEW_SERVING_REPLICAS][OREGON] = 2.0;
    orders(&s, &v, 4, 4);
    s.ops->destroy(s.self);
    small_view_fini(&v);
}

/* A request draws 1 kW at its site (the hull of the curve is a line): least carbon in oregon up to 9 of 10
 * requests/s; of the tenth, east's way to virginia is shorter. Least cost and water in virginia. */
static void linear_programs_fill_the_best_site_to_its_limit(void **state)
{
    (void)state;
    struct small_view v;
    small_view_init(&v);
    double share[4];
    plan_of(&gw_policy_lp_carbon, &v, -1.0, share);
    assert_plan(share, 5.0 / 6, 1.0 / 6, 1, 0);
    plan_of(&gw_policy_lp_carbon, &v, 0.7, share); /* 3 of east's 6 have to leave */
    assert_plan(share, 0.5, 0.5, 1, 0);
    plan_of(&gw_policy_lp_cost, &v, -1.0, share);
    assert_plan(share, 0, 1, 0.25, 0.75);
    plan_of(&gw_policy_lp_water, &v, -1.0, share);
    assert_plan(share, 0, 1, 0.25, 0.75);
    double nearest[4], lp_ttft[GW_OBJECTIVES], by_distance[GW_OBJECTIVES];
    plan_of(&gw_policy_nearest, &v, -1.0, nearest);
    plan_of(&gw_policy_lp_ttft, &v, -1.0, share); /* waiting counts, too */
    gw_eval_plan(&v.store, share, lp_ttft);
    gw_eval_plan(&v.store, nearest, by_distance);
    assert_true(lp_ttft[GW_OBJ_TTFT_MS] < by_distance[GW_OBJ_TTFT_MS]);
    plan_of(&gw_policy_lp_weighted, &v, -1.0, share);
    v.store.value[GW_VIEW_DEMAND_RATE][EAST] = 60; /* more than there is: a plan all the same */
    plan_of(&gw_policy_lp_carbon, &v, -1.0, share);
    small_view_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forecast_follows_the_demand_ahead_and_last_shares),
        cmocka_unit_test(reactive_adds_at_once_and_takes_away_after_its_hold),
        cmocka_unit_test(scale_to_zero_waits_its_time_and_comes_back),
        cmocka_unit_test(static_keeps_what_stood_at_the_beginning),
        cmocka_unit_test(nearest_takes_the_shortest_round_trip),
        cmocka_unit_test(round_robin_deals_in_equal_parts),
        cmocka_unit_test(greedy_fills_the_cleanest_site_first),
        cmocka_unit_test(greedy_counts_only_what_must_be_bought),
        cmocka_unit_test(greedy_prefers_sites_within_the_limit),
        cmocka_unit_test(greedy_spreads_what_finds_no_room),
        cmocka_unit_test(no_demand_is_planned_all_the_same),
        cmocka_unit_test(the_registry_is_whole),
        cmocka_unit_test(tables_are_found_by_name),
        cmocka_unit_test(linear_programs_fill_the_best_site_to_its_limit),
    };
    return cmocka_run_group_tests_name("policies", tests, NULL, NULL);
}
