"""The demo's own: the platform's account is told to the address that the product answers at."""

import sys
import threading

from carehub.core.settings import settings
from carehub.integrations.stripe_sink.server import Sink


def main(port: int) -> None:
    hook = (f"{settings.url}/webhooks/stripe/platform", settings.stripe_webhook_secret)
    sink = Sink(port, settings.data_dir / "stripe", pages=settings.url, endpoints={settings.stripe_key: hook})
    for work in (sink.events.run, sink.keep_time):
        threading.Thread(target=work, daemon=True).start()
    sink.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
