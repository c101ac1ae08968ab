// Three dqlite nodes on this machine, each a process with the extension linked in, and three writers. The leader is
// killed twice by kill -9. Then every row that was acknowledged has to be there, and each node that was killed has to
// compute with it as the leader.
//
//	cluster                                          the test, in TAP
//	cluster node DIR ADDRESS [ADDRESS OF A MEMBER]   a node
package main

/*
#cgo LDFLAGS: -lsqlite3 -lm
#include <sqlite3.h>

int sqlite3_array_init(sqlite3 *db, char **message, const void *api);

static int register_array(void) {
    return sqlite3_auto_extension((void (*)(void))sqlite3_array_init);
}
*/
import "C"

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/canonical/go-dqlite/app"
	"github.com/canonical/go-dqlite/client"
	"github.com/canonical/go-dqlite/driver"
)

const (
	nodes   = 3
	writers = 3
	between = 150 // rows that are written between two events
)

var checks int

func check(passed bool, format string, arguments ...interface{}) bool {
	checks++
	if !passed {
		fmt.Print("not ")
	}
	fmt.Printf("ok %d - %s\n", checks, fmt.Sprintf(format, arguments...))
	return passed
}

func fatal(what string, err error) {
	fmt.Printf("Bail out! %s: %v\n", what, err)
	stopAll()
	os.Exit(1)
}

// serve runs a node until it is killed.
func serve(dir, address string, cluster []string) {
	if code := C.register_array(); code != 0 {
		panic(fmt.Sprint("sqlite3_auto_extension: ", code))
	}
	node, err := app.New(dir, app.WithAddress(address), app.WithCluster(cluster))
	if err != nil {
		panic(err)
	}
	if err := node.Ready(context.Background()); err != nil {
		panic(err)
	}
	select {}
}

type process struct {
	dir, address string
	command      *exec.Cmd
}

var cluster [nodes]process

func (p *process) start(join ...string) {
	p.command = exec.Command(os.Args[0], append([]string{"node", p.dir, p.address}, join...)...)
	log, err := os.OpenFile(p.dir+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		fatal("log", err)
	}
	p.command.Stdout, p.command.Stderr = log, log
	if err := p.command.Start(); err != nil {
		fatal("start", err)
	}
}

func (p *process) kill() {
	if p.command != nil {
		_ = p.command.Process.Kill()
		_ = p.command.Wait()
		p.command = nil
	}
}

func stopAll() {
	for i := range cluster {
		cluster[i].kill()
	}
}

// leader connects to the node that leads, of which it asks any node that answers. It gives nil if none does.
func leader(ctx context.Context) (*client.Client, *client.NodeInfo) {
	for i := range cluster {
		short, cancel := context.WithTimeout(ctx, 2*time.Second)
		one, err := client.New(short, cluster[i].address)
		if err == nil {
			info, err := one.Leader(short)
			_ = one.Close()
			if err == nil && info != nil && info.Address != "" {
				if to, err := client.New(short, info.Address); err == nil {
					cancel()
					return to, info
				}
			}
		}
		cancel()
	}
	return nil, nil
}

// wait calls ready until it gives true. The test fails when the context's time is over.
func wait(ctx context.Context, what string, ready func() bool) {
	for !ready() {
		if ctx.Err() != nil {
			fatal(what, ctx.Err())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func voters(ctx context.Context) int {
	to, _ := leader(ctx)
	if to == nil {
		return 0
	}
	defer to.Close()
	members, err := to.Cluster(ctx)
	count := 0
	for _, member := range members {
		if err == nil && member.Role == client.Voter {
			count++
		}
	}
	return count
}

// ledger counts the rows of each writer that were acknowledged.
type ledger struct {
	sync.Mutex
	rows [writers]int // the last n, from 1
	all  int
}

func (l *ledger) total() int {
	l.Lock()
	defer l.Unlock()
	return l.all
}

// write writes rows until the context ends, and tries each again until it is acknowledged. OR IGNORE and the UNIQUE
// index make sure that a row whose acknowledgement was lost is not written twice.
func write(ctx context.Context, db *sql.DB, writer int, acknowledged *ledger) {
	for n := 1; ctx.Err() == nil; {
		once, cancel := context.WithTimeout(ctx, 5*time.Second)
		_, err := db.ExecContext(once, "INSERT OR IGNORE INTO reading(writer, n, a) VALUES (?, ?, array_of(?, ?, 5000))",
			writer, n, writer, 10000+n)
		cancel()
		if err != nil { // "database is locked", or no node leads
			time.Sleep(10 * time.Millisecond)
			continue
		}
		acknowledged.Lock()
		acknowledged.rows[writer] = n
		acknowledged.all++
		acknowledged.Unlock()
		n++
	}
}

var schema = []string{
	`CREATE TABLE reading(id INTEGER PRIMARY KEY, writer INTEGER, n INTEGER, a BLOB CHECK (array_valid(a)),
	 total INTEGER AS (array_sum(a)) STORED, UNIQUE (writer, n))`,
	"CREATE INDEX reading_total ON reading(total)",
	"CREATE INDEX reading_first ON reading(array_first(a))",
	"CREATE VIRTUAL TABLE reading_a USING array_index(reading, a)",
	"CREATE VIRTUAL TABLE ticks USING array_store(ts, price, chunk=100)",
	"INSERT INTO ticks VALUES (array_series(1, 1000), array_random(1000, 1, 9, 7))",
}

func one(ctx context.Context, db *sql.DB, query string) string {
	var answer string
	var err error
	for ctx.Err() == nil {
		if err = db.QueryRowContext(ctx, query).Scan(&answer); err == nil {
			return answer
		}
		time.Sleep(50 * time.Millisecond)
	}
	fatal(query, err)
	return ""
}

func test(dir string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	defer stopAll()
	store := client.NewInmemNodeStore()
	var addresses []client.NodeInfo
	for i := range cluster {
		cluster[i] = process{dir: filepath.Join(dir, fmt.Sprint("node", i+1)), address: fmt.Sprint("127.0.0.1:", 19181+i)}
		if err := os.MkdirAll(cluster[i].dir, 0o755); err != nil {
			fatal("folder", err)
		}
		addresses = append(addresses, client.NodeInfo{Address: cluster[i].address})
		if i == 0 {
			cluster[i].start()
			wait(ctx, "the first node", func() bool { return voters(ctx) == 1 })
		} else {
			cluster[i].start(cluster[0].address)
		}
	}
	if err := store.Set(ctx, addresses); err != nil {
		fatal("store", err)
	}
	wait(ctx, "three voters", func() bool { return voters(ctx) == nodes })
	check(true, "three nodes vote")
	dqlite, err := driver.New(store)
	if err != nil {
		fatal("driver", err)
	}
	sql.Register("dqlite", dqlite)
	db, err := sql.Open("dqlite", "readings")
	if err != nil {
		fatal("open", err)
	}
	for _, statement := range schema {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			fatal(statement, err)
		}
	}

	var acknowledged ledger
	writing, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	for writer := 0; writer < writers; writer++ {
		group.Add(1)
		go func(writer int) {
			defer group.Done()
			write(writing, db, writer, &acknowledged)
		}(writer)
	}
	more := func(rows int) {
		target := acknowledged.total() + rows
		wait(ctx, "rows", func() bool { return acknowledged.total() >= target })
	}
	began := time.Now()
	more(between)
	fmt.Printf("# %.0f rows a second\n", between/time.Since(began).Seconds())
	for round := 1; round <= 2; round++ {
		to, info := leader(ctx)
		if to == nil {
			fatal("leader", ctx.Err())
		}
		_ = to.Close()
		var killed *process
		for i := range cluster {
			if cluster[i].address == info.Address {
				killed = &cluster[i]
			}
		}
		killed.kill()
		began = time.Now()
		more(1 + writers)
		fmt.Printf("# %s was killed, rows again after %.1f s\n", info.Address, time.Since(began).Seconds())
		more(between)
		check(true, "kill -9 of the leader, %d: writers go on", round)
		killed.start()
		wait(ctx, "the node that was killed", func() bool {
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			one, err := client.New(short, killed.address)
			if err == nil {
				_ = one.Close()
			}
			return err == nil && voters(ctx) == nodes
		})
		more(between)
		// What follows is computed by the node that leads.
		wait(ctx, "leading", func() bool {
			to, now := leader(ctx)
			if to == nil {
				return false
			}
			defer to.Close()
			if now.Address == killed.address {
				return true
			}
			members, err := to.Cluster(ctx)
			for _, member := range members {
				if err == nil && member.Address == killed.address {
					_ = to.Transfer(ctx, member.ID)
				}
			}
			return false
		})
		check(true, "it rejoins, %d, and can lead", round)
		check(one(ctx, db, "SELECT count(*) > 0 AND count(*) = sum(total = array_sum(a) AND array_last(a) = 5000) FROM reading") == "1",
			"%d: it computes with all rows", round)
	}
	stop()
	group.Wait()

	missing := 0
	for writer, last := range acknowledged.rows {
		count := one(ctx, db, fmt.Sprintf("SELECT count(*) FROM reading WHERE writer = %d AND n <= %d AND a = array_of(%d, 10000 + n, 5000)",
			writer, last, writer))
		if count != fmt.Sprint(last) {
			missing++
		}
		rows := one(ctx, db, fmt.Sprintf("SELECT count(*) FROM reading WHERE writer = %d", writer))
		check(one(ctx, db, fmt.Sprintf("SELECT count(*) FROM reading WHERE id IN reading_a('%d & 5000')", writer)) == rows &&
			one(ctx, db, fmt.Sprintf("SELECT count(*) FROM reading WHERE array_first(a) = %d", writer)) == rows,
			"both indexes find the %s rows of writer %d", rows, writer+1)
	}
	check(missing == 0, "all %d acknowledged rows are there", acknowledged.total())
	check(one(ctx, db, "SELECT count(*) || ' ' || sum(price) FROM ticks") == one(ctx, db,
		"SELECT '1000 ' || array_sum(array_random(1000, 1, 9, 7))"), "the array_store is whole")
	for _, table := range []string{"reading_a", "ticks"} {
		_, err := db.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s(%s) VALUES ('integrity-check')", table, table))
		if !check(err == nil, "integrity-check of %s", table) {
			fmt.Println("#", err)
		}
	}
	check(one(ctx, db, "PRAGMA integrity_check") == "ok", "PRAGMA integrity_check")
	began = time.Now()
	for i := 0; i < 200; i++ {
		one(ctx, db, fmt.Sprint("SELECT array_sum(a) FROM reading WHERE id = ", i+1))
	}
	fmt.Printf("# a row is read in %.2f ms\n", time.Since(began).Seconds()*1000/200)
	fmt.Printf("# SQLite %s\n", one(ctx, db, "SELECT sqlite_version()"))
	fmt.Printf("1..%d\n", checks)
}

func main() {
	if len(os.Args) > 3 && os.Args[1] == "node" {
		serve(os.Args[2], os.Args[3], os.Args[4:])
		return
	}
	dir, err := os.MkdirTemp("", "sqlite-array-cluster-")
	if err != nil {
		fatal("folder", err)
	}
	test(dir)
	_ = os.RemoveAll(dir)
}
