import { THEME } from '../../kit/index.ts';

/** Styles of the card; they live in its shadow root only. */
export const CARD_STYLES = `${THEME}
:host { display: block; margin: 10px 0; font: 14px/20px var(--sans); color: var(--text); text-align: start; contain: layout style; white-space: normal; }
:host([hidden]) { display: none; }
.card { position: relative; border: 1px solid var(--line); border-radius: 12px; background: var(--ground); padding: 10px 12px; display: flex; flex-direction: column; gap: 8px; min-width: 0; }
.head { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; }
.title { font-weight: 600; flex: 1 1 auto; }
.status-line { display: flex; gap: 8px; align-items: center; }
.status { display: inline-flex; align-items: center; gap: 6px; padding: 2px 9px; border-radius: 999px; font-weight: 500; font-size: 13px; background: var(--raised); }
.status::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--line-strong); flex: none; }
.status.good { background: var(--accent-soft); } .status.good::before { background: var(--accent); }
.status.bad { background: var(--bad-soft); } .status.bad::before { background: var(--bad); border-radius: 2px; }
.status.warn { background: var(--warn-soft); } .status.warn::before { background: var(--warn); border-radius: 2px; }
.status.busy::before { background: transparent; border: 2px solid var(--accent); border-inline-end-color: transparent; width: 11px; height: 11px; }
@media (prefers-reduced-motion: no-preference) { .status.busy::before { animation: turn .9s linear infinite; } @keyframes turn { to { transform: rotate(1turn); } } }
.quiet { font-size: 13px; }
.note { margin: 0; color: var(--quiet); font-size: 13px; overflow-wrap: anywhere; }
.said { color: var(--text); }
details.code { font-size: 13px; }
details.code summary { cursor: pointer; width: fit-content; border-radius: 6px; padding: 2px 0; }
pre { margin: 0; font: 12.5px/18px var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
details.code pre, .result pre, pre.text, .rich { background: var(--sunken); border-radius: 8px; padding: 8px 10px; margin-top: 4px; max-height: 320px; overflow: auto; }
.log { font: 12.5px/18px var(--mono); background: var(--sunken); border-radius: 8px; padding: 8px 10px; max-height: 360px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; direction: ltr; text-align: left; }
.chunk { content-visibility: auto; contain-intrinsic-size: auto 200px; }
.segment.stderr { color: var(--bad); border-inline-start: 2px solid var(--bad); padding-inline-start: 8px; margin-inline-start: -10px; }
.ansi-black-fg { color: var(--black); } .ansi-red-fg { color: var(--red); } .ansi-green-fg { color: var(--green); } .ansi-yellow-fg { color: var(--yellow); }
.ansi-blue-fg { color: var(--blue); } .ansi-magenta-fg { color: var(--magenta); } .ansi-cyan-fg { color: var(--cyan); } .ansi-white-fg { color: var(--white); }
.ansi-bright-black-fg { color: var(--quiet); } .ansi-bright-red-fg { color: var(--red); } .ansi-bright-green-fg { color: var(--green); } .ansi-bright-yellow-fg { color: var(--yellow); }
.ansi-bright-blue-fg { color: var(--blue); } .ansi-bright-magenta-fg { color: var(--magenta); } .ansi-bright-cyan-fg { color: var(--cyan); } .ansi-bright-white-fg { color: var(--text); }
[class*="-bg"] { color: #ffffff; } .ansi-black-bg { background: #24292f; } .ansi-red-bg, .ansi-bright-red-bg { background: #a4221b; } .ansi-green-bg, .ansi-bright-green-bg { background: #1a6b2d; }
.ansi-yellow-bg, .ansi-bright-yellow-bg { background: #7a4f00; } .ansi-blue-bg, .ansi-bright-blue-bg { background: #0b57b0; } .ansi-magenta-bg, .ansi-bright-magenta-bg { background: #8a2a91; }
.ansi-cyan-bg, .ansi-bright-cyan-bg { background: #10646e; } .ansi-white-bg, .ansi-bright-white-bg { background: #dfe2e7; color: #16181d; } .ansi-bright-black-bg { background: #565d69; }
.ansi-bold { font-weight: 700; } .ansi-dim { opacity: .75; } .ansi-italic { font-style: italic; } .ansi-underline { text-decoration: underline; } .ansi-strikethrough { text-decoration: line-through; }
.ansi-reverse { background: var(--text); color: var(--ground); } .ansi-hidden { visibility: hidden; }
.row { display: flex; flex-wrap: wrap; gap: 6px 8px; align-items: center; } .row.end { justify-content: flex-end; }
.name { flex: 1 1 auto; overflow-wrap: anywhere; }
figure { margin: 0; display: flex; flex-direction: column; gap: 6px; min-width: 0; }
figcaption { font-weight: 600; font-size: 13px; }
.picture { display: block; border: 1px solid var(--line); background: #fff; padding: 0; border-radius: 8px; cursor: zoom-in; overflow: hidden; width: fit-content; max-width: 100%; }
.picture img, .figure canvas { display: block; max-width: 100%; max-height: 480px; height: auto; width: auto; }
.scroll { overflow: auto; max-height: 380px; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; font-size: 13px; line-height: 18px; font-variant-numeric: tabular-nums; min-width: 100%; }
th, td { padding: 4px 10px; text-align: start; border-bottom: 1px solid var(--line); white-space: pre; max-width: 420px; overflow: hidden; text-overflow: ellipsis; }
tbody tr:last-child > * { border-bottom: 0; }
thead > tr > * { position: sticky; top: 0; background: var(--raised); z-index: 1; }
tbody th { font-weight: 500; color: var(--quiet); }
.number { text-align: end; }
th > button { all: unset; cursor: pointer; font-weight: 600; border-radius: 4px; } th > button:focus-visible { outline: 2px solid var(--focus); }
.rich table { min-width: 0; }
.files ul { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 4px; }
.files li { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; border: 1px solid var(--line); border-radius: 8px; padding: 5px 6px 5px 10px; }
.error { border-inline-start: 3px solid var(--bad); background: var(--bad-soft); border-radius: 0 8px 8px 0; padding: 8px 12px; overflow-wrap: anywhere; }
.error pre { margin-top: 6px; max-height: 320px; overflow: auto; } .error ul { margin: 6px 0 0; padding-inline-start: 18px; }
.input-row { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; background: var(--warn-soft); border-radius: 8px; padding: 8px 10px; }
.prompt { flex: 1 1 220px; display: flex; flex-direction: column; gap: 4px; font-size: 13px; min-width: 0; overflow-wrap: anywhere; white-space: pre-wrap; } .prompt input { width: 100%; }
.actions { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; } .gap { flex: 1 1 0; }
.stack { display: flex; flex-direction: column; gap: 8px; } .stack p { margin: 0; } .check { display: flex; gap: 8px; align-items: center; } textarea { width: 100%; resize: vertical; }
.drop-hint { display: none; position: absolute; inset: 0; border: 2px dashed var(--accent); border-radius: 12px; background: var(--accent-soft); color: var(--text); align-items: center; justify-content: center; text-align: center; font-weight: 600; padding: 12px; }
:host([data-dropping]) .drop-hint { display: flex; }
@media (max-width: 480px) { .card { padding: 10px; } .gap { display: none; } .actions .button { flex: 1 1 auto; } }
`;
