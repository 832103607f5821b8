import {
  type CellResult,
  createHostFunctions,
  type Engine,
  type EngineHost,
  type HostFunction,
  productFunctions,
  tableOf,
} from '../../kit/worker/index.ts';
import { LuaFiles } from './files.ts';
import type { LuaEnd, ShownValue } from './lua-end.ts';
import { LuaMachine, NeedsAnswer } from './machine.ts';
import { programErrorOf } from './program-error.ts';

export const LUA_MODULE = 'lua.wasm';
const PROMPT_UTF16 = 200;
const RESULT_UTF16 = 1_000_000;

/** Real Lua 5.4 for one session. `extra` are functions that programs may call beside those of the product. */
export async function createLuaEngine(
  host: EngineHost,
  extra: Readonly<Record<string, HostFunction>> = {},
): Promise<Engine> {
  const module = host.modules.get(LUA_MODULE);
  if (!module) throw new Error(`the engine lacks ${LUA_MODULE}`);
  const streams = createStreams(host);
  const input = createInput(host, streams);
  const machine = new LuaMachine({
    module,
    write: streams.write,
    display: (shown) => showValue(host, shown),
    functions: createHostFunctions({ ...productFunctions(host), ...extra }, { hasOneEmpty: true }),
    shouldStop: () => host.shouldStop(),
    awaitInput: input.wait,
    createFiles: (isMain) =>
      new LuaFiles({ workspace: host.tree, mountPath: host.mountPath, pullInput: () => input.pull(isMain()) }),
  });
  return {
    version: 'Lua 5.4',
    memoryBytes: () => machine.memoryBytes,
    async execute({ code, memoryMB }) {
      streams.begin();
      input.begin();
      const end = await machine.execute(code, memoryMB);
      streams.end();
      const cell = cellOf(host, end);
      return machine.isSpent ? { ...cell, isSpent: true } : cell;
    },
    async validate(code) {
      const broken = machine.check(code);
      return broken?.kind === 'error' ? programErrorOf(broken) : null;
    },
  };
}

interface Streams {
  begin(): void;
  readonly write: (stream: 1 | 2, bytes: Uint8Array) => boolean;
  /** What is left of a character that never became whole. */
  end(): void;
  /** The unfinished last line of the output: what a program asks before it reads. */
  prompt(): string;
}

/** Bytes to text: a character may come in two pieces. */
function createStreams(host: EngineHost): Streams {
  let decoders = [new TextDecoder(), new TextDecoder()] as const;
  let lastLine = '';
  const show = (stream: 1 | 2, text: string): boolean => {
    if (stream === 1) {
      const at = text.lastIndexOf('\n');
      lastLine = (at < 0 ? lastLine + text : text.slice(at + 1)).slice(-PROMPT_UTF16);
    }
    return host.write(stream, text);
  };
  return {
    begin() {
      decoders = [new TextDecoder(), new TextDecoder()];
      lastLine = '';
    },
    write: (stream, bytes) => show(stream, decoders[stream - 1 === 0 ? 0 : 1].decode(bytes, { stream: true })),
    end() {
      show(1, decoders[0].decode());
      show(2, decoders[1].decode());
    },
    prompt: () => lastLine,
  };
}

/** Standard input, line by line; a program of the main coroutine steps aside where its worker must not block. */
function createInput(host: EngineHost, streams: Streams) {
  const encoder = new TextEncoder();
  let answers: (string | null)[] = [];
  const bytesOf = (line: string | null): Uint8Array | null => (line === null ? null : encoder.encode(`${line}\n`));
  return {
    begin(): void {
      answers = [];
    },
    pull(isMain: boolean): Uint8Array | null {
      if (answers.length > 0) return bytesOf(answers.shift() ?? null);
      if (isMain && !host.hasSharedMemory) throw new NeedsAnswer('input');
      return bytesOf(host.readLine(streams.prompt()));
    },
    async wait(): Promise<void> {
      answers.push(await host.readLineAsync(streams.prompt()));
    },
  };
}

function cellOf(host: EngineHost, end: LuaEnd): CellResult {
  switch (end.kind) {
    case 'exit':
      return { exitCode: end.exitCode, result: null, error: null };
    case 'error':
      return { exitCode: 1, result: null, error: programErrorOf(end) };
    case 'stopped':
      return { exitCode: 1, result: null, error: null };
    case 'values':
      if (end.json !== null) showData(host, end.json, end.isRecords);
      return { exitCode: 0, result: shownText(end), error: null };
  }
}

const shownText = ({ text }: Pick<ShownValue, 'text'>): string | null => text?.slice(0, RESULT_UTF16) ?? null;

/** Data where it is some, else as text. */
const showValue = (host: EngineHost, { text, json, isRecords }: ShownValue): boolean =>
  json === null ? host.display({ 'text/plain': shownText({ text }) ?? '' }) : showData(host, json, isRecords);

/** A list of records is a table; other data is a tree. */
function showData(host: EngineHost, json: string, isRecords: boolean): boolean {
  if (!isRecords) return host.display({ 'application/json': json });
  const rows = JSON.parse(json) as Record<string, unknown>[];
  return host.display({ 'application/json': json }, tableOf(rows));
}
