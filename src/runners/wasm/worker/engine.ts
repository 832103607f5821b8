import type { CellResult, CreateEngine, Engine, EngineHost } from '../../kit/worker/index.ts';
import type { HostFunction } from './host-functions.ts';
import { runInstance } from './instance.ts';
import { createModuleStore } from './module-store.ts';
import { programErrorOf } from './program-error.ts';
import { readProgram } from './program.ts';
import { RunStopped } from './run-ends.ts';
import { exitCodeOf } from './wasi.ts';
import { createAssembler } from './wat.ts';

/** A module without a memory is said to have one page: nothing that it holds can be measured. */
const PAGE_BYTES = 65_536;
const STOPPED: CellResult = { exitCode: 1, result: null, error: null };

/**
 * WebAssembly for one session: each run has an instance of its own, compiled modules stay. `extra` are further functions
 * that modules may import, by `module.name`.
 */
export function createWasmEngine(host: EngineHost, extra: Readonly<Record<string, HostFunction>> = {}): Engine {
  const store = createModuleStore(host, createAssembler(host));
  let highestBytes = PAGE_BYTES;

  const execute: Engine['execute'] = async ({ code, memoryMB }) => {
    let memory: WebAssembly.Memory | null = null;
    let exported = new Map<number, string>();
    try {
      const { wish, source } = readProgram(code);
      const ready = await store.open(source, memoryMB);
      exported = new Map(ready.parts.functions.map(({ index, name }) => [index, name]));
      if (host.shouldStop()) return STOPPED;
      const onMemory = (found: WebAssembly.Memory): void => {
        memory = found;
      };
      const { result } = await runInstance({ host, wish, ready, extra, onMemory });
      return { exitCode: 0, result, error: null };
    } catch (thrown) {
      if (thrown instanceof RunStopped) return STOPPED;
      const exitCode = exitCodeOf(thrown);
      if (exitCode !== null) return { exitCode, result: null, error: null };
      const error = programErrorOf(thrown, exported);
      if (!error) throw thrown;
      return { exitCode: 1, result: null, error };
    } finally {
      highestBytes = Math.max(highestBytes, sizeOf(memory));
    }
  };
  return {
    version: 'WebAssembly 1, WASI preview 1',
    memoryBytes: () => highestBytes,
    execute,
    async validate(code) {
      try {
        await store.open(readProgram(code).source, Number.MAX_SAFE_INTEGER);
        return null;
      } catch (thrown) {
        const error = programErrorOf(thrown);
        if (!error) throw thrown;
        return error;
      }
    },
  };
}

const sizeOf = (memory: WebAssembly.Memory | null): number => memory?.buffer.byteLength ?? 0;

export const createEngine: CreateEngine = async (host: EngineHost) => createWasmEngine(host);
