// After Node's lib/internal/util/inspect.js (MIT).
import type { Context } from './context.ts';
import { prefixOf } from './names.ts';

const errorText = Error.prototype.toString;

function readOr<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise; // a getter of the person's threw: it is shown as if there were none
  }
}

/** What an error was called when it was made: without the name of its own that it was given since. */
function firstHeader(error: Error): string {
  const made = Object.getPrototypeOf(error) as Error | null;
  const message = String(error.message);
  const name = String(made?.name ?? 'Error');
  return message === '' ? name : `${name}: ${message}`;
}

/**
 * The stack of an error with its first line, which this engine leaves out where the program made none. Node writes that line when the
 * stack is first asked for, this engine when the error is made: what it is called by now is told.
 */
function stackOf(error: Error): string {
  const header = readOr(() => errorText.call(error), 'Error');
  const stack = readOr<unknown>(() => error.stack, undefined);
  if (typeof stack !== 'string' || stack === '') return header;
  const before = readOr(() => firstHeader(error), header);
  const isBehind = header !== before && (stack === before || stack.startsWith(`${before}\n    at`));
  return isBehind ? header + stack.slice(before.length) : stack;
}

/** Says the class where the stack's first line only says the name. */
function withClass(stack: string, constructor: string | null, name: string, tag: string): string {
  const startsPlain =
    name.endsWith('Error') &&
    stack.startsWith(name) &&
    (stack.length === name.length || stack[name.length] === ':' || stack[name.length] === '\n');
  if (constructor !== null && !startsPlain) return stack;
  let length = name.length;
  let fallback = 'Error';
  if (constructor === null) {
    const start = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/.exec(stack) ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    fallback = start?.[1] ?? '';
    length = fallback.length;
    fallback ||= 'Error';
  }
  const prefix = prefixOf(constructor, tag, fallback).slice(0, -1);
  if (name === prefix) return stack;
  if (!prefix.includes(name)) return `${prefix} [${name}]${stack.slice(length)}`;
  return length === 0 ? `${prefix}: ${stack}` : `${prefix}${stack.slice(length)}`;
}

/** The error as text; takes the keys that the text already says out of `keys` and adds `cause` and `errors`. */
export function formatError(
  error: Error,
  constructor: string | null,
  tag: string,
  context: Context,
  keys: PropertyKey[],
): string {
  let stack = stackOf(error);
  const message = readOr<unknown>(() => error.message, '');
  const name = readOr<unknown>(() => error.name, 'Error');
  if (!context.showHidden) {
    drop(keys, 'stack', true);
    drop(keys, 'message', typeof message !== 'string' || stack.includes(message));
    drop(keys, 'name', typeof name !== 'string' || stack.includes(name));
  }
  if (Object.hasOwn(error, 'cause') && !keys.includes('cause')) keys.push('cause');
  const errors = readOr<unknown>(() => (error as AggregateError).errors, null);
  if (Array.isArray(errors) && Object.hasOwn(error, 'errors') && !keys.includes('errors')) keys.push('errors');

  stack = withClass(stack, constructor, typeof name === 'string' ? name : 'Error', tag);
  const after = typeof message === 'string' && message !== '' ? stack.indexOf(message) : -1;
  const frames = stack.indexOf('\n    at', after === -1 ? 0 : after + (message as string).length);
  if (frames === -1) stack = `[${stack}]`;
  return context.indentationLvl === 0 ? stack : stack.replaceAll('\n', `\n${' '.repeat(context.indentationLvl)}`);
}

function drop(keys: PropertyKey[], key: string, isSaid: boolean): void {
  const at = isSaid ? keys.indexOf(key) : -1;
  if (at !== -1) keys.splice(at, 1);
}
