import { host } from './host-calls.ts';
import { toBytes } from './node/buffers.ts';
import { type HeldStream, READABLE_NAMES, showStream } from './node/late-stream.ts';
import { requirePackage } from './packages.ts';

interface Answer {
  readonly text?: string | null;
  readonly error?: string;
}

const waiting = new Map<number, { resolve: (text: string | null) => void; reject: (error: Error) => void }>();
let last = 0;

function taken(json: string): string | null {
  const answer = JSON.parse(json) as Answer;
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.text ?? null;
}

/** The next line, or null at the end of the input. Stands still until it is there. */
export const readLine = (question = ''): string | null => taken(host.readLine(question));

/** The same, while other parts of the program go on. */
export function readLineLater(question = ''): Promise<string | null> {
  last += 1;
  const id = last;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    host.readLineLater(id, question);
  });
}

export function lineRead(id: number, json: string): void {
  const found = waiting.get(id);
  waiting.delete(id);
  if (!found) return;
  try {
    found.resolve(taken(json));
  } catch (error) {
    found.reject(error as Error);
  }
}

export function forgetQuestions(): void {
  waiting.clear();
}

export function readAllInput(): string {
  let text = '';
  for (let line = readLine(); line !== null; line = readLine()) text += `${line}\n`;
  return text;
}

interface Emitter {
  emit(event: string, ...args: unknown[]): boolean;
  on(event: string, listener: (...args: unknown[]) => void): Emitter;
}
const newEmitter = (): Emitter =>
  new (requirePackage('node:events') as { EventEmitter: new () => Emitter }).EventEmitter();

type Options = { readonly input?: unknown } | undefined;

/** Lines of the input, or of a stream that the program gave. */
async function* linesOf(options: Options, isOver: () => boolean): AsyncGenerator<string> {
  const { process } = globalThis as unknown as { process: { stdin: unknown } };
  const source = options?.input;
  if (source === undefined || source === process.stdin) {
    for (let line = await readLineLater(); line !== null; line = await readLineLater()) {
      yield line;
      if (isOver()) return;
    }
    return;
  }
  let rest = '';
  const decoder = new TextDecoder();
  for await (const piece of source as AsyncIterable<unknown>) {
    rest += typeof piece === 'string' ? piece : decoder.decode(toBytes(piece), { stream: true });
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) yield line;
  }
  if (rest !== '') yield rest;
}

type Callback = (answer: string) => void;

function createInterface(options?: Options): object {
  const emitter = newEmitter();
  const on = emitter.on.bind(emitter);
  let isClosed = false;
  let isReading = false;
  let prompt = '> ';
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    emitter.emit('close');
  };
  const readAll = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    for await (const line of linesOf(options, () => isClosed)) {
      if (isClosed) return;
      emitter.emit('line', line);
    }
    close();
  };
  const ask = async (question: string): Promise<string> => {
    const answer = await readLineLater(question);
    if (answer === null) close();
    return answer ?? '';
  };
  return Object.assign(emitter, {
    on(event: string, listener: (...args: unknown[]) => void): object {
      on(event, listener);
      // After the program has said what else it wants to hear.
      if (event === 'line') setTimeout(() => void readAll(), 0);
      return emitter;
    },
    question(question: string, ...rest: unknown[]): Promise<string> | undefined {
      const callback = rest.at(-1);
      if (typeof callback !== 'function') return ask(question);
      void ask(question).then((answer) => {
        if (!isClosed || answer !== '') (callback as Callback)(answer);
      });
      return undefined;
    },
    setPrompt: (text: string) => {
      prompt = text;
    },
    prompt: () => host.write(1, prompt),
    write: () => undefined,
    pause: () => emitter,
    resume: () => emitter,
    close,
    [Symbol.asyncIterator]: () => linesOf(options, () => isClosed),
  });
}

/** `node:readline`, and `node:readline/promises`. */
export const createReadline = (): object => ({
  createInterface,
  promises: { createInterface },
  clearLine: () => true,
  cursorTo: () => true,
  moveCursor: () => true,
});
export const createReadlinePromises = (): object => ({ createInterface });

interface Streams {
  readonly Readable: new (options: { readonly highWaterMark: number; read(this: HeldStream): void }) => HeldStream;
}

/** `process.stdin`: lines of the input, of which no more are asked for than are taken. */
export function createStdin(): { readonly stdin: object; readonly renew: () => void } {
  let stream: HeldStream | null = null;
  const make = (): HeldStream =>
    new (requirePackage('node:stream') as Streams).Readable({
      highWaterMark: 1,
      read() {
        void readLineLater().then((line) => this.push(line === null ? null : toBytes(`${line}\n`)));
      },
    });
  const stdin = { fd: 0, isTTY: false, ref: () => stdin, unref: () => stdin };
  showStream<object>(stdin, () => (stream ??= make()), READABLE_NAMES);
  Object.defineProperty(stdin, Symbol.asyncIterator, {
    value: () => ((stream ??= make()) as unknown as AsyncIterable<unknown>)[Symbol.asyncIterator](),
  });
  const renew = (): void => {
    stream = null;
  };
  return { stdin, renew };
}

const isYes = (answer: string | null): boolean => /^(?:y|yes|ok|true|1)$/i.test((answer ?? '').trim());
const orStandard = (answer: string | null, standard: unknown): string | null =>
  answer === '' && standard !== null ? String(standard) : answer;

/** The dialogs of a web page, over the input and the output of the run. Those with `$` are what calls become where a worker
 * cannot stand still; see `worker/rewrite.ts`. */
export const dialogs = {
  prompt: (question: unknown = '', standard: unknown = null) => orStandard(readLine(String(question)), standard),
  $prompt: async (question: unknown = '', standard: unknown = null) =>
    orStandard(await readLineLater(String(question)), standard),
  confirm: (question: unknown = '') => isYes(readLine(`${String(question)} [y/N] `)),
  $confirm: async (question: unknown = '') => isYes(await readLineLater(`${String(question)} [y/N] `)),
  alert: (text: unknown = ''): void => host.write(1, `${String(text)}\n`),
};
