"""`GET /metrics` for Prometheus: this machine, or whoever presents CAREHUB_METRICS_TOKEN."""

import hmac
import logging
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from carehub.core import metrics
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.services.platform import heartbeats

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "::1"})


class _Database(Collector):
    """What only the database knows. Left out of the answer while it is away."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        lag = GaugeMetricFamily("carehub_outbox_lag_seconds", "Seconds that the oldest due event waits.")
        waiting = GaugeMetricFamily("carehub_deliveries_due", "Due, unsent messages.", labels=["channel", "status"])
        try:
            with unit_of_work(system(), Role.WORKER) as session:
                lag.add_metric([], heartbeats.outbox_lag(session))
                for (channel, status), count in heartbeats.waiting_deliveries(session).items():
                    waiting.add_metric([channel, status], count)
        except SQLAlchemyError as error:
            log.warning("no figures from the database: %s", type(error).__name__)
            return
        yield lag
        yield waiting


_database = CollectorRegistry()
_database.register(_Database())


def may_read(request: Request) -> bool:
    """The token, or a direct connection from this machine: behind a proxy every reader comes from here."""
    if settings.metrics_token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
            return True
    forwarded = {"x-forwarded-for", "forwarded", "x-real-ip"} & set(request.headers.keys())
    return request.client is not None and request.client.host in LOOPBACK and not forwarded


def read(request: Request) -> Response:
    if not may_read(request):
        return PlainTextResponse("404", 404)
    figures = generate_latest(metrics.registry()) + generate_latest(_database)
    return Response(figures, media_type=CONTENT_TYPE_LATEST, headers={"cache-control": "no-store"})


ROUTES = [Route("/metrics", read)]
