"""What the contract's tests start from."""

import pytest
from pytest_django import Settings

from tests.contracts.asking import SERVICE, Api
from tests.factories import an_office


@pytest.fixture
def api(db: None, settings: Settings) -> Api:
    """The service's client, with an office to serve."""
    settings.CC_API_TOKEN = SERVICE
    an_office()
    return Api()
