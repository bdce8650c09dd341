/* models/training/yard_private.h - the state of a yard, shared by `yard*.c` only. */
#ifndef GW_MODELS_TRAINING_YARD_PRIVATE_H
#define GW_MODELS_TRAINING_YARD_PRIVATE_H

#include "models/training/yard.h"
#include "sim/core/event.h"
#include "sim/core/moments.h"

#define GW_YARD_NONE UINT32_MAX

enum gw_yard_phase {
    GW_YARD_TO_COME,
    GW_YARD_WAITING,
    GW_YARD_IN_LINE, /* its segment has begun, its accelerators are not free */
    GW_YARD_MOVING,
    GW_YARD_PREPARING,
    GW_YARD_WORKING,
    GW_YARD_SAVING,
    GW_YARD_DONE
};

/* Doubly linked through the jobs; both ends GW_YARD_NONE when empty. */
struct gw_yard_list {
    uint32_t first, last;
};
struct gw_yard_link {
    uint32_t before, after;
};

struct gw_yard_job {
    enum gw_yard_phase phase;
    gw_time_us from_us, to_us; /* of the phase; to_us of working: until it would be done */
    gw_time_us cut_us;         /* end of the segment that is on */
    gw_time_us look_us, strike_us;
    enum gw_look strike;
    struct gw_segment *segment; /* what is planned, from `next` on */
    uint32_t n, next;
    size_t cap;
    uint32_t wait_tier;
    struct gw_event_handle event;
    /* what is held: site, tier and width; where the checkpoint is, and how wide it was written */
    uint32_t site, tier, width;
    uint32_t data_site, data_width;
    double power, speed;
    int64_t draw_uw, draw_held_uw; /* that it adds to its site's power now; of it for holding */
    uint32_t draw_width;           /* accelerators at work */
    double left_us, unsaved_us;
    double unsaved_j, phase_j; /* energy of the unsaved work; since the phase began */
    gw_time_us booked_us;      /* until when energy, carbon and money are in its record */
    gw_time_us free_since_us;
    uint32_t attempts;
    struct gw_yard_link link;  /* of the line it is in, or of the holders of its site and tier */
    struct gw_yard_link watch; /* of those who wait for a tier */
    uint64_t joined, watched;  /* when it did so, counted; who came first among equals */
    bool leaving;              /* it saves, and gives back what was taken from it */
    bool asked;                /* asked: told that it was denied, and has not changed its mind */
};

struct gw_yard_ground {
    uint32_t total[GW_TIERS], used[GW_TIERS];
    uint32_t leaving[GW_TIERS];            /* of the used ones those that are not in the total any more */
    struct gw_yard_list holders[GW_TIERS]; /* in the order in which they got theirs */
    struct gw_yard_list *line;             /* [queues] */
    uint32_t *wanted; /* [queues][GW_TIERS + 1] who stands in line, by the tier asked for */
    bool out, freed;
    int64_t work_uw, held_uw; /* power now */
    uint32_t at_work;         /* accelerators */
    gw_time_us read_us;       /* until when the sums go */
    struct gw_sum work, held, lost, usd, work_s, nodes_s, held_s[GW_TIERS];
};

/* What the policy writes. */
struct gw_yard_draft {
    struct gw_schedule public; /* first: the policy hands its address back */
    struct gw_yard *yard;
    uint32_t job;
    struct gw_segment *segment;
    uint32_t n;
    size_t cap;
    char broken[160]; /* the first sentence about what broke the contract */
};

struct gw_yard_desk {
    struct gw_job_desk public; /* first */
    struct gw_yard *yard;
};

struct gw_yard {
    struct gw_yard_cfg cfg;
    gw_time_us now_us;
    struct gw_event_queue *queue;
    struct gw_yard_job *job; /* [jobs] */
    struct gw_job_record *record;
    struct gw_yard_ground *ground; /* [sites] */
    uint32_t queues;
    uint32_t *held;                          /* [queues] accelerators, all sites and tiers */
    struct gw_yard_list *watchers[GW_TIERS]; /* [queues] */
    uint32_t *cursor, *told;                 /* [queues] of walks along a line; along watchers */
    uint64_t joins;
    uint32_t arrived, done;
    uint64_t looks;
    bool any_freed;
    uint8_t *everywhere; /* [sites] all 1 */
    struct gw_yard_draft draft;
    struct gw_yard_desk desk;
    struct gw_error *err; /* of the call under way */
};

/* ---- yard_look.c: the policy's side ---- */
void gw_yard_look_init(struct gw_yard *self);

/* Asks the policy; its answer stands in self->draft. */
GW_MUST_USE enum gw_status gw_yard_look(struct gw_yard *self, uint32_t job, enum gw_look why);
uint32_t gw_yard_look_free(const struct gw_yard *self, uint32_t site, uint32_t tier);
/* Work that would be left if it stopped now, saved. */
double gw_yard_look_left_us(const struct gw_yard *self, uint32_t job);
gw_time_us gw_yard_look_move_us(const struct gw_yard *self, uint32_t job, uint32_t from, uint32_t to);

/* ---- yard_line.c: who waits for accelerators ---- */

/* False when memory is out. */
bool gw_yard_line_init(struct gw_yard *self);
void gw_yard_line_fini(struct gw_yard *self);
int32_t gw_yard_line_priority(const struct gw_yard *self, uint32_t job);
/* Accelerators that its quota leaves to a job. */
uint32_t gw_yard_line_room(const struct gw_yard *self, uint32_t job);
/* Whether somebody in line goes before this newcomer if he wants this tier. */
bool gw_yard_line_claims(const struct gw_yard *self, uint32_t site, uint32_t tier, uint32_t job);
/* The tier in which a newcomer gets what a segment asks for; GW_YARD_NONE: none. */
uint32_t gw_yard_line_tier(const struct gw_yard *self, const struct gw_segment *segment, uint32_t job);
void gw_yard_line_join(struct gw_yard *self, uint32_t job);
void gw_yard_line_leave(struct gw_yard *self, uint32_t job);
/* The first in a site's line who can be served now, and in which tier; GW_YARD_NONE: nobody. */
uint32_t gw_yard_line_first(const struct gw_yard *self, uint32_t site, uint32_t *tier);
void gw_yard_line_watch(struct gw_yard *self, uint32_t job, uint32_t tier);
/* A walk along those who wait for a tier; each is told once, whatever he then does. GW_YARD_NONE: the end. */
void gw_yard_line_watchers(struct gw_yard *self, uint32_t tier);
uint32_t gw_yard_line_next_watcher(struct gw_yard *self);

/* ---- yard_books.c: accelerators, power and money ---- */
bool gw_yard_books_fits(const struct gw_yard *self, uint32_t site, uint32_t tier, uint32_t width);
/* From waiting or standing in line to holding: site, tier and width of the job are set. */
void gw_yard_books_take(struct gw_yard *self, uint32_t job);
void gw_yard_books_release(struct gw_yard *self, uint32_t job);
/* A site's sums up to now, before what they run over changes. */
void gw_yard_books_settle(struct gw_yard *self, uint32_t site);
/* Its power from now on; 0 W while it holds nothing. */
void gw_yard_books_draw(struct gw_yard *self, uint32_t job);
/* Energy, carbon and money up to now into the record. */
void gw_yard_books_account(struct gw_yard *self, uint32_t job);
void gw_yard_books_lose(struct gw_yard *self, uint32_t job, double lost_j);

struct gw_yard_meter gw_yard_books_read(struct gw_yard *self, uint32_t site, gw_time_us at_us);

void gw_yard_books_list_add(struct gw_yard *self, struct gw_yard_list *list, uint32_t job);
void gw_yard_books_list_remove(struct gw_yard *self, struct gw_yard_list *list, uint32_t job);

static inline bool gw_yard_holds(const struct gw_yard_job *j)
{
    return j->phase == GW_YARD_PREPARING || j->phase == GW_YARD_WORKING || j->phase == GW_YARD_SAVING;
}

static inline const struct gw_job_kind *gw_yard_kind(const struct gw_yard *self, uint32_t job)
{
    return &self->cfg.kind[self->cfg.job[job].kind];
}

/* Accelerators that it holds to work on so many. */
static inline uint32_t gw_yard_needs(const struct gw_yard *self, uint32_t job, uint32_t width)
{
    return width + gw_yard_kind(self, job)->spares;
}

#endif
