"""Users are reached when they want it, once for each notice, through whatever gateway there is."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import User
from linli.access.testing import Characters, characters
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.notices import actions as notices
from linli.notices.models import Notice, NoticeKind
from linli.outbox import actions, gateways
from linli.outbox.models import Message

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 26, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


class Kept:
    """A gateway that keeps what it is given, and fails when told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.fails = False

    def send(self, phone: str, text: str, reference: str) -> str:
        if self.fails:
            raise gateways.GatewayError("短信网关回答 503")
        self.sent.append((phone, text, reference))
        return f"no-{len(self.sent)}"


@pytest.fixture
def who() -> Characters:
    found = characters()
    for number, user in enumerate((found.worker, found.officer)):
        user.phone = f"1391234801{number}"
        user.save()
    return found


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Kept:
    kept = Kept()
    monkeypatch.setattr(gateways, "configured", lambda: kept)
    return kept


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def tell(user: Any, title: str = "入户核对：王秀英", **more: Any) -> Notice:
    notices.send(user, title, kind=NoticeKind.TODO, **more)
    Notice.objects.update(created_at=NOON)
    return Notice.objects.latest("pk")


def sweep(now: datetime = NOON) -> int:
    actions.gather(now)
    return actions.deliver(now)


def test_nobody_is_reached_without_having_asked(who: Characters, gateway: Kept) -> None:
    tell(who.worker)
    assert sweep() == 0
    actions.choose(acting_user=who.worker, sms="todos")
    assert not Message.objects.exists()


def test_several_matters_make_one_message_that_names_none(who: Characters, gateway: Kept) -> None:
    actions.choose(acting_user=who.worker, sms="todos")
    tell(who.worker)
    tell(who.worker, is_urgent=True)
    notices.send(who.worker, "任务完成")
    tell(who.officer)
    assert sweep() == 1
    assert gateway.sent == [
        ("13912348010", "您有 2 项待办（其中 1 项紧急），请登录邻里查看。", gateway.sent[0][2])
    ]
    assert sweep(NOON + timedelta(minutes=10)) == 0
    tell(who.worker)
    assert sweep(NOON + timedelta(minutes=20)) == 1
    assert Message.objects.filter(state="sent").count() == 2
    assert Event.objects.filter(verb="outbox.choose").count() == 1


def test_what_is_done_meanwhile_is_not_sent(who: Characters, gateway: Kept) -> None:
    actions.choose(acting_user=who.worker, sms="todos")
    notice = tell(who.worker)
    actions.gather(NOON.replace(hour=23))
    assert actions.deliver(NOON.replace(hour=23)) == 0
    notices.settle(notice)
    assert actions.deliver(NOON + timedelta(days=1)) == 0
    assert Message.objects.get().state == "dropped"
    assert not gateway.sent


def test_a_gateway_that_fails_is_asked_again_and_then_given_up(who: Characters, gateway: Kept) -> None:
    actions.choose(acting_user=who.worker, sms="urgent")
    tell(who.worker, is_urgent=True)
    gateway.fails = True
    now = NOON
    for _n in range(6):
        sweep(now)
        now += timedelta(hours=4)
    message = Message.objects.get()
    assert (message.state, message.tries, message.error) == ("given_up", 4, "短信网关回答 503")
    gateway.fails = False
    with pytest.raises(NotPermitted):
        actions.try_again(acting_user=who.officer, message=message)
    actions.try_again(acting_user=who.administrator, message=message)
    assert actions.deliver(now) == 1
    with pytest.raises(RuleError, match="没有发出"):
        actions.try_again(acting_user=who.administrator, message=Message.objects.get())


def test_without_a_gateway_it_waits(who: Characters, settings: Any) -> None:
    settings.LINLI_SMS_URL = ""
    actions.choose(acting_user=who.worker, sms="todos")
    tell(who.worker)
    assert sweep() == 0
    assert Message.objects.get().state == "waiting"


def test_a_process_that_died_while_sending_sends_nothing_twice(who: Characters, gateway: Kept) -> None:
    actions.choose(acting_user=who.worker, sms="todos")
    tell(who.worker)
    actions.gather(NOON)
    Message.objects.update(state="sending", tries=1)
    assert actions.deliver(NOON + timedelta(hours=1)) == 0
    assert Message.objects.get().state == "given_up"
    assert not gateway.sent


def test_a_mobile_number_is_needed(who: Characters) -> None:
    who.worker.phone = "010-69141234"
    who.worker.save()
    with pytest.raises(RuleError, match="不是手机号码"):
        actions.choose(acting_user=who.worker, sms="todos")


class TestPages:
    def client(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_choosing(self, who: Characters, gateway: Kept) -> None:
        client = self.client(who.worker)
        assert "短信提醒" in client.get(reverse("profile")).content.decode()
        page = client.get(reverse("reach")).content.decode()
        assert "13912348010" in page
        assert client.post(reverse("reach"), {"sms": "todos"}).status_code == 302
        assert "有新的待办就发短信" in client.get(reverse("profile")).content.decode()
        refused = self.client(who.neighbour).post(reverse("reach"), {"sms": "urgent"})
        assert "请先在“修改电话”里填手机号码" in refused.content.decode()

    def test_administrators_see_what_left_and_send_again(self, who: Characters, gateway: Kept) -> None:
        actions.choose(acting_user=who.worker, sms="todos")
        tell(who.worker)
        gateway.fails = True
        sweep()
        Message.objects.update(state="given_up")
        client = self.client(who.administrator)
        page = client.get(reverse("outbox")).content.decode()
        assert "短信网关回答 503" in page
        assert "重发" in page
        message = Message.objects.get()
        assert client.post(reverse("outbox_again", args=[message.pk])).status_code == 302
        assert Message.objects.get().state == "waiting"


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    got: list[tuple[dict[str, str], bytes]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), body))
            said = json.loads(body)
            self.send_response(500 if said["text"] == "fail" else 200)
            self.end_headers()
            self.wfile.write(b'{"id": 77}')

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sms", got
    server.shutdown()
    thread.join()


def test_the_webhook_is_signed(
    webhook: tuple[str, list[tuple[dict[str, str], bytes]]], settings: Any
) -> None:
    settings.LINLI_SMS_URL, got = webhook
    settings.LINLI_SMS_KEY = "secret"
    found = gateways.configured()
    assert found is not None
    assert found.send("13912348010", "您有 1 项待办，请登录邻里查看。", "linli-1") == "77"
    headers, body = got[0]
    assert json.loads(body) == {
        "phone": "13912348010",
        "text": "您有 1 项待办，请登录邻里查看。",
        "reference": "linli-1",
    }
    signed = hmac.new(b"secret", headers["X-Linli-Time"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(headers["X-Linli-Signature"], signed)
    with pytest.raises(gateways.GatewayError, match="500"):
        found.send("13912348010", "fail", "linli-2")
    settings.LINLI_SMS_URL = "http://127.0.0.1:9/nothing"
    nobody = gateways.configured()
    assert nobody is not None
    with pytest.raises(gateways.GatewayError, match="连不上"):
        nobody.send("13912348010", "x", "linli-3")
