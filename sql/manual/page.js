// Search as one types, keys, colours. Nothing here needs the live shell.

const search = document.getElementById('search');
const found = document.getElementById('found');
const keys = document.getElementById('keys');
const contents = document.getElementById('contents');
const entries = Array.from(document.querySelectorAll('.entry'), (node) => ({
  node,
  title: node.querySelector('h3').textContent.toLowerCase(),
  text: node.textContent.toLowerCase(),
}));
let selected = null;

/** Hides what does not have all words, and parts of the page of which nothing is left. Entries whose title has them count as better. */
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  document.body.classList.toggle('searching', words.length > 0);
  let shown = 0;
  let best = null;
  for (const entry of entries) {
    entry.node.hidden = !words.every((word) => entry.text.includes(word));
    if (entry.node.hidden) continue;
    shown++;
    best = [best, entry].filter(Boolean).sort((a, b) => rank(b, words) - rank(a, words))[0];
  }
  for (const part of document.querySelectorAll('.family')) part.hidden = part.querySelector('.entry:not([hidden])') === null;
  document.querySelector('.none').hidden = shown > 0;
  found.textContent = words.length > 0 ? `${shown} of ${entries.length}` : '';
  select(words.length > 0 ? (best?.node ?? null) : null);
}

function rank({ title }, words) {
  const all = words.join(' ');
  const name = title.split(/[ (]/)[0];
  if (name === all || name === `array_${all}`) return 3;
  if (name.startsWith(all) || name.startsWith(`array_${all}`)) return 2;
  return words.every((word) => title.includes(word)) ? 1 : 0;
}

function select(node, { scroll = true, focus = false } = {}) {
  selected?.classList.remove('selected');
  selected = node;
  if (node === null) return;
  node.classList.add('selected');
  if (scroll) node.scrollIntoView({ block: 'nearest' });
  if (focus) node.focus({ preventScroll: true });
}

/** Selects the next entry that is shown, or the previous one; without one that is selected, the first on the screen. */
function step(by, options) {
  const shown = entries.map((entry) => entry.node).filter((node) => !node.hidden);
  const top = document.querySelector('header').offsetHeight;
  const at = selected === null ? shown.findIndex((node) => node.getBoundingClientRect().top >= top) - by : shown.indexOf(selected);
  const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
  if (next) select(next, options);
}

/** Shows what the address names, also where a search has hidden it. */
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target === null) return;
  if (target.closest('[hidden]')) {
    search.value = '';
    filter();
  }
  target.scrollIntoView();
  if (target.matches('.entry')) select(target, { focus: true, scroll: false });
}

const THEMES = { Auto: 'light dark', Light: 'light', Dark: 'dark' };
const theme = document.getElementById('theme');
function setTheme(name) {
  theme.textContent = name;
  document.documentElement.style.colorScheme = THEMES[name];
  try {
    localStorage.setItem('theme', name);
  } catch {
    // A browser that keeps nothing for files keeps no theme.
  }
}
function nextTheme() {
  const names = Object.keys(THEMES);
  setTheme(names[(names.indexOf(theme.textContent) + 1) % names.length]);
}
try {
  setTheme(localStorage.getItem('theme') in THEMES ? localStorage.getItem('theme') : 'Auto');
} catch {
  setTheme('Auto');
}

function leave() {
  if (document.activeElement === search || document.activeElement === document.body) {
    search.value = '';
    filter();
  }
  document.activeElement.blur();
}

/** Into the example of the selected entry, or of the shell. */
function edit(node) {
  const code = node?.querySelector('code[contenteditable]');
  if (!code) return;
  node.scrollIntoView({ block: 'nearest' });
  code.focus();
}

const COMMANDS = {
  '/': () => search.select(),
  j: () => step(1, { focus: true }),
  k: () => step(-1, { focus: true }),
  e: () => edit(selected),
  r: () => selected?.querySelector('.run')?.click(),
  s: () => edit(document.getElementById('shell')),
  t: nextTheme,
  '?': () => keys.showModal(),
};

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !keys.open) return leave();
  const inText = event.target.isContentEditable || event.target.matches('input, textarea');
  if (inText || keys.open || event.ctrlKey || event.metaKey || event.altKey || !(event.key in COMMANDS)) return;
  event.preventDefault();
  COMMANDS[event.key]();
});

search.addEventListener('input', filter);
search.addEventListener('keydown', (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) step(by);
  else if (event.key === 'Enter' && selected) select(selected, { focus: true });
  else return;
  event.preventDefault();
});
theme.addEventListener('click', nextTheme);
document.getElementById('help').addEventListener('click', () => keys.showModal());
addEventListener('hashchange', follow);
document.getElementById('manual').addEventListener('focusin', (event) => {
  const entry = event.target.closest('.entry');
  if (entry) select(entry, { scroll: false });
});

// In a narrow window the contents stand above the manual, closed until asked for.
const narrow = matchMedia('(max-width: 60rem)');
const fold = () => (contents.open = !narrow.matches);
narrow.addEventListener('change', fold);
fold();
contents.addEventListener('click', (event) => {
  if (narrow.matches && event.target.matches('a')) contents.open = false;
});
if (location.hash) follow();
