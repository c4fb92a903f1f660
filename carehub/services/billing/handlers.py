"""What billing does when a document was issued, and when a card has paid, or was paid back."""

from carehub.core.outbox import handles
from carehub.services.billing import keeping, paying, receipts
from carehub.services.billing.issuing import ISSUED
from carehub.services.checkout.settling import KEPT

handles(ISSUED)(keeping.keep_issued)
handles(KEPT)(receipts.invoice_what_was_paid)
handles("payment.succeeded")(paying.take_payment)
handles("payment.refunded")(paying.take_refund)
