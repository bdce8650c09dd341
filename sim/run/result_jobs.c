#include "sim/run/result_jobs.h"

#include <math.h>
#include <stdlib.h>

#include "sim/base/units.h"

static double hours(gw_time_us us)
{
    return us != GW_NEVER_US ? gw_h_from_us(us) : (double)NAN;
}

struct column {
    const char *name, *unit, *doc;
    double (*value)(const struct gw_run_result *run, const struct gw_job_row *job);
};

#define COLUMN(name, expression)                                                                             \
    static double name##_of(const struct gw_run_result *run, const struct gw_job_row *job)                   \
    {                                                                                                        \
        (void)run, (void)job;                                                                                \
        return expression;                                                                                   \
    }
COLUMN(policy, run->policy)
COLUMN(replication, run->replication)
COLUMN(number, (double)job->number)
COLUMN(source, job->source)
COLUMN(queue, job->queue)
COLUMN(site, job->site != UINT32_MAX ? job->site : (double)NAN)
COLUMN(width, job->width)
COLUMN(submit, hours(job->submit_us))
COLUMN(work, hours(job->work_us))
COLUMN(deadline, hours(job->deadline_us))
COLUMN(start, hours(job->start_us))
COLUMN(end, hours(job->end_us))
COLUMN(waited, hours(job->waited_us))
COLUMN(stops, job->stops)
COLUMN(moves, job->moves)
COLUMN(evictions, job->evictions)
COLUMN(failures, job->failures)
COLUMN(energy, job->energy_kwh)
COLUMN(lost, job->lost_kwh)
COLUMN(carbon, job->carbon_kg)
COLUMN(rent, job->usd)
#undef COLUMN

static const struct column columns[] = {
    {"policy_index", "1", "Place of the policy in policy", policy_of},
    {"replication", "1", "Replication", replication_of},
    {"number", "1", "The same job under every policy", number_of},
    {"source", "1", "Place of its row: first the listed jobs, then the streams", source_of},
    {"queue", "1", "Place of its queue", queue_of},
    {"site_index", "1", "Place in site of where it was last", site_of},
    {"width", "1", "Accelerators that it asked for", width_of},
    {"submit_h", "h", "When it was submitted", submit_of},
    {"work_h", "h", "How long it takes alone on these", work_of},
    {"deadline_h", "h", "When it should be done", deadline_of},
    {"start_h", "h", "When it got its first accelerators", start_of},
    {"end_h", "h", "When it was done", end_of},
    {"waited_h", "h", "Time without accelerators since it was submitted", waited_of},
    {"stops", "1", "Times that it was stopped by its schedule", stops_of},
    {"moves", "1", "Times that its checkpoint moved", moves_of},
    {"evictions", "1", "Times that it lost spot accelerators", evictions_of},
    {"failures", "1", "Times that an accelerator broke", failures_of},
    {"energy_kwh", "kWh", "IT energy", energy_of},
    {"lost_kwh", "kWh", "Of it for work that was lost", lost_of},
    {"carbon_kgco2", "kgCO2", "Carbon of this energy by the score's signal", carbon_of},
    {"rent_usd", "USD", "Accelerators at their prices while it held them, reserved ones too", rent_of},
};

static size_t rows_of(const struct gw_result *result, size_t run)
{
    return result->run[run].error.status == GW_OK ? result->run[run].n_jobs : 0;
}

bool gw_result_jobs_write(struct gw_netcdf_write *out, const struct gw_result *result)
{
    const size_t runs = (size_t)result->policies * result->replications;
    size_t n = 0;
    for (size_t i = 0; i < runs; i++) {
        n += rows_of(result, i);
    }
    if (n == 0) {
        return true;
    }
    double *value = malloc(n * sizeof *value);
    if (value == NULL) {
        return false;
    }
    const int64_t group = gw_netcdf_write_group(out, gw_netcdf_write_root(out), "training_jobs");
    const struct gw_netcdf_dim dim = gw_netcdf_write_bare_dim(out, group, "job", n);
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) {
        size_t at = 0;
        for (size_t i = 0; i < runs; i++) {
            for (size_t k = 0; k < rows_of(result, i); k++) {
                value[at++] = columns[c].value(&result->run[i], &result->run[i].job[k]);
            }
        }
        const int64_t variable =
            gw_netcdf_write_variable(out, group, columns[c].name, GW_NETCDF_F64, 1, &dim, value);
        gw_netcdf_write_text(out, variable, "units", columns[c].unit);
        gw_netcdf_write_text(out, variable, "long_name", columns[c].doc);
    }
    free(value);
    return true;
}
