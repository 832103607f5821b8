import { expect, test, vi } from 'vitest';
import { noFiles } from '../../tests/support/scripted-runner.ts';
import type { SessionId } from '../contracts/ids.ts';
import { machineSession } from '../execution/index.ts';
import { createKeptRoom } from './kept-room.ts';

const MB = 1024 * 1024;
const CHAT = 'chat:1' as SessionId;

const roomWith = (sizes: readonly (readonly [SessionId, number])[], fileBytes: readonly number[]) => {
  const all = async () =>
    fileBytes.map((sizeBytes, at) => ({ path: `${at}`, kind: 'file' as const, sizeBytes, modifiedAtMs: 0 }));
  return createKeptRoom({
    savedSizes: async () => new Map(sizes),
    workspace: { filesOf: () => ({ ...noFiles, all }) },
    usedBytes: async () => 900 * MB,
  });
};

test('names what can be let go: each saved machine of the conversation, those of all, and its files', async () => {
  const sizes = [
    [CHAT, 12 * MB],
    [machineSession('big', CHAT), 40 * MB],
    ['chat:2' as SessionId, 100 * MB],
  ] as const;
  expect(await roomWith(sizes, [3 * MB, MB / 2])(CHAT)).toBe(
    'The extension keeps 900 MB in all. Of that, saved machines take 152 MB (of this conversation: its usual machine 12 MB, big 40 MB), and the files of this conversation 4 MB.',
  );
  expect(await roomWith([], [])(CHAT)).toContain('saved machines take 0 MB, and the files');
});

test('where it cannot be told, nothing is said', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const room = createKeptRoom({
    savedSizes: () => Promise.reject(new Error('disk')),
    workspace: { filesOf: () => noFiles },
    usedBytes: async () => 0,
  });
  expect(await room(CHAT)).toBeNull();
  warn.mockRestore();
});
