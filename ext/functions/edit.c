/* Functions that put an array together from parts of an array and new elements. */
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sql/writer.h"

SQLITE_EXTENSION_INIT3

static unsigned wider(unsigned a, unsigned b) {
    return a > b ? a : b;
}

/* The array in argument 0 and the integer in argument 1 */
static enum sqa_status arg_array_integer(struct sqa_call *call, struct sqa_view *view, int64_t *x) {
    const enum sqa_status status = sqa_arg_array(call, 0, view);
    return status == SQA_OK ? sqa_arg_integer(call, 1, x) : status;
}

/* Argument 1 as the index of one of count elements, *at its place from 0 */
static enum sqa_status arg_index(struct sqa_call *call, size_t count, size_t *at) {
    int64_t index;
    const enum sqa_status status = sqa_arg_integer(call, 1, &index);
    if (status != SQA_OK || sqa_index(index, count, at))
        return status;
    if (count == 0)
        return sqa_fail(call, "argument 2: index %lld, but the array is empty", (long long)index);
    return sqa_fail(call, "argument 2: index %lld is outside 1..%lld", (long long)index,
                    (long long)count);
}

/* The result is view with the arguments from `first` on in place of `removed` elements at `at`. */
static enum sqa_status splice(struct sqa_call *call, const struct sqa_view *view, size_t at,
                              size_t removed, int first) {
    const size_t added = (size_t)(call->argc - first);
    const struct sqa_view head = sqa_view_slice(view, 0, at);
    const struct sqa_view tail = sqa_view_slice(view, at + removed, view->count - at - removed);
    struct sqa_writer writer;
    uint64_t sig = 0;
    for (int i = first; i < call->argc; i++) {
        int64_t x;
        const enum sqa_status status = sqa_arg_integer(call, i, &x);
        if (status != SQA_OK)
            return status;
        sig |= sqa_sig(x);
    }
    sqa_writer_open(&writer, call, sqa_add_size(head.count + tail.count, added),
                    wider(view->width, sqa_sig_width(sig)));
    sqa_writer_view(&writer, &head);
    for (int i = first; i < call->argc; i++)
        sqa_writer_fill(&writer, sqlite3_value_int64(call->argv[i]), 1);
    sqa_writer_view(&writer, &tail);
    return sqa_writer_close(&writer);
}

enum sqa_status fn_append(struct sqa_call *call) {
    struct sqa_view view;
    const enum sqa_status status = sqa_arg_array(call, 0, &view);
    return status == SQA_OK ? splice(call, &view, view.count, 0, 1) : status;
}

enum sqa_status fn_prepend(struct sqa_call *call) {
    struct sqa_view view;
    const enum sqa_status status = sqa_arg_array(call, 0, &view);
    return status == SQA_OK ? splice(call, &view, 0, 0, 1) : status;
}

enum sqa_status fn_insert(struct sqa_call *call) {
    struct sqa_view view;
    size_t at;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = arg_index(call, view.count + 1, &at);
    return status == SQA_OK ? splice(call, &view, at, 0, 2) : status;
}

enum sqa_status fn_set_at(struct sqa_call *call) {
    struct sqa_view view;
    size_t at;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = arg_index(call, view.count, &at);
    return status == SQA_OK ? splice(call, &view, at, 1, 2) : status;
}

enum sqa_status fn_remove_at(struct sqa_call *call) {
    struct sqa_view view;
    size_t at;
    int64_t n = 1;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = arg_index(call, view.count, &at);
    if (status == SQA_OK && call->argc > 2)
        status = sqa_arg_count(call, 2, "number of elements", 0, &n);
    if (status != SQA_OK)
        return status;
    const size_t most = view.count - at;
    return splice(call, &view, at, (uint64_t)n < most ? (size_t)n : most, call->argc);
}

enum sqa_status fn_concat(struct sqa_call *call) {
    struct sqa_view *views = sqa_scratch_take(call, (uint64_t)call->argc, sizeof *views);
    struct sqa_writer writer;
    enum sqa_status status = views == NULL ? SQA_NOMEM : SQA_OK;
    uint64_t count = 0;
    unsigned width = 1;
    for (int i = 0; i < call->argc && status == SQA_OK; i++) {
        status = sqa_arg_array(call, i, &views[i]);
        if (status == SQA_OK && views[i].count > 0) {
            count += views[i].count; /* fewer than 2^32 arrays of fewer than 2^32 elements */
            width = wider(width, views[i].width);
        }
    }
    if (status == SQA_OK) {
        sqa_writer_open(&writer, call, count, width);
        for (int i = 0; i < call->argc; i++)
            sqa_writer_view(&writer, &views[i]);
        status = sqa_writer_close(&writer);
    }
    sqa_scratch_give(views);
    return status;
}

/* The optional integer that fills new places, argument 2; 0 by default */
static enum sqa_status arg_fill(struct sqa_call *call, int64_t *fill) {
    *fill = 0;
    return call->argc > 2 ? sqa_arg_integer(call, 2, fill) : SQA_OK;
}

enum sqa_status fn_resize(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_writer writer;
    int64_t n, fill;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_count(call, 1, "number of elements", 0, &n);
    if (status == SQA_OK)
        status = arg_fill(call, &fill);
    if (status != SQA_OK)
        return status;
    if ((uint64_t)n <= view.count) {
        const struct sqa_view head = sqa_view_slice(&view, 0, (size_t)n);
        return sqa_result_array(call, &head);
    }
    sqa_writer_open(&writer, call, (uint64_t)n, wider(view.width, sqa_sig_width(sqa_sig(fill))));
    sqa_writer_view(&writer, &view);
    sqa_writer_fill(&writer, fill, (uint64_t)n - view.count);
    return sqa_writer_close(&writer);
}

enum sqa_status fn_rotate(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_writer writer;
    int64_t n;
    const enum sqa_status status = arg_array_integer(call, &view, &n);
    if (status != SQA_OK)
        return status;
    const int64_t count = (int64_t)view.count, rest = count > 0 ? n % count : 0;
    const size_t right = (size_t)(rest < 0 ? rest + count : rest), left = view.count - right;
    const struct sqa_view head = sqa_view_slice(&view, 0, left);
    const struct sqa_view tail = sqa_view_slice(&view, left, right);
    sqa_writer_open(&writer, call, view.count, view.width);
    sqa_writer_view(&writer, &tail);
    sqa_writer_view(&writer, &head);
    return sqa_writer_close(&writer);
}

enum sqa_status fn_shift(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_writer writer;
    int64_t n, fill;
    enum sqa_status status = arg_array_integer(call, &view, &n);
    if (status == SQA_OK)
        status = arg_fill(call, &fill);
    if (status != SQA_OK)
        return status;
    const uint64_t distance = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    const size_t emptied = distance < view.count ? (size_t)distance : view.count;
    const struct sqa_view kept = sqa_view_slice(&view, n < 0 ? emptied : 0, view.count - emptied);
    const unsigned fill_width = emptied > 0 ? sqa_sig_width(sqa_sig(fill)) : 1;
    sqa_writer_open(&writer, call, view.count, wider(view.width, fill_width));
    if (n > 0)
        sqa_writer_fill(&writer, fill, emptied);
    sqa_writer_view(&writer, &kept);
    if (n < 0)
        sqa_writer_fill(&writer, fill, emptied);
    return sqa_writer_close(&writer);
}

/* The array in argument 0 and how often it is wanted, argument 1; *count elements in all */
static enum sqa_status arg_times(struct sqa_call *call, struct sqa_view *view, uint64_t *times,
                                 uint64_t *count) {
    int64_t n;
    enum sqa_status status = sqa_arg_array(call, 0, view);
    if (status == SQA_OK)
        status = sqa_arg_count(call, 1, "number of times", 0, &n);
    if (status != SQA_OK)
        return status;
    *times = (uint64_t)n;
    *count = sqa_mul_size(view->count, *times);
    return SQA_OK;
}

/* A tile, or several of them, of up to this many bytes stays in the cache while it is copied. */
enum { TILE_BYTES = 16 * 1024 };

enum sqa_status fn_tile(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_writer writer;
    uint64_t times, count;
    const enum sqa_status status = arg_times(call, &view, &times, &count);
    if (status != SQA_OK)
        return status;
    sqa_writer_open(&writer, call, count, view.width);
    if (count > 0)
        sqa_writer_view(&writer, &view);
    /* copies of what stands at the start, of as many whole tiles as are there and fit the cache */
    struct sqa_view tiles = view;
    while (writer.status == SQA_OK && writer.done < count) {
        tiles.data = sqa_out_data(&writer.out);
        if (writer.done * view.width <= TILE_BYTES)
            tiles.count = writer.done;
        if (tiles.count > count - writer.done)
            tiles.count = (size_t)(count - writer.done);
        sqa_writer_view(&writer, &tiles);
    }
    return sqa_writer_close(&writer);
}

enum sqa_status fn_repeat(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_writer writer;
    struct sqa_reader reader;
    uint64_t times, count;
    const enum sqa_status status = arg_times(call, &view, &times, &count);
    if (status != SQA_OK)
        return status;
    sqa_repeat_fn *const repeat = call->connection->kernels->repeat[sqa_width_index(view.width)];
    sqa_reader_init(&reader, call->connection->kernels, &view, view.width);
    sqa_writer_open(&writer, call, count, view.width);
    /* as many elements at a time as fill a block; those that fill more by themselves, in runs */
    const size_t most = times == 0 || times > SQA_BLOCK ? 1 : (size_t)(SQA_BLOCK / times);
    for (size_t at = 0, n; at < view.count && times > 0 && writer.status == SQA_OK; at += n) {
        n = view.count - at < most ? view.count - at : most;
        if (times > SQA_BLOCK) {
            sqa_writer_fill(&writer, sqa_view_get(&view, at), times);
            continue;
        }
        repeat(sqa_writer_room(&writer), sqa_reader_block(&reader, at, n), n, (size_t)times);
        sqa_writer_wrote(&writer, n * (size_t)times);
    }
    return sqa_writer_close(&writer);
}
