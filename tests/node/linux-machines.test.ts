import 'fake-indexeddb/auto';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../src/base/index.ts';
import type { AppError } from '../../src/contracts/errors.ts';
import { type SessionId, sessionIdOf } from '../../src/contracts/ids.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import {
  type CompanionDatabase,
  createMachineRecords,
  createSavedEngines,
  createSavedTimes,
  createSessionRecords,
  openDatabase,
} from '../../src/database/index.ts';
import { machineSession, ownerOfFiles, SessionPool } from '../../src/execution/index.ts';
import { createMachineHandlers, MachineBook } from '../../src/host/machines/index.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { createNodeBoxes } from '../support/kit/node-box.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const CHAT = sessionIdOf('chat-1');
const OTHER = sessionIdOf('chat-2');
const NEVER = new AbortController().signal;
const CALL = { caller: { kind: 'extension', key: 'page' }, signal: NEVER } as never;
const USUALLY_MS = LIMITS.sessionIdleMs.standard;
/** After how long without use an engine is ended. */
const idle = { ms: USUALLY_MS };
const MEMORY = 'awk "/^MemTotal/ { print int(\\$2 / 1024) }" /proc/meminfo';

let database: CompanionDatabase;
let host: ReturnType<typeof openHost>;
let databases = 0;

/** Real machines, pool, database and handlers of one host; a second one over the same database is a browser started again. */
function openHost() {
  const machines = new MachineBook(createMachineRecords(database), Date.now);
  const kept = createSavedEngines(database, Date.now);
  const disk = { isFull: false };
  const savedEngines: typeof kept = {
    ...kept,
    save: async (...args) => (disk.isFull ? Promise.reject(new Error('full')) : kept.save(...args)),
  };
  const shell = createLinuxRunner({
    source: nodeSource('linux', 'tests/support/linux/quick-rest.ts'),
    isSmall: () => true,
    savedEngines,
    savedLeastMs: 0,
    specOf: (sessionId) => machines.specOf(sessionId),
  });
  /** Saves that have ended, however they did. */
  let saves = 0;
  const pool = new SessionPool({
    boxes: createNodeBoxes(),
    filesOf: (sessionId) => filesOf(ownerOfFiles(sessionId)),
    records: createSessionRecords(database),
    idleMs: () => idle.ms,
    onSaving: (isSaving) => (saves += isSaving ? 0 : 1),
  });
  const calls = createMachineHandlers(
    {
      book: machines,
      pool,
      shell,
      savedTimes: createSavedTimes(database),
      // Nothing runs by a service here.
      service: { restartEngine: (runner, engine, as) => pool.restart(runner, engine, as) },
    },
    (_caller, named, act) => act(named),
  );
  const held = async <T>(sessionId: SessionId, act: (run: (code: string) => Promise<string>) => Promise<T>) => {
    await machines.ready();
    const engine = machines.engineSession(shell, sessionId);
    const limits = { timeMs: 60_000, memoryMB: 256 };
    const taken = await pool.take({ runner: shell, sessionId: engine, limits, signal: NEVER });
    if (!taken.ok) throw new Error(`${taken.error.code}: ${taken.error.detail ?? ''}`);
    const { session } = taken.value;
    try {
      return await act(async (code) => {
        let printed = '';
        const outcome = await session.execute(
          { language: 'shell', code, limits, stdin: [] },
          { signal: NEVER, onEvent: (event) => void (printed += event.kind === 'output' ? event.text : '') },
        );
        if (outcome.kind !== 'completed') throw new Error(JSON.stringify(outcome));
        return printed;
      });
    } finally {
      pool.release(shell, engine);
    }
  };
  return {
    machines,
    pool,
    savedEngines,
    saves: () => saves,
    disk,
    held,
    /** Runs a program in the machine that the conversation uses. */
    run: (code: string, sessionId = CHAT) => held(sessionId, (run) => run(code)),
    list: async (sessionId = CHAT) => valueOf(await calls.machines({ sessionId }, CALL)),
    create: (spec: object, sessionId = CHAT) =>
      calls.createMachine({ sessionId, json: JSON.stringify({ image: 'alpine-dev', ...spec }) }, CALL),
    choose: (name: string | null, sessionId = CHAT) => calls.chooseMachine({ sessionId, name }, CALL),
    stop: (name: string | null, isUnsaved?: true) => calls.stopMachine({ sessionId: CHAT, name, isUnsaved }, CALL),
    restart: (name: string | null, keepsSaved: boolean) =>
      calls.restartMachine({ sessionId: CHAT, name, keepsSaved }, CALL),
    remove: (name: string) => calls.removeMachine({ sessionId: CHAT, name }, CALL),
  };
}

const trees = new Map<SessionId, MemoryFiles>();
function filesOf(sessionId: SessionId): MemoryFiles {
  const files = trees.get(sessionId) ?? new MemoryFiles();
  trees.set(sessionId, files);
  return files;
}

function valueOf<T>(answer: Result<T, AppError>): T {
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.detail ?? ''}`);
  return answer.value;
}

beforeAll(needsLinuxImage);
beforeEach(() => {
  databases += 1;
  database = openDatabase(`machines-${databases}`);
  host = openHost();
});
afterEach(() => {
  host.pool.endAll();
  database.close();
  trees.clear();
  idle.ms = USUALLY_MS;
});

describe('machines of a conversation', () => {
  test('are made, chosen, used, stopped and removed; the usual one stays as it was', async () => {
    valueOf(await host.create({ name: 'big', resources: { memory: '200MB' }, environment: { WHO: 'big' } }));
    expect(await host.run('own=usual; echo "${WHO-nobody}"')).toBe('nobody\n');
    valueOf(await host.choose('big'));
    expect(await host.run(`own=big; echo $WHO >/root/who; echo $WHO >/mnt/data/who; ${MEMORY}`)).toMatch(
      /^1[789]\d\n$/u,
    );
    const { machines, chosen } = await host.list();
    expect(chosen).toBe('big');
    expect(machines.map(({ spec, state }) => [spec?.name ?? null, state])).toEqual([
      [null, expect.stringMatching(/running|resting/u)],
      ['big', expect.stringMatching(/running|resting/u)],
    ]);
    valueOf(await host.stop('big'));
    expect((await host.list()).machines[1]).toMatchObject({ state: 'stopped', savedAtMs: expect.any(Number) });
    expect(await host.run(`echo $own; cat /root/who; ${MEMORY}`)).toMatch(/^big\nbig\n1[789]\d\n$/u);
    valueOf(await host.stop('big'));
    valueOf(await host.remove('big'));
    expect(await host.list()).toMatchObject({ chosen: null, machines: [{ spec: null }] });
    expect(await host.run('echo "$own ${WHO-nobody}"; ls /root/who 2>/dev/null; cat /mnt/data/who')).toBe(
      'usual nobody\nbig\n',
    );
  });

  test('go on in a browser that was started again: which there are, which is used, and what was in them', async () => {
    valueOf(await host.create({ name: 'big', resources: { memory: '200MB' } }));
    valueOf(await host.choose('big'));
    await host.run('kept=over; echo there >/root/file');
    valueOf(await host.stop('big'));
    host.pool.endAll();
    host = openHost();
    expect(await host.list()).toMatchObject({
      chosen: 'big',
      machines: [{}, { spec: { name: 'big', memoryMB: 200 } }],
    });
    expect(await host.run(`echo $kept; cat /root/file; ${MEMORY}`)).toMatch(/^over\nthere\n1[789]\d\n$/u);
  });

  test('one that was removed leaves nothing for another of its name', async () => {
    valueOf(await host.create({ name: 'once' }));
    valueOf(await host.choose('once'));
    await host.run('kept=1; echo secret >/root/file');
    valueOf(await host.stop('once'));
    const session = machineSession('once', CHAT);
    expect(await host.savedEngines.load(session)).not.toBeNull();
    valueOf(await host.remove('once'));
    await expect.poll(() => host.savedEngines.load(session)).toBeNull();
    valueOf(await host.create({ name: 'once' }));
    valueOf(await host.choose('once'));
    expect(await host.run('echo "${kept-none}"; ls /root')).toBe('none\n');
  });

  test('are not those of another conversation', async () => {
    valueOf(await host.create({ name: 'mine', environment: { WHO: 'mine' } }));
    valueOf(await host.choose('mine'));
    expect(await host.list(OTHER)).toMatchObject({ chosen: null, machines: [{ spec: null }] });
    expect(await host.choose('mine', OTHER)).toMatchObject({ ok: false, error: { code: 'machine/not-found' } });
    await host.run('echo mine >/mnt/data/own');
    expect(await host.run('echo "${WHO-nobody}"; ls /mnt/data', OTHER)).toBe('nobody\n');
  });
});

describe('a machine that is ended', () => {
  const standing = () => host.pool.all().length;

  test('for room is saved first: it goes on from there, with its variables and the files outside of /mnt/data', async () => {
    await host.run('kept=1; echo mine >/root/file');
    expect(host.pool.endOldestIdle()).toBe(false);
    expect(standing()).toBe(1);
    await expect.poll(standing, { timeout: 60_000 }).toBe(0);
    expect(await host.run('echo $kept; cat /root/file')).toBe('1\nmine\n');
  });

  test('after it was idle for long is saved first; one in which a program was left running is not ended', async () => {
    idle.ms = 3_000;
    await host.run('kept=1; sleep 1000 >/dev/null 2>&1 & echo $! >/root/pid');
    host.pool.endOldestIdle();
    // For room, and twice for idleness.
    await expect.poll(host.saves, { timeout: 60_000 }).toBe(3);
    expect(standing()).toBe(1);
    await host.run('kill $(cat /root/pid)');
    await expect.poll(standing, { timeout: 60_000 }).toBe(0);
    expect(await host.run('echo $kept; test -e /root/pid && echo there')).toBe('1\nthere\n');
  });
});

describe('a machine that was broken', () => {
  /** Takes away what nearly every program needs. */
  const BREAK = 'rm -rf /usr/bin /bin; echo broken';
  const saved = async (): Promise<void> => {
    await host.run('kept=1; echo mine >/root/file; echo ours >/mnt/data/file');
    valueOf(await host.stop(null));
  };

  test('is restarted from what was saved of it, though a program is at work in it', async () => {
    await saved();
    // In one program: the machine rests after 20 ms, and then there is no bash either.
    const [said, ...next] = (await host.run(`${BREAK}; grep x /root/file`)).split('\n');
    expect(said).toBe('broken');
    expect(next.join()).toContain('grep: command not found');
    await host.held(CHAT, async () => valueOf(await host.restart(null, true)));
    expect((await host.list()).machines[0]).toMatchObject({
      state: 'stopped',
      savedAtMs: expect.any(Number) as number,
    });
    expect(await host.run('echo $kept; cat /root/file /mnt/data/file | grep .')).toBe('1\nmine\nours\n');
  });

  test('is started afresh: nothing of it is there but the files in /mnt/data', async () => {
    await saved();
    await host.run(BREAK);
    valueOf(await host.restart(null, false));
    await expect.poll(async () => (await host.list()).machines[0]?.savedAtMs).toBeNull();
    expect(await host.run('echo "${kept-none}"; ls /root; cat /mnt/data/file')).toBe('none\nours\n');
    expect(await host.restart('other', true)).toMatchObject({ ok: false, error: { code: 'machine/not-found' } });
  });
});

describe('how much is saved', () => {
  test('a machine with tens of megabytes of its own is saved and goes on', async () => {
    valueOf(await host.create({ name: 'large', resources: { memory: '300MB' } }));
    valueOf(await host.choose('large'));
    const sum = await host.run('dd if=/dev/urandom of=/root/big bs=1M count=48 2>/dev/null; md5sum /root/big');
    valueOf(await host.stop('large'));
    const saved = await host.savedEngines.load(machineSession('large', CHAT));
    expect(saved?.state.length).toBeGreaterThan(48 * 1024 * 1024);
    expect(await host.run('md5sum /root/big')).toBe(sum);
  });

  test('one that cannot be saved is stopped as it is where its person says so, and goes on as it was saved before', async () => {
    await host.run('kept=before');
    valueOf(await host.stop(null));
    await host.run('kept=after');
    host.disk.isFull = true;
    expect(await host.stop(null)).toMatchObject({ ok: false, error: { code: 'runner/not-saved' } });
    expect(await host.run('echo $kept')).toBe('after\n');
    await host.held(CHAT, async () => {
      expect(await host.stop(null, true)).toMatchObject({ ok: false, error: { code: 'machine/in-use' } });
    });
    valueOf(await host.stop(null, true));
    expect((await host.list()).machines[0]).toMatchObject({ state: 'stopped' });
    expect(await host.run('echo $kept')).toBe('before\n');
  });
});

describe('what is refused', () => {
  test('a spec beyond its bounds is refused with the bound', async () => {
    const answer = await host.create({ name: 'huge', resources: { memory: '2GB' } });
    expect(answer).toMatchObject({ ok: false, error: { code: 'machine/bad-spec' } });
    expect(answer.ok ? '' : answer.error.detail).toContain('890 MB at most');
    expect((await host.list()).machines).toHaveLength(1);
  });

  test('a name is one machine’s of its conversation', async () => {
    valueOf(await host.create({ name: 'web' }));
    expect(await host.create({ name: 'web' })).toMatchObject({ ok: false, error: { code: 'machine/taken' } });
    valueOf(await host.create({ name: 'web' }, OTHER));
  });

  test('there are so many of a conversation and no more', async () => {
    const most = LIMITS.machinesPerSession.standard;
    for (let made = 0; made < most; made += 1) valueOf(await host.create({ name: `m${made}` }));
    expect(await host.create({ name: 'more' })).toMatchObject({ ok: false, error: { code: 'machine/too-many' } });
    valueOf(await host.remove('m0'));
    valueOf(await host.create({ name: 'more' }));
  });

  test('one that was removed can be neither chosen nor removed', async () => {
    valueOf(await host.create({ name: 'gone' }));
    valueOf(await host.remove('gone'));
    expect(await host.choose('gone')).toMatchObject({ ok: false, error: { code: 'machine/not-found' } });
    expect(await host.remove('gone')).toMatchObject({ ok: false, error: { code: 'machine/not-found' } });
  });

  test('one that is at work is neither stopped nor removed', async () => {
    valueOf(await host.create({ name: 'busy' }));
    valueOf(await host.choose('busy'));
    await host.held(CHAT, async (run) => {
      await run('kept=1');
      const inUse = { ok: false, error: { code: 'machine/in-use' } };
      expect(await host.stop('busy')).toMatchObject(inUse);
      expect(await host.remove('busy')).toMatchObject(inUse);
      expect(await run('echo $kept')).toBe('1\n');
    });
    valueOf(await host.stop('busy'));
  });

  test('one that is on its way to a program is neither stopped nor removed', async () => {
    valueOf(await host.create({ name: 'new', resources: { memory: '200MB' } }));
    valueOf(await host.choose('new'));
    const ran = host.run('echo ran');
    await expect.poll(() => host.pool.isOpening, { interval: 1 }).toBe(true);
    const inUse = { ok: false, error: { code: 'machine/in-use' } };
    expect(await host.stop('new')).toMatchObject(inUse);
    expect(await host.stop('new', true)).toMatchObject(inUse);
    expect(await host.remove('new')).toMatchObject(inUse);
    expect(await ran).toBe('ran\n');
    valueOf(await host.stop('new'));
  });

  test('one that a program takes while it is saved for its stop is not stopped', async () => {
    await host.run('kept=before');
    const stopping = host.stop(null);
    expect(await host.run('kept=after; echo mine >/root/file; sleep 1; echo ran')).toBe('ran\n');
    expect(await stopping).toMatchObject({ ok: false, error: { code: 'machine/in-use' } });
    expect(await host.run('echo $kept; cat /root/file')).toBe('after\nmine\n');
  });
});
