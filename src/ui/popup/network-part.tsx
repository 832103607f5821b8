import { type Signal, useSignal } from '@preact/signals';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { SessionNetwork } from '../../contracts/network.ts';
import { originsOf, shownOrigin } from '../../contracts/network-origins.ts';
import { awaitWordsOf, Button, formatBytes } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';
import { conversationOf, type ShownPage } from './popup-state.ts';

const T = POPUP_TEXTS.network;

interface NetworkPartProps {
  readonly engine: Pick<EngineDoor, 'allowHosts'>;
  readonly page: ShownPage;
  readonly network: Signal<{ readonly sessionId: SessionId; readonly now: SessionNetwork } | null>;
  /** Called within the press. */
  readonly onAllow: (origins: readonly string[]) => void;
}

const shown = (origin: string): string => {
  const { text, isPrivate } = shownOrigin(origin);
  return isPrivate ? `${text} (${T.isPrivate})` : text;
};

/** Which hosts programs of the conversation in the tab in front may reach. */
export function NetworkPart({ engine, page, network, onAllow }: NetworkPartProps) {
  const typed = useSignal('');
  const note = useSignal('');
  const sessionId = conversationOf(page);
  if (sessionId === null) return <p class="quiet">{POPUP_TEXTS.noConversation}</p>;
  // Of another conversation, or not known yet: nothing may be written on that ground.
  const known = network.value?.sessionId === sessionId ? network.value.now : null;
  const origins = known?.origins ?? [];
  const change = async (hosts: readonly string[]) => {
    const answer = await engine.allowHosts({ sessionId, hosts });
    if (answer.ok) network.value = { sessionId, now: answer.value };
    note.value = answer.ok
      ? ''
      : answer.error.code === 'settings/bad-value'
        ? T.bad
        : (await awaitWordsOf(answer.error.code)).title;
  };
  const allow = () => {
    const named = originsOf(typed.value);
    if (!named.ok) {
      note.value = T.bad;
      return;
    }
    typed.value = '';
    // First of all: a browser asks only while the press lasts. What is allowed is allowed either way.
    onAllow(named.value);
    void change([...new Set([...origins, ...named.value])]);
  };
  return (
    <div data-part="network">
      <p class="quiet">{origins.length === 0 ? T.hint : T.allowed}</p>
      <ul class="runs">
        {origins.map((origin) => (
          <li key={origin} data-origin={origin}>
            <span>{shown(origin)}</span>
            <Button
              action="remove-host"
              label={T.remove(shown(origin))}
              onPress={() => void change(origins.filter((other) => other !== origin))}
            >
              {T.removeShort}
            </Button>
          </li>
        ))}
      </ul>
      <label class="amount">
        <input
          type="text"
          data-part="host-field"
          aria-label={T.host}
          placeholder={T.host}
          autocomplete="off"
          spellcheck={false}
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
        <Button action="allow-host" disabled={known === null} onPress={allow}>
          {T.allow}
        </Button>
      </label>
      <p role="status" data-part="network-note">
        {note.value}
      </p>
      {known === null || origins.length === 0 ? null : (
        <p class="quiet">{T.used(formatBytes(known.usedBytes), formatBytes(known.mostBytes))}</p>
      )}
    </div>
  );
}
