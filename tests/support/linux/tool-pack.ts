import { readFile } from 'node:fs/promises';
import { readToolPackPins } from '../../../tools/linux/tool-pack-pins.ts';
import { type BuiltToolPack, toolPackOf } from '../../../tools/linux/tool-pack.ts';

/** Of those that the real pack has: two programs, and the libraries that one of them finds in the pack alone. */
const SMALL = new Set(['strace', 'tmux', 'libevent-core-2.1-7', 'libutempter0']);

/** A small pack, made as the real one is: in seconds. */
export async function smallToolPack(): Promise<BuiltToolPack> {
  const { packages } = await readToolPackPins();
  const few = packages.filter(({ name }) => SMALL.has(name));
  return toolPackOf({ name: 'small-tools.pack', about: 'strace and tmux', packages: few }, () => undefined);
}

export const bytesOfPack = async ({ path }: BuiltToolPack): Promise<Uint8Array> => new Uint8Array(await readFile(path));
