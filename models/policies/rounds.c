#include "models/policies/rounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

uint32_t gw_rounds_pick(const struct gw_round *round, const double *score, double most, uint8_t *in)
{
    const uint32_t wanted = most > 0.0 && most < (double)round->clients ? (uint32_t)most : round->clients;
    uint32_t n = 0;
    memset(in, 0, round->clients);
    while (n < wanted) {
        uint32_t best = round->clients;
        for (uint32_t c = 0; c < round->clients; c++) {
            const bool open = in[c] == 0 && round->may[c] != 0 && score[c] < (double)INFINITY;
            best = open && (best == round->clients || score[c] < score[best]) ? c : best;
        }
        if (best == round->clients) {
            break;
        }
        in[best] = 1;
        n++;
    }
    return n;
}

double gw_rounds_mean(const struct gw_round *round, const double *forecast, double ahead_s)
{
    const double steps = ceil(ahead_s * 1e6 / (double)round->step_us);
    uint32_t n = steps < (double)round->horizon ? (uint32_t)steps : round->horizon;
    n = n > 0 ? n : 1;
    double sum = 0.0;
    for (uint32_t h = 0; h < n; h++) {
        sum += forecast[h];
    }
    return sum / (double)n;
}

double gw_rounds_kwh_per_tok(const struct gw_round *round, uint32_t c)
{
    return round->facility_kw[c] / (3600.0 * round->steps_per_s[c] * round->tok_per_step[c]);
}

bool gw_rounds_remember(struct gw_rounds_memory *self, const struct gw_round *round, double at_first)
{
    if (self->n >= round->clients) {
        return true;
    }
    double *v = realloc(self->v, round->clients * sizeof *v);
    if (v == NULL) {
        return false;
    }
    self->v = v;
    for (; self->n < round->clients; self->n++) {
        v[self->n] = at_first;
    }
    return true;
}

void gw_rounds_forget(struct gw_rounds_memory *self)
{
    free(self->v);
    *self = (struct gw_rounds_memory){0};
}
