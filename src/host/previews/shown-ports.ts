import { fail } from '../../base/index.ts';
import { appError } from '../../contracts/errors.ts';
import { closedFor, type EngineWeb } from '../../contracts/preview.ts';

const NOT_SHOWN = 'the machine was not made to show this port';

/** The servers of a machine that was made to show these ports and no others; all of them where it names none. */
export function shownPorts(web: EngineWeb, ports: readonly number[]): EngineWeb {
  if (ports.length === 0) return web;
  const isShown = (port: number): boolean => ports.includes(port);
  const refused = (tell: (event: ReturnType<typeof closedFor>) => void) => {
    // After whoever asked has what it asked for in hand.
    queueMicrotask(() => tell(closedFor('preview/not-listening')));
    return NOTHING;
  };
  return {
    fetch: async (port, request, options) =>
      isShown(port) ? web.fetch(port, request, options) : fail(appError('preview/not-listening', NOT_SHOWN)),
    openSocket: (target, onEvent) => (isShown(target.port) ? web.openSocket(target, onEvent) : refused(onEvent)),
    openStream: (target, onEvent) => (isShown(target.port) ? web.openStream(target, onEvent) : refused(onEvent)),
    watchServers: (onServers, options) => web.watchServers((all) => onServers(all.filter(isShown)), options),
  };
}

/** A connection that was never opened. */
const NOTHING = {
  send: async (): Promise<void> => undefined,
  close: (): void => undefined,
  taken: (): void => undefined,
  end: (): void => undefined,
};
