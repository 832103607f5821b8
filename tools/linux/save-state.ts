/**
 * Boots one image, warms it, and saves its state: `node tools/linux/save-state.ts JOB`, the job as JSON. In a process of its
 * own, because a machine takes its processor.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { V86 } from 'v86';
import { cmdlineOf } from '../../src/container/boot/index.ts';
import {
  openMachine,
  type Exec,
  openPack,
  type Machine,
  type PackLayout,
  type V86Constructor,
  withWindow,
} from '../../src/container/machine/index.ts';
import { rehearsal } from '../../src/runners/linux/worker/prompt.ts';
import { TOOLS_DEVICE, TOOLS_PLACE, waitingBash } from '../../src/runners/linux/worker/waiting-bash.ts';
import { networkEnv } from '../../src/runners/linux/worker/way-out.ts';
import { withMemoryLast } from '../../src/container/saved/index.ts';
import { zstdPacked } from './zstd-packed.ts';

export interface StateJob {
  readonly memoryMB: number;
  readonly vgaMemoryMB: number;
  /** Places of files. */
  readonly wasm: string;
  readonly bios: string;
  readonly vgaBios: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly disk: { readonly pack: string; readonly layout: PackLayout } | null;
  /** Where the state goes, packed by Zstandard. */
  readonly target: string;
}

/** Of a tenth of a second of the guest: starting Python and its modules takes some ten seconds. */
const FORK_SERVER_TURNS = 3_000;

/** Counted in a machine at rest: after 0.3 s nothing is left to do. */
const SETTLES_MS = 3_000;

/** Of a bash that waits for its program; it does so in a few milliseconds. */
const WAITS_WITHIN_MS = 20_000;
/** `read(0, …)` in i386 Linux. */
const WAITS_IN_READ = /^3 0x0 /;

/** What these leave in memory answers at once later: the programs that a shell session begins with. */
const WARM_SMALL = 'bash -c true; ls -la /; cat /etc/hosts; id; date';
const WARM_FULL = [
  'python3 -c "print(1)"; bash -c true; ls -la /; grep root /etc/passwd; sed -n 1p /etc/hosts; sort /etc/passwd | head -1',
  'find /etc -maxdepth 1; wc -l /etc/passwd; cut -d: -f1 /etc/passwd; tr a b < /etc/hosts; cat /etc/hosts; mkdir -p /tmp/q',
  // Onto which a session's files are mounted: what is read of the disk for it waits until that is here.
  'ls -la /mnt /mnt/data',
  'cp /etc/hosts /tmp/q; mv /tmp/q/hosts /tmp/q/h; rm -r /tmp/q; ps; id; date; touch /tmp/t; rm /tmp/t; env; uname -a; seq 3',
].join('; ');

/**
 * The window behind the disk as a device of its own, and where its pack goes, held in memory by a mount onto itself: so a pack is put in
 * place by one call of the kernel, before the disk can be read. Decision 0150.
 */
const windowOf = (disk: PackLayout): string =>
  `losetup -r -o ${String(disk.bytes)} ${TOOLS_DEVICE} /dev/sda && mkdir -p ${TOOLS_PLACE} && mount --bind ${TOOLS_PLACE} ${TOOLS_PLACE} && sync`;

/** What Linux begins with. */
const READ_AHEAD_KB = 128;
const readAhead = (kB: number): string => `echo ${String(kB)} >/sys/block/sda/queue/read_ahead_kb`;

/**
 * Else Linux takes back what it has read, wherever free memory is in pieces, until far more is free than it needs: one state in three
 * lacked what a first program begins with. The setting stays in the state: a machine that is restored of it would read again of the
 * disk what was taken back.
 */
const KEEP_WHAT_IS_READ = 'echo 0 >/proc/sys/vm/watermark_boost_factor';

/** Runs a line in the guest; throws with what it said when it fails. */
async function inGuest(machine: Machine, line: string): Promise<void> {
  let said = '';
  const take = (bytes: Uint8Array): void => {
    said += new TextDecoder().decode(bytes);
  };
  const program = machine.exec({ argv: ['/bin/bash', '-c', line], onStdout: take, onStderr: take });
  program.closeStdin();
  const end = await program.done;
  if (end.kind !== 'exited' || end.code !== 0) throw new Error(`in the guest: ${line}: ${JSON.stringify(end)} ${said}`);
}

/** Leaves a bash waiting in the state: a session's first program needs none to be started. */
async function leaveBash(machine: Machine, image: 'small' | 'full'): Promise<Exec> {
  const spare = machine.exec({ ...waitingBash(networkEnv(image)), isSpare: true });
  const pid = await spare.pid;
  if (pid === null) throw new Error(`no bash waits: ${JSON.stringify(await spare.done)}`);
  const deadline = performance.now() + WAITS_WITHIN_MS;
  for (let call = ''; !WAITS_IN_READ.test(call); ) {
    if (performance.now() > deadline) throw new Error(`the bash that should wait does something else: ${call}`);
    call = new TextDecoder().decode(await machine.readFile(`/proc/${String(pid)}/syscall`));
  }
  return spare;
}

async function boot(job: StateJob): Promise<Machine> {
  const pack = job.disk === null ? null : openSync(job.disk.pack, 'r');
  process.once('exit', () => {
    if (pack !== null) closeSync(pack);
  });
  const slice = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    readSync(pack ?? -1, bytes, 0, length, offset);
    return bytes;
  };
  const wasm = await WebAssembly.compile(new Uint8Array(await readFile(job.wasm)));
  return openMachine({
    // Its typings know no disk but a buffer or an address.
    V86: V86 as unknown as V86Constructor,
    wasm,
    bios: await readFile(job.bios),
    vgaBios: await readFile(job.vgaBios),
    boot: {
      kernel: await readFile(job.kernel),
      initrd: await readFile(job.initrd),
      cmdline: cmdlineOf(job.disk !== null),
    },
    disk: job.disk === null ? null : withWindow(openPack(job.disk.layout, slice, wasm), null),
    memoryMB: job.memoryMB,
    vgaMemoryMB: job.vgaMemoryMB,
    onConsole: (text) => {
      process.stderr.write(text);
    },
    // Nothing mounts it before the state is restored, but the device is part of the state.
    share: () => undefined,
  });
}

const job = JSON.parse(process.argv[2] ?? '') as StateJob;
const machine = await boot(job);
await inGuest(machine, KEEP_WHAT_IS_READ);
if (job.disk === null) {
  await inGuest(machine, WARM_SMALL);
} else {
  await inGuest(
    machine,
    `for turn in $(seq ${String(FORK_SERVER_TURNS)}); do [ -S /run/python-fork-server ] && exit; sleep 0.1; done; false`,
  );
  await inGuest(machine, windowOf(job.disk.layout));
  // What the boot read goes, what a session reads comes.
  await machine.zeroFree(true);
  // What is read ahead depends on chance, and a session would unpack megabytes of it that nothing asks for.
  await inGuest(machine, readAhead(0));
  for (let turn = 0; turn < 3; turn += 1) await inGuest(machine, WARM_FULL);
  await inGuest(machine, readAhead(READ_AHEAD_KB));
}
const spare = await leaveBash(machine, job.disk === null ? 'small' : 'full');
await machine.zeroFree(false);
// Last, for where memory is short the system takes back what it can read again.
await spare.writeStdin(rehearsal());
// What the kernel has put off until now would be done by every machine that starts: 2 million instructions, 100 ms.
await pause(SETTLES_MS);
await writeFile(job.target, await zstdPacked(withMemoryLast(await machine.save())));
await machine.dispose();
