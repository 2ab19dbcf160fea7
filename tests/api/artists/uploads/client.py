"""Uploads a file by tuspy: python client.py ENDPOINT TOKEN RELEASE FILE PARTS"""
import os
import sys
import time

from tusclient import client
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

endpoint, token, release, file, _ = sys.argv[1:]
tus = client.TusClient(endpoint, headers={"Authorization": f"Bearer {token}"})
metadata = {"filename": os.path.basename(file), "release_id": release}


def patiently(attempt):
    for _ in range(50):
        try:
            return attempt()
        # tuspy takes an answer whose head was cut for a whole one, and stumbles over what is missing.
        except (TusCommunicationError, TusUploadFailed, OSError, TypeError):
            time.sleep(0.05)
    return attempt()


url = patiently(lambda: tus.uploader(file, chunk_size=100_000, metadata=metadata)).url
url = url or patiently(lambda: tus.uploader(file, chunk_size=100_000, metadata=metadata).create_url())


def go_on():
    uploader = tus.uploader(file, url=url, chunk_size=100_000, retries=20, retry_delay=0, upload_checksum=True)
    uploader.upload()


patiently(go_on)
