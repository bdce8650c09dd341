#include "plots/rows.h"

#include <math.h>

#include "plots/theme.h"

#define NAME_WIDTH_MAX_PT 92.0
#define PITCH_MIN_PT      9.2
#define PITCH_MAX_PT      14.0
#define BAND_OVERHANG_PT  3.0

enum { NAME_BYTES = 256 };

bool gw_rows_init(struct gw_rows *self, const struct gw_canvas *canvas, const struct gw_result_file *result,
                  size_t blocks, double furniture_pt, double height_pt, struct gw_arena *arena)
{
    *self = (struct gw_rows){.result = result};
    self->runs = gw_arena_array(arena, result->policies, sizeof *self->runs);
    if (self->runs == NULL) {
        return false;
    }
    for (uint32_t p = 0; p < result->policies; p++) {
        self->runs[p] = gw_summary_runs(result, p);
        self->any_outside = self->any_outside || (self->runs[p].whole > 0 && !self->runs[p].comparable);
        self->names_pt =
            fmax(self->names_pt, gw_canvas_text_width_pt(canvas, GW_THEME_BODY, result->policy[p]));
    }
    self->names_pt = fmin(self->names_pt, NAME_WIDTH_MAX_PT);
    const double pitch_pt = (height_pt / (double)blocks - furniture_pt) / result->policies;
    self->pitch_pt = fmin(fmax(pitch_pt, PITCH_MIN_PT), PITCH_MAX_PT);
    return true;
}

double gw_rows_height_pt(const struct gw_rows *self)
{
    return self->result->policies * self->pitch_pt;
}

struct gw_bands gw_rows_bands(const struct gw_rows *self, double top)
{
    return (struct gw_bands){top, top + gw_rows_height_pt(self), self->result->policies};
}

struct gw_lettering gw_rows_lettering(const struct gw_rows *self, uint32_t policy)
{
    return self->runs[policy].comparable ? GW_THEME_BODY : GW_THEME_SMALL;
}

void gw_rows_draw_names(const struct gw_rows *self, struct gw_canvas *canvas, double left, double right,
                        double top)
{
    const struct gw_bands bands = gw_rows_bands(self, top);
    for (uint32_t p = 0; p < self->result->policies; p++) {
        const double y = gw_scale_band_centre(&bands, p);
        if (p % 2 == 1) {
            gw_canvas_rect(canvas,
                           (struct gw_box){left - BAND_OVERHANG_PT, y - self->pitch_pt / 2,
                                           right - left + 2 * BAND_OVERHANG_PT, self->pitch_pt},
                           GW_THEME_BAND);
        }
        char name[NAME_BYTES];
        const struct gw_lettering how = gw_rows_lettering(self, p);
        gw_font_fit(canvas->font, how.bold, how.size_pt, self->result->policy[p], self->names_pt, name,
                    sizeof name);
        gw_canvas_text_centred(canvas, (struct gw_point){left, y}, GW_ANCHOR_START, how, name);
    }
}

/* --- notes ---------------------------------------------------------------------------------------- */

/* Adds one policy to a note's list, with commas between. */
static void add_name(struct gw_text *note, bool *any, const char *name)
{
    gw_text_addf(note, "%s%s", *any ? ", " : "", name);
    *any = true;
}

static void note_if(struct gw_page *page, struct gw_text *note, bool any)
{
    page->canvas->failed = page->canvas->failed || note->failed;
    if (any && !note->failed) {
        gw_page_note(page, note->at);
    }
    gw_text_fini(note);
}

static void note_outside(const struct gw_rows *self, struct gw_page *page)
{
    struct gw_text note = {0};
    bool any = false;
    gw_text_add(&note, "Not comparable, work done differs from the baseline’s by more than 0.1 %: ");
    for (uint32_t p = 0; p < self->result->policies; p++) {
        if (self->runs[p].whole > 0 && !self->runs[p].comparable) {
            add_name(&note, &any, self->result->policy[p]);
        }
    }
    note_if(page, &note, any);
}

static void note_failed(const struct gw_rows *self, struct gw_page *page)
{
    struct gw_text note = {0};
    bool any = false;
    gw_text_add(&note, "Failed runs, left out: ");
    for (uint32_t p = 0; p < self->result->policies; p++) {
        if (self->runs[p].failed > 0) {
            add_name(&note, &any, self->result->policy[p]);
            gw_text_addf(&note, " (%u of %u)", self->runs[p].failed, self->result->replications);
        }
    }
    note_if(page, &note, any);
}

void gw_rows_draw_notes(const struct gw_rows *self, struct gw_page *page)
{
    if (self->runs[self->result->baseline].whole == 0) {
        gw_page_note(page, "No run of the baseline is whole: nothing can be compared with it.");
    } else {
        note_outside(self, page);
    }
    note_failed(self, page);
}
