/* traces/requests_survey.h - what a request trace amounts to: rates, burstiness, lengths, shared prefixes.
 *
 *   burstiness   CV of the distances between requests (1: Poisson); index of dispersion of counts, variance
 *                over mean of the requests per window of 1, 10 and 60 s (1: Poisson, grows with trends)
 *   lengths      exact to 512 requests, then within 0.8 % (sim/core/sketch.h)
 *   prefix       tokens that an endless cache would already hold when a prompt comes
 *
 * One pass over the stream in constant memory. */
#ifndef GW_TRACES_REQUESTS_SURVEY_H
#define GW_TRACES_REQUESTS_SURVEY_H

#include "sim/core/moments.h"
#include "sim/core/sketch.h"
#include "traces/requests.h"

enum { GW_REQUESTS_SURVEY_WINDOWS = 3 };
extern const int gw_requests_survey_window_s[GW_REQUESTS_SURVEY_WINDOWS];

/* Requests per window of one length, counted from the first request on; the last window is left out unless it
 * is whole. */
struct gw_requests_window {
    int64_t index;    /* of the window being filled */
    uint64_t in_it;   /* requests in it */
    uint64_t windows; /* whole ones */
    uint64_t most;
    double sum, sum_sq;
};

struct gw_requests_survey {
    struct gw_requests_counts counts;
    uint64_t n;
    bool has_lengths, has_prefix;
    gw_time_us first_unix_us, last_unix_us;
    struct gw_moments gap_s;
    struct gw_requests_window window[GW_REQUESTS_SURVEY_WINDOWS];
    struct gw_sketch in_tok, out_tok;
    double in_sq, out_sq; /* sums of squares */
    double known_tok;     /* tokens of prompts that stood in prompts before */
    uint64_t file_bytes, checksum;
};

/* Reads the rest of the stream, at most `max` requests. On failure err is that of the stream; the survey then
 * holds what came before. The caller ends with fini in any case. */
GW_MUST_USE enum gw_status gw_requests_survey_run(struct gw_requests_survey *self,
                                                  struct gw_requests *requests, uint64_t max,
                                                  struct gw_error *err);
void gw_requests_survey_fini(struct gw_requests_survey *self);

double gw_requests_survey_rate_per_s(const struct gw_requests_survey *self); /* NaN for fewer than two */
double gw_requests_survey_gap_cv(const struct gw_requests_survey *self);
double gw_requests_survey_dispersion(const struct gw_requests_survey *self, int window);

#endif
