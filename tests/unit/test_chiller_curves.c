/* A chiller by DOE-2 curves: values of two published machines, borders, and curves that cannot be. */
#include "tests/support/one_plant.h"

#include "models/cooling/chiller_curves.h"

/* Two records of the chiller data of the Modelica Buildings library: Carrier 19XR 1407 kW, Trane CVHE 1442
 * kW. */
#define CARRIER_CAPACITY "[ 1.042261, 2.644821e-3, -1.468026e-3, 1.366256e-2, -8.302334e-4, 1.573579e-3 ]"
#define CARRIER_POWER    "[ 1.026340, -1.612819e-2, -1.092591e-3, -1.784393e-2, 7.961842e-4, -9.586049e-5 ]"
#define CARRIER_LOAD     "[ 0.118888, 0.6723542, 0.2068754 ]"
#define CARRIER                                                                                              \
    "{ cop: 6.04, capacity: " CARRIER_CAPACITY ", power: " CARRIER_POWER ", part_load: " CARRIER_LOAD " }"
#define TRANE                                                                                                \
    "{ cop: 6.61, capacity: [ 0.4007341, 1.148568e-3, 1.049504e-4, 5.574667e-2, -1.646131e-3, 1.3232e-3 ], " \
    "power: [ 0.6287646, -3.024605e-2, 6.137016e-4, 1.805826e-2, 1.640653e-4, -1.113802e-4 ], "              \
    "part_load: [ 0.09299787, 0.3244475, 0.5818753 ], load_min: 0.1 }"

struct root {
    const struct gw_chiller_curves *curves;
};
static const struct gw_field fields[] = {
    GW_FIELD(struct root, curves, &gw_chiller_curves_type, NULL, "A chiller", NULL), GW_FIELD_END};
static const struct gw_type root_type = {
    .kind = GW_OBJ, .size = sizeof(struct root), .of = fields, .doc = "A chiller"};

/* At a share of what it can do at these temperatures. */
static double cop_at(const struct gw_chiller_curves *c, double chilled_c, double condenser_c, double share)
{
    const double *k = c->capacity.at;
    const double capacity = k[0] + k[1] * chilled_c + k[2] * chilled_c * chilled_c + k[3] * condenser_c +
                            k[4] * condenser_c * condenser_c + k[5] * chilled_c * condenser_c;
    return gw_chiller_curves_cop(c, chilled_c, condenser_c, share * capacity, 1);
}

static void two_machines_have_their_published_efficiency(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        double chilled_c, condenser_c, cop[4]; /* at a quarter, a half, three quarters, all */
    } cases[] = {
        {"curves: " CARRIER "\n", 6.67, 15, {6.52, 7.72, 7.93, 7.84}},
        {"curves: " CARRIER "\n", 6.67, 25, {5.56, 6.58, 6.76, 6.68}},
        {"curves: " CARRIER "\n", 6.67, 29.44, {4.96, 5.86, 6.03, 5.96}},
        {"curves: " TRANE "\n", 5.56, 15, {10.09, 10.60, 9.60, 8.50}},
        {"curves: " TRANE "\n", 5.56, 25, {7.71, 8.10, 7.34, 6.50}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bound b;
        struct root root;
        bound_read(&b, &root_type, cases[i].yaml, &root);
        for (int q = 0; q < 4; q++) {
            assert_near(cop_at(root.curves, cases[i].chilled_c, cases[i].condenser_c, (q + 1) / 4.0),
                        cases[i].cop[q], 0, 6e-3);
        }
        bound_fini(&b);
    }
}

static void beyond_the_measured_range_its_border_holds(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_read(&b, &root_type, "curves: " CARRIER "\n", &root);
    assert_near(gw_chiller_curves_cop(root.curves, 24, 60, 5, 1),
                gw_chiller_curves_cop(root.curves, 10, 35, 5, 1), 0, 0);
    assert_near(gw_chiller_curves_cop(root.curves, 7, 20, 0, 1),
                gw_chiller_curves_cop(root.curves, 7, 20, 0.01, 1), 0, 0);
    bound_fini(&b);
}

/* The same curves with chilled and condenser water swapped, as one published tool has them. */
static void curves_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct bound b;
    struct root root;
    bound_fails(&b, &root_type,
                "curves: { cop: 6, capacity: " CARRIER_CAPACITY
                ", power: [ 1.02634, -1.784393e-2, 7.961842e-4, -1.612819e-2, -1.092591e-3, -9.586049e-5 ], "
                "part_load: " CARRIER_LOAD " }\n",
                &root, "falls as the condenser warms");
    bound_fini(&b);
    bound_fails(&b, &root_type,
                "curves: { cop: 6, capacity: [ -1, 0, 0, 0, 0, 0 ], power: " CARRIER_POWER
                ", part_load: " CARRIER_LOAD " }\n",
                &root, "is not positive");
    bound_fini(&b);
    bound_fails(&b, &root_type,
                "curves: { cop: 6, capacity: " CARRIER_CAPACITY ", power: " CARRIER_POWER
                ", part_load: [ 1, -0.5, 0 ] }\n",
                &root, "falls as the load rises");
    bound_fini(&b);
}

/* wc at 12 degC of water, more than was measured: taken at 10 degC. Full load, 28 degC of condenser water. */
static void a_plant_may_have_such_a_chiller(void **state)
{
    (void)state;
    struct one_plant p;
    struct bound b;
    struct root root;
    char cooling[512];
    (void)snprintf(cooling, sizeof cooling, "{ plant: wc, curves: %s }", CARRIER);
    one_plant_read(&p, cooling);
    bound_read(&b, &root_type, "curves: " CARRIER "\n", &root);
    const struct gw_plant_in in = {.it_kw = 1000,
                                   .nameplate_kw = 1000,
                                   .dry_bulb_c = 30,
                                   .wet_bulb_c = 24,
                                   .humidity_ratio = 0.0164,
                                   .pressure_pa = 101325};
    const struct gw_plant_out out = p.plant->at(p.cfg, &in);
    const double heat_kw = out.rejected_kw - out.compressor_kw;
    assert_near(heat_kw / out.compressor_kw, gw_chiller_curves_cop(root.curves, 12, 28, 1, 1), 1e-9, 0);
    bound_fini(&b);
    one_plant_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_machines_have_their_published_efficiency),
        cmocka_unit_test(beyond_the_measured_range_its_border_holds),
        cmocka_unit_test(curves_that_cannot_be_are_refused),
        cmocka_unit_test(a_plant_may_have_such_a_chiller),
    };
    return cmocka_run_group_tests_name("chiller_curves", tests, NULL, NULL);
}
