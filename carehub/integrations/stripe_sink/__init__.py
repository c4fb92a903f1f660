"""The demo's Stripe: speaks enough of its HTTP API for the unchanged library, keeps what it is given in `data_dir/stripe`, and moves
no money. `python -m carehub.integrations.stripe_sink PORT`. Used by the demo and by tests, never in production."""

DEMO_KEY = "sk_test_demo"  # of the account that the demo's payments are made at
