#include <math.h>
#include <string.h>

#include "models/policies/search/hypervolume.h"
#include "models/policies/search/linear_lp.h"
#include "models/policies/search/slit.h"
#include "sim/validate/test_problems.h"
#include "sim/validate/validators.h"

enum { SEEDS = 11, MEMBERS_2 = 100, MEMBERS_3 = 92, FRONT = 2000 };

/* ---- exact volumes and their properties ---- */

struct exact {
    uint32_t n, m;
    double f[24], reference, volume;
};
static const struct exact exact[] = {
    {3, 2, {1, 3, 2, 2, 3, 1}, 4, 6},
    {4, 2, {1, 5, 2, 3, 4, 2, 5, 1}, 6, 16},
    {3, 3, {1, 2, 3, 2, 3, 1, 3, 1, 2}, 4, 13},
    {4, 3, {1, 2, 3, 2, 3, 1, 3, 1, 2, 2, 2, 2}, 4, 14},
    {3, 4, {1, 2, 3, 4, 4, 3, 2, 1, 2, 2, 2, 2}, 5, 93},
    {5, 4, {1, 4, 4, 4, 4, 1, 4, 4, 4, 4, 1, 4, 4, 4, 4, 1, 3, 3, 3, 3}, 5, 24},
    {6, 4, {1, 2, 3, 4, 2, 1, 4, 3, 3, 4, 1, 2, 4, 3, 2, 1, 2, 2, 2, 3, 3, 3, 2, 2}, 5, 90},
};

static void add_exact(struct gw_validation *out)
{
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        const struct exact *e = &exact[i];
        const double reference[] = {e->reference, e->reference, e->reference, e->reference};
        gw_validation_add(out, &(struct gw_validation_row){
                                   .group = "Exact hypervolumes",
                                   .name = gw_validation_text(out, "%u points, %u objectives, reference %g",
                                                              (unsigned)e->n, (unsigned)e->m, e->reference),
                                   .kind = GW_VALIDATION_IDENTITY,
                                   .rule = GW_VALIDATION_ABS,
                                   .published = e->volume,
                                   .ours = gw_hypervolume(e->f, e->n, e->m, reference),
                                   .tolerance = 1e-12,
                                   .unit = "1",
                                   .source = "inclusion and exclusion in rational numbers",
                               });
    }
}

/* The largest relative change of the volume of random sets under what must not change it. */
struct changes {
    double turned, doubled, scaled, shrunk;
};

static void turn(double *f, uint32_t n, uint32_t m)
{
    for (uint32_t i = 0; i < n / 2; i++) {
        for (uint32_t k = 0; k < m; k++) {
            const double moved = f[i * m + k];
            f[i * m + k] = f[(n - 1 - i) * m + k];
            f[(n - 1 - i) * m + k] = moved;
        }
    }
}

static void try_set(struct gw_rng *rng, uint32_t m, struct changes *worst)
{
    enum { N = 15 };
    double f[(N + 1) * 4];
    const double reference[] = {1, 1, 1, 1}, wide[] = {7, 7, 7, 7};
    for (uint32_t i = 0; i < N * m; i++) {
        f[i] = gw_variation_unit(rng);
    }
    const double v = gw_hypervolume(f, N, m, reference);
    turn(f, N, m);
    worst->turned = fmax(worst->turned, fabs(gw_hypervolume(f, N, m, reference) / v - 1.0));
    memcpy(f + N * m, f, m * sizeof *f);
    worst->doubled = fmax(worst->doubled, fabs(gw_hypervolume(f, N + 1, m, reference) / v - 1.0));
    worst->shrunk = fmax(worst->shrunk, gw_hypervolume(f, N - 1, m, reference) / v - 1.0);
    for (uint32_t i = 0; i < N * m; i++) {
        f[i] = 5.0 * f[i] + 2.0;
    }
    worst->scaled = fmax(worst->scaled, fabs(gw_hypervolume(f, N, m, wide) / v / pow(5.0, m) - 1.0));
}

static void add_properties(struct gw_validation *out)
{
    struct changes worst = {.shrunk = -INFINITY};
    struct gw_rng rng;
    gw_rng_init(&rng, 1);
    for (uint32_t m = 2; m <= 4; m++) {
        for (int t = 0; t < 100; t++) {
            try_set(&rng, m, &worst);
        }
    }
    const struct {
        const char *name;
        double change;
    } rows[] = {{"change when points come in another order", worst.turned},
                {"change when a point is repeated", worst.doubled},
                {"change when units change, beyond the product of factors", worst.scaled},
                {"gain when a point is taken away", fmax(worst.shrunk, 0.0)}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        gw_validation_add(out,
                          &(struct gw_validation_row){
                              .group = "Properties of hypervolume",
                              .name = rows[i].name,
                              .kind = GW_VALIDATION_IDENTITY,
                              .rule = GW_VALIDATION_ABS,
                              .ours = rows[i].change,
                              .tolerance = 1e-12,
                              .unit = "1",
                              .source = "300 random sets of 2 to 4 objectives; the largest relative change",
                          });
    }
}

/* ---- true fronts ---- */

/* Volumes under the continuous front at reference 1.1, in closed form or by quadrature. */
static const double true_volume[] = {0.8766667, 0.5433333, 1.3317629, 0.8766667, 0.5078775};

static bool add_fronts(struct gw_validation *out)
{
    double *front = gw_arena_array(&out->arena, 2 * FRONT, sizeof *front);
    if (front == NULL) {
        return false;
    }
    const double reference[] = {1.1, 1.1};
    for (enum gw_test_problem p = GW_TEST_ZDT1; p <= GW_TEST_ZDT6; p++) {
        gw_test_problems_front(p, FRONT, front);
        gw_validation_add(out, &(struct gw_validation_row){
                                   .group = "Hypervolume of true fronts, 2000 points",
                                   .name = gw_test_problems_names[p],
                                   .kind = GW_VALIDATION_REPLAY,
                                   .rule = GW_VALIDATION_ABS,
                                   .published = true_volume[p],
                                   .ours = gw_hypervolume(front, FRONT, 2, reference),
                                   .tolerance = 5e-4,
                                   .unit = "1",
                                   .source = "closed forms; Zitzler, Deb, Thiele 2000",
                               });
    }
    return true;
}

/* ---- searches ---- */

static bool slit_alone(const struct gw_problem *problem, const struct gw_search *how, struct gw_front *found)
{
    struct gw_slit_cfg cfg = gw_slit_presets[GW_SLIT_SLIT];
    cfg.learner = GW_LEARNER_NONE;
    cfg.scalarisation = GW_SCALAR_TCHEBYCHEFF; /* sums cannot reach a front that bends inwards */
    return gw_slit_run(problem, how, &cfg, found);
}

/* What pagmo 2.18's NSGA-II reaches with the same budgets, 11 seeds; and what its MOEA/D does, NaN where it
 * was not looked at. */
static const struct {
    double mean, sd, moead;
} pagmo[GW_TEST_PROBLEMS] = {
    {0.86961, 0.00020, 0.8455}, {0.53647, 0.00050, NAN}, {1.32753, 0.00022, 1.160}, {0.86621, 0.00186, 0.268},
    {0.49631, 0.00101, NAN},    {0.13454, 0.0023, NAN},  {0.69719, 0.0061, NAN},
};

/* The best that 100 points can do, by coordinate ascent; NaN where it was not computed. */
static const double best_of_100[] = {0.8721432, 0.5388807, NAN, 0.8721432, 0.5046316};

struct volumes {
    double mean, most;
};

static struct gw_search budget_of(enum gw_test_problem p, uint64_t seed)
{
    if (p <= GW_TEST_ZDT6) {
        return (struct gw_search){.seed = seed, .evaluations = 250 * MEMBERS_2, .population = MEMBERS_2};
    }
    const uint64_t generations = p == GW_TEST_DTLZ1 ? 400 : 250;
    return (struct gw_search){.seed = seed, .evaluations = generations * MEMBERS_3, .population = MEMBERS_3};
}

/* NaN when memory is out. */
static struct volumes run(gw_search_fn *search, enum gw_test_problem p, uint64_t seeds)
{
    const struct gw_problem *problem = gw_test_problems_at(p);
    const double r = p == GW_TEST_DTLZ1 ? 0.55 : 1.1, reference[] = {r, r, r};
    struct volumes out = {0};
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        const struct gw_search how = budget_of(p, seed);
        struct gw_front found = {0};
        const bool ok = search(problem, &how, &found);
        const double v = ok ? gw_hypervolume(found.f, found.n, problem->objectives, reference) : (double)NAN;
        gw_front_fini(&found);
        out.mean += v / (double)seeds;
        out.most = fmax(out.most, v);
    }
    return out;
}

static const char *const pagmo_source = "pagmo 2.18 (F. Biscani, D. Izzo, JOSS 5, 2020), computed with N 100 "
                                        "x 250 generations (DTLZ1 92 x 400, DTLZ2 "
                                        "92 x 250), crossover 0.9 eta 20, mutation 1/n eta 20";

static void add_run(struct gw_validation *out, const char *group, enum gw_test_problem p,
                    enum gw_validation_rule rule, double published, double sd, double ours, bool detail)
{
    const struct gw_validation_row row = {
        .group = group,
        .name = gw_validation_text(out, "%s, mean hypervolume of 11 seeds", gw_test_problems_names[p]),
        .kind = GW_VALIDATION_PREDICTED,
        .rule = rule,
        .published = published,
        .low = published - 4.0 * sd,
        .high = published + 4.0 * sd,
        .ours = ours,
        .unit = "1",
        .source = pagmo_source,
        .detail = detail,
    };
    gw_validation_add(out, &row);
}

/* All searches on all problems; `most` receives the largest volume of any run on a two-objective problem. */
static void add_searches(struct gw_validation *out, double *most)
{
    for (enum gw_test_problem p = GW_TEST_ZDT1; p < GW_TEST_PROBLEMS; p++) {
        const struct volumes v = run(gw_nsga2_run, p, SEEDS);
        add_run(out, "NSGA-II against pagmo's, within 4 sd", p, GW_VALIDATION_BAND, pagmo[p].mean,
                pagmo[p].sd, v.mean, false);
        most[p] = fmax(most[p], v.most);
    }
    for (enum gw_test_problem p = GW_TEST_ZDT1; p < GW_TEST_PROBLEMS; p++) {
        const struct volumes v = run(gw_moead_run, p, SEEDS);
        const bool known = !isnan(pagmo[p].moead);
        add_run(out, "MOEA/D, at least pagmo's (details: its NSGA-II)", p, GW_VALIDATION_AT_LEAST,
                known ? pagmo[p].moead : pagmo[p].mean, 0, v.mean, !known);
        most[p] = fmax(most[p], v.most);
    }
    for (enum gw_test_problem p = GW_TEST_ZDT1; p < GW_TEST_PROBLEMS; p++) {
        const struct volumes v = run(gw_nsga3_run, p, SEEDS);
        add_run(out, "NSGA-III, at least NSGA-II where there are three objectives (details: two)", p,
                GW_VALIDATION_AT_LEAST, pagmo[p].mean, 0, v.mean, p <= GW_TEST_ZDT6);
        most[p] = fmax(most[p], v.most);
    }
    for (enum gw_test_problem p = GW_TEST_ZDT1; p < GW_TEST_PROBLEMS; p++) {
        const struct volumes v = run(slit_alone, p, SEEDS);
        add_run(out, "SLIT engine beside NSGA-II (nobody published it on these; all details)", p,
                GW_VALIDATION_AT_LEAST, pagmo[p].mean, 0, v.mean, true);
        most[p] = fmax(most[p], v.most);
    }
    for (enum gw_test_problem p = GW_TEST_ZDT1; p <= GW_TEST_ZDT6; p++) {
        most[p] = fmax(most[p], run(gw_sms_emoa_run, p, 1).most);
    }
}

static void add_bounds(struct gw_validation *out, const double *most)
{
    for (enum gw_test_problem p = GW_TEST_ZDT1; p <= GW_TEST_ZDT6; p++) {
        if (!isnan(best_of_100[p])) {
            gw_validation_add(out, &(struct gw_validation_row){
                                       .group = "Nothing above the best possible of 100 points",
                                       .name = gw_validation_text(out, "%s, largest of all runs",
                                                                  gw_test_problems_names[p]),
                                       .kind = GW_VALIDATION_IDENTITY,
                                       .rule = GW_VALIDATION_AT_MOST,
                                       .published = best_of_100[p],
                                       .ours = most[p],
                                       .unit = "1",
                                       .source = "optimal distributions of 100 points by coordinate ascent",
                                   });
        }
    }
}

/* ---- routing ---- */

enum { LP, SLIT, NSGA2, FRONTS, TOYS = 3, WEIGHTS = 50, SPENT = 50000 };

/* Volumes of the fronts, objectives scaled to what all reach together, reference 2: at most 16. */
static void compare(struct gw_front front[FRONTS], double volume[FRONTS])
{
    const double reference[] = {2, 2, 2, 2};
    double low[4] = {INFINITY, INFINITY, INFINITY, INFINITY},
           high[4] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
    for (int i = 0; i < FRONTS; i++) {
        double from[4], to[4];
        gw_front_range(&front[i], from, to);
        for (int k = 0; k < 4; k++) {
            low[k] = fmin(low[k], from[k]);
            high[k] = fmax(high[k], to[k]);
        }
    }
    for (int i = 0; i < FRONTS; i++) {
        for (uint32_t j = 0; j < front[i].n * 4; j++) {
            front[i].f[j] = (front[i].f[j] - low[j % 4]) / (high[j % 4] - low[j % 4]);
        }
        volume[i] = gw_hypervolume(front[i].f, front[i].n, 4, reference);
    }
}

static bool race(uint64_t seed, double volume[FRONTS], struct gw_arena *arena)
{
    struct gw_slit_cfg cfg = gw_slit_presets[GW_SLIT_SHIELD];
    cfg.learner = GW_LEARNER_NONE;
    const struct gw_search how = {.seed = seed, .evaluations = SPENT, .population = 50};
    struct gw_linear toy;
    struct gw_front front[FRONTS] = {{0}};
    const bool ok = gw_linear_toy(&toy, 8, 12, 4, 1.9, seed, arena) &&
                    gw_linear_lp_front(&toy, WEIGHTS, &front[LP]) &&
                    gw_slit_run(&toy.problem, &how, &cfg, &front[SLIT]) &&
                    gw_nsga2_run(&toy.problem, &how, &front[NSGA2]);
    if (ok) {
        compare(front, volume);
    }
    for (int i = 0; i < FRONTS; i++) {
        gw_front_fini(&front[i]);
    }
    return ok;
}

static void add_race(struct gw_validation *out, const char *name, double ratio, double volume[TOYS][FRONTS],
                     const char *source)
{
    const char *note = gw_validation_text(
        out,
        "seeds 1, 2, 3, of 16: linear programs %.3f %.3f %.3f, search %.3f %.3f %.3f, NSGA-II %.3f %.3f %.3f",
        volume[0][LP], volume[1][LP], volume[2][LP], volume[0][SLIT], volume[1][SLIT], volume[2][SLIT],
        volume[0][NSGA2], volume[1][NSGA2], volume[2][NSGA2]);
    gw_validation_add(
        out,
        &(struct gw_validation_row){
            .group = "Routing, 12 sites x 4 origins x 2 models, linear, 50000 evaluations or 35 programs",
            .name = name,
            .kind = GW_VALIDATION_PREDICTED,
            .rule = GW_VALIDATION_AT_LEAST,
            .published = 1.0,
            .ours = ratio,
            .unit = "1",
            .source = source,
            .note = note,
        });
}

static bool add_routing(struct gw_validation *out)
{
    double volume[TOYS][FRONTS], mean[FRONTS] = {0};
    for (uint64_t seed = 1; seed <= TOYS; seed++) {
        if (!race(seed, volume[seed - 1], &out->arena)) {
            return false;
        }
        for (int i = 0; i < FRONTS; i++) {
            mean[i] += volume[seed - 1][i] / TOYS;
        }
    }
    add_race(
        out, "local search and EA over NSGA-II, ratio of hypervolumes", mean[SLIT] / mean[NSGA2], volume,
        "order of SHIELD's results (Qi et al. 2023, Fig. 4: ahead of a GA); mean of three made instances");
    add_race(out, "linear programs along a lattice over that search, ratio of hypervolumes",
             mean[LP] / mean[SLIT], volume,
             "programs are exact here: their corners are optima of weighted sums");
    return true;
}

enum gw_status gw_validate_search(struct gw_validation *out, struct gw_error *err)
{
    add_exact(out);
    add_properties(out);
    bool ok = add_fronts(out) && add_routing(out);
    if (ok && out->quick) {
        gw_validation_skip(out,
                           &(struct gw_validation_row){.group = "Searches on ZDT and DTLZ",
                                                       .name = "NSGA-II, MOEA/D, NSGA-III, SLIT engine",
                                                       .kind = GW_VALIDATION_PREDICTED,
                                                       .rule = GW_VALIDATION_AT_LEAST,
                                                       .unit = "1",
                                                       .source = pagmo_source,
                                                       .note = "left out where only quick rows are wanted"});
    } else if (ok) {
        double most[GW_TEST_PROBLEMS] = {0};
        add_searches(out, most);
        add_bounds(out, most);
    }
    return ok ? GW_OK : gw_fail(err, GW_ERR_NOMEM, "search", "out of memory");
}
