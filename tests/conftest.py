"""Settings for the whole suite."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No deadline: the machine that runs the tests may be busy with other things.
settings.register_profile(
    "suite",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("suite")
