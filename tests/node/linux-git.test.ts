import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AskNetwork } from '../../src/contracts/network.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { type GitServer, startGitServer } from '../support/git-server.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { gateFor } from '../support/open-gate.ts';

const ORIGIN = 'https://git.example.org';
/** What a client asks for is packed where it is longer than 1,024 bytes: fifty for each branch. */
const BRANCHES = 40;

describe('git in the guest, over the gate', () => {
  let server: GitServer;
  let shell: TestSession;
  let network: AskNetwork;
  beforeAll(needsLinuxImage);
  beforeAll(async () => {
    server = await startGitServer(BRANCHES);
    network = await gateFor([ORIGIN], { [ORIGIN]: server.loopback.origin });
    shell = await openInNode(createLinuxRunner({ source: nodeSource('linux'), isSmall: () => false }));
  });
  afterAll(async () => {
    shell.dispose();
    await server.close();
  });
  const printed = async (code: string): Promise<string> => {
    const { outcome, stdout, stderr } = await shell.run(code, { network, timeMs: 120_000 });
    expect(outcome, stderr).toMatchObject({ kind: 'completed', exitCode: 0 });
    return stdout;
  };

  test('clones a repository with all its branches, and what it has is whole', async () => {
    const tree = (await server.git('rev-parse', '--show-toplevel')).trim();
    writeFileSync(`${tree}/bytes`, Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * at * 31) >> 7)));
    await server.git('add', '.');
    await server.git('commit', '-q', '-m', 'bytes');
    const said = await printed(
      `cd /root && git clone -q ${ORIGIN}/repo.git && cd repo && git fsck 2>/dev/null && git branch -r | wc -l && git log --format=%s && git hash-object bytes`,
    );
    expect(said).toBe(`${String(BRANCHES + 2)}\nbytes\nfirst\n${await server.git('hash-object', 'bytes')}`);
    const { seen } = server.loopback;
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /repo.git/info/refs?service=git-upload-pack',
      'POST /repo.git/git-upload-pack',
    ]);
    // Git packs so long a request; a server is sent it as it was.
    expect(seen.at(-1)?.bytes.length).toBeGreaterThan(1_024);
    expect(seen.at(-1)?.body).toMatch(/^[\da-f]{4}want [\da-f]{40} /);
  }, 180_000);

  test('pulls what came after, and a shallow clone is one commit', async () => {
    await server.git('commit', '-q', '--allow-empty', '-m', 'later');
    expect(await printed('cd /root/repo && git pull -q && git log -1 --format=%s')).toBe('later\n');
    expect(
      await printed(`cd /root && git clone -q --depth 1 ${ORIGIN}/repo.git one && git -C one log --format=%s`),
    ).toBe('later\n');
  }, 180_000);

  test('pushes nothing where the server asks who it is, and says so', async () => {
    const ran = await shell.run(
      'cd /root/repo && git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m mine && git push -q',
      { network, timeMs: 120_000 },
    );
    expect(ran.outcome).toMatchObject({ kind: 'completed', exitCode: 128 });
    expect(ran.stderr).toMatch(/403/);
    expect(await server.git('log', '-1', '--format=%s')).toBe('later\n');
  }, 180_000);
});
