#include "plots/render.h"

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/check.h"

#define FULL_TURN 6.283185307179586

/* The child's exit status: 0, or Cairo's status above this. */
enum { CAIRO_STATUS_BASE = 100 };

/* --- in the child: the list through Cairo ------------------------------------------------------ */

struct pen {
    cairo_t *cr;
    const struct gw_canvas *canvas;
    cairo_font_face_t *face[2]; /* regular, bold */
};

static cairo_status_t write_to_pipe(void *fd_of_pipe, const unsigned char *bytes, unsigned n)
{
    const int fd = *(const int *)fd_of_pipe;
    for (unsigned done = 0; done < n;) {
        const ssize_t put = write(fd, bytes + done, n - done);
        if (put < 0 && errno != EINTR) {
            return CAIRO_STATUS_WRITE_ERROR;
        }
        done += put > 0 ? (unsigned)put : 0;
    }
    return CAIRO_STATUS_SUCCESS;
}

static void set_colour(cairo_t *cr, uint32_t rgb)
{
    cairo_set_source_rgb(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static void trace_path(const struct pen *pen, const struct gw_drawn *d)
{
    const struct gw_point *p = pen->canvas->point + d->point;
    cairo_move_to(pen->cr, p[0].x, p[0].y);
    for (size_t i = 1; i < d->points; i++) {
        cairo_line_to(pen->cr, p[i].x, p[i].y);
    }
}

static void draw_line(const struct pen *pen, const struct gw_drawn *d)
{
    cairo_set_line_width(pen->cr, d->width_pt);
    cairo_set_dash(pen->cr, &d->dash_pt, d->dash_pt > 0.0 ? 1 : 0, 0.0);
    trace_path(pen, d);
    cairo_stroke(pen->cr);
}

/* Glyphs at our own places, with the text beside them so that a PDF can be searched. */
static void draw_text(const struct pen *pen, const struct gw_drawn *d)
{
    const char *text = pen->canvas->text.at + d->text;
    const size_t length = strlen(text);
    struct gw_font_glyph *shaped = calloc(length, sizeof *shaped);
    cairo_glyph_t *glyph = calloc(length, sizeof *glyph);
    cairo_text_cluster_t *cluster = calloc(length, sizeof *cluster);
    if (shaped == NULL || glyph == NULL || cluster == NULL) {
        _exit(CAIRO_STATUS_BASE + CAIRO_STATUS_NO_MEMORY);
    }

    const struct gw_point at = pen->canvas->point[d->point];
    const size_t n = gw_font_shape(pen->canvas->font, d->bold, text, shaped, length, NULL);
    for (size_t i = 0; i < n; i++) {
        glyph[i] = (cairo_glyph_t){shaped[i].id, at.x + shaped[i].x_em * d->size_pt, at.y};
        cluster[i] = (cairo_text_cluster_t){(int)shaped[i].bytes, 1};
    }
    cairo_set_font_face(pen->cr, pen->face[d->bold]);
    cairo_set_font_size(pen->cr, d->size_pt);
    if (gw_text_is_utf8(text, length, NULL)) {
        cairo_show_text_glyphs(pen->cr, text, (int)length, glyph, (int)n, cluster, (int)n, 0);
    } else {
        cairo_show_glyphs(pen->cr, glyph, (int)n);
    }
    free(cluster);
    free(glyph);
    free(shaped);
}

static void draw_one(const struct pen *pen, const struct gw_drawn *d)
{
    cairo_t *cr = pen->cr;
    const struct gw_point *p = pen->canvas->point + d->point;
    set_colour(cr, d->rgb);
    switch (d->shape) {
    case GW_SHAPE_RECT:
        cairo_rectangle(cr, p[0].x, p[0].y, p[1].x, p[1].y);
        cairo_fill(cr);
        break;
    case GW_SHAPE_LINE:
        draw_line(pen, d);
        break;
    case GW_SHAPE_POLYGON:
        trace_path(pen, d);
        cairo_close_path(cr);
        cairo_fill(cr);
        break;
    case GW_SHAPE_DISC:
        cairo_new_sub_path(cr);
        cairo_arc(cr, p[0].x, p[0].y, d->size_pt, 0.0, FULL_TURN);
        cairo_fill(cr);
        break;
    case GW_SHAPE_TEXT:
        draw_text(pen, d);
        break;
    case GW_SHAPE_CLIP:
        cairo_save(cr);
        cairo_rectangle(cr, p[0].x, p[0].y, p[1].x, p[1].y);
        cairo_clip(cr);
        break;
    case GW_SHAPE_UNCLIP:
        cairo_restore(cr);
        break;
    }
}

/* Hinting would move letters by the pixel grid and so differ between formats. */
static void set_font_options(cairo_t *cr)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cr, options);
    cairo_font_options_destroy(options);
}

static cairo_status_t draw_all(cairo_surface_t *surface, const struct gw_canvas *canvas, double scale)
{
    struct pen pen = {.cr = cairo_create(surface), .canvas = canvas};
    for (int bold = 0; bold < 2; bold++) {
        pen.face[bold] =
            cairo_ft_font_face_create_for_ft_face(gw_font_face(canvas->font, bold), FT_LOAD_NO_HINTING);
    }
    cairo_scale(pen.cr, scale, scale);
    cairo_set_line_join(pen.cr, CAIRO_LINE_JOIN_ROUND);
    set_font_options(pen.cr);
    set_colour(pen.cr, 0xFFFFFF);
    cairo_paint(pen.cr);
    for (size_t i = 0; i < canvas->n_drawn; i++) {
        draw_one(&pen, &canvas->drawn[i]);
    }
    cairo_show_page(pen.cr);
    return cairo_status(pen.cr);
}

static cairo_surface_t *surface_for(const struct gw_canvas *canvas, const char *title,
                                    enum gw_render_format format, int *fd)
{
    const double width = canvas->width_pt, height = canvas->height_pt;
    cairo_surface_t *surface = NULL;
    switch (format) {
    case GW_RENDER_SVG:
        surface = cairo_svg_surface_create_for_stream(write_to_pipe, fd, width, height);
        cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PT);
        break;
    case GW_RENDER_PDF:
        surface = cairo_pdf_surface_create_for_stream(write_to_pipe, fd, width, height);
        cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4); /* what all publishers take */
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "geowatt");
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, NULL); /* it would be now */
        break;
    case GW_RENDER_PNG:
        surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(width * GW_RENDER_PNG_SCALE),
                                             (int)lround(height * GW_RENDER_PNG_SCALE));
        break;
    }
    GW_REQUIRE(surface != NULL);
    return surface;
}

static cairo_status_t draw_in_child(const struct gw_canvas *canvas, const char *title,
                                    enum gw_render_format format, int fd)
{
    cairo_surface_t *surface = surface_for(canvas, title, format, &fd);
    cairo_status_t status = draw_all(surface, canvas, format == GW_RENDER_PNG ? GW_RENDER_PNG_SCALE : 1.0);
    if (status == CAIRO_STATUS_SUCCESS && format == GW_RENDER_PNG) {
        status = cairo_surface_write_to_png_stream(surface, write_to_pipe, &fd);
    }
    cairo_surface_finish(surface);
    return status != CAIRO_STATUS_SUCCESS ? status : cairo_surface_status(surface);
}

/* --- in the parent ------------------------------------------------------------------------------ */

static enum gw_status read_to_end(int fd, struct gw_text *out, struct gw_error *err)
{
    char buffer[65536];
    for (;;) {
        const ssize_t got = read(fd, buffer, sizeof buffer);
        if (got == 0) {
            return GW_OK;
        }
        if (got < 0 && errno != EINTR) {
            return gw_fail(err, GW_ERR_OUTPUT, "figures", "the drawing process cannot be read from");
        }
        if (got > 0) {
            gw_text_add_n(out, buffer, (size_t)got);
        }
        if (out->failed) {
            return gw_fail(err, GW_ERR_NOMEM, "figures", "out of memory");
        }
    }
}

static enum gw_status wait_for(pid_t child, struct gw_error *err)
{
    int how = 0;
    pid_t ended;
    do {
        ended = waitpid(child, &how, 0);
    } while (ended < 0 && errno == EINTR);
    if (ended < 0) {
        return gw_fail(err, GW_ERR_OUTPUT, "figures", "how the drawing process ended cannot be found out");
    }
    if (WIFSIGNALED(how)) {
        return gw_fail(err, GW_ERR_OUTPUT, "figures", "the drawing process was ended by signal %d",
                       WTERMSIG(how));
    }
    const int exit_status = WEXITSTATUS(how);
    if (exit_status >= CAIRO_STATUS_BASE) {
        return gw_fail(err, GW_ERR_OUTPUT, "figures", "Cairo: %s",
                       cairo_status_to_string((cairo_status_t)(exit_status - CAIRO_STATUS_BASE)));
    }
    if (exit_status != 0) {
        return gw_fail(err, GW_ERR_OUTPUT, "figures", "the drawing process ended with status %d",
                       exit_status);
    }
    return GW_OK;
}

enum gw_status gw_render(const struct gw_canvas *canvas, const char *title, enum gw_render_format format,
                         struct gw_text *out, struct gw_error *err)
{
    GW_REQUIRE(!canvas->failed);
    GW_REQUIRE(canvas->open_clips == 0);
    int end[2];
    if (pipe(end) != 0) {
        return gw_fail(err, GW_ERR_OUTPUT, "figures", "no pipe can be opened to the drawing process");
    }
    const pid_t child = fork();
    if (child < 0) {
        close(end[0]);
        close(end[1]);
        return gw_fail(err, GW_ERR_OUTPUT, "figures", "the drawing process cannot be started");
    }
    if (child == 0) {
        close(end[0]);
        const cairo_status_t status = draw_in_child(canvas, title, format, end[1]);
        _exit(status == CAIRO_STATUS_SUCCESS ? 0 : CAIRO_STATUS_BASE + (int)status);
    }
    close(end[1]);
    const enum gw_status read_status = read_to_end(end[0], out, err);
    close(end[0]); /* a child still writing is ended by it */
    const enum gw_status child_status = wait_for(child, read_status == GW_OK ? err : NULL);
    return read_status != GW_OK ? read_status : child_status;
}
