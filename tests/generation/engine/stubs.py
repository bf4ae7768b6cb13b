"""A server that speaks the OpenAI interface as its script says, for tests at the process edge."""

import json
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from generation.engine.types import GenerationJob, Message, Prompt, SamplingParams


@dataclass
class Reply:
    status: int = 200
    body: object = None
    headers: dict = field(default_factory=dict)
    cut_after: int | None = None
    delay_seconds: float = 0.0


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that hangs up early is part of these tests."""


class StubServer:
    """Answers each POST with the next reply of `script`, then with `default` for ever."""

    def __init__(self, tls: ssl.SSLContext | None = None):
        self.script: list[Reply] = []
        self.default = chat_reply(["A fine text."])
        self.models: Reply = Reply(body={"object": "list", "data": [{"id": "small"}]})
        self.requests: list[dict] = []
        self.n_running = self.most_running = 0
        self._lock = threading.Lock()
        self._http = QuietServer(("127.0.0.1", 0), _handler_of(self))
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def next_reply(self, handler, body) -> Reply:
        with self._lock:
            self.requests.append(
                {"path": handler.path, "headers": dict(handler.headers.items()), "body": body}
            )
            if handler.command == "GET":
                return self.models
            return self.script.pop(0) if self.script else self.default

    def enter(self):
        with self._lock:
            self.n_running += 1
            self.most_running = max(self.most_running, self.n_running)

    def leave(self):
        with self._lock:
            self.n_running -= 1

    def close(self):
        self._http.shutdown()
        self._http.server_close()


def _handler_of(stub: StubServer):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            return None

        def do_GET(self):
            self._reply(stub.next_reply(self, None))

        def do_POST(self):
            raw = self.rfile.read(int(self.headers["content-length"]))
            stub.enter()
            reply = stub.next_reply(self, json.loads(raw))
            threading.Event().wait(reply.delay_seconds)
            stub.leave()
            self._reply(reply)

        def _reply(self, reply: Reply):
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            headers = {"content-type": "application/json", "content-length": str(len(body))}
            for name, value in {**headers, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[: reply.cut_after])
            if reply.cut_after is not None:
                self.close_connection = True

    return Handler


def chat_reply(texts, finish_reason="stop", usage=(12, 30)) -> Reply:
    choices = [
        {
            "index": i,
            "finish_reason": finish_reason,
            "message": {"role": "assistant", "content": text},
        }
        for i, text in enumerate(texts)
    ]
    counted = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    body = {"id": "x", "object": "chat.completion", "created": 1, "model": "small"}
    return Reply(body={**body, "choices": choices, "usage": counted})


def job(job_id="a", text="Write about a mug.", **sampling) -> GenerationJob:
    return GenerationJob(job_id, Prompt((Message("user", text),), text), SamplingParams(**sampling))


def never(job_id) -> bool:
    return False
