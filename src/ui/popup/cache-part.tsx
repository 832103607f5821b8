import { useSignal } from '@preact/signals';
import type { CacheTierStatus, EngineDoor } from '../../contracts/doors/engine.ts';
import type { Settings } from '../../contracts/settings.ts';
import { awaitWordsOf, Button, formatBytes } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';
import { Switch } from './fields.tsx';
import { useWhileShown } from './while-shown.ts';

const T = POPUP_TEXTS.more.cache;

interface CachePartProps {
  readonly engine: Pick<EngineDoor, 'cacheStatus' | 'clearCache'>;
  readonly settings: Settings;
  readonly save: (patch: Partial<Settings>) => void;
}

const nameOf = (tier: string): string => (Object.hasOwn(T.tiers, tier) ? T.tiers[tier as keyof typeof T.tiers] : tier);

/** Each tier is asked only for what those before it did not have. */
export function hitRate(tiers: readonly CacheTierStatus[]): { readonly found: number; readonly asked: number } {
  const [first] = tiers;
  return { found: tiers.reduce((sum, { hits }) => sum + hits, 0), asked: first ? first.hits + first.misses : 0 };
}

/** Whether answers are kept, how many there are, how often they served, and a way to forget them. */
export function CachePart({ engine, settings, save }: CachePartProps) {
  const tiers = useSignal<readonly CacheTierStatus[]>([]);
  const note = useSignal('');
  const read = async () => {
    const answer = await engine.cacheStatus({});
    if (answer.ok) tiers.value = answer.value;
  };
  useWhileShown(read);
  const clear = async () => {
    const answer = await engine.clearCache({});
    note.value = answer.ok ? T.cleared : (await awaitWordsOf(answer.error.code)).title;
    await read();
  };
  const { found, asked } = hitRate(tiers.value);
  return (
    <div class="cache" data-part="cache">
      <Switch
        name="usesCache"
        label={T.use}
        hint={T.useHint}
        isOn={settings.usesCache}
        onChange={(usesCache) => save({ usesCache })}
      />
      {tiers.value.length === 0 ? null : (
        <dl class="counts">
          {tiers.value.map(({ name, entries, bytes, mostBytes }) => (
            <div key={name}>
              <dt>{nameOf(name)}</dt>
              <dd data-tier={name} data-entries={entries}>
                {T.size(entries, formatBytes(bytes), formatBytes(mostBytes))}
              </dd>
            </div>
          ))}
          <div>
            <dt>{T.rate}</dt>
            <dd data-part="hit-rate">{asked === 0 ? T.notAsked : T.found(found, asked)}</dd>
          </div>
        </dl>
      )}
      <Button action="clear-cache" onPress={() => void clear()}>
        {T.clear}
      </Button>
      <p role="status" class="quiet" data-part="cache-note">
        {note.value}
      </p>
    </div>
  );
}
