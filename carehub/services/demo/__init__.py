"""Demo data: five believable tenants, and a large set for measuring. Never loaded into a production database by itself."""

from carehub.services.demo.large import seed_large
from carehub.services.demo.seed import seed
from carehub.services.demo.sign_ins import SIGN_INS

__all__ = ["SIGN_INS", "seed", "seed_large"]
