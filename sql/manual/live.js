// Makes the examples live: each can be changed and run. The WebAssembly runs in a worker, so that what never ends can be
// stopped. An example of a function has a database of its own; that of a recipe has had the recipes before it; the shell keeps
// its database until it is told to begin anew.

const embedded = (id) => Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));

async function wasmBytes() {
  const packed = new Blob([embedded('wasm')]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}

/** The worker, which is started when something is run for the first time, and again after stop(). */
class Engine {
  #worker = null;
  #waiting = new Map(); // what to do with the answer, by the id of the request
  #next = 0;

  async #start() {
    const url = `data:text/javascript,${encodeURIComponent(document.getElementById('worker').textContent)}`; // a page in a file may use no other
    const worker = new Worker(url, { type: 'module' });
    worker.addEventListener('message', ({ data }) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    });
    worker.addEventListener('error', (event) => this.#end(`the WebAssembly has failed: ${event.message}`));
    worker.postMessage({ wasm: await wasmBytes(), files: { 'sql/primes.npy': embedded('primes'), 'build/made-here': new Uint8Array() } });
    return worker;
  }

  run(request) {
    const id = this.#next++;
    this.#worker ??= this.#start();
    this.#worker.then(
      (worker) => worker.postMessage({ ...request, id }),
      (error) => this.#end(`the WebAssembly cannot be used here: ${error.message}`),
    );
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #end(error) {
    this.#worker?.then((worker) => worker.terminate(), () => {});
    this.#worker = null;
    for (const resolve of this.#waiting.values()) resolve({ results: [], error });
    this.#waiting.clear();
  }

  stop() {
    this.#end('stopped; the database of the shell is empty again');
  }
}

const engine = new Engine();
const recipes = Array.from(document.querySelectorAll('.example[data-kind="recipe"] code'), (code) => code.textContent);

const VERBS =
  'alter analyze attach begin commit create delete detach drop end explain insert pragma reindex release replace(?!\\() rollback ' +
  'savepoint select update vacuum values with';
const STATEMENT = new RegExp(`^(\\s|--.*\\n|/\\*[^]*?\\*/)*(${VERBS.replaceAll(' ', '|')})\\b`, 'i');

/** An example of a function may be an expression; what is run is a statement. */
function statement(text) {
  return STATEMENT.test(text) ? text : `SELECT ${text}`;
}

function button(className, text, title) {
  return element('button', { type: 'button', className, textContent: text, title });
}

/** An example whose code can be changed and run. */
class Example {
  constructor(box, nthRecipe) {
    this.box = box;
    this.kind = box.dataset.kind;
    this.code = box.querySelector('code');
    this.original = this.code.textContent;
    this.stated = box.querySelector('samp')?.textContent;
    this.before = this.kind === 'recipe' ? recipes.slice(0, nthRecipe) : [];
    this.results = box.querySelector('.results') ?? box.appendChild(element('div', { className: 'results', ariaLive: 'polite' }));
    this.code.contentEditable = 'true';
    if (CSS.supports('-webkit-user-modify', 'read-write-plaintext-only')) this.code.contentEditable = 'plaintext-only';
    Object.assign(this.code, { spellcheck: false, role: 'textbox', ariaLabel: 'SQL', ariaMultiLine: 'true' });
    this.runButton = button('run', 'Run', 'Run (Ctrl Enter)');
    this.undoButton = button('undo', 'As it was', 'Bring back what stood here');
    this.undoButton.hidden = true;
    box.querySelector('pre').after(element('div', { className: 'buttons' }, this.undoButton, this.runButton));
    this.runButton.addEventListener('click', () => (this.running ? engine.stop() : this.run()));
    this.undoButton.addEventListener('click', () => this.undo());
    this.code.addEventListener('input', () => this.changed());
    this.code.addEventListener('keydown', (event) => this.key(event));
    this.code.addEventListener('paste', (event) => this.paste(event));
  }

  get sql() {
    return this.code.innerText.replace(/\u00a0/g, ' ');
  }

  set(text) {
    this.code.textContent = text;
    this.changed();
  }

  undo() {
    this.set(this.original);
    this.box.classList.remove('ran');
    this.results.replaceChildren();
  }

  changed() {
    this.undoButton.hidden = this.sql.trim() === this.original.trim();
    this.box.classList.remove('as-stated', 'differs');
  }

  async run() {
    this.running = true;
    this.runButton.textContent = 'Stop';
    this.box.classList.add('running');
    const sql = this.sql;
    const answer = await engine.run({
      sql: this.kind === 'function' ? statement(sql) : sql,
      before: this.before,
      fresh: this.kind !== 'shell',
    });
    this.running = false;
    this.runButton.textContent = 'Run';
    this.box.classList.remove('running');
    this.box.classList.add('ran');
    this.results.replaceChildren(...resultElements(answer));
    this.judge(answer);
    this.box.dispatchEvent(new CustomEvent('ran', { detail: answer }));
  }

  /** Whether an example that was not changed gives what the manual states. */
  judge(answer) {
    if (this.stated === undefined || !this.undoButton.hidden) return;
    const got = resultText(answer) || 'NULL';
    this.box.classList.toggle('as-stated', got === this.stated);
    this.box.classList.toggle('differs', got !== this.stated);
  }

  key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!this.running) this.run();
    }
  }

  /** Text is pasted as text, also where the browser knows no plaintext-only. */
  paste(event) {
    event.preventDefault();
    document.execCommand('insertText', false, event.clipboardData.getData('text/plain'));
  }
}

/** The shell: it keeps its database, and what was run. */
class Shell extends Example {
  #past = [];
  #place = 0;

  constructor(box) {
    super(box);
    this.newButton = button('new', 'New database', 'Forget all tables');
    this.newButton.addEventListener('click', () => engine.stop() ?? this.results.replaceChildren());
    this.undoButton.before(this.newButton);
  }

  async run() {
    if (this.#past.at(-1) !== this.sql) this.#past.push(this.sql);
    this.#place = this.#past.length - 1;
    await super.run();
  }

  key(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.ctrlKey || step === undefined) return super.key(event);
    event.preventDefault();
    this.#place = Math.max(0, Math.min(this.#past.length - 1, this.#place + step));
    if (this.#past.length > 0) this.set(this.#past[this.#place]);
  }
}

let nthRecipe = 0;
for (const box of document.querySelectorAll('.example')) {
  const made = box.dataset.kind === 'shell' ? new Shell(box) : new Example(box, nthRecipe);
  if (made.kind === 'recipe') nthRecipe++;
}
