#include "models/policies/search/linear.h"

#include <math.h>
#include <string.h>

#include "sim/core/rng.h"

enum { M = GW_PROBLEM_OBJECTIVES_MAX };

bool gw_linear_init(struct gw_linear *self, uint32_t rows, uint32_t places, uint32_t groups,
                    uint32_t objectives, struct gw_arena *arena)
{
    const size_t n = (size_t)rows * places;
    *self = (struct gw_linear){
        .rows = rows, .places = places, .groups = groups, .objectives = objectives, .room = 1.0};
    self->cost = gw_arena_array(arena, n * objectives, sizeof *self->cost);
    self->load = gw_arena_array(arena, n, sizeof *self->load);
    self->allowed = gw_arena_array(arena, n, sizeof *self->allowed);
    self->group = gw_arena_array(arena, rows, sizeof *self->group);
    if (self->cost == NULL || self->load == NULL || self->allowed == NULL || self->group == NULL) {
        return false;
    }
    memset(self->allowed, 1, n);
    return true;
}

/* ---- evaluation ---- */

/* What a searcher's state holds: sums without the penalty, the excess, then what is used of each place. */
struct state {
    double f[M], over;
    double used[];
};

static void add_up(const struct gw_linear *self, const double *x, double *f, double *used)
{
    memcpy(f, self->fixed, self->objectives * sizeof *f);
    memset(used, 0, (size_t)self->groups * self->places * sizeof *used);
    for (uint32_t r = 0; r < self->rows; r++) {
        for (uint32_t p = 0; p < self->places; p++) {
            const size_t i = (size_t)r * self->places + p;
            if (x[i] > 0.0) {
                for (uint32_t k = 0; k < self->objectives; k++) {
                    f[k] += self->cost[i * self->objectives + k] * x[i];
                }
                used[self->group[r] * self->places + p] += self->load[i] * x[i];
            }
        }
    }
}

static double excess(const struct gw_linear *self, double used)
{
    return used > self->room ? used - self->room : 0.0;
}

static void charge(const struct gw_linear *self, const double *sums, double over, double *f)
{
    for (uint32_t k = 0; k < self->objectives; k++) {
        f[k] = sums[k] + self->penalty[k] * over;
    }
}

double gw_linear_over(const struct gw_linear *self, const double *x)
{
    double over = 0.0;
    for (uint32_t g = 0; g < self->groups; g++) {
        for (uint32_t p = 0; p < self->places; p++) {
            double used = 0.0;
            for (uint32_t r = 0; r < self->rows; r++) {
                used +=
                    self->group[r] == g ? self->load[r * self->places + p] * x[r * self->places + p] : 0.0;
            }
            over += excess(self, used);
        }
    }
    return over;
}

static void eval(const void *context, const double *x, double *f)
{
    const struct gw_linear *self = context;
    memcpy(f, self->fixed, self->objectives * sizeof *f);
    const size_t n = (size_t)self->rows * self->places;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < self->objectives && x[i] > 0.0; k++) {
            f[k] += self->cost[i * self->objectives + k] * x[i];
        }
    }
    charge(self, f, gw_linear_over(self, x), f);
}

static void start(const void *context, void *state, const double *x, double *f)
{
    const struct gw_linear *self = context;
    struct state *s = state;
    add_up(self, x, s->f, s->used);
    s->over = 0.0;
    for (uint32_t i = 0; i < self->groups * self->places; i++) {
        s->over += excess(self, s->used[i]);
    }
    charge(self, s->f, s->over, f);
}

/* What the move does to the excess. */
static double change_of_excess(const struct gw_linear *self, const struct state *s,
                               const struct gw_move *move, uint32_t from, uint32_t to)
{
    const double less = self->load[move->from] * move->amount, more = self->load[move->to] * move->amount;
    return excess(self, s->used[from] - less) - excess(self, s->used[from]) +
           excess(self, s->used[to] + more) - excess(self, s->used[to]);
}

static void cells(const struct gw_linear *self, const struct gw_move *move, uint32_t *from, uint32_t *to)
{
    const uint32_t row = move->from / self->places, first = self->group[row] * self->places;
    *from = first + move->from - row * self->places;
    *to = first + move->to - row * self->places;
}

static void price(const void *context, const void *state, const struct gw_move *move, double *f)
{
    const struct gw_linear *self = context;
    const struct state *s = state;
    uint32_t from, to;
    cells(self, move, &from, &to);
    const double over = s->over + change_of_excess(self, s, move, from, to);
    const double *a = self->cost + (size_t)move->from * self->objectives,
                 *b = self->cost + (size_t)move->to * self->objectives;
    for (uint32_t k = 0; k < self->objectives; k++) {
        f[k] = s->f[k] + move->amount * (b[k] - a[k]) + self->penalty[k] * over;
    }
}

static void make(const void *context, void *state, const struct gw_move *move)
{
    const struct gw_linear *self = context;
    struct state *s = state;
    uint32_t from, to;
    cells(self, move, &from, &to);
    s->over += change_of_excess(self, s, move, from, to);
    for (uint32_t k = 0; k < self->objectives; k++) {
        s->f[k] += move->amount * (self->cost[(size_t)move->to * self->objectives + k] -
                                   self->cost[(size_t)move->from * self->objectives + k]);
    }
    s->used[from] -= self->load[move->from] * move->amount;
    s->used[to] += self->load[move->to] * move->amount;
}

/* Moving a row away from a place frees load_i of room per share and may cost up to the row's dearest
 * difference. */
static double dearest_exchange(const struct gw_linear *self, uint32_t k)
{
    double most = 0.0;
    for (uint32_t r = 0; r < self->rows; r++) {
        double low = INFINITY, high = -INFINITY, least_load = INFINITY;
        for (uint32_t p = 0; p < self->places; p++) {
            const size_t i = (size_t)r * self->places + p;
            if (self->allowed[i] != 0) {
                low = fmin(low, self->cost[i * self->objectives + k]);
                high = fmax(high, self->cost[i * self->objectives + k]);
                least_load = self->load[i] > 0.0 ? fmin(least_load, self->load[i]) : least_load;
            }
        }
        most = isfinite(least_load) ? fmax(most, (high - low) / least_load) : most;
    }
    return most;
}

void gw_linear_ready(struct gw_linear *self)
{
    static const size_t head = offsetof(struct state, used);
    /* the moves' size differs from instance to instance: they live in it */
    self->moves = (struct gw_problem_moves){
        .bytes = head + (size_t)self->groups * self->places * sizeof(double),
        .start = start,
        .price = price,
        .make = make,
    };
    for (uint32_t k = 0; k < self->objectives; k++) {
        self->penalty[k] = 2.0 * dearest_exchange(self, k);
    }
    self->problem = (struct gw_problem){
        .n = self->rows * self->places,
        .objectives = self->objectives,
        .row = self->places,
        .allowed = self->allowed,
        .eval = eval,
        .moves = &self->moves,
        .context = self,
    };
}

bool gw_linear_toy(struct gw_linear *self, uint32_t rows, uint32_t places, uint32_t objectives, double slack,
                   uint64_t seed, struct gw_arena *arena)
{
    if (!gw_linear_init(self, rows, places, 1, objectives, arena)) {
        return false;
    }
    struct gw_rng rng;
    gw_rng_init(&rng, seed);
    double *size = gw_arena_array(arena, places, sizeof *size),
           *base = gw_arena_array(arena, (size_t)places * objectives, sizeof *base);
    if (size == NULL || base == NULL) {
        return false;
    }
    double sizes = 0.0, weights = 0.0;
    for (uint32_t p = 0; p < places; p++) {
        size[p] = 0.5 + gw_rng_unit(gw_rng_next(&rng));
        sizes += size[p];
        for (uint32_t k = 0; k < objectives; k++) {
            base[(size_t)p * objectives + k] = 0.1 + gw_rng_unit(gw_rng_next(&rng));
        }
    }
    for (uint32_t r = 0; r < rows; r++) {
        const double weight = 0.5 + gw_rng_unit(gw_rng_next(&rng));
        weights += weight;
        for (uint32_t p = 0; p < places; p++) {
            const size_t i = (size_t)r * places + p;
            self->load[i] = weight / size[p];
            for (uint32_t k = 0; k < objectives; k++) {
                /* the last objective is nearness: of the row and the place, not of the place alone */
                const double u = 0.2 + gw_rng_unit(gw_rng_next(&rng));
                self->cost[i * objectives + k] =
                    weight * (k + 1 < objectives ? base[(size_t)p * objectives + k] : u);
            }
        }
    }
    self->room = weights / sizes * slack;
    for (size_t i = 0; i < (size_t)rows * places; i++) {
        self->load[i] /= self->room;
    }
    self->room = 1.0;
    gw_linear_ready(self);
    return true;
}
