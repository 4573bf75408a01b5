// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_style.h"

namespace culprit::report {

const std::string_view styleSheet = R"css(
:root { --paper: #ffffff; --ink: #18212c; --dim: #566372; --line: #d5dce4; --tint: #f3f6f9;
        --blue: #1b6ca8; --orange: #c2611a; --orange-soft: #f0a868; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181d; --ink: #e4e9ee; --dim: #9ba8b6; --line: #333d48; --tint: #1c222a;
          --blue: #5fa8dd; --orange: #ef9448; --orange-soft: #b9672b; } }
@media print {
  :root { --paper: #ffffff; --ink: #000000; --dim: #4a5560; --line: #c4ccd4; --tint: #f3f6f9;
          --blue: #1b6ca8; --orange: #c2611a; --orange-soft: #f0a868; } }
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 62rem; line-height: 1.5;
       font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
       -webkit-print-color-adjust: exact; print-color-adjust: exact; overflow-wrap: break-word; }
h1 { font-size: 1.05rem; font-weight: 600; margin: 0; color: var(--dim); letter-spacing: 0.01em; }
h2 { font-size: 1.3rem; margin: 3rem 0 0.6rem; padding-top: 1rem; border-top: 1px solid var(--line);
     font-weight: 650; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.4rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
.finding { font-size: 1.6rem; line-height: 1.32; font-weight: 600; margin: 0.5rem 0 0; max-width: 50rem; }
.byline, .dim, caption { color: var(--dim); }
.byline { font-size: 0.9rem; margin-top: 0.8rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0.8rem;
           margin: 1.8rem 0 0; padding: 0; }
.figures > div { background: var(--tint); border-left: 4px solid var(--blue); padding: 0.7rem 0.9rem; }
.figures dt { color: var(--dim); font-size: 0.85rem; }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.figures dd small { display: block; font-size: 0.8rem; font-weight: 400; color: var(--dim); }
dl.facts { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.35rem 1.4rem; margin: 0.8rem 0; }
dl.facts dt { color: var(--dim); }
dl.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace; font-size: 0.86em; }
code { overflow-wrap: anywhere; }
pre { background: var(--tint); border: 1px solid var(--line); padding: 0.8rem 1rem; white-space: pre-wrap;
      overflow-wrap: anywhere; }
.notice { background: var(--tint); border-left: 4px solid var(--orange); padding: 0.5rem 0.9rem; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: 0.92rem; }
caption { text-align: left; padding-bottom: 0.5rem; font-size: 0.88rem; max-width: 46rem; }
th, td { padding: 0.38rem 0.75rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { font-weight: 600; border-bottom: 2px solid var(--line); white-space: nowrap; }
tbody th { font-weight: 500; overflow-wrap: anywhere; max-width: 18rem; }
th:first-child { padding-left: 0.5rem; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.best { background: var(--tint); }
tr.best th { font-weight: 700; box-shadow: inset 4px 0 var(--blue); }
tr.random th { box-shadow: inset 4px 0 var(--orange); }
.mark { display: inline-block; font-size: 0.78rem; font-weight: 600; color: var(--ink); white-space: nowrap; }
.up { color: var(--blue); } .down { color: var(--orange); }
td.pair { width: 12rem; min-width: 8rem; vertical-align: middle; } td.pair svg { display: block; width: 100%; height: 14px; }
.matrix th, .matrix td { padding: 0.3rem 0.55rem; border: 1px solid var(--line); text-align: right; }
.matrix th { font-weight: 500; max-width: 9rem; } .matrix td { min-width: 2.6rem; }
.matrix .diagonal { color: var(--dim); background: var(--tint); }
.matrix .none { color: var(--dim); }
.matrix .shade { position: relative; z-index: 0; font-weight: 600; }
.matrix .shade::before { content: ""; position: absolute; inset: 0; z-index: -1; background: var(--orange);
                         opacity: var(--s); }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.2rem, 1fr)); gap: 0.75rem; margin: 1rem 0; }
.card { margin: 0; border: 1px solid var(--line); background: var(--tint); font-size: 0.85rem; min-width: 0;
        break-inside: avoid; }
.card figcaption { padding: 0.45rem 0.6rem 0.6rem; }
.frame { background: #000000; aspect-ratio: 1; display: flex; align-items: center; justify-content: center; }
.frame.missing { background: var(--paper); color: var(--dim); border-bottom: 1px solid var(--line); }
.frame img { width: 100%; height: 100%; object-fit: contain; }
.pixels { image-rendering: crisp-edges; image-rendering: pixelated; }
.top { display: flex; justify-content: space-between; gap: 0.3rem; font-variant-numeric: tabular-nums;
       white-space: nowrap; }
.labels { font-size: 1rem; margin: 0.1rem 0 0.25rem; overflow-wrap: anywhere; max-height: 4.5rem; overflow: hidden; }
.labels .dim { font-size: 0.82rem; } .arrow { color: var(--dim); }
.decision { font-size: 0.82rem; font-weight: 600; border-top: 1px solid var(--line); padding-top: 0.2rem;
            overflow-wrap: anywhere; }
.decision .dim, .decision.dim { font-weight: 400; }
.note { font-size: 0.78rem; font-style: italic; overflow-wrap: anywhere; }
.banner { max-width: none; margin: 0 0 1rem; padding: 0.4rem 0.9rem; border: 2px solid var(--orange); font-weight: 650;
          text-align: center; }
.file { color: var(--dim); font-size: 0.78rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.bars { display: grid; grid-template-columns: 1fr auto; gap: 0.05rem 0.4rem; font-size: 0.78rem; color: var(--dim); }
.bars svg { grid-column: 1 / -1; width: 100%; height: 5px; margin-bottom: 0.2rem; }
.bars .n { font-variant-numeric: tabular-nums; color: var(--ink); }
.track { fill: var(--line); } .influence { fill: var(--blue); } .suspicion { fill: var(--orange); }
.chart { display: block; width: 100%; max-width: 54rem; height: auto; margin: 1.2rem 0 0.6rem; }
.before { fill: var(--paper); stroke: var(--dim); stroke-width: 1; }
.after { fill: var(--blue); } .control { fill: url(#hatch); stroke: var(--orange); stroke-width: 1; }
.hatch-ground { fill: var(--paper); } .hatch-line { stroke: var(--orange); stroke-width: 4; }
.whisker { stroke: var(--ink); stroke-width: 1.6; } .gridline { stroke: var(--line); stroke-width: 1; }
.chart text { fill: var(--ink); font-size: 13px; font-variant-numeric: tabular-nums; }
.chart .name { text-anchor: end; } .chart .tick { text-anchor: middle; } .chart .group { font-weight: 650; font-size: 14px; }
.chart .name, .chart .tick, .chart .remark, .chart .range { fill: var(--dim); font-size: 12px; }
.chart .strong { font-weight: 600; }
.key { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; font-size: 0.88rem; color: var(--dim); list-style: none;
       margin: 0; padding: 0; }
.key svg { width: 26px; height: 12px; vertical-align: -1px; margin-right: 0.4rem; }
ul.plain { padding-left: 1.1rem; max-width: 46rem; } ul.plain li { margin: 0.35rem 0; }
@media (max-width: 36rem) { dl.facts { grid-template-columns: 1fr; gap: 0 1rem; } dl.facts dd { margin-bottom: 0.5rem; }
  .finding { font-size: 1.3rem; } body { padding: 1.5rem 1rem 3rem; } }
.paper { display: none; }
@page { margin: 16mm 15mm; }
@media print {
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  h2 { margin-top: 2rem; break-after: avoid; } h3 { break-after: avoid; }
  .keep, .chart, .figures, p, tr, li, dl.facts, pre { break-inside: avoid; } thead { display: table-header-group; }
  .grid { grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 0.5rem; } .card:nth-child(n+31) { display: none; }
  .wide { overflow: visible; } th, td { padding: 0.25rem 0.45rem; } table { font-size: 0.88rem; }
  #review, #classes, #confusion, #cases, #reproduce { break-inside: avoid; }
  p.lead, h3 + p, .wide caption, caption { break-after: avoid; } .banner { break-after: avoid; }
  .paper { display: inline; } }
)css";

} // namespace culprit::report
