/// The style all pages share: dark on white, calm, readable in print and by who sees no colours.
enum PageStyle {
  /// Contrast to white: text 16:1, quiet text 7:1, warnings and links above 6:1 (WCAG asks for 4.5).
  static let sheet =
    """
    :root{color-scheme:light}
    body{font:15px/1.5 system-ui,'DejaVu Sans',Arial,sans-serif;color:#1b1f24;background:#fff;max-width:76rem;margin:2rem auto;padding:0 1rem}
    h1{font-size:1.6rem;line-height:1.25;margin:0 0 .4rem}
    h2{font-size:1.25rem;margin:2.2rem 0 .4rem;border-top:1px solid #d5dae0;padding-top:1rem}
    h3{font-size:1.02rem;margin:1.4rem 0 .3rem}
    h1,h2,h3,dt,dd,li,p,figcaption{overflow-wrap:anywhere}
    p,ul,ol{max-width:52rem}ul,ol{padding-left:1.3rem}li{margin:.15rem 0}
    a{color:#0b5394}a:focus-visible,.wide:focus-visible{outline:2px solid #0b5394;outline-offset:2px}
    code{font:.92em/1.4 ui-monospace,'DejaVu Sans Mono',monospace;background:#f0f2f4;padding:0 .2em;border-radius:3px}
    .facts{color:#4a5560}
    nav{background:#f6f7f9;border-radius:4px;padding:.6rem 1rem;margin:1rem 0}nav ol{margin:0;columns:16rem;column-gap:3rem}
    dl{display:grid;grid-template-columns:fit-content(20rem) 1fr;gap:.35rem 1rem;margin:.6rem 0}
    dt{font-weight:600}dd{margin:0;max-width:52rem}
    .callout{border-left:4px solid #5b6770;background:#f6f7f9;padding:.5rem .8rem;margin:.7rem 0}
    .callout.warning{border-color:#b3261e;background:#fdf3f2;color:#8c1d18}strong.warning{color:#b3261e}
    .wide{overflow-x:auto;margin:.8rem 0}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}
    caption{text-align:left;font-weight:600;padding:.2rem 0}
    th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid #e4e8ec;vertical-align:top}
    td,th{min-width:3.2rem;overflow-wrap:break-word}thead th{border-bottom:2px solid #aeb6be;overflow-wrap:normal}tbody th{font-weight:500;min-width:7rem}
    .right{text-align:right}
    .figures{display:flex;flex-wrap:wrap;gap:1rem;margin:.8rem 0}
    figure{margin:0;break-inside:avoid;background:#f6f7f9;padding:.5rem;border-radius:4px;max-width:100%;box-sizing:border-box}
    figure.drawing{background:#fff;border:1px solid #e4e8ec}
    figure div{display:flex;flex-wrap:wrap;gap:.25rem;align-items:center}
    img,svg{display:block;max-width:100%;height:auto}img{background:#000}
    figcaption{font-size:.84rem;color:#3b454f;margin-top:.35rem;width:0;min-width:100%}
    footer{margin-top:2.5rem;color:#4a5560;border-top:1px solid #d5dae0;padding-top:.6rem}
    @media(max-width:36rem){dl{display:block}dd{margin:0 0 .5rem}nav ol{columns:1}}
    @media screen and (max-width:36rem){
    body{padding:0 .6rem}figure.drawing{overflow-x:auto;padding:.25rem}
    figure div img:not(:only-child){max-width:calc(50% - .125rem)}
    .rows table,.rows tbody,.rows caption,.rows tr,.rows th,.rows td{display:block;min-width:0}
    .rows thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .rows tr{border-bottom:1px solid #aeb6be;padding:.35rem 0}.rows th,.rows td{border:0;padding:.1rem 0}
    .rows tbody th{font-weight:600}.rows td{display:flow-root;text-align:right;overflow-wrap:anywhere}
    .rows td[data-label]::before{content:attr(data-label);float:left;max-width:50%;margin-right:1rem;color:#4a5560;text-align:left}
    }
    @media print{
    @page{margin:15mm}
    body{margin:0;max-width:none;padding:0;font-size:10pt}
    h2,h3,caption,thead{break-after:avoid}tbody tr:first-child{break-before:avoid}tr,.callout{break-inside:avoid}.wide{overflow:visible}thead{display:table-header-group}
    table{font-size:8.5pt}th,td{padding-right:.6rem}td,tbody th{overflow-wrap:anywhere}
    .figures{gap:.5rem}figure:not(.drawing){width:calc(50% - .25rem)}
    figure:not(.drawing) div{flex-wrap:nowrap}figure div img:not(:only-child){max-width:calc(50% - .125rem)}
    figure,nav{background:none;border:1px solid #d5dae0}nav{break-inside:avoid}.callout{border:1px solid #5b6770}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    a{color:inherit}
    }

    """ + ChartStyle.lightSheet
}
