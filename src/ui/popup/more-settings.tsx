import { useSignal } from '@preact/signals';
import type { Settings } from '../../contracts/settings.ts';
import { POPUP_TEXTS } from '../texts.ts';
import { CachePart } from './cache-part.tsx';
import { Choice, NumberSetting } from './fields.tsx';
import { PlacesPart } from './places-part.tsx';
import type { PopupDoors, ShownPage } from './popup-state.ts';
import { RulesPart } from './rules-part.tsx';

const T = POPUP_TEXTS.more;
const { seconds, megabytes } = POPUP_TEXTS;

interface MoreSettingsProps {
  readonly doors: PopupDoors;
  readonly settings: Settings;
  readonly page: ShownPage;
  readonly save: (patch: Partial<Settings>) => void;
}

/** Everything that few people change, folded; what it shows of the host is read while it is open. */
export function MoreSettings({ doors, settings, page, save }: MoreSettingsProps) {
  const isOpen = useSignal(false);
  return (
    <details data-part="more-settings" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{T.title}</summary>
      {isOpen.value ? (
        <div class="more">
          <h3>{T.running}</h3>
          <RunningFields settings={settings} save={save} />
          <h3>{T.warning}</h3>
          <NumberSetting
            name="hereTimeMs"
            label={T.hereTime}
            unit={seconds}
            scale={1000}
            settings={settings}
            save={save}
          />
          <NumberSetting name="hereMemoryMB" label={T.hereMemory} unit={megabytes} settings={settings} save={save} />
          <h3>{T.places.title}</h3>
          <PlacesPart engine={doors.engine} runs={doors.runs} page={page} settings={settings} save={save} />
          <h3>{T.rules.title}</h3>
          <RulesPart engine={doors.engine} />
          <h3>{T.cache.title}</h3>
          <CachePart engine={doors.engine} settings={settings} save={save} />
        </div>
      ) : null}
    </details>
  );
}

function RunningFields({ settings, save }: Pick<MoreSettingsProps, 'settings' | 'save'>) {
  return (
    <>
      <Choice
        name="pythonStart"
        label={T.start.label}
        value={settings.pythonStart}
        options={T.start.options}
        onChange={(pythonStart) => save({ pythonStart })}
      />
      <NumberSetting name="otherMemoryMB" label={T.otherMemory} unit={megabytes} settings={settings} save={save} />
      <Choice
        name="queueStrategy"
        label={T.strategy.label}
        value={settings.queueStrategy}
        options={T.strategy.options}
        onChange={(queueStrategy) => save({ queueStrategy })}
      />
      <NumberSetting name="runsAtOnce" label={T.atOnce} unit={T.runs} settings={settings} save={save} />
      <NumberSetting name="poolMB" label={T.pool} unit={megabytes} settings={settings} save={save} />
      <NumberSetting
        name="sessionIdleMs"
        label={T.idle}
        unit={T.minutes}
        scale={60_000}
        settings={settings}
        save={save}
      />
      <NumberSetting name="networkMB" label={T.network} unit={megabytes} settings={settings} save={save} />
    </>
  );
}
