/*
** Any bytes as an array's blob: the first byte is where they lie. What is accepted is written as
** text, .npy and packed integers and read back, made canonical, and sorted, with each set of
** kernels.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include "core/npy.h"
#include "core/machine_ints.h"
#include "core/text.h"
#include "kernel/dispatch.h"
#include "sqlite_array.h"

static int64_t *values; /* of the array, by sqa_array_get() */

static bool holds_values(const void *elements, size_t count, unsigned width) {
    const struct sqa_array view = {elements, count, width, 0, 0};
    for (size_t i = 0; i < count; i++)
        if (sqa_array_get(&sqa_kernels_base, &view, i) != values[i])
            return false;
    return true;
}

/* Elements of every width, copied and read by blocks, from `from` on */
static void copy(const struct sqa_kernels *kernels, const struct sqa_array *view, size_t from) {
    for (unsigned width = view->width; width <= 8; width *= 2) {
        const struct fuzz_memory room = fuzz_room((view->count - from) * width, 0);
        sqa_array_copy(kernels, view, from, view->count - from, room.data, width);
        for (size_t i = from; i < view->count; i++) {
            const struct sqa_array copied = {room.data, view->count - from, width, 0, 0};
            must(sqa_array_get(&sqa_kernels_base, &copied, i - from) == values[i]);
        }
        struct sqa_reader reader;
        sqa_reader_init(&reader, kernels, view, width, NULL);
        for (size_t at = from; at < view->count; at += SQA_BLOCK) {
            const size_t n = view->count - at < SQA_BLOCK ? view->count - at : SQA_BLOCK;
            const void *block = sqa_reader_block(&reader, at, n);
            must((uintptr_t)block % width == 0);
            must(memcmp(block, room.data + (at - from) * width, n * width) == 0);
        }
        free(room.block);
    }
}

static struct fuzz_memory canonical(const struct sqa_kernels *kernels, const struct sqa_array *view,
                                    size_t *size) {
    const struct fuzz_memory room = fuzz_room(SQA_HEADER + view->count * view->width, 56);
    sqa_array_copy(kernels, view, 0, view->count, room.data + SQA_HEADER, view->width);
    *size = sqa_blob_finish(kernels, room.data, view->count, view->width,
                            sqa_array_sig(kernels, view, NULL), NULL);
    struct sqa_array made;
    struct sqa_error error;
    must(sqa_blob_array(room.data, *size, &made, &error) == SQA_OK);
    must(made.count == view->count && made.width == sqlite_array_width(values, view->count));
    must(holds_values(made.encoded, made.count, made.width));
    return room;
}

static void text(const struct sqa_kernels *kernels, const struct sqa_array *view,
                 const struct sqa_text_form *form, bool bracketed) {
    const size_t size = (size_t)sqa_text_length(kernels, view, form, NULL);
    const struct fuzz_memory room = fuzz_room(size, 1);
    sqa_text_write(kernels, view, form, (char *)room.data, NULL);
    int64_t kept[SQA_TEXT_KEPT];
    struct sqa_text back = {.text = (const char *)room.data, .size = size, .kept = kept};
    if (!bracketed) {
        back.separator = form->separator;
        back.separator_size = form->separator_size;
    }
    struct sqa_error error;
    must(sqa_text_scan(&back, &error) == SQA_OK && back.count == view->count);
    const unsigned width = sqa_sig_width(back.sig);
    const struct fuzz_memory elements = fuzz_room(back.count * width, 0);
    sqa_text_store(kernels, &back, elements.data, width);
    must(width == sqlite_array_width(values, view->count));
    must(holds_values(elements.data, back.count, width));
    free(elements.block);
    free(room.block);
}

/* Every type that holds the elements, in both byte orders, behind the header of a .npy file */
static void raw(const struct sqa_kernels *kernels, const struct sqa_array *view) {
    struct sqa_error error;
    for (enum sqa_dtype dtype = SQA_INT8; dtype <= SQA_UINT64; dtype++) {
        const size_t size = view->count * sqa_dtype_width(dtype);
        if (sqa_machine_ints_check(kernels, view, dtype, &error) != SQA_OK) {
            must(error.a >= 1 && (size_t)error.a <= view->count);
            continue;
        }
        for (int big = 0; big < 2; big++) {
            const struct fuzz_memory room = fuzz_room(SQA_NPY_HEADER + size, 3);
            struct sqa_npy npy;
            sqa_npy_write_flat(room.data, dtype, big, view->count);
            sqa_machine_ints_write(kernels, view, dtype, big, room.data + SQA_NPY_HEADER);
            must(sqa_npy_read(room.data, SQA_NPY_HEADER + size, &npy, &error) == SQA_OK);
            must(npy.dtype == dtype && npy.big == (big && sqa_dtype_width(dtype) > 1));
            must(npy.count == view->count && npy.offset == SQA_NPY_HEADER);
            must(sqa_npy_size(&npy) == SQA_NPY_HEADER + size);
            struct sqa_machine_ints back = {room.data + npy.offset, size, dtype, big, 0, 0};
            must(sqa_machine_ints_scan(kernels, &back, &error) == SQA_OK &&
                 back.count == view->count);
            const unsigned width = sqa_sig_width(back.sig);
            const struct fuzz_memory elements = fuzz_room(back.count * width, 0);
            sqa_machine_ints_store(kernels, &back, elements.data, width);
            must(holds_values(elements.data, back.count, width));
            free(elements.block);
            free(room.block);
        }
    }
}

/* Order, sets and sums */
static void reduce(const struct sqa_kernels *kernels, const struct sqa_array *view,
                   struct sqa_wide *sum) {
    const size_t n = view->count, bytes = n * view->width;
    const unsigned index = sqa_width_index(view->width);
    const struct fuzz_memory sorted = fuzz_room(bytes, 0), scratch = fuzz_room(bytes, 0);
    const struct fuzz_memory plain = fuzz_room(bytes, 0), set = fuzz_room(bytes, 0);
    const struct fuzz_memory order = fuzz_room(n * 4, 0), spare = fuzz_room(n * 4, 0);
    sqa_array_copy(kernels, view, 0, n, plain.data, view->width);
    sqa_array_copy(kernels, view, 0, n, sorted.data, view->width);
    kernels->sort[index](sorted.data, n, scratch.data, NULL);
    must(kernels->descent[index](sorted.data, n) == n);
    kernels->argsort[index]((uint32_t *)(void *)order.data, plain.data, n, false,
                            (uint32_t *)(void *)spare.data, NULL);
    const struct sqa_array in_order = {sorted.data, n, view->width, 0, 0};
    for (size_t i = 0; i < n; i++) {
        const uint32_t at = ((uint32_t *)(void *)order.data)[i];
        must(at >= 1 && at <= n &&
             sqa_array_get(&sqa_kernels_base, &in_order, i) == values[at - 1]);
    }
    const size_t unique = kernels->unique[index](set.data, sorted.data, n);
    must(unique <= n && kernels->ascending[index](set.data, unique) == unique);
    must(unique == (n > 0) + kernels->changes[index](sorted.data, n));
    must(kernels->common[index](set.data, unique, set.data, unique) == unique);
    kernels->sum[index](plain.data, n, sum);
    if (n > 0) {
        must(kernels->min[index](plain.data, n) == sqa_array_get(&sqa_kernels_base, &in_order, 0));
        must(kernels->max[index](plain.data, n) ==
             sqa_array_get(&sqa_kernels_base, &in_order, n - 1));
        must(kernels->nth[index](plain.data, n, n / 3, scratch.data, NULL) ==
             sqa_array_get(&sqa_kernels_base, &in_order, n / 3));
    }
    free(sorted.block);
    free(scratch.block);
    free(plain.block);
    free(set.block);
    free(order.block);
    free(spare.block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    const unsigned offset = fuzz_below(&input, 8);
    const struct fuzz_memory blob = fuzz_copy(input.at, input.size, offset);
    struct sqa_array view = {NULL, 77, 0, 0, 0};
    struct sqa_error error = {0, 0};
    sqlite_array_view public_view = {NULL, 77, 0, 0, 0};
    const enum sqa_status status = sqa_blob_array(blob.data, input.size, &view, &error);
    must((sqlite_array_read(blob.data, input.size, &public_view) == SQLITE_OK) ==
         (status == SQA_OK));
    must(public_view.data == view.encoded && public_view.count == view.count &&
         public_view.width == view.width);
    if (status != SQA_OK) {
        char message[200];
        sqa_status_text(status, &error, message, sizeof message);
        must(view.count == 77 && message[0] != 0);
        free(blob.block);
        return 0;
    }
    values = malloc((view.count + 1) * sizeof *values);
    for (size_t i = 0; i < view.count; i++)
        values[i] = sqa_array_get(&sqa_kernels_base, &view, i);

    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t n = sqa_kernels_list(sets);
    struct sqa_wide sums[SQA_ISA_MOST] = {0};
    size_t first_size = 0;
    struct fuzz_memory first = {NULL, NULL};
    for (size_t i = 0; i < n; i++) {
        size_t made_size;
        const struct fuzz_memory made = canonical(sets[i], &view, &made_size);
        if (i == 0) {
            first = made;
            first_size = made_size;
        } else {
            must(made_size == first_size && memcmp(made.data, first.data, made_size) == 0);
            free(made.block);
        }
        copy(sets[i], &view, 0);
        copy(sets[i], &view, view.count / 2);
        raw(sets[i], &view);
        reduce(sets[i], &view, &sums[i]);
        must(memcmp(&sums[i], &sums[0], sizeof sums[0]) == 0);
    }
    free(first.block);
    text(sets[0], &view, &(struct sqa_text_form){"[", ",", 1, "]"}, true);
    text(sets[0], &view, &(struct sqa_text_form){"{", ", ", 2, "}"}, true);
    text(sets[0], &view, &(struct sqa_text_form){"", ";", 1, ""}, false);
    text(sets[0], &view, &(struct sqa_text_form){" ", " \n", 2, "\t"}, false);
    free(values);
    free(blob.block);
    return 0;
}
