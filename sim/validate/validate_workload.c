#include <math.h>

#include "models/workload/clients.h"
#include "models/workload/law.h"
#include "sim/base/units.h"
#include "sim/validate/validators.h"
#include "traces/requests.h"

static const char *const azure_2023 =
                             "Azure LLM inference trace 2023 (azure-llm-2023), counted from the rows",
                         *const azure_2024 =
                             "Azure LLM inference trace 2024 (azure-llm-2024), read off plots",
                         *const servegen = "ServeGen (servegen-2025), aggregates of the released windows",
                         *const mooncake =
                             "Mooncake conversation trace (mooncake-2024), counted from the rows";

enum { QUANTILES = 3, SHARES_MAX = 4096 };
static const double quantile[QUANTILES] = {0.5, 0.9, 0.99};
static const char *const quantile_name[QUANTILES] = {"median", "90th percentile", "99th percentile"};

/* What was published of an entry's lengths; NAN: nothing. `quantiles`: whether they made the entry's law. */
static const struct {
    const char *entry;
    bool output;
    const char *const *source;
    bool mean_fitted, quantiles_fitted;
    double mean, at[QUANTILES];
} published[] = {
    {"azure-code", false, &azure_2023, true, true, 2048, {1469, 5188, 7436}},
    {"azure-code", true, &azure_2023, true, true, 27.9, {13, 55, 252}},
    {"azure-conversation", false, &azure_2023, true, true, 1155, {1020, 2735, 4142}},
    {"azure-conversation", true, &azure_2023, true, true, 211, {129, 424, 601}},
    {"azure-code-2024", false, &azure_2024, false, true, 2560, {1912, 6191, 7679}},
    {"azure-code-2024", true, &azure_2024, false, true, 44, {4, 38, 251}},
    {"azure-conversation-2024", false, &azure_2024, false, true, 1620, {909, 3789, 6582}},
    {"azure-conversation-2024", true, &azure_2024, false, true, 109, {38, 334, 672}},
    {"servegen-large", false, &servegen, false, true, 914, {601, 2371, 5452}},
    {"servegen-large", true, &servegen, false, true, 155, {53, 461, 872}},
    {"servegen-reasoning", false, &servegen, false, true, 1268, {208, 2092, 23423}},
    {"servegen-reasoning", true, &servegen, false, false, 1527, {792, 3432, 12607}},
    {"mooncake-conversation", false, &mooncake, false, true, 12035, {6909, 27367, 85400}},
    {"mooncake-conversation", true, &mooncake, false, true, 343, {350, 597, 1119}},
};

static enum gw_status no_memory(struct gw_error *err)
{
    return gw_fail(err, GW_ERR_NOMEM, "validate workload", "out of memory");
}

static void add(struct gw_validation *out, const char *group, const char *name, bool fitted, double theirs,
                double ours, double tolerance, const char *unit, const char *source)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = group,
                               .name = name,
                               .kind = fitted ? GW_VALIDATION_FITTED : GW_VALIDATION_PREDICTED,
                               .rule = GW_VALIDATION_REL,
                               .published = theirs,
                               .ours = ours,
                               .tolerance = tolerance,
                               .unit = unit,
                               .source = source,
                           });
}

/* ---- lengths ---- */

static enum gw_status add_lengths(struct gw_validation *out, struct gw_error *err)
{
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        const struct gw_length_pair_cfg *pair = gw_validation_entry(out, "length", published[i].entry);
        const char *what = published[i].output ? "answer" : "prompt";
        struct gw_length length;
        if (!gw_length_build(published[i].output ? &pair->output : &pair->prompt, &length, &out->arena)) {
            return no_memory(err);
        }
        add(out, "Token lengths", gw_validation_text(out, "%s, %s, mean", published[i].entry, what),
            published[i].mean_fitted, published[i].mean, length.mean, 0.1, "tok", *published[i].source);
        for (size_t q = 0; q < QUANTILES; q++) {
            add(out, "Token lengths",
                gw_validation_text(out, "%s, %s, %s", published[i].entry, what, quantile_name[q]),
                published[i].quantiles_fitted, published[i].at[q], gw_length_at(&length, quantile[q]), 0.1,
                "tok", *published[i].source);
        }
    }
    return GW_OK;
}

/* The largest distance of the two distribution functions, over the lengths of a trace. */
struct distance {
    uint64_t *count; /* [max + 2] requests of each length */
    uint32_t max;
    uint64_t n;
};

static double largest(const struct distance *d, const struct gw_pick *law)
{
    double most = 0.0, below = 0.0;
    for (uint32_t tok = 0; tok <= d->max; tok++) {
        const double ours = gw_law_cdf(law, tok + 0.5);
        below += (double)d->count[tok] / (double)d->n;
        most = fmax(most, fabs(below - ours));
    }
    return most;
}

static void add_distance(struct gw_validation *out, const char *entry, const char *what,
                         const struct distance *d, const struct gw_pick *law)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Fitted lengths against the trace",
                               .name = gw_validation_text(out, "%s, %s, largest distance", entry, what),
                               .kind = GW_VALIDATION_FITTED,
                               .rule = GW_VALIDATION_AT_MOST,
                               .published = 0.05,
                               .ours = largest(d, law),
                               .unit = "1",
                               .source = azure_2023,
                           });
}

static enum gw_status compare_trace(struct gw_validation *out, const char *entry, const char *file,
                                    struct gw_error *err)
{
    enum { LONGEST = 1 << 15 };
    struct distance in = {gw_arena_array(&out->arena, LONGEST + 2, sizeof(uint64_t)), LONGEST, 0};
    struct distance answer = {gw_arena_array(&out->arena, LONGEST + 2, sizeof(uint64_t)), LONGEST, 0};
    if (in.count == NULL || answer.count == NULL) {
        return no_memory(err);
    }
    const char *path = gw_validation_file(out, file);
    if (path == NULL) {
        gw_validation_skip(out, &(struct gw_validation_row){
                                    .group = "Fitted lengths against the trace",
                                    .name = entry,
                                    .kind = GW_VALIDATION_FITTED,
                                    .unit = "1",
                                    .source = azure_2023,
                                    .note = gw_validation_text(out, "%s is not there", file),
                                });
        return GW_OK;
    }
    struct gw_requests *requests;
    const struct gw_requests_cfg cfg = {.from = {.path = path}, .relative = true};
    enum gw_status s = gw_requests_open(&cfg, &requests, err);
    if (s != GW_OK) {
        return s;
    }
    struct gw_requests_row row;
    while (gw_requests_next(requests, &row)) {
        in.count[row.in_tok < LONGEST ? row.in_tok : LONGEST]++;
        answer.count[row.out_tok < LONGEST ? row.out_tok : LONGEST]++;
        in.n++;
        answer.n++;
    }
    s = gw_requests_status(requests, err);
    gw_requests_close(requests);
    const struct gw_length_pair_cfg *pair = gw_validation_entry(out, "length", entry);
    if (s == GW_OK && in.n > 0) {
        add_distance(out, entry, "prompt", &in, &pair->prompt);
        add_distance(out, entry, "answer", &answer, &pair->output);
    }
    return s;
}

/* ---- bursts ---- */

enum { HOURS = 2000, WINDOWS = 3 };
static const double window_s[WINDOWS] = {1, 10, 60};

static const double one[] = {1};
static const uint32_t one_guide[] = {0, 0};
static const struct gw_length token = {.min = 1, .max = 1, .cdf = one, .guide = one_guide, .guide_n = 1};

/* Rate, variation of the gaps, and dispersion of counts of a generated stretch. */
struct seen {
    double rate_per_s, gap_cv, idc[WINDOWS], allan[WINDOWS];
};

struct counts {
    double sum, square, n, in_window;
    double before, step_square; /* the window before; what neighbours differ by */
    gw_time_us end_us;
};

static void close_windows(struct counts *c, gw_time_us t_us, gw_time_us length_us)
{
    while (c->end_us <= t_us) {
        c->sum += c->in_window;
        c->square += c->in_window * c->in_window;
        const double step = c->n > 0 ? c->in_window - c->before : 0;
        c->step_square += step * step;
        c->before = c->in_window;
        c->n++;
        c->in_window = 0;
        c->end_us += length_us;
    }
}

static struct seen generate(double rate_per_s, const struct gw_burst *burst)
{
    const struct gw_arrivals_cfg cfg = {.rate_per_s = rate_per_s,
                                        .end_us = HOURS * GW_US_PER_H,
                                        .prompt = &token,
                                        .output = &token,
                                        .burst = *burst};
    struct gw_arrivals arrivals;
    struct gw_ask ask;
    struct counts counts[WINDOWS] = {0};
    double gaps = 0, gap_sum = 0, gap_square = 0;
    gw_time_us last_us = 0;
    gw_arrivals_init(&arrivals, &cfg, 1, 0, "validate");
    for (size_t w = 0; w < WINDOWS; w++) {
        counts[w].end_us = (gw_time_us)(window_s[w] * GW_US_PER_S);
    }
    while (gw_arrivals_next(&arrivals, GW_NEVER_US, &ask)) {
        const double gap_s = gw_s_from_us(ask.t_us - last_us);
        last_us = ask.t_us;
        gaps++;
        gap_sum += gap_s;
        gap_square += gap_s * gap_s;
        for (size_t w = 0; w < WINDOWS; w++) {
            close_windows(&counts[w], ask.t_us, (gw_time_us)(window_s[w] * GW_US_PER_S));
            counts[w].in_window++;
        }
    }
    const double gap = gap_sum / gaps;
    struct seen seen = {.rate_per_s = gaps / (HOURS * 3600.0),
                        .gap_cv = sqrt(gap_square / gaps - gap * gap) / gap};
    for (size_t w = 0; w < WINDOWS; w++) {
        const double mean = counts[w].sum / counts[w].n;
        seen.idc[w] = (counts[w].square / counts[w].n - mean * mean) / mean;
        seen.allan[w] = 0.5 * counts[w].step_square / (counts[w].n - 1) / mean;
    }
    return seen;
}

/* The on-off process was fitted to the dispersion over all windows, the Gamma process to the gaps. Half the
 * mean square of what neighbouring counts differ by, over their mean (Allan's factor), is the dispersion of a
 * stationary process with short memory and does not see a trend. */
static void add_bursts(struct gw_validation *out)
{
    static const double code_idc[WINDOWS] = {13, 72, 164}, chat_idc[WINDOWS] = {1.4, 3.9, 16};
    static const double chat_allan[WINDOWS] = {1.08, 1.09, 2.28}; /* counted from the rows */
    static const char *const names[WINDOWS] = {"1 s", "10 s", "60 s"};
    const struct gw_burst on_off = {
        .law = GW_BURST_MMPP, .high_us = 91 * GW_US_PER_S / 10, .low_us = 365 * GW_US_PER_S / 10};
    const struct gw_burst gamma = {.law = GW_BURST_GAMMA, .cv = 1.09};
    const struct seen code = generate(2.57, &on_off), chat = generate(5.53, &gamma);
    add(out, "Bursts", "code, on-off: rate", true, 2.57, code.rate_per_s, 0.02, "1/s", azure_2023);
    add(out, "Bursts", "code, on-off: variation of the gaps", false, 13.15, code.gap_cv, 0.25, "1",
        azure_2023);
    add(out, "Bursts", "conversation, Gamma: rate", true, 5.53, chat.rate_per_s, 0.02, "1/s", azure_2023);
    add(out, "Bursts", "conversation, Gamma: variation of the gaps", true, 1.09, chat.gap_cv, 0.02, "1",
        azure_2023);
    for (size_t w = 0; w < WINDOWS; w++) {
        add(out, "Bursts", gw_validation_text(out, "code, on-off: dispersion over %s", names[w]), true,
            code_idc[w], code.idc[w], 0.25, "1", azure_2023);
        add(out, "Bursts", gw_validation_text(out, "conversation, Gamma: dispersion over %s", names[w]),
            false, chat_idc[w], chat.idc[w], 0.25, "1", azure_2023);
        add(out, "Bursts",
            gw_validation_text(out, "conversation, Gamma: between neighbouring windows of %s", names[w]),
            false, chat_allan[w], chat.allan[w], 0.25, "1", azure_2023);
    }
    for (size_t w = 0; w < WINDOWS; w++) {
        gw_validation_add(
            out, &(struct gw_validation_row){
                     .group = "Bursts",
                     .name = gw_validation_text(out, "on-off: counts over %s against formula (3)", names[w]),
                     .kind = GW_VALIDATION_IDENTITY,
                     .rule = GW_VALIDATION_REL,
                     .published = gw_burst_idc(&on_off, 2.57, window_s[w]),
                     .ours = code.idc[w],
                     .tolerance = 0.05,
                     .unit = "1",
                     .source = "variance of a Markov-modulated Poisson process",
                 });
    }
}

/* ---- clients ---- */

/* Clients, the share of the largest, how many make 90 % of the traffic, and the standard deviation of ln of
 * their mean rates, which is the only number used: the other two follow. */
static void add_clients(struct gw_validation *out)
{
    static const struct {
        const char *name;
        uint32_t count;
        double top, for_90, spread;
    } models[] = {{"m-large", 162, 0.16, 39, 2.15},
                  {"m-mid", 109, 0.52, 22, 2.35},
                  {"m-small", 43, 0.30, 9, 2.70},
                  {"deepseek-r1", 73, 0.29, 25, 1.83},
                  {"mm-image", 35, 0.14, 15, 1.56}};
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        const struct gw_burst burst = {
            .law = GW_BURST_CLIENTS, .count = models[i].count, .share_spread = models[i].spread};
        double share[SHARES_MAX], sum = 0.0;
        uint32_t n = 0;
        gw_burst_shares(&burst, share);
        while (sum < 0.9) {
            sum += share[n++];
        }
        add(out, "Clients", gw_validation_text(out, "%s: share of the largest", models[i].name), false,
            models[i].top, share[0], 0.3, "1", servegen);
        add(out, "Clients", gw_validation_text(out, "%s: clients for 90 %%", models[i].name), true,
            models[i].for_90, n, 0.3, "1", servegen);
    }
    const struct gw_burst clients = {.law = GW_BURST_CLIENTS, .cv = 1.25, .cv_spread = 1.15};
    add(out, "Clients", "variation of the gaps, 95th percentile", true, 8.5,
        gw_burst_client_cv(&clients, 1.6449), 0.1, "1", servegen);
}

enum gw_status gw_validate_workload(struct gw_validation *out, struct gw_error *err)
{
    enum gw_status s = add_lengths(out, err);
    if (s == GW_OK) {
        s = compare_trace(out, "azure-code", "llm/azure2023/AzureLLMInferenceTrace_code.csv", err);
    }
    if (s == GW_OK) {
        s = compare_trace(out, "azure-conversation", "llm/azure2023/AzureLLMInferenceTrace_conv.csv", err);
    }
    add_bursts(out);
    add_clients(out);
    return s;
}
