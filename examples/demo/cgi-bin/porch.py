#!/usr/bin/env python3
"""A CGI script in Python, with nothing but its standard library (the module `cgi` left it in 3.13).

    /cgi-bin/porch.py/environment   what the server tells a script, as a page
    /cgi-bin/porch.py/form          a form with fields and a file, and what came of it
    /cgi-bin/porch.py/picture       a PNG, painted pixel by pixel: ?hour=5 to 21
    /cgi-bin/porch.py/about         JSON: which Python this is

A request comes as environment variables and, where it has a body, on standard input; what is
printed is the answer: fields, an empty line, content.
"""

import hashlib
import json
import math
import os
import re
import struct
import sys
import zlib
from email.message import Message
from html import escape
from urllib.parse import parse_qsl, quote

BODY_BYTES_MAX = 1024 * 1024  # all of it is held in memory
FIELDS_MAX = 100


class Refusal(Exception):
    """What the client asked for and does not get: a status, and why."""


def main():
    place = os.environ.get("PATH_INFO", "")
    method = os.environ.get("REQUEST_METHOD", "GET")
    if method not in ("GET", "HEAD") and (method, place) != ("POST", "/form"):
        raise Refusal("405 Method Not Allowed", "This takes GET; the form takes POST, too.")
    if place == "/about":
        version = sys.version.split()[0]
        text = json.dumps({"language": "Python", "version": version})
        answer("200 OK", "application/json", text.encode())
    elif place == "/environment":
        send_page("The environment", table(sorted(os.environ.items())))
    elif place == "/form":
        if method == "POST":
            send_page("What came", what_came())
        else:
            send_page("A form", form())
    elif place == "/picture":
        answer("200 OK", "image/png", picture(hour_asked_for()))
    else:
        raise Refusal("404 Not Found", "There is nothing here. Try /environment.")


# --- what comes in ---


def pairs_in(text):
    """The fields of a query, or of a form without files."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=FIELDS_MAX)
    except ValueError:
        raise Refusal("400 Bad Request", "There are too many fields.") from None


def read_body():
    """Exactly as many bytes as were announced: standard input may stay open behind them."""
    announced = os.environ.get("CONTENT_LENGTH", "")
    if not re.fullmatch(r"[0-9]{1,15}", announced):
        raise Refusal("411 Length Required", "How long the form is was not said.")
    length = int(announced)
    if length > BODY_BYTES_MAX:
        raise Refusal("413 Content Too Large", f"A form of up to {BODY_BYTES_MAX} bytes is taken.")
    body = sys.stdin.buffer.read(length)
    if len(body) != length:
        raise Refusal("400 Bad Request", "The form ends too early.")
    return body


def fields_and_files():
    """The form as two lists: (name, text) and (name, file name, type, bytes)."""
    body = read_body()
    kind = Message()
    kind["Content-Type"] = os.environ.get("CONTENT_TYPE", "")
    if kind.get_content_type() == "application/x-www-form-urlencoded":
        return pairs_in(body.decode("latin-1")), []
    boundary = kind.get_param("boundary", "")
    if kind.get_content_type() != "multipart/form-data" or not boundary:
        raise Refusal("415 Unsupported Media Type", "This is no form.")
    fields, files = [], []
    for head, content in parts_of(body, str(boundary).encode("latin-1", "replace")):
        name = head.get_param("name", "", "Content-Disposition")
        filename = head.get_param("filename", None, "Content-Disposition")
        if filename is None:
            fields.append((name, content.decode("utf-8", "replace")))
        else:
            files.append((name, filename, head.get_content_type(), content))
    return fields, files


def parts_of(body, boundary):
    """(head, content) of each part of a multipart body (RFC 2046, 5.1.1); content as it came."""
    delimiter = b"\r\n--" + boundary
    # The first delimiter may stand at the very beginning; what is before it is nobody's.
    pieces = (b"\r\n" + body).split(delimiter)[1:]
    if not pieces or not pieces[-1].startswith(b"--") or len(pieces) > FIELDS_MAX:
        raise Refusal("400 Bad Request", "The form is malformed.")
    for piece in pieces[:-1]:
        head, blank_line, content = piece.partition(b"\r\n\r\n")
        if not blank_line:
            raise Refusal("400 Bad Request", "A part of the form has no head.")
        fields = Message()
        for line in head.decode("utf-8", "replace").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            fields[name.strip()] = value.strip()
        yield fields, content


# --- what goes out ---


def answer(status, media_type, content, headers=()):
    head = [f"Status: {status}", f"Content-Type: {media_type}", f"Content-Length: {len(content)}"]
    lines = "".join(f"{line}\n" for line in [*head, *headers])
    sys.stdout.buffer.write(lines.encode("ascii") + b"\n" + content)


def send_page(title, main, status="200 OK"):
    here = escape(quote(os.environ.get("SCRIPT_NAME", "")))
    links = "".join(
        f'<li><a href="{here}/{name}">{text}</a></li>'
        for name, text in [("environment", "Environment"), ("form", "Form"), ("picture", "Picture")]
    )
    text = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · Python · Portico</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<header class="frame top"><a class="mark" href="/">Portico</a>
<nav aria-label="Pages"><ul><li><a href="/programs/">Programs</a></li>{links}</ul></nav></header>
<main class="frame"><div class="title"><h1>{escape(title)}</h1>
<p class="lead">This page was printed by a script in Python.</p></div>
<section>{main}</section></main>
</html>
"""
    # A variable may hold bytes that are no UTF-8; they come out as \udcNN.
    content = text.encode("utf-8", "backslashreplace")
    answer(status, "text/html; charset=utf-8", content, ["Cache-Control: no-store"])


def table(rows):
    """A list of names and texts; whatever comes from outside is escaped here."""
    lines = (f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return f'<dl class="told">{"".join(lines)}</dl>'


def form():
    here = escape(quote(os.environ.get("SCRIPT_NAME", "")))
    return f"""<form class="sheet" method="post" action="{here}/form" enctype="multipart/form-data">
<label for="name">Name</label><input id="name" name="name" maxlength="80" required>
<label for="text">A line or two</label><textarea id="text" name="text" rows="3"></textarea>
<label for="file">A file of up to 1 MB; it is looked at, and not kept</label>
<input id="file" type="file" name="file">
<button>Send</button></form>"""


def what_came():
    fields, files = fields_and_files()
    rows = list(fields)
    for name, filename, media_type, content in files:
        digest = hashlib.sha256(content).hexdigest()
        rows.append((name, f"{filename}\n{media_type}, {len(content)} bytes\nSHA-256 {digest}"))
    return table(rows)


# --- the picture: three arches, and an hour behind them ---

WIDTH, HEIGHT = 480, 320
BAY, HALF_OPENING, SPRING, SILL, HORIZON = 160, 58, 112, 286, 196
# Hour, sky above, sky at the horizon, hills.
HOURS = [
    (5, (38, 44, 92), (214, 138, 140), (70, 66, 108)),
    (8, (122, 168, 210), (248, 222, 182), (120, 142, 138)),
    (13, (104, 162, 214), (226, 238, 236), (108, 142, 126)),
    (17, (128, 150, 202), (252, 206, 150), (128, 122, 134)),
    (19, (88, 92, 152), (246, 152, 104), (108, 86, 126)),
    (21, (24, 32, 76), (98, 92, 148), (38, 42, 84)),
]


def hour_asked_for():
    try:
        query = dict(pairs_in(os.environ.get("QUERY_STRING", "")))
        hour = float(query.get("hour", "17"))
    except ValueError:
        hour = math.nan
    if math.isnan(hour):
        raise Refusal("400 Bad Request", "An hour is a number from 5 to 21.")
    return min(max(hour, HOURS[0][0]), HOURS[-1][0])


def colours_at(hour):
    for before, after in zip(HOURS, HOURS[1:]):
        if hour <= after[0]:
            part = (hour - before[0]) / (after[0] - before[0])
            return [mixed(a, b, part) for a, b in zip(before[1:], after[1:])]


def mixed(one, other, part):
    return tuple(round(a + (b - a) * part) for a, b in zip(one, other))


def picture(hour):
    high, low, hills = colours_at(hour)
    sun = (60 + (hour - 5) * 22, 168 - 120 * math.sin((hour - 5) / 16 * math.pi))
    ridge = [HORIZON - 19 - 11 * math.sin(x / 37) - 7 * math.sin(x / 13 + 2) for x in range(WIDTH)]
    light = 0.55 + 0.45 * math.sin(math.pi * (hour - 4) / 18)
    rows = []
    for y in range(HEIGHT):
        sky = mixed(high, low, min(1, y / HORIZON))
        water = mixed(low, high, min(1, (y - HORIZON) / 90))
        row = bytearray(b"\0")  # each row says how it is filtered: not at all
        for x in range(WIDTH):
            edge = edge_distance(x, y)
            if edge > 0:
                row += bytes(wall(x, y, edge, light))
            elif y > HORIZON:
                glint = abs(x - sun[0]) < 9 + (y - HORIZON) / 4 and (y * 7 + x // 9) % 5 == 0
                row += bytes(mixed(water, (255, 246, 222), 0.6) if glint else water)
            elif y > ridge[x]:
                row += bytes(mixed(hills, low, max(0, (y - ridge[x]) / 60)))
            else:
                far = math.hypot(x - sun[0], y - sun[1])
                glow = 1 if far < 13 else 0.5 * max(0, 1 - far / 120) ** 2
                row += bytes(mixed(sky, (255, 247, 226), glow))
        rows.append(bytes(row))
    return png(b"".join(rows))


def edge_distance(x, y):
    """How far into the wall a pixel lies; at most 0 in an opening."""
    across = abs(x % BAY - BAY / 2)
    if y >= SILL:
        return y - SILL + 1
    return (across if y > SPRING else math.hypot(across, y - SPRING)) - HALF_OPENING


def wall(x, y, edge, light):
    stone = (233, 223, 204)
    if y >= SILL:
        stone = (202, 188, 160) if (y - SILL) % 17 and (x + y * 2) % 60 else (170, 154, 126)
    elif edge < 14:  # the ring of wedges around an opening
        angle = math.atan2(y - SPRING, x % BAY - BAY / 2)
        joint = y <= SPRING and int((angle + math.pi) * 15 / math.pi * 4) % 4 == 0
        stone = (196, 180, 148) if edge < 2 or joint else (220, 205, 174)
    elif y % 44 == 0 or (x + (y // 44 % 2) * 40) % 80 == 0:
        stone = (205, 189, 158)
    return tuple(int(part * light) for part in stone)


def png(rows):
    def chunk(kind, content):
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits each of red, green, blue
    content = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


if __name__ == "__main__":
    try:
        main()
    except Refusal as refusal:
        send_page(refusal.args[0], f"<p>{escape(refusal.args[1])}</p>", refusal.args[0])
