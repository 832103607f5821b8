import { THEME } from '../kit/index.ts';

/** 360 pixels wide as a popup; the same page fills a phone's screen. */
export const POPUP_STYLES = `${THEME}
html { background: var(--ground); color: var(--text); font: 14px/20px var(--sans); }
/* Extension pages come with a smaller font of the browser's own. */
body { margin: 0; width: 360px; max-width: 100vw; font: 14px/20px var(--sans); }
@media (max-width: 480px) and (pointer: coarse) { body { width: 100%; } }
main { padding: 14px 16px 16px; display: flex; flex-direction: column; gap: 12px; }
h1 { font-size: 16px; line-height: 22px; margin: 0; }
h2 { font-size: 13px; line-height: 18px; margin: 0; color: var(--quiet); font-weight: 600; }
p { margin: 0; } section { display: flex; flex-direction: column; gap: 6px; padding-top: 10px; border-top: 1px solid var(--line); align-items: stretch; }
.quiet { font-size: 13px; line-height: 18px; }
section > .button { align-self: flex-start; }
.switch, .amount { display: flex; justify-content: space-between; align-items: center; gap: 12px; min-height: 32px; }
.switch > span { display: flex; flex-direction: column; } .label { font-weight: 500; }
.switch input { appearance: none; margin: 0; flex: none; width: 40px; height: 24px; padding: 0; border-radius: 999px; border: 1px solid var(--line-strong); background: var(--sunken); position: relative; cursor: pointer; }
.switch input::after { content: ""; position: absolute; top: 3px; inset-inline-start: 3px; width: 16px; height: 16px; border-radius: 50%; background: var(--line-strong); }
.switch input:checked { background: var(--accent); border-color: var(--accent); } .switch input:checked::after { inset-inline-start: 19px; background: var(--accent-text); }
.amount input { width: 84px; } .amount select { max-width: 170px; } input, select { font-family: var(--sans); }
.fine, .alert { padding: 8px 10px; border-radius: 8px; background: var(--accent-soft); } .alert { background: var(--warn-soft); border-inline-start: 3px solid var(--warn); }
.counts { margin: 0; display: flex; flex-direction: column; } .counts div { display: flex; justify-content: space-between; } .counts dt { color: var(--quiet); } .counts dd { margin: 0; font-variant-numeric: tabular-nums; }
.drop { border: 1.5px dashed var(--line-strong); border-radius: 10px; padding: 10px 12px; display: flex; flex-direction: column; gap: 8px; align-items: flex-start; } .drop.over { background: var(--accent-soft); border-color: var(--accent); }
.runs { list-style: none; margin: 0; padding: 0; } .runs li { display: flex; justify-content: space-between; gap: 8px; padding: 3px 0; }
`;
