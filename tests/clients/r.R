# R's RSQLite: Rscript r.R STATEMENTS
# manual: R, RSQLite
library(DBI)
db <- dbConnect(RSQLite::SQLite(), ":memory:", loadable.extensions = TRUE)
loaded <- dbGetQuery(db, "SELECT load_extension('./array')")
answer <- dbGetQuery(db, "SELECT array_sum(?)", params = list("[1,2,3]"))[[1]]
# end
cat(sprintf("# client: R %s, RSQLite %s, SQLite %s\n", getRversion(), packageVersion("RSQLite"),
            dbGetQuery(db, "SELECT sqlite_version()")[[1]]))
cat(if (answer == 6) "" else "not ", "ok 1 - the snippet\n", sep = "")
checks <- 1
for (line in readLines(commandArgs(trailingOnly = TRUE)[1], encoding = "UTF-8")) {
    if (startsWith(line, "--")) next
    parts <- strsplit(line, " --> ", fixed = TRUE)[[1]]
    if (length(parts) == 1) {
        dbExecute(db, parts[1])
        next
    }
    got <- format(dbGetQuery(db, parts[1])[1, 1], digits = 15, scientific = FALSE)
    checks <- checks + 1
    cat(if (got == parts[2]) "" else "not ", "ok ", checks, " - ", parts[1], "\n", sep = "")
}
cat("1..", checks, "\n", sep = "")
dbDisconnect(db)
