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

/** Makes `error.stack` read as in Node: the error in its first line, then the person's own frames. */
export function installStacks(): void {
  const prepare = (error: unknown, sites: readonly CallSite[]): string => {
    let head: string;
    try {
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
