/*
** Arrays as text, both ways: JSON `[1, -2, 3]`, PostgreSQL `{1,-2,3}`, or numbers between separators.
**
** Reading goes in two passes, so that nothing has to be allocated before the size is known: scan
** validates, counts and finds the width; store fills memory of that size. Writing too: the length
** first, then the text. Numbers are JSON integers (no `+1`, `01`, `1.0`, `1e3`; `-0` is 0) in all forms.
** In JSON they may stand in quotes, as JavaScript writes those over 2^53: `["9007199254740993", 7]`.
** Blanks are JSON's: space, tab, line feed, carriage return.
**
** All can be stopped by a poll (kernel/poll.h), scan with SQA_INTERRUPT; NULL: by nothing.
*/
#ifndef SQA_TEXT_H
#define SQA_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "core/reader.h"
#include "core/status.h"

/* A text to be read. Borrows both strings; neither needs a terminating NUL. */
struct sqa_text {
    const char *text;
    size_t size;           /* bytes */
    const char *separator; /* NULL: the text is bracketed, [..] or {..}, and separated by commas */
    size_t separator_size; /* bytes, > 0 where separator is given; the first is no digit */
    struct sqa_poll *poll;
    /* filled by sqa_text_scan */
    size_t count; /* elements */
    uint64_t sig; /* significance of the elements, see sqa_sig_width() */
};

/*
** Validates the whole text and fills count and sig. On failure error->a is the byte offset (from 1) of
** what is wrong. With a separator, text of nothing but blanks is the empty array, a trailing
** separator is an error (SQA_TEXT_NUMBER just past the end).
*/
SQA_MUST_CHECK enum sqa_status sqa_text_scan(struct sqa_text *text, struct sqa_error *error);

/* Fills dst with text->count elements of width bytes (aligned for it, at least sqa_sig_width(sig)). */
void sqa_text_store(const struct sqa_text *text, void *dst, unsigned width);

/* How the elements are to be written: before all, between two, after all. Borrows the strings. */
struct sqa_text_form {
    const char *open;
    const char *separator;
    size_t separator_size; /* bytes; may be 0 */
    const char *close;
};

/* Bytes that sqa_text_write will fill. Cannot wrap a uint64_t for separators under 2^31 bytes. */
uint64_t sqa_text_length(const struct sqa_kernels *kernels, const struct sqa_array *array,
                         const struct sqa_text_form *form, struct sqa_poll *poll);

/* Fills dst with exactly sqa_text_length() bytes; no NUL at the end. */
void sqa_text_write(const struct sqa_kernels *kernels, const struct sqa_array *array,
                    const struct sqa_text_form *form, char *dst, struct sqa_poll *poll);

#endif
