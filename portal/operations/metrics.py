"""The figures in Prometheus' text format. Labels are codes of ours: endpoints, states, queues, machines; never people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from portal.core.meters import BOUNDS, Duration, Labels, Sums
from portal.operations.figures import Figures

PARTS = ("database", "migrations", "queue")
NUMBERS = {  # a gauge for each kind of row that is counted, by state
    "outbox": ("portal_outbox_rows", "Events that wait for the relay: open, retrying after a failure, or parked."),
    "delivery": ("portal_deliveries", "Messages by what became of them."),
    "job": ("portal_jobs", "Exports and other jobs by state; those that failed, of the last day."),
    "letter": ("portal_letters", "Letters by state."),
    "paper": ("portal_papers", "PDFs by state; those that failed, of the last day."),
    "file": ("portal_files", "Stored files by what the scanner said."),
}


class Snapshot(Collector):
    """One scrape: what was read of the database and the broker, and what web and workers counted."""

    def __init__(self, figures: Figures, sums: Sums | None) -> None:
        self.figures, self.sums = figures, sums

    def collect(self) -> Iterator[Metric]:
        yield from _of_figures(self.figures)
        yield from _of_sums(self.sums or Sums())


def exposition(figures: Figures, sums: Sums | None) -> bytes:
    """Return the page that Prometheus reads."""
    registry = CollectorRegistry()
    registry.register(Snapshot(figures, sums))
    return generate_latest(registry)


def _of_figures(figures: Figures) -> Iterator[Metric]:
    parts = ((part, part not in figures.missing) for part in PARTS)
    yield _gauge("portal_up", "Whether this part answers and is as it should be.", "part", parts)
    for kind, (name, says) in NUMBERS.items():
        rows = ((state, number) for (of, state), number in figures.counts.items() if of == kind)
        yield _gauge(name, says, "state", rows)
    waited = ((kind, each.total_seconds()) for kind, each in figures.waited.items())
    says = "How long the oldest row that is due has been due: nobody took it up, or those before it take long."
    yield _gauge("portal_oldest_due_seconds", says, "kind", waited)
    yield _gauge("portal_queue_depth", "Tasks that wait in a queue.", "queue", (figures.queues or {}).items())
    seen = ((name, each.total_seconds()) for name, each in figures.seen.items())
    yield _gauge("portal_heartbeat_age_seconds", "Since the last sign of a worker on a queue.", "name", seen)
    is_open = int(figures.is_unscanned_allowed)
    yield GaugeMetricFamily("portal_unscanned_files_open", "1 while held files can be opened unscanned.", value=is_open)
    if figures.backup is not None:
        ago = figures.backup.total_seconds()
        yield GaugeMetricFamily("portal_backup_age_seconds", "Since the last backup that was whole.", value=ago)
    if figures.disk is not None:
        yield GaugeMetricFamily("portal_storage_free_bytes", "Room where files lie.", value=figures.disk.free)
        yield GaugeMetricFamily(
            "portal_storage_size_bytes", "Size of the disk where files lie.", value=figures.disk.total
        )


def _of_sums(sums: Sums) -> Iterator[Metric]:
    labels = ["endpoint", "method", "status"]
    requests = sums.counts.get("requests", {})
    yield _counter("portal_requests", "Requests, static files left out.", labels, requests)
    seconds = sums.durations.get("request", {})
    yield _histogram("portal_request_duration_seconds", "How long a request took.", ["endpoint"], seconds)
    yield _counter(
        "portal_tasks", "Tasks by outcome: done, failed, or refused.", ["task", "outcome"], sums.counts.get("tasks", {})
    )
    seconds = sums.durations.get("task", {})
    yield _histogram("portal_task_duration_seconds", "How long a task took.", ["task"], seconds)


def _gauge(name: str, says: str, label: str, rows: Iterable[tuple[str, float]]) -> Metric:
    made = GaugeMetricFamily(name, says, labels=[label])
    for value, number in rows:
        made.add_metric([value], number)
    return made


def _counter(name: str, says: str, labels: list[str], rows: dict[Labels, int]) -> Metric:
    made = CounterMetricFamily(name, says, labels=labels)
    for values, number in sorted(rows.items()):
        made.add_metric(values, number)
    return made


def _histogram(name: str, says: str, labels: list[str], rows: dict[Labels, Duration]) -> Metric:
    made = HistogramMetricFamily(name, says, labels=labels)
    for values, duration in sorted(rows.items()):
        total, buckets = 0, []
        for bound, number in zip((*map(str, BOUNDS), "+Inf"), duration.within, strict=True):
            total += number
            buckets.append((bound, total))
        made.add_metric(values, buckets, duration.seconds)
    return made
