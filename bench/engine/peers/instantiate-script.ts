import { servePeer } from './serve-peer.ts';

// A plain worker that keeps the compiled module and adds 2 and 3 in a new instance each time.
servePeer(async (wasm, print) => {
  const module = await WebAssembly.compile(wasm);
  return async () => {
    const { exports } = await WebAssembly.instantiate(module);
    print(String((exports['add'] as (a: number, b: number) => number)(2, 3)));
  };
});
