/* How many accelerators a replica takes on nodes of several kinds. */
#include "tests/support/near.h"

#include "tests/support/experiment.h"

#define SET(...) ((const char *const[]){__VA_ARGS__, NULL})
#define POOLS                                                                                                \
    "sites[0].pools=[{node: a100x2, count: 3}, {node: a100x4, count: 1}, "                                   \
    "{node: h100x8, count: 1}]"

static void tensor_parallel_node_takes_each_node_whole(void **state)
{
    (void)state;
    static const double accelerators[] = {2, 4, 8};
    static const uint32_t replicas[] = {3, 1, 1};
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   SET("serving.models[0].tensor_parallel=node", "serving.models[0].replicas=auto",
                       "serving.demand[0].rate=100 /s", "serving.mode=flow", POOLS, "policies=[uniform]"),
                   0);
    const struct gw_site *site = &e.sc.site[0];
    assert_int_equal(site->n_groups, 3);
    for (uint32_t g = 0; g < site->n_groups; g++) {
        assert_near(site->group[g].accelerators, accelerators[g], 0, 0);
        assert_int_equal(site->group[g].replicas, replicas[g]);
        assert_int_equal(site->group[g].per_node, 1);
    }
    experiment_fini(&e);
}

/* Two stages share it: a stage of two on the node of four, of four on that of eight; of one on that of two.
 */
static void its_accelerators_are_shared_by_the_stages(void **state)
{
    (void)state;
    struct experiment e;
    experiment_run(&e, experiment_two_sites,
                   SET("serving.models[0].tensor_parallel=node", "serving.models[0].pipeline_parallel=2",
                       "serving.models[0].replicas=auto", "serving.demand[0].rate=100 /s",
                       "serving.mode=flow", POOLS, "policies=[uniform]"),
                   0);
    const struct gw_site *site = &e.sc.site[0];
    assert_int_equal(site->n_groups, 3);
    assert_near(site->group[0].accelerators, 2, 0, 0);
    assert_near(site->group[2].accelerators, 8, 0, 0);
    experiment_fini(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensor_parallel_node_takes_each_node_whole),
        cmocka_unit_test(its_accelerators_are_shared_by_the_stages),
    };
    return cmocka_run_group_tests_name("compile_replicas", tests, NULL, NULL);
}
