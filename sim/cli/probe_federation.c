#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/federation/convergence.h"
#include "models/federation/sync.h"
#include "sim/base/status.h"
#include "sim/base/units.h"
#include "sim/cli/probe_command.h"

/* What was asked: rounds of equal clients at equal links. */
struct question {
    struct gw_sync_cfg sync;
    double clients, step_s, rtt_ms, gbps, train_kw, idle_kw, kwh_per_gb, lost_frac;
    double steps[GW_PROBE_VALUES_MAX];
    size_t n;
};

/* One round of each client. */
struct answer {
    double train_s, sync_s, shown_s, close_s, round_s, used_frac;
    double sent_gb, compute_kwh, gap_kwh, network_kwh;
    double loss_ratio, factor;
};

static struct answer answer_of(const struct question *q, double local_steps)
{
    const bool ring = q->sync.topology == GW_SYNC_RING, alone = q->clients <= 1.0;
    struct answer a = {.train_s = local_steps * q->step_s};
    if (!alone) {
        a.sync_s = ring ? gw_sync_ring_s(&q->sync, q->clients, q->rtt_ms, q->gbps)
                        : 2.0 * gw_sync_way_s(&q->sync, q->rtt_ms, q->gbps);
    }
    a.shown_s = gw_sync_shown_s(&q->sync, a.sync_s, q->step_s);
    a.close_s = gw_sync_close_s(&q->sync, q->clients);
    a.round_s = a.train_s + a.shown_s + a.close_s;
    a.used_frac = a.train_s / a.round_s;
    a.sent_gb = gw_sync_sent_bytes(&q->sync, q->clients) / 1e9;
    a.compute_kwh = q->train_kw * a.train_s / 3600.0;
    a.gap_kwh = q->idle_kw * (a.round_s - a.train_s) / 3600.0;
    a.network_kwh = (ring ? 1.0 : 2.0) * a.sent_gb * q->kwh_per_gb;
    struct gw_convergence_cfg law = gw_convergence_default(GW_CONVERGENCE_DILOCO_LAW);
    law.params = q->sync.params;
    a.loss_ratio = gw_convergence_loss_ratio(&law, q->clients, local_steps, q->lost_frac);
    a.factor = gw_convergence_tokens_factor(&law, q->clients, local_steps, q->lost_frac);
    return a;
}

static void print_csv(const struct question *q)
{
    printf("local_steps,train_s,sync_s,shown_s,close_s,round_s,utilisation_frac,sent_gb,compute_kwh,gap_kwh,"
           "network_kwh,loss_ratio,tokens_factor\n");
    for (size_t i = 0; i < q->n; i++) {
        const struct answer a = answer_of(q, q->steps[i]);
        printf("%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n", q->steps[i], a.train_s,
               a.sync_s, a.shown_s, a.close_s, a.round_s, a.used_frac, a.sent_gb, a.compute_kwh, a.gap_kwh,
               a.network_kwh, a.loss_ratio, a.factor);
    }
}

static void print_times(const struct question *q, double local_steps, const struct answer *a)
{
    const bool ring = q->sync.topology == GW_SYNC_RING;
    printf("  training   %.6g s = %.6g steps of %.4g s\n", a->train_s, local_steps, q->step_s);
    if (q->clients <= 1.0) {
        printf("  alone      nothing is sent\n");
        return;
    }
    printf("  transfers  %.4g s at %.4g Gbit/s and %.4g ms %s\n", a->sync_s, q->gbps, q->rtt_ms,
           ring ? "round the ring (3)" : "down and up (2)");
    printf("  shown      %.4g s of them, %.4g fragments each up to %.4g steps late (4)\n", a->shown_s,
           q->sync.fragments, q->sync.overlap_steps);
    printf("  closing    %.4g s: %s and %.4g s fixed (6)\n", a->close_s,
           ring ? "nothing to add up" : "adding up", q->sync.fix_s);
    printf("  round      %.6g s, %.2f %% of it training\n", a->round_s, 100.0 * a->used_frac);
    printf("  sent       %.4g GB by each client (5), %.4g times less than 16-bit gradients every step\n",
           a->sent_gb, gw_sync_reduction(&q->sync, local_steps, 16.0));
}

static void print_answer(const struct question *q, double local_steps)
{
    const struct answer a = answer_of(q, local_steps);
    print_times(q, local_steps, &a);
    const double all_kwh = a.compute_kwh + a.gap_kwh + a.network_kwh;
    printf("  energy     %.4g kWh a client: compute %.4g (%.2f %%), gap %.4g (%.2f %%), network %.4g "
           "(%.2f %%) (18)\n",
           all_kwh, a.compute_kwh, 100.0 * a.compute_kwh / all_kwh, a.gap_kwh, 100.0 * a.gap_kwh / all_kwh,
           a.network_kwh, 100.0 * a.network_kwh / all_kwh);
    printf("  quality    loss %.5f of that at one site after the same tokens (7) to (9)\n", a.loss_ratio);
    printf("             %.4g times the tokens for the same loss (10)\n\n", a.factor);
}

static bool read_question(struct gw_question *from, struct question *q)
{
    const char *topology = gw_probe_command_given(from, "--topology", "star");
    if (strcmp(topology, "star") != 0 && strcmp(topology, "ring") != 0) {
        fprintf(stderr, "geowatt probe federation: --topology takes star or ring, not %s\n", topology);
        return false;
    }
    q->sync = gw_sync_default(0.0);
    q->sync.topology = strcmp(topology, "ring") == 0 ? GW_SYNC_RING : GW_SYNC_STAR;
    const struct {
        const char *option, *unit, *otherwise;
        double min, max, *value;
    } numbers[] = {
        {"--params", "1", "1e9", 1.0, 1e15, &q->sync.params},
        {"--bits", "1", "16", 1.0, 64.0, &q->sync.bits},
        {"--fragments", "1", "1", 1.0, 1e6, &q->sync.fragments},
        {"--overlap", "1", "0", 0.0, 1e6, &q->sync.overlap_steps},
        {"--fixed", "s", "0", 0.0, 1e6, &q->sync.fix_s},
        {"--clients", "1", "8", 1.0, 1e6, &q->clients},
        {"--step", "s", "1", 1e-6, 1e6, &q->step_s},
        {"--rtt", "ms", "100", 0.0, 1e5, &q->rtt_ms},
        {"--bandwidth", "Gbit/s", "10", 1e-6, 1e6, &q->gbps},
        {"--train-power", "kW", "10", 1e-6, 1e6, &q->train_kw},
        {"--idle-power", "kW", "2.5", 0.0, 1e6, &q->idle_kw},
        {"--network-energy", "kWh/GB", "0.001", 0.0, 1e3, &q->kwh_per_gb},
        {"--lost", "1", "0", 0.0, 1.0, &q->lost_frac},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (!gw_probe_command_number(from, numbers[i].option, numbers[i].unit, numbers[i].otherwise,
                                     numbers[i].min, numbers[i].max, numbers[i].value)) {
            return false;
        }
    }
    q->n = gw_probe_command_numbers(from, "--local-steps", "1", "100", 1e-3, 1e9, q->steps);
    return q->n > 0;
}

static int probe_federation(struct gw_question *from)
{
    struct question q = {0};
    if (!read_question(from, &q)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (from->csv) {
        print_csv(&q);
        return 0;
    }
    printf("  volume     %.4g GB: %.4g parameters of %.4g bits (1), %.4g clients\n\n",
           gw_sync_bytes(&q.sync) / 1e9, q.sync.params, q.sync.bits, q.clients);
    for (size_t i = 0; i < q.n; i++) {
        print_answer(&q, q.steps[i]);
    }
    return 0;
}

static int main_federation(const struct gw_arguments *arguments)
{
    return gw_probe_command_ask(arguments, probe_federation);
}

static const struct gw_option options[] = {
    {"--params", NULL, "N", "Parameters that travel (default 1e9)"},
    {"--bits", NULL, "N", "Of each (default 16)"},
    {"--local-steps", NULL, "N[,...]", "Between two rounds (default 100)"},
    {"--clients", NULL, "N", "Of a round (default 8)"},
    {"--step", NULL, "SPAN", "Time of a local step (default 1 s)"},
    {"--topology", NULL, "NAME", "star or ring (default star)"},
    {"--rtt", NULL, "SPAN", "Round trip of the links (default 100 ms)"},
    {"--bandwidth", NULL, "RATE", "Of the links (default 10 Gbit/s)"},
    {"--fragments", NULL, "N", "In which a copy travels (default 1)"},
    {"--overlap", NULL, "N", "Steps that each may be late (default 0)"},
    {"--fixed", NULL, "SPAN", "Of every round: stop, start, compile (default 0 s)"},
    {"--train-power", NULL, "POWER", "Of a client in training (default 10 kW)"},
    {"--idle-power", NULL, "POWER", "Of a client that waits (default 2.5 kW)"},
    {"--network-energy", NULL, "X", "kWh per GB carried (default 0.001)"},
    {"--lost", NULL, "FRAC", "Updates that are lost (default 0)"},
    {0},
};

const struct gw_subject gw_probe_federation = {
    .name = "federation",
    .summary = "A round of federated learning: bytes, times, energy, how much worse it learns",
    .example = "geowatt probe federation --params 10e9 --bits 8 --local-steps 100,500 --topology ring",
    .options = options,
    .main = main_federation,
};
