/*
** What the fuzz targets share. A target, fuzz_*.c, is one function that is given any bytes and
** checks by must() what holds for all of them. libFuzzer (clang) calls it with inputs that it makes
** up, replay.c with those of the corpus.
*/
#ifndef SQA_FUZZ_H
#define SQA_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#if defined(__GNUC__)
#define SQA_FUZZ_UNUSED __attribute__((unused))
#else
#define SQA_FUZZ_UNUSED
#endif

/* Ends the program, also where NDEBUG is defined, unless the condition is true. */
#define must(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))

SQA_FUZZ_UNUSED
static void fuzz_fail(const char *file, int line, const char *condition) {
    (void)fprintf(stderr, "%s:%d: must hold: %s\n", file, line, condition);
    abort();
}

/* The part of an input that is not read yet; past its end stand zeros. */
struct fuzz_input {
    const uint8_t *at;
    size_t size;
};

SQA_FUZZ_UNUSED
static uint8_t fuzz_byte(struct fuzz_input *input) {
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->at++;
}

/* A number below bound, which is at most 256. */
SQA_FUZZ_UNUSED
static unsigned fuzz_below(struct fuzz_input *input, unsigned bound) {
    return fuzz_byte(input) % bound;
}

/* The next size bytes, or as many as there are. */
SQA_FUZZ_UNUSED
static struct fuzz_input fuzz_part(struct fuzz_input *input, size_t size) {
    const struct fuzz_input part = {input->at, size < input->size ? size : input->size};
    input->at += part.size;
    input->size -= part.size;
    return part;
}

/*
** Memory that ends, for a sanitizer, with its last byte; 64-byte aligned plus `offset`, below 64.
*/
struct fuzz_memory {
    unsigned char *block, *data;
};

SQA_FUZZ_UNUSED
static struct fuzz_memory fuzz_room(size_t size, unsigned offset) {
    void *block = NULL;
    if (posix_memalign(&block, 64, offset + size + (size == 0 && offset == 0)) != 0)
        abort();
    return (struct fuzz_memory){block, (unsigned char *)block + offset};
}

SQA_FUZZ_UNUSED
static struct fuzz_memory fuzz_copy(const void *bytes, size_t size, unsigned offset) {
    const struct fuzz_memory memory = fuzz_room(size, offset);
    if (size > 0)
        memcpy(memory.data, bytes, size);
    return memory;
}

#endif
