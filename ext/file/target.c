#include "file/target.h"

#include <errno.h>

SQLITE_EXTENSION_INIT3

static void find_directory(struct sqa_target *target, struct sqa_call *call) {
    const int length = sqa_system_directory(target->path);
    struct sqa_file_status status;
    target->directory = length == 0 ? sqa_message(".") : sqa_message("%.*s", length, target->path);
    sqa_check_memory(call, target->directory);
    if (sqa_failed(call))
        return;
    if (!sqa_system_find(target->directory, &status)) {
        sqa_fail_path(call, "write", target->path);
        return;
    }
    target->device = status.device;
    target->inode = status.inode;
}

static void find_file(struct sqa_target *target, struct sqa_call *call) {
    const char *path = target->path;
    if (!sqa_system_find(path, &target->status)) {
        if (errno != ENOENT)
            sqa_fail_path(call, "write", path);
        return;
    }
    if (!target->status.is_regular)
        sqa_fail(call, "%.*s is not a regular file", sqa_excerpt(path, 150), path);
    /* checked here because a renaming does not depend on the file's permissions */
    else if (!sqa_system_may_write(path))
        sqa_fail_path(call, "write", path);
    target->exists = true;
}

void sqa_target_find(struct sqa_target *target, struct sqa_call *call, const char *path) {
    char resolved[SQA_LONGEST_PATH];
    *target = (struct sqa_target){.path = NULL};
    if (!sqa_failed(call) && !sqa_system_follow(&path, resolved))
        sqa_fail_path(call, "write", path);
    if (sqa_failed(call))
        return;
    target->path = sqa_message("%s", path);
    sqa_check_memory(call, target->path);
    if (!sqa_failed(call))
        find_directory(target, call);
    if (!sqa_failed(call))
        find_file(target, call);
    if (sqa_failed(call))
        sqa_target_clear(target);
}

void sqa_target_clear(struct sqa_target *target) {
    sqa_object_free(target->path);
    sqa_object_free(target->directory);
    *target = (struct sqa_target){.path = NULL};
}

bool sqa_target_same(const struct sqa_target *a, const struct sqa_target *b) {
    return a->device == b->device && a->inode == b->inode &&
           sqa_system_same_name(a->path + sqa_system_directory(a->path),
                                b->path + sqa_system_directory(b->path));
}

char *sqa_target_temporary(const struct sqa_target *target) {
    uint64_t name;
    sqlite3_randomness(sizeof name, &name);
    return sqa_message("%.*s.array-%016llx.tmp", sqa_system_directory(target->path), target->path,
                       (unsigned long long)name);
}

void sqa_target_sync(const struct sqa_target *target, struct sqa_call *call) {
    if (!sqa_system_sync_directory(target->directory))
        sqa_fail_path(call, "sync the directory of", target->path);
}
