// Go's driver mattn/go-sqlite3: go STATEMENTS
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// manual: Go, mattn/go-sqlite3
import (
	"database/sql"
	"log"

	"github.com/mattn/go-sqlite3"
)

func open() *sql.DB {
	sql.Register("sqlite3_array", &sqlite3.SQLiteDriver{Extensions: []string{"./array"}})
	db, err := sql.Open("sqlite3_array", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	return db
}

func sum(db *sql.DB) (answer int64, err error) {
	err = db.QueryRow("SELECT array_sum(?)", "[1,2,3]").Scan(&answer)
	return
}

// end

func main() {
	db := open()
	db.SetMaxOpenConns(1) // of databases in memory each connection has its own
	answer, err := sum(db)
	if err != nil {
		log.Fatal(err)
	}
	version, _, _ := sqlite3.Version()
	fmt.Printf("# client: Go %s, mattn/go-sqlite3, SQLite %s\n", runtime.Version()[2:], version)
	checks := 0
	check := func(passed bool, what string) {
		checks++
		if !passed {
			fmt.Print("not ")
		}
		fmt.Printf("ok %d - %s\n", checks, what)
	}
	check(answer == 6, "the snippet")
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		statement, expected, has := strings.Cut(lines.Text(), " --> ")
		if strings.HasPrefix(statement, "--") {
			continue
		}
		if !has {
			if _, err := db.Exec(statement); err != nil {
				log.Fatal(statement, ": ", err)
			}
			continue
		}
		var got interface{}
		if err := db.QueryRow(statement).Scan(&got); err != nil {
			log.Fatal(statement, ": ", err)
		}
		text := fmt.Sprint(got)
		if number, ok := got.(float64); ok {
			text = fmt.Sprintf("%.1f", number)
		} else if bytes, ok := got.([]byte); ok {
			text = string(bytes)
		}
		check(text == expected, statement)
	}
	fmt.Printf("1..%d\n", checks)
}
