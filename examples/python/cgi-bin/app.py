from wsgiref.handlers import CGIHandler


def app(environ, start_response):
    """A WSGI app, as Flask's and Django's are."""
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}\n".encode()]


CGIHandler().run(app)
