#include "sim/run/exec_answer.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "models/policies/orders.h"
#include "sim/base/text.h"

enum { SHOWN = 40 }; /* characters of a text of theirs in a sentence of ours */

struct answer {
    uint64_t number;
    const struct gw_view *view;
    struct gw_plan *plan;
    struct gw_policy_error *error;
};

GW_PRINTF(2, 3) static int fail(const struct answer *a, const char *fmt, ...)
{
    char *why = a->error->why;
    const size_t size = sizeof a->error->why;
    const int n = snprintf(why, size, "line %" PRIu64 " of its answers: ", a->number);
    va_list args;
    va_start(args, fmt);
    vsnprintf(why + n, size - (size_t)n, fmt, args);
    va_end(args);
    return 1;
}

/* ---- shares ---- */

static int read_row(const struct answer *a, json_t *row, uint32_t d)
{
    const uint32_t sites = a->view->dims->sites;
    const char *name = a->view->name(a->view, "demand", d);
    if (!json_is_array(row) || json_array_size(row) != sites) {
        return fail(a, "the share of demand \"%.*s\" is not a row of %" PRIu32 " numbers, one per site",
                    SHOWN, name, sites);
    }
    double sum = 0.0;
    for (uint32_t s = 0; s < sites; s++) {
        json_t *x = json_array_get(row, s);
        if (!json_is_number(x) || !(json_number_value(x) >= 0.0)) {
            return fail(a, "the share of demand \"%.*s\" at site \"%.*s\" is not a number from 0 to 1", SHOWN,
                        name, SHOWN, a->view->name(a->view, "site", s));
        }
        a->plan->share[(size_t)d * sites + s] = json_number_value(x);
        sum += json_number_value(x);
    }
    if (!(fabs(sum - 1.0) <= 1e-9)) {
        return fail(a, "the shares of demand \"%.*s\" sum to %.12g, not to 1", SHOWN, name, sum);
    }
    return 0;
}

static int read_share(const struct answer *a, json_t *share)
{
    if (a->plan->share == NULL) {
        return fail(a, "shares from a policy that does not fill the slot routing");
    }
    const uint32_t rows = a->view->dims->demands;
    if (!json_is_array(share) || json_array_size(share) != rows) {
        return fail(a, "\"share\" is not a list of %" PRIu32 " rows, one per demand", rows);
    }
    for (uint32_t d = 0; d < rows; d++) {
        if (read_row(a, json_array_get(share, d), d) != 0) {
            return 1;
        }
    }
    return 0;
}

/* ---- orders ---- */

static const struct gw_order_doc *find_order(const char *name)
{
    for (size_t k = 0; k < GW_ORDER_KINDS; k++) {
        if (strcmp(gw_orders_docs[k].name, name) == 0) {
            return &gw_orders_docs[k];
        }
    }
    return NULL;
}

/* Axes whose places have names. */
static const char *axis_of(char letter)
{
    return letter == 's' ? "site" : letter == 'm' ? "model" : letter == 'd' ? "demand" : NULL;
}

static int read_place(const struct answer *a, const char *order, char letter, json_t *at, uint32_t *out)
{
    const char *axis = axis_of(letter);
    if (json_is_integer(at) && json_integer_value(at) >= 0 && json_integer_value(at) < UINT32_MAX) {
        *out = (uint32_t)json_integer_value(at);
        if (axis == NULL || a->view->name(a->view, axis, *out) != NULL) {
            return 0;
        }
        return fail(a, "order %s: there is no %s %" PRIu32, order, axis, *out);
    }
    if (axis == NULL || !json_is_string(at)) {
        return fail(a, "order %s: a place in \"at\" is neither a number from 0 nor a name", order);
    }
    const char *wanted = json_string_value(at), *name;
    for (uint32_t i = 0; (name = a->view->name(a->view, axis, i)) != NULL; i++) {
        if (strcmp(name, wanted) == 0) {
            *out = i;
            return 0;
        }
    }
    return fail(a, "order %s: there is no %s \"%.*s\"", order, axis, SHOWN, wanted);
}

static int read_order(const struct answer *a, json_t *order)
{
    const char *name = json_string_value(json_object_get(order, "order"));
    const struct gw_order_doc *doc = name != NULL ? find_order(name) : NULL;
    json_t *at = json_object_get(order, "at"), *value = json_object_get(order, "value");
    if (doc == NULL) {
        return name != NULL ? fail(a, "there is no order \"%.*s\"", SHOWN, name)
                            : fail(a, "an order without a name under \"order\"");
    }
    if (json_array_size(at) != strlen(doc->axes)) { /* 0 for what is no array */
        return fail(a, "order %s: \"at\" is not a list of %zu", doc->name, strlen(doc->axes));
    }
    if (!json_is_number(value)) {
        return fail(a, "order %s: \"value\" is not a number", doc->name);
    }
    struct gw_order out = {.kind = doc->kind, .value = json_number_value(value)};
    for (size_t i = 0; doc->axes[i] != '\0'; i++) {
        if (read_place(a, doc->name, doc->axes[i], json_array_get(at, i), &out.at[i]) != 0) {
            return 1;
        }
    }
    if (!(out.value >= doc->min && out.value <= doc->max)) {
        return fail(a, "order %s: %g lies outside %g to %g %s", doc->name, out.value, doc->min, doc->max,
                    doc->unit);
    }
    return a->plan->order(a->plan, &out) == 0
               ? 0
               : fail(a, "order %s is not for the slots that it fills, or its address is none", doc->name);
}

static int read_orders(const struct answer *a, json_t *orders)
{
    if (!json_is_array(orders)) {
        return fail(a, "\"orders\" is not a list");
    }
    for (size_t i = 0; i < json_array_size(orders); i++) {
        if (read_order(a, json_array_get(orders, i)) != 0) {
            return 1;
        }
    }
    return 0;
}

/* ---- the whole ---- */

/* A key that nobody reads is a mistake of whoever wrote it. */
static int read_keys(const struct answer *a, json_t *root)
{
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        const bool share = strcmp(key, "share") == 0;
        if (!share && strcmp(key, "orders") != 0) {
            return fail(a, "\"%.*s\" is neither \"share\" nor \"orders\"", SHOWN, key);
        }
        if ((share ? read_share : read_orders)(a, value) != 0) {
            return 1;
        }
    }
    return 0;
}

int gw_exec_answer(const char *line, size_t n, uint64_t number, const struct gw_view *view,
                   struct gw_plan *plan, struct gw_policy_error *error)
{
    const struct answer a = {number, view, plan, error};
    json_error_t bad;
    json_t *root = json_loadb(line, n, JSON_REJECT_DUPLICATES, &bad);
    if (root == NULL) {
        return fail(&a, "not JSON: %.120s", bad.text);
    }
    const int failed =
        json_is_object(root) ? read_keys(&a, root) : fail(&a, "not an object with \"share\" or \"orders\"");
    json_decref(root);
    return failed;
}
