/**
 * Servers for a guest with Python: 8001 HTTP of many kinds, 8002 websockets, 8003 one that hangs up, 8004 one that speaks something
 * else, 8005 one whose answer never fits; 8001 opens and shuts one more, 8100, when it is asked to. Only Python's own library, so that none of ours is at both ends.
 */
export const SERVERS = String.raw`
import base64, hashlib, json, os, socketserver, struct, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Pages(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def plain(self, body):
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        if self.path == '/redirect':
            self.send_response(302)
            self.send_header('Location', '/echo')
            self.send_header('Set-Cookie', 'a=1')
            self.send_header('Set-Cookie', 'b=2')
            self.send_header('Content-Length', '0')
            self.end_headers()
        elif self.path == '/chunked':
            self.send_response(200)
            self.send_header('Transfer-Encoding', 'chunked')
            self.end_headers()
            for piece in (b'one ', b'two ', b'three'):
                self.wfile.write(b'%x;note=1\r\n%s\r\n' % (len(piece), piece))
                self.wfile.flush()
            self.wfile.write(b'0\r\nX-After: yes\r\n\r\n')
        elif self.path == '/continue':
            self.wfile.write(b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')
            self.plain(b'went on')
        elif self.path == '/open':
            self.server.more = Server(('127.0.0.1', 8100), Mail)
            self.plain(b'')
        elif self.path == '/shut':
            self.server.more.server_close()
            self.plain(b'')
        elif self.path == '/until-closed':
            self.wfile.write(b'HTTP/1.0 200 OK\r\n\r\nall there is')
            self.close_connection = True
        else:
            threading.Event().wait()
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        heard = {name.lower(): value for name, value in self.headers.items()}
        self.send_response(201)
        self.send_header('X-Heard', json.dumps({'path': self.path, **heard}))
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

class Sockets(socketserver.StreamRequestHandler):
    def frame(self, opcode, payload, final=True):
        head = bytes([(0x80 if final else 0) | opcode])
        size = len(payload)
        if size < 126: head += bytes([size])
        elif size < 65536: head += bytes([126]) + struct.pack('>H', size)
        else: head += bytes([127]) + struct.pack('>Q', size)
        self.wfile.write(head + payload)
    def read(self):
        first, second = self.rfile.read(2)
        assert second & 0x80, 'a client masks'
        size = second & 0x7f
        if size == 126: size, = struct.unpack('>H', self.rfile.read(2))
        elif size == 127: size, = struct.unpack('>Q', self.rfile.read(8))
        mask = self.rfile.read(4)
        payload = self.rfile.read(size)
        return first & 15, bytes(b ^ m for b, m in zip(payload, mask * (size // 4 + 1)))
    def handle(self):
        self.rfile.readline()
        headers = {}
        for line in iter(self.rfile.readline, b'\r\n'):
            name, _, value = line.decode().partition(':')
            headers[name.lower()] = value.strip()
        key = headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.wfile.write(('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n'
            'Sec-WebSocket-Accept: ' + accept + '\r\n'
            + ('Sec-WebSocket-Protocol: echo\r\n' if 'echo' in headers.get('sec-websocket-protocol', '') else '')
            + '\r\n').encode())
        while True:
            opcode, payload = self.read()
            if opcode == 8: return self.frame(8, payload)
            if opcode == 10: self.frame(1, b'pong of ' + payload)
            elif payload == b'ping': self.frame(9, b'are you there')
            elif payload == b'fragments':
                self.frame(1, b'frag', False)
                self.frame(9, b'')
                self.frame(0, b'-ments')
                self.read()
            elif payload == b'close':
                self.frame(8, struct.pack('>H', 1001) + b'going')
                self.read()
                return
            elif payload == b'break off': return
            elif payload == b'too large': self.wfile.write(bytes([0x82, 127]) + struct.pack('>Q', 1 << 40))
            elif payload == b'flood':
                for _ in range(80): self.frame(2, bytes(100_000))
                self.frame(8, struct.pack('>H', 1000))
            else: self.frame(opcode, payload)

class HangsUp(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.recv(65536)
        self.request.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')

class Mail(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b'220 mail.example ESMTP\r\n')
        self.request.recv(65536)

class Endless(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.recv(65536)
        self.request.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n')
        self.request.recv(65536)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

running = [ThreadingHTTPServer(('127.0.0.1', 8001), Pages)]
for port, handler in ((8002, Sockets), (8003, HangsUp), (8004, Mail), (8005, Endless)):
    running.append(Server(('0.0.0.0', port), handler))
for server in running:
    threading.Thread(target=server.serve_forever).start()
`;
