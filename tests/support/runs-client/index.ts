import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { bundleScript } from '../bundle-script.ts';
import { pressed } from '../run-request.ts';
import type { AppError, AppErrorCode } from '../../../src/contracts/errors.ts';
import type { EngineDoor } from '../../../src/contracts/doors/engine.ts';
import type { RunsDoor } from '../../../src/contracts/doors/runs.ts';
import type { SessionId } from '../../../src/contracts/ids.ts';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import type { NumberedRunEvent, RunRequest } from '../../../src/contracts/run.ts';

export interface FinishedRun {
  readonly refused: AppError | null;
  readonly events: readonly NumberedRunEvent[];
  readonly lost: AppErrorCode | null;
  readonly firstOutputMs: number | null;
  readonly endedMs: number;
}

export type CallAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: AppError };

/** Both doors of the host, spoken by a page of the extension and driven from here. */
export interface RunsClient {
  readonly page: Page;
  /** `bytes` go in and come out as `base64`. */
  call(method: Exclude<keyof RunsDoor, 'watch'> | keyof EngineDoor, request: unknown): Promise<CallAnswer>;
  run(request: RunRequest): Promise<FinishedRun>;
  watch(runId: string, after: number): Promise<void>;
  /** Events so far, once there is one of this kind or the run is lost. */
  until(
    runId: string,
    kind: string,
  ): Promise<{ readonly events: readonly NumberedRunEvent[]; readonly lost: AppErrorCode | null }>;
}

interface InPage {
  readonly companionRuns: {
    call(method: string, request: unknown): Promise<CallAnswer>;
    run(request: RunRequest): Promise<FinishedRun>;
    watch(runId: string, after: number): void;
    until(runId: string, kind: string): Promise<{ events: NumberedRunEvent[]; lost: AppErrorCode | null }>;
  };
}

/** Speaks from an extension page that is open; again after each reload of it. */
export async function connectRunsClient(page: Page): Promise<RunsClient> {
  await page.evaluate(await bundleScript(join(import.meta.dirname, 'page-script.ts')));
  return {
    page,
    call: (method, request) =>
      page.evaluate((name, body) => (globalThis as unknown as InPage).companionRuns.call(name, body), method, request),
    run: (request) => page.evaluate((body) => (globalThis as unknown as InPage).companionRuns.run(body), request),
    watch: (runId, after) =>
      page.evaluate((id, from) => (globalThis as unknown as InPage).companionRuns.watch(id, from), runId, after),
    until: (runId, kind) =>
      page.evaluate((id, what) => (globalThis as unknown as InPage).companionRuns.until(id, what), runId, kind),
  };
}

/** A request as exec and tests make it: a session of the extension's own pages, standard limits, no input. */
export function runRequest(code: string, session: string, changes: Partial<RunRequest> = {}): RunRequest {
  return pressed({ sessionId: `page:${session}` as SessionId, code, stdin: [], ...changes });
}

export function outcomeOf(run: { readonly events: readonly NumberedRunEvent[] }): Outcome | null {
  const last = run.events.at(-1)?.event;
  return last?.kind === 'ended' ? last.outcome : null;
}

/** Number of the last question that a run asked; 0 when it asked none. */
export function questionOf(events: readonly NumberedRunEvent[]): number {
  return events.findLast(({ event }) => event.kind === 'input')?.n ?? 0;
}

export function textOf(run: { readonly events: readonly NumberedRunEvent[] }, stream: 'stdout' | 'stderr'): string {
  return run.events.map(({ event }) => (event.kind === 'output' && event.stream === stream ? event.text : '')).join('');
}
