// The only place that names browser.*: tabs, storage, downloads, permissions, raw ports, differences between browsers.
export {
  askActiveTab,
  askTab,
  isInTab,
  onTabRequest,
  openBesideActiveTab,
  openFolderPage,
} from './active-tab.ts';
export { raiseHitStyle, serveHitStyle } from './hit-style.ts';
export { askBackground, onBackgroundRequest, type BackgroundRequest } from './background-requests.ts';
export { BUILD_FLAGS } from './build-flags.ts';
export { onHostChoices, tellHost } from './host-choices.ts';
export { requestHostAccess } from './host-access.ts';
export {
  ensureOffscreenDocument,
  hasOffscreenApi,
  keepBackgroundAwake,
  openHostTab,
  ownOrigin,
  packageUrl,
  packageVersion,
} from './host-world.ts';
export { connectPort, onPort, type IncomingPort, type PortSender, type RawPort } from './ports.ts';
export { askForTerminals, openTerminals, serveTerminalRequests } from './terminals-tab.ts';
export { onStoredChange, readStored, writeStored } from './storage.ts';
