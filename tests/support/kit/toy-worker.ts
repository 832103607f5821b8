import {
  type CellResult,
  type CreateEngine,
  FileError,
  serveEngine,
  tableOf,
  type WorkerScope,
} from '../../../src/runners/kit/worker/index.ts';
import type { EngineHost } from '../../../src/runners/kit/worker/index.ts';

/**
 * The smallest engine that has everything: a language of one command a line, `set name value`, `say $name`. What is true of
 * it is true of the kit.
 */
const createToy: CreateEngine = async (host) => {
  const variables = new Map<string, string>();
  const fail = (line: number, title: string, message: string): CellResult => ({
    exitCode: 1,
    result: null,
    error: { code: 'run/bad-request', title, message, traceback: null, line, column: null, suggestions: [] },
  });
  const done = (exitCode: number, result: string | null): CellResult => ({ exitCode, result, error: null });
  return {
    version: 'Toy 1',
    memoryBytes: () => 1_048_576,
    async validate(code) {
      const at = code.split('\n').findIndex((line) => line.includes('('));
      return at < 0 ? null : fail(at + 1, 'SyntaxError', 'no brackets here').error;
    },
    async execute({ code }) {
      if (code.includes('('))
        return fail(code.split('\n').findIndex((line) => line.includes('(')) + 1, 'SyntaxError', 'no brackets here');
      let last: string | null = null;
      for (const [index, line] of code.split('\n').entries()) {
        if (host.shouldStop()) return done(1, null);
        const [command = '', ...words] = line.split(' ');
        const given = words.map((word) => (word.startsWith('$') ? (variables.get(word.slice(1)) ?? '') : word));
        try {
          if (command === 'exit') return done(Number(given[0]), null);
          if (command === 'spend') return { ...done(0, text(given)), isSpent: true };
          last = (await COMMANDS[command]?.(host, given, variables)) ?? null;
        } catch (error) {
          if (error instanceof FileError) return fail(index + 1, error.errno, error.message);
          if (error instanceof ProgramFailed) return fail(index + 1, 'Error', error.message);
          throw error;
        }
      }
      return done(0, last);
    },
  };
};

class ProgramFailed extends Error {}

type Command = (
  host: EngineHost,
  words: string[],
  variables: Map<string, string>,
) => Promise<string | null> | string | null;
const text = (words: readonly string[]): string => words.join(' ');
const encode = (value: string): Uint8Array => new TextEncoder().encode(value);

const COMMANDS: Readonly<Record<string, Command>> = {
  say: (host, words) => (host.write(1, `${text(words)}\n`), null),
  warn: (host, words) => (host.write(2, `${text(words)}\n`), null),
  value: (_host, words) => text(words),
  set: (_host, [name = '', ...rest], variables) => (variables.set(name, text(rest)), null),
  fail: (_host, words) => {
    throw new ProgramFailed(text(words));
  },
  break: () => {
    throw new Error('the engine itself is broken');
  },
  spin: (host) => {
    while (!host.shouldStop());
    return null;
  },
  hang: (host) => {
    host.write(1, 'go\n');
    for (;;);
  },
  flood: (host, [units = '0']) => {
    const line = `${'x'.repeat(999)}\n`;
    for (let left = Number(units); left > 0 && host.write(1, line); left -= line.length);
    return null;
  },
  sleep: async (host, [ms = '0']) => String(await host.sleep(Number(ms))),
  block: (host, [ms = '0']) => String(host.sleepSync(Number(ms))),
  ask: (host, words) => host.readLine(text(words)) ?? 'END',
  wait: async (host, words) => (await host.readLineAsync(text(words))) ?? 'END',
  show: (host, words) => (host.display({ 'text/plain': text(words) }), null),
  table: (host) => (host.display({}, tableOf([{ a: 1, b: 'x' }, { a: 2 }])), null),
  notice: (host, words) => (host.notice(text(words)), null),
  write: (host, [path = '', ...rest]) => (host.tree.write(path, 0, encode(text(rest))), null),
  append: (host, [path = '', ...rest]) => (
    host.tree.write(path, host.tree.stat(path).sizeBytes, encode(text(rest))), null
  ),
  add: (host, [path = '', position = '0', ...rest]) => (
    host.tree.write(path, Number(position), encode(text(rest))), null
  ),
  replace: (host, [path = '', ...rest]) => (host.tree.replace(path, encode(text(rest))), null),
  flush: (host) => (host.tree.flush(), null),
  read: (host, [path = '']) => new TextDecoder().decode(host.tree.read(path, 0, 1_000_000)),
  list: (host, [path = '']) =>
    host.tree
      .list(path)
      .map((entry) => `${entry.path}${entry.kind === 'directory' ? '/' : ''}`)
      .sort()
      .join(','),
  mkdir: (host, [path = '']) => (host.tree.mkdir(path), null),
  remove: (host, [path = '']) => (host.tree.remove(path), null),
  rename: (host, [from = '', to = '']) => (host.tree.rename(from, to), null),
  part: async (host, [name = '']) => {
    const bytes = await host.loadPart(name);
    return bytes ? new TextDecoder().decode(bytes) : 'NONE';
  },
};

export function startToyWorker(scope: WorkerScope): void {
  serveEngine(scope, createToy);
}
