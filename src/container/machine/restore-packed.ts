import { type Fill, readLarge } from '../disk/zstd.ts';
import { readAllButMemory } from '../saved/index.ts';
import type { V86Instance } from './v86.ts';

/** A state as the package brings it: its memory last, in one frame of Zstandard. */
export interface PackedState {
  readonly packed: Uint8Array;
  /** How long it is unpacked. */
  readonly bytes: number;
}

/** A state as v86 saves it, or as the package brings it. */
export type MachineState = Uint8Array | PackedState;

const PAGE_BYTES = 4096;

/**
 * Puts a machine that stands still back to a packed state. Its memory is unpacked to where it belongs, and is nowhere else: whole, it
 * would be in memory twice more. Rejects where the bytes are no such state; the machine is then of no use.
 */
export async function restorePacked(
  emulator: V86Instance,
  wasm: WebAssembly.Module,
  { packed, bytes }: PackedState,
): Promise<void> {
  const fill = readLarge(wasm, packed, bytes);
  const { state, memoryBytes } = readAllButMemory(fill);
  const { cpu } = emulator.v86;
  const ownWay = cpu.unpack_memory.bind(cpu);
  cpu.unpack_memory = (pages) => {
    cpu.zero_memory(0, cpu.mem8.length);
    fillPages(cpu.mem8, pages, { fill, memoryBytes });
  };
  try {
    await emulator.restore_state(state.buffer);
  } finally {
    cpu.unpack_memory = ownWay;
  }
}

/** Pages that follow each other are filled at once. */
function fillPages(
  memory: Uint8Array,
  pages: { get(page: number): number },
  { fill, memoryBytes }: { readonly fill: Fill; readonly memoryBytes: number },
): void {
  const end = memory.length / PAGE_BYTES;
  let filledBytes = 0;
  for (let page = 0; page < end; page += 1) {
    if (!pages.get(page)) continue;
    const first = page;
    while (page < end && pages.get(page)) page += 1;
    const run = memory.subarray(first * PAGE_BYTES, page * PAGE_BYTES);
    fill(run);
    filledBytes += run.length;
  }
  if (filledBytes !== memoryBytes) throw new Error('a state has other pages than it says');
}
