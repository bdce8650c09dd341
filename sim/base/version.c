#include "sim/base/version.h"

#include "gw_version.h"

const char *gw_version_number(void)
{
    return GW_VERSION;
}

const char *gw_version_commit(void)
{
    return GW_VERSION_COMMIT;
}
