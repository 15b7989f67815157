import os
from urllib.parse import parse_qsl

query = dict(parse_qsl(os.environ["QUERY_STRING"]))
print("Content-Type: text/plain; charset=utf-8")
print()
print(f"Hello, {query.get('name', 'world')}.")
