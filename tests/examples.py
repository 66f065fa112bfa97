"""How many examples Hypothesis tries: few while somebody waits for bin/test, all of them in bin/check."""

import os

from hypothesis import HealthCheck, settings

IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
# What a test's fixtures made serves all its examples.
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def examples(number: int, *, at_once: int) -> int:
    """`number` in bin/check, which asks for it by HYPOTHESIS_PROFILE=thorough; `at_once` otherwise."""
    return number if IS_THOROUGH else at_once
