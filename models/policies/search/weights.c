#include "models/policies/search/weights.h"

#include <math.h>

uint64_t gw_weights_lattice_size(uint32_t objectives, uint32_t parts)
{
    uint64_t size = 1;
    for (uint32_t k = 1; k < objectives; k++) {
        size = size * (parts + k) / k;
    }
    return size;
}

uint32_t gw_weights_lattice_parts(uint32_t objectives, uint32_t n)
{
    if (objectives < 2) {
        return n > 0 ? 1 : 0;
    }
    uint32_t parts = 0;
    while (gw_weights_lattice_size(objectives, parts + 1) <= n) {
        parts++;
    }
    return parts;
}

void gw_weights_lattice(uint32_t m, uint32_t parts, double *out)
{
    const uint64_t size = gw_weights_lattice_size(m, parts);
    for (uint32_t k = 0; k < m; k++) {
        out[k] = k + 1 < m ? 0.0 : (double)parts;
    }
    for (uint64_t i = 1; i < size; i++) {
        const double *last = out + (i - 1) * m;
        double *w = out + i * m;
        for (uint32_t k = 0; k < m; k++) {
            w[k] = last[k];
        }
        /* one part more where something is left to its right; what is left goes to the end */
        uint32_t at = m - 2;
        double left = w[m - 1];
        while (left == 0.0) {
            left = w[at];
            w[at--] = 0.0;
        }
        w[at] += 1.0;
        w[m - 1] = left - 1.0;
    }
    for (uint64_t i = 0; i < size * m; i++) {
        out[i] /= parts;
    }
}

void gw_weights_spread(uint32_t m, uint32_t n, struct gw_rng *rng, double *out)
{
    const uint32_t parts = gw_weights_lattice_parts(m, n);
    const uint64_t lattice = parts > 0 ? gw_weights_lattice_size(m, parts) : 0;
    if (parts > 0) {
        gw_weights_lattice(m, parts, out);
    }
    for (uint64_t i = lattice; i < n; i++) {
        double sum = 0.0;
        for (uint32_t k = 0; k < m; k++) {
            out[i * m + k] = gw_rng_exponential(rng);
            sum += out[i * m + k];
        }
        for (uint32_t k = 0; k < m; k++) {
            out[i * m + k] /= sum;
        }
    }
}

static double distance2(const double *a, const double *b, uint32_t m)
{
    double sum = 0.0;
    for (uint32_t k = 0; k < m; k++) {
        sum += (a[k] - b[k]) * (a[k] - b[k]);
    }
    return sum;
}

void gw_weights_neighbours(const double *weight, uint32_t n, uint32_t m, uint32_t count, uint32_t *near)
{
    for (uint32_t i = 0; i < n; i++) {
        const double *mine = weight + (size_t)i * m;
        uint32_t *list = near + (size_t)i * count, filled = 0;
        list[filled++] = i;
        for (uint32_t j = 0; j < n; j++) {
            const double d = distance2(mine, weight + (size_t)j * m, m);
            if (j == i) {
                continue;
            }
            uint32_t at = filled;
            while (at > 1 && d < distance2(mine, weight + (size_t)list[at - 1] * m, m)) {
                at--;
            }
            if (at == count) {
                continue;
            }
            filled = filled < count ? filled + 1 : count;
            for (uint32_t k = filled - 1; k > at; k--) {
                list[k] = list[k - 1];
            }
            list[at] = j;
        }
    }
}
