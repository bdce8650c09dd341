/* sim/run/hdf5_quiet.h - HDF5 prints its errors unless told not to; here they become part of a sentence.
 *
 * begin and end enclose every use of HDF5, which is used by one thread at a time. */
#ifndef GW_SIM_RUN_HDF5_QUIET_H
#define GW_SIM_RUN_HDF5_QUIET_H

#include <hdf5.h>

/* What the program around us had set, to be put back. */
struct gw_hdf5_quiet {
    H5E_auto2_t print;
    void *to;
};

struct gw_hdf5_quiet gw_hdf5_quiet_begin(void);
void gw_hdf5_quiet_end(struct gw_hdf5_quiet before);

/* Why the last call failed, in the words of HDF5's innermost function. */
enum { GW_HDF5_QUIET_REASON_MAX = 160 };
void gw_hdf5_quiet_reason(char out[GW_HDF5_QUIET_REASON_MAX]);

#endif
