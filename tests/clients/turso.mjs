// A client that cannot load extensions: Turso's database, which is written anew in Rust. Prints the error that the manual states.
import { readFileSync } from 'node:fs';

// manual: Turso, @tursodatabase/database
import { connect } from '@tursodatabase/database';
const db = await connect(':memory:');
let message = 'no error';
try {
  await (await db.prepare("SELECT load_extension('./array')")).get();
} catch (error) {
  message = error.message;
}
// end
const { version } = JSON.parse(readFileSync('node_modules/@tursodatabase/database/package.json'));
console.log(`# client: Node ${process.version}, @tursodatabase/database ${version}`);
console.log(`${message.endsWith('runtime extension loading is disabled') ? '' : 'not '}ok 1 - ${message}\n1..1`);
