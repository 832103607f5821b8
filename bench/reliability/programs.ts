import { isDeepStrictEqual } from 'node:util';
import { openPython } from '../../tests/support/python/open-session.ts';
import { gateFor } from '../../tests/support/open-gate.ts';
import { type Snippet, snippetGroups } from '../../tests/support/python/snippets.ts';
import { benchRow, type BenchRow } from '../bench-row.ts';

type Run = Awaited<ReturnType<Awaited<ReturnType<typeof openPython>>['run']>>;

/** Each fact that is told of it. */
function isError(error: object | null, wanted: Snippet['expect']['error']): boolean {
  if (wanted === undefined || error === null) return wanted === undefined && error === null;
  const facts: Record<string, unknown> = { ...error };
  return Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(facts[name], value));
}

/** The figures, tables and files of each are compared by tests/node/python-snippets.test.ts. */
function isAsRecorded(run: Run, { expect }: Snippet): boolean {
  if (run.outcome.kind !== 'completed') return false;
  const { error, exitCode, result } = run.outcome;
  return (
    run.stdout === expect.stdout &&
    run.stderr === (expect.stderr ?? '') &&
    exitCode === expect.exitCode &&
    (expect.result === undefined || result === expect.result) &&
    isError(error, expect.error)
  );
}

/** What programs print and how they end, in Node, from the heap that ships. */
export async function* programs(): AsyncGenerator<BenchRow> {
  const wrong: string[] = [];
  let [count, ofCPython] = [0, 0];
  for (const [group, snippets] of snippetGroups) {
    const python = await openPython('science');
    try {
      for (const snippet of snippets) {
        for (const [path, content] of Object.entries(snippet.files ?? {})) python.files.put(path, content);
        const run = await python.run(snippet.code, { stdin: snippet.stdin ?? [], network: await gateFor([]) });
        count += 1;
        if (snippet.recordedWith.startsWith('CPython')) ofCPython += 1;
        if (!isAsRecorded(run, snippet)) wrong.push(`${group}: ${snippet.name}`);
      }
    } finally {
      python.dispose();
    }
  }
  if (wrong.length > 0) process.stderr.write(`not as recorded: ${wrong.join('; ')}\n`);
  yield benchRow({
    name: `reliability: programs that answer otherwise than recorded, of ${String(count)} (${String(ofCPython)} of them by CPython)`,
    unit: 'programs',
    samples: [wrong.length],
    budget: { p95: 0 },
  });
}
