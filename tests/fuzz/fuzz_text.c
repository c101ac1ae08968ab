/*
** Any bytes as the text of an array. The first byte is the separator's size (0: the text is
** bracketed), then come the separator and the text. The bracketed form is also read by a simple
** parser, which has to agree; what is accepted is written and read back.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include "core/text.h"
#include "kernel/dispatch.h"

/* The grammar of bracketed text, read as plainly as can be: the number of elements, or -1 */

struct plain {
    const char *at, *end;
};

static char peek(struct plain *p) {
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r'))
        p->at++;
    return p->at < p->end ? *p->at : '\0'; /* NUL is never right */
}

static bool digit(const struct plain *p) {
    return p->at < p->end && *p->at >= '0' && *p->at <= '9';
}

static bool plain_integer(struct plain *p, int64_t *x) {
    const bool negative = peek(p) == '-';
    p->at += negative;
    if (!digit(p))
        return false;
    if (*p->at == '0') {
        p->at++;
        *x = 0;
        return !digit(p);
    }
    for (*x = 0; digit(p); p->at++) {
        const int64_t one = *p->at - '0';
        if (__builtin_mul_overflow(*x, 10, x) ||
            __builtin_add_overflow(*x, negative ? -one : one, x))
            return false;
    }
    return true;
}

static long plain_array(const char *text, size_t size, int64_t *values) {
    struct plain p = {text, text + size};
    const char open = peek(&p), close = open == '[' ? ']' : '}';
    long count = 0;
    if (open != '[' && open != '{')
        return -1;
    p.at++;
    if (peek(&p) == close) {
        p.at++;
    } else {
        do {
            const bool quoted = open == '[' && peek(&p) == '"';
            p.at += quoted;
            if ((quoted && p.at < p.end && *p.at != '-' && !digit(&p)) ||
                !plain_integer(&p, &values[count++]))
                return -1;
            if (quoted && (p.at == p.end || *p.at++ != '"'))
                return -1;
            if (peek(&p) != ',' && peek(&p) != close)
                return -1;
        } while (*p.at++ == ',');
    }
    (void)peek(&p);
    return p.at == p.end ? count : -1;
}

/* The elements of a scanned text */
static struct fuzz_memory elements_of(const struct sqa_text *text, struct sqa_array *view) {
    const unsigned width = sqa_sig_width(text->sig);
    const struct fuzz_memory elements = fuzz_room(text->count * width, 0);
    sqa_text_store(sqa_kernels_choose(NULL), text, elements.data, width);
    *view = (struct sqa_array){elements.data, text->count, width, 0, 0};
    return elements;
}

/* Written and read again: the same elements, and the same text when written once more */
static void round_trip(const struct sqa_array *view, const struct sqa_text_form *form,
                       bool separated) {
    const size_t size = (size_t)sqa_text_length(sqa_kernels_choose(NULL), view, form, NULL);
    const struct fuzz_memory written = fuzz_room(size, 0);
    struct sqa_array again;
    struct sqa_error error;
    sqa_text_write(sqa_kernels_choose(NULL), view, form, (char *)written.data, NULL);
    int64_t kept[SQA_TEXT_KEPT];
    struct sqa_text text = {.text = (char *)written.data, .size = size, .kept = kept};
    if (separated) {
        text.separator = form->separator;
        text.separator_size = form->separator_size;
    }
    must(sqa_text_scan(&text, &error) == SQA_OK);
    const struct fuzz_memory elements = elements_of(&text, &again);
    must(again.count == view->count && again.width == view->width);
    must(memcmp(again.encoded, view->encoded, view->count * view->width) == 0);
    free(elements.block);
    free(written.block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    const struct fuzz_input part = fuzz_part(&input, fuzz_below(&input, 5));
    const struct fuzz_memory separator = fuzz_copy(part.at, part.size, 0);
    const struct fuzz_memory copy = fuzz_copy(input.at, input.size, 0);
    int64_t kept[SQA_TEXT_KEPT];
    struct sqa_text text = {.text = (char *)copy.data, .size = input.size, .kept = kept};
    struct sqa_error error = {0, 0};
    struct sqa_array view;
    int64_t *values = malloc((input.size + 1) * sizeof *values);
    if (part.size > 0) {
        text.separator = (char *)separator.data;
        text.separator_size = part.size;
    }
    const enum sqa_status status = sqa_text_scan(&text, &error);
    const long count = part.size > 0 ? -1 : plain_array(text.text, text.size, values);
    if (status != SQA_OK) {
        char message[200];
        sqa_status_text(status, &error, message, sizeof message);
        must(status == SQA_TEXT_EMPTY || (error.a >= 1 && (size_t)error.a <= input.size + 1));
        must(count == -1);
    } else {
        const struct fuzz_memory elements = elements_of(&text, &view);
        must(part.size > 0 || count == (long)view.count);
        for (long i = 0; i < count; i++)
            must(sqa_array_get(sqa_kernels_choose(NULL), &view, (size_t)i) == values[i]);
        round_trip(&view, &(struct sqa_text_form){"[", ",", 1, "]"}, false);
        if (view.count > 0)
            round_trip(&view, &(struct sqa_text_form){"[\"", "\",\"", 3, "\"]"}, false);
        round_trip(&view, &(struct sqa_text_form){"{", " ,\n", 3, "}"}, false);
        /* behind a number a separator is not seen where it begins with a digit */
        if (part.size > 0 && (text.separator[0] < '0' || text.separator[0] > '9'))
            round_trip(&view, &(struct sqa_text_form){"", text.separator, text.separator_size, ""},
                       true);
        free(elements.block);
    }
    free(values);
    free(copy.block);
    free(separator.block);
    return 0;
}
