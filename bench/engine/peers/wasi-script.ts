import { ConsoleStdout, File, OpenFile, WASI } from '@bjorn3/browser_wasi_shim';
import { servePeer } from './serve-peer.ts';

// A plain worker around the WASI shim as its readme starts it; each run has an instance of its own, as with us.
servePeer(async (wasm, print) => {
  const module = await WebAssembly.compile(wasm);
  return async () => {
    const stdout = ConsoleStdout.lineBuffered(print);
    const wasi = new WASI([], [], [new OpenFile(new File([])), stdout, stdout]);
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
    wasi.start(instance as Parameters<WASI['start']>[0]);
  };
});
