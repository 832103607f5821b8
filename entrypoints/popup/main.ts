import { connectEngineDoor, connectPageDoor, connectRunsDoor, runsChecks } from '../../src/bridge/index.ts';
import {
  isInTab,
  openBesideActiveTab,
  openFolderPage,
  openTerminals,
  requestHostAccess,
} from '../../src/platform/index.ts';
import { checkedRules, openSettings } from '../../src/settings/index.ts';
import { mountPopup } from '../../src/ui/popup/index.ts';

const place = document.getElementById('popup');
const ended = new AbortController();
const { signal } = ended;
addEventListener('pagehide', () => ended.abort(), { once: true });
const settings = await openSettings({ signal, rules: checkedRules });
if (place !== null) {
  const tabId = Number(new URLSearchParams(location.search).get('tab') ?? Number.NaN);
  const doors = {
    runs: connectRunsDoor({ signal, checks: runsChecks() }),
    engine: connectEngineDoor({ signal }),
    settings,
    page: connectPageDoor(Number.isInteger(tabId) ? tabId : null),
  };
  // Firefox closes its popup as soon as a file dialog opens.
  const files = (await isInTab()) ? 'here' : import.meta.env.FIREFOX ? 'in-tab' : 'both';
  const openTab = () => openBesideActiveTab('/popup.html');
  mountPopup(place, doors, { files, openTab, openTerminals, openFolder: openFolderPage, requestHostAccess, signal });
}
