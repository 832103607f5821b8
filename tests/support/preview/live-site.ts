/**
 * A site for a guest with Python, on port 8000: a page with a style sheet, a script and an image, one that it leads to, and a
 * websocket on the same port that answers what it hears. Only Python's own library, so that none of ours is at both ends.
 */
export const LIVE_SITE = String.raw`
import base64, hashlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FILES = {
    '/': ('text/html', '<!doctype html><title>Home</title><link rel=stylesheet href=look.css><h1>Hello from Linux</h1>'
        '<p>A page of a server on this device. <a id=next href=/next>More</a></p><img src=mark.svg width=64 alt=""><script src=app.js></script>'),
    '/next': ('text/html', '<title>Next</title><p>There is more.'),
    '/look.css': ('text/css', 'body { font: 16px/1.5 sans-serif; margin: 24px; color: rgb(1, 2, 3) }'),
    '/mark.svg': ('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="teal"/></svg>'),
    '/app.js': ('text/javascript', "const socket = new WebSocket('ws://' + location.host + '/live');"
        "socket.onopen = () => socket.send('hello'); socket.onmessage = ({ data }) => { document.title = 'Heard ' + data; };"),
}

class Site(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def do_GET(self):
        key = self.headers.get('Sec-WebSocket-Key')
        if key: return self.live(key)
        kind, text = FILES.get(self.path, ('text/plain', 'not here'))
        body = text.encode()
        self.send_response(200 if self.path in FILES else 404)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def live(self, key):
        accept = base64.b64encode(hashlib.sha1((key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest()).decode()
        self.send_response(101)
        for name, value in (('Upgrade', 'websocket'), ('Connection', 'Upgrade'), ('Sec-WebSocket-Accept', accept)):
            self.send_header(name, value)
        self.end_headers()
        first, second = self.rfile.read(2)
        mask = self.rfile.read(4)
        said = bytes(byte ^ mask[at % 4] for at, byte in enumerate(self.rfile.read(second & 127)))
        self.wfile.write(bytes([129, len(said)]) + said)
        self.rfile.read(1)

print('listens', flush=True)
ThreadingHTTPServer(('127.0.0.1', 8000), Site).serve_forever()
`;

/** A shell program that puts it into the session's files. */
export const WRITE_LIVE_SITE = `cat >/mnt/data/site.py <<'END_OF_SITE'${LIVE_SITE}END_OF_SITE\n`;
