"""A verdict as one HTML file that needs nothing else: no scripts, no fonts, no pictures from elsewhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.verify.symptoms import meaning
from fixer.verify.terminal import witnesses
from fixer.verify.verdict import Verdict


@dataclass(frozen=True)
class DiffLine:
    kind: str
    text: str


def render(verdict: Verdict, figure: str, before: str | bytes = "", after: str | bytes = "", diff: str = "") -> str:
    """The page. `figure` is SVG that is put in as it is; everything else is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_PAGE).render(
        verdict=verdict,
        witnesses=list(witnesses(verdict)),
        meanings={each.name: meaning(each.name) for each in verdict.symptoms},
        figure=figure,
        diff=list(_diff(_text(before), _text(after), diff)),
    )


def _text(source: str | bytes) -> str:
    return source if isinstance(source, str) else source.decode("utf-8", "replace")


def _diff(before: str, after: str, diff: str) -> Iterator[DiffLine]:
    lines = diff.splitlines() or difflib.unified_diff(
        before.splitlines(), after.splitlines(), "before", "after", lineterm=""
    )
    kinds = {"+": "added", "-": "removed", "@": "place"}
    for line in lines:
        head = line.startswith(("+++", "---"))
        yield DiffLine("head" if head else kinds.get(line[:1], "same"), line)


_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ verdict.verdict }}: {{ verdict.path }}</title>
<style>
:root { color-scheme: light; --line: #e3e6ea; --soft: #5b6470; --good: #176b37; --bad: #b3261e; --open: #8a5a00; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: #fff; color: #1b1f24;
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; line-height: 1.25; }
h1 .word { border-radius: .3rem; color: #fff; padding: .05rem .5rem; background: var(--open); }
h1 .improved, h1 .crash-fixed, h1 .equivalent { background: var(--good); }
h1 .regressed { background: var(--bad); }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.1rem; }
.path { margin: 0 0 1rem; color: var(--soft); overflow-wrap: anywhere; }
.reason { margin: 0; font-size: 1.1rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .4rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 500; }
figure { margin: 0; }
figure svg { display: block; width: 100%; height: auto; }
pre { margin: 0; overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem;
  font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: #fafbfc; }
pre code { display: inline-block; min-width: 100%; font: inherit; }
pre span { display: block; min-height: 1.45em; }
.added { background: #e2f5e7; } .removed { background: #fce8e6; } .head, .place { color: var(--soft); }
</style>
</head>
<body>
<main>
<h1><span class="word {{ verdict.verdict }}">{{ verdict.verdict }}</span></h1>
<p class="path">{{ verdict.path }}</p>
<p class="reason">{{ verdict.reason }}</p>

{% if witnesses %}
<h2>Witnesses</h2>
<dl>
{% for label, text in witnesses %}
<dt>{{ label }}</dt><dd>{{ text }}</dd>
{% endfor %}
</dl>
{% endif %}

{% if figure %}
<h2>Curves</h2>
<figure>{{ figure | safe }}</figure>
{% endif %}

{% if verdict.symptoms %}
<h2>Symptoms</h2>
<div class="scroll"><table>
<thead><tr><th>symptom</th><th>before</th><th>after</th><th>what it proves</th></tr></thead>
<tbody>
{% for each in verdict.symptoms %}
<tr><td>{{ each.name }}</td><td>{{ each.before }}</td><td>{{ each.after }}</td>
<td>{{ meanings[each.name].proves }}</td></tr>
{% endfor %}
</tbody>
</table></div>
{% endif %}

{% if diff %}
<h2>Change</h2>
<pre><code>{% for line in diff %}<span class="{{ line.kind }}">{{ line.text }}</span>{% endfor %}</code></pre>
{% endif %}

<h2>How it was run</h2>
<dl>
{% if verdict.seeds %}
<dt>runs</dt>
<dd>{{ verdict.seeds | length }} pairs, seeds {{ verdict.seeds | join(", ") }}
{{- ", at most %d steps each" | format(verdict.steps) if verdict.steps }}, on {{ verdict.device }};
{{ "%.1f" | format(verdict.seconds) }} s in all</dd>
<dt>isolation</dt><dd>{{ verdict.isolation | join("; ") or "none was active" }}</dd>
{% endif %}
{% if verdict.replaced %}
<dt>replaced</dt><dd>{{ verdict.replaced | join("; ") }}</dd>
{% endif %}
{% for note in verdict.notes %}
<dt>note</dt><dd>{{ note }}</dd>
{% endfor %}
{% if verdict.versions %}
<dt>versions</dt>
<dd>
{% for name, version in verdict.versions.items() %}
{{ name }} {{ version }}{{ ", " if not loop.last }}
{% endfor %}
</dd>
{% endif %}
</dl>
{% if verdict.command %}
<h2>Repeat it</h2>
<pre><code>{{ verdict.command }}</code></pre>
{% endif %}
</main>
</body>
</html>
"""
