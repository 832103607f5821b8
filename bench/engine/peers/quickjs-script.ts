import { newQuickJSWASMModule, newVariant, RELEASE_SYNC } from 'quickjs-emscripten';
import { servePeer } from './serve-peer.ts';

// A plain worker around quickjs-emscripten: no console but this one, no files, no modules, no wall.
servePeer(async (wasm, print) => {
  const engine = await newQuickJSWASMModule(newVariant(RELEASE_SYNC, { wasmBinary: wasm }));
  const context = engine.newContext();
  const log = context.newFunction('log', (text) => print(context.getString(text)));
  context.setProp(context.global, 'print', log);
  log.dispose();
  return (code) => {
    context.unwrapResult(context.evalCode(code)).dispose();
  };
});
