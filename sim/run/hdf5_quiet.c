#include "sim/run/hdf5_quiet.h"

#include <stdio.h>

struct gw_hdf5_quiet gw_hdf5_quiet_begin(void)
{
    struct gw_hdf5_quiet before = {0};
    H5Eget_auto2(H5E_DEFAULT, &before.print, &before.to);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return before;
}

void gw_hdf5_quiet_end(struct gw_hdf5_quiet before)
{
    H5Eset_auto2(H5E_DEFAULT, before.print, before.to);
}

static herr_t take_first(unsigned n, const H5E_error2_t *error, void *to)
{
    (void)n;
    snprintf(to, GW_HDF5_QUIET_REASON_MAX, "%s", error->desc);
    return 1; /* ends the walk */
}

void gw_hdf5_quiet_reason(char out[GW_HDF5_QUIET_REASON_MAX])
{
    snprintf(out, GW_HDF5_QUIET_REASON_MAX, "no reason given");
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, out);
}
