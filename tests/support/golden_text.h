/* tests/support/golden_text.h - compares text with a file of the source tree, and says where they part.
 *
 * With GEOWATT_UPDATE_GOLDEN set in the environment the file is written instead: look at what `git diff`
 * shows, and commit it with the reason. */
#ifndef GW_TESTS_SUPPORT_GOLDEN_TEXT_H
#define GW_TESTS_SUPPORT_GOLDEN_TEXT_H

/* Fails the test with the first line that differs. `path` is seen from the top of the source tree. */
void gw_golden_text_compare(const char *path, const char *text);

#endif
