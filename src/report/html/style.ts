/** The style sheet of a report: light and dark, from a phone to a printed page. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1c1f23; --faint: #5b636d; --line: #d9dde2; --shade: #f4f6f8; --accent: #005a8f;
  --warn-page: #fff4e0; --warn-ink: #6b3d00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15181c; --ink: #e6e8eb; --faint: #a3abb5; --line: #383e46; --shade: #1f242a; --accent: #7cc4f0;
    --warn-page: #3b2a0d; --warn-ink: #ffd591;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 74rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif;
  overflow-wrap: break-word;
}
main > p, figcaption { max-width: 46rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.6rem 0 .8rem; }
.byline { color: var(--faint); margin: 0 0 1.4rem; font-size: .9rem; }
pre { background: var(--shade); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; margin: 1rem 0; }
pre { overflow-x: auto; overflow-wrap: normal; }
code { font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.warning { background: var(--warn-page); color: var(--warn-ink); border-left: 4px solid currentColor; padding: .6rem .9rem; }
.scroll { overflow-x: auto; }
.scroll + .scroll { margin-top: 1.8rem; }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; min-width: min(100%, 34rem); font-size: .92rem; overflow-wrap: normal; }
caption > span { position: sticky; left: 0; display: inline-block; max-width: min(100vw - 2rem, 46rem); }
caption { text-align: left; color: var(--faint); font-size: .88rem; padding: 0 0 .4rem; }
th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: baseline; }
th[scope="row"], thead td { text-align: left; padding-left: 0; position: sticky; left: 0; background: var(--page); }
th[scope="row"] { font-weight: 400; color: var(--faint); min-width: 6.5rem; max-width: 20rem; }
thead > tr > * { border-bottom-width: 2px; }
thead th { min-width: 4.5rem; max-width: 11rem; vertical-align: bottom; }
.long { overflow-wrap: anywhere; }
td { font-variant-numeric: tabular-nums; max-width: 22rem; white-space: pre-line; }
tr.emphasis > * { font-weight: 650; color: var(--ink); }
figure { margin: 0 0 2.2rem; }
.card { background: #ffffff; border: 1px solid var(--line); border-radius: 8px; padding: .75rem; text-align: center; }
.card svg { display: inline-block; max-width: 100%; height: auto; vertical-align: top; }
figcaption { margin-top: .6rem; font-size: .92rem; color: var(--faint); }
figcaption strong { color: var(--ink); }
details { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .9rem; }
details > .scroll { margin-top: .6rem; }
summary { cursor: pointer; font-weight: 600; }
dl { margin: 0; font-size: .92rem; }
dl > div { display: flex; flex-wrap: wrap; gap: 0 1rem; border-bottom: 1px solid var(--line); padding: .3rem 0; }
dt { color: var(--faint); flex: 0 0 9rem; }
dd { margin: 0; flex: 1 1 12rem; }
@media (min-width: 64rem) {
  figure { display: grid; grid-template-columns: minmax(0, 42rem) minmax(16rem, 1fr); gap: 0 1.5rem; align-items: start; }
  figcaption { margin-top: .3rem; }
}
@media (max-width: 30rem) { .card { padding: .3rem; margin: 0 -.5rem; } }
@media print {
  @page { margin: 15mm; }
  :root { --page: #ffffff; --ink: #000000; --faint: #3d434a; --line: #b9bec5; --shade: #f4f6f8; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  figure, tr, .warning { break-inside: avoid; }
  h2, caption { break-after: avoid; }
  .scroll { overflow: visible; }
  th[scope="row"], thead td, caption > span { position: static; }
  figure { display: block; }
  .card { border: none; padding: 0; text-align: left; }
  .card svg { max-width: 125mm; max-height: 190mm; }
}
`.trim();
