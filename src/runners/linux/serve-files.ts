import type { SessionFiles } from '../../contracts/files.ts';
import type { MachineSpec } from '../../contracts/machine-spec.ts';
import type { ServedFiles } from '../kit/index.ts';

/** Serves a session's files to its machine. The server is loaded with the first one; what is asked meanwhile waits in the port. */
export function serveFiles(files: SessionFiles, machine: Pick<MachineSpec, 'volumes'> | null = null): ServedFiles {
  const { port1, port2 } = new MessageChannel();
  const opening = import('./shared-tree.ts').then(async ({ makeFolders, openSharedTree }) => {
    const volumes = machine?.volumes ?? [];
    await makeFolders(files, volumes);
    return openSharedTree(files, port1, volumes);
  });
  opening.catch(() => port1.close()); // the machine's start says that it waits in vain
  return {
    port: port2,
    settled: async () => (await opening).settled(),
    flushed: async () => (await opening).flushed(),
    close: () => {
      port1.close();
      opening.then(
        (tree) => tree.close(),
        () => undefined, // there is none to close
      );
    },
  };
}
