"""The list of runs: filters, order and pages; an index that follows the folders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import assay
from assay.base.errors import InputError, StoreError
from assay.records.runlist import Column
from assay.runs.filters import parse_column, parse_filter, parse_sort
from tests.helpers.runs import assay as command
from tests.helpers.runs import line_of
from tests.runs.scenes import begun, lab, logged


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve runs: rates 0 to 0.5 with two seeds, of which every third diverges and half have an accuracy."""
    folder = tmp_path_factory.mktemp("many")
    lab(folder)
    for i in range(12):
        config = {"lr": (i % 6) / 10, "opt": {"name": "adam" if i % 2 else "sgd"}, "deep": i % 4 == 0}
        with begun(folder, config, seed=i // 6, name=f"trial {i}", experiment="search") as run:
            run.log(loss=float("nan") if i % 3 == 2 else 1 / (1 + i))
            if i % 2:
                run.log(accuracy=i / 12)
                run.log(accuracy=0.5)
    return folder


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (["lr>=0.4"], {4, 5, 10, 11}),
        (["lr=0.1"], {1, 7}),
        (["lr!=0.1", "lr<0.3"], {0, 2, 6, 8}),
        (["opt.name=adam", "lr<=0.1"], {1, 7}),
        (["opt.name!=adam"], {0, 2, 4, 6, 8, 10}),
        (["opt.name~DA"], {1, 3, 5, 7, 9, 11}),
        (["opt.name=~^ad.*m$"], {1, 3, 5, 7, 9, 11}),
        (["name=~^trial 1[01]$"], {10, 11}),
        (["deep=true"], {0, 4, 8}),
        (["loss<0.15"], {6, 7, 9, 10}),
        (["metric:accuracy=0.5"], {1, 3, 5, 7, 9, 11}),
        (["max:accuracy>0.6"], {9, 11}),
        (["min:accuracy<0.2"], {1}),
        (["seed=1", "name~trial 1"], {10, 11}),
        (["state=finished", "lr=0"], {0, 6}),
        (["state=running"], set()),
        (["lr='; DROP TABLE runs; --"], set()),
    ],
)
def test_conditions_hold_together(many: Path, where: list[str], expected: set[int]) -> None:
    assert {int(r.name.split()[1]) for r in assay.Lab(many).runs(where)} == expected


@pytest.mark.parametrize(
    ("where", "sort", "said"),
    [
        (["nothing>1"], "-started", "no run has the setting or metric 'nothing'"),
        (["lr=0", "opt.nam!=adam"], "-started", "did you mean 'opt.name'?"),
        (["param:accuracy>0.5"], "-started", "no run has the setting 'accuracy'"),
        (["max:lr>0.5"], "-started", "no run has the metric 'lr'"),
        ([], "-metric:acuracy", "did you mean 'accuracy'?"),
    ],
)
def test_a_name_that_no_run_has_is_no_empty_list(many: Path, where: list[str], sort: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        assay.Lab(many).runs(where, sort=sort)
    assert said in raised.value.line()


def test_a_lab_without_runs_knows_no_names_and_asks_for_none(tmp_path: Path) -> None:
    assert len(assay.Lab.create(tmp_path).runs(["lr>=0.4"], sort="loss")) == 0


def test_order_pages_and_those_without_a_value_last(many: Path) -> None:
    held = assay.Lab(many)
    down = [r.metrics["loss"].last for r in held.runs(sort="-loss", limit=8)]
    assert down == sorted(down, reverse=True)
    whole = [r.id for r in held.runs(sort="loss", limit=12)]
    assert len(set(whole)) == 12
    paged = [r.id for start in range(0, 12, 5) for r in held.runs(sort="loss", limit=5, offset=start)]
    assert paged == whole
    assert all(r.metrics["loss"].diverged for r in held.runs(sort="loss", limit=12)[8:])


@pytest.mark.parametrize("text", ["", "lr", "=3", "loss>high", "seed=one"])
def test_conditions_that_cannot_be_read_are_refused(many: Path, text: str) -> None:
    line_of(command("runs", "list", "--where", text, "--lab", many))


def test_what_people_write_is_parsed() -> None:
    assert parse_filter(" lr >= 0.1 ").column == Column("", "lr")
    assert parse_filter("a<=b=c").value == "b=c"
    assert parse_sort("-max:acc") == (Column("max", "acc"), True)
    assert parse_column("odd:name") == Column("", "odd:name")
    with pytest.raises(InputError):
        parse_column("field:nothing")
    with pytest.raises(InputError):
        parse_sort("-")


def test_the_index_follows_what_comes_goes_and_ends(tmp_path: Path) -> None:
    held = lab(tmp_path)
    assert held.runs() == ()
    first = logged(tmp_path, [1.0])
    assert [r.id for r in held.runs()] == [first]
    run = begun(tmp_path)
    run.log(a=1.0)
    assert held.runs(where="state=running")[0].metrics["a"].count == 1
    run.log(a=2.0)
    assert held.runs(where="state=running")[0].metrics["a"].count == 2
    run.close()
    assert {r.state for r in held.runs()} == {"finished"}
    shutil.rmtree(tmp_path / ".assay/runs" / first)
    assert [r.id for r in held.runs()] == [run.id]


@pytest.mark.fault
@pytest.mark.parametrize("harm", ["delete", "noise", "cut", "schema"])
def test_a_damaged_index_is_made_anew(tmp_path: Path, harm: str) -> None:
    held = lab(tmp_path)
    run = logged(tmp_path, [1.0, 2.0])
    held.runs()
    path = tmp_path / ".assay/runs.db"
    if harm == "delete":
        path.unlink()
    elif harm == "noise":
        path.write_bytes(b"noise" * 1000)
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA user_version=99")
    assert [(r.id, r.metrics["loss"].count) for r in held.runs()] == [(run, 2)]


def test_reindex_says_how_many_and_what_is_wrong(tmp_path: Path) -> None:
    lab(tmp_path)
    run = logged(tmp_path, [1.0])
    logged(tmp_path, [2.0])
    start = tmp_path / ".assay/runs" / run / "start.json"
    start.write_text(start.read_text().replace('"seed":null', '"seed":7'))
    done = command("reindex", "--lab", tmp_path)
    assert done.code == 0
    assert done.out.splitlines() == [
        "2 runs read, 1 run with something wrong:",
        f"  {run}/start.json: was edited: it does not have its digest",
    ]


def test_without_a_lab_there_is_nothing_to_list(tmp_path: Path) -> None:
    line_of(command("runs", "list", "--lab", tmp_path))
    line_of(command("reindex", "--lab", tmp_path))
    lab(tmp_path)
    line_of(command("runs", "show", "20200101", "--lab", tmp_path))
    with pytest.raises(StoreError, match="no run"):
        assay.Lab(tmp_path).run("")


def test_a_list_can_be_read_on_from_where_a_page_ended(many: Path) -> None:
    from assay.records.runlist import RunCursor, RunQuery
    from assay.store.runindex import RunIndex

    for sort, down in ((Column("", "loss"), False), (Column("", "lr"), True), (Column("field", "name"), False)):
        whole = [r.id for r in assay.Lab(many).runs(sort=("-" if down else "") + sort.name, limit=12)]
        after: RunCursor | None = None
        seen: list[str] = []
        with RunIndex.open(many / ".assay") as index:
            while True:
                page = index.page(RunQuery((), sort, down, 5, 0, after))
                seen += [r.id for r in page.rows]
                assert page.total == 12
                after = page.next
                if after is None:
                    break
        assert seen == whole


def test_columns_of_several_pieces_follow_runs_that_come_change_and_go(tmp_path: Path) -> None:
    from assay.records.runlist import RunFilter, RunQuery, RunRow, Tallies
    from assay.store.runindex import RunIndex

    def row(i: int, state: str = "finished", last: float | None = None) -> RunRow:
        tallies = Tallies({"loss": (1, float(i) if last is None else last, 0.0, 9.0, 0, -1, -1)})
        odd = {"even": i % 2 == 0, "text": "x" * (i % 3), "list": [i % 4], "big": 2**70 if i % 5 else 1}
        return RunRow(f"r{i:04}", state, float(i), name=f"n{i}", seed=i % 7, params=odd, metrics=tallies)  # type: ignore[arg-type]

    lab(tmp_path)
    with RunIndex.open(tmp_path / ".assay") as index:
        index.rebuild(row(i) for i in range(600))
        index.update([row(700, "running"), row(3, last=1e9), row(300, last=-1.0)], ["r0010", "r0599", "unknown"])
        best = index.page(RunQuery((), Column("metric", "loss"), True, 2))
        assert [(r.id, r.metrics["loss"].last) for r in best.rows] == [("r0003", 1e9), ("r0700", 700.0)]
        assert (best.total, index.page(RunQuery((), Column("metric", "loss"), False, 1)).rows[0].id) == (599, "r0300")
        for column, sign, value, expected in [
            ("even", "=", "true", 300), ("even", "=", "1", 300), ("even", "!=", "0", 300),
            ("text", "=", "xx", 199), ("list", "=", "[3]", 149), ("seed", ">=", "6", 85), ("big", "~", "11805", 479),
            ("name", "=", "n10", 0), ("state", "=", "running", 1),
        ]:  # fmt: skip
            kind = "field" if column in ("seed", "name", "state") else "param"
            asked = RunFilter(Column(kind, column), sign, value)  # type: ignore[arg-type]
            assert index.page(RunQuery((asked,))).total == expected, asked
        table = index.table((), [Column("param", "even")], [Column("", "loss")])
        assert (len(table.ids), table.ids[:2], table.settings) == (599, ["r0700", "r0598"], {"even": [True, False]})
        assert index.unsettled().keys() == {"r0700"}
        kept = index.rows(["r0003", "nothing", "r0700"])
        assert [r.params["list"] for r in kept] == [[3], [0]]


def test_a_hundred_runs_are_grouped_by_what_differs_but_the_seed(tmp_path: Path) -> None:
    held = lab(tmp_path)
    for i in range(6):
        logged(tmp_path, [float(i)], {"lr": i % 2, "kind": "a"}, seed=i // 2)
    first, second = held.compare_runs("loss")
    assert (first.settings, second.settings) == ({"lr": 1}, {"lr": 0})
    assert (first.seeds, [first.metrics["loss"].mean, second.metrics["loss"].mean]) == ((2, 1, 0), [3.0, 2.0])
    assert [g.settings for g in held.compare_runs("loss", by="kind")] == [{"kind": "a"}]
    with pytest.raises(InputError, match="no run has the metric 'accuracy'"):
        held.compare_runs("accuracy")
