#include "sim/run/timing.h"

#include <inttypes.h>
#include <sys/resource.h>
#include <time.h>

#include <gsl/gsl_version.h>
#include <hdf5.h>

#include "sim/base/file.h"
#include "sim/base/text.h"

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

/* Of the whole process so far. Linux counts kilobytes. */
static uint64_t peak_memory_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * 1024 : 0;
}

static void add_member(struct gw_text *out, const char *name, const char *text)
{
    gw_text_addf(out, "  \"%s\": ", name);
    gw_text_add_json(out, text);
    gw_text_add(out, ",\n");
}

static void add_provenance(struct gw_text *out, const struct gw_result_facts *facts)
{
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    add_member(out, "scenario", facts->scenario_name);
    add_member(out, "geowatt_version", facts->version);
    add_member(out, "geowatt_commit", facts->commit);
    add_member(out, "compiler", COMPILER);
    add_member(out, "gsl", gsl_version);
    gw_text_addf(out, "  \"hdf5\": \"%u.%u.%u\",\n", major, minor, release);
    gw_text_addf(out, "  \"libm_fingerprint\": \"%016" PRIx64 "\",\n", facts->libm_fingerprint);
}

static void add_run(struct gw_text *out, const struct gw_run_result *run, const char *policy)
{
    gw_text_add(out, "    {\"policy\": ");
    gw_text_add_json(out, policy);
    gw_text_addf(out, ", \"replication\": %" PRIu32 ", \"wall_s\": ", run->replication);
    gw_text_add_number(out, run->wall_s);
    gw_text_add(out, ", \"plan_s\": ");
    gw_text_add_number(out, run->plan_s);
    gw_text_addf(out, ", \"events\": %" PRIu64 "}", run->events);
}

enum gw_status gw_timing_write(const char *path, const struct gw_result *result,
                               const struct gw_result_facts *facts, struct gw_error *err)
{
    struct gw_text out = {0};
    gw_text_add(&out, "{\n");
    add_provenance(&out, facts);
    gw_text_addf(&out, "  \"peak_memory_bytes\": %" PRIu64 ",\n  \"runs\": [\n", peak_memory_bytes());
    const size_t n = (size_t)result->policies * result->replications;
    for (size_t i = 0; i < n; i++) {
        add_run(&out, &result->run[i], facts->policy[i / result->replications]);
        gw_text_add(&out, i + 1 < n ? ",\n" : "\n");
    }
    gw_text_add(&out, "  ]\n}\n");

    const enum gw_status s = out.failed ? gw_fail(err, GW_ERR_NOMEM, path, "out of memory")
                                        : gw_file_write(path, out.at, out.n, err);
    gw_text_fini(&out);
    return s;
}

double gw_timing_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}
