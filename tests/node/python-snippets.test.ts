import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Artifact, Display } from '../../src/contracts/run.ts';
import { type FinishedRun, openPython, type TestSession } from '../support/python/open-session.ts';
import { gateFor } from '../support/open-gate.ts';
import { pngSize, snippetGroups } from '../support/python/snippets.ts';

const displaysOf = (run: FinishedRun): Display[] =>
  run.events.flatMap((event) => (event.kind === 'display' ? [event.display] : []));
const artifactsOf = (run: FinishedRun): Artifact[] =>
  run.events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact] : []));

describe.each(snippetGroups)('snippets: %s', (_group, snippets) => {
  let python: TestSession;
  beforeAll(async () => {
    python = await openPython('science');
  });
  afterAll(() => python.dispose());

  test.each(snippets.map((snippet) => [snippet.name, snippet] as const))('%s', async (_name, snippet) => {
    for (const [path, content] of Object.entries(snippet.files ?? {})) python.files.put(path, content);
    const run = await python.run(snippet.code, { stdin: snippet.stdin ?? [], network: await gateFor([]) });
    const wanted = snippet.expect;

    expect(run.outcome.kind).toBe('completed');
    if (run.outcome.kind !== 'completed') return;
    expect(run.stdout).toBe(wanted.stdout);
    expect(run.stderr).toBe(wanted.stderr ?? '');
    expect(run.outcome.exitCode).toBe(wanted.exitCode);
    if (wanted.result !== undefined) expect(run.outcome.result).toBe(wanted.result);
    if (wanted.error) expect(run.outcome.error).toMatchObject(wanted.error);
    else expect(run.outcome.error).toBeNull();

    const files = artifactsOf(run).filter((artifact) => artifact.kind === 'file');
    expect(files.map((file) => file.path?.replace('/mnt/data/', '')).sort()).toEqual([...(wanted.files ?? [])].sort());
    const displays = displaysOf(run);
    const figures = displays.filter((display) => display.artifact?.kind === 'figure');
    expect(figures.map((figure) => pngSize(figure.data['image/png'] ?? ''))).toEqual(wanted.figures ?? []);
    const tables = displays.flatMap((display) => (display.table ? [display.table] : []));
    expect(tables).toEqual(wanted.tables ?? []);
    const others = displays.filter((display) => !display.table && display.artifact?.kind !== 'figure');
    expect(others.map((display) => Object.keys(display.data).sort())).toEqual(wanted.displays ?? []);
    if (wanted.texts !== undefined) expect(others.map((display) => display.data['text/plain'])).toEqual(wanted.texts);
    const notices = run.events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
    expect(notices).toEqual(wanted.notices ?? []);
  });
});
