#include "sql/connection.h"

SQLITE_EXTENSION_INIT3

uint64_t sqa_result_limit(const struct sqa_connection *connection) {
    const int64_t length = sqlite3_limit(connection->db, SQLITE_LIMIT_LENGTH, -1);
    return (uint64_t)(length < connection->result_bytes ? length : connection->result_bytes);
}

bool sqa_ask_connection(void *connection) {
    return sqa_interrupted(connection);
}
