/* sim/base/version.h - which geowatt this is: goes into every result and into `geowatt --version`. */
#ifndef GW_SIM_BASE_VERSION_H
#define GW_SIM_BASE_VERSION_H

/* "0.1.0" */
const char *gw_version_number(void);

/* The source's commit, "3f2a90c41b7e"; with "-dirty" when tracked files differed from it, "unknown"
 * when the source was no git checkout. */
const char *gw_version_commit(void);

#endif
