import { useSignal } from '@preact/signals';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LANGUAGE_NAMES } from '../../contracts/languages.ts';
import type { Language, RunLimit } from '../../contracts/run.ts';
import type { Place, SessionChoices } from '../../contracts/selection.ts';
import type { Settings } from '../../contracts/settings.ts';
import { awaitWordsOf, Button, formatDuration } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';
import { Choice } from './fields.tsx';
import { conversationOf, type ShownPage } from './popup-state.ts';
import { useWhileShown } from './while-shown.ts';

const T = POPUP_TEXTS.more.places;

interface PlacesPartProps {
  readonly engine: Pick<EngineDoor, 'capabilities' | 'sessionChoices'>;
  readonly runs: Pick<RunsDoor, 'choose'>;
  readonly page: ShownPage;
  readonly settings: Settings;
  readonly save: (patch: Partial<Settings>) => void;
}

type Scope = keyof SessionChoices['places'];
type Patch = Omit<Parameters<RunsDoor['choose']>[0], 'sessionId'>;

const LIMIT_NAMES: Readonly<Record<RunLimit, string>> = {
  runTimeMs: POPUP_TEXTS.time,
  pythonMemoryMB: POPUP_TEXTS.memoryLimit,
  otherMemoryMB: POPUP_TEXTS.more.otherMemory,
};

const amountOf = (limit: RunLimit, value: number): string =>
  limit === 'runTimeMs' ? formatDuration(value) : `${value} ${POPUP_TEXTS.megabytes}`;

const nameOf = (scope: Scope): string => (scope === 'all' ? T.all : LANGUAGE_NAMES[scope]);

/** Nothing runs in part elsewhere while there is no server of a person's own: that is shown only where it was chosen before. */
const optionsFor = (chosen: Place | undefined): Readonly<Partial<Record<Place | 'unset', string>>> => {
  const { hybrid, ...offered } = T.options;
  return chosen === 'hybrid' ? { ...offered, hybrid } : offered;
};

/** One choice for the conversation, and how it is taken back. */
interface Chosen {
  readonly key: string;
  readonly text: string;
  readonly label: string;
  readonly patch: Patch;
  readonly done: string;
}

function chosenIn({ places, limits }: Pick<SessionChoices, 'places' | 'limits'>): readonly Chosen[] {
  const ofPlaces = (Object.entries(places) as [Scope, Place][]).map(([scope, place]) => ({
    key: scope,
    text: T.row(nameOf(scope), T.options[place]),
    label: T.takeBackLabel(nameOf(scope)),
    patch: { place: { language: scope, place: null } },
    done: T.takenBack(nameOf(scope)),
  }));
  const ofLimits = (Object.entries(limits) as [RunLimit, number][]).map(([limit, value]) => ({
    key: limit,
    text: T.limit(LIMIT_NAMES[limit], amountOf(limit, value)),
    label: T.takeBackLimitLabel(LIMIT_NAMES[limit]),
    patch: { limits: { [limit]: null } },
    done: T.limitTakenBack(LIMIT_NAMES[limit]),
  }));
  return [...ofPlaces, ...ofLimits];
}

/** Where code of a language runs, and what was chosen for the conversation in the tab in front, to be taken back. */
export function PlacesPart({ engine, runs, page, settings, save }: PlacesPartProps) {
  const languages = useSignal<readonly Language[]>([]);
  const chosen = useSignal<({ readonly sessionId: SessionId } & SessionChoices) | null>(null);
  const note = useSignal('');
  const sessionId = conversationOf(page);
  const readChoices = async (of: SessionId, signal?: AbortSignal) => {
    const answer = await engine.sessionChoices({ sessionId: of });
    if (answer.ok && signal?.aborted !== true) chosen.value = { sessionId: of, ...answer.value };
  };
  useWhileShown(async (signal) => {
    if (languages.value.length === 0) {
      const answer = await engine.capabilities({});
      if (answer.ok) languages.value = [...new Set(answer.value.map(({ language }) => language))];
    }
    if (sessionId !== null) await readChoices(sessionId, signal);
  }, sessionId);
  const setFor = (language: Language, place: Place | 'unset') => {
    const others = Object.entries(settings.places).filter(([other]) => other !== language);
    save({ places: Object.fromEntries(place === 'unset' ? others : [...others, [language, place]]) });
  };
  const takeBack = async (of: SessionId, patch: Patch, done: string) => {
    const answer = await runs.choose({ sessionId: of, ...patch });
    note.value = answer.ok ? done : (await awaitWordsOf(answer.error.code)).title;
    await readChoices(of);
  };
  const now = chosen.value?.sessionId === sessionId ? chosen.value : null;
  const rows = now === null ? [] : chosenIn(now);
  return (
    <div class="places" data-part="places">
      <p class="quiet">{T.hint}</p>
      {languages.value.map((language) => (
        <Choice<Place | 'unset'>
          key={language}
          name={`place-${language}`}
          label={LANGUAGE_NAMES[language]}
          value={settings.places[language] ?? 'unset'}
          options={optionsFor(settings.places[language])}
          onChange={(place) => setFor(language, place)}
        />
      ))}
      <p class="quiet">{rows.length === 0 ? T.noneChosen : T.chosen}</p>
      {rows.length === 0 || now === null ? null : (
        <ul class="runs">
          {rows.map(({ key, text, label, patch, done }) => (
            <li key={key} data-chosen={key}>
              <span>{text}</span>
              <Button action="take-back" label={label} onPress={() => void takeBack(now.sessionId, patch, done)}>
                {T.takeBack}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {now === null || now.commands.length === 0 ? null : (
        <div class="row" data-part="allowed-commands">
          <span>{T.commands(now.commands.join(', '))}</span>
          <Button
            action="ask-again"
            label={T.commandsLabel}
            onPress={() => void takeBack(now.sessionId, { commands: null }, T.commandsTakenBack)}
          >
            {T.takeBack}
          </Button>
        </div>
      )}
      <p role="status" class="quiet" data-part="places-note">
        {note.value}
      </p>
    </div>
  );
}
