import type { SessionId } from '../../contracts/ids.ts';
import { PROFILES } from '../../contracts/machine-spec.ts';
import type { SavedTimes } from '../../database/index.ts';
import { machineSession, type SessionPool } from '../../execution/index.ts';
import type { MachineBook } from './machine-book.ts';

const BOOTS = (name: string, memoryMB: number): string =>
  `The machine ${name} boots first, because it has ${memoryMB} MB: about 5 to 15 seconds. Once it was saved it goes on from there.`;

/** What a person should hear before the first program of a machine that boots; null where it stands, was saved, or is restored. */
export function createBootNotices(host: {
  readonly machines: MachineBook;
  readonly pool: Pick<SessionPool, 'all'>;
  readonly savedTimes: SavedTimes;
}): (sessionId: SessionId) => Promise<string | null> {
  return async (sessionId) => {
    const { specs, chosen } = host.machines.of(sessionId);
    const spec = specs.find(({ name }) => name === chosen);
    if (spec === undefined || spec.memoryMB === PROFILES[spec.image].memoryMB) return null;
    const session = machineSession(spec.name, sessionId);
    if (host.pool.all().some((kept) => kept.sessionId === session)) return null;
    const times = await host.savedTimes().catch(() => null); // a notice less is better than no run
    return times?.has(session) === false ? BOOTS(spec.name, spec.memoryMB) : null;
  };
}
