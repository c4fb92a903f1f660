"""What a browser's form holds and what the model says about it."""

import datetime as dt

import pytest
from pydantic import BaseModel, EmailStr, Field, ValidationError

from carehub.core.validation import message_of
from carehub.state.form import flatten, nest


class Place(BaseModel):
    city: str = Field(min_length=1)


class Sample(BaseModel):
    email: EmailStr
    days: list[int] = []
    at: dt.time | None = None
    share: int = Field(10, le=100)
    visible: bool = True
    place: Place


def test_a_form_travels_as_text_and_comes_back_the_same() -> None:
    form = Sample(email="a@example.com", days=[1, 4], at=dt.time(9, 30), visible=False, place=Place(city="Lyon"))
    sent = flatten(form)
    assert sent == {
        "email": "a@example.com",
        "days": "1,4",
        "at": "09:30",
        "share": "10",
        "visible": "",
        "place.city": "Lyon",
    }
    del sent["visible"]  # a box without a tick is not sent
    assert Sample.model_validate(nest(Sample, sent)) == form


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "sofia@mail", "An e-mail address is expected, such as name@example.com"),
        ("email", "", "This is needed"),
        ("share", "300", "{le} or less is expected"),
        ("share", "ten", "A whole number is expected"),
        ("at", "25:99", "A time is expected, such as 09:30"),
        ("place.city", "", "This is needed"),
    ],
)
def test_each_mistake_has_words_of_ours(field: str, value: str, message: str) -> None:
    sent = {"email": "a@example.com", "place.city": "Lyon", field: value}
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(nest(Sample, sent))
    (error,) = caught.value.errors()
    assert ".".join(map(str, error["loc"])) == field
    assert message_of(error)[0] == message
