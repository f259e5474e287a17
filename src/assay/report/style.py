"""The style sheet of a page: one string, no network, no script.

Every rule lies under `.assay`, so that a fragment in a notebook changes nothing around it. `.assay.assay` outweighs
what notebooks say of every table inside them: columns of one width, and rows in the colours of their own theme.
"""

from __future__ import annotations

import re

from assay.report.palette import DARK, LIGHT, variables

_BASE = """
.assay{color-scheme:light dark;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,
"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%;overflow-wrap:break-word}
.assay *{box-sizing:border-box}
.assay main{max-width:55rem;margin:0 auto;padding:2rem 1.25rem 3rem}
.assay h1{font-size:1.6rem;line-height:1.25;letter-spacing:-.01em;margin:0 0 .5rem;font-weight:650}
.assay h2{font-size:1.15rem;line-height:1.3;margin:2.25rem 0 .6rem;padding-top:.8rem;border-top:1px solid var(--line);
font-weight:650}
.assay h3{font-size:1rem;line-height:1.35;margin:1.5rem 0 .4rem;font-weight:650}
.assay p{margin:.5rem 0;max-width:44rem}
.assay .lead{font-size:1.05rem;color:var(--soft)}
.assay ul{margin:.5rem 0;padding-left:1.2rem;max-width:44rem}
.assay li{margin:.3rem 0}
.assay code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.assay .muted,.assay .sub{color:var(--soft)}
.assay a{color:var(--info)}
.assay .sub{display:block;font-size:.86em;font-weight:400;line-height:1.4}
"""

_STATUS = """
.assay .badge{display:inline-flex;align-items:center;gap:.35em;white-space:nowrap;font-weight:600;font-size:.9em}
.assay .badge svg{width:.85em;height:.85em;flex:none;overflow:visible}
.assay .banner,.assay .callout{border-radius:8px;padding:.9rem 1.1rem;margin:1rem 0;border:1px solid transparent;
border-left-width:5px}
.assay .banner p,.assay .callout p{margin:.15rem 0}
.assay .banner .word{font-size:1.35rem;font-weight:700;line-height:1.25;display:flex;gap:.45em;align-items:center}
.assay .banner .word svg{width:.75em;height:.75em;flex:none;overflow:visible}
.assay .banner .why{font-size:1.05rem}
.assay .callout{padding:.6rem 1rem;border-left-width:4px}
"""

_TONE = """
.assay .{tone}{{color:var(--{tone})}}
.assay .banner.{tone},.assay .callout.{tone}{{background:var(--{tone}-ground);border-color:var(--{tone});
color:var(--ink)}}
.assay .banner.{tone} .word,.assay .callout.{tone} .title{{color:var(--{tone})}}
.assay svg .mark-{tone}{{fill:var(--{tone});stroke:var(--{tone})}}
.assay svg .hollow-{tone}{{fill:var(--ground);stroke:var(--{tone});stroke-width:2}}
.assay svg .whisker-{tone}{{stroke:var(--{tone});stroke-width:2;fill:none}}
.assay svg .word-{tone}{{fill:var(--{tone});font-weight:600}}
"""

_TABLES = """
.assay .scroll{overflow-x:auto;margin:.6rem 0 1rem;-webkit-overflow-scrolling:touch}
.assay .scroll:focus-visible,.assay summary:focus-visible{outline:2px solid var(--info);outline-offset:2px}
.assay table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.4;font-variant-numeric:tabular-nums}
.assay caption{text-align:left;color:var(--soft);font-size:.92em;padding:0 0 .4rem;caption-side:top}
.assay.assay table{table-layout:auto;border:0;margin:0}
.assay.assay tbody tr:nth-child(n),.assay.assay thead tr:nth-child(n){background:transparent;color:inherit}
.assay.assay code{background:none;color:inherit;padding:0}
.assay .note{color:var(--soft);font-size:.86rem;margin:-.5rem 0 1rem}
.assay th,.assay td{text-align:left;vertical-align:top;padding:.42rem .8rem .42rem 0;
border-bottom:1px solid var(--line);
background:none;color:inherit}
.assay th:last-child,.assay td:last-child{padding-right:0}
.assay thead th{color:var(--soft);font-weight:600;font-size:.86em;vertical-align:bottom;border-bottom-color:var(--rule)}
.assay tbody th{font-weight:400;min-width:10rem;overflow-wrap:anywhere}
.assay .num{text-align:right;white-space:nowrap}
.assay dl{display:grid;grid-template-columns:minmax(8rem,13rem) 1fr;gap:.35rem 1.25rem;margin:.6rem 0}
.assay dt{color:var(--soft)}
.assay dd{margin:0;min-width:0}
.assay details{margin:.5rem 0}
.assay summary{cursor:pointer;color:var(--info);width:fit-content;border-radius:3px;padding:.1rem 0}
"""

_FIGURES = """
.assay figure{margin:.8rem 0 1rem}
.assay figure svg{display:block;width:100%;height:auto;max-width:48rem}
.assay figure svg.narrow{display:none;max-width:30rem}
.assay svg text{font-family:inherit;fill:var(--ink);font-variant-numeric:tabular-nums}
.assay svg .s{fill:var(--soft)}
.assay svg .b{font-weight:600}
.assay svg .grid{stroke:var(--line);stroke-width:1}
.assay svg .axis{stroke:var(--rule);stroke-width:1}
.assay svg .zero{stroke:var(--ink);stroke-width:1.25}
.assay svg .margin{stroke:var(--info);stroke-width:1.5;stroke-dasharray:4 3}
.assay svg .margin-label{fill:var(--info)}
.assay .away{font-size:.86rem;display:flex;gap:1rem;margin:.3rem 0}
"""

_MEDIA = """
@media (max-width:640px){.assay main{padding:1.25rem 1rem 2.5rem}.assay h1{font-size:1.35rem}
.assay figure svg.wide{display:none}.assay figure svg.narrow{display:block}
.assay dl{grid-template-columns:1fr;gap:0}.assay dd{margin:0 0 .6rem}
.assay table{min-width:36rem}.assay table.slim{min-width:0}}
@page{size:A4;margin:12mm 14mm}
@media print{.assay{LIGHT;font-size:8.5pt;line-height:1.38;color-scheme:light;-webkit-print-color-adjust:exact;
print-color-adjust:exact}
.assay main{max-width:none;padding:0}.assay h1{font-size:15pt;margin:0 0 2pt}
.assay h2{font-size:11pt;margin:8pt 0 2pt;padding-top:4pt}.assay h3{font-size:9.5pt;margin:6pt 0 2pt}
.assay p,.assay ul{max-width:none;margin:2pt 0}.assay li{margin:1pt 0}.assay .lead{font-size:9.5pt}
.assay .banner{padding:4pt 9pt;margin:5pt 0}.assay .banner .word{font-size:13pt}.assay .banner .why{font-size:9.5pt}
.assay .callout{padding:3pt 9pt;margin:4pt 0}.assay .scroll{margin:2pt 0 4pt}.assay figure{margin:3pt 0}
.assay figure svg{max-width:38rem}.assay th,.assay td{padding-top:2pt;padding-bottom:2pt}.assay caption{padding:0}
.assay figure svg.wide{display:block}.assay figure svg.narrow{display:none}
.assay h2,.assay h3,.assay h3+p,.assay caption,.assay summary{break-after:avoid}.assay .short{break-inside:avoid}
.assay tr,.assay figure svg,.assay .banner,.assay .callout,.assay li,.assay dt,.assay dd{break-inside:avoid}
.assay thead{display:table-header-group}.assay .scroll{overflow:visible}.assay table{min-width:0;font-size:8pt}
.assay details::details-content{content-visibility:visible;height:auto;opacity:1}.assay p{orphans:3;widows:3}
.assay figure details{display:none}.assay .away{display:none}
.assay dl{gap:.2rem 1rem}.assay .num .sub{white-space:normal}}
"""


def picture_style() -> str:
    """The rules of drawings alone, in light colours that need no variables: for a picture that leaves its page."""
    rules = re.findall(r"\.assay svg ([^{]+\{[^}]*\})", _tones() + _FIGURES)
    coloured = re.sub(r"var\(--([\w-]+)\)", lambda found: LIGHT[found[1]], "".join(rules).replace("\n", ""))
    return f"svg{{font-family:system-ui,sans-serif}}{coloured}".replace("font-family:inherit;", "")


def _tones() -> str:
    return "".join(_TONE.format(tone=tone) for tone in ("good", "bad", "unsure", "muted", "info"))


def style_sheet() -> str:
    """The whole style sheet, light and dark."""
    light, dark = variables(LIGHT), variables(DARK)
    tones = _tones()
    themes = f".assay{{{light}}}\n@media (prefers-color-scheme:dark){{.assay{{{dark}}}}}"
    media = _MEDIA.replace("LIGHT", light.rstrip(";"))
    return "\n".join(part.strip() for part in (themes, _BASE, _STATUS, tones, _TABLES, _FIGURES, media))
