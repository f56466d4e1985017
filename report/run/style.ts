// The look of a run's page, over that of every page: cards, facts, tables that scroll on a telephone and are whole on paper.

/** CSS; colours are the names of the common style. */
export const RUN_STYLE = `
  * { box-sizing: border-box; }
  :root { --soft: #f4f6f8; --rule-soft: #e8ecef; --quiet-bar: #87929c; }
  @media screen and (prefers-color-scheme: dark) { :root { --soft: #1c2228; --rule-soft: #272e35; --quiet-bar: #6b7782; } }
  body { max-width: 62rem; overflow-wrap: anywhere; font-size: 15px; }
  header h1 { font-size: 1.9rem; line-height: 1.2; margin: .1rem 0 .8rem; letter-spacing: -.01em; }
  .kind { margin: 0; color: var(--quiet); font-size: .9rem; }
  h2 { font-size: 1.35rem; margin: 0 0 .9rem; } h2 span { font-weight: 400; font-size: 1.05rem; margin-left: .4rem; }
  h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; } h4 { margin: 1rem 0 .2rem; font-size: .95rem; }
  section, footer { margin-top: 2.6rem; padding-top: 1.4rem; border-top: 1px solid var(--rule); }
  footer { color: var(--quiet); font-size: .9rem; } footer h2 { font-size: 1rem; margin-bottom: .3rem; } ul { margin: .3rem 0; padding-left: 1.2rem; }
  ul.plain { list-style: none; padding: 0; }
  nav { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .7rem; margin: 1.4rem 0 0; }
  .card { display: flex; flex-direction: column; gap: .15rem; padding: .75rem .9rem; background: var(--soft); color: var(--text);
    border-left: 4px solid var(--strong-rule); border-radius: 4px; text-decoration: none; }
  .card:hover strong, .card:focus-visible strong { text-decoration: underline; }
  .card span, .card small { color: var(--quiet); font-size: .85rem; } .card strong { font-size: 1.1rem; }
  .card.met { border-color: var(--good); color: var(--text); } .card.missed { border-color: var(--bad); } .card.missed strong { color: var(--bad); }
  .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(25rem, 1fr)); gap: .3rem 1.6rem; margin: 0 0 1rem; }
  .facts div { display: flex; gap: .6rem; align-items: baseline; min-width: 0; } .facts dt { color: var(--quiet); flex: 0 0 6rem; }
  .facts .whole { grid-column: 1 / -1; } .facts dd { margin: 0; min-width: 0; }
  .code, pre { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; font-size: .85em; }
  pre { background: var(--soft); padding: .6rem .8rem; border-radius: 4px; }
  .scroll { overflow-x: auto; } .scroll:focus-visible { outline: 2px solid var(--series-1); outline-offset: 2px; }
  table { font-size: .92rem; } th { color: var(--quiet); font-weight: 600; border-bottom-width: 1px; vertical-align: bottom; }
  td { border-bottom-color: var(--rule-soft); } td, th { padding: .32rem .8rem .32rem 0; } td:last-child, th:last-child { padding-right: 0; }
  .scroll table { width: auto; min-width: min(100%, 34rem); } td.figure + td:not(.figure), th.figure + th:not(.figure) { padding-left: .6rem; }
  th:empty { width: 1.6rem; } @media (min-width: 641px) { td:nth-child(2):not(.figure) { min-width: 14rem; } }
  figure { margin: 1.4rem 0; } figcaption { margin-bottom: .5rem; } figcaption strong { margin-right: .8rem; }
  .legend { margin-right: .5rem; white-space: nowrap; color: var(--quiet); }
  .legend i { display: inline-block; margin-right: .35rem; vertical-align: -1px; }
  .mark-bar, .mark-quiet-bar { width: 16px; height: 10px; background: var(--bar); } .mark-quiet-bar { background: var(--quiet-bar); } .mark-tick { width: 0; height: 13px; border-left: 2px solid var(--text); }
  .mark-dot, .mark-other-dot { width: 9px; height: 9px; border-radius: 50%; background: var(--series-1); } .mark-other-dot { background: none; border: 2px solid var(--series-2); }
  .narrow { display: none; }
  details { margin: 1rem 0; } summary { color: var(--text); font-weight: 600; padding: .2rem 0; } details > h3 { display: none; }
  @media screen and (max-width: 640px) {
    body { margin: 1rem auto; } header h1 { font-size: 1.5rem; } .wide { display: none; } .narrow { display: block; }
    nav { grid-template-columns: 1fr 1fr; gap: .5rem; } .card { padding: .6rem .7rem; } .facts { grid-template-columns: 1fr; }
    .scroll table { display: table; width: max-content; min-width: 100%; max-width: 60rem; } .scroll td:not(.figure) { max-width: 15rem; } .scroll td:last-child:not(.figure) { max-width: 34rem; }
  }
  @page { margin: 14mm 12mm; }
  @media print {
    :root { font-size: 10.5px; } body { font-size: 10px; padding: 0; } .scroll { overflow: visible; } table { font-size: 9px; } thead { display: table-header-group; }
    nav { grid-template-columns: repeat(5, 1fr); } .card { border: 1px solid var(--rule); border-left-width: 4px; }
    h2, h3, h4, figcaption, summary { break-after: avoid; } figure, tr, .card { break-inside: avoid; } details { break-inside: auto; }
    details::details-content { content-visibility: visible; display: block; } summary { list-style: none; }
    section { margin-top: 1.4rem; padding-top: .9rem; } svg { max-height: 23cm; }
  }
`;
