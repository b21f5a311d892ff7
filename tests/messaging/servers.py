"""Small servers on 127.0.0.1 for the tests: IMAP, POP3 and a receiver of webhooks."""

from __future__ import annotations

import re
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Served(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, handler, letters):
        super().__init__(("127.0.0.1", 0), handler)
        self.letters = list(letters)
        self.seen = set()
        self.deleted = set()
        self.dies_before_mark = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def stop(self):
        self.shutdown()
        self.server_close()


class _Imap(socketserver.StreamRequestHandler):
    """The part of RFC 3501 that taking letters needs."""

    def handle(self):
        self.say(b"* OK ready")
        for line in self.rfile:
            tag, _, rest = line.strip().partition(b" ")
            word = rest.split(b" ")[0].upper()
            if word == b"UID":
                if not self.uid(tag, rest):
                    return
            elif word == b"CAPABILITY":
                self.say(b"* CAPABILITY IMAP4rev1", tag + b" OK done")
            elif word == b"SELECT":
                self.say(b"* %d EXISTS" % len(self.server.letters), tag + b" OK [READ-WRITE]")
            elif word == b"LOGOUT":
                self.say(b"* BYE", tag + b" OK done")
                return
            else:
                good = word != b"LOGIN" or b"secret" in rest
                self.say(tag + (b" OK done" if good else b" NO wrong password"))

    def say(self, *lines):
        for line in lines:
            self.wfile.write(line + b"\r\n")

    def uid(self, tag, rest):
        server = self.server
        if b"SEARCH" in rest:
            unseen = [str(n).encode() for n in range(1, len(server.letters) + 1) if n not in server.seen]
            self.say(b"* SEARCH " + b" ".join(unseen), tag + b" OK done")
        elif b"FETCH" in rest:
            number = int(rest.split()[2])
            raw = server.letters[number - 1]
            self.say(
                b"* %d FETCH (UID %d BODY[] {%d}" % (number, number, len(raw)) + b"\r\n" + raw + b")",
                tag + b" OK done",
            )
        elif b"STORE" in rest:
            if server.dies_before_mark:
                return False
            server.seen.add(int(rest.split()[2]))
            self.say(tag + b" OK done")
        return True


class _Pop3(socketserver.StreamRequestHandler):
    """The part of RFC 1939 that taking letters needs; deletions take force on QUIT."""

    def handle(self):
        marked = set()
        self.say(b"+OK ready")
        for line in self.rfile:
            word, _, rest = line.strip().partition(b" ")
            word = word.upper()
            if word == b"CAPA":
                self.say(b"+OK", b"USER", b".")
            elif word == b"LIST":
                self.say(b"+OK", *(b"%d %d" % (n, len(raw)) for n, raw in self.left()), b".")
            elif word == b"RETR":
                raw = self.server.letters[int(rest) - 1]
                body = re.sub(rb"^\.", b"..", raw.rstrip(b"\r\n"), flags=re.M)
                self.say(b"+OK", body, b".")
            elif word == b"DELE":
                if self.server.dies_before_mark:
                    return
                marked.add(int(rest))
                self.say(b"+OK")
            elif word == b"QUIT":
                self.server.deleted |= marked
                self.say(b"+OK")
                return
            else:
                self.say(b"+OK")

    def left(self):
        return [(n, raw) for n, raw in enumerate(self.server.letters, 1) if n not in self.server.deleted]

    def say(self, *lines):
        for line in lines:
            self.wfile.write(line + b"\r\n")


def imap(letters):
    return _Served(_Imap, letters)


def pop3(letters):
    return _Served(_Pop3, letters)


class Receiver:
    """A subscriber: keeps what it was sent; answers with the status it was told to."""

    def __init__(self):
        self.got = []
        self.refused = 0
        self.status = 200
        self.headers = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.status == 200:
                    receiver.got.append((dict(self.headers), body))
                else:
                    receiver.refused += 1
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words):
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
