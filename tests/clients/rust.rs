// Rust's crate rusqlite with the feature load_extension: rust STATEMENTS
use rusqlite::types::ValueRef;

// manual: Rust, rusqlite (feature load_extension)
use rusqlite::{Connection, LoadExtensionGuard, Result};

fn open() -> Result<Connection> {
    let db = Connection::open_in_memory()?;
    unsafe {
        let _guard = LoadExtensionGuard::new(&db)?;
        db.load_extension("./array", None)?;
    }
    Ok(db)
}

fn sum(db: &Connection) -> Result<i64> {
    db.query_row("SELECT array_sum(?1)", ["[1,2,3]"], |row| row.get(0))
}
// end

fn main() -> Result<()> {
    let db = open()?;
    println!("# client: Rust {}, rusqlite {}, SQLite {}", env!("RUST_VERSION"), env!("RUSQLITE_VERSION"), rusqlite::version());
    println!("{}ok 1 - the snippet", if sum(&db)? == 6 { "" } else { "not " });
    let mut checks = 1;
    let statements = std::fs::read_to_string(std::env::args().nth(1).expect("STATEMENTS")).expect("statements");
    for line in statements.lines().filter(|line| !line.starts_with("--")) {
        let (sql, expected) = match line.split_once(" --> ") {
            Some(parts) => parts,
            None => {
                db.execute_batch(line)?;
                continue;
            }
        };
        let got = db.query_row(sql, [], |row| {
            Ok(match row.get_ref(0)? {
                ValueRef::Integer(i) => i.to_string(),
                ValueRef::Real(x) => x.to_string(),
                other => other.as_str().unwrap_or("").to_string(),
            })
        })?;
        checks += 1;
        println!("{}ok {} - {}", if got == expected { "" } else { "not " }, checks, sql);
    }
    println!("1..{}", checks);
    Ok(())
}
