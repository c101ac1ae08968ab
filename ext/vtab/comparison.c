#include "vtab/comparison.h"

SQLITE_EXTENSION_INIT3

const struct sqa_comparison sqa_comparisons[SQA_COMPARISONS] = {
    {SQA_EQ, SQLITE_INDEX_CONSTRAINT_EQ, "=?"},  {SQA_GT, SQLITE_INDEX_CONSTRAINT_GT, ">?"},
    {SQA_GE, SQLITE_INDEX_CONSTRAINT_GE, ">=?"}, {SQA_LT, SQLITE_INDEX_CONSTRAINT_LT, "<?"},
    {SQA_LE, SQLITE_INDEX_CONSTRAINT_LE, "<=?"},
};

struct sqa_range sqa_range_of(int relation, sqlite3_value *value) {
    const enum sqa_relation op = (enum sqa_relation)relation;
    /* also text such as '5', because the column has INTEGER affinity */
    switch (sqlite3_value_numeric_type(value)) {
    case SQLITE_INTEGER:
        return sqa_range_of_integer(op, sqlite3_value_int64(value));
    case SQLITE_FLOAT:
        return sqa_range_of_real(op, sqlite3_value_double(value));
    case SQLITE_NULL:
        return sqa_range_none();
    default: /* TEXT and BLOB are greater than every number */
        return op == SQA_LT || op == SQA_LE ? sqa_range_all() : sqa_range_none();
    }
}
