#include "tests/support/trace_text.h"

#include <string.h>

#include "tests/support/near.h"

struct trace_text *trace_text_read(struct trace_text *self, const char *text,
                                   const struct gw_trace_options *options)
{
    static const struct gw_trace_options none = {0};
    *self = (struct trace_text){0};
    self->status = gw_trace_read(text, strlen(text), "t.csv", options == NULL ? &none : options, &self->trace,
                                 &self->arena, &self->err);
    return self;
}

double trace_text_at(const struct trace_text *self, const char *column, size_t i)
{
    assert_int_equal(self->status, GW_OK);
    const struct gw_trace_column *c = gw_trace_find(&self->trace, column);
    if (c == NULL) {
        fail_msg("there is no column %s", column);
    }
    assert_true(i < self->trace.n);
    return c->value[i];
}

const struct gw_trace_finding *trace_text_finding(const struct trace_text *self, enum gw_trace_kind kind)
{
    for (uint32_t i = 0; i < self->trace.findings; i++) {
        if (self->trace.finding[i].kind == kind) {
            return &self->trace.finding[i];
        }
    }
    return NULL;
}
