#include "sim/cli/run_command.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/cli/command.h"
#include "sim/cli/figures.h"
#include "sim/cli/locate.h"
#include "sim/cli/score_json.h"
#include "sim/cli/score_table.h"
#include "sim/cli/terminal.h"
#include "sim/run/output.h"
#include "sim/run/record.h"
#include "sim/run/result_csv.h"
#include "sim/run/run.h"

enum { SOME_RUNS_FAILED = 3, MAX_THREADS = 1024 };

/* What the command line says. */
struct request {
    const char *output;
    bool quiet, json, csv;
    long long threads;
};

static void print_scores(const struct gw_scenario *sc, const struct gw_result *result,
                         const struct request *request)
{
    struct gw_text out = {0};
    if (request->json) {
        gw_score_json_print(sc, result, &out);
    } else if (request->csv) {
        gw_result_csv_print(result, sc->variant_name, sc->baseline, &out);
    } else if (!request->quiet) {
        gw_text_addf(&out, "%s%s%s\n\n", sc->cfg.name, sc->cfg.title != NULL ? ": " : "",
                     sc->cfg.title != NULL ? sc->cfg.title : "");
        gw_score_table_print(sc, result, gw_terminal_colour(stdout), &out);
    }
    if (out.at != NULL && !out.failed) {
        fputs(out.at, stdout);
    }
    gw_text_fini(&out);
}

/* Failed runs, each with its sentence; the status of the whole. */
static int report_failures(const struct gw_scenario *sc, const struct gw_result *result)
{
    const size_t n = (size_t)result->policies * result->replications;
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        const struct gw_run_result *run = &result->run[i];
        if (run->error.status != GW_OK) {
            fprintf(stderr, "policy %s, replication %u failed: %s: %s\n", sc->variant_name[run->policy],
                    (unsigned)run->replication, run->error.where, run->error.why);
            failed++;
        }
    }
    return failed == 0 ? 0 : SOME_RUNS_FAILED;
}

static int write_output(const struct gw_scenario *sc, const struct gw_result *result,
                        const struct request *request)
{
    struct gw_error err;
    if (gw_output_write(request->output, sc, result, &err) != GW_OK) {
        return gw_terminal_error(&err);
    }
    const int status = gw_figures_draw_scenario(sc, request->output);
    if (status == 0 && !request->quiet && !request->json && !request->csv) {
        printf("\nresult   %s/result.h5, scores.csv%s\n", request->output,
               gw_record_frac(sc) > 0.0 ? ", requests.h5" : "");
        gw_figures_print(sc, request->output, stdout);
    }
    return status;
}

/* Before hours of work: can files be made there? Nothing is created yet, since the run may be interrupted. */
static int check_output(const char *folder)
{
    struct gw_error err;
    return folder == NULL || gw_file_check_folder(folder, &err) == GW_OK ? 0 : gw_terminal_error(&err);
}

static int run_scenario(const struct gw_scenario *sc, const struct request *request)
{
    static struct gw_run_watch watch; /* lives as long as the signal handlers that set it */
    struct gw_result result = {0};
    struct gw_error err = {0};
    struct gw_pool *pool = gw_pool_create((unsigned)request->threads);
    if (pool == NULL) {
        fprintf(stderr, "geowatt: no memory or no threads left\n");
        return gw_status_exit(GW_ERR_NOMEM);
    }
    gw_terminal_catch_signals(&watch);
    struct gw_progress *progress = gw_terminal_progress_begin(&watch, request->quiet);
    const enum gw_status s = gw_run_all(sc, pool, &watch, &result, &err);
    gw_terminal_progress_end(progress);
    gw_pool_destroy(pool);

    int status;
    if (atomic_load(&watch.stop) != 0) {
        fprintf(stderr, "geowatt: interrupted; nothing was written\n");
        status = gw_status_exit(GW_ERR_INTERRUPTED);
    } else if (s == GW_ERR_NOMEM) {
        status = gw_terminal_error(&err);
    } else {
        status = report_failures(sc, &result);
        print_scores(sc, &result, request);
        const int written = request->output != NULL ? write_output(sc, &result, request) : 0;
        status = written != 0 ? written : status;
    }
    gw_result_fini(&result);
    return status;
}

int gw_run_command(const struct gw_arguments *arguments)
{
    struct request request = {
        .output = gw_command_value(arguments, "--output"),
        .quiet = gw_command_value(arguments, "--quiet") != NULL,
        .json = gw_command_value(arguments, "--json") != NULL,
        .csv = gw_command_value(arguments, "--csv") != NULL,
    };
    if (request.json && request.csv) {
        fprintf(stderr, "geowatt run: --json and --csv cannot both be printed; choose one\n");
        return gw_status_exit(GW_ERR_USAGE);
    }
    long long seed;
    if (!gw_command_number(arguments, "--threads", 1, MAX_THREADS, 0, &request.threads) ||
        !gw_command_number(arguments, "--seed", 0, INT64_MAX, 0, &seed)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    const char **set = gw_command_values(arguments, "--set", false);
    const char **policy = gw_command_values(arguments, "--policy", true);
    for (size_t i = 0; policy != NULL && policy[i] != NULL; i++) {
        if (policy[i][0] == '\0') {
            fprintf(stderr, "geowatt run: --policy takes names separated by commas; one is empty\n");
            free(set);
            free(policy);
            return gw_status_exit(GW_ERR_USAGE);
        }
    }
    char *path = gw_locate_scenario(arguments->operand[0]);
    int status = gw_status_exit(GW_ERR_NOMEM);
    if (set != NULL && policy != NULL && path != NULL) {
        const struct gw_scenario_options options = {.set = set,
                                                    .policy = policy,
                                                    .has_seed = gw_command_value(arguments, "--seed") != NULL,
                                                    .seed = (uint64_t)seed};
        struct gw_scenario sc;
        struct gw_errors errs = {0};
        if (gw_scenario_load(path, &options, &sc, &errs) != GW_OK) {
            status = gw_terminal_errors(&errs);
        } else {
            status = gw_figures_check(&sc);
            status = status == 0 ? check_output(request.output) : status;
            status = status == 0 ? run_scenario(&sc, &request) : status;
            gw_scenario_fini(&sc);
        }
    }
    free(set);
    free(policy);
    free(path);
    return status;
}
