// Toggle, state and quick actions; every setting and limit with its unit and bounds.
export { mountPopup, type PopupDoors } from './mount.tsx';
