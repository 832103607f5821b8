import { ServedTree, serveShare } from '../../container/share/index.ts';
import type { SessionFiles } from '../../contracts/files.ts';
import type { ServedFile, ServedFiles } from '../kit/index.ts';
import type { MachineVolume } from '../../contracts/machine-spec.ts';
import { announceFiles, createChanges } from '../kit/written/index.ts';

/** Those that are served now; machines of one session share one. */
const TREES = new WeakMap<SessionFiles, ServedTree>();

function servedTree(files: SessionFiles): ServedTree {
  const known = TREES.get(files);
  if (known) return known;
  const tree = new ServedTree({ files, onEnded: () => TREES.delete(files) });
  TREES.set(files, tree);
  return tree;
}

/** Serves a session's tree on a port, and knows what the machine wrote of it. The folders of its volumes are there from then on. */
export function openSharedTree(
  files: SessionFiles,
  port: MessagePort,
  volumes: readonly MachineVolume[] = [],
): Omit<ServedFiles, 'port'> {
  const changes = createChanges();
  const perform: SessionFiles['perform'] = async (operation, options) => {
    const answer = await files.perform(operation, options);
    if (!answer.ok) return answer;
    if (operation.op === 'write') changes.touch(operation.path);
    if (operation.op === 'rename') changes.rename(operation.path, operation.to);
    if (operation.op === 'remove') changes.remove(operation.path);
    return answer;
  };
  const readOnly = volumes.filter(({ isReadOnly }) => isReadOnly).map(({ source }) => source);
  const share = servedTree(files).share({ perform, readOnly });
  const served = serveShare(port, share);
  const sizeOf = async (path: string): Promise<number | null> => {
    const answer = await files.perform({ op: 'stat', path });
    return answer.ok && answer.stat?.kind === 'file' ? answer.stat.sizeBytes : null;
  };
  return {
    async flushed() {
      await share.idle();
      await files.flush?.();
    },
    async settled() {
      await share.idle();
      const paths = changes.take();
      const sizes = new Map<string, number | null>();
      for (const path of paths) sizes.set(path, await sizeOf(path));
      const events: ServedFile[] = [];
      announceFiles({
        paths,
        mountPath: files.mountPath,
        sizeOf: (path) => sizes.get(path) ?? null,
        send: (event) => {
          if (event.kind === 'artifact' || event.kind === 'notice') events.push(event);
        },
      });
      return events;
    },
    close() {
      served.close();
      share.dispose();
    },
  };
}

/** Makes the folders of volumes where they are missing. What cannot be made is missing in the machine, which says so. */
export async function makeFolders(
  files: Pick<SessionFiles, 'perform'>,
  volumes: readonly MachineVolume[],
): Promise<void> {
  for (const { source } of volumes) {
    const names = source.split('/').filter((name) => name !== '');
    for (const at of names.keys()) await files.perform({ op: 'mkdir', path: names.slice(0, at + 1).join('/') });
  }
}
