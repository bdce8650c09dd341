/* Run-now: every training job starts when it comes (one that may begin early, when it was meant to), where
 * accelerators are free, and runs until it is done. The floor for all policies that wait, stretch or move
 * jobs: carbon-agnostic, and nobody waits unless accelerators are short. */
#include <stdbool.h>

#include "models/policies/registry.h"

struct cfg {
    int32_t tier;
};

static const char *const tiers[] = {"reserved", "on-demand", "spot", "any", NULL};
static const struct gw_policy_param params[] = {
    {"tier", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, tier), GW_TIER_ANY, 0, 0, tiers,
     "On what terms: any takes reserved accelerators where they are free, else on demand"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

static int run_now_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                          struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    union {
        const void *from;
        void *to;
    } kept = {cfg}; /* the parameters are all there is to remember, and outlive the policy */
    *self = kept.to;
    return 0;
}

static bool is_free(const struct gw_job_desk *desk, uint32_t site, uint32_t tier, uint32_t width)
{
    if (tier == GW_TIER_ANY) {
        return desk->free(desk, site, GW_TIER_RESERVED) >= width ||
               desk->free(desk, site, GW_TIER_ON_DEMAND) >= width;
    }
    return desk->free(desk, site, tier) >= width;
}

/* Where it was; else the first allowed site with room; else the first allowed one, to wait in line there. */
static uint32_t choose(const struct gw_job_desk *desk, const struct gw_job_view *job, uint32_t tier)
{
    if (job->site != UINT32_MAX && is_free(desk, job->site, tier, job->width)) {
        return job->site;
    }
    uint32_t first = UINT32_MAX;
    for (uint32_t s = 0; s < job->sites; s++) {
        if (job->allowed[s] != 0) {
            if (is_free(desk, s, tier, job->width)) {
                return s;
            }
            first = first == UINT32_MAX ? s : first;
        }
    }
    return job->site != UINT32_MAX ? job->site : first;
}

static int run_now_schedule(void *self, const struct gw_view *view, const struct gw_job_desk *desk,
                            const struct gw_job_view *job, struct gw_schedule *out,
                            struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    const uint32_t tier = (uint32_t)((const struct cfg *)self)->tier;
    const struct gw_segment all = {
        job->now_us > job->meant_us ? job->now_us : job->meant_us,
        INT64_MAX,
        choose(desk, job, tier),
        tier,
        job->width,
        1.0,
    };
    return job->why == GW_LOOK_DONE ? 0 : out->add(out, &all);
}

const struct gw_policy_ops gw_policy_run_now = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_TRAINING,
    .name = "run-now",
    .summary = "Every job when it comes, where accelerators are free",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = run_now_create,
    .schedule = run_now_schedule,
};
