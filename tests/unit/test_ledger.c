/* The books of a run: totals, time series, shares of demand rows, and the audit that finds a forged entry. */
#include "tests/support/near.h"

#include <string.h>

#include "sim/base/quantity.h"
#include "sim/base/units.h"
#include "sim/run/ledger.h"

enum { SITES = 2, DEMANDS = 3 };

static const gw_time_us step_us = 300 * GW_US_PER_S;
static const gw_time_us every_us = 900 * GW_US_PER_S;

struct books {
    struct gw_arena arena;
    struct gw_ledger ledger;
};

static int open_books(void **state)
{
    static struct books books;
    books = (struct books){0};
    *state = &books;
    return gw_ledger_init(&books.ledger, SITES, DEMANDS, step_us, every_us, &books.arena) ? 0 : -1;
}

static int close_books(void **state)
{
    struct books *books = *state;
    gw_ledger_fini(&books->ledger);
    gw_arena_fini(&books->arena);
    return 0;
}

/* One step of one site in balance: 10 kWh busy, 4 + 3 + 2 + 1 kWh beside it, 5 + 2.5 kWh of building, 27.5
 * kWh bought; the demand rows used 5, 3 and 2 of the busy 10 kWh. */
struct step {
    double entry[GW_ACCOUNT_COUNT];
    double share[DEMANDS][GW_SHARE_COUNT];
};

static struct step balanced_step(void)
{
    return (struct step){
        .entry = {[GW_ACCOUNT_BUSY] = 10,
                  [GW_ACCOUNT_IDLE] = 4,
                  [GW_ACCOUNT_HOST] = 3,
                  [GW_ACCOUNT_SPARE] = 2,
                  [GW_ACCOUNT_PSU] = 1,
                  [GW_ACCOUNT_COOLING] = 5,
                  [GW_ACCOUNT_CHAIN] = 2.5,
                  [GW_ACCOUNT_IMPORT] = 27.5,
                  [GW_ACCOUNT_COST] = -0.25}, /* prices may be negative */
        .share = {{[GW_SHARE_BUSY_KWH] = 5}, {[GW_SHARE_BUSY_KWH] = 3}, {[GW_SHARE_BUSY_KWH] = 2}},
    };
}

static void enter(struct gw_ledger *ledger, gw_time_us from_us, uint32_t site, const struct step *step)
{
    gw_ledger_enter(ledger, from_us, site, step->entry, &step->share[0][0]);
}

/* `steps` equal steps at all sites */
static void enter_steps(struct gw_ledger *ledger, int steps, const struct step *step)
{
    for (int i = 0; i < steps; i++) {
        assert_true(gw_ledger_open_step(ledger, i * step_us));
        for (uint32_t site = 0; site < SITES; site++) {
            enter(ledger, i * step_us, site, step);
        }
    }
}

static void totals_are_kept_per_site_and_summed_over_sites(void **state)
{
    struct gw_ledger *ledger = &((struct books *)*state)->ledger;
    const struct step step = balanced_step();
    assert_true(gw_ledger_open_step(ledger, 0));
    enter(ledger, 0, 0, &step);
    enter(ledger, 0, 1, &step);
    assert_true(gw_ledger_open_step(ledger, step_us));
    enter(ledger, step_us, 1, &step);

    assert_near(gw_ledger_site(ledger, 0, GW_ACCOUNT_BUSY), 10, 0, 0);
    assert_near(gw_ledger_site(ledger, 1, GW_ACCOUNT_BUSY), 20, 0, 0);
    assert_near(gw_ledger_sum(ledger, GW_ACCOUNT_BUSY), 30, 0, 0);
    assert_near(gw_ledger_sum(ledger, GW_ACCOUNT_COST), -0.75, 0, 0);
    assert_near(gw_ledger_sum(ledger, GW_ACCOUNT_ARRIVED), 0, 0, 0);
    assert_int_equal(ledger->now_us, 2 * step_us);
}

static void shares_of_a_demand_row_are_summed_over_sites_and_steps(void **state)
{
    struct gw_ledger *ledger = &((struct books *)*state)->ledger;
    const struct step step = balanced_step();
    enter_steps(ledger, 3, &step);
    assert_near(gw_ledger_demand(ledger, 0, GW_SHARE_BUSY_KWH), 30, 0, 0); /* 5 kWh x 3 steps x 2 sites */
    assert_near(gw_ledger_demand(ledger, 2, GW_SHARE_BUSY_KWH), 12, 0, 0);
    assert_near(gw_ledger_demand(ledger, 2, GW_SHARE_COST_USD), 0, 0, 0);
}

/* 300 s steps in rows of 900 s: seven steps fill two rows and a third of the next. */
static void rows_of_the_series_gather_the_steps_within_them(void **state)
{
    struct gw_ledger *ledger = &((struct books *)*state)->ledger;
    const struct step step = balanced_step();
    enter_steps(ledger, 7, &step);
    assert_int_equal(ledger->rows, 3);
    static const double import_kwh[] = {82.5, 82.5, 27.5};
    for (size_t row = 0; row < 3; row++) {
        for (size_t site = 0; site < SITES; site++) {
            const double *at = ledger->series + (row * SITES + site) * GW_ACCOUNT_COUNT;
            assert_near(at[GW_ACCOUNT_IMPORT], import_kwh[row], 1e-15, 0);
        }
    }
}

static void steps_that_nobody_entered_leave_rows_of_zeros(void **state)
{
    struct gw_ledger *ledger = &((struct books *)*state)->ledger;
    const struct step step = balanced_step();
    assert_true(gw_ledger_open_step(ledger, 100 * every_us));
    enter(ledger, 100 * every_us, 0, &step);
    assert_int_equal(ledger->rows, 101);
    for (size_t i = 0; i < 100 * SITES * GW_ACCOUNT_COUNT; i++) {
        assert_near(ledger->series[i], 0, 0, 0);
    }
}

/* 1e16 + 1 + 1 - 1e16 is 0 or 2 with plain sums, depending on their order: doubles there lie 2 apart. */
static void totals_are_compensated(void **state)
{
    struct gw_ledger *ledger = &((struct books *)*state)->ledger;
    static const double cost_usd[] = {1e16, 1, 1, -1e16};
    for (int i = 0; i < 4; i++) {
        const struct step step = {.entry = {[GW_ACCOUNT_COST] = cost_usd[i]}};
        assert_true(gw_ledger_open_step(ledger, i * step_us));
        enter(ledger, i * step_us, 0, &step);
    }
    assert_near(gw_ledger_site(ledger, 0, GW_ACCOUNT_COST), 2, 0, 0);
    assert_near(gw_ledger_sum(ledger, GW_ACCOUNT_COST), 2, 0, 0);
}

static void books_in_balance_and_empty_books_leave_no_residual(void **state)
{
    struct gw_ledger *ledger = &((struct books *)*state)->ledger;
    assert_near(gw_ledger_residual(ledger), 0, 0, 0);
    const struct step step = balanced_step();
    enter_steps(ledger, 10, &step);
    assert_near(gw_ledger_residual(ledger), 0, 0, 0);
}

/* Whatever part of the energy balance is off, at whichever site, the audit sees it. */
static void each_forged_part_of_the_energy_balance_shows(void **state)
{
    struct gw_ledger *ledger = &((struct books *)*state)->ledger;
    static const enum gw_account parts[] = {GW_ACCOUNT_IDLE,  GW_ACCOUNT_HOST,    GW_ACCOUNT_SPARE,
                                            GW_ACCOUNT_PSU,   GW_ACCOUNT_COOLING, GW_ACCOUNT_CHAIN,
                                            GW_ACCOUNT_IMPORT};
    const struct step good = balanced_step();
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_int_equal(close_books(state), 0);
        assert_int_equal(open_books(state), 0);
        struct step forged = good;
        forged.entry[parts[i]] += 2.5;
        assert_true(gw_ledger_open_step(ledger, 0));
        enter(ledger, 0, 0, &good);
        enter(ledger, 0, 1, &forged);
        assert_near(gw_ledger_residual(ledger), 2.5 / 30, 1e-12, 0); /* 27.5 on one side, 30 on the other */
    }
}

static void shares_that_miss_a_part_of_the_busy_energy_show(void **state)
{
    struct gw_ledger *ledger = &((struct books *)*state)->ledger;
    struct step step = balanced_step();
    step.share[1][GW_SHARE_BUSY_KWH] = 2; /* rows add up to 9 of 10 kWh */
    enter_steps(ledger, 4, &step);
    assert_near(gw_ledger_residual(ledger), 0.1, 1e-12, 0);
}

/* A site in surplus does not make up for one in deficit. */
static void errors_of_two_sites_do_not_cancel(void **state)
{
    struct gw_ledger *ledger = &((struct books *)*state)->ledger;
    struct step more = balanced_step(), less = balanced_step();
    more.entry[GW_ACCOUNT_IMPORT] += 1;
    less.entry[GW_ACCOUNT_IMPORT] -= 1;
    assert_true(gw_ledger_open_step(ledger, 0));
    enter(ledger, 0, 0, &more);
    enter(ledger, 0, 1, &less);
    assert_near(gw_ledger_residual(ledger), 1 / 27.5, 1e-12, 0); /* 26.5 bought, 27.5 used */
}

static void every_account_has_a_name_of_its_own_a_unit_and_a_sentence(void **state)
{
    (void)state;
    for (int a = 0; a < GW_ACCOUNT_COUNT; a++) {
        const struct gw_account_doc doc = gw_ledger_account((enum gw_account)a);
        if (!gw_quantity_unit_ok(doc.unit)) {
            fail_msg("%s: unit \"%s\" cannot be read", doc.name, doc.unit);
        }
        assert_true(strlen(doc.doc) > 5);
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(doc.name, gw_ledger_account((enum gw_account)b).name);
        }
    }
    assert_string_equal(gw_ledger_share_names[GW_SHARE_BUSY_KWH], "busy_kwh");
    assert_string_equal(gw_ledger_share_names[GW_SHARE_COST_USD], "cost_usd");
}

#define WITH_BOOKS(f) cmocka_unit_test_setup_teardown(f, open_books, close_books)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOOKS(totals_are_kept_per_site_and_summed_over_sites),
        WITH_BOOKS(shares_of_a_demand_row_are_summed_over_sites_and_steps),
        WITH_BOOKS(rows_of_the_series_gather_the_steps_within_them),
        WITH_BOOKS(steps_that_nobody_entered_leave_rows_of_zeros),
        WITH_BOOKS(totals_are_compensated),
        WITH_BOOKS(books_in_balance_and_empty_books_leave_no_residual),
        WITH_BOOKS(each_forged_part_of_the_energy_balance_shows),
        WITH_BOOKS(shares_that_miss_a_part_of_the_busy_energy_show),
        WITH_BOOKS(errors_of_two_sites_do_not_cancel),
        cmocka_unit_test(every_account_has_a_name_of_its_own_a_unit_and_a_sentence),
    };
    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
