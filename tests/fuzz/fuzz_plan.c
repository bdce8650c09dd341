/* Any plan at all, from a policy that may do as it likes or from a line of JSON: either shares and orders
 * that keep the contract are in force, or the run is stopped with a sentence that names the policy. The first
 * byte says which of the two it is. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "models/policies/view.h"
#include "sim/base/check.h"
#include "sim/run/deciders.h"
#include "sim/run/exec_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SITES = 2, DEMANDS = 2, ORDERS_MOST = 64 };

/* What bytes stand for: good numbers, and what checks tend to overlook. */
static const double number[] = {0.0,      1.0,         0.5,        0.25,    0.75,   1.0 / 3.0, 2.0 / 3.0,
                                -0.0,     1.0 + 1e-12, 1.0 + 1e-8, -5e-324, 5e-324, 1e-300,    -1.0,
                                2.0,      10.0,        -10.0,      1e6,     -1e6,   1e308,     (double)NAN,
                                INFINITY, -INFINITY,   0.1,        0.9,     1e-10};
static const uint32_t place[] = {0, 0, 1, 1, 2, 3, UINT32_MAX, UINT32_MAX - 1, UINT32_C(0x80000000)};

struct hostile {
    const uint8_t *data;
    size_t size, at;
    bool refused; /* an order that must not pass was given */
};

static struct hostile hostile; /* a policy without parameters has no other way to its bytes */

static uint8_t next(void)
{
    return hostile.at < hostile.size ? hostile.data[hostile.at++] : 0;
}

static double next_number(void)
{
    return number[next() % (sizeof number / sizeof number[0])];
}

/* The contract, told once more in other words. */
static bool order_is_good(const struct gw_order *order, const struct gw_dims *dims)
{
    const struct gw_order_doc *doc = &gw_orders_docs[order->kind - 1];
    for (size_t i = 0; doc->axes[i] != '\0'; i++) {
        if (order->at[i] >= gw_view_axis_length(dims, doc->axes[i])) {
            return false;
        }
    }
    return order->value >= doc->min && order->value <= doc->max;
}

static void give_order(const struct gw_view *view, struct gw_plan *plan)
{
    struct gw_order order = {.kind = next() % (GW_ORDER_KIND_END + 2)};
    for (size_t i = 0; i < 4; i++) {
        order.at[i] = place[next() % (sizeof place / sizeof place[0])];
    }
    order.value = next_number();
    const bool taken = plan->order(plan, &order) == 0;
    const bool known = order.kind > 0 && order.kind < GW_ORDER_KIND_END &&
                       (gw_orders_docs[order.kind - 1].slots == 0 ||
                        (gw_orders_docs[order.kind - 1].slots & (GW_SLOT_ROUTING | GW_SLOT_BATTERY)) != 0);
    GW_REQUIRE(taken == (known && order_is_good(&order, view->dims)));
    hostile.refused |= known && !taken;
}

static int plan_from_bytes(const struct gw_view *view, struct gw_plan *plan)
{
    for (size_t i = 0; i < (size_t)DEMANDS * SITES; i++) {
        plan->share[i] = next_number();
    }
    for (int i = 0; i < ORDERS_MOST && hostile.at < hostile.size; i++) {
        give_order(view, plan);
    }
    return 0;
}

static int plan(void *self, const struct gw_view *view, struct gw_plan *out, struct gw_policy_error *error)
{
    (void)self;
    if (next() != 'j') {
        return plan_from_bytes(view, out);
    }
    const int failed = gw_exec_answer((const char *)hostile.data + hostile.at, hostile.size - hostile.at, 1,
                                      view, out, error);
    GW_REQUIRE(failed == 0 || strncmp(error->why, "line 1 of its answers: ", 23) == 0);
    GW_REQUIRE(memchr(error->why, '\0', sizeof error->why) != NULL);
    return failed;
}

static const struct gw_policy_ops ops = {.abi = GW_POLICY_ABI,
                                         .bytes = sizeof ops,
                                         .slots = GW_SLOT_ROUTING | GW_SLOT_BATTERY,
                                         .name = "hostile",
                                         .plan = plan};

static bool shares_are_good(const double *share, const double *allowed)
{
    bool good = true;
    for (size_t d = 0; d < DEMANDS; d++) {
        double sum = 0.0;
        for (size_t s = 0; s < SITES; s++) {
            const double x = share[d * SITES + s];
            good = good && x >= 0.0 && x <= 1.0 + 1e-9 && (x == 0.0 || allowed[d * SITES + s] != 0.0);
            sum += x;
        }
        good = good && fabs(sum - 1.0) <= 1e-9;
    }
    return good;
}

static void require_book_in_range(const struct gw_orders *book, const struct gw_dims *dims)
{
    for (size_t k = 0; k < GW_ORDER_KINDS; k++) {
        size_t n = 1;
        for (const char *axis = gw_orders_docs[k].axes; *axis != '\0'; axis++) {
            n *= gw_view_axis_length(dims, *axis);
        }
        for (size_t i = 0; i < n; i++) {
            const double x = book->value[k][i];
            GW_REQUIRE((isnan(x) && isnan(gw_orders_docs[k].rest)) ||
                       (x >= gw_orders_docs[k].min && x <= gw_orders_docs[k].max));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const origins[] = {"us-east", "us-west"}, *const demands[] = {"east", "west"};
    static const char *const models[] = {"llama"}, *const sites[] = {"oregon", "virginia"};
    const struct gw_dims dims = {.bytes = sizeof dims,
                                 .origins = 2,
                                 .demands = DEMANDS,
                                 .models = 1,
                                 .sites = SITES,
                                 .levels = 2,
                                 .horizon = 1};
    const struct gw_view_names names = {origins, demands, models, sites};
    const struct gw_scenario sc = {.n_demands = DEMANDS, .n_sites = SITES};
    struct gw_variant variant = {.name = "mine"};
    variant.slot[GW_SLOTS_ROUTING].ops = variant.slot[GW_SLOTS_BATTERY].ops = &ops;
    variant.every_us[GW_SLOTS_ROUTING] = variant.every_us[GW_SLOTS_BATTERY] = 1;

    struct gw_arena arena = {0};
    struct gw_view_store view;
    struct gw_deciders deciders;
    struct gw_error err = {0};
    GW_REQUIRE(gw_view_init(&view, &dims, &names, &arena));
    const double allowed[] = {1.0, 1.0, 1.0, 0.0}; /* west may not go to virginia */
    memcpy(view.value[GW_VIEW_DEMAND_ALLOWED], allowed, sizeof allowed);
    GW_REQUIRE(gw_deciders_init(&deciders, &sc, &dims, &arena));
    GW_REQUIRE(gw_deciders_open(&deciders, &sc, &variant, 0, &view, &err) == GW_OK);
    GW_REQUIRE(deciders.n == 1);

    hostile = (struct hostile){.data = data, .size = size};
    const enum gw_status s = gw_deciders_plan(&deciders, 0, &view, &err);
    if (s == GW_OK) {
        GW_REQUIRE(shares_are_good(deciders.share, allowed));
        GW_REQUIRE(!hostile.refused);
    } else {
        GW_REQUIRE(s == GW_ERR_POLICY && strcmp(err.where, "mine") == 0 && err.why[0] != '\0');
        GW_REQUIRE((size > 0 && data[0] == 'j') || hostile.refused ||
                   !shares_are_good(deciders.share, allowed));
    }
    require_book_in_range(&deciders.orders, &dims);
    gw_deciders_close(&deciders);
    gw_arena_fini(&arena);
    return 0;
}
