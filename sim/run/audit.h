/* sim/run/audit.h - the books checked against what did not fill them.
 *
 *   energy     import + PV + wind + discharge + unserved = accelerators + hosts + spare nodes + supplies +
 *              cooling + power chain + charge + export + curtailed
 *   battery    charge = discharge + loss + change of what is stored
 *   shares     busy energy = sum of what the demand rows were charged
 *   rest       idle energy = (replica seconds standing - seconds stepping) x power at rest + unused
 *              accelerators
 *   requests   sent to a site = answered + refused + gave up + still there
 *
 * The first three are gw_ledger_residual. Rest is counted in seconds by one part of the engine and in joules
 * by another; requests are counted where they leave and where they end. Rest is checked at sites whose
 * replicas all rest at the same power. */
#ifndef GW_SIM_RUN_AUDIT_H
#define GW_SIM_RUN_AUDIT_H

#include "sim/run/tally.h"

/* The largest relative difference of any balance at any site. `staged`: replicas started and stopped, so that
 * power at rest is no constant and not checked. */
double gw_audit_residual(const struct gw_scenario *sc, const struct gw_ledger *ledger,
                         const struct gw_tally *tally, bool staged);

#endif
