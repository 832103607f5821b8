import { fail, ok } from '../../base/index.ts';
import { packagedSource } from '../../runners/kit/index.ts';
import type { ReadingReply, ReadingRequest } from './code-reading.ts';
import { createReading } from './create-reading.ts';

// Our own worker: it reads code and runs none of it.
const reading = createReading(packagedSource('/', 'python'));

self.onmessage = async ({ data }: MessageEvent<ReadingRequest>) => {
  const method = reading[data.method] as (...args: readonly unknown[]) => Promise<unknown>;
  const answer = await method(...data.args).then(ok, (cause: unknown) => fail(String(cause)));
  self.postMessage({ id: data.id, answer } satisfies ReadingReply);
};
