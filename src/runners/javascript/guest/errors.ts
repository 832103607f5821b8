import { host, type GuestError } from './host-calls.ts';
import { inspect } from './inspect/index.ts';

interface CallSite {
  getFileName(): string | null;
  getFunctionName(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  isNative(): boolean;
}

const errorText = Error.prototype.toString;

/** Files of ours; frames in them are none of the person's business. */
const isOurs = (file: string): boolean => file.startsWith('node:') || file.startsWith('package:');

function frame(site: CallSite): string | null {
  const file = site.getFileName();
  if (site.isNative() || file === null || isOurs(file)) return null;
  const name = site.getFunctionName() ?? '';
  const place = `${file}:${site.getLineNumber() ?? 0}:${site.getColumnNumber() ?? 0}`;
  return name === '' || name === '<eval>' || name === '<anonymous>' ? `    at ${place}` : `    at ${name} (${place})`;
}

interface Callee {
  readonly text: string;
  readonly path: readonly string[] | null;
}

/** What names alone lead to, without running anything of a program's; null where that cannot be told. */
function looked(path: readonly string[]): { readonly value: unknown } | null {
  let value: unknown = globalThis;
  for (const name of path) {
    let holder: unknown = value;
    let found: PropertyDescriptor | undefined;
    while (found === undefined) {
      if (holder === null || holder === undefined || host.isProxy(Object(holder) as object)) return null;
      found = Object.getOwnPropertyDescriptor(Object(holder), name);
      holder = Object.getPrototypeOf(Object(holder));
    }
    if (!('value' in found)) return null;
    value = found.value as unknown;
  }
  return { value };
}

function isSurely(callee: Callee, kind: string): boolean {
  const found = callee.path && looked(callee.path);
  if (!found || typeof found.value !== 'function') return false;
  return kind === 'function' || Object.hasOwn(found.value, 'prototype');
}

/** What is called at a place of a program. */
function calleesAt(site: CallSite): readonly Callee[] {
  const file = site.getFileName() ?? '';
  if (isOurs(file)) return [];
  const line = site.getLineNumber() ?? 0;
  const column = site.getColumnNumber() ?? 0;
  const asked = { file, line, column, functionName: site.getFunctionName() ?? '' };
  return JSON.parse(host.callees(JSON.stringify(asked))) as readonly Callee[];
}

/** The engine says only that something is no function; this says what, as far as the place tells it. */
function nameCallee(error: unknown, sites: readonly CallSite[]): void {
  if (!(error instanceof TypeError)) return;
  const kind = /^not a (function|constructor)$/.exec(error.message)?.[1];
  const [top] = sites;
  const site = sites.find((one) => !one.isNative());
  if (kind === undefined || !top || !site) return;
  const callees = calleesAt(site);
  const native = top.isNative() ? (top.getFunctionName() ?? '') : null;
  // What a function of the engine was given is what it calls.
  const meant =
    native === null
      ? callees.filter((callee) => !isSurely(callee, kind))
      : callees.filter(({ text }) => native !== '' && text.endsWith(native));
  const names = meant.map(({ text }) => text).join(' or ');
  if (names !== '')
    error.message = native === null ? `${names} is not a ${kind}` : `an argument of ${names} is not a ${kind}`;
}

/** Makes `error.stack` read as in Node: the error in its first line, then the person's own frames. */
export function installStacks(): void {
  const prepare = (error: unknown, sites: readonly CallSite[]): string => {
    let head: string;
    try {
      nameCallee(error, sites);
      head = error instanceof Error ? errorText.call(error) : String(error);
    } catch {
      head = 'Error'; // a name or message that cannot be read
    }
    const frames: string[] = [];
    for (const site of sites) {
      const text = frame(site);
      if (text !== null) frames.push(text);
    }
    return frames.length === 0 ? head : `${head}\n${frames.join('\n')}`;
  };
  // By assignment: the engine's own setter must see it.
  (Error as unknown as { prepareStackTrace: unknown }).prepareStackTrace = prepare;
}

/** What is said of an uncaught error. Getters of the person's may run; the time limit still holds. */
export function describeError(error: unknown): string {
  const described: GuestError = error instanceof Error ? ofError(error) : ofThrown(error);
  return JSON.stringify(described);
}

function ofError(error: Error): GuestError {
  const read = (name: string): string => {
    try {
      const value = (error as unknown as Record<string, unknown>)[name];
      return value === undefined ? '' : String(value);
    } catch {
      return ''; // a getter of the person's threw
    }
  };
  const code = read('code');
  const type = read('name') || 'Error';
  const message = read('message');
  return { name: type, message, stack: stackOf(error, `${type}: ${message}`), code: code === '' ? null : code };
}

function stackOf(error: Error, head: string): string {
  try {
    return inspect(error);
  } catch {
    return head; // the program changed what the inspector itself is made of
  }
}

function ofThrown(value: unknown): GuestError {
  const text = host.isProxy(Object(value) as object) ? 'Proxy' : inspect(value);
  return { name: 'Uncaught', message: text, stack: `Uncaught ${text}`, code: null };
}
