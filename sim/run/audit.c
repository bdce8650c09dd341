#include "sim/run/audit.h"

#include <math.h>

#include "sim/base/units.h"

static double imbalance(double source, double use)
{
    const double larger = fmax(fabs(source), fabs(use));
    return larger > 0.0 ? fabs(source - use) / larger : 0.0;
}

/* Watts of one replica at rest when all of the site's rest alike, else NAN. */
static double rest_w(const struct gw_site *site)
{
    double w = NAN;
    for (uint32_t g = 0; g < site->n_groups; g++) {
        const double mine = site->group[g].idle_w / site->group[g].replicas;
        if (!isnan(w) && mine != w) {
            return NAN;
        }
        w = mine;
    }
    return w;
}

/* Relative to what the replicas would draw at rest all the time: a busy site has hardly any rest to compare.
 */
static double rest_imbalance(const struct gw_scenario *sc, const struct gw_ledger *ledger, uint32_t s)
{
    const struct gw_site *site = &sc->site[s];
    const double w = rest_w(site), standing_s = gw_ledger_site(ledger, s, GW_ACCOUNT_REPLICA_S);
    if (isnan(w) || standing_s == 0.0) {
        return 0.0;
    }
    double unused_w = 0.0;
    for (uint32_t g = 0; g < site->n_groups; g++) {
        unused_w += site->group[g].unused_idle_w;
    }
    const double resting_s = standing_s - gw_ledger_site(ledger, s, GW_ACCOUNT_BUSY_S);
    const double unused_j = unused_w * gw_s_from_us(sc->cfg.time.duration_us);
    const double booked_j = gw_j_from_kwh(gw_ledger_site(ledger, s, GW_ACCOUNT_IDLE));
    return fabs(booked_j - (resting_s * w + unused_j)) / (standing_s * w + unused_j);
}

static double request_imbalance(const struct gw_scenario *sc, const struct gw_tally *tally)
{
    double sent = 0.0, ended = 0.0;
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        const struct gw_tally_row *row = &tally->row[d];
        sent += (double)(row->sent + row->taken_over);
        ended += (double)(row->passed_on + row->completed + row->dropped + row->timed_out + row->unfinished);
    }
    return imbalance(sent, ended);
}

double gw_audit_residual(const struct gw_scenario *sc, const struct gw_ledger *ledger,
                         const struct gw_tally *tally, bool staged)
{
    double worst = gw_ledger_residual(ledger);
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        worst = fmax(worst, staged ? 0.0 : rest_imbalance(sc, ledger, s));
        worst = fmax(worst, request_imbalance(sc, &tally[s]));
    }
    return worst;
}
