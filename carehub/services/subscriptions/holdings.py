"""What subscriptions hold of a person: nothing. They are the organisation's, with CareHub."""

from carehub.core.holdings import holds_nobody

holds_nobody(
    plan_subscription="what the organisation pays CareHub",
    plan_invoice="what CareHub asked the organisation for",
)
