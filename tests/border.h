/*
** For the unit tests: copies that end where memory ends, so that a read past one ends the test. To be included before
** anything else.
*/
#ifndef SQA_BORDER_H
#define SQA_BORDER_H

#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BORDER = 1 << 21 }; /* bytes that a copy may have: a multiple of every size of a page */

/* Gives a copy of n bytes, good until the next call. */
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
