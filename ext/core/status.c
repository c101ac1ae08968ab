#include "core/status.h"

#include <stdio.h>

/* A table of constant formats, each of which uses a prefix of (a, b); the rest is ignored (C11 7.21.6.1). */
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
