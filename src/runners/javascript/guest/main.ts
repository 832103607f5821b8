// The guest's side of the engine: everything a program finds in its world that the language itself does not bring.
import { guestConsole, resetConsole } from './console/console.ts';
import { describeError, installStacks } from './errors.ts';
import { type GuestCalls, host } from './host-calls.ts';
import { createReadline, createReadlinePromises, dialogs, forgetQuestions, lineRead } from './input.ts';
import { inspect } from './inspect/index.ts';
import { installIntl } from './intl.ts';
import { forgetZone, installLocalTime } from './local-time.ts';
import { lateModule } from './late-modules.ts';
import { createAssert } from './node/assert.ts';
import { bufferType } from './node/buffers.ts';
import { createFs } from './node/fs.ts';
import { createProcess } from './node/process.ts';
import { createOs, createQuerystring, createUrl, REFUSED } from './node/small-modules.ts';
import { createUtil } from './node/utilities.ts';
import { addBuiltin, builtinModules, createRequire, exportNames, requirePackage } from './packages.ts';
import { richForm } from './rich.ts';
import { forgetTicks, runTicks } from './ticks.ts';
import { fire, forgetTimers, timerPromises, timers } from './timers.ts';
import { isTakenCareOf, reportUncaughtTo } from './uncaught.ts';
import { urlGlobals } from './url.ts';
import { fetched, webGlobals } from './web.ts';

const HOME = '/mnt/data';

function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}

/** A global that is made when it is first used, and may be replaced. */
function defineLate(name: string, make: () => unknown): void {
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => {
      const value = make();
      define(name, value);
      return value;
    },
    set: (value: unknown) => define(name, value),
  });
}

function addBuiltins(process: object): void {
  let files: ReturnType<typeof createFs> | null = null;
  const getFiles = (): ReturnType<typeof createFs> => (files ??= createFs());
  addBuiltin(['fs'], () => getFiles().fs);
  addBuiltin(['fs/promises'], () => getFiles().promises);
  addBuiltin(['path', 'path/posix'], () => {
    const path = requirePackage('node:path') as Record<string, unknown>;
    return Object.assign(path, { posix: path });
  });
  addBuiltin(['events'], () => {
    const { EventEmitter } = requirePackage('node:events') as { EventEmitter: Record<string, unknown> };
    return Object.assign(EventEmitter, { EventEmitter, default: EventEmitter });
  });
  addBuiltin(['buffer'], () => ({ Buffer: bufferType(), atob, btoa, constants: { MAX_LENGTH: 2 ** 31 - 1 } }));
  addBuiltin(['util'], createUtil);
  addBuiltin(['util/types'], () => (createUtil() as { types: object }).types);
  addBuiltin(['assert'], createAssert);
  addBuiltin(['assert/strict'], () => (createAssert() as { strict: unknown }).strict);
  addBuiltin(['os'], createOs);
  addBuiltin(['url'], createUrl);
  addBuiltin(['querystring'], createQuerystring);
  addBuiltin(['string_decoder'], () => requirePackage('node:string_decoder'));
  addBuiltin(['process'], () => process);
  addBuiltin(['console'], () => guestConsole);
  addBuiltin(['timers'], () => timers);
  addBuiltin(['timers/promises'], () => timerPromises);
  addBuiltin(['readline'], createReadline);
  addBuiltin(['readline/promises'], createReadlinePromises);
  addBuiltin(['perf_hooks'], () => ({ performance }));
  for (const name of ['crypto', 'zlib', 'stream/consumers', 'test']) {
    addBuiltin([name], () => lateModule(name.replace('/', '-'), process));
  }
  addBuiltin(['stream'], () => requirePackage('node:stream'));
  addBuiltin(
    ['stream/promises'],
    () => (requirePackage('node:stream') as { Stream: { promises: object } }).Stream.promises,
  );
  addBuiltin(['module'], () => ({ createRequire, builtinModules: builtinModules() }));
}

/** Numbers that JSON does not have cross as text, as tables show them. */
const asJson = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? String(value) : value;

/** JSON of what a function of the host is given. Errors of the program's own getters pass as they are. */
function argumentsOf(name: string, args: unknown[]): string {
  // Else JSON would make null of what is only left out.
  while (args.length > 0 && args[args.length - 1] === undefined) args.length -= 1;
  try {
    return JSON.stringify(args, asJson);
  } catch (error) {
    const isCircle = error instanceof TypeError && error.message === 'circular reference';
    throw isCircle ? new TypeError(`${name}: a value that contains itself cannot be passed`) : error;
  }
}

/** A function of the host: JSON goes there, JSON or an error comes back. */
function hostFunction(name: string): (...args: unknown[]) => unknown {
  const call = (...args: unknown[]): unknown => {
    const answer = JSON.parse(host.callHost(name, argumentsOf(name, args))) as {
      readonly value?: unknown;
      readonly error?: { readonly name: string; readonly message: string };
    };
    if (!answer.error) return answer.value;
    const type =
      answer.error.name === 'TypeError' ? TypeError : answer.error.name === 'RangeError' ? RangeError : Error;
    throw new type(answer.error.message);
  };
  Object.defineProperty(call, 'name', { value: name });
  return call;
}

/** What assignments to constants are led to, those of earlier runs too. */
function constants(): object {
  const refuse = (): never => {
    throw new TypeError('Assignment to constant variable.');
  };
  return new Proxy(Object.create(null) as object, { set: refuse });
}

/** Fills the world and gives the worker its handle on it. */
export function startGuest(): void {
  installStacks();
  const { process, emitter, beginRun } = createProcess();
  reportUncaughtTo(emitter);
  define('console', guestConsole);
  define('process', process);
  define('global', globalThis);
  for (const [name, value] of Object.entries({ ...timers, ...dialogs, ...webGlobals, ...urlGlobals }))
    define(name, value);
  defineLate('Buffer', bufferType);
  installIntl();
  installLocalTime();
  addBuiltins(process);
  const main = { id: '.', filename: `${HOME}/main.js`, exports: {}, loaded: false };
  const require = createRequire(main.filename);
  require.main = main;
  for (const [name, value] of Object.entries({ require, module: main, exports: main.exports })) define(name, value);
  define('__filename', main.filename);
  define('__dirname', HOME);
  define('$importMeta', { url: `file://${main.filename}`, filename: main.filename, dirname: HOME, main: true });
  define('$const', constants());
  define('display', (value: unknown) => {
    const rich = richForm(value);
    host.display(rich === '' ? JSON.stringify({ data: { 'text/plain': inspect(value) }, table: null }) : rich);
  });
  const calls: GuestCalls = {
    fire,
    runTicks,
    uncaught: (error, isRejection) => (isTakenCareOf(error, isRejection === 1) ? 1 : 0),
    beforeExit: () => (emitter.emit('beforeExit', process['exitCode'] ?? 0) ? 1 : 0),
    show: (value) => inspect(value),
    rich: richForm,
    describeError,
    exportNames,
    lineRead,
    fetched,
    beginRun: (facts) => {
      resetConsole();
      forgetTimers();
      forgetTicks();
      forgetQuestions();
      forgetZone();
      const { functions, fileName } = JSON.parse(facts) as { functions: readonly string[]; fileName: string };
      for (const name of functions) if (!Object.hasOwn(globalThis, name)) define(name, hostFunction(name));
      beginRun(fileName);
    },
    endRun: (code) => {
      emitter.emit('exit', process['exitCode'] ?? code);
      const { exitCode: chosen } = process;
      return chosen === undefined ? code : Number(chosen);
    },
    refusal: (name) => REFUSED[name] ?? '',
  };
  (globalThis as unknown as { __guest: unknown }).__guest = calls;
}
