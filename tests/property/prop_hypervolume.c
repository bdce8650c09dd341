/* Random sets of 2 to 5 objectives: what must hold of their volume, and a slow twin that counts cells. */
#include "tests/support/near.h"

#include <stdbool.h>
#include <string.h>

#include "models/policies/search/hypervolume.h"
#include "sim/core/rng.h"

enum { TRIALS = 400, N_MAX = 12, M_MAX = 5, GRID = 6 };

struct set {
    uint32_t n, m;
    double f[(N_MAX + 1) * M_MAX], reference[M_MAX];
};

static uint32_t below(struct gw_rng *rng, uint32_t n)
{
    return (uint32_t)(gw_rng_unit(gw_rng_next(rng)) * n);
}

/* On a grid, so that ties, repetitions and points on the reference's edge occur. */
static void draw(struct gw_rng *rng, struct set *out)
{
    out->m = 2 + below(rng, M_MAX - 1);
    out->n = below(rng, N_MAX + 1);
    for (uint32_t i = 0; i < (out->n + 1) * out->m; i++) {
        out->f[i] = below(rng, GRID + 1);
    }
    for (uint32_t k = 0; k < out->m; k++) {
        out->reference[k] = GRID;
    }
}

static double volume(const struct set *s)
{
    return gw_hypervolume(s->f, s->n, s->m, s->reference);
}

/* Cells of side 1 of which a point is the better corner or better still. */
static double counted(const struct set *s)
{
    double cells = 0, all = 1;
    for (uint32_t k = 0; k < s->m; k++) {
        all *= GRID;
    }
    for (uint32_t cell = 0; cell < all; cell++) {
        bool covered = false;
        for (uint32_t i = 0; i < s->n && !covered; i++) {
            uint32_t rest = cell;
            covered = true;
            for (uint32_t k = 0; k < s->m; k++, rest /= GRID) {
                covered = covered && s->f[i * s->m + k] <= rest % GRID;
            }
        }
        cells += covered;
    }
    return cells;
}

static void the_volume_is_the_number_of_cells(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 1);
    for (int t = 0; t < TRIALS; t++) {
        struct set s;
        draw(&rng, &s);
        assert_near(volume(&s), counted(&s), 1e-12, 0);
    }
}

static void order_and_repetition_do_not_matter(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 2);
    for (int t = 0; t < TRIALS; t++) {
        struct set s;
        draw(&rng, &s);
        const double before = volume(&s);
        for (uint32_t i = 0; i + 1 < s.n; i++) {
            const uint32_t j = i + below(&rng, s.n - i);
            double moved[M_MAX];
            memcpy(moved, s.f + i * s.m, s.m * sizeof *moved);
            memmove(s.f + i * s.m, s.f + j * s.m, s.m * sizeof *moved);
            memcpy(s.f + j * s.m, moved, s.m * sizeof *moved);
        }
        if (s.n > 0) {
            memcpy(s.f + s.n * s.m, s.f, s.m * sizeof *s.f);
            s.n++;
        }
        assert_near(volume(&s), before, 1e-12, 0);
    }
}

static void a_further_point_never_takes_volume_away(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 3);
    for (int t = 0; t < TRIALS; t++) {
        struct set s;
        draw(&rng, &s);
        const double before = volume(&s);
        s.n++;
        assert_true(volume(&s) >= before - 1e-9);
        double lost[N_MAX + 1];
        gw_hypervolume_contributions(s.f, s.n, s.m, s.reference, lost);
        assert_near(volume(&s) - before, lost[s.n - 1], 1e-12, 1e-9);
    }
}

static void it_scales_with_the_units_of_each_objective(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, 4);
    for (int t = 0; t < TRIALS; t++) {
        struct set s;
        draw(&rng, &s);
        const double before = volume(&s);
        double factor = 1;
        for (uint32_t k = 0; k < s.m; k++) {
            const double a = 0.1 + 10 * gw_rng_unit(gw_rng_next(&rng)),
                         b = 5 - 10 * gw_rng_unit(gw_rng_next(&rng));
            for (uint32_t i = 0; i < s.n; i++) {
                s.f[i * s.m + k] = a * s.f[i * s.m + k] + b;
            }
            s.reference[k] = a * s.reference[k] + b;
            factor *= a;
        }
        assert_near(volume(&s), factor * before, 1e-9, 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_volume_is_the_number_of_cells),
        cmocka_unit_test(order_and_repetition_do_not_matter),
        cmocka_unit_test(a_further_point_never_takes_volume_away),
        cmocka_unit_test(it_scales_with_the_units_of_each_objective),
    };
    return cmocka_run_group_tests_name("hypervolume", tests, NULL, NULL);
}
