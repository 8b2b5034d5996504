"""A customer's function: reads its standard input, answers one JSON object."""

import hashlib
import json
import os
import sys

SECRETS = "/var/openfaas/secrets"


def secret(name):
    try:
        with open(os.path.join(SECRETS, name), "rb") as file:
            value = file.read()
    except OSError as error:
        return {"exists": os.path.lexists(os.path.join(SECRETS, name)), "error": error.strerror}
    return {"exists": True, "length": len(value), "sha256": hashlib.sha256(value).hexdigest()}


def can_write(folder):
    probe = os.path.join(folder, ".probe")
    try:
        with open(probe, "w"):
            pass
        os.remove(probe)
        return True
    except OSError:
        return False


def main():
    with open("/app/VERSION") as file:
        version = file.read().strip()
    names = [name for name in os.environ.get("SECRET_NAMES", "").split(",") if name]
    answer = {
        "version": version,
        "stdin": sys.stdin.buffer.read().decode("utf-8", "replace"),
        "greeting": os.environ.get("GREETING"),
        "secrets": {name: secret(name) for name in names},
        "secretsWritable": can_write(SECRETS),
        "uid": os.getuid(),
        "gid": os.getgid(),
    }
    print(json.dumps(answer, sort_keys=True))


main()
