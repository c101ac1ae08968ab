// Results as tables. The text of a cell is always what the shell would print, with arrays as JSON; what is drawn is beside it.

const LONGEST = 400; // characters of a cell that are shown
const LEVELS = '▁▂▃▄▅▆▇█';
const EIGHTHS = '▏▎▍▌▋▊▉█';
const NUMBER = /^-?\d+(\.\d+)?(e[+-]\d+)?$/;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function svg(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** The bars of an array_sparkline, a column for each character. */
function sparkline(text) {
  const levels = Array.from(text, (c) => LEVELS.indexOf(c) + 1);
  const drawn = svg('svg', { class: 'sparkline', viewBox: `0 0 ${levels.length} 8`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  drawn.style.width = `min(100%, ${levels.length * 0.55}em)`;
  levels.forEach((level, i) => drawn.append(svg('rect', { x: i + 0.06, y: 8 - level, width: 0.88, height: level })));
  return drawn;
}

/** A bar of array_bins: full blocks, then one of some eighths. */
function bar(text) {
  const eighths = Array.from(text, (c) => EIGHTHS.indexOf(c) + 1).reduce((a, b) => a + b, 0);
  const drawn = element('span', { className: 'bar', ariaHidden: 'true' });
  drawn.style.width = `${eighths * 0.045}em`;
  return drawn;
}

/** The text that the shell would print for a value that the worker has sent. */
function textOf(value) {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return value.array ?? value.blob;
}

/** A drawing, and the text that it stands for, for those who read or copy it. */
function drawing(drawn, text) {
  return element('td', {}, drawn, element('span', { className: 'unseen', textContent: text }));
}

/** What is long may be broken anywhere. */
function textClass(text) {
  return text.length > 24 ? 'long' : '';
}

function cell(value, isBar) {
  const text = textOf(value);
  if (value === null) return element('td', { className: 'null' });
  if (isBar) return drawing(bar(text), text);
  if (/^[▁▂▃▄▅▆▇█]+$/.test(text)) return drawing(sparkline(text), text);
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)} … (${text.length} characters)` : text;
  const className = typeof value === 'string' && NUMBER.test(text) ? 'number' : textClass(text);
  return element('td', { className, textContent: short });
}

function table({ columns, rows, more }) {
  const every = (i, pattern) => rows.every((row) => row[i] === null || (typeof row[i] === 'string' && pattern.test(row[i])));
  const isBar = columns.map((_, i) => every(i, /^█*[▏▎▍▌▋▊▉]?$/) && rows.some((row) => row[i]));
  const titles = columns.map((textContent, i) => element('th', { scope: 'col', textContent, className: every(i, NUMBER) ? 'number' : textClass(textContent) }));
  const body = rows.map((row) => element('tr', {}, ...row.map((value, i) => cell(value, isBar[i]))));
  const isExpression = columns.length === 1 && rows.length === 1 && /\W/.test(columns[0]); // which stands above, no title of a column
  const head = element('thead', { className: isExpression ? 'unseen' : '' }, element('tr', {}, ...titles));
  const made = element('div', { className: 'table', tabIndex: 0 }, element('table', {}, head, element('tbody', {}, ...body)));
  if (rows.length === 0) made.append(element('p', { className: 'note', textContent: 'no rows' }));
  if (more) made.append(element('p', { className: 'note', textContent: `the first ${rows.length} rows` }));
  return made;
}

/** What was answered, as elements: a table for each result, then the error. */
function resultElements({ results, error }) {
  const made = results.map(table);
  if (error) made.push(element('p', { className: 'error', role: 'alert', textContent: error }));
  if (made.length === 0) made.push(element('p', { className: 'note', textContent: 'done, no result' }));
  return made;
}

/** What was answered, as the shell would print it. */
function resultText({ results, error }) {
  const rows = results.flatMap((result) => result.rows.map((row) => row.map(textOf).join('|')));
  return error ?? rows.join('\n');
}
