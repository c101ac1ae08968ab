/*
** Conversion between arrays and text: JSON `[1, -2, 3]`, PostgreSQL `{1,-2,3}`, or numbers
** between separators.
**
** Reading takes two passes, so that the size is known before memory is allocated: scan checks the
** text, counts the elements and finds the width, store fills memory of that size. If there are few
** elements scan keeps them, and store only copies them. Writing also takes two: the first
** computes the length, the second writes the text. Numbers are integers as JSON writes them (not
** `+1`, `01`, `1.0`, `1e3`; `-0` is 0) in all formats. In JSON they may be in quotes, as JavaScript
** writes integers over 2^53: `["9007199254740993", 7]`. Blanks are those of JSON: space, tab, line
** feed, carriage return.
**
** A poll (kernel/poll.h) can stop all functions, scan with SQA_INTERRUPT. It may be NULL.
*/
#ifndef SQA_TEXT_H
#define SQA_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "core/reader.h"
#include "core/status.h"

enum { SQA_TEXT_KEPT = 128 };

/* A text to be read. Both strings are borrowed and need no terminating NUL. */
struct sqa_text {
    const char *text;
    size_t size;           /* bytes of the text */
    const char *separator; /* NULL if the text has brackets, [] or {}, and is separated by commas */
    size_t separator_size; /* bytes of separator, at least 1; the first must not be a digit */
    struct sqa_poll *poll;
    /*
    ** memory for SQA_TEXT_KEPT elements, for scan and store: if there are no more, scan keeps them
    */
    int64_t *kept;
    /* set by sqa_text_scan() */
    size_t count; /* number of elements */
    uint64_t sig; /* significance of the elements, see sqa_sig_width() */
};

/*
** Checks the whole text and sets count and sig. On failure error->a is the byte offset (from 1)
** of the error. If there is a separator, a text of only blanks is the empty array, and a
** separator at the end is an error (SQA_TEXT_NUMBER at the offset after the end).
*/
SQA_MUST_CHECK enum sqa_status sqa_text_scan(struct sqa_text *text, struct sqa_error *error);

/*
** Fills dst with the text->count elements, each `width` bytes wide, which must be at least
** sqa_sig_width(sig). dst must be aligned for this width.
*/
void sqa_text_store(const struct sqa_kernels *kernels, const struct sqa_text *text, void *dst,
                    unsigned width);

/*
** The format for writing: the text before all elements, between two elements, and after all
** elements. The strings are borrowed.
*/
struct sqa_text_form {
    const char *open;
    const char *separator;
    size_t separator_size; /* bytes of separator; may be 0 */
    const char *close;
};

/*
** Returns how many bytes sqa_text_write() will write. Cannot overflow for separators of less than
** 2^31 bytes.
*/
uint64_t sqa_text_length(const struct sqa_kernels *kernels, const struct sqa_array *array,
                         const struct sqa_text_form *form, struct sqa_poll *poll);

/* Writes sqa_text_length() bytes to dst, without a terminating NUL. */
void sqa_text_write(const struct sqa_kernels *kernels, const struct sqa_array *array,
                    const struct sqa_text_form *form, char *dst, struct sqa_poll *poll);

#endif
