import { LuaFactory } from 'wasmoon';
import { servePeer } from './serve-peer.ts';

// A plain worker around wasmoon as its readme starts it: no files of ours, no limits, no wall.
servePeer(async (wasm, print) => {
  const address = URL.createObjectURL(new Blob([wasm], { type: 'application/wasm' }));
  const engine = await new LuaFactory(address).createEngine();
  engine.global.set('print', (text: unknown) => print(String(text)));
  // Its asynchronous way keeps a thread for each run and leaves its memory after some hundred of them.
  return (code) => void engine.doStringSync(code);
});
