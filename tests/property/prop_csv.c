/* For any table: every spelling of it reads back to the same bits, and no damage to it is taken for a table
 * without saying where. */
#include "tests/support/near.h"

#include <math.h>
#include <string.h>

#include "sim/base/number.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/core/rng.h"
#include "traces/csv.h"

enum { TRIALS = 500, COLUMNS_MAX = 6, ROWS_MAX = 40 };

struct table {
    uint32_t columns;
    size_t rows;
    gw_time_us start_us, step_us;
    double value[ROWS_MAX][COLUMNS_MAX];
};

static double unit(struct gw_rng *rng)
{
    return gw_rng_unit(gw_rng_next(rng));
}

static uint64_t below(struct gw_rng *rng, uint64_t n)
{
    return (uint64_t)(unit(rng) * (double)n);
}

static double draw_value(struct gw_rng *rng)
{
    switch (below(rng, 5)) {
    case 0:
        return (double)NAN;
    case 1:
        return floor(unit(rng) * 1e6) / 1000 - 200; /* what traces hold */
    case 2:
        return floor(unit(rng) * 0x1p53);
    case 3:
        return (unit(rng) - 0.5) * pow(10, 600 * unit(rng) - 300);
    default:
        return unit(rng) < 0.5 ? 0.0 : -0.0;
    }
}

static void draw_table(struct gw_rng *rng, struct table *out)
{
    *out = (struct table){.columns = 1 + (uint32_t)below(rng, COLUMNS_MAX),
                          .rows = 2 + below(rng, ROWS_MAX - 1)};
    out->start_us = (gw_time_us)below(rng, 4000000000) * GW_US_PER_S;
    out->step_us = (gw_time_us)(1 + below(rng, 100000)) * (unit(rng) < 0.8 ? GW_US_PER_S : 1);
    for (size_t r = 0; r < out->rows; r++) {
        for (uint32_t c = 0; c < out->columns; c++) {
            out->value[r][c] = draw_value(rng);
        }
    }
}

/* --- spellings ---------------------------------------------------------------------------------- */

static void write_field(struct gw_rng *rng, const char *text, struct gw_text *out)
{
    const uint64_t how = below(rng, 8);
    gw_text_addf(out, how == 0 ? "\"%s\"" : how == 1 ? " \"%s\"\t" : how == 2 ? "\t%s " : "%s", text);
}

static void write_time(struct gw_rng *rng, gw_time_us t_us, struct gw_text *out)
{
    char text[GW_CLOCK_TEXT_MAX];
    gw_clock_print(t_us, text);
    const uint64_t how = below(rng, 4);
    if (how < 2) {
        text[10] = ' ';
    }
    if (how % 2 == 0) {
        text[strlen(text) - 1] = '\0'; /* without the Z */
    }
    write_field(rng, text, out);
}

static void write_value(struct gw_rng *rng, double x, struct gw_text *out)
{
    static const char *const gaps[] = {"", "nan", "NaN"};
    char text[GW_NUMBER_MAX];
    gw_number_print(x, text);
    write_field(rng, isnan(x) ? gaps[below(rng, 3)] : text, out);
}

static void write_table(struct gw_rng *rng, const struct table *table, struct gw_text *out)
{
    const char *const end = unit(rng) < 0.3 ? "\r\n" : "\n";
    gw_text_add(out, unit(rng) < 0.2 ? "\xef\xbb\xbf" : "");
    gw_text_addf(out, "%stime_utc", unit(rng) < 0.2 ? "# a comment\n\n" : "");
    for (uint32_t c = 0; c < table->columns; c++) {
        gw_text_addf(out, ",column_%u", c);
    }
    gw_text_add(out, end);
    for (size_t r = 0; r < table->rows; r++) {
        if (unit(rng) < 0.05) {
            gw_text_addf(out, "# row %zu%s", r, end);
        }
        write_time(rng, table->start_us + (gw_time_us)r * table->step_us, out);
        for (uint32_t c = 0; c < table->columns; c++) {
            gw_text_add(out, ",");
            write_value(rng, table->value[r][c], out);
        }
        gw_text_add(out, r + 1 < table->rows || unit(rng) < 0.8 ? end : "");
    }
    assert_false(out->failed);
}

/* --- properties --------------------------------------------------------------------------------- */

static void every_spelling_reads_back_to_the_same_bits(void **state)
{
    (void)state;
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(1, 0, "test/csv"));
    for (int trial = 0; trial < TRIALS; trial++) {
        struct table table;
        struct gw_text text = {0};
        draw_table(&rng, &table);
        write_table(&rng, &table, &text);

        struct gw_csv csv;
        struct gw_error err;
        struct gw_arena arena = {0};
        if (gw_csv_parse(text.at, text.n, "t.csv", true, &csv, &arena, &err) != GW_OK) {
            fail_msg("trial %d: %s: %s\n%s", trial, err.where, err.why, text.at);
        }
        assert_int_equal(csv.columns, table.columns);
        for (uint32_t c = 0; c < csv.columns; c++) {
            const struct gw_series *series = &csv.series[c];
            assert_int_equal(series->n, table.rows);
            assert_int_equal(series->start_unix_us, table.start_us);
            assert_int_equal(series->step_us, table.step_us);
            uint64_t missing = 0;
            for (size_t r = 0; r < table.rows; r++) {
                const double is = series->value[r], due = table.value[r][c];
                missing += isnan(due) ? 1 : 0;
                if (isnan(due) ? !isnan(is) : memcmp(&is, &due, sizeof is) != 0) {
                    fail_msg("trial %d, row %zu, column %u: %.17g is not %.17g", trial, r, c, is, due);
                }
            }
            assert_int_equal(series->missing, missing);
        }
        gw_arena_fini(&arena);
        gw_text_fini(&text);
    }
}

/* A byte is changed, inserted or removed, or the file is cut: a table still, or an error within the file. */
static void damage_is_a_table_or_an_error_with_a_place(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789,.-+:TZ\"#\n\r \tnaNe_x\xff";
    struct gw_rng rng;
    gw_rng_init(&rng, gw_rng_seed(2, 0, "test/csv damage"));
    int refused = 0;
    for (int trial = 0; trial < 10 * TRIALS; trial++) {
        struct table table;
        struct gw_text text = {0};
        draw_table(&rng, &table);
        write_table(&rng, &table, &text);
        const size_t at = below(&rng, text.n);
        size_t n = text.n;
        switch (below(&rng, 3)) {
        case 0:
            text.at[at] = alphabet[below(&rng, sizeof alphabet - 1)];
            break;
        case 1:
            memmove(text.at + at, text.at + at + 1, text.n - at - 1);
            n--;
            break;
        default:
            n = at;
        }

        struct gw_csv csv;
        struct gw_error err;
        struct gw_arena arena = {0};
        if (gw_csv_parse(text.at, n, "t.csv", true, &csv, &arena, &err) == GW_OK) {
            assert_true(csv.columns > 0 && csv.series[0].n >= 2 && csv.series[0].step_us > 0);
        } else {
            double line, lines = 1;
            assert_memory_equal(err.where, "t.csv:", 6);
            assert_true(gw_number_read(err.where + 6, strcspn(err.where + 6, ":"), &line) > 0);
            for (size_t i = 0; i < n; i++) {
                lines += text.at[i] == '\n' ? 1 : 0;
            }
            assert_true(line >= 1 && line <= lines);
            assert_true(err.why[0] != '\0');
            assert_null(csv.series);
            refused++;
        }
        gw_arena_fini(&arena);
        gw_text_fini(&text);
    }
    assert_true(refused > TRIALS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_reads_back_to_the_same_bits),
        cmocka_unit_test(damage_is_a_table_or_an_error_with_a_place),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
