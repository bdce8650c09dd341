/* Zeus's six trainings on V100: batch size and power cap chosen out of its traces, against the savings it
 * published. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/training/cap_choice.h"
#include "sim/base/file.h"
#include "sim/validate/validators.h"
#include "traces/lines.h"

static const char *const train_file = "training/zeus/summary_train.csv";
static const char *const power_file = "training/zeus/summary_power_v100.csv";
static const double limit_w = 250.0;

/* Batch sizes that the models' authors chose, and accuracies aimed at (Zeus, table 1). */
enum { WORKLOADS = 6, BATCHES_MAX = 32, OPTIONS_MAX = 512, OPTIMIZER_MAX = 12 };
static const struct {
    const char *title, *dataset;
    double batch, target;
} workload[WORKLOADS] = {
    {"DeepSpeech2", "librispeech", 192, 40.0},      {"BERT, questions", "squad", 32, 84.0},
    {"BERT, sentiment", "sentiment140", 128, 0.84}, {"ResNet-50", "imagenet", 256, 0.65},
    {"ShuffleNetV2", "cifar100", 1024, 0.60},       {"NeuMF", "movielens-1m", 1024, 0.41},
};

/* A batch size with an optimizer: mean epochs to the accuracy, NAN when a run does not reach it. */
struct batch {
    double size, epochs, runs;
    char optimizer[OPTIMIZER_MAX];
};

struct job {
    size_t n_batches, n_options;
    struct batch batch[BATCHES_MAX];
    struct gw_cap_option option[OPTIONS_MAX];
};

static size_t workload_of(const struct gw_lines *lines)
{
    size_t k = 0;
    while (k < WORKLOADS && !gw_lines_is(lines, 0, workload[k].dataset)) {
        k++;
    }
    return k;
}

/* The entry for batch size and optimizer of a line; the first free one when there is none yet. */
static struct batch *batch_of(struct job *job, const struct gw_lines *lines)
{
    const double size = gw_lines_number(lines, 2);
    size_t i = 0;
    while (i < job->n_batches &&
           !(job->batch[i].size == size && gw_lines_is(lines, 3, job->batch[i].optimizer))) {
        i++;
    }
    return i < BATCHES_MAX ? &job->batch[i] : NULL;
}

/* dataset, network, batch_size, optimizer, learning_rate, run, target_metric, target_epoch */
static void read_train(struct gw_lines *lines, struct job job[WORKLOADS])
{
    while (gw_lines_next(lines)) {
        const size_t k = workload_of(lines);
        if (k == WORKLOADS || fabs(gw_lines_number(lines, 6) - workload[k].target) > 1e-9) {
            continue;
        }
        struct batch *b = batch_of(&job[k], lines);
        if (b == NULL || lines->field[3].n >= OPTIMIZER_MAX) {
            continue;
        }
        if (b == &job[k].batch[job[k].n_batches]) {
            job[k].n_batches++;
            b->size = gw_lines_number(lines, 2);
            memcpy(b->optimizer, lines->field[3].at, lines->field[3].n);
        }
        b->epochs += gw_lines_number(lines, 7);
        b->runs++;
    }
}

/* dataset, network, batch_size, optimizer, power_limit, time_per_epoch, average_power */
static void read_power(struct gw_lines *lines, struct job job[WORKLOADS])
{
    while (gw_lines_next(lines)) {
        const size_t k = workload_of(lines);
        const struct batch *b = k < WORKLOADS ? batch_of(&job[k], lines) : NULL;
        if (b == NULL || b->runs == 0.0 || isnan(b->epochs) || job[k].n_options == OPTIONS_MAX) {
            continue;
        }
        job[k].option[job[k].n_options++] = (struct gw_cap_option){
            .batch = b->size,
            .cap_w = gw_lines_number(lines, 4),
            .time_s = b->epochs / b->runs * gw_lines_number(lines, 5),
            .watts = gw_lines_number(lines, 6),
        };
    }
}

static enum gw_status read_file(const char *path, struct job job[WORKLOADS],
                                void (*read)(struct gw_lines *lines, struct job job[WORKLOADS]),
                                struct gw_error *err)
{
    char *bytes;
    size_t n;
    const enum gw_status status = gw_file_read(path, 16u << 20, &bytes, &n, err);
    if (status != GW_OK) {
        return status;
    }
    struct gw_lines lines;
    gw_lines_init(&lines, bytes, n, path);
    read(&lines, job);
    free(bytes);
    return GW_OK;
}

/* Energy saved by Zeus's choice over the authors' batch size without a cap; NAN when that one is not there.
 */
static double saving_of(const struct job *job, double default_batch, const struct gw_cap_option **choice)
{
    double before_j = INFINITY; /* of the optimizers, the better one */
    for (size_t i = 0; i < job->n_options; i++) {
        const struct gw_cap_option *o = &job->option[i];
        if (o->batch == default_batch && o->cap_w == limit_w) {
            before_j = fmin(before_j, o->time_s * o->watts);
        }
    }
    if (isinf(before_j)) {
        return NAN;
    }
    *choice = &job->option[gw_cap_choice_zeus(job->option, job->n_options, 0.5, limit_w)];
    return 1.0 - (*choice)->time_s * (*choice)->watts / before_j;
}

static void add_row(struct gw_validation *out, const char *name, double published, double ours,
                    const char *note)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Training: energy saved by batch size and power cap, V100",
                               .name = name,
                               .kind = GW_VALIDATION_REPLAY,
                               .rule = GW_VALIDATION_ABS,
                               .published = published,
                               .ours = ours,
                               .tolerance = 0.03,
                               .unit = "1",
                               .source = "You et al. 2023 (Zeus, NSDI), abstract and traces",
                               .note = note,
                           });
}

static void add_savings(struct gw_validation *out, const struct job job[WORKLOADS])
{
    double least = INFINITY, most = -INFINITY;
    struct gw_text all = {0};
    for (size_t k = 0; k < WORKLOADS; k++) {
        const struct gw_cap_option *choice = NULL;
        const double saving = saving_of(&job[k], workload[k].batch, &choice);
        if (!isnan(saving)) {
            least = fmin(least, saving);
            most = fmax(most, saving);
            gw_text_addf(&all, "%s%s %.0f at %.0f W: %.1f %%", k > 0 ? "; " : "", workload[k].title,
                         choice->batch, choice->cap_w, 100.0 * saving);
        }
    }
    const char *const note =
        "the best choice at equal weights; Zeus has to find it, and pays for the search while it does";
    add_row(out, "least of six trainings", 0.153, least, note);
    add_row(out, "most of six trainings", 0.758, most,
            all.failed || all.n == 0 ? NULL : gw_validation_text(out, "%s", all.at));
    gw_text_fini(&all);
}

enum gw_status gw_validate_training_zeus(struct gw_validation *out, struct gw_error *err)
{
    const char *train = gw_validation_file(out, train_file), *power = gw_validation_file(out, power_file);
    if (train == NULL || power == NULL) {
        gw_validation_skip(out,
                           &(struct gw_validation_row){
                               .group = "Training: energy saved by batch size and power cap, V100",
                               .name = "six trainings",
                               .kind = GW_VALIDATION_REPLAY,
                               .source = "You et al. 2023 (Zeus, NSDI), abstract and traces",
                               .note = gw_validation_text(out, "needs %s and %s", train_file, power_file),
                           });
        return GW_OK;
    }
    struct job *job = calloc(WORKLOADS, sizeof *job);
    if (job == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "validate training", "out of memory");
    }
    enum gw_status status = read_file(train, job, read_train, err);
    if (status == GW_OK) {
        status = read_file(power, job, read_power, err);
    }
    if (status == GW_OK) {
        add_savings(out, job);
    }
    free(job);
    return status;
}
