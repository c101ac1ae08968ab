#include "sql/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

SQLITE_EXTENSION_INIT3

void sqa_call_result_error(struct sqa_call *call) {
    if (!sqa_failed(call) || call->context == NULL)
        return;
    const enum sqa_status status = sqa_call_status(call);
    if (status == SQA_NOMEM) {
        sqlite3_result_error_nomem(call->context);
        return;
    }
    char text[SQA_CALL_TEXT];
    sqa_call_text(call, text);
    sqlite3_result_error(call->context, text, -1);
    if (status == SQA_TOOBIG)
        sqlite3_result_error_code(call->context, SQLITE_TOOBIG);
    else if (status == SQA_INTERRUPT)
        sqlite3_result_error_code(call->context, SQLITE_INTERRUPT);
    else if (status == SQA_ARGUMENT && call->error.a != 0)
        sqlite3_result_error_code(call->context, (int)call->error.a);
}

void sqa_fail_status(struct sqa_call *call, enum sqa_status status, struct sqa_error error) {
    if (status == SQA_OK || sqa_failed(call))
        return;
    call->status = status;
    call->error = error;
    call->poll.stopped = true;
}

/*
** Removes an incomplete character of UTF-8 from the end of a text, where it may have been cut off.
*/
static void drop_incomplete_character(char *text) {
    size_t size = strlen(text), last = size; /* last: index of the last character's first byte */
    while (last > 0 && ((unsigned char)text[last - 1] & 0xC0) == 0x80)
        last--;
    if (last == 0)
        return;
    const unsigned char first = (unsigned char)text[--last];
    const size_t needed = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (size - last < needed)
        text[last] = '\0';
}

void sqa_fail(struct sqa_call *call, const char *format, ...) {
    va_list arguments;
    if (sqa_failed(call))
        return;
    va_start(arguments, format);
    (void)vsnprintf(call->message, sizeof call->message, format, arguments);
    va_end(arguments);
    drop_incomplete_character(call->message);
    sqa_fail_status(call, SQA_ARGUMENT, (struct sqa_error){0, 0});
}

void sqa_call_recover(struct sqa_call *call) {
    call->status = SQA_OK;
    call->poll.stopped = false;
}

void sqa_call_text(const struct sqa_call *call, char text[SQA_CALL_TEXT]) {
    const enum sqa_status status = sqa_call_status(call);
    char detail[sizeof call->message];
    if (status != SQA_ARGUMENT)
        sqa_status_text(status, &call->error, detail, sizeof detail);
    (void)snprintf(text, SQA_CALL_TEXT, "%s: %s", call->name,
                   status == SQA_ARGUMENT ? call->message : detail);
}

int sqa_excerpt(const char *text, int most) {
    const char *end = memchr(text, '\0', (size_t)most + 1);
    if (end != NULL)
        return (int)(end - text);
    while (most > 0 && (text[most] & 0xC0) == 0x80)
        most--;
    return most;
}
