/* A site's supply under random loads, plants, batteries and orders: what must hold whatever is drawn. */
#include "tests/support/near.h"

#include <math.h>

#include "models/supply/supply.h"
#include "sim/core/rng.h"
#include "tests/reference/supply_twin.h"

enum { TRIALS = 400, STEPS = 60, SLICES = 20000 };

struct draw {
    struct gw_rng rng;
    struct gw_battery_cfg battery;
    struct gw_supply_cfg cfg;
};

static double unit(struct draw *d)
{
    return gw_rng_unit(gw_rng_next(&d->rng));
}

static void draw_site(struct draw *d, int trial)
{
    gw_rng_init(&d->rng, gw_rng_seed((uint64_t)trial, 0, "test/supply"));
    d->battery = (struct gw_battery_cfg){
        .energy_kwh = 100,
        .power_kw = 5 + 200 * unit(d),
        .charge_efficiency = 0.7 + 0.3 * unit(d),
        .discharge_efficiency = 0.7 + 0.3 * unit(d),
        .charge_taper_h = trial % 3 == 0 ? 0 : 0.3 * unit(d),
        .discharge_taper_h = trial % 5 == 0 ? 0 : 0.3 * unit(d),
        .soc_min = 0.2 * unit(d),
        .soc_max = 0.8 + 0.2 * unit(d),
        .reserve = 0.5 * unit(d),
        .initial = 0.5,
    };
    d->cfg = (struct gw_supply_cfg){
        .battery = trial % 7 == 0 ? NULL : &d->battery,
        .import_limit_kw = trial % 2 == 0 ? (double)NAN : 120 * unit(d),
        .export_limit_kw = trial % 4 == 0 ? 0 : 40 * unit(d),
    };
}

static struct gw_supply_in draw_step(struct draw *d)
{
    return (struct gw_supply_in){
        .load_kw = 100 * unit(d),
        .pv_kw = fmax(150 * unit(d) - 50, 0),
        .wind_kw = fmax(60 * unit(d) - 30, 0),
        .order_kw = 400 * (unit(d) - 0.5),
        .hours = 0.05 + unit(d),
    };
}

static double sources(const struct gw_supply_out *o)
{
    return o->import_kwh + o->pv_kwh + o->wind_kwh + o->discharge_kwh + o->unserved_kwh;
}

static void energy_is_conserved_and_limits_hold_in_every_step(void **state)
{
    (void)state;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct draw d;
        draw_site(&d, trial);
        const struct gw_battery_cfg *b = &d.battery;
        double stored = 50;
        for (int i = 0; i < STEPS; i++) {
            const struct gw_supply_in in = draw_step(&d);
            struct gw_supply_out o = {0};
            const double before = stored;
            gw_supply_add(&d.cfg, &in, &stored, &o);
            const double load = in.load_kw * in.hours;
            assert_near(sources(&o), load + o.charge_kwh + o.export_kwh + o.curtailed_kwh, 1e-12, 1e-12);
            assert_near(o.charge_kwh, o.discharge_kwh + o.loss_kwh + o.stored_kwh, 1e-12, 1e-11);
            assert_near(stored - before, o.stored_kwh, 0, 0);
            assert_true(stored >= b->soc_min * 100 - 1e-9 && stored <= b->soc_max * 100 + 1e-9);
            if (isnan(d.cfg.import_limit_kw)) {
                assert_near(o.unserved_kwh, 0, 0, 0);
            } else {
                assert_true(o.import_kwh <= d.cfg.import_limit_kw * in.hours + 1e-9);
            }
            assert_true(o.export_kwh <= d.cfg.export_limit_kw * in.hours + 1e-9);
            assert_true(o.charge_kwh <= b->power_kw * in.hours + 1e-9);
            assert_true(o.discharge_kwh <= b->power_kw * in.hours + 1e-9);
            assert_true(fmin(fmin(o.import_kwh, o.export_kwh), fmin(o.curtailed_kwh, o.unserved_kwh)) >= 0);
            assert_true(fmin(fmin(o.charge_kwh, o.discharge_kwh), o.loss_kwh) >= 0);
            /* nothing is lost or given away while something is missing */
            assert_true(o.unserved_kwh == 0 || (o.curtailed_kwh == 0 && o.export_kwh == 0));
        }
    }
}

static void assert_same_flows(const struct gw_supply_out *a, const struct gw_supply_out *b, double rtol,
                              double atol)
{
    assert_near(a->import_kwh, b->import_kwh, rtol, atol);
    assert_near(a->charge_kwh, b->charge_kwh, rtol, atol);
    assert_near(a->discharge_kwh, b->discharge_kwh, rtol, atol);
    assert_near(a->loss_kwh, b->loss_kwh, rtol, atol);
    assert_near(a->stored_kwh, b->stored_kwh, rtol, atol);
    assert_near(a->export_kwh, b->export_kwh, rtol, atol);
    assert_near(a->curtailed_kwh, b->curtailed_kwh, rtol, atol);
    assert_near(a->unserved_kwh, b->unserved_kwh, rtol, atol);
}

/* The instants of full, empty and not enough are solved for: one step is the same as any number of parts. */
static void cutting_a_step_changes_nothing(void **state)
{
    (void)state;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct draw d;
        draw_site(&d, trial);
        double whole_kwh = 50, parts_kwh = 50;
        for (int i = 0; i < STEPS; i++) {
            const struct gw_supply_in in = draw_step(&d);
            struct gw_supply_in part = in;
            struct gw_supply_out whole = {0}, parts = {0};
            const int n = 2 + i % 11;
            part.hours = in.hours / n;
            gw_supply_add(&d.cfg, &in, &whole_kwh, &whole);
            for (int k = 0; k < n; k++) {
                gw_supply_add(&d.cfg, &part, &parts_kwh, &parts);
            }
            assert_same_flows(&parts, &whole, 1e-9, 1e-9);
        }
    }
}

static void the_slow_twin_agrees(void **state)
{
    (void)state;
    for (int trial = 0; trial < 60; trial++) {
        struct draw d;
        draw_site(&d, trial);
        for (int i = 0; i < 3; i++) {
            const struct gw_supply_in in = draw_step(&d);
            double fast_kwh = 100 * (d.battery.soc_min + (d.battery.soc_max - d.battery.soc_min) * unit(&d));
            double slow_kwh = fast_kwh;
            struct gw_supply_out fast = {0}, slow = {0};
            gw_supply_add(&d.cfg, &in, &fast_kwh, &fast);
            gw_supply_twin_add(&d.cfg, &in, SLICES, &slow_kwh, &slow);
            assert_same_flows(&fast, &slow, 1e-3, 2e-2);
        }
    }
}

/* Under self-consumption another panel never means more import, more missing energy, or an emptier battery.
 */
static void more_sun_never_raises_the_import(void **state)
{
    (void)state;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct draw d;
        draw_site(&d, trial);
        double less_kwh = 50, more_kwh = 50, less_import = 0, more_import = 0;
        for (int i = 0; i < STEPS; i++) {
            struct gw_supply_in in = draw_step(&d);
            struct gw_supply_out less = {0}, more = {0};
            in.order_kw = in.pv_kw + in.wind_kw - in.load_kw;
            gw_supply_add(&d.cfg, &in, &less_kwh, &less);
            in.pv_kw *= 1.1;
            in.order_kw = in.pv_kw + in.wind_kw - in.load_kw;
            gw_supply_add(&d.cfg, &in, &more_kwh, &more);
            less_import += less.import_kwh + less.unserved_kwh;
            more_import += more.import_kwh + more.unserved_kwh;
            assert_true(more_import <= less_import + 1e-9);
            assert_true(more_kwh >= less_kwh - 1e-9);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_is_conserved_and_limits_hold_in_every_step),
        cmocka_unit_test(cutting_a_step_changes_nothing),
        cmocka_unit_test(the_slow_twin_agrees),
        cmocka_unit_test(more_sun_never_raises_the_import),
    };
    return cmocka_run_group_tests_name("supply", tests, NULL, NULL);
}
