#include "sim/cli/trace_requests.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/cli/command.h"
#include "sim/cli/terminal.h"
#include "traces/requests_survey.h"

enum { DRAWN_MAX = 5000000 };

static struct gw_requests_cfg cfg_of(const char *path, const struct gw_arguments *arguments)
{
    const char *const bad = gw_command_value(arguments, "--bad-rows");
    return (struct gw_requests_cfg){
        .from.path = path,
        .format = gw_command_value(arguments, "--format"),
        .relative = true,
        .bad_rows = bad != NULL && strcmp(bad, "skip") == 0 ? GW_REQUESTS_SKIP : GW_REQUESTS_STRICT,
    };
}

bool gw_trace_requests_is(const char *path, const struct gw_arguments *arguments)
{
    if (gw_command_value(arguments, "--format") != NULL) {
        return true;
    }
    struct gw_requests_cfg cfg = cfg_of(path, arguments);
    cfg.bad_rows = GW_REQUESTS_SKIP; /* a client table is read to its end here */
    struct gw_requests *requests;
    if (gw_requests_open(&cfg, &requests, NULL) != GW_OK) {
        return false;
    }
    gw_requests_close(requests);
    return true;
}

static void print_lengths(const char *what, const struct gw_sketch *tok, double sum_sq, struct gw_text *out)
{
    const double mean = gw_sketch_mean(tok);
    gw_text_addf(out, "  %-10s %9.1f %9.2f %9.0f %9.0f %9.0f %9lld\n", what, mean,
                 sqrt(fmax(sum_sq / (double)tok->n - mean * mean, 0)) / mean, gw_sketch_quantile(tok, 0.5),
                 gw_sketch_quantile(tok, 0.9), gw_sketch_quantile(tok, 0.99), (long long)tok->max);
}

static void print_rates(const struct gw_requests_survey *s, struct gw_text *out)
{
    gw_text_addf(out, "rate     %.4g /s on average\n\n", gw_requests_survey_rate_per_s(s));
    gw_text_addf(out, "  %-10s %14s %9s\n", "window", "most requests", "IDC");
    for (int i = 0; i < GW_REQUESTS_SURVEY_WINDOWS; i++) {
        gw_text_addf(out, "  %3d s      %14llu %9.4g\n", gw_requests_survey_window_s[i],
                     (unsigned long long)s->window[i].most, gw_requests_survey_dispersion(s, i));
    }
    gw_text_addf(out, "\nCV of the distances between requests: %.4g (Poisson: 1)\n",
                 gw_requests_survey_gap_cv(s));
}

static void print_survey(const char *format, const struct gw_requests_survey *s, struct gw_text *out)
{
    char from[GW_CLOCK_TEXT_MAX], to[GW_CLOCK_TEXT_MAX], span[GW_CLOCK_TEXT_MAX];
    gw_clock_print(s->first_unix_us, from);
    gw_clock_print(s->last_unix_us, to);
    gw_clock_print_span((s->last_unix_us - s->first_unix_us) / GW_US_PER_S * GW_US_PER_S, span);
    gw_text_addf(out, "format   %s\n", format);
    gw_text_addf(out, "time     %s to %s: %s; stamps without a zone as UTC, counts as from 1970\n", from, to,
                 span);
    gw_text_addf(out, "requests %llu\n", (unsigned long long)s->n);
    if (s->counts.bad > 0) {
        gw_text_addf(out, "bad rows %llu left out, the first in line %llu: %s\n",
                     (unsigned long long)s->counts.bad, (unsigned long long)s->counts.bad_line,
                     s->counts.bad_why);
    }
    if (s->counts.unanswered > 0) {
        gw_text_addf(out, "unanswered %llu left out: no output tokens\n",
                     (unsigned long long)s->counts.unanswered);
    }
    if (s->n > 0) {
        print_rates(s, out);
    }
    if (s->has_lengths) {
        gw_text_addf(out, "\n  %-10s %9s %9s %9s %9s %9s %9s\n", "tokens", "mean", "CV", "p50", "p90", "p99",
                     "max");
        print_lengths("prompt", &s->in_tok, s->in_sq, out);
        print_lengths("output", &s->out_tok, s->out_sq, out);
    }
    if (s->has_prefix) {
        gw_text_addf(out, "\n%.1f %% of the prompt tokens stood in prompts before\n",
                     100 * s->known_tok / (gw_sketch_mean(&s->in_tok) * (double)s->n));
    }
}

int gw_trace_requests_inspect(const char *path, const struct gw_arguments *arguments)
{
    const struct gw_requests_cfg cfg = cfg_of(path, arguments);
    struct gw_error err;
    struct gw_requests *requests;
    if (gw_requests_open(&cfg, &requests, &err) != GW_OK) {
        return gw_terminal_error(&err);
    }
    /* a client table of a megabyte stands for a billion requests */
    const uint64_t max = strcmp(gw_requests_format(requests), "servegen") == 0 ? DRAWN_MAX : UINT64_MAX;
    struct gw_requests_survey survey;
    struct gw_text out = {0};
    const enum gw_status s = gw_requests_survey_run(&survey, requests, max, &err);
    if (s == GW_OK) {
        print_survey(gw_requests_format(requests), &survey, &out);
        gw_text_add(&out, survey.n == max ? "\nonly so many requests were drawn from the clients\n" : "");
    }
    if (s == GW_OK && !out.failed) {
        fputs(out.at, stdout);
    }
    const bool failed = out.failed;
    gw_requests_survey_fini(&survey);
    gw_requests_close(requests);
    gw_text_fini(&out);
    if (failed) {
        fprintf(stderr, "geowatt: out of memory\n");
        return gw_status_exit(GW_ERR_NOMEM);
    }
    return s == GW_OK ? 0 : gw_terminal_error(&err);
}
