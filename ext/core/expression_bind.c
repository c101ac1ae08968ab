#include "core/expression_bind.h"

#include <string.h>

/* The computation that is being built, and where its parts are in the caller's memory */
struct binder {
    const struct sqa_expression_call *call;
    struct sqa_elementwise *e;
    struct sqa_bound_step *steps;
    struct sqa_node *nodes;
    struct sqa_stage *stages;
    int64_t *items;
    struct sqa_reader *readers;
    unsigned char *blocks;
    size_t block_size;
    enum sqa_status status; /* the first failure */
    struct sqa_error error;
};

/* ---- Memory */

static size_t round_up(size_t size) {
    return (size + 63) / 64 * 64;
}

static size_t packed_arguments(const struct sqa_expression_call *call) {
    size_t packed = 0;
    for (unsigned i = 0; i < call->expression->letters; i++)
        packed += !call->arguments[i].is_scalar && call->arguments[i].array.packed_count > 0;
    return packed;
}

static size_t longest_argument(const struct sqa_expression_call *call) {
    size_t longest = 0;
    for (unsigned i = 0; i < call->expression->letters; i++) {
        if (!call->arguments[i].is_scalar && call->arguments[i].array.count > longest)
            longest = call->arguments[i].array.count;
    }
    return longest;
}

/*
** Returns the address of the next `size` bytes of memory and increases *at. Returns NULL while
** memory is NULL.
*/
static void *take_room(unsigned char *memory, size_t *at, size_t size) {
    void *room = memory == NULL ? NULL : memory + *at;
    *at += round_up(size);
    return room;
}

/* Assigns addresses in memory to all parts. If memory is NULL, only computes the size. */
static size_t lay_out(struct binder *b, unsigned char *memory) {
    const struct sqa_expression *x = b->call->expression;
    const size_t longest = longest_argument(b->call);
    size_t size = 0;
    b->block_size = round_up((longest < SQA_BLOCK ? longest : SQA_BLOCK) * 8);
    b->steps = take_room(memory, &size, x->count * sizeof b->steps[0]);
    b->nodes = take_room(memory, &size, x->count * sizeof b->nodes[0]);
    b->stages = take_room(memory, &size, x->count * sizeof b->stages[0]);
    b->items = take_room(memory, &size, x->item_count * sizeof b->items[0]);
    b->readers = take_room(memory, &size, packed_arguments(b->call) * sizeof b->readers[0]);
    b->blocks = take_room(memory, &size, (x->blocks + SQA_INPUTS) * b->block_size);
    return size;
}

size_t sqa_expression_room(const struct sqa_expression_call *call) {
    struct binder b = {.call = call};
    return lay_out(&b, NULL);
}

const struct sqa_bound_step *sqa_expression_bound(const void *memory, unsigned step) {
    return (const struct sqa_bound_step *)memory + step;
}

/* ---- Steps */

static void fail_binding(struct binder *b, enum sqa_status status, int64_t first, int64_t second) {
    if (b->status != SQA_OK)
        return;
    b->status = status;
    b->error = (struct sqa_error){first, second};
}

static const struct sqa_expression_step *step_of(const struct binder *b, unsigned k) {
    return &b->call->expression->steps[k];
}

static const struct sqa_bound_step *input_of(const struct binder *b,
                                             const struct sqa_expression_step *step, unsigned i) {
    return &b->steps[step->input[i]];
}

/* Returns the value of an input that must be an integer. */
static int64_t integer_input(struct binder *b, const struct sqa_expression_step *step, unsigned i) {
    if (!input_of(b, step, i)->is_integer)
        fail_binding(b, SQA_EXPRESSION_INTEGER, step_of(b, step->input[i])->at, 0);
    return input_of(b, step, i)->integer.scalar;
}

static size_t source_count(const struct sqa_source *source) {
    return source->stage != NULL ? source->stage->count : source->operand->array.count;
}

/*
** Sets the set of an isin node: sorted, in its narrowest width, in memory for 8 bytes an element.
*/
static void set_node_set(struct binder *b, struct sqa_node *node, int64_t *sorted, size_t count) {
    const uint64_t sig = count == 0 ? 0 : sqa_sig(sorted[0]) | sqa_sig(sorted[count - 1]);
    node->op.set.sorted = node->op.set.room = sorted;
    node->op.set.count = count;
    node->op.set.width = sqa_sig_width(sig);
    sqa_convert_in_place(b->call->kernels, sorted, count, 8, node->op.set.width, NULL);
}

static void bind_list(struct binder *b, const struct sqa_expression_step *step,
                      struct sqa_node *node) {
    int64_t *const sorted = b->items + step->first;
    for (unsigned i = 0; i < step->items; i++) {
        const unsigned item = b->call->expression->items[step->first + i];
        const int64_t x = b->steps[item].integer.scalar;
        unsigned at = i;
        if (!b->steps[item].is_integer)
            fail_binding(b, SQA_EXPRESSION_INTEGER, step_of(b, item)->at, 0);
        for (; at > 0 && sorted[at - 1] > x; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = x;
    }
    if (b->status == SQA_OK)
        set_node_set(b, node, sorted, step->items);
}

static void bind_set(struct binder *b, const struct sqa_expression_step *step,
                     struct sqa_node *node) {
    const struct sqa_bound_step *set = input_of(b, step, 1);
    if (set->is_integer) {
        fail_binding(b, SQA_EXPRESSION_ARRAY, step_of(b, step->input[1])->at, 0);
        return;
    }
    const struct sqa_array *array = &set->source.operand->array;
    int64_t *sorted = b->call->sort(b->call->context, array);
    if (sorted == NULL)
        fail_binding(b, SQA_NOMEM, 0, 0);
    else
        set_node_set(b, node, sorted, array->count);
}

static void bind_range(struct binder *b, const struct sqa_expression_step *step,
                       struct sqa_node *node) {
    node->op.range.lo = integer_input(b, step, 1);
    node->op.range.hi = integer_input(b, step, 2);
}

/* Sets the node of a step and returns the number of its inputs. */
static int bind_node(struct binder *b, const struct sqa_expression_step *step,
                     struct sqa_node *node) {
    const struct sqa_kernels *kernels = b->call->kernels;
    *node = (struct sqa_node){.kernels = kernels};
    node->is_mask = sqa_operation_is_mask((enum sqa_operation)step->operation);
    switch ((enum sqa_operation)step->operation) {
#define BINARY(name)                                                                               \
    case SQA_OPERATION_##name:                                                                     \
        node->compute = sqa_compute_binary;                                                        \
        node->op.binary = (struct sqa_binary_op)SQA_OP3(kernels, name);                            \
        return 2;
        SQA_EXPRESSION_BINARY(BINARY)
#undef BINARY
#define COMPARE(name)                                                                              \
    case SQA_OPERATION_##name:                                                                     \
        node->compute = sqa_compute_compare;                                                       \
        node->op.compare = (struct sqa_compare_op)SQA_OP3(kernels, name);                          \
        return 2;
        SQA_EXPRESSION_COMPARE(COMPARE)
#undef COMPARE
    case SQA_OPERATION_and:
        node->compute = sqa_compute_binary;
        node->op.binary = (struct sqa_binary_op)SQA_OP3(kernels, bit_and);
        return 2;
    case SQA_OPERATION_or:
        node->compute = sqa_compute_binary;
        node->op.binary = (struct sqa_binary_op)SQA_OP3(kernels, bit_or);
        return 2;
    case SQA_OPERATION_abs:
        node->compute = sqa_compute_unary;
        node->op.unary = kernels->abs;
        return 1;
    case SQA_OPERATION_popcount:
        node->compute = sqa_compute_unary;
        node->op.unary = kernels->popcount;
        return 1;
    case SQA_OPERATION_sign:
        node->compute = sqa_compute_clip;
        node->op.range.lo = -1;
        node->op.range.hi = 1;
        return 1;
    case SQA_OPERATION_clip:
        node->compute = sqa_compute_clip;
        bind_range(b, step, node);
        if (node->op.range.lo > node->op.range.hi)
            fail_binding(b, SQA_EXPRESSION_BOUNDS, node->op.range.lo, node->op.range.hi);
        return 1;
    case SQA_OPERATION_where:
        node->compute = sqa_compute_where;
        node->in_full = true;
        return 3;
    case SQA_OPERATION_between:
        node->compute = sqa_compute_between;
        if (input_of(b, step, 1)->is_integer && input_of(b, step, 2)->is_integer) {
            bind_range(b, step, node);
            return 1;
        }
        node->compute = sqa_compute_within;
        node->in_full = true;
        return 3;
    case SQA_OPERATION_isin:
        node->compute = sqa_compute_isin;
        if (step->inputs == 1)
            bind_list(b, step, node);
        else
            bind_set(b, step, node);
        return 1;
    case SQA_OPERATION_argument:
    case SQA_OPERATION_integer:
    case SQA_OPERATIONS:
        break;
    }
    return 0;
}

static void be_integer(struct sqa_bound_step *bound, int64_t value) {
    bound->is_integer = true;
    bound->integer.is_scalar = true;
    bound->integer.scalar = value;
    bound->source.operand = &bound->integer;
}

static void bind_argument(struct binder *b, const struct sqa_expression_step *step,
                          struct sqa_bound_step *bound) {
    const struct sqa_operand *operand = &b->call->arguments[step->value];
    if (operand->is_scalar) {
        be_integer(bound, operand->scalar);
        return;
    }
    bound->source.operand = operand;
    if (operand->array.packed_count > 0) {
        sqa_reader_init(b->readers, b->call->kernels, &operand->array, operand->array.width, NULL);
        bound->source.reader = b->readers++;
    }
}

/* Computes a step whose inputs are all integers. */
static void bind_integers(struct binder *b, struct sqa_stage *stage, struct sqa_bound_step *bound) {
    struct sqa_node_input inputs[SQA_INPUTS];
    struct sqa_acc acc = {0, 0};
    int64_t result = 0;
    for (int i = 0; i < stage->source_count; i++)
        inputs[i] = (struct sqa_node_input){&stage->sources[i].operand->scalar, true};
    stage->node->compute(stage->node, SQA_INDEX_64, inputs, &result, 1, &acc);
    if (acc.fault != 0)
        fail_binding(b,
                     acc.fault & SQA_FAULT_DIVISION   ? SQA_DIVISION
                     : acc.fault & SQA_FAULT_EXPONENT ? SQA_EXPONENT
                                                      : SQA_OVERFLOW,
                     1, 0);
    be_integer(bound, result);
}

/* Fails if the arrays among a stage's sources have different lengths. */
static void check_lengths(struct binder *b, const struct sqa_expression_step *step,
                          struct sqa_stage *stage) {
    bool found = false;
    for (int i = 0; i < stage->source_count; i++) {
        const struct sqa_source *source = &stage->sources[step->is_swapped ? 1 - i : i];
        if (source->stage == NULL && source->operand->is_scalar)
            continue;
        const size_t count = source_count(source);
        if (found && count != stage->count)
            fail_binding(b, SQA_LENGTHS, (int64_t)stage->count, (int64_t)count);
        if (!found)
            stage->count = count;
        found = true;
    }
}

/* Binds an operation. Its stage is the next inner one, or the last one. */
static void bind_operation(struct binder *b, unsigned k, bool is_last) {
    const struct sqa_expression_step *step = step_of(b, k);
    struct sqa_bound_step *bound = &b->steps[k];
    struct sqa_stage *stage = is_last ? &b->e->last : &b->stages[b->e->inner_count];
    bool is_integer = true;
    memset(stage, 0, sizeof *stage);
    stage->node = is_last ? &b->e->node : &b->nodes[b->e->inner_count];
    stage->source_count = bind_node(b, step, stage->node);
    stage->width = 1;
    if (step->operation == SQA_OPERATION_isin && b->status == SQA_OK)
        stage->width = stage->node->op.set.width;
    for (int i = 0; i < stage->source_count; i++) {
        const struct sqa_bound_step *input = input_of(b, step, (unsigned)i);
        const unsigned width = sqa_source_width(&input->source);
        stage->sources[i] = input->source;
        stage->width = width > stage->width ? width : stage->width;
        is_integer &= input->is_integer;
    }
    if (b->status != SQA_OK)
        return;
    if (is_integer) {
        bind_integers(b, stage, bound);
        return;
    }
    if (step->operation == SQA_OPERATION_where && input_of(b, step, 0)->is_integer)
        fail_binding(b, SQA_EXPRESSION_ARRAY, step_of(b, step->input[0])->at, 0);
    check_lengths(b, step, stage);
    if (b->status != SQA_OK)
        return;
    bound->source.stage = stage;
    if (step->block < SQA_EXPRESSION_BLOCKS)
        stage->block = b->blocks + (SQA_INPUTS + step->block) * b->block_size;
    if (!is_last)
        b->e->inner_count++;
}

/*
** Sets the source of the values for the outermost function, which must be an array, and returns
** its length.
*/
static size_t bind_result(struct binder *b, unsigned k, struct sqa_source *result) {
    if (b->status != SQA_OK)
        return 0;
    *result = b->steps[k].source;
    if (b->steps[k].is_integer) {
        fail_binding(b, SQA_EXPRESSION_ARRAY, step_of(b, k)->at, 0);
        return 0;
    }
    return source_count(result);
}

/*
** Makes the error one that the computation will report, because an earlier stage may have an
** error that comes first.
*/
static enum sqa_status fail_later(struct binder *b, struct sqa_error *error) {
    struct sqa_elementwise *e = b->e;
    e->count = 0;
    for (int i = 0; i < e->inner_count; i++)
        e->count = e->inner[i].count > e->count ? e->inner[i].count : e->count;
    e->failed = e->inner_count;
    e->failure = b->status;
    e->failure_error = *error = b->error;
    return e->count == 0 || b->status == SQA_NOMEM ? b->status : SQA_OK;
}

enum sqa_status sqa_expression_bind(const struct sqa_expression_call *call, void *memory,
                                    struct sqa_elementwise *e, struct sqa_source results[2],
                                    struct sqa_error *error) {
    const struct sqa_expression *x = call->expression;
    struct binder b = {.call = call, .e = e, .status = SQA_OK};
    (void)lay_out(&b, memory);
    memset(b.steps, 0, x->count * sizeof b.steps[0]);
    e->node.is_mask = false;
    e->inner = b.stages;
    e->inner_count = 0;
    e->conversions = b.blocks;
    e->conversion_size = b.block_size;
    e->done = e->count = 0;
    e->sig = 0;
    e->failed = -1;
    for (unsigned k = 0; k < x->count && b.status == SQA_OK; k++) {
        const struct sqa_expression_step *step = step_of(&b, k);
        if (step->operation == SQA_OPERATION_integer)
            be_integer(&b.steps[k], step->value);
        else if (step->operation == SQA_OPERATION_argument)
            bind_argument(&b, step, &b.steps[k]);
        else
            bind_operation(&b, k, x->outermost == SQA_OUTERMOST_none && k == x->result);
    }
    e->count = bind_result(&b, x->result, &results[0]);
    if (x->outermost == SQA_OUTERMOST_filter) {
        const size_t count = bind_result(&b, x->mask, &results[1]);
        if (count != e->count)
            fail_binding(&b, SQA_LENGTHS, (int64_t)e->count, (int64_t)count);
    }
    return b.status == SQA_OK ? SQA_OK : fail_later(&b, error);
}
