#include "traces/requests_survey.h"

#include <math.h>

#include "sim/base/units.h"

const int gw_requests_survey_window_s[GW_REQUESTS_SURVEY_WINDOWS] = {1, 10, 60};

static void count_window(struct gw_requests_window *w, int64_t index)
{
    if (index != w->index) {
        w->windows += (uint64_t)(index - w->index); /* those between are empty */
        w->sum += (double)w->in_it;
        w->sum_sq += (double)w->in_it * (double)w->in_it;
        w->most = w->in_it > w->most ? w->in_it : w->most;
        w->index = index;
        w->in_it = 0;
    }
    w->in_it++;
}

static bool take(struct gw_requests_survey *self, const struct gw_requests_row *row)
{
    if (self->n == 0) {
        self->first_unix_us = row->t_unix_us;
    } else {
        gw_moments_add(&self->gap_s, gw_s_from_us(row->t_unix_us - self->last_unix_us));
    }
    self->last_unix_us = row->t_unix_us;
    self->n++;
    for (int i = 0; i < GW_REQUESTS_SURVEY_WINDOWS; i++) {
        const gw_time_us window_us = gw_requests_survey_window_s[i] * GW_US_PER_S;
        count_window(&self->window[i], (row->t_unix_us - self->first_unix_us) / window_us);
    }
    self->has_lengths = self->has_lengths || row->out_tok > 0;
    self->has_prefix = self->has_prefix || row->prefix != 0;
    self->in_sq += (double)row->in_tok * row->in_tok;
    self->out_sq += (double)row->out_tok * row->out_tok;
    self->known_tok += row->known_tok;
    return gw_sketch_add(&self->in_tok, row->in_tok) && gw_sketch_add(&self->out_tok, row->out_tok);
}

enum gw_status gw_requests_survey_run(struct gw_requests_survey *self, struct gw_requests *requests,
                                      uint64_t max, struct gw_error *err)
{
    *self = (struct gw_requests_survey){0};
    struct gw_requests_row row;
    bool ok = true;
    while (ok && self->n < max && gw_requests_next(requests, &row)) {
        ok = take(self, &row);
    }
    self->counts = *gw_requests_counted(requests);
    self->file_bytes = gw_stream_read_bytes(gw_requests_stream(requests));
    self->checksum = gw_stream_checksum(gw_requests_stream(requests));
    return ok ? gw_requests_status(requests, err) : gw_fail(err, GW_ERR_NOMEM, "survey", "out of memory");
}

void gw_requests_survey_fini(struct gw_requests_survey *self)
{
    gw_sketch_fini(&self->in_tok);
    gw_sketch_fini(&self->out_tok);
}

double gw_requests_survey_rate_per_s(const struct gw_requests_survey *self)
{
    const double span_s = gw_s_from_us(self->last_unix_us - self->first_unix_us);
    return self->n > 1 && span_s > 0 ? (double)(self->n - 1) / span_s : (double)NAN;
}

double gw_requests_survey_gap_cv(const struct gw_requests_survey *self)
{
    return sqrt(gw_moments_variance(&self->gap_s)) / self->gap_s.mean;
}

double gw_requests_survey_dispersion(const struct gw_requests_survey *self, int window)
{
    const struct gw_requests_window *w = &self->window[window];
    const double n = (double)w->windows, mean = w->sum / n;
    return w->windows > 1 ? (w->sum_sq - n * mean * mean) / (n - 1) / mean : (double)NAN;
}
