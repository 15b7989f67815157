#!/usr/bin/env python3
"""Reads a form (RFC 7578) from standard input and says what its files are, by Python alone."""
import hashlib
import json
import os
import sys
from email import policy
from email.parser import BytesParser


def parts(content_type, content):
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + content)
    if not message.is_multipart():
        raise ValueError("no form")
    return message.iter_parts()


def main():
    content = sys.stdin.buffer.read()
    announced = os.environ.get("CONTENT_LENGTH")
    if announced != str(len(content)):
        raise ValueError(f"{announced} bytes announced, {len(content)} came")
    files, fields = [], {}
    for part in parts(os.environ.get("CONTENT_TYPE", ""), content):
        payload = part.get_payload(decode=True)
        name = part.get_param("name", header="content-disposition")
        if part.get_filename() is None:
            fields[name] = payload.decode()
        else:
            digest = hashlib.sha256(payload).hexdigest()
            files.append({"name": part.get_filename(), "bytes": len(payload), "sha256": digest})
    return {"files": files, "fields": fields}


try:
    status, answer = "200 OK", main()
except ValueError as error:
    print(f"refused: {error}", file=sys.stderr)
    status, answer = "400 Bad Request", {"error": str(error)}
print(f"Status: {status}\r\nContent-Type: application/json\r\n\r\n{json.dumps(answer)}", end="")
