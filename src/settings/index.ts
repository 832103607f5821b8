// Typed settings, defaults, per-project overrides, migration; where storage is missing (offscreen) its values come through its door.
export { openSettings } from './open-settings.ts';
export { settingsOf } from './stored-settings.ts';
