import { connectPageDoor, connectRunsDoor } from '../../src/bridge/index.ts';
import { openSettings } from '../../src/settings/index.ts';
import { mountPopup } from '../../src/ui/popup/index.ts';

const place = document.getElementById('popup');
const ended = new AbortController();
const { signal } = ended;
addEventListener('pagehide', () => ended.abort(), { once: true });
const settings = await openSettings({ signal });
if (place !== null) {
  mountPopup(place, { runs: connectRunsDoor({ signal }), settings, page: connectPageDoor() }, { signal });
}
