#include "sim/run/answers.h"

#include <stdlib.h>

#include "sim/base/array.h"

static bool reserve(struct gw_answers *self, size_t n)
{
    void *at = self->at;
    if (!gw_array_reserve(&at, &self->cap, n, sizeof *self->at)) {
        self->failed = true;
        return false;
    }
    self->at = at;
    return true;
}

void gw_answers_fini(struct gw_answers *self)
{
    free(self->at);
    *self = (struct gw_answers){0};
}

void gw_answers_add(struct gw_answers *self, const struct gw_scenario *sc, uint32_t d, uint32_t s,
                    gw_time_us late_us, const struct gw_served *served)
{
    const struct gw_demand *demand = &sc->demand[d];
    if (demand->sessions.sessions.turns <= 1.0 || !reserve(self, self->n + 1)) {
        return;
    }
    const struct gw_model *model = &sc->model[demand->model];
    const struct gw_serve_request *request = &served->request;
    const gw_time_us served_us = (served->finish + GW_TICKS_PER_US / 2) >> GW_TICK_BITS;
    const gw_time_us api_us = model->api_us + (gw_time_us)(model->api_us_per_tok * request->out_tok + 0.5);
    self->at[self->n++] = (struct gw_answer){
        .at_us =
            request->arrival_us + served_us + api_us + demand->rtt_us[s] - demand->rtt_us[s] / 2 + late_us,
        .number = request->number,
        .demand = d,
        .in_tok = request->in_tok,
        .out_tok = request->out_tok,
    };
}

static int by_time(const void *a, const void *b)
{
    const struct gw_answer *x = a, *y = b;
    if (x->at_us != y->at_us) {
        return x->at_us < y->at_us ? -1 : 1;
    }
    if (x->demand != y->demand) {
        return x->demand < y->demand ? -1 : 1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Everything noted goes to the first site's list. */
static bool gather(struct gw_answers *site, uint32_t n_sites)
{
    bool good = !site[0].failed;
    for (uint32_t s = 1; s < n_sites; s++) {
        good = good && !site[s].failed && (site[s].n == 0 || reserve(&site[0], site[0].n + site[s].n));
        for (size_t i = 0; good && i < site[s].n; i++) {
            site[0].at[site[0].n++] = site[s].at[i];
        }
        site[s].n = 0;
    }
    return good;
}

bool gw_answers_tell(struct gw_answers *site, const struct gw_scenario *sc,
                     struct gw_request_source *const *source, gw_time_us edge_us)
{
    if (!gather(site, sc->n_sites)) {
        return false;
    }
    struct gw_answers *all = &site[0];
    if (all->n > 1) {
        qsort(all->at, all->n, sizeof *all->at, by_time);
    }
    bool good = true;
    for (size_t i = 0; i < all->n; i++) {
        const struct gw_answer *a = &all->at[i];
        struct gw_request_source *to = source[a->demand];
        good = good && to->ops->answered(to, a->number, a->in_tok, a->out_tok, a->at_us + sc->burn_in_us,
                                         edge_us + sc->burn_in_us);
    }
    all->n = 0;
    return good;
}
