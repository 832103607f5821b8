// The tool pack that a person added: kept as one file, checked against the package's list, lent to machines.
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { ToolPackDoor } from '../../contracts/doors/tool-pack.ts';
import type { LentToolPack } from '../../runners/linux/index.ts';
import type { Handlers } from '../handlers.ts';
import type { ToolPackShelf, ToolPackShelfOptions } from './shelf.ts';

export type ToolPackHandlers = Pick<Handlers<EngineDoor>, keyof ToolPackDoor>;

/** What the rest of the host has of it. */
export interface ToolPacks {
  /** Null where none was added or what was added cannot be read. Never rejects. */
  readonly current: () => Promise<LentToolPack | null>;
  readonly handlers: ToolPackHandlers;
}

/** The code for it comes with the first machine or question: most hosts start none. */
export function openToolPacks(options: ToolPackShelfOptions): ToolPacks {
  let loading: Promise<ToolPackShelf> | null = null;
  const shelf = () => (loading ??= import('./shelf.ts').then((late) => new late.ToolPackShelf(options)));
  return {
    current: async () => (await shelf()).current(),
    handlers: {
      toolPack: async () => (await shelf()).status(),
      addToolPack: async (piece) => (await shelf()).add(piece),
      dropToolPack: async () => (await shelf()).drop(),
      removeToolPack: async () => (await shelf()).remove(),
    },
  };
}
