import { createJavaScriptRunner } from '../../../src/runners/javascript/index.ts';
import type { Runner } from '../../../src/contracts/runner.ts';
import { savedGuest } from './saved-guest.ts';
import { MemoryFiles } from '../kit/memory-files.ts';
import type { NodeBoxOptions } from '../kit/node-box.ts';
import { nodeSource } from '../kit/node-source.ts';
import { openInNode, type TestSession } from '../kit/open-node.ts';

export type { FinishedRun, RunOptions, TestSession } from '../kit/open-node.ts';

const built = async (): Promise<Blob> => new Blob([await savedGuest()]);

/** The real runner; its worker is a thread, its files are those of `public/vendor`. */
export function javascriptRunner(worker = 'src/runners/javascript/worker.ts'): Runner {
  return createJavaScriptRunner({ source: { ...nodeSource('javascript', worker), built } });
}

/** A JavaScript session in a worker thread. */
export function openJavaScript(boxes: NodeBoxOptions = {}, files = new MemoryFiles()): Promise<TestSession> {
  return openInNode(javascriptRunner(), boxes, files);
}
