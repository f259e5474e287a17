"""What a page has to say, in which order, and how it has to be built."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest

from assay.records.comparison import Comparison, ComparisonSet, Flip
from assay.records.estimate import Estimate
from assay.records.metric import Family
from assay.records.plan import Claim, Milestone
from assay.records.verdict import Judgement, LookState, Recommendation, Verdict
from assay.report import html, markdown
from assay.report.blocks import Badge, Banner, Document, Figure, Heading, Items, Table, coded, pieces
from assay.report.claims import claims_table, what_would_change
from assay.report.effects import adjusted_p, claim_effect, claim_lines, reading
from assay.report.measured import provenance_facts
from assay.report.memo import comparison_page, decision_memo
from assay.report.slices import SHOWN, worst_first
from assay.report.terminal import render_judgement, render_text
from tests.report import samples


@pytest.fixture
def memo() -> Document:
    return decision_memo(samples.plan(), samples.judgement(), samples.results(), samples.PROVENANCE)


def test_the_memo_keeps_its_order(memo: Document) -> None:
    assert [b.text for b in memo.blocks if isinstance(b, Heading) and b.level == 2] == [
        "Claims",
        "Guardrails",
        "What would change the decision",
        "Slices, worst first",
        "Examples won and lost",
        "How it was measured",
        "Limits",
        "Provenance",
    ]
    assert any(isinstance(b, Banner) and b.word == "Hold: boosting" for b in memo.blocks[:3])


def test_the_memo_says_what_the_records_hold(memo: Document) -> None:
    text = markdown.render(memo)
    for words in (
        "about 148 units (day) are needed",
        "A log loss better by 0.01 on the winter months",
        "5 of 2,114 shown",
        "one class only: no delayed flight in this slice",
        "needs 30 events in each class; there are 14",
        "look 1 of 2 planned",
        samples.DIGEST,
        "97.5% interval",
        "12 dropped",
        "September had a day without flights",
    ):
        assert words in text


def changed(verdict: Verdict) -> str:
    """What the memo says would change the decision, for one verdict."""
    block = what_would_change(samples.plan(), (verdict,))[0]
    assert isinstance(block, Items)
    return "".join(p if isinstance(p, str) else p.text for p in pieces(block.items[0]))


def outside(domain: str, **more: Any) -> Verdict:
    """An inconclusive verdict whose estimate lies outside its method's domain."""
    found = samples.estimate(-0.02, 0.01, inside_domain=False, domain=domain)
    evidence = samples.comparison(samples.LOG_LOSS, replace(found, **more))
    claim = replace(samples.BETTER, minimal_effect=None)
    return Verdict(claim, "boosting", "inconclusive", "outside", evidence)


def test_a_claim_outside_the_domain_says_what_brings_it_inside() -> None:
    said = changed(outside("too small: needs 20 effective units (here 12)"))
    assert said == (
        "Fewer surprises: it can be supported only where its method (jackknife-t) holds, "
        "which needs 20 effective units (here 12); this reading had 61."
    )
    said = changed(outside("one class only", value=None, interval=None, undefined="one class only"))
    assert "it has no value here: one class only" in said
    assert "minimal effect" not in said


def test_a_claim_inside_the_domain_says_what_is_known_of_its_units() -> None:
    inside = outside("", inside_domain=True)
    assert "no minimal effect is declared" in changed(inside)
    declared = replace(inside, claim=samples.BETTER)
    assert "no number of units alone would reach the power" in changed(declared)
    method = replace(inside, claim=replace(samples.BETTER, about="method"))
    assert "at the declared minimal effect; more training seeds would" in changed(method)
    both = replace(outside("too small: needs 20 effective units (here 12)"), units_needed=148, claim=samples.BETTER)
    assert "needs 20 effective units (here 12); about 148 units (day) are needed to detect 0.01" in changed(both)


def test_where_enough_was_read_more_units_are_not_asked_for() -> None:
    # The sample read 61 units.
    short, enough = (replace(outside("", inside_domain=True), units_needed=n, claim=samples.BETTER) for n in (62, 61))
    assert "about 62 units (day) are needed to detect 0.01" in changed(short)
    assert "about 61 units (day) are enough to detect 0.01" in changed(enough)
    assert "at the level of the last look, so more units are not what is missing" in changed(enough)
    for look, said in (
        (LookState(), "minimal effect, so more"),
        (LookState(1, 2), "effect at the level of the last look"),
    ):
        judged = Judgement("", (Recommendation("boosting", "iterate", "so", (enough,)),), (), look)
        text = " ".join(render_judgement(judged).split())
        assert f"about 61 units are enough for the minimal {said.removeprefix('minimal ')}" in text


def test_guardrails_are_drawn_under_their_own_heading(memo: Document) -> None:
    heads = [b for b in memo.blocks if isinstance(b, (Heading, Figure))]
    drawn = {h.text: f for h, f in itertools.pairwise(heads) if isinstance(h, Heading) and isinstance(f, Figure)}
    assert "Fewer surprises" in drawn["Claims"].svg
    assert "Ranking unharmed" not in drawn["Claims"].svg
    assert "Ranking unharmed" in drawn["Guardrails"].svg
    assert drawn["Guardrails"].title == "Guardrails of boosting with their deciding intervals"


@pytest.mark.parametrize("row", ["**Fewer surprises** ·", "**Ranking unharmed** ·"])
def test_markdown_shows_a_claim_once(memo: Document, row: str) -> None:
    text = markdown.render(memo)
    assert text.count(row) == 1
    assert "\n\n\n" not in text


def test_markdown_shows_a_comparison_once() -> None:
    text = markdown.render(comparison_page(samples.results()))
    assert text.count("| **AUC (higher is better)** |") == 1


def gap() -> Comparison:
    """A gap between groups: each model has an interval, the difference of the gaps has no method."""
    why = "a gap is a maximum over groups, so judge the candidate's gap against a threshold"
    nothing = Estimate(None, None, 0.95, "gap-pairwise", undefined=why, domain=why, inside_domain=False)
    which = replace(samples.metric("gap", "lower", Family.GAP), label="gap(recall, by=region)")
    found = samples.comparison(which, nothing, base=0.2)
    return replace(found, baseline=samples.estimate(0.2, 0.05), candidate=samples.estimate(0.12, 0.04))


def test_a_gap_shows_what_stands_instead_of_its_difference() -> None:
    alone = "each model alone: logistic 0.20 [0.15, 0.25], boosting 0.120 [0.080, 0.160] (95% interval)"
    found = ComparisonSet("0.1.0", 0, (), (gap(),))
    page, text = markdown.render(comparison_page(found)), " ".join(render_text(found).split())
    assert alone.replace("[", "\\[").replace("]", "\\]") in page
    assert alone in text
    assert "judge the candidate's gap against a threshold" in page
    assert "judge the candidate's gap against a threshold" in text
    claim = Claim("Fair", "gap(recall, by=region)", "at_most", threshold=0.3, guardrail=True)
    row = claims_table((Verdict(claim, "boosting", "supported", "so", gap()),), "").rows[0]
    assert row[1:4] == ("0.20", "0.120", "no method")
    assert "undefined" not in page + text + str(row)


def test_p_beside_an_adjusted_interval_is_adjusted_too() -> None:
    # 0.05 / 0.0026 is 19.2 slices.
    found = replace(samples.estimate(-0.02, 0.01, p_value=0.02), decision_level=0.9974)
    assert adjusted_p(found) == pytest.approx(0.02 * 0.05 / 0.0026)
    assert adjusted_p(replace(found, p_value=0.5)) == 1.0
    assert adjusted_p(replace(found, p_value=None)) is None
    assert adjusted_p(replace(found, decision_level=0.95)) == pytest.approx(0.02)
    sliced = ComparisonSet("0.1.0", 0, (), (samples.comparison(samples.LOG_LOSS, found, where={"a": 1}),))
    page, text = markdown.render(comparison_page(sliced)), render_text(sliced)
    assert "adjusted p" in page
    assert "p is adjusted like the interval" in page
    assert "0.38" in page
    assert "0.38" in text
    assert "deciding interval: 99.74%; p is adjusted like it" in text
    assert "0.02 " not in page + text
    assert "adjusted" not in render_text(samples_of(samples.estimate(-0.02, 0.01, p_value=0.02)))


def test_the_word_for_a_slice_is_not_said_twice() -> None:
    small = samples.estimate(0.1, 0.01, inside_domain=False, domain="too small: needs 20 rows (here 12)")
    text = markdown.render(comparison_page(samples_of(small)))
    assert "too small · needs 20 rows (here 12)" in text


def test_units_are_named_where_their_column_is_known(memo: Document) -> None:
    text = markdown.render(memo)
    assert "52,145 rows · 61 units (day)" in text
    assert "52,145 rows, 61 units (day); 12 dropped" in text
    found = replace(samples.results(), notes={"unit": "day"})
    assert "61 units (day)" in html.render(comparison_page(found))
    assert "\n  unit: day\n" in render_text(found)
    assert "52,145 rows, 61 units (day)" in render_judgement(samples.judgement(), unit="day")
    assert "about 148 units (day) are needed" in render_judgement(samples.judgement(), unit="day")


def test_examples_have_four_digits_and_a_minus_sign() -> None:
    flip = Flip({"row": -3}, -2, -0.123456, 12345.678)
    found = replace(samples.results(), won=(flip,), lost=())
    text = markdown.render(comparison_page(found))
    assert "| row = −3 | −2 | −0.1235 | 12,346 |" in text


def test_provenance_says_each_thing_once() -> None:
    given = {"evidence": samples.DIGEST, "plan": "again", "assay": "0.1.0", "deviation": "again", "frozen": "at noon"}
    facts = provenance_facts(samples.plan(), samples.DIGEST, given, "0.1.0")
    names = [name for name, _ in facts.items]
    assert names == ["Assay", "Plan", "Plan digest", "Plan before it", "Deviation", "Evidence", "Frozen"]
    assert [name for name, _ in provenance_facts(None, "", given, "0.1.0").items][:3] == ["Assay", "Evidence", "Plan"]


def test_examples_without_a_count_are_not_called_right_or_wrong() -> None:
    found = replace(samples.results(), notes={"by": "log_loss"})
    text = markdown.render(comparison_page(found))
    assert "Won: the candidate does much better, by log loss (5 shown)" in text
    assert "wrong" not in text


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ({"won": 7, "by": "recall@0.3", "reads": "positive"}, "among the rows of the positive class, which alone"),
        ({"won": 7, "by": "specificity", "reads": "negative"}, "among the rows not of the positive class, which alone"),
        ({"won": 7, "by": "f1@0.5", "reads": "all"}, "right, baseline wrong, by whether the label is right, as F1@0.5"),
    ],
)
def test_examples_say_which_rows_the_metric_reads(notes: dict[str, Any], words: str) -> None:
    text = markdown.render(comparison_page(replace(samples.results(), notes=notes)))
    assert words in text
    assert "(5 of 7 shown)" in text


def test_no_slice_is_dropped(memo: Document) -> None:
    text = markdown.render(memo)
    for comparison in samples.slices():
        assert ", ".join(f"{k} = {v}" for k, v in comparison.slice.items()) in text


def test_slices_run_from_worst_to_best_then_small_then_undefined() -> None:
    ordered = worst_first(samples.slices())
    words = [reading(c)[1] for c in ordered]
    measured = [c.difference.value for c in ordered if reading(c)[1] in ("worse", "unclear", "better")]
    assert measured == sorted(measured, key=lambda v: -(v or 0.0))
    assert words[-4:] == ["too small"] * 3 + ["undefined"]


def test_a_long_list_shows_the_worst_and_folds_the_rest(memo: Document) -> None:
    figure = [b for b in memo.blocks if isinstance(b, Figure)][-1]
    assert len(figure.table.rows) == SHOWN
    assert f"The other {len(samples.slices()) - SHOWN} slices" in html.render(memo)


def test_a_judgement_without_plan_or_evidence_still_makes_a_memo() -> None:
    verdict = Verdict(samples.BETTER, "boosting", "invalid", "the targets differ between the files")
    judged = Judgement(
        "", (Recommendation("boosting", "hold", "nothing could be judged", (verdict,)),), (), LookState()
    )
    text = markdown.render(decision_memo(None, judged, ComparisonSet("0.1.0", 0, (), ()), {}))
    assert "the targets differ between the files" in text
    assert "nothing was checked for harm" in text


def test_a_later_look_is_called_so_and_not_a_change_of_the_plan() -> None:
    judged = replace(samples.judgement(), look=replace(samples.judgement().look, look=2))
    text = markdown.render(decision_memo(samples.plan(), judged, samples.results(), {}))
    assert "**Second look of 2 planned**" in text
    assert "Frozen again as version 2: September had a day without flights" in text
    assert "The plan was changed" not in text
    assert "  second look of 2 planned\n" in render_judgement(judged)
    assert "Second look" in markdown.render(decision_memo(None, judged, samples.results(), {}))


def test_the_error_of_a_reading_is_said_with_the_looks_that_share_it(memo: Document) -> None:
    said = "an error of 0.0125 on each side for each candidate, shared by 2 looks (obrien-fleming)"
    assert said in markdown.render(memo)


def test_slices_say_that_they_are_not_adjusted_for_looks(memo: Document) -> None:
    said = "adjusted for how many there are, and not for the looks"
    text = markdown.render(memo)
    assert said in text.split("## Slices, worst first")[1].split("###")[0]
    once = replace(samples.judgement(), look=LookState())
    assert said not in markdown.render(decision_memo(samples.plan(), once, samples.results(), {}))


def test_one_slice_outside_the_domain_is_spoken_of_as_one() -> None:
    small = samples.estimate(0.1, 0.01, inside_domain=False, domain="too small: needs 20 rows (here 12)")
    one = samples.comparison(samples.LOG_LOSS, small, where={"a": 1})
    for count, words in ((1, "1 slice is outside"), (2, "2 slices are outside")):
        found = ComparisonSet("0.1.0", 0, (), tuple(replace(one, slice={"a": i}) for i in range(count)))
        text = markdown.render(comparison_page(found))
        assert words in text
        assert f"nothing can be claimed of {'it' if count == 1 else 'them'}." in text


def test_rows_that_are_bounded_are_not_called_failures() -> None:
    for facts, words in (({}, "79 counted as failures"), ({"bounds": (0.1, 0.2)}, "79 taken at their worst and at")):
        one = samples.comparison(samples.LOG_LOSS, replace(samples.estimate(-0.02, 0.01), diagnostics=facts))
        one = replace(one, alignment=replace(one.alignment, imputed=79))
        text = markdown.render(comparison_page(ComparisonSet("0.1.0", 0, (), (one,))))
        assert words in text
        assert ("failures" in text) == (not facts)


def test_what_stands_instead_of_a_gap_is_a_note_under_its_table() -> None:
    found = ComparisonSet("0.1.0", 0, (), (gap(),))
    table = next(b for b in comparison_page(found).blocks if isinstance(b, Table))
    assert table.rows[0][-1] == Badge("no method", "muted")
    assert table.notes[0].startswith("gap(recall, by=region): each model alone: logistic 0.20")
    page = html.render(comparison_page(found))
    assert f'</div>\n<p class="note">{table.notes[0].replace(chr(39), "&#x27;")}</p>' in page
    drawn = re.findall(r"<svg.*?</svg>", page, re.S)
    assert any("no method for the difference; see the note<" in d for d in drawn)
    assert "…" not in "".join(re.findall(r"<text[^>]*>([^<]*)</text>", "".join(drawn)))


def test_commands_in_the_banner_are_code() -> None:
    why = "not settled; next: `assay judge PLAN --deviation '<b>'`"
    advice = Recommendation("boosting", "hold", why, samples.verdicts())
    page = decision_memo(None, Judgement("", (advice,), (), LookState()), ComparisonSet("0.1.0", 0, (), ()), {})
    assert "next: <code>assay judge PLAN --deviation &#x27;&lt;b&gt;&#x27;</code>" in html.render(page)
    assert "next: `assay judge PLAN --deviation '<b>'`" in markdown.render(page)
    assert coded("one ` alone") == "one ` alone"


def test_who_what_hangs_on_it_and_when_stand_near_the_top() -> None:
    plan = replace(
        samples.plan(), risk_tier="high", product_kpi="rebooked in time", milestones=(Milestone("2026-12-01", "pilot"),)
    )
    known = {"frozen": "2026-11-19T09:12:44.000000+00:00 by ann", "judged": "2026-11-20"}
    text = markdown.render(decision_memo(plan, samples.judgement(), samples.results(), known))
    line = (
        "Owner ann@example.org · risk tier high · product KPI rebooked in time · frozen 2026-11-19 · judged 2026-11-20"
    )
    assert line in text
    assert text.index(line) < text.index("Hold: boosting")
    assert "**Milestones:** 2026-12-01: pilot" in text
    alone = markdown.render(decision_memo(plan, samples.judgement(), samples.results(), {}))
    assert "product KPI rebooked in time\n" in alone


def test_a_deviation_says_what_changed_beside_why(memo: Document) -> None:
    said = "the unit stays the day. What changed: guardrails\\[0\\].margin was '0.02' and is '0.01'"
    text = markdown.render(memo)
    assert said in text
    assert text.count("What changed") == text.count("margin was '0.02'") == 1


def test_several_candidates_each_have_their_claims() -> None:
    judged, found = samples.several()
    titles = [b.text for b in decision_memo(None, judged, found, {}).blocks if isinstance(b, Heading)]
    assert {"Claims about boosting", "Claims about forest"} <= set(titles)
    titles = [b.text for b in comparison_page(found).blocks if isinstance(b, Heading)]
    assert {"boosting against logistic", "forest against logistic"} <= set(titles)


def test_nothing_compared_is_a_page_too() -> None:
    empty = ComparisonSet("0.1.0", 0, (), ())
    assert html.render(comparison_page(empty))
    assert render_text(empty) == "Nothing was compared.\n"


def test_the_lines_of_a_claim_follow_the_metric_direction() -> None:
    worse = replace(samples.NO_HARM, margin=0.01)
    assert [v for v, _ in claim_lines(worse, samples.AUC)] == [-0.01]
    assert [v for v, _ in claim_lines(worse, samples.LOG_LOSS)] == [0.01]
    assert [v for v, _ in claim_lines(samples.FAST, samples.LATENCY)] == [50.0]
    assert claim_lines(samples.BETTER, samples.LOG_LOSS) == ()


def test_a_threshold_is_read_against_the_candidate() -> None:
    fast = claim_effect(samples.verdicts()[2])
    assert fast is not None
    assert fast.value == 43.0


@pytest.mark.parametrize(
    ("difference", "word"),
    [
        (samples.estimate(-0.02, 0.01), "better"),
        (samples.estimate(0.02, 0.01), "worse"),
        (samples.estimate(0.0, 0.01), "unclear"),
        (samples.estimate(None, 0.0), "undefined"),
        (samples.estimate(-0.02, 0.01, inside_domain=False), "too small"),
        (Estimate(-0.02, None, 0.95, "descriptive"), "no interval"),
    ],
)
def test_a_difference_reads_in_words(difference: Estimate, word: str) -> None:
    shown = samples.comparison(samples.LOG_LOSS, difference)
    assert reading(shown)[1] == word
    table = next(b for b in comparison_page(samples_of(difference)).blocks if isinstance(b, Table))
    last = table.rows[0][-1]
    assert Badge(word, reading(shown)[0]) in (last if isinstance(last, tuple) else (last,))


def samples_of(difference: Estimate) -> ComparisonSet:
    return ComparisonSet("0.1.0", 0, (), (samples.comparison(samples.LOG_LOSS, difference),))
