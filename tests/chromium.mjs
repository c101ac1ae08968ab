// Headless Chromium, or what the variable CHROMIUM names, driven through a pipe by the Chrome DevTools protocol: JSON messages with
// a 0 byte behind each. It ends when the pipe is closed.
import { spawn } from 'node:child_process';

/** A tab of a browser of its own. `problems` are messages of the console that are warnings or errors, and what was thrown. */
export class Tab {
  problems = [];
  #waiting = new Map(); // by the number of the command
  #events = new Map(); // functions that wait for an event, by its name
  #last = 0;
  #rest = '';

  static async open(profile) {
    const tab = new Tab();
    const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
    tab.browser = spawn(process.env.CHROMIUM ?? 'chromium', [...options, 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    tab.browser.on('exit', (code) => tab.#fail(new Error(`Chromium has ended (${code})`)));
    tab.browser.on('error', (error) => tab.#fail(error));
    tab.browser.stdio[4].setEncoding('utf8').on('data', (text) => tab.#receive(text));
    const { targetInfos } = await tab.send('Target.getTargets');
    const { targetId } = targetInfos.find((target) => target.type === 'page');
    tab.session = (await tab.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    for (const domain of ['Page', 'Runtime', 'Log']) await tab.send(`${domain}.enable`);
    return tab;
  }

  send(method, params = {}) {
    const id = ++this.#last;
    this.browser.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.session })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Resolves when the event comes next. */
  event(name) {
    return new Promise((resolve) => this.#events.set(name, resolve));
  }

  async goto(url) {
    const loaded = this.event('Page.loadEventFired');
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** The value of an expression, or of what a function gives when it is called in the page. */
  async evaluate(code, ...args) {
    const expression = typeof code === 'function' ? `(${code})(${args.map((x) => JSON.stringify(x)).join(', ')})` : code;
    const answer = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
    return answer.result.value;
  }

  /** A key is pressed; with modifiers 2 it is with Ctrl. */
  async press(key, modifiers = 0) {
    const text = key.length === 1 ? key : { Enter: '\r' }[key];
    const code = { windowsVirtualKeyCode: { Enter: 13, Escape: 27, ArrowUp: 38, ArrowDown: 40 }[key] };
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, modifiers, ...code, ...(modifiers ? {} : { text }) });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, modifiers, ...code });
  }

  async type(text) {
    await this.send('Input.insertText', { text });
  }

  async resize(width, height) {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
  }

  async colours(scheme) {
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  }

  async screenshot() {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(data, 'base64');
  }

  close() {
    this.browser.removeAllListeners('exit');
    this.browser.kill();
  }

  #receive(text) {
    const messages = (this.#rest + text).split('\0');
    this.#rest = messages.pop();
    for (const message of messages) this.#handle(JSON.parse(message));
  }

  #handle({ id, method, params, result, error }) {
    if (id !== undefined) {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      return error ? reject(new Error(error.message)) : resolve(result);
    }
    if (method === 'Runtime.exceptionThrown') {
      this.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    } else if (method === 'Runtime.consoleAPICalled' && ['error', 'warning', 'assert'].includes(params.type)) {
      this.problems.push(params.args.map((arg) => arg.value ?? arg.description).join(' '));
    } else if (method === 'Log.entryAdded' && ['error', 'warning'].includes(params.entry.level)) {
      this.problems.push(params.entry.text);
    }
    this.#events.get(method)?.(params);
    this.#events.delete(method);
  }

  #fail(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
