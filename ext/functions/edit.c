/* Functions that build an array from parts of another array and new elements. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

SQLITE_EXTENSION_INIT3

static unsigned wider(unsigned a, unsigned b) {
    return a > b ? a : b;
}

/*
** The result is the array after replacing `removed` elements at index `at` (from 0) by the
** arguments from number `first` on.
*/
static void replace_part(struct sqa_call *call, const struct sqa_array *array, size_t at,
                         size_t removed, int first) {
    struct sqa_writer writer;
    uint64_t sig = 0;
    for (int i = first; i < call->argc; i++)
        sig |= sqa_sig(sqa_arg_integer(call, i));
    if (sqa_failed(call))
        return;
    const size_t added = (size_t)(call->argc - first);
    const struct sqa_array head = sqa_array_slice(array, 0, at);
    const struct sqa_array tail = sqa_array_slice(array, at + removed, array->count - at - removed);
    sqa_writer_open(&writer, call, sqa_add_size(head.count + tail.count, added),
                    wider(array->width, sqa_sig_width(sig)));
    sqa_writer_array(&writer, &head);
    for (int i = first; i < call->argc; i++)
        sqa_writer_fill(&writer, sqlite3_value_int64(call->argv[i]), 1);
    sqa_writer_array(&writer, &tail);
    sqa_writer_close(&writer);
}

void sqa_fn_append(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    replace_part(call, &array, array.count, 0, 1);
}

void sqa_fn_prepend(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    replace_part(call, &array, 0, 0, 1);
}

void sqa_fn_insert(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const size_t at = sqa_arg_index(call, 1, array.count + 1);
    replace_part(call, &array, at, 0, 2);
}

void sqa_fn_set_at(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const size_t at = sqa_arg_index(call, 1, array.count);
    replace_part(call, &array, at, 1, 2);
}

void sqa_fn_remove_at(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const size_t at = sqa_arg_index(call, 1, array.count), most = array.count - at;
    const int64_t n = call->argc > 2 ? sqa_arg_count(call, 2, "number of elements", 0) : 1;
    replace_part(call, &array, at, (uint64_t)n < most ? (size_t)n : most, call->argc);
}

void sqa_fn_concat(struct sqa_call *call) {
    struct sqa_stack_scratch stack;
    struct sqa_array *arrays =
        sqa_scratch_take_either(call, &stack, (uint64_t)call->argc, sizeof *arrays);
    struct sqa_writer writer;
    uint64_t count = 0;
    unsigned width = 1;
    for (int i = 0; i < call->argc && !sqa_failed(call); i++) {
        sqa_arg_array_to(call, i, &arrays[i]);
        if (arrays[i].count > 0) {
            /* cannot overflow: fewer than 2^32 arrays of fewer than 2^32 elements each */
            count += arrays[i].count;
            width = wider(width, arrays[i].width);
        }
    }
    sqa_writer_open(&writer, call, count, width);
    for (int i = 0; i < call->argc && !sqa_failed(call); i++)
        sqa_writer_array(&writer, &arrays[i]);
    sqa_writer_close(&writer);
}

void sqa_fn_resize(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const uint64_t n = (uint64_t)sqa_arg_count(call, 1, "number of elements", 0);
    const int64_t fill = sqa_arg_integer_or(call, 2, 0);
    struct sqa_writer writer;
    if (n <= array.count) {
        const struct sqa_array head = sqa_array_slice(&array, 0, (size_t)n);
        sqa_result_array(call, &head);
        return;
    }
    sqa_writer_open(&writer, call, n, wider(array.width, sqa_sig_width(sqa_sig(fill))));
    sqa_writer_array(&writer, &array);
    sqa_writer_fill(&writer, fill, n - array.count);
    sqa_writer_close(&writer);
}

void sqa_fn_rotate(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t n = sqa_arg_integer(call, 1);
    const int64_t count = (int64_t)array.count, rest = count > 0 ? n % count : 0;
    const size_t right = (size_t)(rest < 0 ? rest + count : rest), left = array.count - right;
    const struct sqa_array head = sqa_array_slice(&array, 0, left);
    const struct sqa_array tail = sqa_array_slice(&array, left, right);
    struct sqa_writer writer;
    sqa_writer_open(&writer, call, array.count, array.width);
    sqa_writer_array(&writer, &tail);
    sqa_writer_array(&writer, &head);
    sqa_writer_close(&writer);
}

void sqa_fn_shift(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t n = sqa_arg_integer(call, 1), fill = sqa_arg_integer_or(call, 2, 0);
    const uint64_t distance = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    const size_t emptied = distance < array.count ? (size_t)distance : array.count;
    const struct sqa_array kept =
        sqa_array_slice(&array, n < 0 ? emptied : 0, array.count - emptied);
    const unsigned fill_width = emptied > 0 ? sqa_sig_width(sqa_sig(fill)) : 1;
    struct sqa_writer writer;
    sqa_writer_open(&writer, call, array.count, wider(array.width, fill_width));
    if (n > 0)
        sqa_writer_fill(&writer, fill, emptied);
    sqa_writer_array(&writer, &kept);
    if (n < 0)
        sqa_writer_fill(&writer, fill, emptied);
    sqa_writer_close(&writer);
}

/*
** Once the result has this many bytes, the copied part is not made longer, so that it stays in
** the CPU cache.
*/
enum { TILE_BYTES = 16 * 1024 };

void sqa_fn_tile(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const uint64_t times = (uint64_t)sqa_arg_count(call, 1, "number of times", 0);
    const uint64_t count = sqa_mul_size(array.count, times);
    struct sqa_writer writer;
    sqa_writer_open(&writer, call, count, array.width);
    if (count > 0)
        sqa_writer_array(&writer, &array);
    /*
    ** Each step copies the beginning of the result to its end. The length of the copied part
    ** doubles up to TILE_BYTES and is always a multiple of the array's length.
    */
    size_t whole = array.count;
    while (writer.done < count && !sqa_failed(call)) {
        if (writer.done * array.width <= TILE_BYTES)
            whole = writer.done;
        const uint64_t left = count - writer.done;
        const struct sqa_view tiles = {writer.out.elements, left < whole ? (size_t)left : whole,
                                       array.width};
        const struct sqa_array copied = sqa_array_of(&tiles);
        sqa_writer_array(&writer, &copied);
    }
    sqa_writer_close(&writer);
}

void sqa_fn_repeat(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const uint64_t times = (uint64_t)sqa_arg_count(call, 1, "number of times", 0);
    sqa_repeat_fn *const repeat = call->connection->kernels->repeat[sqa_width_index(array.width)];
    struct sqa_writer writer;
    struct sqa_reader reader;
    sqa_writer_open(&writer, call, sqa_mul_size(array.count, times), array.width);
    sqa_read(&reader, call, &array, array.width);
    /*
    ** If each element is repeated at most SQA_BLOCK times, several elements are handled at once,
    ** as many as fill one block. Otherwise each element is written by itself.
    */
    const size_t most = times == 0 || times > SQA_BLOCK ? 1 : (size_t)(SQA_BLOCK / times);
    for (size_t at = 0, n; at < array.count && times > 0 && !sqa_failed(call); at += n) {
        n = array.count - at < most ? array.count - at : most;
        if (times > SQA_BLOCK) {
            const struct sqa_view one = {sqa_reader_block(&reader, at, 1), 1, array.width};
            sqa_writer_fill(&writer, sqa_view_get(&one, 0), times);
            continue;
        }
        repeat(sqa_writer_room(&writer), sqa_reader_block(&reader, at, n), n, (size_t)times);
        sqa_writer_wrote(&writer, n * (size_t)times);
    }
    sqa_writer_close(&writer);
}
