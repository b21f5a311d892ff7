"""X-12: the description is a valid OpenAPI 3.1 document, and the service does what it says."""

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis.checks import load_all_checks

from records.kinds import registry

from .conftest import LETTER


@pytest.mark.requirement("X-12")
def test_the_description_is_valid_openapi(program):
    given = program(None).get("/openapi.json").json
    assert given["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(given).validate()


@pytest.mark.requirement("X-12")
def test_every_route_and_method_is_described(program, application):
    paths = program(None).get("/openapi.json").json["paths"]
    told = {
        (method.upper(), path) for path, item in paths.items() for method in item if method != "parameters"
    }
    routes = {
        (method, rule.rule.removeprefix("/api/v1").replace("<id:", "{").replace("<", "{").replace(">", "}"))
        for rule in application.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert told == routes


@pytest.mark.requirement("X-12")
def test_every_kind_is_described_with_its_fields(program):
    schemas = program(None).get("/openapi.json").json["components"]["schemas"]
    for kind in registry:
        described = schemas[f"New_{kind.name}"]["properties"]["fields"]["properties"]
        assert set(described) == {f.name for f in kind.data_fields}


CHECKS = "not_a_server_error status_code_conformance content_type_conformance response_schema_conformance"


# The test client of the library drops a download unread; a real server closes it.
@pytest.mark.filterwarnings("ignore:unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.requirement("X-12")
def test_generated_requests_get_only_the_answers_that_are_described(program, filed):
    """Every operation with generated input, right and wrong; the same each time, bounded in number."""
    mine = program("head")
    filed(mine)
    mine.post("/records", json=LETTER)
    load_all_checks()
    checks = [schemathesis.checks.CHECKS.get_one(name) for name in CHECKS.split()]
    schema = schemathesis.openapi.from_dict(program(None).get("/openapi.json").json)
    tried = []
    for result in schema.get_all_operations():
        operation = result.ok()
        _drive(operation, mine, checks, tried)
    assert len(set(tried)) == len(
        [p for p in schema.raw_schema["paths"].values() for m in p if m != "parameters"]
    )


def _drive(operation, mine, checks, tried):
    quiet = [
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ]

    @hypothesis.seed(2026)
    @hypothesis.settings(max_examples=12, deadline=None, database=None, suppress_health_check=quiet)
    @hypothesis.given(
        case=hypothesis.strategies.one_of(
            operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
        )
    )
    def run(case):
        tried.append(operation.label)
        case.call_and_validate(
            app=mine.client.application,
            base_url="http://localhost/api/v1",
            headers={"Authorization": f"Bearer {mine.token}"},
            checks=checks,
        )

    run()
