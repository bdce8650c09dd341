#include "sim/tree/tree.h"

#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/tree/dump.h"
#include "sim/tree/include.h"
#include "sim/tree/path.h"

enum gw_status gw_tree_parse(struct gw_tree *self, const char *bytes, size_t n, const char *name,
                             const struct gw_source *source, struct gw_errors *errs)
{
    *self = (struct gw_tree){0};
    enum gw_status s;
    if (n > GW_TREE_BYTES) {
        gw_errors_add(errs, GW_ERR_RANGE, name, "the file has %zu MiB; %d MiB are the most", n >> 20,
                      GW_TREE_BYTES >> 20);
        s = GW_ERR_RANGE;
    } else {
        s = gw_include_read(self, bytes, n, name, source, errs);
    }
    if (s != GW_OK) {
        gw_tree_fini(self);
    }
    return s;
}

enum gw_status gw_tree_load(struct gw_tree *self, const char *path, const struct gw_source *source,
                            struct gw_errors *errs)
{
    *self = (struct gw_tree){0};
    char *bytes = NULL;
    size_t n = 0;
    struct gw_error err = {0};
    enum gw_status s = source != NULL ? source->read(source->from, path, GW_TREE_BYTES, &bytes, &n, &err)
                                      : gw_file_read(path, GW_TREE_BYTES, &bytes, &n, &err);
    if (s != GW_OK) {
        gw_errors_add(errs, s, err.where[0] != '\0' ? err.where : path, "%s", err.why);
        return s;
    }
    s = gw_tree_parse(self, bytes, n, path, source, errs);
    free(bytes);
    return s;
}

void gw_tree_fini(struct gw_tree *self)
{
    gw_arena_fini(&self->arena);
    *self = (struct gw_tree){0};
}

enum gw_status gw_tree_set(struct gw_tree *self, const char *assignment, struct gw_errors *errs)
{
    return gw_path_assign(self, assignment, errs);
}

struct gw_node *gw_tree_at(const struct gw_tree *self, const char *path)
{
    return gw_path_find(self->root, path);
}

void gw_tree_dump(const struct gw_node *node, bool origins, struct gw_text *out)
{
    gw_dump_write(node, origins, out);
}
