#include "file/file_transaction.h"

#include <limits.h>
#include <string.h>

#include "core/npy.h"

SQLITE_EXTENSION_INIT3

struct sqa_pending_file {
    struct sqa_pending_file *next;
    char *name; /* the path as it was given first */
    struct sqa_output output;
};

/* How much had been written when a savepoint began */
struct sqa_file_mark {
    struct sqa_file_mark *next;
    int level;           /* SQLite's number of the savepoint */
    size_t count;        /* files that there were; those named later are before them in the list */
    uint64_t elements[]; /* of each of them, in the order of the list */
};

static void drop_first_file(struct sqa_file_transaction *t) {
    struct sqa_pending_file *file = t->files;
    if (t->current == file)
        t->current = NULL;
    t->files = file->next;
    t->count--;
    sqa_output_drop(&file->output);
    sqa_object_free(file->name);
    sqa_object_free(file);
}

/* Another path may lead to the same file. */
static enum sqa_status find_file(const struct sqa_file_transaction *t, struct sqa_call *call,
                                 const char *path, struct sqa_target *target,
                                 struct sqa_pending_file **found) {
    if (t->current != NULL && strcmp(t->current->name, path) == 0) {
        *found = t->current;
        return SQA_OK;
    }
    for (*found = t->files; *found != NULL; *found = (*found)->next) {
        if (strcmp((*found)->name, path) == 0)
            return SQA_OK;
    }
    const enum sqa_status status = sqa_target_find(target, call, path);
    if (status != SQA_OK)
        return status;
    for (*found = t->files; *found != NULL; *found = (*found)->next) {
        if (sqa_target_same(&(*found)->output.target, target)) {
            sqa_target_clear(target);
            break;
        }
    }
    return SQA_OK;
}

/* Takes the target. */
static enum sqa_status make_file(struct sqa_file_transaction *t, struct sqa_call *call,
                                 const struct sqa_file_row *row, struct sqa_target *target) {
    struct sqa_pending_file *file = sqa_object_new(sizeof *file);
    if (file == NULL) {
        sqa_target_clear(target);
        return SQA_NOMEM;
    }
    enum sqa_status status = sqa_output_open(&file->output, call, target, row->dtype, NULL);
    file->next = t->files;
    t->files = file;
    t->count++;
    if (status == SQA_OK) {
        file->name = sqa_message("%s", row->path);
        status = file->name == NULL ? SQA_NOMEM : SQA_OK;
    }
    if (status != SQA_OK)
        drop_first_file(t);
    return status;
}

/* Makes the row's file the current one. */
static enum sqa_status choose_file(struct sqa_file_transaction *t, struct sqa_call *call,
                                   const struct sqa_file_row *row) {
    struct sqa_pending_file *file = NULL;
    struct sqa_target target = {.path = NULL};
    enum sqa_status status = find_file(t, call, row->path, &target, &file);
    if (status != SQA_OK || (file != NULL && file == t->current))
        return status;
    if (t->current != NULL)
        status = sqa_output_pause(&t->current->output, call);
    if (status != SQA_OK) {
        sqa_target_clear(&target);
        return status;
    }
    t->current = file;
    if (file != NULL)
        return SQA_OK;
    status = make_file(t, call, row, &target);
    if (status == SQA_OK)
        t->current = t->files;
    return status;
}

static enum sqa_status add_row(struct sqa_output *output, struct sqa_call *call,
                               const struct sqa_file_row *row) {
    if (row->dtype != SQA_NO_DTYPE && row->dtype != (int)output->dtype)
        return sqa_fail(call, "dtype is %s, the rows of the path before are %s",
                        sqa_npy_dtypes[row->dtype], sqa_npy_dtypes[output->dtype]);
    return sqa_output_add(output, call, &row->view);
}

enum sqa_status sqa_file_transaction_add(struct sqa_file_transaction *t, struct sqa_call *call,
                                         const struct sqa_file_row *row, uint64_t *first) {
    if (t->is_published) /* COMMIT was refused afterwards, because the database was busy */
        return sqa_fail(call, "the files of this transaction are in place, no row can follow");
    const size_t files = t->count;
    enum sqa_status status = choose_file(t, call, row);
    if (status != SQA_OK)
        return status;
    struct sqa_output *output = &t->current->output;
    *first = output->count;
    status = add_row(output, call, row);
    if (status == SQA_OK)
        return SQA_OK;
    if (t->count > files)
        drop_first_file(t);
    else
        sqa_output_rewind(output, *first);
    return status;
}

void sqa_file_transaction_begin(struct sqa_file_transaction *t) {
    *t = (struct sqa_file_transaction){.is_open = true, .older = INT_MAX};
}

/* Drops the marks of the savepoints from this number on. */
static void drop_marks(struct sqa_file_transaction *t, int level) {
    while (t->marks != NULL && t->marks->level >= level) {
        struct sqa_file_mark *mark = t->marks;
        t->marks = mark->next;
        sqa_object_free(mark);
    }
}

/* The savepoint and those inside it have ended: whatever has their numbers next began later. */
void sqa_file_transaction_release(struct sqa_file_transaction *t, int level) {
    drop_marks(t, level);
    if (t->older > level)
        t->older = level;
}

enum sqa_status sqa_file_transaction_mark(struct sqa_file_transaction *t, int level) {
    sqa_file_transaction_release(t, level);
    struct sqa_file_mark *mark = sqa_object_new(sizeof *mark + t->count * sizeof mark->elements[0]);
    if (mark == NULL)
        return SQA_NOMEM;
    mark->level = level;
    mark->count = t->count;
    const struct sqa_pending_file *file = t->files;
    for (size_t i = 0; i < t->count; i++, file = file->next)
        mark->elements[i] = file->output.count;
    mark->next = t->marks;
    t->marks = mark;
    return SQA_OK;
}

/*
** A savepoint may have no mark for two reasons. It began before the transaction: then nothing had been written. Or there was no
** memory for the mark: then the statement that wanted the savepoint has failed, and nothing has been written since.
*/
void sqa_file_transaction_rewind(struct sqa_file_transaction *t, int level) {
    drop_marks(t, level + 1);
    const struct sqa_file_mark *mark =
        t->marks != NULL && t->marks->level == level ? t->marks : NULL;
    if (t->is_published || (mark == NULL && level >= t->older))
        return;
    while (t->count > (mark == NULL ? 0 : mark->count))
        drop_first_file(t);
    struct sqa_pending_file *file = t->files;
    for (size_t i = 0; i < t->count; i++, file = file->next)
        sqa_output_rewind(&file->output, mark->elements[i]);
}

/* Makes the file named first the first one in the list. */
static void reverse(struct sqa_file_transaction *t) {
    struct sqa_pending_file *reversed = NULL;
    while (t->files != NULL) {
        struct sqa_pending_file *file = t->files;
        t->files = file->next;
        file->next = reversed;
        reversed = file;
    }
    t->files = reversed;
}

enum sqa_status sqa_file_transaction_publish(struct sqa_file_transaction *t,
                                             struct sqa_call *call) {
    enum sqa_status status = SQA_OK;
    if (t->is_published)
        return SQA_OK;
    reverse(t);
    for (struct sqa_pending_file *f = t->files; f != NULL && status == SQA_OK; f = f->next)
        status = sqa_output_sync(&f->output, call);
    for (struct sqa_pending_file *f = t->files; f != NULL && status == SQA_OK; f = f->next)
        status = sqa_output_publish(&f->output, call);
    t->is_published = t->files != NULL && status == SQA_OK;
    return status;
}

void sqa_file_transaction_end(struct sqa_file_transaction *t) {
    while (t->files != NULL)
        drop_first_file(t);
    drop_marks(t, 0);
    t->is_open = false;
}
