import { describe, expect, it, vi } from 'vitest';
import type { EngineSpec } from '../contracts/box.ts';
import { canBegin, EngineBytes } from './engine-bytes.ts';
import type { BoxFile, ToBox } from './messages.ts';

function makeEngine() {
  let loads = 0;
  const engine: EngineSpec = {
    id: 'e',
    script: async () => 'script',
    modules: async () => [{ name: 'm', file: 'a', slice: null }],
    files: [
      {
        name: 'a',
        stage: 1,
        load: async () => {
          loads++;
          return new Blob(['raw bytes']);
        },
      },
    ],
  };
  return { engine, loads: () => loads };
}

const textOf = async (file: BoxFile | undefined): Promise<string> =>
  file?.content instanceof Blob ? await file.content.text() : 'no blob';

const nothingCarried = (): number => {
  throw new Error('bytes were carried');
};

async function sendTo(bytes: EngineBytes, engine: EngineSpec) {
  const sent: ToBox[] = [];
  const box = Promise.resolve({ tellBox: (message: ToBox) => void sent.push(message), carry: nothingCarried });
  await bytes.begin(engine, box);
  await bytes.finish(engine, box);
  await bytes.sendBlobs(engine, box);
  return sent;
}

describe('EngineBytes', () => {
  it('sends script, stages in order and the last mark, reading each file once', async () => {
    const { engine, loads } = makeEngine();
    const bytes = new EngineBytes();
    const sent = await sendTo(bytes, engine);
    await sendTo(bytes, engine);
    expect(sent).toMatchObject([
      { op: 'start', script: 'script' },
      { op: 'part', stage: 1, isLast: false, opensPosts: true, files: [{ name: 'a' }], modules: [{ name: 'm' }] },
      { op: 'part', stage: 2, isLast: true, opensPosts: false, files: [], modules: [] },
    ]);
    expect(loads()).toBe(1);
  });

  it('sends a blob apart from what the engine starts with', async () => {
    const { engine } = makeEngine();
    const [a] = engine.files;
    if (!a) throw new Error('no file');
    const big = { ...a, name: 'big', stage: 0 as const, asBlob: true };
    const sent = await sendTo(new EngineBytes(), { ...engine, files: [big, a] });
    expect(sent.slice(1)).toMatchObject([
      { stage: 0, opensPosts: false, files: [] },
      { stage: 1, opensPosts: true, files: [{ name: 'a', asBlob: false }], modules: [{ name: 'm' }] },
      { stage: 2, isLast: true },
      { stage: 0, opensPosts: false, isLast: false, files: [{ name: 'big', asBlob: true }], modules: [] },
    ]);
  });

  it('sends what an engine starts without after all that it starts with, blobs of that one by one', async () => {
    const { engine } = makeEngine();
    const [a] = engine.files;
    if (!a) throw new Error('no file');
    const read: string[] = [];
    const file = (name: string) => ({ name, load: async () => (read.push(name), new Blob([name])) });
    const files = [{ ...file('late'), stage: 1 as const, asBlob: true }, file('a'), { ...file('state'), asBlob: true }];
    const sent = await sendTo(new EngineBytes(), { ...engine, files, isCostly: true });
    expect(sent.slice(1)).toMatchObject([
      { stage: 1, opensPosts: true, isLast: false, files: [], modules: [] },
      { stage: 2, isLast: false, files: [{ name: 'a', asBlob: false }], modules: [{ name: 'm' }] },
      { stage: 2, isLast: true, files: [{ name: 'state', asBlob: true }], modules: [] },
      { stage: 1, opensPosts: false, isLast: false, files: [{ name: 'late', asBlob: true }] },
    ]);
    expect(read).toEqual(['a', 'state', 'late']);
    expect(canBegin({ ...engine, files, isCostly: true })).toBe(false);
  });

  it('holds posts back until all of an engine without stages is there', async () => {
    const { engine } = makeEngine();
    const files = engine.files.map(({ name, load }) => ({ name, load }));
    const sent = await sendTo(new EngineBytes(), { ...engine, files });
    expect(sent.slice(1)).toMatchObject([{ op: 'part', stage: 2, isLast: true, opensPosts: true }]);
  });

  it('sends all of an engine that starts whole at once, and nothing when its session opens', async () => {
    const { engine } = makeEngine();
    const files = engine.files.map(({ name, load }) => ({ name, load }));
    const sent = await sendTo(new EngineBytes(), { ...engine, files, startsWhole: true });
    expect(sent.slice(1)).toMatchObject([
      { op: 'part', stage: 2, isLast: true, opensPosts: true, files: [{ name: 'a' }], modules: [{ name: 'm' }] },
    ]);
    expect(sent).toHaveLength(2);
    expect([{ ...engine, files }, { ...engine, files, startsWhole: true }, engine].map(canBegin)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('sends the files of an engine without stages in two blobs, what is compiled apart, each with its place in it', async () => {
    const { engine, loads } = makeEngine();
    const load = engine.files[0]?.load ?? (async () => new Blob());
    const files = [
      { name: 'b', load: async () => new Blob(['others']) },
      { name: 'a', load },
      { name: 'c', load: async () => new Blob(['more']) },
    ];
    const bytes = new EngineBytes();
    const sent = [...(await sendTo(bytes, { ...engine, files })), ...(await sendTo(bytes, { ...engine, files }))];
    const parts = sent.filter((message) => message.op === 'part');
    const [compiled, one, other] = parts[0]?.files ?? [];
    expect(await textOf(compiled)).toBe('raw bytes');
    expect(await textOf(one)).toBe('othersmore');
    expect(other?.content).toBe(one?.content);
    expect([compiled?.slice, one?.slice, other?.slice]).toEqual([
      { offset: 0, length: 9 },
      { offset: 0, length: 6 },
      { offset: 6, length: 4 },
    ]);
    expect(parts[1]?.files[0]?.content).toBe(compiled?.content);
    expect(loads()).toBe(1);
  });

  it('has modules compiled ahead of need from the very bytes that a start gets, and sends nothing else', async () => {
    const { engine, loads } = makeEngine();
    const files = [
      ...engine.files.map(({ name, load }) => ({ name, load })),
      { name: 'b', load: async () => new Blob(['others']) },
    ];
    const bytes = new EngineBytes();
    const ahead: ToBox[] = [];
    await bytes.compileAhead(
      { ...engine, files },
      {
        tellBox: (message) => void ahead.push(message),
        carry: nothingCarried,
      },
    );
    expect(ahead).toMatchObject([{ op: 'compile', engine: 'e', files: [{ name: 'a' }], modules: [{ name: 'm' }] }]);
    const sent = await sendTo(bytes, { ...engine, files });
    expect(sent[1]).toMatchObject({ op: 'part', engine: 'e' });
    const filesOf = (message: ToBox | undefined) => (message && 'files' in message ? message.files : []);
    expect(filesOf(ahead[0])).toHaveLength(1);
    expect(filesOf(sent[1])[0]?.content).toBe(filesOf(ahead[0])[0]?.content);
    expect(loads()).toBe(1);
  });

  it('sends with what is compiled ahead all that a rehearsal needs, and none where bytes are carried', async () => {
    const { engine } = makeEngine();
    const files = [
      ...engine.files.map(({ name, load }) => ({ name, load })),
      { name: 'b', load: async () => new Blob(['others']) },
      { name: 'big', asBlob: true, load: async () => new Blob(['big']) },
    ];
    const rehearsed = { ...engine, files, opening: 'open', rehearsal: { posts: ['run'], lastKind: 'over' } };
    const ahead: ToBox[] = [];
    const box = { tellBox: (message: ToBox) => void ahead.push(message), carry: nothingCarried };
    await new EngineBytes().compileAhead(rehearsed, box);
    await new EngineBytes({ carries: true }).compileAhead(rehearsed, box);
    expect(ahead).toMatchObject([
      {
        op: 'compile',
        files: [{ name: 'a' }, { name: 'b' }],
        rehearsal: { script: 'script', posts: ['open', 'run'], lastKind: 'over' },
      },
      { op: 'compile', files: [{ name: 'a' }], rehearsal: null },
    ]);
  });

  it('sends what is compiled before the rest of its stage', async () => {
    const { engine } = makeEngine();
    const [a] = engine.files;
    if (!a) throw new Error('no file');
    const sent = await sendTo(new EngineBytes(), { ...engine, files: [{ ...a, name: 'plain' }, a] });
    expect(sent.slice(1)).toMatchObject([
      { stage: 1, opensPosts: false, files: [{ name: 'a' }], modules: [{ name: 'm' }] },
      { stage: 1, opensPosts: true, files: [{ name: 'plain' }], modules: [] },
      { stage: 2, isLast: true },
    ]);
  });

  it('reads what comes last once the rest has been read, and blobs after it', async () => {
    const { engine } = makeEngine();
    const asked: string[] = [];
    const early = Promise.withResolvers<Blob>();
    const file = (name: string, stage: 1 | 2, load: () => Promise<Blob>, asBlob = false) => ({
      name,
      stage,
      asBlob,
      load: () => {
        asked.push(name);
        return load();
      },
    });
    const big = Promise.withResolvers<Blob>();
    const files = [
      file('blob', 1, async () => new Blob(['blob']), true),
      file('big', 2, () => big.promise),
      file('a', 1, () => early.promise),
    ];
    const sending = sendTo(new EngineBytes(), { ...engine, files });
    await vi.waitFor(() => expect(asked).toContain('a'));
    expect(asked).not.toContain('big');
    early.resolve(new Blob(['a']));
    await vi.waitFor(() => expect(asked).toEqual(['a', 'big']));
    big.resolve(new Blob(['big']));
    await sending;
    expect(asked).toEqual(['a', 'big', 'blob']);
  });

  it('tries again after a file could not be read', async () => {
    const { engine } = makeEngine();
    let isBroken = true;
    const flaky = {
      ...engine,
      script: () => (isBroken ? Promise.reject(new Error('gone')) : Promise.resolve('script')),
    };
    const bytes = new EngineBytes();
    await expect(sendTo(bytes, flaky)).rejects.toThrow('gone');
    isBroken = false;
    expect(await sendTo(bytes, flaky)).toHaveLength(3);
  });

  describe('where boxes live in the process of the host', () => {
    function makeCarried() {
      const read: string[] = [];
      const file = (name: string, stage: 1 | 2, asBlob = false) => ({
        name,
        stage,
        asBlob,
        load: () => Promise.reject(new Error('read as a blob')),
        loadBytes: async () => {
          read.push(name);
          return new TextEncoder().encode(name).buffer;
        },
      });
      const { engine } = makeEngine();
      const files = [file('a', 1), file('late', 2), file('later', 2), file('big', 1, true)];
      const carried: string[] = [];
      const sent: ToBox[] = [];
      const box = Promise.resolve({
        tellBox: (message: ToBox) => void sent.push(message),
        carry: (bytes: ArrayBuffer) => carried.push(new TextDecoder().decode(bytes)),
      });
      return { engine: { ...engine, files }, read, carried, sent, box };
    }

    it('hands the bytes of an engine with stages over, to each box its own', async () => {
      const bytes = new EngineBytes({ carries: true });
      const { engine, read, carried, sent, box } = makeCarried();
      await bytes.begin(engine, box);
      await bytes.finish(engine, box);
      await bytes.sendBlobs(engine, box);
      expect(carried).toEqual(['a', 'late', 'later', 'big']);
      expect(sent.flatMap((message) => (message.op === 'part' ? message.files : []))).toEqual([
        { name: 'a', content: 1, asBlob: false, slice: null },
        { name: 'late', content: 2, asBlob: false, slice: null },
        { name: 'later', content: 3, asBlob: false, slice: null },
        { name: 'big', content: 4, asBlob: true, slice: null },
      ]);
      expect(read.toSorted()).toEqual(['a', 'big', 'late', 'later']);
      const other = makeCarried();
      await bytes.begin(engine, other.box);
      expect(other.carried).toEqual(['a']);
    });

    it('reads nothing for a box ahead of need but what it is sent', async () => {
      const bytes = new EngineBytes({ carries: true });
      const { engine, read, box } = makeCarried();
      await bytes.begin(engine, box, { isAhead: true });
      await bytes.sendBlobs(engine, box);
      expect(read).toEqual(['a', 'big']);
      await bytes.finish(engine, box);
      expect(read).toEqual(['a', 'big', 'late', 'later']);
    });

    it('hands over all of one without stages that says how, one by one, and opens it with the last', async () => {
      const { engine, carried, sent, box } = makeCarried();
      const files = engine.files.map(({ name, asBlob, load, loadBytes }) => ({ name, asBlob, load, loadBytes }));
      const bytes = new EngineBytes({ carries: true });
      await bytes.begin({ ...engine, files }, box);
      await bytes.finish({ ...engine, files }, box);
      expect(carried).toEqual(['a', 'late', 'later', 'big']);
      const notYet = { opensPosts: false, isLast: false };
      expect(sent.filter((message) => message.op === 'part')).toMatchObject([
        { ...notYet, files: [{ name: 'a', content: 1, asBlob: false }] },
        { ...notYet, files: [{ name: 'late', content: 2 }] },
        { ...notYet, files: [{ name: 'later', content: 3 }] },
        { opensPosts: true, isLast: true, files: [{ name: 'big', content: 4, asBlob: true }] },
      ]);
    });

    it('sends a file that is not read anew once, beside others that are', async () => {
      const { engine, sent, box } = makeCarried();
      const shared = { name: 'shared', load: () => Promise.resolve(new Blob(['shared'])) };
      const files = [
        ...engine.files.map(({ name, asBlob, load, loadBytes }) => ({ name, asBlob, load, loadBytes })),
        shared,
      ];
      const bytes = new EngineBytes({ carries: true });
      await bytes.begin({ ...engine, files }, box);
      await bytes.finish({ ...engine, files }, box);
      const names = sent.flatMap((message) => (message.op === 'part' ? message.files.map(({ name }) => name) : []));
      expect(names).toEqual(['a', 'late', 'later', 'big', 'shared']);
    });

    it('leaves engines that do not say how in their shared blobs', async () => {
      const { engine } = makeEngine();
      const files = engine.files.map(({ name, load }) => ({ name, load }));
      const sent = await sendTo(new EngineBytes({ carries: true }), { ...engine, files });
      expect(sent[1]).toMatchObject({ files: [{ name: 'a', content: expect.any(Blob) as Blob }] });
    });
  });
});
