#include "sim/run/compile_federation.h"

#include <math.h>

#include "models/hardware/hardware.h"
#include "models/network/egress.h"
#include "models/network/payload.h"
#include "sim/base/units.h"
#include "sim/run/compile_training.h"

static const struct gw_federated_cfg *row(const struct gw_scenario *sc, uint32_t i)
{
    return (const struct gw_federated_cfg *)sc->cfg.training.federated.at + i;
}

static const struct gw_federated_client_cfg *client_row(const struct gw_federated_cfg *cfg, uint32_t c)
{
    return (const struct gw_federated_client_cfg *)cfg->clients.at + c;
}

/* Round trips, bandwidth and prices of the scenario's network; within a site nothing takes time. */
static enum gw_status make_links(struct gw_compiler *c, const struct gw_federated_cfg *cfg,
                                 struct gw_federated_ready *out)
{
    const struct gw_scenario *sc = c->sc;
    const struct gw_network_cfg *network = &sc->cfg.network;
    const uint32_t n = cfg->clients.n;
    double *rtt_ms = gw_compiler_array(c, (size_t)n * n, sizeof *rtt_ms);
    double *gbps = gw_compiler_array(c, (size_t)n * n, sizeof *gbps);
    double *usd = gw_compiler_array(c, (size_t)n * n, sizeof *usd);
    if (rtt_ms == NULL || gbps == NULL || usd == NULL) {
        return gw_compiler_no_memory(c);
    }
    for (uint32_t a = 0; a < n; a++) {
        for (uint32_t b = 0; b < n; b++) {
            const uint32_t from = client_row(cfg, a)->site, to = client_row(cfg, b)->site;
            const struct gw_place *here = sc->site[from].place, *there = sc->site[to].place;
            const size_t cell = (size_t)a * n + b;
            rtt_ms[cell] = from != to ? gw_ms_from_us((double)gw_network_rtt_us(network, here, there)) : 0.0;
            gbps[cell] = from != to ? gw_bandwidth_sites(&network->bandwidth, rtt_ms[cell])
                                    : network->bandwidth.link_gbps;
            usd[cell] =
                from != to && network->egress != NULL ? gw_egress_sites(network->egress, here, there) : 0.0;
            usd[cell] = isnan(usd[cell]) ? 0.0 : usd[cell];
        }
    }
    out->links = (struct gw_fed_links){rtt_ms, gbps, usd};
    return GW_OK;
}

/* The nodes of a client; NULL when it has none, with a sentence when the pool does not have them. */
static enum gw_status find_node(struct gw_compiler *c, const struct gw_federated_client_cfg *client,
                                struct gw_compiler_place at, const struct gw_machine **out)
{
    const struct gw_scenario *sc = c->sc;
    *out = client->node;
    if (client->pool == NULL) {
        return GW_OK;
    }
    const struct gw_site_cfg *site = (const struct gw_site_cfg *)sc->cfg.sites.at + client->site;
    if (*client->pool >= (int64_t)site->pools.n) {
        return gw_compiler_fail(c, GW_ERR_RANGE, at, "site \"%s\" has %u pools, counted from 0", site->name,
                                (unsigned)site->pools.n);
    }
    const struct gw_pool_cfg *pool = (const struct gw_pool_cfg *)site->pools.at + *client->pool;
    const int64_t taken = gw_compile_training_taken(sc, client->site, (uint32_t)*client->pool);
    *out = pool->node;
    return taken <= pool->count ? GW_OK
                                : gw_compiler_fail(c, GW_ERR_RANGE, at,
                                                   "pool %lld of site \"%s\" has %lld nodes, and training "
                                                   "asks for %lld",
                                                   (long long)*client->pool, site->name,
                                                   (long long)pool->count, (long long)taken);
}

/* What nobody gave is what the nodes take and draw: a step's arithmetic at their share of the peak rate. */
static enum gw_status take_nodes(struct gw_compiler *c, const struct gw_federated_cfg *cfg,
                                 const struct gw_machine *node, const struct gw_federated_client_cfg *from,
                                 struct gw_compiler_place at, struct gw_fed_client *out)
{
    const int64_t accelerators = from->nodes * node->count;
    const struct gw_compile_training_ask ask = {cfg->llm,           node, accelerators, from->tokens_per_step,
                                                cfg->adapters_frac, NULL};
    struct gw_training t;
    const enum gw_status s = gw_compile_training_estimate(c, &ask, at, &t);
    if (s != GW_OK) {
        return s;
    }
    const double nodes = (double)from->nodes;
    out->steps_per_s = isnan(from->step_s) ? 1.0 / t.ideal_s : out->steps_per_s;
    out->train_kw = isnan(from->power_kw) ? gw_kw_from_w(nodes * t.compute_w) : out->train_kw;
    out->idle_kw = isnan(from->held_power_kw)
                       ? gw_kw_from_w(nodes * gw_machine_plug_w(node, node->accelerator->loaded_idle_w))
                       : out->idle_kw;
    out->accelerators = isnan(from->accelerators) ? (double)accelerators : out->accelerators;
    return GW_OK;
}

/* A site is one domain of excess power; the first of its clients names it. */
static enum gw_status fill_client(struct gw_compiler *c, const struct gw_federated_cfg *cfg, uint32_t k,
                                  struct gw_compiler_place at, struct gw_fed_client *out)
{
    const struct gw_federated_client_cfg *from = client_row(cfg, k);
    const struct gw_machine *node = NULL;
    uint32_t domain = 0;
    while (client_row(cfg, domain)->site != from->site) {
        domain++;
    }
    *out = (struct gw_fed_client){.name = c->sc->site_name[from->site],
                                  .steps_per_s = 1.0 / from->step_s,
                                  .tok_per_step = from->tokens_per_step,
                                  .train_kw = from->power_kw,
                                  .idle_kw = isnan(from->held_power_kw) ? 0.0 : from->held_power_kw,
                                  .accelerators = isnan(from->accelerators) ? 0.0 : from->accelerators,
                                  .start_s = from->start_s,
                                  .utility = from->utility,
                                  .domain = domain};
    enum gw_status s = find_node(c, from, at, &node);
    s = s == GW_OK && node != NULL && cfg->llm != NULL ? take_nodes(c, cfg, node, from, at, out) : s;
    if (s == GW_OK && from->pool == NULL) { /* the plant is built for it; for pools it is already */
        c->sc->site[from->site].nameplate_kw += out->train_kw;
    }
    return s;
}

static enum gw_status compile_job(struct gw_compiler *c, uint32_t i)
{
    struct gw_scenario *sc = c->sc;
    const struct gw_federated_cfg *cfg = row(sc, i);
    struct gw_federated_ready *out = &sc->federated[i];
    const struct gw_compiler_place at = gw_compiler_at("training.federated[%u]", (unsigned)i);
    struct gw_fed_client *client = gw_compiler_array(c, cfg->clients.n, sizeof *client);
    if (client == NULL) {
        return gw_compiler_no_memory(c);
    }
    *out =
        (struct gw_federated_ready){.cfg = cfg, .clients = cfg->clients.n, .client = client, .job = cfg->job};
    const struct gw_sync_cfg usual = gw_sync_default(1.0);
    out->job.sync.agg_bytes_per_s = usual.agg_bytes_per_s;
    out->job.kwh_per_gb = gw_payload_kwh(&sc->cfg.network, 1e9);
    const double all = cfg->llm != NULL ? cfg->llm->params : out->job.sync.params;
    if (isnan(out->job.sync.params)) {
        out->job.sync.params = cfg->adapters_frac > 0.0 ? cfg->adapters_frac * all : all;
    }
    out->job.convergence.params = isnan(cfg->law_params) ? all : cfg->law_params;
    out->job.convergence.row = cfg->rows.at;
    out->job.convergence.n_rows = cfg->rows.n;
    bool found = cfg->aggregator_at == UINT32_MAX;
    for (uint32_t k = 0; k < out->clients; k++) {
        const enum gw_status s = fill_client(c, cfg, k, at, &client[k]);
        if (s != GW_OK) {
            return s;
        }
        if (!found && client_row(cfg, k)->site == cfg->aggregator_at) {
            out->job.aggregator_site = k;
            found = true;
        }
    }
    if (!found) {
        return gw_compiler_fail(c, GW_ERR_RANGE, at, "aggregator_site is the site of none of its clients");
    }
    struct gw_error err;
    const enum gw_status s = gw_federation_check(&out->job, out->clients, client, &err);
    return s == GW_OK ? make_links(c, cfg, out) : gw_compiler_fail(c, s, at, "%s: %s", err.where, err.why);
}

enum gw_status gw_compile_federation(struct gw_compiler *c)
{
    struct gw_scenario *sc = c->sc;
    sc->n_federated = sc->cfg.training.federated.n;
    sc->federated = gw_compiler_array(c, sc->n_federated, sizeof *sc->federated);
    enum gw_status s = sc->federated != NULL ? GW_OK : gw_compiler_no_memory(c);
    for (uint32_t i = 0; i < sc->n_federated && s == GW_OK; i++) {
        s = compile_job(c, i);
    }
    return s;
}
