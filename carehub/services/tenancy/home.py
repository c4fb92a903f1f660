"""The public page as blocks in an order: what an owner composes, visitors see."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.errors import Invalid
from carehub.core.verbs import verb
from carehub.models.tenancy import HOME_USUAL, HomeBlock
from carehub.services.tenancy.settings import MANAGE, READ, change_tenant, own_tenant

MOST_BLOCKS = 20


class EmptyText(Invalid):
    key = "Write the text of this block, or remove it"


class BlockTwice(Invalid):
    key = "Only texts stand on the page several times"


class Block(BaseModel):
    """One block. `title` and `text` are a text block's."""

    kind: HomeBlock
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""


class HomeForm(BaseModel):
    blocks: list[Block] = Field(default_factory=list, max_length=MOST_BLOCKS)


@verb(READ)
def read_home(session: Session, actor: Actor) -> HomeForm:
    """The page's blocks in order; the usual ones until an owner chose."""
    kept = own_tenant(session, actor).home
    return HomeForm.model_validate({"blocks": kept or [{"kind": kind} for kind in HOME_USUAL]})


@verb(MANAGE)
def save_home(session: Session, actor: Actor, *, form: HomeForm) -> None:
    """Keep the blocks in this order; what is left out is not shown (DI-140). Raises EmptyText, BlockTwice."""
    single = [block.kind for block in form.blocks if block.kind != HomeBlock.TEXT]
    if len(single) != len(set(single)):
        raise BlockTwice
    if any(not block.text for block in form.blocks if block.kind == HomeBlock.TEXT):
        raise EmptyText
    change_tenant(session, actor, {"home": form.model_dump(mode="json")["blocks"]})
