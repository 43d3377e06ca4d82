/**
 * How a report looks. Colours are those that Okabe and Ito chose to be told apart by everybody (Color
 * Universal Design, 2008), lighter on a dark ground; no meaning rests on colour alone.
 */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --soft: #5d666f; --line: #d9dde2; --faint: #f3f5f7;
  --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #a14f7f; --c4: #9a6b00; --c5: #3f5fa8; --alarm: #d55e00; --data: #0072b2; --heat: #7a3b00; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --ink: #e6e9ec; --soft: #9aa4ae; --line: #343a41; --faint: #1d2125;
  --c0: #56b4e9; --c1: #ff9a4d; --c2: #35c79b; --c3: #e29ac3; --c4: #e6b94d; --c5: #9fb4f0; --alarm: #ff9a4d; --data: #56b4e9; --heat: #ffb066; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 64rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.6rem; font-weight: 600; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; font-weight: 600; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
h3 { font-size: .95rem; font-weight: 600; margin: 2rem 0 .4rem; }
p { margin: .25rem 0 .75rem; max-width: 46rem; }
ul { margin: 0 0 1rem; padding-left: 1.2rem; max-width: 46rem; font-size: .93rem; } .name { white-space: nowrap; }
.soft { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; }
th { text-align: left; font-weight: 500; color: var(--soft); border-bottom: 1px solid var(--line); vertical-align: bottom; }
th, td { padding: .3rem .9rem .3rem 0; }
td { vertical-align: top; border-bottom: 1px solid var(--faint); overflow-wrap: break-word; }
th.number, td.number { text-align: right; }
td.number { white-space: nowrap; }
td.time { white-space: nowrap; }
figure { margin: 1rem 0 0; }
figcaption { color: var(--soft); font-size: .87rem; max-width: 46rem; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
svg text { fill: var(--soft); }
svg text.strong { fill: var(--ink); }
.grid { stroke: var(--line); stroke-width: 1; }
.known { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 3; }
.measure { fill: none; stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round; }
.reference { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 6 4; }
.band.performance { fill: var(--alarm); opacity: .13; } .band.data { fill: var(--data); opacity: .11; }
.episode.performance { fill: var(--alarm); opacity: .55; } .episode.data { fill: var(--data); opacity: .5; }
.held { fill: var(--soft); opacity: .35; } .trial { opacity: .4; }
.mark { stroke: var(--ground); stroke-width: 1; } .mark.open { fill: var(--ground); stroke-width: 1.5; }
.heat { fill: var(--heat); shape-rendering: crispEdges; } .empty { fill: var(--faint); }
.swatch { display: inline-block; width: .7em; height: .7em; border-radius: 2px; margin-right: .45em; }
${[0, 1, 2, 3, 4, 5].map((n) => `.s${n} { stroke: var(--c${n}); } .f${n} { fill: var(--c${n}); } svg text.f${n} { fill: var(--c${n}); font-weight: 600; } .b${n} { background: var(--c${n}); }`).join('\n')}
footer { margin-top: 3rem; color: var(--soft); font-size: .82rem; }
@media print { body { padding: 0; max-width: none; font-size: 11px; } figure, tr { break-inside: avoid; } h2 { break-before: page; } h2:first-of-type { break-before: auto; } .wide { overflow: visible; } }
`

/** So many policies have a colour of their own; the next begin again, and their names tell them apart. */
export const COLOURS = 6
