import { type Signal, useSignal } from '@preact/signals';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LANGUAGE_NAMES } from '../../contracts/languages.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { EgressEntry, EgressOutcome } from '../../contracts/network.ts';
import { awaitWordsOf, Button, formatBytes, momentOf } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';

const T = POPUP_TEXTS.network;

/** Entries that a press shows beside those that are there. */
const MORE = 100;

/** What is shown of the log, and how many that are at most. */
export interface ShownEgress {
  readonly entries: Signal<readonly EgressEntry[]>;
  readonly most: Signal<number>;
}

interface EgressPartProps {
  readonly engine: Pick<EngineDoor, 'egressLog' | 'clearEgressLog'>;
  readonly shown: ShownEgress;
  /** The conversation of the tab; null where there is none. */
  readonly ofPage: SessionId | null;
}

/** Handed to the browser to send, which does not say how much of it went. */
const MAY_HAVE_GONE: ReadonlySet<EgressOutcome> = new Set(['failed', 'timed-out', 'stopped']);

function traffic({ outcome, bytesOut, bytesIn }: EgressEntry): string {
  const isSure = bytesOut === 0 || !MAY_HAVE_GONE.has(outcome);
  return (isSure ? T.outAndIn : T.atMostOutAndIn)(formatBytes(bytesOut), formatBytes(bytesIn));
}

const runnerOf = (runner: string): string =>
  runner === 'linux' ? T.linux : ((LANGUAGE_NAMES as Readonly<Record<string, string>>)[runner] ?? runner);

/** When it was, what asked, for which conversation, how it ended, and how much went out and came in. */
function factsOf(entry: EgressEntry, ofPage: SessionId | null): string {
  const { atMs, runner, sessionId, outcome, status } = entry;
  const whose = ofPage === null ? [] : [sessionId === ofPage ? T.ofThis : T.ofOther];
  const end = `${T.outcomes[outcome]}${status === null ? '' : ` (${status})`}`;
  return [momentOf(atMs), runnerOf(runner), ...whose, end, traffic(entry)].join(' · ');
}

/** What programs of all conversations asked of the network, newest first; folded, and a person's to clear. */
export function EgressPart({ engine, shown, ofPage }: EgressPartProps) {
  const note = useSignal('');
  const { entries, most } = shown;
  const read = async (count: number) => {
    const answer = await engine.egressLog({ most: count });
    if (answer.ok) entries.value = answer.value;
  };
  const showMore = () => {
    most.value = Math.min(most.value + MORE, LIMITS.egressRowsKept.standard);
    void read(most.value);
  };
  const clear = async () => {
    const answer = await engine.clearEgressLog({});
    note.value = answer.ok ? T.logCleared : (await awaitWordsOf(answer.error.code)).title;
    await read(most.value);
  };
  // As many as were asked for: there may be more.
  const mayBeMore = entries.value.length >= most.value && most.value < LIMITS.egressRowsKept.standard;
  return (
    <>
      {entries.value.length === 0 ? null : (
        <details data-part="egress">
          <summary>{T.log}</summary>
          <ul class="runs">
            {entries.value.map((entry, at) => (
              <li key={`${entry.atMs} ${at}`} data-outcome={entry.outcome}>
                <span>
                  {entry.method} {entry.address}
                </span>
                <span class="quiet">{factsOf(entry, ofPage)}</span>
              </li>
            ))}
          </ul>
          <div class="row">
            {mayBeMore ? (
              <Button action="more-egress" onPress={showMore}>
                {T.logMore}
              </Button>
            ) : null}
            <Button action="clear-egress" onPress={() => void clear()}>
              {T.logClear}
            </Button>
          </div>
        </details>
      )}
      <p role="status" class="quiet" data-part="egress-note">
        {note.value}
      </p>
    </>
  );
}
