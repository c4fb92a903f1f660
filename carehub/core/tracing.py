"""Spans around verbs and tasks. They cost nothing and go nowhere until OTEL_EXPORTER_OTLP_ENDPOINT is set."""

import importlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from carehub.core.settings import settings

log = logging.getLogger(__name__)
_EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"  # an optional package


def setup(process: str) -> bool:
    """Export this process's spans. False when no address is set or the exporter's package is not installed."""
    if not settings.otlp_endpoint:
        return False
    try:
        exporter = importlib.import_module(_EXPORTER)
    except ModuleNotFoundError:
        log.warning("spans are not exported: opentelemetry-exporter-otlp-proto-http is not installed")
        return False
    provider = TracerProvider(resource=Resource.create({"service.name": f"carehub-{process}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter.OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True


@contextmanager
def span(name: str, **attributes: str) -> Iterator[None]:
    """A piece of work; attributes are ids and names, never personal data."""
    with trace.get_tracer("carehub").start_as_current_span(name, record_exception=False) as current:
        current.set_attributes(attributes)
        yield
