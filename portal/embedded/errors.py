"""The one error of the launcher."""


class ServicesError(Exception):
    """Why a service cannot be found or started, in one line a person can act on."""
