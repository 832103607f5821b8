import { afterEach, describe, expect, test } from 'vitest';
import { openJavaScript, type TestSession } from '../support/javascript/open-javascript.ts';

let session: TestSession | null = null;
afterEach(() => session?.dispose());

async function printed(code: string, hasSharedMemory = true): Promise<string> {
  session = await openJavaScript({ hasSharedMemory });
  const { outcome, stdout } = await session.run(`const fs = require("fs")\n${code}`);
  expect(outcome).toMatchObject({ kind: 'completed', error: null, exitCode: 0 });
  return stdout;
}

describe.each([true, false])('a file that is open (shared: %s)', (hasSharedMemory) => {
  test('is the same one whatever happens to its name', async () => {
    const stdout = await printed(
      `const removed = fs.openSync("x", "w+")
fs.writeSync(removed, "old")
fs.unlinkSync("x")
fs.writeFileSync("x", "n")
fs.writeSync(removed, "er")
fs.ftruncateSync(removed, 6)
const whole = Buffer.alloc(9)
console.log(fs.readSync(removed, whole, 0, 9, 0), JSON.stringify(whole.toString()), fs.fstatSync(removed).size)
fs.closeSync(removed)
const replaced = fs.openSync("x")
const moved = fs.openSync("y", "w")
fs.writeSync(moved, "1")
fs.renameSync("y", "x")
fs.writeSync(moved, "2")
fs.closeSync(moved)
console.log(fs.readFileSync(replaced, "utf8"), fs.readFileSync("x", "utf8"))
fs.mkdirSync("d")
const inside = fs.openSync("d/f", "a")
fs.renameSync("d", "e")
fs.writeSync(inside, "3")
fs.closeSync(inside)
console.log(fs.readFileSync("e/f", "utf8"), fs.existsSync("d"))`,
      hasSharedMemory,
    );
    expect(stdout).toBe('6 "older\\u0000\\u0000\\u0000\\u0000" 6\nn 12\n3 false\n');
    const paths = (await session?.files.all())?.map(({ path }) => path).sort();
    expect(paths).toEqual(['e/f', 'x']);
  });

  test('is written by a stream that began before it was moved', async () => {
    const stdout = await printed(
      `const stream = fs.createWriteStream("a.txt")
await new Promise((opened) => stream.on("open", opened))
stream.write("one ")
fs.renameSync("a.txt", "b.txt")
await new Promise((done) => stream.end("two", done))
console.log(fs.readFileSync("b.txt", "utf8"), fs.existsSync("a.txt"))`,
      hasSharedMemory,
    );
    expect(stdout).toBe('one two false\n');
  });
});

test('places in a file are those that were asked for', async () => {
  const stdout = await printed(`const { O_RDWR, O_CREAT, O_EXCL } = fs.constants
const file = fs.openSync("p", O_RDWR | O_CREAT | O_EXCL)
fs.writeSync(file, "0123456789")
fs.writeSync(file, Buffer.from("abcdef"), 1, 2, 4)
fs.writeSync(file, "Z", 0)
fs.writeSync(file, "!")
const piece = Buffer.alloc(3)
fs.readSync(file, piece, { position: 3 })
console.log(piece.toString(), fs.readFileSync("p", "utf8"))
fs.closeSync(file)
let text = ""
for await (const part of fs.createReadStream("p", { start: 2, end: 5, highWaterMark: 3 })) text += part + "|"
console.log(text)
const handle = await fs.promises.open("p", "r+")
await handle.truncate(4)
console.log((await handle.read(Buffer.alloc(9))).bytesRead, (await handle.stat()).size)
await handle.close()`);
  expect(stdout).toBe('3bc Z123bc6789!\n23b|c|\n4 4\n');
});

test('what the flags do not allow, and too many open files, are Node’s errors', async () => {
  const stdout = await printed(`fs.writeFileSync("p", "x")
const code = (act) => { try { act(); return "none" } catch (error) { return error.code } }
const reading = fs.openSync("p"), writing = fs.openSync("p", "w")
console.log(code(() => fs.writeSync(reading, "y")), code(() => fs.readSync(writing, Buffer.alloc(1))))
console.log(code(() => fs.openSync("p", "wx")), code(() => fs.openSync("none")), code(() => fs.openSync("p", "q")))
fs.closeSync(reading)
console.log(code(() => fs.closeSync(reading)), code(() => { for (;;) fs.openSync("p") }))`);
  expect(stdout).toBe('EBADF EBADF\nEEXIST ENOENT ERR_INVALID_ARG_VALUE\nEBADF EMFILE\n');
});
