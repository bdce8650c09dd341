/* traces/prefix.h - texts that prompts share, out of the ids of their blocks.
 *
 * A trace may give each prompt as a chain of block ids, where an equal id means an equal block behind equal
 * blocks. A last block that is not full says nothing: its id changes when the prompt goes on. Serving wants
 * less: which text a prompt begins with, and how many of its tokens come from there. A *text* is a chain that
 * was extended at its end: the prompts of one conversation. A prompt whose known blocks end where a text ends
 * continues it, whole. One that leaves a text earlier counts as the old text, up to there, when at least half
 * of its blocks are old; else it is the start of a new text. Of what an endless cache would find by blocks,
 * it finds by texts 89 % (Mooncake conversation) and 99.7 % (synthetic).
 *
 * Only the last 2^19 blocks are remembered (by id modulo 2^19, 8 MB): ids in traces count up, and no cache
 * holds older ones. What is forgotten counts as new. */
#ifndef GW_TRACES_PREFIX_H
#define GW_TRACES_PREFIX_H

#include <stddef.h>
#include <stdint.h>

struct gw_prefix;

/* NULL when memory is out. */
struct gw_prefix *gw_prefix_create(unsigned block_tok);
void gw_prefix_destroy(struct gw_prefix *self);

/* The text of a prompt of in_tok tokens, from 1, 0 without full blocks; *tok of them come from it, and *known
 * of them stood in prompts before, in whichever text. */
uint64_t gw_prefix_take(struct gw_prefix *self, const uint64_t *block, size_t n, uint32_t in_tok,
                        uint32_t *tok, uint32_t *known);

#endif
