const text = new TextEncoder();

export interface ExecRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly uid: number;
  readonly gid: number;
  /** Columns and rows of its terminal; null: pipes. */
  readonly terminal: { readonly columns: number; readonly rows: number } | null;
  /** Of all its processes together; 0: whatever the machine has. */
  readonly memoryMiB: number;
  readonly processes: number;
  /** See `ExecSpec`, both. */
  readonly isSpare?: boolean | undefined;
  readonly mayStay?: boolean | undefined;
}

const FLAG_TERMINAL = 1;
const FLAG_CGROUP = 2;
const FLAG_SPARE = 4;
const FLAG_MAY_STAY = 8;
const EXEC_HEADER_BYTES = 25;

/** Texts as the guest reads them, each ended by a zero. A zero inside of one would shift all that follow. */
function zeroEnded(texts: readonly string[]): Uint8Array {
  const odd = texts.find((each) => each.includes('\0'));
  if (odd !== undefined) throw new RangeError('a text for the guest holds a zero byte');
  return text.encode(texts.map((each) => `${each}\0`).join(''));
}

function withHeader(headerBytes: number, body: Uint8Array, fill: (view: DataView) => void): Uint8Array {
  const payload = new Uint8Array(headerBytes + body.length);
  fill(new DataView(payload.buffer));
  payload.set(body, headerBytes);
  return payload;
}

/** Payload of X. Throws RangeError for a zero byte in a text. */
export function execRequest(request: ExecRequest): Uint8Array {
  const variables = Object.entries(request.env).map(([name, value]) => `${name}=${value}`);
  const body = zeroEnded([request.cwd, ...request.argv, ...variables]);
  return withHeader(EXEC_HEADER_BYTES, body, (view) => {
    const [terminal, spare] = [request.terminal ? FLAG_TERMINAL : 0, request.isSpare ? FLAG_SPARE : 0];
    view.setUint8(0, FLAG_CGROUP | terminal | spare | (request.mayStay ? FLAG_MAY_STAY : 0));
    view.setUint16(1, request.terminal?.columns ?? 0, true);
    view.setUint16(3, request.terminal?.rows ?? 0, true);
    view.setUint32(5, request.uid, true);
    view.setUint32(9, request.gid, true);
    view.setUint32(13, request.memoryMiB, true);
    view.setUint32(17, request.processes, true);
    view.setUint16(21, request.argv.length, true);
    view.setUint16(23, variables.length, true);
  });
}

/** Payload of K. */
export function killRequest(signal: number, all: boolean): Uint8Array {
  return withHeader(5, new Uint8Array(0), (view) => {
    view.setInt32(0, signal, true);
    view.setUint8(4, all ? 1 : 0);
  });
}

/** Payload of R. */
export function resizeRequest(columns: number, rows: number): Uint8Array {
  return withHeader(4, new Uint8Array(0), (view) => {
    view.setUint16(0, columns, true);
    view.setUint16(2, rows, true);
  });
}

/** Payload of W, of P (twice the same) and of what else is numbers of 32 bits. */
export function numbers(...values: readonly number[]): Uint8Array {
  return withHeader(4 * values.length, new Uint8Array(0), (view) => {
    values.forEach((value, index) => view.setUint32(4 * index, value, true));
  });
}

/** Payload of C and L. */
export function portRequest(port: number): Uint8Array {
  return withHeader(2, new Uint8Array(0), (view) => view.setUint16(0, port, true));
}

/** Payload of T. */
export function timeRequest(nowMs: number, entropy: Uint8Array): Uint8Array {
  return withHeader(8, entropy, (view) => view.setBigUint64(0, BigInt(Math.round(nowMs)), true));
}

export interface Mount {
  readonly source: string;
  /** Its directories are made where they are missing. */
  readonly target: string;
  readonly type: string;
  /** As mount(2) takes them, by commas. */
  readonly options: string;
  /** Nothing can be written to it, no program of it has the rights of its owner, and no device is one. */
  readonly isReadOnly?: boolean;
}

/** MS_RDONLY, MS_NOSUID and MS_NODEV of mount(2). */
const READ_ONLY_FLAGS = 1 | 2 | 4;

/** Payload of M. */
export function mountRequest(mount: Mount): Uint8Array {
  return withHeader(4, zeroEnded([mount.source, mount.target, mount.type, mount.options]), (view) =>
    view.setUint32(0, mount.isReadOnly ? READ_ONLY_FLAGS : 0, true),
  );
}

/** Payload of U. `lazily`: also while something is open in it. */
export function unmountRequest(target: string, lazily: boolean): Uint8Array {
  return withHeader(4, zeroEnded([target]), (view) => view.setUint32(0, lazily ? 2 : 0, true));
}

/** Payload of G. */
export function pathRequest(path: string): Uint8Array {
  return zeroEnded([path]);
}
