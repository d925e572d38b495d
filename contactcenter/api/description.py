"""The API's description of itself, as OpenAPI: short operation names, and errors under their own media type."""

from functools import cached_property
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from contactcenter.api.problems import MEDIA_TYPE


class DescribedAPI(NinjaAPI):
    """django-ninja's, with the description that clients are generated from."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name, which is unique here."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """The description, made once."""
        return self._schema

    @cached_property
    def _schema(self) -> OpenAPISchema:
        schema = super().get_openapi_schema()
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in response.get("content", {}):
                        response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
        return schema
