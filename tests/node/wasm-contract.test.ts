import { createWasmRunner } from '../../src/runners/wasm/index.ts';
import { wasmPrograms } from '../support/contract/programs/wasm.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { describeRunner, nodeWorld } from '../support/runner-contract.ts';

const runner = createWasmRunner({ source: nodeSource('wasm') });

describeRunner('wasm with shared memory', nodeWorld(runner, wasmPrograms));
describeRunner('wasm without', nodeWorld(runner, wasmPrograms, { hasSharedMemory: false }));
