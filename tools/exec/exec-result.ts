import type { AppError, AppErrorCode } from '../../src/contracts/errors.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import type { Outcome } from '../../src/contracts/outcome.ts';
import type { Artifact, RunEvent } from '../../src/contracts/run.ts';

export interface ExecError {
  readonly code: AppErrorCode;
  readonly title: string;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly suggestions: readonly string[];
}

export interface ExecResult {
  readonly id: string | number | null;
  readonly outcome: Outcome['kind'];
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly result: string | null;
  readonly display: readonly { readonly mime: string; readonly data: string }[];
  readonly artifacts: readonly {
    readonly path: string;
    readonly mime: string;
    readonly bytes: number;
    readonly base64?: string;
  }[];
  readonly error: ExecError | null;
  readonly ms: number;
  readonly memoryBytes: number;
  readonly runner: string | null;
}

function failureOf(code: AppErrorCode, detail: string | null): ExecError {
  const { title, explanation, suggestions } = FAILURES[code];
  const message = detail === null ? explanation : `${explanation} (${detail})`;
  return { code, title, message, line: null, column: null, suggestions };
}

function errorOf(outcome: Outcome): ExecError | null {
  switch (outcome.kind) {
    case 'completed': {
      if (outcome.error === null) return null;
      const { code, title, message, line, column, suggestions } = outcome.error;
      const row = FAILURES[code];
      return {
        code,
        // A language without names for its errors, or a file that was not kept.
        title: title === '' ? row.title : title,
        message,
        line,
        column,
        suggestions: [...suggestions, ...row.suggestions],
      };
    }
    case 'timedOut':
      return failureOf('run/timed-out', `${outcome.limitMs} ms`);
    case 'cancelled':
      return failureOf('run/stopped', null);
    case 'crashed':
    case 'refused':
      return failureOf(outcome.code, outcome.detail);
  }
}

export function refusedResult(id: ExecResult['id'], error: AppError): ExecResult {
  return {
    id,
    outcome: 'refused',
    exitCode: null,
    stdout: '',
    stderr: '',
    result: null,
    display: [],
    artifacts: [],
    error: failureOf(error.code, error.detail ?? null),
    ms: 0,
    memoryBytes: 0,
    runner: null,
  };
}

/** Puts the events of one run into the form of docs/commands.md; `read` gives a file's bytes as base64, or null. */
export async function resultOf(
  id: ExecResult['id'],
  run: { readonly events: readonly RunEvent[]; readonly outcome: Outcome; readonly runner: string },
  read: (artifact: Artifact) => Promise<string | null>,
): Promise<ExecResult> {
  const { events, outcome } = run;
  const text = (stream: 'stdout' | 'stderr') =>
    events.map((event) => (event.kind === 'output' && event.stream === stream ? event.text : '')).join('');
  const displays = events.flatMap((event) => (event.kind === 'display' ? [event.display] : []));
  const named = events.flatMap((event) => (event.kind === 'artifact' ? [event.artifact] : []));
  const figures = displays.flatMap(({ artifact, data }) => (artifact === null ? [] : [{ artifact, data }]));
  const form = async (artifact: Artifact, shown?: string) => {
    const base64 = shown ?? (await read(artifact));
    const { path, name, mime, bytes } = artifact;
    return { path: path ?? name, mime, bytes, ...(base64 === null ? {} : { base64 }) };
  };
  const artifacts = await Promise.all([
    // A figure came with its bytes; of a table the file alone has them all.
    ...figures.map(({ artifact, data }) => form(artifact, data[artifact.mime])),
    ...named.map((artifact) => form(artifact)),
  ]);
  return {
    id,
    outcome: outcome.kind,
    exitCode: outcome.kind === 'completed' ? outcome.exitCode : null,
    stdout: text('stdout'),
    // The extension shows the traceback apart; a program that writes to a terminal has it on its standard error.
    stderr: text('stderr') + (outcome.kind === 'completed' ? (outcome.error?.traceback ?? '') : ''),
    result: outcome.kind === 'completed' ? outcome.result : null,
    display: displays.flatMap(({ data }) => Object.entries(data).map(([mime, content]) => ({ mime, data: content }))),
    artifacts,
    error: errorOf(outcome),
    ms: Math.round(outcome.timeMs),
    memoryBytes: outcome.memoryBytes,
    runner: run.runner,
  };
}
