import type { MachineOptions } from '../../../container/machine/index.ts';
import type { MachineProfile, MachineSpec } from '../../../contracts/machine-spec.ts';
import type { Guest } from './guest.ts';
import type { Image } from './image.ts';
import { SHELL_ENV } from './waiting-bash.ts';

const MB = 1024 * 1024;
/** What a file system writes of its own, beside what is stored in it. */
const BOOKKEEPING_MB = 16;
const SAID_UTF16 = 2_000;

/**
 * Holds the rest of the disk, links volumes, and prints a line for what it could not do. A file that is given its blocks and
 * never written is what leaves only so much free: Linux then says itself that the disk is full. Without a disk all that is
 * stored is in one memory file system, which has a size.
 */
const SET_UP = `
held=/var/lib/companion/held
if [ -n "$DISK" ]; then
  mkdir -p /var/lib/companion
  spare=$(( $(stat -f -c '%a * %S' /) - STORAGE * 1048576 ))
  if [ ! -e $held ] && [ $spare -gt 0 ]; then
    fallocate -l $spare $held || { rm -f $held; echo "Its storage could not be bounded to $STORAGE MB."; }
  fi
elif grep -q ' /tmp tmpfs ' /proc/mounts; then
  used=$(( ($(stat -f -c '%b - %f' /)) * $(stat -f -c %S /) / 1024 ))
  umount /tmp && mount -o remount,size=$(( used + STORAGE * 1024 ))k / || echo "Its storage could not be bounded to $STORAGE MB."
fi
if [ -n "$SERVE" ]; then
  printf '%s' "$SERVE" >/usr/local/bin/serve && chmod 755 /usr/local/bin/serve || echo "The command serve could not be added."
fi
while [ $# -gt 0 ]; do
  if [ ! -d "$1" ]; then echo "The volume $2 is missing: there is no folder $1."
  else
    mkdir -p "\${2%/*}/"
    [ -L "$2" ] || rmdir "$2" 2>/dev/null
    if [ -e "$2" ] && [ ! -L "$2" ]; then echo "The volume $2 is missing: something else is there."
    else ln -sfn "$1" "$2"; fi
  fi
  shift 2
done`;

/**
 * Of the machine's memory, what a program may have at most. With all of it Linux would not end the program but take away, and read
 * from the disk again, the pages of everything else, for a minute and longer.
 */
const PROGRAM_SHARE = 0.7;
const SMALL_NOTICE =
  'To save memory, programs of the shell run in the small Linux here: bash and BusyBox, without Python, git and a compiler. The settings in the popup can choose the full one.';

/** What a profile adds to its image: a command, and variables below those of the spec. */
const LAYERS: Readonly<
  Record<MachineProfile, { readonly serve: string; readonly environment: Readonly<Record<string, string>> }>
> = {
  'python-data': { serve: '', environment: {} },
  'alpine-dev': { serve: '', environment: {} },
  'nodejs-web': {
    serve: `#!/bin/sh
# Serves the files of a folder: serve [FOLDER] [PORT]. Node's own servers need Node, which is not in this Linux.
exec python3 -m http.server --bind 127.0.0.1 --directory "\${1:-.}" "\${2:-\${PORT:-3000}}"
`,
    environment: { NODE_ENV: 'development', PORT: '3000' },
  },
};

/** How much memory a program may have. */
export interface MemoryBound {
  readonly memoryMB: number;
  /** It is all that the machine gives to one: a higher limit changes nothing. */
  readonly isMachines: boolean;
}

/** What becomes of an image. */
export interface MachinePlan {
  readonly image: Image;
  /** No state of the image fits it: it boots, and goes on later from what was saved of it. */
  readonly boots: boolean;
  readonly bounds: Pick<MachineOptions, 'processorShare' | 'mostWrittenBytes'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly version: string;
  /** For who uses it; null where there is nothing to say. */
  readonly notice: string | null;
  /** What a program may have at most, of so much that was asked for. */
  boundOf(askedMB: number): MemoryBound;
  /** Once its files are there. Sentences about what could not be done; never rejects but with its machine. */
  setUp(guest: Pick<Guest, 'exec'>, mountPath: string): Promise<readonly string[]>;
}

/** The usual machine, or one as it was asked for, of the image that was delivered for it. */
export function planMachine(spec: MachineSpec | null, image: Image): MachinePlan {
  return spec ? planOwn(spec, image) : planUsual(image);
}

/** What was asked for, up to what a machine of so much memory gives. */
function boundIn(machineMB: number, askedMB: number): MemoryBound {
  const mostMB = Math.floor(machineMB * PROGRAM_SHARE);
  return { memoryMB: Math.min(askedMB, mostMB), isMachines: askedMB >= mostMB };
}

function planUsual(image: Image): MachinePlan {
  return {
    image,
    boots: false,
    bounds: {},
    environment: {},
    version: `Linux (${image.name} image)`,
    notice: image.name === 'small' ? SMALL_NOTICE : null,
    boundOf: (askedMB) => boundIn(image.memoryMB, askedMB),
    setUp: async () => [],
  };
}

function planOwn(spec: MachineSpec, image: Image): MachinePlan {
  const { name, memoryMB, cpuShare, storageMB, environment } = spec;
  const boots = memoryMB !== image.memoryMB;
  return {
    // What is saved of one with other memory fits no other.
    image: boots ? { ...image, memoryMB, id: `${image.id} ${memoryMB} MB` } : image,
    boots,
    bounds: {
      processorShare: cpuShare,
      // Whoever is root could free what is held: then the machine ends here.
      mostWrittenBytes: image.disk ? image.diskUsedBytes + (storageMB + BOOKKEEPING_MB) * MB : undefined,
    },
    environment: { ...LAYERS[spec.image].environment, ...environment },
    version: `Linux (${name}: ${spec.image}, ${memoryMB} MB)`,
    notice: null,
    // Who gave the machine its memory gave it to its programs.
    boundOf: () => boundIn(memoryMB, memoryMB),
    setUp: (guest, mountPath) => setUp(spec, image.disk !== null, guest, mountPath),
  };
}

async function setUp(
  { image, volumes, storageMB }: MachineSpec,
  hasDisk: boolean,
  guest: Pick<Guest, 'exec'>,
  mountPath: string,
): Promise<readonly string[]> {
  const pairs = volumes
    .filter(({ target }) => target !== mountPath)
    .flatMap(({ source, target }) => [`${mountPath}/${source}`.replace(/\/$/u, ''), target]);
  const decoder = new TextDecoder();
  let said = '';
  const take = (bytes: Uint8Array): void => {
    if (said.length < SAID_UTF16) said += decoder.decode(bytes, { stream: true });
  };
  const exec = guest.exec({
    argv: ['bash', '-c', SET_UP, 'set-up', ...pairs],
    cwd: '/',
    env: { ...SHELL_ENV, DISK: hasDisk ? '1' : '', STORAGE: String(storageMB), SERVE: LAYERS[image].serve },
    onStdout: take,
    onStderr: take,
  });
  exec.closeStdin();
  await exec.done;
  return said.split('\n').filter((line) => line !== '');
}
