"""One connection for many messages, whatever the mail server does with it, and no message offered twice."""

import asyncio
import smtplib
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from portal.core.mailer import SmtpMailer
from portal.embedded.ports import free_port


class MoodyServer:
    """Takes mail, and counts connections and offers; ``answers`` are said to the next recipients instead of OK."""

    def __init__(self):
        self.taken, self.offers, self.connections = [], 0, 0
        self.answers, self.drops_after_data, self.most_each = [], False, 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - aiosmtpd's
        self.connections += 1
        session.host_name, session.taken = hostname, 0
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.offers += 1
        if self.drops_after_data:
            server.transport.abort()
            return "250 never heard"
        self.taken.append(envelope.rcpt_tos[0])
        session.taken += 1
        if session.taken == self.most_each:
            asyncio.get_running_loop().call_soon(server.transport.close)  # after this answer, as some servers do
        return "250 OK"


@pytest.fixture
def server():
    moody = MoodyServer()
    moody.port = free_port()
    controller = Controller(moody, hostname="127.0.0.1", port=moody.port)
    controller.start()
    yield moody
    controller.stop()


@pytest.fixture
def mailer(server):
    with SmtpMailer("127.0.0.1", server.port) as made:
        yield made


def message(number):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "noreply@example.be", f"person-{number}@example.be", "Hello"
    made.set_content("Hello")
    return made


def test_many_messages_take_one_connection(server, mailer):
    for number in range(5):
        mailer.send(message(number))
    assert (len(server.taken), server.connections) == (5, 1)


def test_a_connection_that_the_server_ended_between_two_messages_is_replaced_unnoticed(server, mailer):
    server.most_each = 2
    for number in range(5):
        mailer.send(message(number))
    assert server.taken == [f"person-{number}@example.be" for number in range(5)]
    assert (server.offers, server.connections) == (5, 3)


def test_a_recipient_that_is_refused_costs_no_connection(server, mailer):
    mailer.send(message(1))
    server.answers = ["451 Greylisted", "550 No such mailbox"]
    for number in (2, 3):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            mailer.send(message(number))
    mailer.send(message(4))
    assert (len(server.taken), server.connections) == (2, 1)


def test_a_server_that_closes_kept_connections_is_asked_on_a_new_one(server, mailer):
    mailer.send(message(1))
    server.answers = ["421 Closing"]
    mailer.send(message(2))
    assert (len(server.taken), server.connections) == (2, 2)


def test_what_was_offered_is_not_offered_again_when_the_answer_is_lost(server, mailer):
    mailer.send(message(1))
    server.drops_after_data = True
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        mailer.send(message(2))
    assert server.offers == 2
    server.drops_after_data = False
    mailer.send(message(3))
    assert server.taken == ["person-1@example.be", "person-3@example.be"]
