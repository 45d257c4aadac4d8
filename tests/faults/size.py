"""The size of the faults, read in one place: small in ``make test``, full in ``make faults``."""

import os

IS_FULL = os.environ.get("PORTAL_FAULTS") == "full"
