// Typed settings, defaults, per-project overrides, migration; where storage is missing (offscreen) its values come through its door.
export { openSettings } from './open-settings.ts';
export { plainRules } from './plain-rules.ts';
export { checkedRules, settingsOf } from './stored-settings.ts';
