/** Tokens and parts shared by every surface. Contrast of each pair of text and ground is at least 4.5 in both themes. */
export const THEME = `
:host, :root {
  color-scheme: light;
  --ground: #ffffff; --raised: #f6f7f8; --sunken: #f1f2f4; --line: #d5d8dd; --line-strong: #858c96;
  --text: #16181d; --quiet: #565d69; --accent: #0a6c50; --accent-text: #ffffff; --accent-soft: #e3f4ee;
  --bad: #b3261e; --bad-soft: #fdecea; --warn: #7a4f00; --warn-soft: #fdf3dc; --focus: #1b5fd0;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --black: #24292f; --red: #b3261e; --green: #1a6b2d; --yellow: #7a4f00; --blue: #0b57b0; --magenta: #8a2a91; --cyan: #10646e; --white: #5c636e;
}
:host([data-theme="dark"]), :root[data-theme="dark"] {
  color-scheme: dark;
  --ground: #1d1f23; --raised: #26292e; --sunken: #16181b; --line: #3a3e46; --line-strong: #8a919d;
  --text: #eceef1; --quiet: #a9b0bb; --accent: #5fd3ab; --accent-text: #06281d; --accent-soft: #17362c;
  --bad: #ff9d94; --bad-soft: #40201d; --warn: #f2c56b; --warn-soft: #3a2d12; --focus: #8ab6ff;
  --black: #9aa2ae; --red: #ff9d94; --green: #7bd88f; --yellow: #f2c56b; --blue: #8ab6ff; --magenta: #e0a2e8; --cyan: #76d5e0; --white: #eceef1;
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.button {
  font: 500 13px/18px var(--sans); min-height: 30px; padding: 5px 11px; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--line); background: var(--ground); color: var(--text);
}
.button:hover:not(:disabled) { border-color: var(--line-strong); background: var(--raised); }
.button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-text); }
.button.primary:hover:not(:disabled) { filter: brightness(1.08); background: var(--accent); }
.button.danger { color: var(--bad); border-color: var(--bad); }
.button:disabled { opacity: .55; cursor: default; }
@media (pointer: coarse) { .button { min-height: 40px; } }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.failure { border-inline-start: 3px solid var(--bad); background: var(--bad-soft); color: var(--text); padding: 8px 12px; border-radius: 0 8px 8px 0; }
.failure p { margin: 2px 0; } .failure ul { margin: 4px 0; padding-inline-start: 18px; } .failure .detail { font-family: var(--mono); font-size: 12px; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.dialog {
  border: 1px solid var(--line); border-radius: 14px; background: var(--ground); color: var(--text); padding: 0; font: 14px/20px var(--sans);
  width: min(880px, calc(100vw - 24px)); max-height: calc(100vh - 24px); box-shadow: 0 16px 48px rgb(0 0 0 / .35);
}
.dialog::backdrop { background: rgb(0 0 0 / .5); }
.dialog-head { display: flex; align-items: center; gap: 8px; padding: 10px 14px; border-bottom: 1px solid var(--line); position: sticky; top: 0; background: var(--ground); }
.dialog-head h2 { margin: 0; font-size: 15px; flex: 1; overflow-wrap: anywhere; }
.dialog-body { padding: 14px; overflow: auto; }
.dialog-body img { max-width: 100%; height: auto; background: #fff; }
.dialog-body pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 12.5px/18px var(--mono); }
textarea, input, select { font: 13px/18px var(--mono); color: var(--text); background: var(--sunken); border: 1px solid var(--line-strong); border-radius: 8px; padding: 6px 9px; }
input[type=checkbox], input[type=radio] { accent-color: var(--accent); }
@media (prefers-reduced-motion: no-preference) { .button { transition: background .12s, border-color .12s; } }
`;
