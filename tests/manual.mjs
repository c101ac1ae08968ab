// TAP of the manual as a page, in headless Chromium:
//
//     node tests/manual.mjs BUILD
//
// The page is BUILD/manual/index.html, opened as a file; screenshots are written beside it. What examples give is compared with
// the lists of functions, as BUILD/wasm has them in Node, and with sql/cookbook.sql. That is also loaded by a page that a server gives.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Tab } from './chromium.mjs';

const build = path.resolve(process.argv[2]);
const manual = path.join(build, 'manual');
let checks = 0;
function check(passed, what, got) {
  console.log(`${passed ? 'ok' : 'not ok'} ${++checks} - ${what}`);
  if (!passed && got !== undefined) console.log(`# got: ${String(got).replaceAll('\n', '\n# ')}`);
}
function same(got, expected, what) {
  check(JSON.stringify(got) === JSON.stringify(expected), what, `${JSON.stringify(got)}\nexpected: ${JSON.stringify(expected)}`);
}

rmSync(path.join(manual, 'profile'), { recursive: true, force: true });
const tab = await Tab.open(path.join(manual, 'profile'));

async function screenshot(name) {
  writeFileSync(path.join(manual, `${name}.png`), await tab.screenshot());
}

/** Waits until the page says so; the test as a whole has a time limit, this has none. */
async function until(code) {
  await tab.evaluate(`new Promise((resolve) => { const look = () => (${code}) ? resolve() : setTimeout(look, 10); look(); })`);
}

/** Runs the example in the box that the selector finds. Gives the cells as the shell would print them, and the error. */
function run(selector, index = 0) {
  return tab.evaluate(
    async (sel, i) => {
      const box = document.querySelectorAll(sel)[i];
      const ran = new Promise((resolve) => box.addEventListener('ran', resolve, { once: true }));
      box.querySelector('.run').click();
      await ran;
      const rows = Array.from(box.querySelectorAll('tbody tr'), (row) => Array.from(row.cells, (cell) => cell.textContent).join('|'));
      return { text: rows.join('\n'), error: box.querySelector('.error')?.textContent, mark: box.className };
    },
    selector,
    index,
  );
}

const set = (selector, sql) =>
  tab.evaluate(
    (sel, text) => {
      const code = document.querySelector(sel).querySelector('code');
      code.textContent = text;
      code.dispatchEvent(new Event('input'));
      code.focus();
    },
    selector,
    sql,
  );

async function testLinks() {
  const links = await tab.evaluate(() => Array.from(document.querySelectorAll('a'), (a) => a.getAttribute('href')));
  const ids = new Set(await tab.evaluate(() => Array.from(document.querySelectorAll('[id]'), (node) => node.id)));
  same(links.filter((link) => !link.startsWith('#') || !ids.has(link.slice(1))), [], `${links.length} links lead to places of the page`);
  await tab.evaluate(() => document.querySelector('nav a[href="#sets"]').click());
  await until('Math.abs(document.getElementById("sets").getBoundingClientRect().top - 52) < 60');
  check(true, 'a link in the contents goes there');
  await tab.evaluate('location.hash = "#array_jaccard"');
  await until('document.activeElement.id === "array_jaccard"');
  check(true, "an entry's address selects it");
  const outside = await tab.evaluate(() => document.querySelectorAll('[src], link[href]:not([href^="data:"])').length);
  same(outside, 0, 'the page needs no other file');
}

async function testSearch() {
  const visible = () => tab.evaluate(() => Array.from(document.querySelectorAll('.entry:not([hidden])'), (node) => node.id));
  const all = await visible();
  await tab.evaluate('document.activeElement.blur()');
  await tab.press('/');
  await tab.type('moving sum');
  const found = await visible();
  check(found.includes('array_moving_sum') && found.length < 10, 'search by words', found);
  same(await tab.evaluate('document.querySelector(".entry.selected").id'), 'array_moving_sum', 'what has them in its name is selected');
  check(/^\d+ of \d+$/.test(await tab.evaluate('document.getElementById("found").textContent')), 'how many were found');
  await screenshot('search');
  await tab.press('Enter');
  same(await tab.evaluate('document.activeElement.id'), 'array_moving_sum', 'Enter goes there');
  await tab.evaluate('search.select()');
  await tab.type('union');
  same(await tab.evaluate('document.querySelector(".entry.selected").id'), 'array_union', 'a name without array_ comes first');
  await tab.press('ArrowDown');
  await tab.press('ArrowDown');
  await tab.press('ArrowUp');
  same(await tab.evaluate('document.querySelector(".entry.selected").id'), (await visible())[1 + (await visible()).indexOf('array_union')], 'down and up');
  await tab.evaluate('search.select()');
  await tab.type('no such thing');
  check((await visible()).length === 0 && (await tab.evaluate('document.querySelector(".none").checkVisibility()')), 'nothing found, and it says so');
  await tab.evaluate('location.hash = "#array_sum"');
  await until('document.activeElement.id === "array_sum"');
  same(await visible(), all, 'a link to what is hidden ends the search');
  await tab.press('/');
  await tab.type('x');
  await tab.press('Escape');
  same(await visible(), all, 'so does Escape');
}

async function testKeys() {
  await tab.evaluate('location.hash = "#array_min"');
  await until('document.activeElement.id === "array_min"');
  await tab.press('j');
  same(await tab.evaluate('document.activeElement.id'), 'array_max', 'j: the next entry');
  await tab.press('k');
  same(await tab.evaluate('document.activeElement.id'), 'array_min', 'k: the previous one');
  await tab.press('r');
  await until('document.querySelector("#array_min .as-stated")');
  check(true, 'r runs its example');
  await tab.press('e');
  check(await tab.evaluate('document.activeElement === document.querySelector("#array_min code")'), 'e edits it');
  await tab.press('j');
  check((await tab.evaluate('document.querySelector("#array_min code").innerText')).includes('j'), 'where a letter is a letter');
  await tab.evaluate('document.querySelector("#array_min .undo").click()');
  await tab.press('Escape');
  await tab.press('?');
  check(await tab.evaluate('document.getElementById("keys").open'), '? shows the keys');
  await screenshot('keys');
  await tab.press('Escape');
  await until('!document.getElementById("keys").open');
  const themes = [];
  for (let i = 0; i < 3; i++) {
    await tab.press('t');
    themes.push(await tab.evaluate('theme.textContent + " " + getComputedStyle(document.body).backgroundColor'));
  }
  same(themes, ['Light rgb(255, 255, 255)', 'Dark rgb(22, 25, 28)', 'Auto rgb(255, 255, 255)'], 't: light, dark, as the system says');
}

async function testExamples() {
  const { default: loadSqlite } = await import(pathToFileURL(path.join(build, 'wasm', 'sqlite-array.mjs')));
  const db = (await loadSqlite()).open();
  const list = db.exec('SELECT name, result FROM array_functions UNION ALL SELECT name, result FROM array_file_functions')[0].rows;
  for (const [name, result] of list) {
    const { text, error, mark } = await run(`#${name} .example`);
    check(text === (result ?? '') && mark.includes('as-stated'), `${name} gives in the page what is stated`, error ?? text);
  }
  same(await tab.evaluate('document.querySelectorAll(".entry:not(.recipe)").length'), list.length, `all ${list.length} functions are there`);

  const recipes = readFileSync('sql/cookbook.sql', 'utf8').split(/^-- == /m).slice(1);
  for (const [i, recipe] of recipes.entries()) {
    const stated = recipe.match(/^-->.*$/gm).map((line) => line.slice(4)).join('\n');
    const { text, error } = await run('.recipe .example', i);
    check(text === stated, `recipe ${recipe.split('\n')[0]}`, error ?? text);
  }
  same(await tab.evaluate('document.querySelectorAll(".recipe").length'), recipes.length, `all ${recipes.length} recipes are there`);
  check(await tab.evaluate('document.querySelector("#array_sparkline svg rect") !== null'), 'array_sparkline is drawn');
  check(await tab.evaluate('document.querySelectorAll("#array_bins .bar").length > 1'), 'bins are drawn');
}

async function testEditing() {
  const box = '#array_sum .example';
  await set(box, "array_sum('[1,x]')");
  const wrong = await run(box);
  check(/^array_sum: argument 1 is not an array/.test(wrong.error) && !/differs|as-stated/.test(wrong.mark), 'an error is shown', wrong.error);
  await set(box, "SELECT 'a<b>' AS x, NULL, x'00ff', 2.50, array_of(1, 2)");
  same((await run(box)).text, "a<b>||x'00ff'|2.5|[1,2]", 'an example that was changed is run as it is');
  await set(box, '-- text\nreplace(hex (x\'0a\'), 0, 1)');
  same((await run(box)).text, '1A', 'an expression becomes a SELECT');
  await set(box, "VALUES('x')");
  same((await run(box)).text, 'x', 'a statement stays what it is');
  await tab.evaluate((sel) => document.querySelector(sel).querySelector('.undo').click(), box);
  check(await tab.evaluate((sel) => document.querySelector(sel).querySelector('samp').checkVisibility(), box), 'what stood there comes back, with its result');
  const again = await run(box);
  check(again.text === '6' && again.mark.includes('as-stated'), 'and gives that', again.text);
  await set(box, 'CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  same((await run(box)).error, undefined, 'a table is made');
  await set(box, 'SELECT * FROM t');
  check(/no such table/.test((await run(box)).error), 'in a database of its own');
}

async function testShell() {
  const shell = '#shell .example';
  const first = await run(shell);
  check(first.error === undefined && first.text.includes('Hashing|[5,3,1]|9'), 'the shell runs what is in it', first.error ?? first.text);
  await tab.evaluate('scrollTo(0, 0)');
  await screenshot('shell');
  await set(shell, 'SELECT count(*) FROM article; SELECT missing');
  const { text, error } = await run(shell);
  check(text === '3' && /no such column/.test(error), 'it keeps its tables; what came before an error is shown', `${text} ${error}`);
  await tab.evaluate((sel) => document.querySelector(sel).querySelector('code').focus(), shell);
  await tab.press('ArrowUp', 2);
  check((await tab.evaluate((sel) => document.querySelector(sel).querySelector('code').innerText, shell)).startsWith('CREATE TABLE'), 'Ctrl ↑ brings back what was run before');
  await set(shell, 'SELECT value FROM array_each(array_series(1, 700))');
  await tab.press('Enter', 2);
  await until('document.querySelector("#shell .note")?.textContent === "the first 500 rows"');
  check(true, 'Ctrl Enter runs; of many rows the first are shown');

  await set(shell, 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n');
  const stopped = run(shell);
  await until('document.querySelector("#shell .running")');
  await tab.evaluate((sel) => document.querySelector(sel).querySelector('.run').click(), shell);
  check(/^stopped/.test((await stopped).error), 'what never ends can be stopped', (await stopped).error);
  await set(shell, 'SELECT count(*) FROM article');
  check(/no such table/.test((await run(shell)).error), 'after that the database is empty');
  await set(shell, 'CREATE TABLE t(a)');
  await run(shell);
  await tab.evaluate((sel) => document.querySelector(sel).querySelector('.new').click(), shell);
  same((await run(shell)).error, undefined, 'as it is with "New database"');
  await set(shell, 'SELECT array_length(array_reverse(array_fill(100000000, 1 << 40)))');
  check(/memory/.test((await run(shell)).error), 'what needs too much memory is refused');
}

/** What reaches over the right edge and cannot be scrolled there. */
function overflowing() {
  const scrolls = (node) => node && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  const wide = Array.from(document.querySelectorAll('body *')).filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.right > innerWidth + 0.5 && !scrolls(node.parentElement);
  });
  if (document.documentElement.scrollWidth > innerWidth) wide.push(document.documentElement);
  return wide.slice(0, 5).map((node) => `${node.tagName} ${node.className} ${node.textContent.slice(0, 40)}`);
}

async function testWidths(when) {
  for (const [width, height] of [[390, 844], [1280, 900]]) {
    await tab.resize(width, height);
    same(await tab.evaluate(overflowing), [], `nothing overflows at ${width} pixels, ${when}`);
  }
}

async function takeScreenshots() {
  for (const [width, height] of [[390, 844], [1280, 900]]) {
    await tab.resize(width, height);
    for (const scheme of ['light', 'dark']) {
      await tab.colours(scheme);
      for (const [name, place] of [['top', 'top'], ['entry', 'array_histogram'], ['bins', 'array_bins'], ['recipe', 'recipe-market-baskets']]) {
        await tab.evaluate((id) => document.getElementById(id).scrollIntoView(), place);
        await screenshot(`${name}-${width}-${scheme}`);
      }
    }
  }
  await tab.colours('light');
}

/** Without the WebAssembly. */
async function testPlain() {
  const plain = path.join(manual, 'plain');
  rmSync(plain, { recursive: true, force: true });
  mkdirSync(plain, { recursive: true });
  for (const library of ['array.so', 'array_file.so']) symlinkSync(path.join(build, library), path.join(plain, library));
  execFileSync('/usr/bin/python3', ['sql/manual/write.py', plain]);
  await tab.goto(pathToFileURL(path.join(plain, 'manual', 'index.html')).href);
  check((await tab.evaluate('document.body.innerText')).includes('without the WebAssembly build'), 'without WebAssembly the page says so');
  same(await tab.evaluate('document.querySelectorAll("button.run, [contenteditable], #shell").length'), 0, 'and has nothing to run');
  await testSearch();
  await testWidths('without WebAssembly');
  await tab.evaluate('scrollTo(0, 0)');
  await screenshot('plain');
}

/** The interface in a page that a server gives. */
async function testInterface() {
  const types = { html: 'text/html', mjs: 'text/javascript', wasm: 'application/wasm' };
  const server = createServer((request, response) => {
    const name = path.basename(request.url);
    response.setHeader('Content-Type', types[name.split('.').pop()] ?? 'text/plain');
    response.end(name === 'empty.html' ? '<!doctype html><link rel="icon" href="data:,">' : readFileSync(path.join(build, 'wasm', name)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await tab.goto(`http://127.0.0.1:${server.address().port}/empty.html`);
  const answer = await tab.evaluate(async () => {
    const { default: loadSqlite } = await import('/sqlite-array.mjs');
    const db = (await loadSqlite()).open('a.db');
    const [{ rows }] = db.exec('CREATE TABLE t AS SELECT array_of(1, 2, ?) AS a; SELECT array_sum(a), array_isa() FROM t', [39]);
    db.close();
    return rows;
  });
  same(answer, [[42, 'base']], 'a page imports sqlite-array.mjs from a server');
  server.close();
  server.closeAllConnections();
}

await tab.colours('light');
await tab.resize(1280, 900);
await tab.goto(pathToFileURL(path.join(manual, 'index.html')).href);
await testWidths('before anything is run');
await testLinks();
await testSearch();
await testKeys();
await testExamples();
await testEditing();
await testShell();
await tab.evaluate(() => document.querySelector('#shell .undo').click());
await run('#shell .example');
await testWidths('after everything was run');
await takeScreenshots();
await testPlain();
await testInterface();
same(tab.problems, [], 'nothing on the console');
console.log(`1..${checks}`);
tab.close();
