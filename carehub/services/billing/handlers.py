"""What billing does when a card has paid, or was paid back."""

from carehub.core.outbox import handles
from carehub.services.billing import paying

handles("payment.succeeded")(paying.take_payment)
handles("payment.refunded")(paying.take_refund)
