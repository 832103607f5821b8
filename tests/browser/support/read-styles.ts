/** Runs in the page: reads one event stream in a given style and returns the digest of what the page got. */
export async function readInStyle(style: string, address: string): Promise<string> {
  const target = new URL(address, location.href);
  const init = { method: 'POST', body: '{"messages":[]}' };
  const join = (parts: Uint8Array[]): Uint8Array<ArrayBuffer> => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  const digest = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
    [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
  const readAll = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> => {
    const parts: Uint8Array[] = [];
    const reader = stream.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return join(parts);
      parts.push(value);
    }
  };
  const body = (response: Response): ReadableStream<Uint8Array<ArrayBuffer>> => response.body as never;
  const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  switch (style) {
    case 'getReader':
      return digest(await readAll(body(await fetch(address, init))));
    case 'getReader, cancelled after its end': {
      const stream = body(await fetch(address, init));
      const parts: Uint8Array[] = [];
      const reader = stream.getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
      await reader.cancel();
      return digest(join(parts));
    }
    case 'a URL object':
      return digest(await readAll(body(await fetch(target, init))));
    case 'a Request':
      return digest(await readAll(body(await fetch(new Request(target, init)))));
    case 'text()':
      return digest(encode(await (await fetch(address, init)).text()));
    case 'arrayBuffer()':
      return digest(new Uint8Array(await (await fetch(address, init)).arrayBuffer()));
    case 'blob()':
      return digest(new Uint8Array(await (await (await fetch(address, init)).blob()).arrayBuffer()));
    case 'for await': {
      const parts: Uint8Array[] = [];
      for await (const part of body(await fetch(address, init)) as unknown as AsyncIterable<Uint8Array>)
        parts.push(part);
      return digest(join(parts));
    }
    case 'pipeThrough': {
      let text = '';
      const decoded = body(await fetch(address, init)).pipeThrough(new TextDecoderStream());
      for await (const part of decoded as unknown as AsyncIterable<string>) text += part;
      return digest(encode(text));
    }
    case 'pipeTo': {
      const parts: Uint8Array[] = [];
      await body(await fetch(address, init)).pipeTo(new WritableStream({ write: (part) => void parts.push(part) }));
      return digest(join(parts));
    }
    case 'BYOB': {
      const reader = body(await fetch(address, init)).getReader({ mode: 'byob' });
      const parts: Uint8Array[] = [];
      for (let buffer = new ArrayBuffer(4_096); ; ) {
        const { value, done } = await reader.read(new Uint8Array(buffer));
        if (done) return digest(join(parts));
        parts.push(value.slice());
        buffer = value.buffer;
      }
    }
    case 'tee': {
      const [first, second] = body(await fetch(address, init)).tee();
      const [one, two] = await Promise.all([readAll(first), readAll(second)]);
      const same = (await digest(one)) === (await digest(two));
      return same ? digest(one) : 'halves differ';
    }
    case 'clone by the page': {
      const response = await fetch(address, init);
      const [one, two] = await Promise.all([response.clone().text(), response.text()]);
      return one === two ? digest(encode(one)) : 'copies differ';
    }
    case 'locked in the same microtask': {
      const stream = await fetch(address, init).then((response) => {
        const taken = body(response).getReader();
        if (!body(response).locked) throw new Error('not locked');
        return taken;
      });
      const parts: Uint8Array[] = [];
      for (let next = await stream.read(); !next.done; next = await stream.read()) parts.push(next.value);
      return digest(join(parts));
    }
    case 'new Response(body)':
      return digest(encode(await new Response(body(await fetch(address, init))).text()));
    default:
      throw new Error(`no style ${style}`);
  }
}

export const READ_STYLES = [
  'getReader',
  'getReader, cancelled after its end',
  'a URL object',
  'a Request',
  'text()',
  'arrayBuffer()',
  'blob()',
  'for await',
  'pipeThrough',
  'pipeTo',
  'BYOB',
  'tee',
  'clone by the page',
  'locked in the same microtask',
  'new Response(body)',
] as const;

/** Runs in the page: reads a little, stops in a given way, and says how the page saw it end. */
export async function stopInStyle(style: string, address: string): Promise<string> {
  const abort = new AbortController();
  const response = await fetch(address, { method: 'POST', body: '{}', signal: abort.signal });
  const body = response.body as ReadableStream<Uint8Array>;
  switch (style) {
    case 'reader.cancel': {
      const reader = body.getReader();
      await reader.read();
      await reader.cancel('enough');
      return (await reader.read()).done ? 'settled' : 'goes on';
    }
    case 'BYOB reader.cancel': {
      const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader({ mode: 'byob' });
      await reader.read(new Uint8Array(10));
      await reader.cancel();
      return 'settled';
    }
    case 'body.cancel':
      await body.cancel();
      return 'settled';
    case 'for await break':
      for await (const part of body as unknown as AsyncIterable<Uint8Array>) if (part.length > 0) break;
      return 'settled';
    case 'pipeThrough, then cancel': {
      const reader = body.pipeThrough(new TextDecoderStream() as never).getReader();
      await reader.read();
      await reader.cancel();
      return 'settled';
    }
    case 'pipeTo that fails':
      return body
        .pipeTo(
          new WritableStream({
            write() {
              throw new RangeError('full');
            },
          }),
        )
        .then(
          () => 'no error',
          (error: Error) => `settled ${error.name}`,
        );
    case 'tee, both cancelled': {
      const [first, second] = body.tee();
      await Promise.all([first.cancel(), second.cancel()]);
      return 'settled';
    }
    case 'clone, both cancelled': {
      const copy = response.clone();
      await Promise.all([response.body?.cancel(), copy.body?.cancel()]);
      return 'settled';
    }
    case 'abort': {
      const reader = body.getReader();
      await reader.read();
      abort.abort();
      for (;;) {
        const next = await reader.read().catch((error: Error) => error.name);
        if (typeof next === 'string') return `settled ${next}`;
        if (next.done) return 'ended';
      }
    }
    default:
      throw new Error(`no style ${style}`);
  }
}

export const STOP_STYLES = {
  'reader.cancel': 'settled',
  'BYOB reader.cancel': 'settled',
  'body.cancel': 'settled',
  'for await break': 'settled',
  'pipeThrough, then cancel': 'settled',
  'pipeTo that fails': 'settled RangeError',
  'tee, both cancelled': 'settled',
  'clone, both cancelled': 'settled',
  abort: 'settled AbortError',
} as const;
