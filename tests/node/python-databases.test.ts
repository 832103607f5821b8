import { afterEach, expect, test } from 'vitest';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { openPython, type TestSession } from '../support/python/open-session.ts';

let python: TestSession | null = null;
afterEach(() => python?.dispose());

const MAKE = `import sqlite3
con = sqlite3.connect("kept.db")
print(con.execute("pragma journal_mode = wal").fetchone())
con.execute("create table t(n)")
con.executemany("insert into t values (?)", ((n,) for n in range(1000)))
con.commit()
con.close()`;

test.each([true, false])(
  'a database in a file outlives its session, with a log of its own too (shared: %s)',
  async (isShared) => {
    const files = new MemoryFiles();
    for (const code of [
      MAKE,
      'import sqlite3; con = sqlite3.connect("kept.db"); print(con.execute("select sum(n) from t").fetchone())',
    ]) {
      python?.dispose();
      python = await openPython('base', { hasSharedMemory: isShared }, files);
      const { outcome, stdout } = await python.run(code);
      expect(outcome).toMatchObject({ kind: 'completed', error: null });
      expect(stdout).toBe(code === MAKE ? "('wal',)\n" : '(499500,)\n');
    }
    expect((await files.all()).map(({ path }) => path)).not.toContain('kept.db-shm');
  },
);

test('who only reads a database with a log reads it, and what another connection wrote', async () => {
  python = await openPython('base');
  const { outcome, stdout } = await python.run(`${MAKE}
writing = sqlite3.connect("kept.db")
reading = sqlite3.connect("file:kept.db?mode=ro", uri=True)
writing.execute("insert into t values (1)")
print(reading.execute("select count(*) from t").fetchone())
writing.commit()
print(reading.execute("select count(*) from t").fetchone())
try:
    reading.execute("insert into t values (2)")
except sqlite3.OperationalError as error:
    print(error)`);
  expect(outcome).toMatchObject({ kind: 'completed', error: null });
  expect(stdout).toBe("('wal',)\n(1000,)\n(1001,)\nattempt to write a readonly database\n");
});

test('what was committed before a program is ended is there for the next', async () => {
  const files = new MemoryFiles();
  python = await openPython('base', {}, files);
  const endless = 'with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c';
  const { outcome } = await python.run(
    `${MAKE.replace('\ncon.close()', '')}\ncon.execute("insert into t values (-1)")\ncon.execute("${endless}")`,
    { timeMs: 1_000 },
  );
  expect(outcome).toMatchObject({ kind: 'timedOut', sessionLost: true });
  python = await openPython('base', {}, files);
  const { stdout } = await python.run(
    'import sqlite3; con = sqlite3.connect("kept.db"); print(con.execute("select count(*), min(n) from t").fetchone(), con.execute("pragma integrity_check").fetchone())',
  );
  expect(stdout).toBe("(1000, 0) ('ok',)\n");
});
