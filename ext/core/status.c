#include "core/status.h"

#include <stdio.h>

/*
** The formats are constants, and each uses only the first of (a, b) that it needs; printf()
** ignores the others (C11 7.21.6.1).
*/
void sqa_status_text(enum sqa_status status, const struct sqa_error *error, char *dst,
                     size_t size) {
#define X(name, text) [name] = text,
    static const char *const texts[] = {SQA_STATUS_LIST(X)};
#undef X
    if (status == SQA_UNSIGNED)
        (void)snprintf(dst, size, texts[status], (long long)error->a, (unsigned long long)error->b);
    else
        (void)snprintf(dst, size, texts[status], (long long)error->a, (long long)error->b);
}
