#include "sim/run/result_csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "sim/base/file.h"

/* RFC 4180: quotes around what holds a comma, a quote or a line end; quotes inside are doubled. */
static void add_field(struct gw_text *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        gw_text_add(out, text);
        return;
    }
    gw_text_add(out, "\"");
    for (const char *quote = strchr(text, '"'); quote != NULL; quote = strchr(text, '"')) {
        gw_text_add_n(out, text, (size_t)(quote - text) + 1);
        gw_text_add(out, "\"");
        text = quote + 1;
    }
    gw_text_add(out, text);
    gw_text_add(out, "\"");
}

static void add_header(struct gw_text *out)
{
    gw_text_add(out, "policy,replication,status,comparable");
    for (int i = 0; i < GW_SCORE_COUNT; i++) {
        gw_text_addf(out, ",%s", gw_score_doc((enum gw_score)i).name);
    }
    gw_text_add(out, "\n");
}

static bool comparable(const struct gw_result *result, const struct gw_run_result *run,
                       const struct gw_run_result *baseline)
{
    return result->per_request ? gw_score_comparable_per_request(run->score, baseline->score)
                               : gw_score_comparable(run->score, baseline->score);
}

static void add_run(struct gw_text *out, const struct gw_result *result, const struct gw_run_result *run,
                    const struct gw_run_result *baseline, const char *policy)
{
    const bool ok = run->error.status == GW_OK;
    const bool alike = ok && baseline->error.status == GW_OK && comparable(result, run, baseline);
    add_field(out, policy);
    gw_text_addf(out, ",%" PRIu32 ",", run->replication);
    add_field(out, ok ? "ok" : gw_status_text(run->error.status));
    gw_text_add(out, alike ? ",true" : ",false");
    for (int i = 0; i < GW_SCORE_COUNT; i++) {
        gw_text_add(out, ",");
        if (ok && !isnan(run->score[i])) {
            gw_text_add_number(out, run->score[i]);
        }
    }
    gw_text_add(out, "\n");
}

/* A bound stands in the columns of which it is one. */
static void add_bound(struct gw_text *out, const struct gw_result *result, enum gw_bound bound,
                      uint32_t replication)
{
    gw_text_addf(out, "%s,%" PRIu32 ",bound,false", gw_result_bound_name(bound), replication);
    for (int i = 0; i < GW_SCORE_COUNT; i++) {
        gw_text_add(out, ",");
        for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
            const double x = gw_result_bound(result, bound, replication, (enum gw_objective)k);
            if ((int)gw_score_objective((enum gw_objective)k).score == i && !isnan(x)) {
                gw_text_add_number(out, x);
            }
        }
    }
    gw_text_add(out, "\n");
}

void gw_result_csv_print(const struct gw_result *result, const char *const *policy, uint32_t baseline,
                         struct gw_text *out)
{
    add_header(out);
    for (uint32_t p = 0; p < result->policies; p++) {
        for (uint32_t r = 0; r < result->replications; r++) {
            add_run(out, result, &result->run[(size_t)p * result->replications + r],
                    &result->run[(size_t)baseline * result->replications + r], policy[p]);
        }
    }
    for (int b = 0; result->has_bounds && b < GW_BOUNDS; b++) {
        for (uint32_t r = 0; r < result->replications; r++) {
            add_bound(out, result, (enum gw_bound)b, r);
        }
    }
}

enum gw_status gw_result_csv_write(const char *path, const struct gw_result *result,
                                   const struct gw_result_facts *facts, struct gw_error *err)
{
    struct gw_text out = {0};
    gw_result_csv_print(result, facts->policy, facts->baseline, &out);
    const enum gw_status s = out.failed ? gw_fail(err, GW_ERR_NOMEM, path, "out of memory")
                                        : gw_file_write(path, out.at, out.n, err);
    gw_text_fini(&out);
    return s;
}
