from tests.payments.conftest import sink, till

__all__ = ["sink", "till"]
