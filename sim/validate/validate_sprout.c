/* Sprout's program: its vertices, and a month of three grids at its own measurements of energy, time and
 * preference. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/answer_levels.h"
#include "models/policies/assessment.h"
#include "sim/base/file.h"
#include "sim/base/number.h"
#include "sim/core/rng.h"
#include "sim/validate/validators.h"
#include "traces/gz.h"

enum {
    LEVELS = 3,
    SETS = 6,
    HOURS_OF_YEAR = 8760,
    MONTH_H = 720,
    MIXES = 30,
    QUICK_MIXES = 3,
    SAMPLES = 1000
};

static const char source[] = "Li et al., Sprout, EMNLP 2024, measurements and results of its repository";

/* 26 356.568 g per accelerator over five years. */
static const double embodied_g_per_s = 1.6715e-4;
static const double tolerance = 0.1;

/* Per request, Llama-2-13B on an A100-40, one at a time: GPU energy, time, share of judged answers preferred.
 */
struct measured {
    double wh[LEVELS], s[LEVELS], preference[LEVELS];
};
static const struct measured six_means = {
    {0.3384, 0.0759, 0.0507}, {4.90, 1.10, 0.74}, {0.3806, 0.3432, 0.2762}};
/* Of the last set (scienceqa) energies and times are what the means of six leave after the others. */
static const struct measured set[SETS] = {
    {{0.55187, 0.15888, 0.11049}, {7.9862, 2.3006, 1.6003}, {0.5440, 0.2565, 0.1995}},
    {{0.30401, 0.10065, 0.06645}, {4.4000, 1.4581, 0.9634}, {0.5645, 0.2590, 0.1765}},
    {{0.37281, 0.07572, 0.04621}, {5.3971, 1.0993, 0.6720}, {0.2599, 0.3772, 0.3628}},
    {{0.42482, 0.04487, 0.03138}, {6.1428, 0.6496, 0.4543}, {0.3625, 0.3985, 0.2390}},
    {{0.22548, 0.03126, 0.02034}, {3.2635, 0.4528, 0.2949}, {0.3115, 0.4230, 0.2655}},
    {{0.15141, 0.04402, 0.02933}, {2.2104, 0.6396, 0.4551}, {0.2410, 0.3450, 0.4140}},
};

/* Grams of a request at each level. */
static void costs(const struct measured *m, double ci, double *cost)
{
    for (int l = 0; l < LEVELS; l++) {
        cost[l] = ci * m->wh[l] / 1e3 + embodied_g_per_s * m->s[l];
    }
}

static bool solve(const struct measured *m, double ci, double low, double high, double *x)
{
    double cost[LEVELS];
    costs(m, ci, cost);
    const double floor = m->preference[0] * gw_answer_levels_floor(tolerance, ci, low, high);
    return gw_answer_levels_solve(LEVELS, cost, m->preference, floor, x);
}

static double grams(const struct measured *m, double ci, const double *x)
{
    double cost[LEVELS], sum = 0.0;
    costs(m, ci, cost);
    for (int l = 0; l < LEVELS; l++) {
        sum += x[l] * cost[l];
    }
    return sum;
}

static const double first_only[LEVELS] = {1.0, 0.0, 0.0}, last_only[LEVELS] = {0.0, 0.0, 1.0};

/* ---- vertices ---- */

/* By hand: two levels meet the floor with equality, x_i = (floor - q_j) / (q_i - q_j). */
static const struct vertex {
    double ci, x[LEVELS], saved;
} vertices[] = {
    {100.0, {0.7857585139, 0.2142414861, 0.0}, 0.1661880884},
    {200.0, {0.5179566563, 0.4820433437, 0.0}, 0.3739243189},
    {300.0, {0.2501547988, 0.7498452012, 0.0}, 0.5816606417},
    {400.0, {0.0, 0.9901492537, 0.0098507463}, 0.7764415300},
};

static void add_identity(struct gw_validation *out, const char *name, double published, double ours)
{
    gw_validation_add(out, &(struct gw_validation_row){.group = "Vertices of the program",
                                                       .name = name,
                                                       .kind = GW_VALIDATION_IDENTITY,
                                                       .rule = GW_VALIDATION_ABS,
                                                       .published = published,
                                                       .ours = ours,
                                                       .tolerance = 1e-6,
                                                       .unit = "1",
                                                       .source = "by hand, from the means of six data sets"});
}

static void add_vertices(struct gw_validation *out)
{
    for (size_t i = 0; i < sizeof vertices / sizeof vertices[0]; i++) {
        const struct vertex *v = &vertices[i];
        double x[LEVELS] = {(double)NAN, (double)NAN, (double)NAN};
        const bool solved = solve(&six_means, v->ci, 20.0, 400.0, x);
        for (int l = 0; l < LEVELS; l++) {
            add_identity(out, gw_validation_text(out, "share of level %d at %g g/kWh", l, v->ci), v->x[l],
                         x[l]);
        }
        const double saved =
            solved ? 1.0 - grams(&six_means, v->ci, x) / grams(&six_means, v->ci, first_only) : NAN;
        add_identity(out, gw_validation_text(out, "carbon saved at %g g/kWh", v->ci), v->saved, saved);
    }
}

/* ---- a month ---- */

/* Savings in per cent, means over 720 hours from an hour of 2023 on. */
static const struct month {
    const char *region, *file;
    int from_h;
    double program, fixed, shortest;
} months[] = {
    {"South Australia", "AU-SA", 800, 43.8, 24.2, 86.0},
    {"South Australia", "AU-SA", 3900, 49.5, 30.4, 86.2},
    {"South Australia", "AU-SA", 7000, 45.7, 18.4, 86.0},
    {"Great Britain", "GB", 800, 57.1, 41.1, 85.7},
    {"Great Britain", "GB", 3900, 51.1, 38.2, 85.7},
    {"Great Britain", "GB", 7000, 52.4, 30.9, 85.7},
    {"California", "US-CAL-CISO", 800, 58.3, 47.7, 85.9},
    {"California", "US-CAL-CISO", 3900, 40.3, 24.8, 85.9},
    {"California", "US-CAL-CISO", 7000, 60.4, 55.3, 85.9},
};

static void mix_sets(const double *share, struct measured *out)
{
    *out = (struct measured){0};
    for (int k = 0; k < SETS; k++) {
        for (int l = 0; l < LEVELS; l++) {
            out->wh[l] += share[k] * set[k].wh[l];
            out->s[l] += share[k] * set[k].s[l];
            out->preference[l] += share[k] * set[k].preference[l];
        }
    }
}

/* Every mix of the sets equally likely. */
static struct measured draw_mix(struct gw_rng *rng)
{
    double share[SETS], sum = 0.0;
    struct measured mix;
    for (int k = 0; k < SETS; k++) {
        share[k] = gw_rng_exponential(rng);
        sum += share[k];
    }
    for (int k = 0; k < SETS; k++) {
        share[k] /= sum;
    }
    mix_sets(share, &mix);
    return mix;
}

/* In per cent, of the program by the hour and of the shortest answers; `fixed` by the means of six at the
 * mean intensity. */
struct savings {
    double program, fixed, shortest;
};

/* Offline assessments: 1000 answers each, at hours of their choice. */
static const struct gw_assessment_cfg as_published = {
    .decay_per_h = 0.029, .grace_h = 6.0, .longest_h = 72.0};
static const int64_t us_per_h = INT64_C(3600000000);

/* The program knows energies and times of the mix of the hour, preferences as of the last assessment. */
static struct savings run_month(const double *year, int from_h, int mixes)
{
    double low = INFINITY, high = -INFINITY, mean = 0.0, x[LEVELS] = {1.0};
    for (int h = 0; h < HOURS_OF_YEAR; h++) {
        low = fmin(low, year[h]);
        high = fmax(high, year[h]);
    }
    for (int h = 0; h < MONTH_H; h++) {
        mean += year[from_h + h] / MONTH_H;
    }
    const bool has_fixed = solve(&six_means, mean, low, high, x);
    double base = 0.0, program = 0.0, shortest = 0.0, base_six = 0.0, fixed = 0.0;
    struct gw_rng rng;
    gw_rng_init(&rng, 1);
    for (int m = 0; m < mixes; m++) {
        struct measured mix = six_means, known = six_means;
        struct gw_assessment assessment = {0};
        for (int h = 0; h < MONTH_H; h++) {
            const double ci = year[from_h + h];
            double y[LEVELS] = {1.0};
            mix = h % 24 == 0 ? draw_mix(&rng) : mix;
            memcpy(known.wh, mix.wh, sizeof known.wh);
            memcpy(known.s, mix.s, sizeof known.s);
            if (gw_assessment_due(&assessment, &as_published, h * us_per_h, ci)) {
                gw_assessment_sample(&rng, SAMPLES, LEVELS, mix.preference, known.preference);
            }
            program += solve(&known, ci, low, high, y) ? grams(&mix, ci, y) : (double)NAN;
            base += grams(&mix, ci, first_only);
            shortest += grams(&mix, ci, last_only);
            base_six += grams(&six_means, ci, first_only);
            fixed += has_fixed ? grams(&six_means, ci, x) : (double)NAN;
        }
    }
    return (struct savings){100.0 * (1.0 - program / base), 100.0 * (1.0 - fixed / base_six),
                            100.0 * (1.0 - shortest / base)};
}

/* The second column, hour by hour, behind a header. */
static enum gw_status read_year(const char *path, double *year, struct gw_error *err)
{
    enum { BYTES_MAX = 4 << 20 };
    char *bytes = NULL;
    size_t n = 0;
    enum gw_status s = gw_file_read(path, BYTES_MAX, &bytes, &n, err);
    s = s == GW_OK ? gw_gz_plain(&bytes, &n, BYTES_MAX, path, err) : s;
    const char *at = s == GW_OK ? bytes : NULL, *end = s == GW_OK ? bytes + n : NULL;
    int h = 0;
    for (; s == GW_OK && h < HOURS_OF_YEAR; h++) {
        at = memchr(at, '\n', (size_t)(end - at));
        const char *comma = at != NULL ? memchr(at, ',', (size_t)(end - at)) : NULL;
        char text[32] = {0};
        if (comma == NULL) {
            break;
        }
        const size_t longest =
            (size_t)(end - comma - 1) < sizeof text - 1 ? (size_t)(end - comma - 1) : sizeof text - 1;
        memcpy(text, comma + 1, longest);
        text[strcspn(text, ",\r\n")] = '\0';
        if (!gw_number_parse(text, &year[h])) {
            break;
        }
        at = comma;
    }
    free(bytes);
    return s == GW_OK && h < HOURS_OF_YEAR ? gw_fail(err, GW_ERR_SYNTAX, path, "hour %d has no intensity", h)
                                           : s;
}

static void add_saving(struct gw_validation *out, const struct month *m, const char *what, double published,
                       double ours, const char *note)
{
    gw_validation_add(out,
                      &(struct gw_validation_row){
                          .group = "Carbon saved in a month",
                          .name = gw_validation_text(out, "%s from hour %d: %s", m->region, m->from_h, what),
                          .kind = GW_VALIDATION_REPLAY,
                          .rule = GW_VALIDATION_ABS,
                          .published = published,
                          .ours = ours,
                          .tolerance = 3.0,
                          .unit = "%",
                          .source = source,
                          .note = note,
                      });
}

static void skip_month(struct gw_validation *out, const struct month *m)
{
    gw_validation_skip(
        out, &(struct gw_validation_row){
                 .group = "Carbon saved in a month",
                 .name = gw_validation_text(out, "%s from hour %d", m->region, m->from_h),
                 .kind = GW_VALIDATION_REPLAY,
                 .unit = "%",
                 .source = source,
                 .note = gw_validation_text(out, "llm/sprout/ci_2023_%s.csv.gz is not there", m->file),
             });
}

enum gw_status gw_validate_sprout(struct gw_validation *out, struct gw_error *err)
{
    add_vertices(out);
    double *year = gw_arena_array(&out->arena, HOURS_OF_YEAR, sizeof *year);
    if (year == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "sprout", "out of memory");
    }
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++) {
        const struct month *m = &months[i];
        const char *path =
            gw_validation_file(out, gw_validation_text(out, "llm/sprout/ci_2023_%s.csv.gz", m->file));
        if (path == NULL) {
            skip_month(out, m);
            continue;
        }
        const enum gw_status s = read_year(path, year, err);
        if (s != GW_OK) {
            return s;
        }
        const struct savings ours = run_month(year, m->from_h, out->quick ? QUICK_MIXES : MIXES);
        add_saving(out, m, "the program", m->program, ours.program,
                   "the mix of data sets changes daily; whose mixes they were is not published, ours are all "
                   "equally likely");
        add_saving(out, m, "one mix of levels", m->fixed, ours.fixed,
                   "at the mean intensity, equal data sets");
        add_saving(out, m, "shortest answers", m->shortest, ours.shortest, NULL);
    }
    return GW_OK;
}
