import { onTestFinished } from 'vitest';
import { ServedTree, type ServedTreeOptions } from '../../../src/container/share/index.ts';
import type { FileOperation, SessionFiles } from '../../../src/contracts/files.ts';
import { filesInMemory } from '../workspace/memory-tree.ts';
import { GuestClient } from './guest-client.ts';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

export interface ShareScene {
  readonly files?: SessionFiles;
  readonly mostBytes?: number;
  readonly uid?: number;
  readonly readOnly?: readonly string[];
  /** Of another guest; an own one otherwise. */
  readonly tree?: ServedTree;
}

/** A share over a tree in memory, with a guest that mounted it; it ends with the test. */
export async function mounted(scene: ShareScene = {}) {
  const files = scene.files ?? filesInMemory(scene.mostBytes);
  const asked: FileOperation[] = [];
  const watched: SessionFiles = {
    ...files,
    perform: (operation) => {
      asked.push(operation);
      return files.perform(operation);
    },
  };
  const { mostBytes } = scene;
  const options: ServedTreeOptions = {
    files: watched,
    now: () => 1_600_000_000_123,
    ...(mostBytes !== undefined && { mostBytes }),
  };
  const tree = scene.tree ?? new ServedTree(options);
  const share = tree.share({ readOnly: scene.readOnly });
  onTestFinished(() => share.dispose());
  const guest = await new GuestClient(share).mount(scene.uid ?? 0);
  /** What another runtime does. */
  const put = (path: string, text: string) =>
    files.perform({ op: 'write', path, position: 0, bytes: ENCODER.encode(text), truncateTo: 0 });
  const textIn = async (path: string) => {
    const answer = await files.perform({ op: 'read', path, position: 0, length: 1_000_000 });
    return answer.ok ? DECODER.decode(answer.bytes) : answer.errno;
  };
  return { files, tree, share, guest, put, textIn, asked };
}
