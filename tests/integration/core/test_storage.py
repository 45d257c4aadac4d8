"""One contract, two storages: a folder, and a bucket of a real S3 server over HTTP."""

from io import BytesIO
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from config import S3Settings
from portal.core.files import LocalStorage, StorageAway
from portal.core.files_s3 import S3Storage
from tests.world.clamd import nobody_listens

BUCKET = "portal-files"
FAR_SIDE = "eu-central-1"


@pytest.fixture(scope="module")
def server():
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    endpoint = "http://{}:{}".format(*running.get_host_and_port())
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": FAR_SIDE}
    client = boto3.client("s3", endpoint_url=endpoint, **keys)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": FAR_SIDE})
    client.close()
    yield endpoint
    running.stop()


def bucket(endpoint, name=BUCKET):
    return S3Storage(S3Settings(name, "key", "secret", endpoint))


@pytest.fixture(params=["local", "s3"])
def storage(request, tmp_path):
    if request.param == "local":
        yield LocalStorage(tmp_path)
        return
    made = bucket(request.getfixturevalue("server"))
    yield made
    made._client.close()


@pytest.mark.parametrize("content", [b"x", bytes(range(256)) * 4096 * 20], ids=["one byte", "20 MB"])
def test_what_was_put_is_what_is_read(storage, content):
    key = str(uuid4())
    storage.put(key, content)
    with storage.open(key) as reader:
        assert reader.read() == content


def test_a_stream_is_kept_from_where_it_stands_and_what_was_removed_is_gone(storage):
    key, source = str(uuid4()), BytesIO(b"the head, and the rest")
    source.seek(10)
    storage.put_stream(key, source)
    with storage.open(key) as reader:
        assert reader.read() == b"and the rest"
    for _ in range(2):
        storage.remove(key)
    with pytest.raises(FileNotFoundError):
        storage.open(key)


def test_put_again_is_the_latest_whole(storage):
    key = str(uuid4())
    storage.put(key, b"the first, and longer")
    storage.put(key, b"second")
    with storage.open(key) as reader:
        assert reader.read() == b"second"


def test_what_is_not_there_is_named_so(storage):
    with pytest.raises(FileNotFoundError):
        storage.open(str(uuid4()))


@pytest.mark.parametrize("key", ["../../etc/passwd", "name.pdf", "", "0" * 35 + "/"])
def test_only_our_own_keys_are_taken(storage, key):
    with pytest.raises(ValueError, match="not a storage key"):
        storage.put(key, b"x")
    with pytest.raises(ValueError, match="not a storage key"):
        storage.open(key)


def test_a_folder_that_cannot_be_written_refuses(tmp_path):
    (tmp_path / "taken").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="taken"):
        LocalStorage(tmp_path / "taken").put(str(uuid4()), b"x")


def test_a_server_that_is_away_or_lacks_the_bucket_is_away(server):
    for storage in (bucket(f"http://{nobody_listens()}"), bucket(server, "no-such-bucket")):
        with pytest.raises(StorageAway):
            storage.put(str(uuid4()), b"x")
        with pytest.raises(StorageAway):
            storage.open(str(uuid4()))
        storage._client.close()
