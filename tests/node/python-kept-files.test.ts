import { afterEach, expect, test } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import { filedPath, keptText } from '../support/kit/kept-text.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { type FinishedRun, openPython, type TestSession } from '../support/python/open-session.ts';

const opened: TestSession[] = [];
afterEach(() => {
  for (const session of opened.splice(0)) session.dispose();
});

async function open(files: MemoryFiles): Promise<TestSession> {
  const session = await openPython('science', {}, files);
  opened.push(session);
  return session;
}

const table = (n: number): string => `import pandas as pd
from ace_tools import display_dataframe_to_user
display_dataframe_to_user("Sales", pd.DataFrame({"n": [${n}]}))
display_dataframe_to_user("Sales", pd.DataFrame({"n": [${n + 1}]}))
pd.DataFrame({"n": [${n + 2}]})`;
const LONG = (letter: string): string => `print("${letter}" * ${LIMITS.outputShownBytes.standard + 5})`;

const tablesOf = (run: FinishedRun) =>
  run.events.flatMap((event) => (event.kind === 'display' ? (event.display.artifact ?? []) : []));

test('each table of each run, of a later engine too, keeps its own file, under the name that a person reads', async () => {
  const files = new MemoryFiles();
  const first = await open(files);
  const runs = [await first.run(table(100)), await first.run(table(200)), await (await open(files)).run(table(300))];
  const artifacts = runs.flatMap(tablesOf);
  expect(artifacts.map(({ name }) => name)).toEqual(
    Array.from({ length: 3 }, () => ['Sales.csv', 'Sales.csv', 'table-3.csv']).flat(),
  );
  expect(artifacts.map(({ path }) => keptText(first, path))).toEqual(
    [100, 101, 102, 200, 201, 202, 300, 301, 302].map((n) => `n\n${n}\n`),
  );
});

test('the rest of a long output is still that of its run after the engine was started anew', async () => {
  const files = new MemoryFiles();
  const first = await open(files);
  const a = await first.run(LONG('a'));
  first.dispose();
  const second = await open(files);
  const b = await second.run(LONG('b'));
  expect([a, b].map((run) => keptText(second, filedPath(run)))).toEqual(['aaaaa\n', 'bbbbb\n']);
});

test('a drawing lies beside its figure alone', async () => {
  const session = await open(new MemoryFiles());
  const draw = (title: string) =>
    `import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title("${title}")\nplt.show()`;
  const runs = [await session.run(draw('one')), await session.run(draw('two'))];
  const svgs = runs.flatMap((run) =>
    run.events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact] : [])),
  );
  expect(svgs.map(({ name }) => name)).toEqual(['figure-1.svg', 'figure-1.svg']);
  const [one, two] = svgs.map(({ path }) => keptText(session, path));
  expect(one).toContain('<!-- one -->');
  expect(two).toContain('<!-- two -->');
});

test('what the oldest runs kept goes, so that it does not grow for ever', async () => {
  const files = new MemoryFiles();
  const old = (at: number) => `.output/${String(at).padStart(8, '0')}-1/output.txt`;
  for (let at = 0; at < LIMITS.keptRuns.standard; at += 1) files.put(old(at), 'old');
  for (let at = 0; at < LIMITS.keptRuns.standard; at += 1)
    Object.assign(files.entries.get(old(at)) ?? {}, { modifiedAtMs: at });
  const session = await open(files);
  await session.run('1');
  expect(files.text(old(0))).toBe('old');
  await session.run(table(1));
  await session.run('1');
  expect([old(0), '.output/00000000-1'].map((path) => files.entries.has(path))).toEqual([false, false]);
  expect(files.text(old(1))).toBe('old');
});

test('what the last run kept stays, also where the files of others claim to be of a later time', async () => {
  const files = new MemoryFiles();
  for (let at = 0; at < LIMITS.keptRuns.standard; at += 1) {
    const path = `.output/${String(at).padStart(8, '0')}-1/output.txt`;
    files.put(path, 'old');
    Object.assign(files.entries.get(path) ?? {}, { modifiedAtMs: Date.now() + 1e9 - at });
  }
  const session = await open(files);
  const last = await session.run(LONG('a'));
  await session.run('1');
  expect(keptText(session, filedPath(last))).toBe('aaaaa\n');
  // One went for it: what says that it was looked at.
  expect(files.entries.has('.output/00000199-1')).toBe(false);
});

test('of a figure that is shown twice the drawing is that of its last picture', async () => {
  const session = await open(new MemoryFiles());
  const run = await session.run(`import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.set_title("before")
display(fig)
ax.set_title("after")
display(fig)
ax.set_title("never shown")
plt.close(fig)
other, ax = plt.subplots()
ax.set_title("other")
display(other)`);
  const drawings = run.events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact] : []));
  expect(drawings.map(({ name }) => name)).toEqual(['figure-3.svg']);
  expect(keptText(session, drawings[0]?.path ?? null)).toContain('<!-- other -->');
  const kept = await session.run(
    'display(fig)\n_ = ax.plot([1])\nax.set_title("new")\ndisplay(other)\nax.set_title("newer")\ndisplay(other)\nplt.close("all")',
  );
  const [first, second] = kept.events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact] : []));
  expect([first?.name, second?.name]).toEqual(['figure-1.svg', 'figure-3.svg']);
  expect(keptText(session, first?.path ?? null)).toContain('<!-- never shown -->');
  expect(keptText(session, second?.path ?? null)).toContain('<!-- newer -->');
});

test('a table is written ahead of need while that is cheap: by cells, by characters, and by what the run has written so far', async () => {
  const session = await open(new MemoryFiles());
  const run = await session.run(`import pandas as pd
display(pd.DataFrame({"a": range(100_001)}))
display(pd.DataFrame({"a": ["x" * 2_000] * 5_000}))
for n in range(3):
    display(pd.DataFrame({"a": range(50_000), "b": 0}))
display(pd.DataFrame({"a": [1]}))
display(pd.DataFrame({"a": [2]}))`);
  expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
  const tables = run.events.flatMap((event) => (event.kind === 'display' ? [event.display] : []));
  expect(tables.map(({ artifact }) => artifact?.name ?? null)).toEqual([
    null,
    null,
    'table-3.csv',
    'table-4.csv',
    null,
    'table-6.csv',
    'table-7.csv',
  ]);
  expect(tables[0]?.table).toMatchObject({ totalRows: 100_001, rows: { length: LIMITS.tableRowsShown.standard } });
});
