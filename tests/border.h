/*
** For the unit tests: copies of data at the end of accessible memory, so that reading past the
** end crashes the test. Must be included before all other headers.
*/
#ifndef SQA_BORDER_H
#define SQA_BORDER_H

#define _DEFAULT_SOURCE /* for MAP_ANONYMOUS */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BORDER = 1 << 21 }; /* largest size of a copy: a multiple of all page sizes */

/* Returns a copy of n bytes, valid until the next call. */
static void *at_border(const void *bytes, size_t n) {
    static unsigned char *start;
    if (start == NULL) {
        start = mmap(NULL, 2 * (size_t)BORDER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                     -1, 0);
        if ((void *)start == MAP_FAILED || mprotect(start + BORDER, BORDER, PROT_NONE) != 0)
            abort();
    }
    if (n > BORDER)
        abort();
    if (n > 0)
        memcpy(start + BORDER - n, bytes, n);
    return start + BORDER - n;
}

#endif
