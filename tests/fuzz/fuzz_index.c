/* Operations on a table and its array_index, see tests/index/operations.h. */
#define _POSIX_C_SOURCE 200809L
#include "../index/operations.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    index_run(&input, 60);
    return 0;
}
