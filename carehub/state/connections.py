"""/w/<tenant>/settings/integrations: the tenant's own mail server and storage."""

from typing import Any, ClassVar

import reflex as rx

from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.models.connections import ConnectionKind
from carehub.models.hosts import DomainState
from carehub.services.tenancy import connections, hosts, stripe_account
from carehub.services.tenancy.connection_forms import MailForm, StorageForm, StripeForm
from carehub.services.tenancy.connections import ConnectionState
from carehub.services.tenancy.hosts import TROUBLE_LABELS, DomainView, HostForm
from carehub.services.tenancy.settings import MANAGE, READ
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast


class Connections(rx.State):
    """What is connected, and what its last test said."""

    mail: ConnectionState = ConnectionState(ConnectionKind.SMTP)
    files: ConnectionState = ConnectionState(ConnectionKind.S3)
    stripe: ConnectionState = ConnectionState(ConnectionKind.STRIPE)
    trying: str = ""

    @action(READ)
    async def load(self) -> None:
        found = {one.kind: one for one in await call(connections.connection_states)}
        self.mail, self.files = found[ConnectionKind.SMTP], found[ConnectionKind.S3]
        self.stripe = found[ConnectionKind.STRIPE]
        self.trying = ""

    @action(MANAGE)
    async def test(self, kind: str) -> Events | None:
        """Send a message to oneself, or write, read and delete a file."""
        if kind not in list(ConnectionKind):
            return None
        try:
            done = await call(connections.try_connection, kind=ConnectionKind(kind))
        except CareHubError as refusal:
            return [explain(refusal), Connections.load()]
        told = toast("error", N_("It did not work")) if done.trouble else toast("success", N_("It works"))
        return [told, Connections.load()]

    @action(MANAGE)
    async def remove(self, kind: str) -> Events | None:
        if kind not in list(ConnectionKind):
            return None
        try:
            await call(connections.remove_connection, kind=ConnectionKind(kind))
        except CareHubError as refusal:
            return explain(refusal)
        return [toast("success", N_("Removed")), Connections.load(), OwnMail.open(), OwnBucket.open(), OwnStripe.open()]


class OwnHost(FormState, rx.State):
    """The organisation's own address: claimed, proven by its domain, released."""

    model: ClassVar = HostForm
    permission: ClassVar = MANAGE

    domain: DomainView = DomainView()

    async def _read(self) -> HostForm:
        self.domain = await call(hosts.read_domain)
        return HostForm.model_construct(host=self.domain.host)

    async def _write(self, form: Any) -> Events | None:
        self.domain = await call(hosts.claim_domain, form=form)
        return type(self).open

    @action(MANAGE)
    async def look(self) -> Events:
        """Ask the domain now."""
        try:
            self.domain = await call(hosts.check_domain)
        except CareHubError as refusal:
            return explain(refusal)
        if self.domain.state == DomainState.PROVEN and not self.domain.trouble:
            return toast("success", N_("The address is proven and yours"))
        return toast("error", TROUBLE_LABELS[self.domain.trouble])

    @action(MANAGE)
    async def release(self) -> Events:
        try:
            await call(hosts.remove_domain)
        except CareHubError as refusal:
            return explain(refusal)
        return [toast("success", N_("Removed")), type(self).open]


class OwnMail(FormState, rx.State):
    model: ClassVar = MailForm
    permission: ClassVar = MANAGE

    async def _read(self) -> MailForm:
        return await call(connections.read_mail_server)

    async def _write(self, form: Any) -> Events | None:
        await call(connections.save_mail_server, form=form)
        form.secret = ""
        return Connections.load()


class OwnBucket(FormState, rx.State):
    model: ClassVar = StorageForm
    permission: ClassVar = MANAGE

    async def _read(self) -> StorageForm:
        return await call(connections.read_bucket)

    async def _write(self, form: Any) -> Events | None:
        await call(connections.save_bucket, form=form)
        form.secret = ""
        return Connections.load()


class OwnStripe(FormState, rx.State):
    model: ClassVar = StripeForm
    permission: ClassVar = MANAGE

    async def _read(self) -> StripeForm:
        return await call(stripe_account.read_stripe)

    async def _write(self, form: Any) -> Events | None:
        await call(stripe_account.save_stripe, form=form)
        form.test_key = form.test_webhook = form.live_key = form.live_webhook = ""
        return Connections.load()
