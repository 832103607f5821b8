import { readInOrder } from '../box/index.ts';
import { packagedSource } from '../runners/kit/index.ts';
import { chooseStart, createEngineSpec } from '../runners/python/index.ts';

/** The host's document. Its two scripts share nothing but the global object. */
interface ReadingWindow {
  companionReadAhead?: Map<string, Promise<Blob>>;
  readonly location: { readonly search: string };
  readonly navigator: object;
}

/**
 * Has Python's files read from the package while the host's own script, two hundred times as long, is still on its way.
 * What the address says of the settings is looked at for this only; the host checks it.
 */
export function beginReadingAhead(window: ReadingWindow): void {
  const { isOn, pythonStart } = choicesOf(new URLSearchParams(window.location.search).get('settings'));
  if (isOn === false) return;
  const { deviceMemory } = window.navigator as { readonly deviceMemory?: number };
  const setting = pythonStart === 'science' || pythonStart === 'base' ? pythonStart : 'auto';
  const engine = createEngineSpec(packagedSource('/', 'python'), chooseStart(setting, deviceMemory));
  const ahead = new Map<string, Promise<Blob>>();
  window.companionReadAhead = ahead;
  readInOrder(engine, (file) => {
    const reading = file.load();
    ahead.set(`vendor/python/${file.name}`, reading);
    return reading;
  });
}

/** The blob of a file that is being read ahead, once; undefined where none is. Rejects as its reading did. */
export function takeReadAhead(path: string): Promise<Blob> | undefined {
  const { companionReadAhead } = globalThis as unknown as ReadingWindow;
  const reading = companionReadAhead?.get(path);
  companionReadAhead?.delete(path);
  return reading;
}

function choicesOf(json: string | null): { readonly isOn?: unknown; readonly pythonStart?: unknown } {
  try {
    return Object(JSON.parse(json ?? 'null')) as object;
  } catch {
    return {}; // not ours: the host takes the defaults too
  }
}
