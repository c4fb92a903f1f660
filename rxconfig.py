import reflex as rx

from carehub.components.design import DesignPlugin
from carehub.core.settings import settings

config = rx.Config(
    app_name="carehub",
    api_url=settings.url,
    deploy_url=settings.url,
    backend_host=settings.host,
    cors_allowed_origins=[settings.url],
    redis_url=settings.redis_url if settings.web_workers > 1 else None,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["gzip", "brotli"],
    plugins=[DesignPlugin(config={"plugins": []})],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
