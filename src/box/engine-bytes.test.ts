import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { EngineSpec } from '../contracts/box.ts';
import { EngineBytes } from './engine-bytes.ts';
import type { ToBox } from './messages.ts';

function makeEngine() {
  let loads = 0;
  const packed = gzipSync(Buffer.from('raw bytes'));
  const engine: EngineSpec = {
    id: 'e',
    script: async () => 'script',
    modules: async () => [{ name: 'm', file: 'a', slice: null }],
    files: [
      {
        name: 'a',
        inflatedBytes: 9,
        stage: 1,
        load: async () => {
          loads++;
          return new Uint8Array(packed).buffer;
        },
      },
    ],
  };
  return { engine, loads: () => loads };
}

async function sendTo(bytes: EngineBytes, engine: EngineSpec, hasSharedMemory: boolean) {
  const sent: ToBox[] = [];
  await bytes.send(
    engine,
    Promise.resolve({ hasSharedMemory, tellBox: (message) => void sent.push(structuredClone(message)) }),
  );
  return sent;
}

describe('EngineBytes', () => {
  it('sends script, stages in order and the last mark, reading each file once', async () => {
    const { engine, loads } = makeEngine();
    const bytes = new EngineBytes();
    const sent = await sendTo(bytes, engine, true);
    await sendTo(bytes, engine, false);
    expect(sent).toMatchObject([
      { op: 'start', script: 'script' },
      { op: 'part', stage: 1, isLast: false, files: [{ name: 'a', inflatedBytes: 9 }], modules: [{ name: 'm' }] },
      { op: 'part', stage: 2, isLast: true, files: [], modules: [] },
    ]);
    expect(loads()).toBe(1);
  });

  it('sends raw bytes once they were inflated ahead', async () => {
    const { engine } = makeEngine();
    const bytes = new EngineBytes();
    await sendTo(bytes, engine, true);
    await bytes.keepInflated(engine);
    const [, part] = await sendTo(bytes, engine, false);
    const [file] = part?.op === 'part' ? part.files : [];
    expect(file?.inflatedBytes).toBeNull();
    expect(new TextDecoder().decode(file?.bytes)).toBe('raw bytes');
  });

  it('tries again after a file could not be read', async () => {
    const { engine } = makeEngine();
    let isBroken = true;
    const flaky = {
      ...engine,
      script: () => (isBroken ? Promise.reject(new Error('gone')) : Promise.resolve('script')),
    };
    const bytes = new EngineBytes();
    await expect(sendTo(bytes, flaky, true)).rejects.toThrow('gone');
    isBroken = false;
    expect(await sendTo(bytes, flaky, true)).toHaveLength(3);
  });
});
