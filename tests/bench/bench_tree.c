/* A scenario of one megabyte: YAML to tree, tree to structs, tree to YAML; and the shapes that make careless
 * loaders quadratic. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "tests/bench/bench.h"
#include "tests/support/small_world.h"

void gw_bench_tree(struct gw_bench *b);

/* What is loaded, in which the tables of small_world.h find 2 000 sites, 3 000 models and 10 500 demands. */
static void write_scenario(struct gw_text *out)
{
    gw_text_add(out, "name: bench\nseed: 7\nsites:\n");
    for (int i = 0; i < 2000; i++) {
        gw_text_addf(
            out,
            "  - { name: site-%d, grid: REGION-%d, pools: [ { node: h100x8, count: %d } ], pv: 2 MW, "
            "battery: { energy: 4 MWh, power: 1 MW } }\n",
            i, i % 40, 1 + i % 1000);
    }
    gw_text_add(out, "models:\n");
    for (int i = 0; i < 3000; i++) {
        gw_text_addf(out, "  - name: model-%d\n    llm: llama-%d\n", i, i);
    }
    gw_text_add(out, "demand:\n");
    for (int i = 0; i < 10500; i++) {
        gw_text_addf(out, "  - { model: model-%d, rate: %d /s, class: batch }\n", i % 3000, i);
    }
    GW_REQUIRE(!out->failed);
}

struct loading {
    const struct gw_text *yaml;
    struct gw_tree built_in;
    const struct gw_tree *bound;
    bool bind;
    enum gw_status expected;
};

static double megabytes(const struct gw_text *text)
{
    return (double)text->n / 1e6;
}

static double load(void *context)
{
    const struct loading *l = context;
    const struct gw_bind_env env = {small_catalogue, small_index, &l->built_in};
    struct gw_tree tree;
    struct gw_arena arena = {0};
    struct gw_errors errs = {0};
    struct small_world world = {0};
    enum gw_status s = gw_tree_parse(&tree, l->yaml->at, l->yaml->n, "bench.yaml", NULL, &errs);
    if (s == GW_OK && l->bind) {
        s = gw_bind_root(&tree, &small_world_type, &env, &world, &arena, &errs);
    }
    GW_REQUIRE(s == l->expected);
    gw_tree_fini(&tree);
    gw_arena_fini(&arena);
    return megabytes(l->yaml);
}

static double dump(void *context)
{
    const struct loading *l = context;
    struct gw_text out = {0};
    gw_tree_dump(l->bound->root, false, &out);
    GW_REQUIRE(!out.failed);
    const double done = megabytes(&out);
    gw_text_fini(&out);
    return done;
}

static void bench_dump(struct gw_bench *b, struct loading *l)
{
    const struct gw_bind_env env = {small_catalogue, small_index, &l->built_in};
    struct gw_tree tree;
    struct gw_arena arena = {0};
    struct small_world world = {0};
    GW_REQUIRE(gw_tree_parse(&tree, l->yaml->at, l->yaml->n, "bench.yaml", NULL, NULL) == GW_OK);
    GW_REQUIRE(gw_bind_root(&tree, &small_world_type, &env, &world, &arena, NULL) == GW_OK);
    l->bound = &tree;
    gw_bench_run(b, "scenario, resolved dump", "MB/s", 0, dump, l);
    gw_tree_fini(&tree);
    gw_arena_fini(&arena);
}

/* A hundred thousand keys that are all wrong, all the same, or all right. */
static void bench_wide(struct gw_bench *b, const char *name, const char *head, const char *line,
                       enum gw_status expected)
{
    struct gw_text yaml = {0};
    gw_text_add(&yaml, head);
    for (int i = 0; i < 100000; i++) {
        gw_text_addf(&yaml, line, i);
    }
    struct loading l = {.yaml = &yaml, .bind = true, .expected = expected};
    GW_REQUIRE(!yaml.failed);
    GW_REQUIRE(gw_tree_parse(&l.built_in, small_built_in, sizeof small_built_in - 1, "built-in", NULL,
                             NULL) == GW_OK);
    gw_bench_run(b, name, "MB/s", 0, load, &l);
    gw_tree_fini(&l.built_in);
    gw_text_fini(&yaml);
}

void gw_bench_tree(struct gw_bench *b)
{
    struct gw_text yaml = {0};
    write_scenario(&yaml);
    struct loading l = {.yaml = &yaml};
    GW_REQUIRE(gw_tree_parse(&l.built_in, small_built_in, sizeof small_built_in - 1, "built-in", NULL,
                             NULL) == GW_OK);
    gw_bench_run(b, "scenario, YAML to tree", "MB/s", 0, load, &l);
    l.bind = true;
    gw_bench_run(b, "scenario, load and bind 1 MB", "MB/s", 20, load, &l); /* 50 ms */
    bench_dump(b, &l);
    gw_tree_fini(&l.built_in);
    gw_text_fini(&yaml);

    bench_wide(b, "scenario, 1e5 unknown keys", "", "wrong%d: 1\n", GW_ERR_UNKNOWN);
    bench_wide(b, "scenario, 1e5 equal keys", "", "same: %d\n", GW_ERR_SYNTAX);
    bench_wide(b, "scenario, 1e5 named shares",
               "name: n\nseed: 1\nsites: [ { name: a, pools: [ { node: h100x8, count: 1 } ] } ]\n"
               "models: [ { name: m } ]\ndemand:\n- model: m\n  rate: 1\n  shares:\n",
               "    origin%d: 0.1\n", GW_OK);
}
