"""The ear beside the server: it speaks LMTP or SMTP, keeps what comes, and says yes only then.

It answers nobody and sends nothing. A process of its own, so that whatever comes at it disturbs no page and no job.
"""

import asyncio
import logging
import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from portal import storage
from portal.database import close_connection, drop_connection, open_connection
from portal.inbound.addresses import read_recipient
from portal.inbound.receiving import Refused, receive

log = logging.getLogger("portal.inbound")
MOST_CONNECTIONS = 20
MOST_RECIPIENTS = 10
# LMTP wants an answer for each recipient; with one there is no doubt whose it is. Mail systems try the others again.
MOST_LMTP_RECIPIENTS = 1
MOST_COMMANDS = 200
# For one command, the whole of a message among them.
IDLE_SECONDS = 300
LONGEST_LINE = 64 * 1024
KEEPERS = 4
STOP_SECONDS = 10
WORDS = {250: "250 2.0.0 Kept", 550: "550 5.1.1 Not an address of ours", 451: "451 4.3.0 Trouble here, try again later"}


class Keeper:
    """What aiosmtpd asks at each step of a conversation."""

    def __init__(self, app: Flask, pool: ThreadPoolExecutor, most_recipients: int) -> None:
        self.app, self.pool, self.most_recipients = app, pool, most_recipients

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only addresses of ours: this is no way to send mail to others."""
        if read_recipient(address, self.app.config) is None:
            return WORDS[550]
        if len(envelope.rcpt_tos) >= self.most_recipients:
            return "452 4.5.3 Send it to the others in another message"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep it for every recipient. Yes is said when all of them have it on the disk and in the database."""
        raw = envelope.original_content or b""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, self._keep, raw, list(envelope.rcpt_tos), envelope.mail_from or "")

    async def handle_exception(self, error: Exception) -> str:
        """Whatever went wrong is our trouble, not the message's: the sender keeps it and tries again."""
        log.error("a conversation went wrong: %r", error)
        return WORDS[451]

    def _keep(self, raw: bytes, recipients: list[str], sender: str) -> str:
        with self.app.app_context():
            try:
                open_connection()
                for recipient in recipients:
                    receive(raw, to=recipient, sender=sender)
            except Refused as refused:
                return f"{refused.code} 5.3.4 {refused}"
            except Exception:
                log.exception("a message could not be kept; its sender will try again")
                drop_connection()
                return WORDS[451]
            return WORDS[250]


class _Limited:
    """Counts what a conversation sends, so that a line without an end cannot fill the memory."""

    line_length_limit = LONGEST_LINE
    seen = 0

    def data_received(self, data: bytes) -> None:
        self.seen += len(data)
        if self.seen > 2 * storage.MOST_BYTES:
            self.transport.abort()  # type: ignore[attr-defined]
            return
        super().data_received(data)  # type: ignore[misc]

    def _set_post_data_state(self) -> None:
        self.seen = 0
        super()._set_post_data_state()  # type: ignore[misc]


class _Smtp(_Limited, SMTP):
    pass


class _Lmtp(_Limited, LMTP):
    pass


class _Busy(asyncio.Protocol):
    """For whoever comes while MOST_CONNECTIONS are here."""

    def connection_made(self, transport: Any) -> None:
        transport.write(b"421 4.3.2 Too many at once, try again later\r\n")
        transport.close()


class Listener:
    """A listener on one port. `start` in a running event loop; `stop` lets those finish who are being kept."""

    def __init__(self, app: Flask, *, host: str, port: int, speaks: str) -> None:
        self.app, self.host, self.port, self.speaks = app, host, port, speaks
        self._here: set[asyncio.Protocol] = set()
        self._pool = ThreadPoolExecutor(KEEPERS, thread_name_prefix="keeper")
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. Raises OSError when the port cannot be had. Afterwards `port` is the one in use."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, self.host, self.port, backlog=50)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take nobody new, finish what is being written, hang up."""
        if self._server is not None:
            self._server.close()
        await asyncio.get_running_loop().run_in_executor(None, self._finish)
        for protocol in list(self._here):
            transport = getattr(protocol, "transport", None)
            if transport is not None:
                transport.close()
        await asyncio.sleep(0)

    def _finish(self) -> None:
        # Each keeper has a connection of its own to close; waiting for the others, none of them takes two turns.
        all_here = threading.Barrier(KEEPERS)

        def close() -> None:
            close_connection()
            all_here.wait(STOP_SECONDS)

        for _ in range(KEEPERS):
            self._pool.submit(close)
        self._pool.shutdown(wait=True)

    def _protocol(self) -> asyncio.Protocol:
        if len(self._here) >= MOST_CONNECTIONS:
            return _Busy()
        is_lmtp = self.speaks == "lmtp"
        made: Any = (_Lmtp if is_lmtp else _Smtp)(
            Keeper(self.app, self._pool, MOST_LMTP_RECIPIENTS if is_lmtp else MOST_RECIPIENTS),
            data_size_limit=storage.MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname=self.app.config["REPLY_DOMAIN"],
            ident="Doorstep",
            timeout=IDLE_SECONDS,
            command_call_limit=MOST_COMMANDS,
            loop=asyncio.get_running_loop(),
        )
        lost = made.connection_lost

        def connection_lost(error: Exception | None) -> None:
            self._here.discard(made)
            lost(error)

        made.connection_lost = connection_lost
        self._here.add(made)
        return made


def run_listener(app: Flask) -> None:
    """Listen until SIGTERM or Ctrl-C, on INBOUND_HOST and INBOUND_PORT. Raises SystemExit when the port is taken."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="mail: %(message)s")
    # It tells every step of every conversation, addresses among them.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    asyncio.run(_run(app))


async def _run(app: Flask) -> None:
    config = app.config
    listener = Listener(
        app, host=config["INBOUND_HOST"], port=config["INBOUND_PORT"], speaks=config["INBOUND_PROTOCOL"]
    )
    try:
        await listener.start()
    except (OSError, socket.gaierror, OverflowError) as error:
        raise SystemExit(f"Cannot take mail on {listener.host} port {listener.port}: {error}") from None
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    log.info("taking mail by %s on %s port %s", listener.speaks.upper(), listener.host, listener.port)
    await stopping.wait()
    await asyncio.wait_for(listener.stop(), STOP_SECONDS)
