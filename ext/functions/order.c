/* Functions that sort arrays or tell about their order. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/selection.h"
#include "sql/whole_array.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/*
** Returns true if this is a long array of aligned elements none of which is greater than the one
** before. Most other arrays are recognized by their first elements.
*/
static bool is_long_descent(struct sqa_call *call, const struct sqa_array *array,
                            struct sqa_view *view) {
    enum { LONG = 4096 };
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = array->width, index = sqa_width_index(width);
    uint8_t falls[SQA_BLOCK];
    if (array->count < LONG || !sqa_array_is_plain(array, view) || !sqa_view_aligned(view))
        return false;
    const size_t pairs = array->count - 1;
    for (size_t at = 0, n; at < pairs; at += n) {
        const unsigned char *const x = view->data + at * width;
        n = pairs - at < SQA_BLOCK ? pairs - at : SQA_BLOCK;
        kernels->le_vv[index](falls, x + width, x, n);
        if (kernels->find[0](falls, 0, n) < n || (at % SQA_RUN == 0 && sqa_stopped(&call->poll)))
            return false;
    }
    return true;
}

/*
** Fills out with the sorted elements of the array; out has exactly the needed size, and `other`
** is scratch memory of the same size. The elements are sorted in the result's memory. For
** descending order, they are sorted in `other` and copied in reverse.
*/
static void sort_into(const struct sqa_out *out, const struct sqa_array *array, bool descending,
                      unsigned char *other) {
    struct sqa_call *call = out->call;
    sqa_sort_fn *const sort = call->connection->kernels->sort[sqa_width_index(array->width)];
    unsigned char *const sorted = descending ? other : out->elements;
    struct sqa_view falling;
    if (is_long_descent(call, array, &falling)) {
        sqa_whole_stride(call, &falling, descending ? 0 : array->count - 1, descending ? 1 : -1,
                         array->count, out->elements);
        return;
    }
    sqa_whole_copy(call, array, sorted, array->width);
    if (sqa_failed(call))
        return;
    sort(sorted, array->count, descending ? out->elements : other, &call->poll);
    const struct sqa_view ascending = {sorted, array->count, array->width};
    if (descending && array->count > 0)
        sqa_whole_stride(call, &ascending, array->count - 1, -1, array->count, out->elements);
}

void sqa_fn_sort(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const bool descending = sqa_arg_direction(call, 1, false);
    struct sqa_stack_scratch stack;
    struct sqa_out out;
    sqa_out_open(&out, call, array.count, array.width);
    void *scratch = sqa_scratch_take_either(call, &stack, array.count, array.width);
    sort_into(&out, &array, descending, scratch);
    sqa_scratch_give_either(call, &stack, scratch);
    const struct sqa_view sorted = {out.elements, array.count, array.width};
    sqa_out_close(&out, array.count, sqa_failed(call) ? 0 : sqa_sorted_sig(&sorted));
}

void sqa_fn_argsort(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const bool descending = sqa_arg_direction(call, 1, false);
    const struct sqa_view view = sqa_whole_view(call, &array);
    struct sqa_stack_scratch stack;
    struct sqa_out out;
    /*
    ** Kernels write positions of 4 bytes each. A result that needs more is over SQLite's length
    ** limit anyway.
    */
    sqa_out_open(&out, call, view.count, sizeof(uint32_t));
    uint32_t *scratch = sqa_scratch_take_either(call, &stack, view.count, sizeof *scratch);
    if (sqa_failed(call))
        return;
    call->connection->kernels->argsort[sqa_width_index(view.width)](
        (uint32_t *)(void *)out.elements, view.data, view.count, descending, scratch, &call->poll);
    sqa_scratch_give_either(call, &stack, scratch);
    sqa_out_close(&out, view.count, view.count);
}

/*
** The sorted order is kept in scratch memory. The memory of the result serves as scratch memory
** for sorting.
*/
void sqa_fn_rank(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0);
    const struct sqa_view view = sqa_whole_view(call, &array);
    const unsigned index = sqa_width_index(view.width);
    struct sqa_stack_scratch stack;
    struct sqa_out out;
    sqa_out_open(&out, call, view.count, sizeof(uint32_t));
    uint32_t *order = sqa_scratch_take_either(call, &stack, view.count, sizeof *order);
    uint32_t *ranks = (uint32_t *)(void *)out.elements, most = 0;
    if (sqa_failed(call))
        return;
    kernels->argsort[index](order, view.data, view.count, false, ranks, &call->poll);
    if (!sqa_failed(call)) /* after a failure `order` is not filled in */
        most = kernels->rank[index](ranks, order, view.data, view.count, &call->poll);
    sqa_scratch_give_either(call, &stack, order);
    sqa_out_close(&out, view.count, most);
}

void sqa_fn_is_sorted(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    sqa_descent_fn *const descent =
        call->connection->kernels->descent[sqa_width_index(array.width)];
    struct sqa_reader reader;
    int64_t last = INT64_MIN;
    bool sorted = true;
    sqa_read(&reader, call, &array, array.width);
    while (sorted && sqa_reader_next(&reader)) {
        sorted = descent(reader.data, reader.n) == reader.n && last <= sqa_reader_get(&reader, 0);
        last = sqa_reader_get(&reader, reader.n - 1);
    }
    sqlite3_result_int(call->context, sorted);
}

void sqa_fn_reverse(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const struct sqa_view view = sqa_whole_view(call, &array);
    if (view.count == 0)
        sqa_result_array(call, &array);
    else
        sqa_result_strided(call, &view, view.count - 1, -1, view.count);
}

/*
** The sign bit is flipped and the bytes are stored in big-endian order, so that comparing bytes
** compares the numbers. If one array begins with the other, the shorter one has the smaller key.
*/
void sqa_fn_key(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const uint64_t size = sqa_mul_size(array.count, 8);
    unsigned char *bytes = sqa_bytes_open(call, size);
    struct sqa_reader reader;
    sqa_read(&reader, call, &array, 8);
    while (sqa_reader_next(&reader)) {
        const int64_t *x = reader.data;
        for (size_t i = 0; i < reader.n; i++) {
            const uint64_t key = __builtin_bswap64((uint64_t)x[i] ^ (uint64_t)1 << 63);
            memcpy(bytes + (reader.at + i) * 8, &key, sizeof key);
        }
    }
    sqa_bytes_close(call, bytes, size);
}
