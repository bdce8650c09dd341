/* Bytes of request traces per second, read as a stream of rows: CSV as of Azure, JSON lines as of Mooncake,
 * and the first compressed. */
#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"
#include "tests/bench/bench.h"
#include "traces/gz.h"
#include "traces/requests.h"

void gw_bench_requests(struct gw_bench *b);

#define START_US (INT64_C(1700157600) * GW_US_PER_S) /* 2023-11-16T18:00:00Z */

enum { ROWS = 500000, STAMP_BYTES = 19, BLOCK_TOK = 512 };

static void fill_csv(struct gw_text *out)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/requests"));
    gw_text_add(out, "TIMESTAMP,ContextTokens,GeneratedTokens\n");
    gw_time_us t_us = START_US;
    for (int i = 0; i < ROWS; i++) {
        char time[GW_CLOCK_TEXT_MAX];
        t_us += (gw_time_us)(1e5 * gw_rng_exponential(&rng));
        gw_clock_print(t_us, time);
        time[10] = ' ';
        gw_text_addf(out, "%.*s.%06d0,%u,%u\n", STAMP_BYTES, time, (int)(t_us % GW_US_PER_S),
                     1 + (unsigned)(gw_rng_next(&rng) % 4000), 1 + (unsigned)(gw_rng_next(&rng) % 500));
    }
}

static void fill_json(struct gw_text *out)
{
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "bench/requests"));
    unsigned id = 0;
    for (int i = 0; i < ROWS / 10; i++) {
        const unsigned blocks = 1 + (unsigned)(gw_rng_next(&rng) % 40);
        gw_text_addf(out, "{\"timestamp\": %d, \"input_length\": %u, \"output_length\": %u, \"hash_ids\": [0",
                     i * 30, blocks * BLOCK_TOK, 1 + (unsigned)(gw_rng_next(&rng) % 500));
        for (unsigned k = 1; k < blocks; k++) {
            gw_text_addf(out, ", %u", ++id);
        }
        gw_text_add(out, "]}\n");
    }
}

/* The text as gzip, in place of it. */
static void pack(struct gw_text *text)
{
    const uLong cap = compressBound((uLong)text->n) + 100;
    char *packed = malloc(cap);
    GW_REQUIRE(packed != NULL);
    z_stream z = {0};
    GW_REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    z.next_in = (const Bytef *)(const void *)text->at;
    z.avail_in = (uInt)text->n;
    z.next_out = (Bytef *)(void *)packed;
    z.avail_out = (uInt)cap;
    GW_REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
    free(text->at);
    text->at = packed;
    text->n = cap - z.avail_out;
    (void)deflateEnd(&z);
}

struct job {
    struct gw_text text;
    size_t plain_n;
    bool rows; /* count those instead of bytes */
};

static double read_all(void *context)
{
    const struct job *job = context;
    const struct gw_requests_cfg cfg = {.from = {.path = "bench", .bytes = job->text.at, .n = job->text.n},
                                        .relative = true};
    struct gw_requests *requests;
    GW_REQUIRE(gw_requests_open(&cfg, &requests, NULL) == GW_OK);
    struct gw_requests_row row;
    uint64_t tok = 0, rows = 0;
    while (gw_requests_next(requests, &row)) {
        tok += row.in_tok;
        rows++;
    }
    GW_REQUIRE(gw_requests_status(requests, NULL) == GW_OK);
    gw_requests_close(requests);
    gw_bench_keep((double)tok);
    return job->rows ? (double)rows : (double)job->plain_n;
}

void gw_bench_requests(struct gw_bench *b)
{
    static const struct {
        const char *name, *unit;
        double budget;
        void (*fill)(struct gw_text *out);
        bool gz, rows;
    } cases[] = {
        {"request trace, azure csv", "B/s", 200e6, fill_csv, false, false},
        {"request trace, azure csv, rows", "requests/s", 0, fill_csv, false, true},
        {"request trace, azure csv.gz", "B/s of text", 0, fill_csv, true, false},
        {"request trace, mooncake jsonl", "B/s", 200e6, fill_json, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (!gw_bench_wanted(b, cases[i].name)) {
            continue;
        }
        struct job job = {.rows = cases[i].rows};
        cases[i].fill(&job.text);
        GW_REQUIRE(!job.text.failed);
        job.plain_n = job.text.n;
        if (cases[i].gz) {
            pack(&job.text);
        }
        gw_bench_run(b, cases[i].name, cases[i].unit, cases[i].budget, read_all, &job);
        gw_text_fini(&job.text);
    }
}
