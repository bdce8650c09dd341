#include "plots/page.h"

#include <inttypes.h>
#include <string.h>

#include "plots/mark.h"
#include "plots/theme.h"
#include "sim/core/clock.h"

#define LEADING       1.32 /* from line to line, per size of letters */
#define SIGN_WIDTH_PT 10.0
#define SIGN_GAP_PT   4.0
#define KEY_GAP_PT    12.0
#define KEY_LINE_PT   11.0

/* --- text ----------------------------------------------------------------------------------------- */

enum { LINE_BYTES = 1024 };

/* The longest start of `text` that ends at a blank and fits; at least one word. */
static size_t line_length(const struct gw_canvas *canvas, struct gw_lettering how, const char *text,
                          double width_pt)
{
    char line[LINE_BYTES];
    size_t fits = 0;
    for (size_t end = 0; text[end] != '\0';) {
        end += strspn(text + end, " ");
        end += strcspn(text + end, " ");
        if (end >= LINE_BYTES) {
            return fits > 0 ? fits : LINE_BYTES - 1;
        }
        memcpy(line, text, end);
        line[end] = '\0';
        if (fits > 0 && gw_canvas_text_width_pt(canvas, how, line) > width_pt) {
            return fits;
        }
        fits = end;
    }
    return fits;
}

/* Sets text between left and right from self->y on; a word that is too wide ends in an ellipsis. */
static void paragraph(struct gw_page *self, struct gw_lettering how, const char *text)
{
    const double width = self->right - self->left, descent = (LEADING - 1.0) * how.size_pt;
    while (text[0] != '\0') {
        char line[LINE_BYTES], shown[LINE_BYTES];
        const size_t n = line_length(self->canvas, how, text, width);
        memcpy(line, text, n);
        line[n] = '\0';
        gw_font_fit(self->canvas->font, how.bold, how.size_pt, line, width, shown, sizeof shown);
        self->y += how.size_pt * LEADING;
        gw_canvas_text(self->canvas, (struct gw_point){self->left, self->y - descent}, GW_ANCHOR_START, how,
                       shown);
        text += n;
        text += strspn(text, " ");
    }
}

void gw_page_open(struct gw_page *self, struct gw_canvas *canvas, struct gw_text *title,
                  struct gw_text *subtitle)
{
    *self = (struct gw_page){
        .canvas = canvas,
        .left = GW_THEME_MARGIN_PT,
        .right = canvas->width_pt - GW_THEME_MARGIN_PT,
        .y = GW_THEME_MARGIN_PT - 2.0, /* the ascent of the title is its own air */
    };
    canvas->failed = canvas->failed || title->failed || subtitle->failed;
    if (!canvas->failed) {
        paragraph(self, GW_THEME_TITLE, title->at);
        paragraph(self, GW_THEME_SMALL, subtitle->at);
    }
    self->y += 5.0;
    gw_text_fini(title);
    gw_text_fini(subtitle);
}

void gw_page_note(struct gw_page *self, const char *text)
{
    paragraph(self, GW_THEME_SMALL, text);
}

/* --- keys ----------------------------------------------------------------------------------------- */

static void draw_sign(struct gw_canvas *canvas, struct gw_point at, const struct gw_page_key *key)
{
    const struct gw_point middle = {at.x + SIGN_WIDTH_PT / 2, at.y};
    const struct gw_box box = {at.x, at.y - 3.0, SIGN_WIDTH_PT, 6.0};
    switch (key->sign) {
    case GW_PAGE_SWATCH:
        gw_canvas_rect(canvas, box, key->rgb);
        break;
    case GW_PAGE_HATCHED:
        gw_canvas_rect(canvas, box, GW_THEME_OUT);
        gw_mark_hatch(canvas, box, key->rgb);
        break;
    case GW_PAGE_WHISKER:
        gw_mark_whisker(canvas, at.x + 1.0, at.x + SIGN_WIDTH_PT - 1.0, at.y, 4.0, GW_THEME_WHISKER_LINE);
        break;
    case GW_PAGE_DASHED:
        gw_canvas_segment(canvas, (struct gw_point){middle.x, at.y - 4.0},
                          (struct gw_point){middle.x, at.y + 4.0}, GW_THEME_REFERENCE_LINE);
        break;
    case GW_PAGE_TEXT:
        break;
    }
}

static double sign_width(const struct gw_page_key *key)
{
    return key->sign == GW_PAGE_TEXT ? 0.0 : SIGN_WIDTH_PT + SIGN_GAP_PT;
}

void gw_page_key(struct gw_canvas *canvas, struct gw_point at, double width_pt, const struct gw_page_key *key)
{
    char text[256];
    const struct gw_lettering how = GW_THEME_SMALL;
    const double sign = sign_width(key);
    gw_font_fit(canvas->font, how.bold, how.size_pt, key->text, width_pt - sign, text, sizeof text);
    draw_sign(canvas, at, key);
    gw_canvas_text_centred(canvas, (struct gw_point){at.x + sign, at.y}, GW_ANCHOR_START, how, text);
}

void gw_page_keys(struct gw_page *self, const struct gw_page_key *key, size_t n)
{
    double x = self->left;
    for (size_t i = 0; i < n; i++) {
        const double width =
            sign_width(&key[i]) + gw_canvas_text_width_pt(self->canvas, GW_THEME_SMALL, key[i].text);
        if (x > self->left && x + width > self->right) {
            x = self->left;
            self->y += KEY_LINE_PT;
        }
        gw_page_key(self->canvas, (struct gw_point){x, self->y + KEY_LINE_PT / 2}, self->right - x, &key[i]);
        x += width + KEY_GAP_PT;
    }
    self->y += n > 0 ? KEY_LINE_PT : 0.0;
}

/* --- source --------------------------------------------------------------------------------------- */

void gw_page_close(struct gw_page *self, const struct gw_result_file *result)
{
    struct gw_text source = {0};
    gw_text_addf(&source, "geowatt %s (%s) · scenario %s", result->version, result->commit,
                 result->scenario_name);
    gw_text_addf(&source, " · seed %" PRIu64 " · %u replication%s", result->seed, result->replications,
                 result->replications == 1 ? "" : "s");
    gw_text_addf(&source, " · result %016" PRIx64, result->checksum);
    self->y += 4.0;
    if (source.failed) {
        self->canvas->failed = true;
    } else {
        gw_page_note(self, source.at);
    }
    gw_text_fini(&source);
    gw_canvas_set_height(self->canvas, self->y + GW_THEME_MARGIN_PT - 4.0);
}

void gw_page_add_run(struct gw_text *out, const struct gw_result_file *result)
{
    char span[GW_CLOCK_TEXT_MAX];
    gw_clock_print_span(result->duration_us, span);
    const struct gw_calendar c = gw_clock_calendar(result->start_unix_us);
    gw_text_addf(out, "%s from %04d-%02d-%02d %02d:%02d UTC", span, c.year, c.month, c.day, c.hour, c.minute);
}

void gw_page_add_span(struct gw_text *out, const struct gw_result_file *result)
{
    gw_page_add_run(out, result);
    gw_text_addf(out, ", %u site%s", result->sites, result->sites == 1 ? "" : "s");
    if (result->replications > 1) {
        gw_text_addf(out, "; means of %u replications", result->replications);
    }
}
