import type { SiteOptions } from '../options.ts';
import { findScene } from '../scenes/index.ts';
import { type Exchange, json, parseRecord, type Route } from './answer.ts';

/** For a runner in another process; every call carries the token that `startSite` gave out. */
export const controlRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/__test\/options$/, answer: guarded(setOptions) },
  { method: 'POST', path: /^\/__test\/scene$/, answer: guarded(queueScene) },
  { method: 'POST', path: /^\/__test\/go-on$/, answer: guarded(goOn) },
  { method: 'GET', path: /^\/__test\/log$/, answer: guarded(readLog) },
];

function guarded(answer: (exchange: Exchange) => void): (exchange: Exchange) => void {
  return (exchange) => {
    const { state, request, response } = exchange;
    if (request.headers['x-stand-in-token'] !== state.controlToken)
      return json(response, { detail: 'only for the test runner' }, 403);
    answer(exchange);
  };
}

function setOptions({ state, response, body }: Exchange): void {
  // The only sender is a test, which is typed with the same interface.
  state.options = { ...state.options, ...(parseRecord(body) as Partial<SiteOptions>) };
  json(response, state.options);
}

function queueScene({ state, response, body }: Exchange): void {
  const scene = findScene(String(parseRecord(body)['name'] ?? ''));
  state.queue.push(scene);
  json(response, { name: scene.name });
}

function goOn({ state, response }: Exchange): void {
  state.goOn();
  json(response, {});
}

function readLog({ state, response }: Exchange): void {
  const { requests, sent, violations, reports, responses } = state.records;
  json(response, { log: requests, sent, violations, reports, responses });
}
