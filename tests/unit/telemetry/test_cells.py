from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from footlight.telemetry.cells import Cell, Histogram, Numbers, Told


def samples(*cells: Cell) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """As Prometheus' own parser reads them."""
    text = "".join(line for cell in cells for line in cell.text())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_counter_counts_by_its_labels() -> None:
    cell = Numbers(Told("made_total", "counter", "Things made.", ("kind", "how")))
    assert list(cell.text()) == []
    cell.add("lamp", "well")
    cell.add("lamp", "well", by=2)
    cell.add("lamp", 'b"ad\\\n')
    assert samples(cell) == {
        ("made_total", (("how", "well"), ("kind", "lamp"))): 3,
        ("made_total", (("how", 'b"ad\\\n'), ("kind", "lamp"))): 1,
    }
    assert cell.value("lamp", "well") == 3
    assert cell.value("chair", "well") == 0


def test_a_gauge_without_labels_is_there_from_the_beginning() -> None:
    cell = Numbers(Told("level", "gauge", "How high."))
    assert samples(cell) == {("level", ()): 0}
    cell.set(2.25)
    assert samples(cell) == {("level", ()): 2.25}


def test_what_is_gone_is_told_no_more() -> None:
    cell = Numbers(Told("level", "gauge", "How high.", ("host",)))
    cell.set(1, "a")
    cell.replace({("b",): 2})
    assert samples(cell) == {("level", (("host", "b"),)): 2}


def test_a_histogram_counts_what_is_below_each_bound() -> None:
    cell = Histogram(Told("took", "histogram", "How long.", ("kind",)), (0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 3):
        cell.of("x").observe(value)
    kind = ("kind", "x")
    assert samples(cell) == {
        ("took_bucket", (kind, ("le", "0.1"))): 2,
        ("took_bucket", (kind, ("le", "1"))): 3,
        ("took_bucket", (kind, ("le", "+Inf"))): 4,
        ("took_sum", (kind,)): 3.65,
        ("took_count", (kind,)): 4,
    }


def test_a_histogram_without_labels() -> None:
    cell = Histogram(Told("took", "histogram", "How long."), (1.0,))
    cell.of().observe(2)
    assert samples(cell)[("took_bucket", (("le", "1"),))] == 0
    assert samples(cell)[("took_count", ())] == 1
