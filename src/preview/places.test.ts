import { expect, it, vi } from 'vitest';
import { closedFor, CONNECTIONS_FULL, type SocketEvent } from '../contracts/preview.ts';
import { Places } from './places.ts';

const FULL = closedFor(CONNECTIONS_FULL);
const OPEN: SocketEvent = { kind: 'open', protocol: '' };

function makePlaces() {
  const onFull = vi.fn();
  return { places: new Places(onFull), onFull };
}

it('tells once of those that find no place, while the others speak', () => {
  const { places, onFull } = makePlaces();
  places.take(OPEN);
  expect(onFull).not.toHaveBeenCalled();
  for (let n = 0; n < 3; n += 1) {
    places.take(FULL);
    places.take({ kind: 'text', text: 'of another' });
    places.take({ kind: 'bytes', bytes: new Uint8Array(1) });
  }
  expect(onFull).toHaveBeenCalledTimes(1);
});

it.each<[string, (places: Places) => void]>([
  ['one was opened', (places) => places.take(OPEN)],
  ['one was answered', (places) => places.take({ kind: 'head', status: 200, statusText: '', headers: [] })],
  ['one broke off', (places) => places.take(closedFor('preview/broke-off'))],
  ['the page left one', (places) => places.left()],
])('tells again after %s', (_, free) => {
  const { places, onFull } = makePlaces();
  places.take(FULL);
  free(places);
  places.take(FULL);
  expect(onFull).toHaveBeenCalledTimes(2);
});

it('takes a server at its word that closes a websocket with those words', () => {
  const { places, onFull } = makePlaces();
  places.take({ ...FULL, code: 1000, wasClean: true });
  expect(onFull).not.toHaveBeenCalled();
});
