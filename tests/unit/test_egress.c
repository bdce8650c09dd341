/* Prices of data that leaves a region, and what requests weigh. */
#include "tests/support/bound.h"

#include <math.h>

#include "models/network/egress.h"
#include "models/network/payload.h"

struct root {
    struct gw_pick from, to;
    struct gw_network_cfg network;
};
static const struct gw_field fields[] = {
    GW_FIELD(struct root, from, &gw_location_type, NULL, "A place", NULL),
    GW_FIELD(struct root, to, &gw_location_type, NULL, "Another", NULL),
    GW_FIELD(struct root, network, &gw_network_type, "{}", "The network", NULL),
    GW_FIELD_END,
};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "Two places"};

static void prices_go_by_operator_and_continent(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        double sites_usd, user_usd;
    } cases[] = {
        {"from: the-dalles\nto: dublin\nnetwork: { egress: aws }\n", 0.02, 0.09},
        {"from: singapore\nto: dublin\nnetwork: { egress: aws }\n", 0.09, 0.12},
        {"from: cape-town\nto: dublin\nnetwork: { egress: aws }\n", 0.147, 0.154},
        {"from: ashburn\nto: the-dalles\nnetwork: { egress: azure }\n", 0.02, 0.087},
        {"from: ashburn\nto: ashburn\nnetwork: { egress: gcp }\n", 0.0, 0.12},
        {"from: dublin\nto: dubai\nnetwork: { egress: azure }\n", NAN, 0.087}, /* not in its list */
        {"from: { at: { lat: 1, lon: 2, utc_offset: 0 } }\nto: dublin\nnetwork: { egress: gcp }\n", NAN, NAN},
        {"from: { at: { lat: 1, lon: 2, utc_offset: 0, continent: africa } }\nto: dublin\n"
         "network: { egress: gcp }\n",
         0.05, 0.12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bound b;
        struct root root;
        bound_read(&b, &root_type, cases[i].yaml, &root);
        const struct gw_place *from = gw_network_location(&root.from), *to = gw_network_location(&root.to);
        const double sites_usd = gw_egress_sites(root.network.egress, from, to);
        const double user_usd = gw_egress_user(root.network.egress, from);
        assert_true(sites_usd == cases[i].sites_usd || (isnan(sites_usd) && isnan(cases[i].sites_usd)));
        assert_true(user_usd == cases[i].user_usd || (isnan(user_usd) && isnan(cases[i].user_usd)));
        bound_fini(&b);
    }
}

static void every_place_of_the_catalogue_lies_on_a_continent(void **state)
{
    (void)state;
    struct gw_tree catalogue = {0};
    bound_catalogue(&catalogue);
    const struct gw_bind_env env = {.catalogue = gw_catalogue_kinds(), .built_in = &catalogue};
    const struct gw_node *places = gw_node_get(catalogue.root, "places");
    for (uint32_t i = 0; i < places->n; i++) {
        struct gw_arena arena = {0};
        const void *object;
        assert_int_equal(gw_bind_entry(NULL, &env, "place", places->entry[i].key, &object, &arena, NULL),
                         GW_OK);
        if (((const struct gw_place *)object)->continent == GW_CONTINENT_UNKNOWN) {
            fail_msg("%s", places->entry[i].key);
        }
        gw_arena_fini(&arena);
    }
    gw_tree_fini(&catalogue);
}

/* 1000 + 4 * 1200 bytes in, 1000 + 4 * 200 out: 7600 B, at 0.001 kWh/GB 7.6e-9 kWh; nothing when it is not
 * attributed. */
static void requests_weigh_their_tokens(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_read(&b, &root_type, "from: dublin\nto: dublin\n", &root);
    const double in = gw_payload_in_bytes(&root.network, 1200),
                 out = gw_payload_out_bytes(&root.network, 200);
    assert_near(in, 5800, 1e-15, 0);
    assert_near(out, 1800, 1e-15, 0);
    assert_near(gw_payload_kwh(&root.network, in + out), 7.6e-9, 1e-12, 0);
    assert_null(root.network.egress);
    root.network.attribution = GW_ATTRIBUTION_OFF;
    assert_near(gw_payload_kwh(&root.network, in + out), 0, 0, 0);
    bound_fini(&b);
}

static void its_table_is_right(void **state)
{
    (void)state;
    struct gw_errors errs = {0};
    gw_bind_verify(&gw_egress_type, &errs);
    assert_int_equal(errs.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_go_by_operator_and_continent),
        cmocka_unit_test(every_place_of_the_catalogue_lies_on_a_continent),
        cmocka_unit_test(requests_weigh_their_tokens),
        cmocka_unit_test(its_table_is_right),
    };
    return cmocka_run_group_tests_name("egress", tests, NULL, NULL);
}
