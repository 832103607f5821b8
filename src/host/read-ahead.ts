import { readInOrder } from '../box/index.ts';
import { packagedSource } from '../runners/kit/index.ts';
import { createLinuxSpec } from '../runners/linux/index.ts';
import { chooseStart, createEngineSpec } from '../runners/python/index.ts';
import { canAffordSpare, isShortForLinux } from './spare-memory.ts';

/** The host's document. Its two scripts share nothing but the global object. */
interface ReadingWindow {
  companionReadAhead?: Map<string, Promise<Blob>>;
  readonly location: { readonly search: string };
  readonly navigator: { readonly userAgent: string; readonly deviceMemory?: number | undefined };
}

/**
 * Has the files of Python, or of Linux where the host is started for that, read from the package while the host's own script,
 * two hundred times as long, is still on its way. What the address says of the settings is looked at for this only; the host checks
 * it.
 */
export function beginReadingAhead(window: ReadingWindow): void {
  const address = new URLSearchParams(window.location.search);
  const { isOn, pythonStart } = choicesOf(address.get('settings'));
  if (isOn === false) return;
  const { deviceMemory, userAgent } = window.navigator;
  if (!canAffordSpare(deviceMemory)) return; // nothing starts before a program asks for it
  const setting = pythonStart === 'science' || pythonStart === 'base' ? pythonStart : 'auto';
  const id = address.get('first') === 'shell' ? 'linux' : 'python';
  const source = packagedSource('/', id);
  const engine =
    id === 'linux'
      ? createLinuxSpec(source, isShortForLinux(setting, deviceMemory, userAgent))
      : createEngineSpec(source, chooseStart(setting, deviceMemory));
  const ahead = new Map<string, Promise<Blob>>();
  window.companionReadAhead = ahead;
  const script = source.built(`${id}-worker.js`);
  script.catch(() => undefined); // whoever takes it is told
  ahead.set(`${id}-worker.js`, script);
  readInOrder(engine, (file) => {
    const reading = file.load();
    ahead.set(`vendor/${id}/${file.name}`, reading);
    return reading;
  });
}

/**
 * The blob of a file that is being read ahead, as often as asked: one start asks for some twice. Undefined where none is, and
 * once they are let go. Rejects as its reading did.
 */
export function readAhead(path: string): Promise<Blob> | undefined {
  return (globalThis as unknown as ReadingWindow).companionReadAhead?.get(path);
}

/** To be called when the start that they were read for is over: what it did not take would be held as long as the host lives. */
export function letGoReadAhead(): void {
  (globalThis as unknown as ReadingWindow).companionReadAhead?.clear();
}

function choicesOf(json: string | null): { readonly isOn?: unknown; readonly pythonStart?: unknown } {
  try {
    return Object(JSON.parse(json ?? 'null')) as object;
  } catch {
    return {}; // not ours: the host takes the defaults too
  }
}
