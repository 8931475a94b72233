"""Hosts under real names over TLS on loopback: a throw-away CA, and servers that say exactly what a test tells them."""

from __future__ import annotations

import asyncio
import datetime
import functools
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

AT = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Authority:
    """A certificate authority for one test run."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def server_context(self, *names: str) -> ssl.SSLContext:
        """A TLS context of a server that may call itself ``names``."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(names[0], self.certificate.subject, key.public_key())
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            Path(file.name).write_bytes(
                key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
                + certificate.public_bytes(serialization.Encoding.PEM)
            )
            context.load_cert_chain(file.name)
        return context


@functools.cache
def authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "throw-away CA")])
    certificate = (
        _builder("throw-away CA", name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def _builder(common_name: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )


@dataclass
class Host:
    """A running host: where it listens, and the request heads it has read."""

    name: str
    port: int
    requests: list[str] = field(default_factory=list)

    @property
    def dev_hosts(self) -> dict[str, tuple[str, int]]:
        return {self.name: ("127.0.0.1", self.port)}


@asynccontextmanager
async def raw_host(script: Script, *, name: str = "hostile.test") -> AsyncIterator[Host]:
    """A TLS host that runs ``script`` for every connection after it has read the request head."""
    host = Host(name, 0)
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            host.requests.append(head.decode("latin-1"))
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=authority().server_context(name))
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        for writer in writers:  # no goodbye: a test ends at once, and leaves no connection behind
            writer.transport.abort()
        await asyncio.sleep(0)


def says(status: str, *headers: str, body: bytes = b"") -> Script:
    """A script that sends one whole answer."""

    async def script(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return script


@asynccontextmanager
async def app_host(app: web.Application, *, name: str, also: tuple[str, ...] = ()) -> AsyncIterator[Host]:
    """An aiohttp application under TLS with a real host name, or with several."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=authority().server_context(name, *also))
    await site.start()
    try:
        yield Host(name, runner.addresses[0][1])
    finally:
        await runner.cleanup()
