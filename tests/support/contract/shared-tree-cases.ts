import { type ContractWorld, holds, type OpenSession, same, Scene } from './scene.ts';
import { sumOf } from './file-cases.ts';

export interface SharedTreeCase {
  readonly name: string;
  run(worlds: readonly ContractWorld[]): Promise<void>;
}

/** One session of every runner, all over one tree. */
async function inAll(
  worlds: readonly ContractWorld[],
  act: (sessions: readonly (OpenSession & { readonly scene: Scene })[]) => Promise<void>,
): Promise<void> {
  const tree = worlds[0]?.makeTree();
  if (!tree) throw new Error('no runner');
  const scenes = worlds.map((world) => new Scene(world));
  try {
    const sessions = [];
    for (const scene of scenes) sessions.push(Object.assign(await scene.open(tree), { scene }));
    await act(sessions);
  } finally {
    for (const scene of scenes) scene.end();
  }
}

/** The same tree in every runtime: what one writes, each of the others reads. */
export const SHARED_TREE_CASES: readonly SharedTreeCase[] = [
  {
    name: 'what each runtime writes, every other reads',
    run: (worlds) =>
      inAll(worlds, async (sessions) => {
        for (const writer of sessions) {
          const { id } = writer.scene.world.manifest;
          await writer.printed(writer.scene.programs.write('note.txt', `from ${id}`));
          for (const reader of sessions) {
            const seen = await reader.printed(reader.scene.programs.read('note.txt'));
            same(seen, `from ${id}`, `${reader.scene.world.manifest.id} reads`);
          }
        }
      }),
  },
  {
    name: 'what one renames and another removes is so for all',
    run: (worlds) =>
      inAll(worlds, async (sessions) => {
        for (const [at, renamer] of sessions.entries()) {
          const remover = sessions[(at + 1) % sessions.length] ?? renamer;
          await renamer.printed(renamer.scene.programs.makeFolder(`d${at}`));
          await remover.printed(remover.scene.programs.write(`d${at}/old`, 'x'));
          await renamer.printed(renamer.scene.programs.rename(`d${at}/old`, `d${at}/new`));
          for (const other of sessions) {
            const { id } = other.scene.world.manifest;
            same(await other.printed(other.scene.programs.list(`d${at}`)), 'new\n', `${id} lists`);
          }
          await remover.printed(remover.scene.programs.remove(`d${at}/new`));
          for (const other of sessions) {
            const { outcome } = await other.run(other.scene.programs.read(`d${at}/new`));
            holds(outcome.kind === 'completed' && outcome.exitCode !== 0, other.scene.world.manifest.id, outcome);
          }
        }
      }),
  },
  {
    name: 'bytes of one are the bytes of all',
    run: (worlds) =>
      inAll(worlds, async (sessions) => {
        const count = 1_000_003;
        for (const writer of sessions) {
          await writer.printed(writer.scene.programs.writeBytes('bytes.bin', count));
          for (const reader of sessions) {
            const seen = await reader.printed(reader.scene.programs.sumBytes('bytes.bin'));
            same(seen, `${count} ${sumOf(count)}\n`, reader.scene.world.manifest.id);
          }
        }
      }),
  },
];
