/* sim/cli/locate.h - scenarios that came with geowatt: beside the installed program, or in its source tree.
 */
#ifndef GW_SIM_CLI_LOCATE_H
#define GW_SIM_CLI_LOCATE_H

/* `name` itself when there is such a file, else NAME.yaml among the scenarios that came along, else `name`
 * again, so that the error names what was asked for. The caller frees; NULL when memory is out. */
char *gw_locate_scenario(const char *name);

#endif
