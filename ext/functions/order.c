/* Functions that put the elements in order, and that tell what order they are in. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"
#include "sql/result.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* Scratch memory up to this size is on the stack: a visit to the pool takes longer than such a sort. */
struct few {
    _Alignas(64) unsigned char bytes[2048];
};

/* Room for count elements of width bytes: of few, if it is enough. NULL without memory. */
static void *take(struct sqa_call *call, struct few *few, size_t count, unsigned width) {
    const bool enough = count <= sizeof few->bytes / width;
    return enough ? few->bytes : sqa_scratch_take(call, count, width);
}

static void give(const struct few *few, void *scratch) {
    if (scratch != few->bytes)
        sqa_scratch_give(scratch);
}

/*
** Fills out with the elements of view, which has room for just these, in order; other is as large. They
** are sorted in the result's memory with the other as scratch; to descend, the other way round, and
** then copied backwards.
*/
static enum sqa_status sort_into(const struct sqa_out *out, const struct sqa_view *view,
                                 bool descending, unsigned char *other) {
    struct sqa_call *call = out->call;
    sqa_sort_fn *const sort = call->connection->kernels->sort[sqa_width_index(view->width)];
    unsigned char *const sorted = descending ? other : sqa_out_data(out);
    const enum sqa_status status = sqa_whole_copy(call, view, sorted, view->width);
    if (status != SQA_OK)
        return status;
    sort(sorted, view->count, descending ? sqa_out_data(out) : other, &call->poll);
    if (sqa_call_status(call) != SQA_OK || !descending || view->count == 0)
        return sqa_call_status(call);
    const struct sqa_view ascending = {sorted, view->count, view->width};
    return sqa_whole_stride(call, &ascending, view->count - 1, -1, view->count, sqa_out_data(out));
}

enum sqa_status fn_sort(struct sqa_call *call) {
    struct few few;
    struct sqa_view view;
    struct sqa_out out;
    bool descending = false;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_direction(call, 1, &descending);
    if (status == SQA_OK)
        status = sqa_out_open(&out, call, view.count, view.width);
    if (status != SQA_OK)
        return status;
    void *scratch = take(call, &few, view.count, view.width);
    status = scratch == NULL ? SQA_NOMEM : sort_into(&out, &view, descending, scratch);
    give(&few, scratch);
    uint64_t sig = 0;
    if (status == SQA_OK &&
        view.count > 0) { /* the ends have all significant bits of those between */
        const struct sqa_view sorted = {sqa_out_data(&out), view.count, view.width};
        sig = sqa_sig(sqa_view_get(&sorted, 0)) | sqa_sig(sqa_view_get(&sorted, view.count - 1));
    }
    return sqa_out_close(&out, status, view.count, sig);
}

/* Room for count positions, which kernels write as 4 bytes each; more than fit these are over any limit. */
static enum sqa_status open_positions(struct sqa_out *out, struct sqa_call *call, size_t count) {
    return sqa_out_open(out, call, count, 4);
}

enum sqa_status fn_argsort(struct sqa_call *call) {
    struct few few;
    struct sqa_view view;
    struct sqa_out out;
    bool descending = false;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_direction(call, 1, &descending);
    if (status == SQA_OK)
        status = open_positions(&out, call, view.count);
    if (status != SQA_OK)
        return status;
    uint32_t *scratch = take(call, &few, view.count, sizeof *scratch);
    if (scratch == NULL)
        return sqa_out_close(&out, SQA_NOMEM, 0, 0);
    call->connection->kernels->argsort[sqa_width_index(view.width)](
        sqa_out_data(&out), view.data, view.count, descending, scratch, &call->poll);
    give(&few, scratch);
    return sqa_out_close(&out, sqa_call_status(call), view.count, view.count);
}

/* The order is scratch; what sorting it needs as scratch is the result's memory. */
enum sqa_status fn_rank(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct few few;
    struct sqa_view view;
    struct sqa_out out;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = open_positions(&out, call, view.count);
    if (status != SQA_OK)
        return status;
    uint32_t *order = take(call, &few, view.count, sizeof *order);
    if (order == NULL)
        return sqa_out_close(&out, SQA_NOMEM, 0, 0);
    const unsigned index = sqa_width_index(view.width);
    uint32_t *ranks = sqa_out_data(&out), most = 0;
    kernels->argsort[index](order, view.data, view.count, false, ranks, &call->poll);
    if (sqa_call_status(call) == SQA_OK) /* else the order is none */
        most = kernels->rank[index](ranks, order, view.data, view.count, &call->poll);
    give(&few, order);
    return sqa_out_close(&out, sqa_call_status(call), view.count, most);
}

enum sqa_status fn_is_sorted(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_blocks blocks;
    bool sorted = true;
    const enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status != SQA_OK)
        return status;
    sqa_descent_fn *const descent = call->connection->kernels->descent[sqa_width_index(view.width)];
    sqa_blocks_begin(&blocks, call, &view, view.width);
    while (sorted && sqa_blocks_next(&blocks)) {
        sorted = descent(blocks.data, blocks.n) == blocks.n;
        if (blocks.at > 0)
            sorted &= sqa_view_get(&view, blocks.at - 1) <= sqa_view_get(&view, blocks.at);
    }
    sqlite3_result_int(call->context, sorted);
    return blocks.status;
}

enum sqa_status fn_reverse(struct sqa_call *call) {
    struct sqa_view view;
    const enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status != SQA_OK)
        return status;
    return view.count == 0 ? sqa_result_array(call, &view)
                           : sqa_result_strided(call, &view, view.count - 1, -1, view.count);
}

/*
** With the sign bit flipped, numbers are in order as unsigned ones; big-endian, as bytes. Of two arrays
** one of which begins with the other, the shorter is the smaller BLOB.
*/
enum sqa_status fn_key(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_blocks blocks;
    void *bytes;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status != SQA_OK)
        return status;
    const uint64_t size = sqa_mul_size(view.count, 8);
    status = sqa_bytes_open(call, size, &bytes);
    if (status != SQA_OK)
        return status;
    sqa_blocks_begin(&blocks, call, &view, 8);
    while (sqa_blocks_next(&blocks)) {
        const int64_t *x = blocks.data;
        unsigned char *to = (unsigned char *)bytes + blocks.at * 8;
        for (size_t i = 0; i < blocks.n; i++) {
            const uint64_t key = __builtin_bswap64((uint64_t)x[i] ^ (uint64_t)1 << 63);
            memcpy(to + i * 8, &key, sizeof key);
        }
    }
    return sqa_bytes_close(call, blocks.status, bytes, size);
}
