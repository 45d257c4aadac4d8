"""Storage that fails as disks do."""

from portal.core.files import LocalStorage


class FullDisk(LocalStorage):
    """Gives what it has, and takes nothing more."""

    def put(self, key, content):
        raise OSError(28, "No space left on device")
