import type { BoxOpener } from '../../../src/contracts/box.ts';
import type { EngineStart } from '../../../src/contracts/runner-protocol.ts';
import { createPythonRunner } from '../../../src/runners/python/index.ts';
import { MemoryFiles } from '../kit/memory-files.ts';
import type { NodeBoxOptions } from '../kit/node-box.ts';
import { openInNode, type TestSession } from '../kit/open-node.ts';
import { vendoredSource } from './node-engine.ts';

export type { FinishedRun, RunOptions, TestSession } from '../kit/open-node.ts';

/** A Python session in a worker thread, from the vendored files, through the real runner. */
export function openPython(
  start: EngineStart,
  boxes: NodeBoxOptions = {},
  files = new MemoryFiles(),
  around?: (boxes: BoxOpener) => BoxOpener,
): Promise<TestSession> {
  return openInNode(createPythonRunner({ source: vendoredSource(), start: () => start }), boxes, files, around);
}
