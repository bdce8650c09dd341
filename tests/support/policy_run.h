/* tests/support/policy_run.h - a built-in policy at work on a view: created with its defaults and some
 * settings, asked for plans, closed. Every plan is held to the contract. */
#ifndef GW_TESTS_SUPPORT_POLICY_RUN_H
#define GW_TESTS_SUPPORT_POLICY_RUN_H

#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "models/policies/eval.h"
#include "models/policies/registry.h"

enum { POLICY_RUN_ROWS = 8, POLICY_RUN_LEVELS = 4 };

struct policy_setting {
    const char *key; /* NULL ends a list */
    double value;
};

struct policy_run {
    struct gw_plan plan; /* first: its address comes back with orders */
    const struct gw_policy_ops *ops;
    const struct gw_view_store *view;
    void *self;
    double release[POLICY_RUN_ROWS]; /* by demand row; NAN: no order */
    double directives[POLICY_RUN_ROWS][POLICY_RUN_LEVELS];
};

static inline int policy_run_take(struct gw_plan *plan, const struct gw_order *order)
{
    struct policy_run *run = (struct policy_run *)plan;
    const uint32_t d = order->at[0];
    if (order->kind == GW_ORDER_RELEASE && d < POLICY_RUN_ROWS) {
        run->release[d] = order->value;
        return 0;
    }
    if (order->kind == GW_ORDER_DIRECTIVES && d < POLICY_RUN_ROWS && order->at[1] < POLICY_RUN_LEVELS) {
        run->directives[d][order->at[1]] = order->value;
        return 0;
    }
    return 1;
}

static inline void policy_run_open(struct policy_run *run, const struct gw_policy_ops *ops,
                                   const struct gw_view_store *view, const struct policy_setting *settings)
{
    double cfg[16] = {0};
    for (const struct gw_policy_param *p = ops->params; p != NULL && p->key != NULL; p++) {
        double x = p->def;
        for (const struct policy_setting *s = settings; s != NULL && s->key != NULL; s++) {
            x = strcmp(s->key, p->key) == 0 ? s->value : x;
        }
        assert_true(p->kind == GW_PARAM_NUMBER && p->offset + sizeof x <= sizeof cfg);
        memcpy((char *)cfg + p->offset, &x, sizeof x);
    }
    *run = (struct policy_run){
        .plan = {.bytes = sizeof run->plan, .order = policy_run_take}, .ops = ops, .view = view};
    struct gw_policy_error error = {0};
    if (ops->create != NULL) {
        assert_int_equal(ops->create(&run->self, cfg, &view->public, 1, &error), 0);
    }
}

/* Asks for a plan; share NULL for a policy that does not route. */
static inline void policy_run_ask(struct policy_run *run, double *share)
{
    for (size_t d = 0; d < POLICY_RUN_ROWS; d++) {
        run->release[d] = (double)NAN;
        for (size_t l = 0; l < POLICY_RUN_LEVELS; l++) {
            run->directives[d][l] = (double)NAN;
        }
    }
    run->plan.share = share;
    struct gw_policy_error error = {0};
    if (run->ops->plan(run->self, &run->view->public, &run->plan, &error) != 0) {
        fail_msg("%s: %s", run->ops->name, error.why);
    }
}

/* Writes share[demands][sites]; a policy has to write every cell. */
static inline void policy_run_plan(struct policy_run *run, double *share)
{
    for (size_t i = 0; i < (size_t)run->view->dims.demands * run->view->dims.sites; i++) {
        share[i] = -1.0;
    }
    policy_run_ask(run, share);
    struct gw_error err = {0};
    if (gw_eval_check(run->view, run->ops->name, share, &err) != GW_OK) {
        fail_msg("%s: %s", run->ops->name, err.why);
    }
}

static inline void policy_run_close(struct policy_run *run)
{
    if (run->ops->destroy != NULL) {
        run->ops->destroy(run->self);
        run->ops->destroy(NULL);
    }
}

/* One plan. */
static inline void policy_run_once(const struct gw_policy_ops *ops, const struct gw_view_store *view,
                                   const struct policy_setting *settings, double *share)
{
    struct policy_run run;
    policy_run_open(&run, ops, view, settings);
    policy_run_plan(&run, share);
    policy_run_close(&run);
}

/* Two rows over two sites. */
static inline void assert_shares(const double *share, double a, double b, double c, double d)
{
    const double expected[] = {a, b, c, d};
    for (size_t i = 0; i < 4; i++) {
        assert_near(share[i], expected[i], 1e-9, 1e-12);
    }
}

#endif
