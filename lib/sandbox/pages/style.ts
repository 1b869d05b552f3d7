/** The hosted pages' whole style. Values are the tokens of the product's own design, so that both feel like one. */
export const STYLE = `
:root { color-scheme: light dark;
  --bg: #fff; --surface: #f6f7f9; --line: #d9dde4; --text: #14171f; --muted: #565f6e; --input: #7d8696;
  --accent: #3451c6; --button: #3451c6; --warning: #8a5200; --warning-tint: #fff6e5; --danger: #b4231b; --danger-tint: #fdeeec;
  --positive: #0f7050; --positive-tint: #e9f7f1; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #0d1015; --surface: #14181f; --line: #2a323e; --text: #e9ecf1; --muted: #9ca6b4; --input: #6c7686;
  --accent: #9db0ff; --button: #4a63dd; --warning: #e5ac4b; --warning-tint: #2a2112; --danger: #ff9389; --danger-tint: #2e1715;
  --positive: #52c797; --positive-tint: #11261d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text);
  font: 14px/1.45 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
a { color: var(--accent); text-underline-offset: 2px; }
h1 { margin: 0 0 4px; font-size: 20px; font-weight: 600; line-height: 1.25; }
h2 { margin: 0 0 12px; font-size: 16px; font-weight: 600; }
p { margin: 0; }
h1.what { font-size: 16px; font-weight: 500; color: var(--muted); }
.aside { margin-top: 16px; color: var(--muted); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.bar { display: flex; justify-content: space-between; align-items: center; gap: 12px; min-height: 48px; padding: 8px 16px;
  border-bottom: 1px solid var(--line); color: var(--muted); font-size: 13px; }
.badge { padding: 2px 8px; border-radius: 6px; background: var(--warning-tint); color: var(--warning); font-size: 12px;
  font-weight: 600; letter-spacing: .04em; white-space: nowrap; }
main { display: grid; gap: 32px; max-width: 920px; margin: 0 auto; padding: 32px 16px 48px; }
main.narrow { max-width: 480px; }
@media (min-width: 820px) { main.split { grid-template-columns: 1fr 1fr; gap: 64px; padding-top: 64px; align-items: start; }
  main.narrow { padding-top: 64px; } }
.muted { color: var(--muted); }
.total { margin: 4px 0 24px; font-size: 40px; font-weight: 600; line-height: 1.1; font-variant-numeric: tabular-nums; }
.card { padding: 16px; border: 1px solid var(--line); border-radius: 10px; }
dl { display: grid; grid-template-columns: minmax(88px, 1fr) minmax(0, auto); row-gap: 8px; margin: 0; padding-top: 12px;
  border-top: 1px solid var(--line); }
dt, dd { margin: 0; }
dt { padding-right: 16px; color: var(--muted); }
dd { overflow-wrap: anywhere; text-align: right; font-variant-numeric: tabular-nums; }
dl .sum { padding-top: 8px; border-top: 1px solid var(--line); color: var(--text); font-weight: 600; }
.back { display: inline-block; margin-top: 16px; padding: 4px 0; }
.stack { display: grid; gap: 16px; }
form { display: grid; gap: 16px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; align-items: start; }
@media (max-width: 359px) { .pair { grid-template-columns: 1fr; } }
.field { display: grid; gap: 4px; }
label { font-weight: 500; }
input { width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--input); border-radius: 6px; background: var(--bg);
  color: var(--text); font: inherit; font-size: 16px; font-variant-numeric: tabular-nums; }
input::placeholder { color: var(--muted); opacity: 1; }
input[aria-invalid=true] { border-color: var(--danger); }
.wrong { color: var(--danger); font-size: 13px; }
.note { padding: 12px 16px; border-radius: 10px; background: var(--danger-tint); color: var(--danger); }
.note.good { background: var(--positive-tint); color: var(--positive); }
button { min-height: 48px; padding: 8px 16px; border: 1px solid var(--button); border-radius: 6px; background: var(--button);
  color: #fff; font: inherit; font-size: 16px; font-weight: 600; font-variant-numeric: tabular-nums; cursor: pointer; }
button:hover { filter: brightness(1.08); }
button.second { border-color: var(--input); background: var(--bg); color: var(--text); }
details { border-top: 1px solid var(--line); padding-top: 12px; }
summary { min-height: 24px; cursor: pointer; color: var(--accent); }
table { width: 100%; margin-top: 8px; border-collapse: collapse; font-size: 13px; }
th, td { padding: 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
thead th { color: var(--muted); }
th[scope=row] { padding-right: 12px; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: nowrap; }
@media (max-width: 359px) { th[scope=row] { white-space: normal; } }
`
