/* sim/cli/score_table.h - the scores for people: two small tables that fit 80 columns.
 *
 *                       carbon             water              cost
 *   policy               kgCO2                 L               USD
 *   nearest           12.34  base        456  base      78.9  base
 *   greedy-carbon      5.67* -54.1 %     401* -12.1 %   80.1  +1.5 %
 *
 * The best value of a column is marked among comparable rows. With several replications values are means and
 * a line below each row gives the half width of their 95 % Student interval; changes are means of paired
 * differences. */
#ifndef GW_SIM_CLI_SCORE_TABLE_H
#define GW_SIM_CLI_SCORE_TABLE_H

#include "sim/base/text.h"
#include "sim/run/result.h"
#include "sim/run/scenario.h"

void gw_score_table_print(const struct gw_scenario *sc, const struct gw_result *result, bool colour,
                          struct gw_text *out);

#endif
