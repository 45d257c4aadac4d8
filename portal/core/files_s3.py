"""Files in a bucket of an S3 server: Amazon's, or another's that speaks the same protocol."""

from __future__ import annotations

import re
import shutil
from functools import cached_property
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from config import S3Settings
from portal.core.files import StorageAway

CONNECT_SECONDS, READ_SECONDS = 3, 20
LARGEST_IN_MEMORY = 20 * 1024 * 1024
MISSING = {"NoSuchKey", "404"}


class S3Storage:
    """A bucket. One client for the process, made when it is first needed: boto3 takes a while to import."""

    def __init__(self, settings: S3Settings) -> None:
        self.settings = settings

    def put(self, key: str, content: bytes) -> None:
        """Write ``content`` under ``key``; StorageAway where the server does not take it."""
        self._call("put_object", key, Body=content)

    def put_stream(self, key: str, source: IO[bytes]) -> None:
        """Write the rest of ``source`` under ``key``, piece by piece; StorageAway where the server does not take it."""
        self._call("put_object", key, Body=source)

    def open(self, key: str) -> IO[bytes]:
        """Return a reader of the bytes under ``key``; FileNotFoundError where there are none, StorageAway otherwise.

        They are read at once (on disk beyond 20 MB), so that a server that breaks off does so here, and not in half a
        download.
        """
        return self._call("get_object", key)

    def remove(self, key: str) -> None:
        """Delete what lies under ``key``, if anything does; StorageAway where the server does not answer."""
        self._call("delete_object", key)

    def _call(self, method: str, key: str, **arguments: Any) -> IO[bytes]:
        from botocore.exceptions import BotoCoreError, ClientError

        if not re.fullmatch(r"[0-9a-f-]{36}", key):
            raise ValueError(f"not a storage key: {key}")
        try:
            answer = getattr(self._client, method)(Bucket=self.settings.bucket, Key=key, **arguments)
            return _whole(answer["Body"]) if "Body" in answer else BytesIO()
        except ClientError as refusal:
            if refusal.response.get("Error", {}).get("Code") in MISSING:
                raise FileNotFoundError(key) from refusal
            raise StorageAway(str(refusal)) from refusal
        except BotoCoreError as fault:
            raise StorageAway(str(fault)) from fault

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.settings.endpoint or None,
            region_name=self.settings.region,
            aws_access_key_id=self.settings.access_key,
            aws_secret_access_key=self.settings.secret_key,
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": 2, "mode": "standard"},
                s3={"addressing_style": "path"},
                # Other servers than Amazon's do not know the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


def _whole(body: Any) -> IO[bytes]:
    read: IO[bytes] = SpooledTemporaryFile(max_size=LARGEST_IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
    try:
        shutil.copyfileobj(body, read, 1024 * 1024)
    except BaseException:
        read.close()
        raise
    read.seek(0)
    return read
