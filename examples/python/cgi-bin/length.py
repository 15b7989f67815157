import os
import sys

body = sys.stdin.buffer.read(int(os.environ.get("CONTENT_LENGTH") or 0))
if not body:
    print("Status: 400 Bad Request")
print("Content-Type: text/plain")
print()
print(f"{len(body)} bytes of {os.environ.get('CONTENT_TYPE', 'nothing')}")
