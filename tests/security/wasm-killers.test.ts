import { createWasmRunner } from '../../src/runners/wasm/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { describeKillers } from '../support/killers/describe-killers.ts';
import { inNode } from '../support/killers/run-in-node.ts';
import { wasmKillers } from '../support/killers/wasm.ts';

describeKillers(wasmKillers, inNode(createWasmRunner({ source: nodeSource('wasm') })));
